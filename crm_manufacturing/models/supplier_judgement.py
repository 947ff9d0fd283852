from odoo import api, fields, models
from odoo.exceptions import UserError


class SupplierJudgement(models.Model):
    """What a person thinks of a supplier: who, when, how many points and why.

    It is no measurement, and every screen that shows it says so. Rows are added and
    never changed; the newest of the period counts.
    """

    _name = "supplier.judgement"
    _description = "Judgement of a Supplier"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("supplier_rank", ">", 0)],
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    date = fields.Date(
        required=True,
        readonly=True,
        default=lambda self: self.env.company._get_today(),
    )
    points = fields.Float(required=True, aggregator="avg", help="0 (bad) to 100.")
    reason = fields.Text(required=True, help="What the judgement rests on.")

    _points_valid = models.Constraint(
        "CHECK (points >= 0 AND points <= 100)", "Points: from 0 to 100."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """In the name of who judges, today; for the commercial partner."""
        partners = self.env["res.partner"]
        for vals in vals_list:
            if not self.env.su:
                company = self.env["res.company"].browse(vals.get("company_id"))
                company = company or self.env.company
                vals.update(user_id=self.env.uid, date=company._get_today())
            partner = partners.browse(vals.get("partner_id"))
            vals["partner_id"] = partner.commercial_partner_id.id
        judgements = super().create(vals_list)
        judgements._mark_suppliers()
        return judgements

    def _mark_suppliers(self):
        pairs = {(row.partner_id, row.company_id) for row in self}
        self.env["partner.score.dirty"]._mark(pairs)

    def write(self, vals):
        if not self.env.su or vals.keys() - {"partner_id"}:
            raise UserError(self.env._("Judgements are not changed. Add a new one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Judgements are not deleted. Add a new one."))
