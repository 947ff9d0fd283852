from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DealerMonthExclusion(models.Model):
    """A month in which we failed a dealer: his target leaves it out, on both sides."""

    _name = "dealer.month.exclusion"
    _description = "Month Left Out of a Dealer's Target"
    _order = "period desc, id desc"
    _rec_name = "dealer_id"

    dealer_id = fields.Many2one("res.partner", required=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    period = fields.Date(
        string="Month", required=True, help="Any day of the month; the first is kept."
    )
    reason = fields.Char(required=True, help="How we failed him.")

    _month_uniq = models.Constraint(
        "UNIQUE(dealer_id, company_id, period)", "This month is left out already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not (vals.get("reason") or "").strip():
                raise ValidationError(
                    self.env._("Reason: say how we failed the dealer.")
                )
        return super().create([self._clean(vals) for vals in vals_list])

    @api.model
    def _clean(self, vals):
        """The firm instead of its contact, and the first day of the month."""
        names = ("dealer_id", "period")
        vals = {**self.default_get(names), **vals}
        if vals.get("dealer_id"):
            dealer = self.env["res.partner"].browse(vals["dealer_id"])
            vals["dealer_id"] = dealer.commercial_partner_id.id
        if vals.get("period"):
            vals["period"] = fields.Date.to_date(vals["period"]).replace(day=1)
        return vals

    def _merge_partners(self, sources, destination):
        """A month is left out once, for the reasons of both."""
        ours = self.search([("dealer_id", "=", destination.id)])
        taken = {(month.company_id, month.period): month for month in ours}
        for month in self.search([("dealer_id", "in", sources.ids)]):
            kept = taken.setdefault((month.company_id, month.period), month)
            if kept != month:
                kept.reason = f"{kept.reason}; {month.reason}"
                month.unlink()
