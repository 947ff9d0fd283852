from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MONTHS = [(f"{number:02}", f"{number:02}") for number in range(1, 13)]


class DealerTarget(models.Model):
    """What a dealer should buy of us: in a year or one of its months, all or one
    category with those below it. Amounts are untaxed, in company currency."""

    _name = "dealer.target"
    _description = "Dealer Target"
    _order = "date_start desc, dealer_id, id"
    _rec_name = "dealer_id"

    dealer_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        domain=[("dealer_stage", "!=", False)],
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    categ_id = fields.Many2one(
        "product.category", string="Category", help="Empty: everything."
    )
    year = fields.Integer(
        required=True,
        aggregator=None,
        default=lambda self: self.env.company._get_today().year,
    )
    month = fields.Selection(MONTHS, help="Empty: the whole year.")
    date_start = fields.Date(compute="_compute_dates", store=True, precompute=True)
    date_end = fields.Date(compute="_compute_dates", store=True, precompute=True)
    amount = fields.Monetary(string="Target Amount", required=True)
    achieved_amount = fields.Monetary(
        string="Achieved", compute="_compute_achieved", help="Invoiced, less credited."
    )
    attainment = fields.Float(
        string="Attainment (%)",
        compute="_compute_achieved",
        help="Achieved, of the part of the target whose days have passed.",
    )

    _target_uniq = models.UniqueIndex(
        "(dealer_id, company_id, date_start, date_end, COALESCE(categ_id, 0))",
        "There is a target of this dealer, category and time already.",
    )

    @api.depends("year", "month")
    def _compute_dates(self):
        for target in self:
            if not 2000 <= target.year <= 2100:
                target.date_start = target.date_end = False
                continue
            first = fields.Date.to_date(f"{target.year}-{target.month or '01'}-01")
            months = 1 if target.month else 12
            target.date_start = first
            target.date_end = first + relativedelta(months=months, days=-1)

    @api.constrains("year", "amount")
    def _check_target(self):
        for target in self:
            if not 2000 <= target.year <= 2100:
                raise ValidationError(
                    self.env._("Year: must be between 2000 and 2100.")
                )
            if target.amount <= 0:
                raise ValidationError(self.env._("Target Amount: must be above zero."))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean(vals))

    @api.model
    def _clean(self, vals):
        """The firm, not its contact."""
        if not vals.get("dealer_id"):
            return vals
        dealer = self.env["res.partner"].browse(vals["dealer_id"])
        return {**vals, "dealer_id": dealer.commercial_partner_id.id}

    @api.depends("dealer_id", "categ_id", "date_start", "date_end", "amount")
    def _compute_achieved(self):
        report = self.env["dealer.target.report"]
        figures = report._get_figures(self)
        for target in self:
            achieved, part = figures.get(target._origin.id, (0, 0))
            target.achieved_amount = achieved
            target.attainment = 100 * achieved / part if part else 0

    def _merge_partners(self, sources, destination):
        """Equal targets of both are one: the destination's stays, and its log has the
        other."""

        def key(target):
            return (
                target.company_id,
                target.date_start,
                target.date_end,
                target.categ_id,
            )

        taken = {key(t) for t in self.search([("dealer_id", "=", destination.id)])}
        for target in self.search([("dealer_id", "in", sources.ids)]):
            if key(target) in taken:
                # sudo: who merges firms need not write their logs
                destination.sudo()._message_log(body=target._say_merged())
                target.unlink()
            else:
                taken.add(key(target))

    def _say_merged(self):
        return self.env._(
            "Merged: the target of %(dealer)s for %(period)s, %(amount)s, gave way to "
            "the one here.",
            dealer=self.dealer_id.name,
            period=" ".join(
                filter(None, (str(self.year), self.month, self.categ_id.name))
            ),
            amount=self.currency_id.format(self.amount),
        )
