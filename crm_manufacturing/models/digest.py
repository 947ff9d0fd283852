from odoo import fields, models
from odoo.exceptions import AccessError

# touchpoints of the period
KPIS = {
    "kpi_touches_due": [("state", "in", ["due", "overdue"])],
    "kpi_touches_on_time": [("on_time", "=", True)],
}
# customers as of now, whatever the period: what is long overdue fell due before it
STANDING_KPIS = {
    "kpi_overdue_best": [("state", "=", "overdue"), ("band_id.place", "=", 1)],
    "kpi_nobody": [("is_open", "=", True), ("user_id", "=", False)],
}
# which list a figure opens: everybody's, not only the reader's own
OPENED = {
    "kpi_touches_due": "due",
    "kpi_touches_on_time": "compliance",
    "kpi_overdue_best": "overdue_best",
    "kpi_nobody": "unassigned",
}


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    kpi_touches_due = fields.Boolean("Touches Due")
    kpi_touches_due_value = fields.Integer(compute="_compute_kpi_touches_due_value")
    kpi_touches_on_time = fields.Boolean("Touches Done on Time")
    kpi_touches_on_time_value = fields.Integer(
        compute="_compute_kpi_touches_on_time_value"
    )
    kpi_overdue_best = fields.Boolean("Overdue Best Customers")
    kpi_overdue_best_value = fields.Integer(compute="_compute_kpi_overdue_best_value")
    kpi_nobody = fields.Boolean("Customers Nobody Looks After")
    kpi_nobody_value = fields.Integer(compute="_compute_kpi_nobody_value")

    def _compute_kpi_touches_due_value(self):
        self._compute_touch_kpi("kpi_touches_due", "due_date")

    def _compute_kpi_touches_on_time_value(self):
        self._compute_touch_kpi("kpi_touches_on_time", "done_date")

    def _compute_kpi_overdue_best_value(self):
        self._compute_standing_kpi("kpi_overdue_best")

    def _compute_kpi_nobody_value(self):
        self._compute_standing_kpi("kpi_nobody")

    def _compute_standing_kpi(self, name):
        """Each customer once."""
        self._check_touch_kpi()
        found = dict(
            self.env["partner.touchpoint"]._read_group(
                STANDING_KPIS[name], ["company_id"], ["partner_id:count_distinct"]
            )
        )
        for digest in self:
            company = digest.company_id or self.env.company
            digest[f"{name}_value"] = found.get(company, 0)

    def _check_touch_kpi(self):
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Touches are for salespeople."))

    def _compute_touch_kpi(self, name, date_field):
        self._check_touch_kpi()
        self._calculate_company_based_kpi(
            "partner.touchpoint",
            f"{name}_value",
            date_field=date_field,
            additional_domain=KPIS[name],
        )

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("crm.crm_menu_root").id
        return actions | {
            kpi: f"crm_manufacturing.partner_touchpoint_{name}_action?menu_id={menu}"
            for kpi, name in OPENED.items()
        }
