from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..tools.day import get_day


class DeliveryPromiseSaleMixin(models.AbstractModel):
    """What we promise a customer, and what he asked for."""

    _name = "delivery.promise.sale.mixin"
    _inherit = "delivery.promise.mixin"
    _description = "Delivery Promised to a Customer"

    customer_requested_date = fields.Date(
        string="Requested by Customer",
        copy=False,
        groups="base.group_user",
        help="The day the customer asked for; the promise is measured against it too.",
    )

    def _is_promised(self):
        return self.product_id.type == "consu" and not self._is_delivery()

    def _get_host_date(self):
        order = self.order_id
        if order.commitment_date:
            return order.commitment_date
        if order.picking_policy == "one":
            return order.expected_date
        return self._expected_date()

    def _get_change_link(self):
        return {"sale_line_id": self.id}

    def _estimate_open_promises(self):
        """Freeze what was open before promises were recorded, at its present date.

        One statement over all companies; lines delivered in full have no promise.
        """
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """UPDATE sale_order_line line
                     SET first_promised_date = host.date, promised_date = host.date,
                         promise_slip_base = host.date, promise_estimated = TRUE
                    FROM (SELECT line.id, COALESCE(sale.commitment_date, sale.date_order
                                 + line.customer_lead * INTERVAL '1 day') AS date
                            FROM sale_order_line line
                            JOIN sale_order sale ON sale.id = line.order_id
                            JOIN product_product product ON product.id = line.product_id
                            JOIN product_template template
                                 ON template.id = product.product_tmpl_id
                           WHERE sale.state = 'sale' AND template.type = 'consu'
                             AND line.display_type IS NULL
                             AND line.first_promised_date IS NULL
                             AND COALESCE(line.qty_delivered, 0) < line.product_uom_qty
                         ) host
                   WHERE line.id = host.id
               RETURNING line.id"""
            )
        )
        self.env["sale.order.line"].invalidate_model()


class DeliveryPromiseSaleOrderMixin(models.AbstractModel):
    """A sales order: says what it promises when nobody enters a date."""

    _name = "delivery.promise.sale.order.mixin"
    _inherit = "delivery.promise.order.mixin"
    _description = "Sales Order with Promised Lines"

    _promise_date_paths = ("commitment_date",)

    promise_notice = fields.Char(
        compute="_compute_promise_notice",
        groups="base.group_user",
        help="Which date is held against us when nobody entered one.",
    )

    @api.depends(
        "commitment_date", "state", "order_line.customer_lead", "order_line.product_id"
    )
    def _compute_promise_notice(self):
        for order in self:
            days = order._get_days_without_commitment()
            order.promise_notice = bool(days) and order._write_promise_notice(*days)

    def _get_days_without_commitment(self):
        """First and last day the lines are held to, as the company writes days."""
        if self.commitment_date or self.state not in ("draft", "sent", "sale"):
            return False
        lines = self.order_line.filtered(lambda line: line._is_promised())
        dates = [date for line in lines if (date := line._get_host_date())]
        zone = self.company_id._get_timezone()
        return dates and [
            format_date(self.env, get_day(date, zone))
            for date in (min(dates), max(dates))
        ]

    def _write_promise_notice(self, first, last):
        if first != last:
            first = self.env._("%(first)s to %(last)s", first=first, last=last)
        if self.state == "sale":
            return self.env._("No delivery date entered: we are held to %s.", first)
        return self.env._(
            "Without a delivery date, %s is what we will be held to.", first
        )

    def _get_held_dates(self):
        return {order._origin: order.commitment_date for order in self}
