from odoo import api, fields, models


class SupplierMirrorPrint(models.TransientModel):
    """The page to hand to a supplier once a year, with our own side if we wish."""

    _name = "supplier.mirror.print"
    _description = "Print the Mirror Card"

    partner_id = fields.Many2one("res.partner", string="Supplier", required=True)
    with_our_side = fields.Boolean(
        help="Also how we paid and ordered. The supplier will read it.",
    )
    mirror = fields.Json(compute="_compute_mirror", export_string_translation=False)
    own_figures = fields.Json(
        compute="_compute_own_figures", export_string_translation=False
    )

    @api.depends("partner_id", "with_our_side")
    @api.depends_context("lang", "company")
    def _compute_mirror(self):
        for wizard in self:
            mirror = self.env["supplier.mirror"].get_mirror(wizard.partner_id.id)
            if mirror and not wizard.with_our_side:
                del mirror["ours"]
            if mirror:
                for name in ("date_from", "date_to"):
                    mirror[name] = fields.Date.to_string(mirror[name])
            wizard.mirror = mirror

    @api.depends("mirror")
    @api.depends_context("lang")
    def _compute_own_figures(self):
        for wizard in self:
            ours = (wizard.mirror or {}).get("ours")
            wizard.own_figures = ours and wizard._get_own_figures(ours)

    def _get_own_figures(self, ours):
        """``[{label, value, unit}]`` in the order printed."""
        days, percent = self.env._("days"), "%"
        rows = [
            (self.env._("Average days to pay"), ours["days_to_pay"], days),
            (self.env._("Paid within 30 days"), ours["paces"]["30"], percent),
            (self.env._("Paid in 31 to 60 days"), ours["paces"]["60"], percent),
            (
                self.env._("Paid after more than 60 days"),
                ours["paces"]["more"],
                percent,
            ),
            (self.env._("Not paid within terms"), ours["late_share"], percent),
            (self.env._("Changes after confirmation"), ours["changes"], ""),
            (self.env._("Ordered at short notice"), ours["rushed"], percent),
            (self.env._("Sent unclear"), ours["unclear"], percent),
        ]
        return [{"label": label, "value": v, "unit": unit} for label, v, unit in rows]

    def action_print(self):
        """The PDF, in the supplier's language."""
        return self.env.ref(
            "crm_manufacturing.action_report_supplier_mirror"
        ).report_action(self)
