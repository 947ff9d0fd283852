from odoo import api, fields, models
from odoo.tools import SQL


class DeliveryPromisePurchaseMixin(models.AbstractModel):
    """What a vendor promises us.

    Before his first confirmation the line's date is our wish. An order confirmed
    without it is held to that wish, and the source says so.
    """

    _name = "delivery.promise.purchase.mixin"
    _inherit = "delivery.promise.mixin"
    _description = "Delivery Promised by a Vendor"

    promise_source = fields.Selection(
        [
            ("vendor", "Confirmed by vendor"),
            ("assumed", "Assumed, vendor did not confirm"),
        ],
        copy=False,
        readonly=True,
        groups="base.group_user",
    )
    wished_date = fields.Datetime(
        string="Our Wish",
        compute="_compute_wished_date",
        groups="base.group_user",
        help="The date we ask for, until the vendor promises one.",
    )

    @api.depends("date_planned", "promised_date")
    def _compute_wished_date(self):
        for line in self:
            line.wished_date = not line.promised_date and line.date_planned

    def _is_promised(self):
        return bool(self.product_id) and not self.display_type

    def _get_host_date(self):
        return self.date_planned

    def _get_change_link(self):
        return {"purchase_line_id": self.id}

    def _freeze_vendor_promise(self, reason=False):
        """The vendor confirms the dates the lines now have.

        :param reason: why they moved, where they were promised before
        """
        self._freeze_promise(promise_source="vendor")
        self.env["delivery.promise.change"]._explain(self, reason)
        promised = self.filtered(lambda line: line._is_promised())
        # sudo: the source is written by nobody but this engine
        promised.sudo().promise_source = "vendor"

    def _estimate_open_promises(self):
        """Freeze what was open before promises were recorded, at its present date."""
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """UPDATE purchase_order_line line
                      SET first_promised_date = line.date_planned,
                          promised_date = line.date_planned,
                          promise_slip_base = line.date_planned,
                          promise_source = 'assumed', promise_estimated = TRUE
                     FROM purchase_order purchase
                    WHERE purchase.id = line.order_id AND purchase.state = 'purchase'
                      AND line.display_type IS NULL AND line.product_id IS NOT NULL
                      AND line.first_promised_date IS NULL
                      AND COALESCE(line.qty_received, 0) < line.product_qty
                RETURNING line.id"""
            )
        )
        self.env["purchase.order.line"].invalidate_model()


class DeliveryPromisePurchaseOrderMixin(models.AbstractModel):
    """A purchase order: knows when its vendor confirms."""

    _name = "delivery.promise.purchase.order.mixin"
    _inherit = "delivery.promise.order.mixin"
    _description = "Purchase Order with Promised Lines"

    _promise_date_paths = ("order_line.date_planned",)

    promise_notice = fields.Char(
        string="Promise",
        compute="_compute_promise_notice",
        groups="base.group_user",
        help="Whether the vendor confirmed the dates we hold him to.",
    )

    @api.depends("state", "order_line.promised_date", "order_line.promise_source")
    def _compute_promise_notice(self):
        for order in self:
            goods = order.order_line.filtered(lambda line: line._is_promised())
            is_open = bool(goods) and order.state != "cancel"
            order.promise_notice = is_open and order._write_promise_notice(goods)

    def _write_promise_notice(self, lines):
        if not all(lines.mapped("promised_date")):
            return self.env._(
                "None yet: the date is our wish until the vendor confirms."
            )
        if "assumed" in lines.mapped("promise_source"):
            return self.env._(
                "Assumed: the vendor did not confirm, he is held to our wish."
            )
        return self.env._("Confirmed by the vendor.")

    def _get_held_dates(self):
        return {
            line._origin: line.date_planned for line in self.order_line if line._origin
        }
