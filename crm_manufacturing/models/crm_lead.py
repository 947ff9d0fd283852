from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    customer_tier_id = fields.Many2one(
        related="partner_id.customer_tier_id", string="Tier", groups="base.group_user"
    )
    customer_requirement = fields.Text(
        groups="base.group_user",
        help="What the customer wants beyond the product. New quotations take it, and "
        "with the order it reaches the shop floor.",
    )

    def _prepare_opportunity_quotation_context(self):
        return {
            **super()._prepare_opportunity_quotation_context(),
            "default_customer_requirement": self.customer_requirement,
        }

    def _merge_get_fields_specific(self):
        """Merged leads keep what each customer said."""
        return {
            **super()._merge_get_fields_specific(),
            "customer_requirement": lambda _name, leads: "\n".join(
                filter(None, leads.mapped("customer_requirement"))
            ),
        }

    visit_count = fields.Integer(
        compute="_compute_visit_count", groups="sales_team.group_sale_salesman"
    )

    def _compute_visit_count(self):
        counts = self.env["crm.visit"]._count_by_lead(self)
        for lead in self:
            lead.visit_count = counts.get(lead.id, 0)

    def action_open_visits(self):
        """Calls and visits about this lead (smart button)."""
        self.ensure_one()
        return self.env["crm.visit"]._get_lead_action(self)

    def action_log_call(self):
        """The quick-log dialog (button)."""
        return self.env["crm.visit.quick.log"]._get_action(self.partner_id, self)
