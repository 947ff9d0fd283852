from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# models whose dates can be counted from, and the states in which they matter
DATED_MODELS = {
    "res.partner": SQL("document.active"),
    "crm.lead": SQL("document.active AND document.won_status = 'pending'"),
    "sale.order": SQL("document.state <> 'cancel'"),
}
HIDDEN_DATES = {"write_date", "message_main_attachment_id", "touch_exempt_until"}
HIDDEN_DATES |= {"calendar_last_notif_ack"}


class PartnerCadence(models.Model):
    """Registry of what a rule can count from.

    An anchor is a code in :meth:`_selection_anchor` and a method
    ``_anchor_<code>(company, today)`` that returns a :class:`~odoo.tools.SQL` SELECT of
    ``partner_id, date, res_model, res_id, activity_type_id``: a row per commercial
    partner and anchor record; ``activity_type_id`` NULL is any. A clock
    (:meth:`_get_clock_anchors`) has one row per partner, without record, or one per
    partner and activity type. The SELECT may read ``touches``
    (:meth:`_select_counted`).

    An addon adds an anchor by extending :meth:`_selection_anchor` with
    ``super()._selection_anchor() + [...]`` and writing that method.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.cadence"

    @api.model
    def _selection_anchor(self):
        """``[(code, label)]`` in the order shown."""
        return [
            ("last_contact", self.env._("Last contact")),
            ("last_order", self.env._("Last order")),
            ("customer_since", self.env._("Customer since")),
            ("first_delivery", self.env._("First delivery, on arrival")),
            ("each_delivery", self.env._("Each delivery, on arrival")),
            ("sample_delivered", self.env._("Free sample delivered")),
            ("serial_age", self.env._("Delivered serials, by product and month")),
            ("serial_replacement", self.env._("End of a product's expected life")),
            ("quotation_sent", self.env._("Quotation sent")),
            ("main_holiday", self.env._("Main holiday of the country")),
            ("date_field", self.env._("A date of contact, lead or order")),
        ]

    @api.model
    def _get_clock_anchors(self):
        """Codes among whose rules the first match wins."""
        return {"last_contact", "last_order", "customer_since"}

    @api.model
    def _selection_date_field(self):
        """``[("model,field", label)]``: the stored dates that can be counted from."""
        return [
            (f"{name},{field.name}", f"{model._description}: {field.string}")
            for name in DATED_MODELS
            for model in [self.env[name]]
            for field in sorted(model._fields.values(), key=lambda one: one.name)
            if field.type in ("date", "datetime")
            and field.store
            and field.column_type
            and not field.company_dependent
            and field.name not in HIDDEN_DATES
        ]

    def _get_anchor_sql(self, company, today):
        """The SELECT of the rule's anchor, or UserError when its addon is gone."""
        self.ensure_one()
        method = getattr(self, f"_anchor_{self.anchor}", None)
        if method is None or self.anchor not in dict(self._selection_anchor()):
            raise UserError(
                self.env._(
                    "Counted From: %(code)s of the rule %(rule)s is not available any "
                    "more, probably because its addon was uninstalled.",
                    code=self.anchor,
                    rule=self.name,
                )
            )
        return method(company, today)

    # ------------------------------------------------------------------
    # Clocks
    # ------------------------------------------------------------------

    def _anchor_last_contact(self, company, today):
        """The last touch per activity type it counts for.

        The engine reads the same with the customers (:meth:`_select_latest`), several
        times quicker, unless an addon extends this.
        """
        touches = self.env["partner.touchpoint.touch"]
        kind_rank = touches._get_asked_rank(SQL("kind.touch_kind"))
        return SQL(
            """SELECT touch.partner_id, MAX(touch.day) AS date,
                      NULL::varchar AS res_model, NULL::int AS res_id,
                      kind.id AS activity_type_id
                 FROM (SELECT partner_id, activity_type_id, rank, MAX(day) AS day
                         FROM touches GROUP BY 1, 2, 3) touch
                 JOIN mail_activity_type kind ON kind.id = ANY(%s) AND (
                      kind.id = touch.activity_type_id
                      OR (touch.rank >= %s AND %s > 0))
             GROUP BY touch.partner_id, kind.id""",
            self._get_rules(company).activity_type_id.ids,
            kind_rank,
            kind_rank,
        )

    @api.model
    def _is_last_contact_ours(self):
        """Whether no addon extends :meth:`_anchor_last_contact`."""
        return type(self)._anchor_last_contact is PartnerCadence._anchor_last_contact

    def _select_counted(self, company, today):
        """Touches with their rank, of the exchanges only the first after a real touch.

        So what a customer writes can stand for a call at most every second time.
        """
        touches = self.env["partner.touchpoint.touch"]
        return SQL(
            """SELECT partner_id, day, kind, rank, activity_type_id, user_id
                 FROM (SELECT ranked.*, CASE WHEN rank > 0 THEN LAG(kind) OVER (
                                  PARTITION BY partner_id, rank > 0
                                  ORDER BY day, kind = 'exchange', id) END AS before
                         FROM (SELECT touch.*, %s AS rank FROM (%s) touch) ranked
                      ) sequence
                WHERE kind <> 'exchange' OR before IS DISTINCT FROM 'exchange'""",
            touches._get_rank(SQL("touch.kind")),
            touches._select_touches(company, today),
        )

    def _anchor_last_order(self, company, today):
        """The day of the last confirmed order."""
        metrics = self.env["partner.scorecard.metric"]
        return SQL(
            """SELECT partner_id, MAX(day) AS date, NULL::varchar AS res_model,
                      NULL::int AS res_id, NULL::int AS activity_type_id
                 FROM (%s) orders GROUP BY 1""",
            metrics._select_orders(company, None, today),
        )

    def _anchor_customer_since(self, company, today):
        """The day of the first confirmed order or posted invoice."""
        metrics = self.env["partner.scorecard.metric"]
        return SQL(
            """SELECT partner_id, MIN(day) AS date, NULL::varchar AS res_model,
                      NULL::int AS res_id, NULL::int AS activity_type_id
                 FROM (SELECT partner_id, day FROM (%s) orders
                       UNION ALL
                       SELECT partner_id, first_invoice FROM (%s) invoices) purchases
             GROUP BY 1""",
            metrics._select_orders(company, None, today),
            self.env["partner.stage"]._select_invoiced(company, today),
        )

    # ------------------------------------------------------------------
    # Quotations and dates
    # ------------------------------------------------------------------

    def _anchor_quotation_sent(self, company, today):
        """Quotations that wait for an answer, from the day they were sent."""
        return SQL(
            """SELECT partner.commercial_partner_id AS partner_id,
                      COALESCE(so.quotation_sent_date, (so.date_order
                          AT TIME ZONE 'UTC' AT TIME ZONE %s)::date) AS date,
                      'sale.order' AS res_model, so.id AS res_id,
                      NULL::int AS activity_type_id
                 FROM sale_order so
                 JOIN res_partner partner ON partner.id = so.partner_id
                WHERE so.state = 'sent' AND so.company_id = %s""",
            company._get_timezone(),
            company.id,
        )

    def _anchor_date_field(self, company, today):
        """The chosen date of each contact, open lead or order that has one."""
        self.ensure_one()
        model_name, field_name = self.date_field.split(",")
        model = self.env[model_name]
        date = SQL.identifier("document", field_name)
        if model._fields[field_name].type == "datetime":
            date = SQL(
                "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)", date, company._get_timezone()
            )
        customer = SQL(
            "document.id" if model_name == "res.partner" else "document.partner_id"
        )
        return SQL(
            """SELECT partner.commercial_partner_id AS partner_id,
                      %(date)s::date AS date, %(model)s AS res_model,
                      document.id AS res_id,
                      NULL::int AS activity_type_id
                 FROM %(table)s document
                 JOIN res_partner partner ON partner.id = %(customer)s
                WHERE %(date)s IS NOT NULL AND %(state)s
                  AND (document.company_id = %(company)s OR document.company_id IS NULL)
            """,
            date=date,
            model=model_name,
            table=SQL.identifier(model._table),
            customer=customer,
            state=DATED_MODELS[model_name],
            company=company.id,
        )

    def _anchor_main_holiday(self, company, today):
        """The next main holiday of each country, for customers without a touch of this
        type in the 12 months before ``today``."""
        return SQL(
            """SELECT partner.id AS partner_id, holiday.date,
                      NULL::varchar AS res_model, NULL::int AS res_id,
                      NULL::int AS activity_type_id
                 FROM res_partner partner
                 JOIN (%s) holiday
                      ON holiday.country_id = COALESCE(partner.country_id, 0)
                WHERE partner.id = partner.commercial_partner_id AND partner.active
                  AND NOT EXISTS (
                      SELECT FROM (%s) touch
                       WHERE touch.partner_id = partner.id
                         AND touch.activity_type_id = %s
                         AND touch.day > (%s::date - INTERVAL '12 months')::date)""",
            self.env["partner.cadence.holiday"]._select_next(today),
            self.env["partner.touchpoint.touch"]._select_activities(company, today),
            self.activity_type_id.id,
            today,
        )
