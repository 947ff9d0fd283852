from odoo import api, fields, models

CARD = "supplier_scorecard_id"
READERS = (
    "purchase.group_purchase_user,account.group_account_readonly,"
    "account.group_account_invoice,crm_manufacturing.group_supplier_room"
)
FIGURES = (
    "supplier_tier_id",
    "supplier_tier_overridden",
    "supplier_tier_alarm",
    "supplier_otif",
    "supplier_otif_lines",
)


class ResPartner(models.Model):
    """A supplier's grade, virtual like the customer's tier."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    supplier_tier_id = fields.Many2one(
        "partner.scorecard.band",
        string="Supplier Rating",
        compute="_compute_supplier_tier_id",
        search="_search_supplier_tier_id",
        compute_sudo=True,
        groups="base.group_user",
        help="Band of the company's supplier scorecard, or its override.",
    )
    supplier_tier_overridden = fields.Boolean(
        string="Supplier Rating Overridden",
        compute="_compute_supplier_tier_id",
        compute_sudo=True,
        groups="base.group_user",
    )
    supplier_tier_alarm = fields.Selection(
        [("warn", "Think twice"), ("block", "Blocked")],
        string="Alarm",
        compute="_compute_supplier_tier_id",
        compute_sudo=True,
        groups="base.group_user",
    )

    supplier_otif = fields.Float(
        string="OTIF",
        compute="_compute_supplier_tier_id",
        compute_sudo=True,
        groups=READERS,
        help="Share of the due lines that came on the first promised day and in full, "
        "in percent, as of the last update of the supplier's figures.",
    )
    supplier_otif_lines = fields.Integer(
        string="Rated Lines",
        compute="_compute_supplier_tier_id",
        compute_sudo=True,
        groups=READERS,
    )

    @api.depends_context("company")
    def _compute_supplier_tier_id(self):
        scores = self.env["partner.score"]
        resting = self.env["partner.scorecard"]._get_resting_roles()
        rated = self.browse() if "supplier" in resting else self
        tiers = scores._get_current(rated, CARD, also=["detail"])
        alarms = self.env.company._get_supplier_alarms() if tiers else {}
        for partner in self:
            score = tiers.get(partner.commercial_partner_id.id, scores)
            partner.supplier_tier_id = score.effective_band_id
            partner.supplier_tier_overridden = bool(score.override_band_id)
            partner.supplier_tier_alarm = alarms.get(score.effective_band_id.id)
            otif = (score.detail or {}).get("supplier_otif", {})
            partner.supplier_otif = 100 * (otif.get("value") or 0)
            partner.supplier_otif_lines = otif.get("evidence")

    def _search_supplier_tier_id(self, operator, value):
        self._check_field_access(self._fields["supplier_tier_id"], "read")
        return self.env["partner.score"]._search_tier(operator, value, CARD)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "supplier_tier_id":
            self._check_field_access(self._fields[field_expr], "read")
            return self.env["partner.score"]._join_tier(
                self, alias, query, card_field=CARD
            )
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _invalidate_tiers(self):
        result = super()._invalidate_tiers()
        self.invalidate_model(FIGURES)
        return result

    def action_open_supplier_receipts(self):
        """The lines the supplier's OTIF is computed from (smart button)."""
        self.ensure_one()
        company = self.env.company
        card = company.supplier_scorecard_id
        # sudo: the period of the card, for whoever may read the lines
        period = card.sudo()._get_period(company._get_today())
        metrics = self.env["partner.scorecard.metric"]
        return metrics._get_action("supplier_otif", self, company, *period)
