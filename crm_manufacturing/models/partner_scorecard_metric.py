from odoo import api, models
from odoo.exceptions import UserError


class PartnerScorecardMetric(models.AbstractModel):
    """Registry of what can be measured about a customer, a dealer or a supplier.

    A metric is a code in :meth:`_selection_metric` and three methods:

    ``_metric_<code>(company, date_from, date_to)``
        returns a :class:`~odoo.tools.SQL` SELECT of ``partner_id, value, evidence``:
        one row per commercial partner that has documents, in company currency, both
        days included. ``evidence`` counts the documents behind the value.
    ``_metric_<code>_silence()``
        what a partner without a row is worth: 0 for totals, None for ratios, which
        then have no grade and lend their weight to the other criteria.
    ``_metric_<code>_action(partner, company, date_from, date_to)``
        the window action that lists exactly the documents counted.

    An addon adds a metric by extending :meth:`_selection_metric` with
    ``super()._selection_metric() + [...]`` and writing those three methods.
    """

    _name = "partner.scorecard.metric"
    _description = "Scorecard Metric"

    @api.model
    def _selection_metric(self):
        """``[(code, label)]`` in the order shown."""
        return []

    @api.model
    def _lower_is_better(self):
        """Codes whose smaller value is the better one, where no target says so."""
        return set()

    @api.model
    def _confidential(self):
        """Codes that only managers and price approvers may read (cost, margin)."""
        return set()

    @api.model
    def _get_units(self):
        """``{code: unit}``: ``money`` (company currency), ``ratio`` (0.25 is 25 %),
        ``days`` or ``number``. A metric not named here is a plain number."""
        return {}

    @api.model
    def _get_label(self, code):
        return dict(self._selection_metric()).get(code, code)

    @api.model
    def _get_sql(self, code, company, date_from, date_to):
        """The SELECT of one metric, or UserError when its addon is gone."""
        method = getattr(self, f"_metric_{code}", None)
        if method is None or code not in dict(self._selection_metric()):
            raise UserError(
                self.env._(
                    "Metric: %(code)s is not available any more, probably because its "
                    "addon was uninstalled. Choose another metric for the criterion.",
                    code=code,
                )
            )
        return method(company, date_from, date_to)

    @api.model
    def _get_facts(self, codes, company, date_from, date_to):
        """``{name: SELECT}`` that several of these metrics read; extension point.

        A card's statement computes each once, before the metrics.
        """
        return {}

    @api.model
    def _get_sql_of_facts(self, code, facts, company, date_from, date_to):
        """Like :meth:`_get_sql`; reads the ``facts``, names, where the metric can."""
        return self._get_sql(code, company, date_from, date_to)

    @api.model
    def _get_silence(self, code):
        """0 or None: what a partner without documents is worth."""
        return getattr(self, f"_metric_{code}_silence")()

    @api.model
    def _get_action(self, code, partner, company, date_from, date_to):
        """The window action with the documents behind one value."""
        self._get_sql(code, company, date_from, date_to)
        method = getattr(self, f"_metric_{code}_action")
        return method(partner, company, date_from, date_to)
