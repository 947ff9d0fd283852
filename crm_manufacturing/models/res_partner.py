from odoo import api, fields, models

from .partner_stage import STAGES


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_tier_id = fields.Many2one(
        "partner.scorecard.band",
        string="Tier",
        compute="_compute_customer_tier_id",
        search="_search_customer_tier_id",
        compute_sudo=True,
        groups="base.group_user",
        help="Band of the company's customer pyramid, or its override.",
    )
    customer_tier_overridden = fields.Boolean(
        string="Tier Overridden",
        compute="_compute_customer_tier_id",
        compute_sudo=True,
        groups="base.group_user",
    )
    portal_late_hidden = fields.Boolean(
        string="Later Dates by Salesperson Only",
        groups="base.group_user",
        help="The portal shows this customer a later date only once he was told.",
    )
    customer_stage = fields.Selection(
        STAGES,
        compute="_compute_customer_stage",
        search="_search_customer_stage",
        compute_sudo=True,
        groups="base.group_user",
    )
    customer_stage_since = fields.Date(
        string="In Stage Since",
        compute="_compute_customer_stage",
        compute_sudo=True,
        groups="base.group_user",
    )

    delivery_on_time = fields.Float(
        string="On Time (%)",
        compute="_compute_delivery_on_time",
        groups="sales_team.group_sale_salesman",
        help="Share of the due order lines delivered on time, by their first promise.",
    )
    delivery_due_count = fields.Integer(
        string="Deliveries Due",
        compute="_compute_delivery_on_time",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends_context("company")
    def _compute_customer_tier_id(self):
        scores = self.env["partner.score"]
        tiers = scores._get_tiers(self)
        for partner in self:
            score = tiers.get(partner.commercial_partner_id.id, scores)
            partner.customer_tier_id = score.effective_band_id
            partner.customer_tier_overridden = bool(score.override_band_id)

    def _search_customer_tier_id(self, operator, value):
        return self.env["partner.score"]._search_tier(operator, value)

    @api.depends_context("company")
    def _compute_customer_stage(self):
        stages = self.env["partner.stage"]._get_stages(self)
        for partner in self:
            stage, since = stages.get(partner.commercial_partner_id.id, (False, False))
            partner.customer_stage = stage
            partner.customer_stage_since = since

    def _search_customer_stage(self, operator, value):
        return self.env["partner.stage"]._search_stage(operator, value)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_delivery_on_time(self):
        figures = self.env["customer.delivery.report"]._get_figures(self)
        for partner in self:
            share, count = figures.get(partner.commercial_partner_id, (0, 0))
            partner.delivery_on_time = share
            partner.delivery_due_count = count

    def _field_to_sql(self, alias, field_expr, query=None):
        """Tier and stage are sorted and grouped by as if they were columns."""
        if field_expr == "customer_tier_id":
            self._check_field_access(self._fields[field_expr], "read")
            return self.env["partner.score"]._join_tier(alias, query)
        if field_expr in ("customer_stage", "customer_stage_since"):
            self._check_field_access(self._fields[field_expr], "read")
            return self.env["partner.stage"]._join_stage(alias, field_expr, query)
        return super()._field_to_sql(alias, field_expr, query)

    def write(self, vals):
        """A contact that moves takes documents along: both ends are scored again."""
        if not vals.keys() & {"parent_id", "is_company", "active"}:
            return super().write(vals)
        before = self.commercial_partner_id
        result = super().write(vals)
        touched = before | self | self.commercial_partner_id
        self.env["partner.score.dirty"]._mark((partner, False) for partner in touched)
        return result

    def action_override_tier(self):
        """Open the override dialog for the company's pyramid (button)."""
        self.ensure_one()
        company = self.env.company
        return self.env["partner.score.override.wizard"]._get_action(
            self, company.pyramid_scorecard_id, company
        )

    def action_open_scores(self):
        """All current and past scores of the customer (smart button)."""
        self.ensure_one()
        return self.env["partner.score"]._get_partner_action(self)

    def action_open_deliveries(self):
        """The deliveries behind the customer's on-time figure (smart button)."""
        self.ensure_one()
        return self.env["customer.delivery.report"]._get_partner_action(self)
