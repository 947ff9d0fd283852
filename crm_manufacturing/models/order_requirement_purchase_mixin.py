from odoo import models

from .order_requirement import PURCHASES


class OrderRequirementPurchaseMixin(models.AbstractModel):
    """A purchase line whose description tells the vendor what is wanted.

    Until the order is confirmed: what a vendor accepted is not rewritten.
    """

    _name = "order.requirement.purchase.mixin"
    _inherit = "order.requirement.demand.mixin"
    _description = "Purchase Line with Customer Requirements"

    def _takes_requirement(self):
        return super()._takes_requirement() and self.state in ("draft", "sent")

    def _is_reached_by(self, line):
        return line._lets_requirement_reach(PURCHASES)

    def _prepare_requirement(self, lines):
        """The words stand below the description and replace the earlier ones."""
        named = lines.filtered(
            lambda line: line.product_id.categ_id._names_customer_to_vendors()
        )
        text = "\n".join(
            part
            for part in (
                (lines - named)._get_requirement_text(),
                named._get_requirement_text(with_customer=True),
            )
            if part
        )
        name = self.name or ""
        if self.customer_requirement:
            name = name.replace(self.customer_requirement, "").rstrip()
        return {
            "customer_requirement": text or False,
            "name": f"{name}\n{text}" if text else name,
        }
