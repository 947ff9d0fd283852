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
