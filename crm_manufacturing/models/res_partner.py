from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .partner_stage import STAGES

# what moves documents to another customer, or touches to other people and days
MARKING_FIELDS = {"parent_id", "is_company", "active", "user_id", "deputy_user_id"}
MARKING_FIELDS |= {"senior_user_id", "touch_exempt", "touch_exempt_until"}
MARKING_FIELDS |= {"contract_end_date", "dealer_manager_id", "dealer_review_date"}
MARKING_FIELDS |= {"dealer_stage"}


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
        compute="_compute_customer_tier_id",
        search="_search_customer_stage",
        compute_sudo=True,
        groups="base.group_user",
    )
    customer_stage_since = fields.Date(
        string="In Stage Since",
        compute="_compute_customer_tier_id",
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

    deputy_user_id = fields.Many2one(
        "res.users",
        string="Deputy",
        company_dependent=True,
        domain=[("share", "=", False)],
        groups="base.group_user",
        help="Who looks after the customer when the salesperson cannot.",
    )
    senior_user_id = fields.Many2one(
        "res.users",
        string="Senior Colleague",
        company_dependent=True,
        domain=[("share", "=", False)],
        groups="base.group_user",
        help="Who makes the senior visits.",
    )
    transit_days = fields.Integer(
        groups="base.group_user",
        help="From shipping to arrival. 0: what the country says.",
    )
    touch_exempt = fields.Boolean(
        string="Do Not Contact",
        groups="base.group_user",
        help="No calls and visits are planned.",
    )
    touch_exempt_until = fields.Date(
        string="Until", groups="base.group_user", help="Last day. Empty: for good."
    )
    touch_exempt_reason = fields.Char(string="Reason", groups="base.group_user")
    contract_end_date = fields.Date(
        string="Contract Until",
        groups="base.group_user",
        help="End of the framework or dealer contract. A cadence rule reminds of it.",
    )
    next_touchpoint_id = fields.Many2one(
        "partner.touchpoint", compute="_compute_touches", groups="base.group_user"
    )
    next_touch_date = fields.Date(
        string="Next Touch", compute="_compute_touches", groups="base.group_user"
    )
    last_touch_date = fields.Date(
        string="Last Touch", compute="_compute_touches", groups="base.group_user"
    )

    touch_history = fields.Html(
        string="Last Touches",
        compute="_compute_touch_history",
        groups="base.group_user",
        help="Green: on time; yellow: late; red: skipped.",
    )

    @api.depends_context("company", "uid", "lang")
    def _compute_touch_history(self):
        for partner in self:
            partner.touch_history = self.env["partner.touchpoint"]._get_history(partner)

    @api.depends_context("company", "uid")
    def _compute_touches(self):
        touches = self.env["partner.touchpoint"]._get_touches(self)
        for partner in self:
            point, last = touches.get(partner.commercial_partner_id.id, (False, False))
            partner.next_touchpoint_id = point
            partner.next_touch_date = point and point.due_date
            partner.last_touch_date = last

    @api.constrains("touch_exempt", "touch_exempt_reason")
    def _check_touch_exempt(self):
        for partner in self:
            if partner.touch_exempt and not (partner.touch_exempt_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "Reason: say why %s is not to be contacted.", partner.name
                    )
                )

    @api.constrains("transit_days")
    def _check_transit_days(self):
        if any(not 0 <= partner.transit_days <= 365 for partner in self):
            raise ValidationError(
                self.env._("Transit Days: must be between 0 and 365 days.")
            )

    touch_count = fields.Integer(
        string="Touches (12 Months)",
        compute="_compute_relationship",
        groups="sales_team.group_sale_salesman",
        help="Calls and visits of the last 12 months that reached the customer.",
    )
    touch_shares = fields.Char(
        string="Touched By",
        compute="_compute_relationship",
        groups="sales_team.group_sale_salesman",
        help="Who of us made them.",
    )
    decider_met = fields.Boolean(
        string="Decision Maker Met",
        compute="_compute_relationship",
        groups="sales_team.group_sale_salesman",
        help="In the last 12 months.",
    )
    one_person_risk = fields.Boolean(
        string="Depends on One of Us",
        compute="_compute_relationship",
        search="_search_one_person_risk",
        groups="sales_team.group_sale_salesman",
        help="A customer of the two best tiers without deputy, or met by at most one "
        "of us in the last 12 months.",
    )

    @api.depends_context("company")
    def _compute_relationship(self):
        figures = self.env["crm.visit"]._get_relationships(self)
        for partner in self:
            found = figures.get(partner.commercial_partner_id.id, {})
            partner.touch_count = found.get("touches", 0)
            partner.touch_shares = ", ".join(
                f"{share['name']} {share['percent']} %"
                for share in found.get("shares", ())
            )
            partner.decider_met = found.get("met_decider", False)
            partner.one_person_risk = found.get("one_colleague") or found.get(
                "no_deputy"
            )

    def _search_one_person_risk(self, operator, value):
        self._check_field_access(self._fields["one_person_risk"], "read")
        return self.env["crm.visit"]._search_one_person_risk(operator, value)

    @api.depends_context("company")
    def _compute_customer_tier_id(self):
        standings = self.env["partner.stage"]._get_standings(self)
        nowhere = (False,) * 4
        for partner in self:
            tier, overridden, stage, since = standings.get(partner._origin.id, nowhere)
            partner.customer_tier_id = tier
            partner.customer_tier_overridden = overridden
            partner.customer_stage = stage
            partner.customer_stage_since = since

    @api.model
    def _invalidate_tiers(self):
        """The fields that show a current score are read anew."""
        self.invalidate_model(["customer_tier_id", "customer_tier_overridden"])

    def _search_customer_tier_id(self, operator, value):
        self._check_field_access(self._fields["customer_tier_id"], "read")
        return self.env["partner.score"]._search_tier(operator, value)

    def _search_customer_stage(self, operator, value):
        self._check_field_access(self._fields["customer_stage"], "read")
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
        if field_expr in ("customer_tier_id", "customer_tier_overridden"):
            self._check_field_access(self._fields[field_expr], "read")
            overridden = field_expr == "customer_tier_overridden"
            return self.env["partner.score"]._join_tier(self, alias, query, overridden)
        if field_expr in ("customer_stage", "customer_stage_since"):
            self._check_field_access(self._fields[field_expr], "read")
            return self.env["partner.stage"]._join_stage(self, alias, field_expr, query)
        return super()._field_to_sql(alias, field_expr, query)

    def write(self, vals):
        """A contact that moves takes documents along: both ends are scored again."""
        if not vals.keys() & MARKING_FIELDS:
            return super().write(vals)
        before = self.commercial_partner_id
        result = super().write(vals)
        touched = before | self | self.commercial_partner_id
        self.env["partner.score"]._resume_overrides(touched)
        self.env["partner.score.dirty"]._mark((partner, False) for partner in touched)
        return result

    def action_open_touchpoints(self):
        """What is due with the customer, and what was (smart button)."""
        self.ensure_one()
        return self.env["partner.touchpoint"]._get_partner_action(self)

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

    def action_open_visits(self):
        """Calls and visits of the customer (smart button)."""
        self.ensure_one()
        return self.env["crm.visit"]._get_partner_action(self)

    def action_log_call(self):
        """The quick-log dialog (button)."""
        return self.env["crm.visit.quick.log"]._get_action(self)

    def action_plan_trip(self):
        """Visits of one day with the customers selected (button)."""
        return self.env["crm.visit.trip"]._get_action(self)
