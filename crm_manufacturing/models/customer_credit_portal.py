from odoo import models


class SaleOrder(models.Model):
    """What a customer over his credit signs or pays in part in the portal.

    It is kept, and the order waits for us: an error would take back the signature, and
    leave the payment without its entry.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "sale.order"

    def _validate_order(self):
        if self.env.user.share and self._get_credit_stop():
            return self._tell_credit_stop()
        return super()._validate_order()

    def _tell_credit_stop(self):
        """Somebody of ours learns of it, once per order."""
        # sudo: a customer of the portal may not plan activities
        for order in self.sudo():
            message = order._get_credit_message()
            today = order.company_id._get_today()
            order._plan_credit_activity(message, today)


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        stopped = self.filtered(lambda one: one._get_stopped_order())
        for transaction in stopped:
            transaction._get_stopped_order()._tell_credit_stop()
        return super(
            PaymentTransaction, self - stopped
        )._check_amount_and_confirm_order()

    def _get_stopped_order(self):
        """The order this would confirm, were its customer not over his credit."""
        orders = self.sale_order_ids
        return orders.filtered(
            lambda order: (
                len(orders) == 1
                and order.state in ("draft", "sent")
                and order._is_confirmation_amount_reached()
                and order._get_credit_stop()
            )
        )
