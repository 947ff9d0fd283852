from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from .partner_scorecard_pyramid import ALL_CUSTOMERS
from .partner_stage import STAGES

# Where a customer of a stage goes on to; further along counts as well.
FORWARD = {
    "suspect": ("prospect", "new", "active"),
    "prospect": ("new", "active"),
    "new": ("active",),
    "active": ("dormant", "lost"),
    "dormant": ("lost",),
}
BACK = {"dormant": ("new", "active"), "lost": ("new", "active")}


class PartnerScorecard(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.scorecard"

    @api.model
    @api.readonly
    def get_pyramid(self, card_id=False):
        """Beside the pyramid stands the ladder of the stages."""
        ladder = self.env["partner.stage"]._get_ladder(self.env.company)
        return super().get_pyramid(card_id) | {"ladder": ladder}


class PartnerStage(models.Model):
    _inherit = "partner.stage"

    @api.model
    def get_stage_action(self, stage):
        """The contacts in a stage of the ladder: as many as it counts for this user."""
        self.check_access("read")
        names = dict(self._fields["stage"]._description_selection(self.env))
        domain = Domain("customer_stage", "=", stage) & (
            Domain("parent_id", "=", False) | Domain("is_company", "=", True)
        )
        if not self.env.user.has_group(ALL_CUSTOMERS):
            domain &= Domain("user_id", "=", self.env.uid)
        return {
            "type": "ir.actions.act_window",
            "name": names[stage],
            "res_model": "res.partner",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": list(domain),
        }

    @api.model
    def _get_ladder(self, company):
        """``[{stage, name, count, went, won_back}]``, from target to lost.

        ``went`` is ``{of, count, rate}``: of all stays in the stage that lasted into
        the last 12 months, how many ended in a later one; ``won_back`` the same for
        dormant and lost customers who buy again. Rates are percent; of nobody there
        is none.
        """
        counts = dict(
            self._read_group(
                [("company_id", "=", company.id), ("is_current", "=", True)],
                ["stage"],
                ["__count"],
            )
        )
        passages = self._get_passages(company)
        names = dict(self._fields["stage"]._description_selection(self.env))
        return [
            {
                "stage": stage,
                "name": names[stage],
                "count": counts.get(stage, 0),
                "went": self._get_rate(passages, stage, FORWARD),
                "won_back": self._get_rate(passages, stage, BACK),
            }
            for stage, _name in STAGES
        ]

    @api.model
    def _get_passages(self, company):
        """``{(stage, next stage or False): stays of the last 12 months}``."""
        start = company._get_today() - relativedelta(months=12)
        groups = self.env["partner.stage.passage"]._read_group(
            [
                ("company_id", "=", company.id),
                "|",
                ("left_date", "=", False),
                ("left_date", ">", start),
            ],
            ["stage", "next_stage"],
            ["__count"],
        )
        return {(stage, after): count for stage, after, count in groups}

    @api.model
    def _get_rate(self, passages, stage, directions):
        """Of those who were in ``stage``, who went where ``directions`` say."""
        if stage not in directions:
            return None
        of = sum(count for (left, _to), count in passages.items() if left == stage)
        went = sum(passages.get((stage, to), 0) for to in directions[stage])
        return {"of": of, "count": went, "rate": 100 * went / of if of else None}
