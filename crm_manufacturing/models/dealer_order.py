from odoo import models

OPEN_STATES = ("draft", "sent")


class SaleOrder(models.Model):
    """An order has the dealer of its opportunity, or of the place it goes to."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _name = "sale.order"
    _inherit = ["sale.order", "dealer.assignment.mixin"]

    def _get_dealer_triggers(self):
        triggers = super()._get_dealer_triggers()
        return triggers | {"partner_shipping_id", "order_line", "opportunity_id"}

    def _get_dealer_clues(self):
        place = self.partner_shipping_id or self.partner_id
        return self.partner_id, place.country_id, place.state_id

    def _get_dealer_categories(self):
        return self.order_line.product_id.categ_id

    def _may_take_dealer(self):
        return self.state in OPEN_STATES and super()._may_take_dealer()

    def _find_dealer(self, territories):
        # sudo: the opportunity may be a colleague's
        lead = self.sudo().opportunity_id
        if not lead.dealer_id:
            return super()._find_dealer(territories)
        return self._prepare_found(
            lead.dealer_id.with_env(self.env),
            lead.dealer_territory_id.with_env(self.env),
            "opportunity",
            lead.dealer_reason,
        )
