from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

OVERRIDE_GROUP = "crm_manufacturing.group_supplier_override"
ASKING_FIELDS = {"partner_id", "state", "supplier_override_reason"}
ASKED_STATES = ("draft", "sent", "to approve", "purchase")


class PurchaseOrder(models.Model):
    """A badly rated vendor is named when he is chosen, and refused where the company
    says so.

    The scheduler may propose a purchase from a blocked vendor, as a sale must not fail
    for it; nobody can send or confirm it without a reason.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "purchase.order"

    supplier_alarm = fields.Selection(
        [("warn", "Think twice"), ("block", "Blocked")],
        compute="_compute_supplier_alarm",
        compute_sudo=True,
        groups="base.group_user",
    )
    supplier_override_reason = fields.Char(
        string="Reason to Order All the Same",
        copy=False,
        tracking=True,
        groups="base.group_user",
    )
    supplier_override_uid = fields.Many2one(
        "res.users",
        string="Allowed By",
        copy=False,
        readonly=True,
        groups="base.group_user",
    )

    @api.depends("partner_id", "company_id")
    def _compute_supplier_alarm(self):
        for company, orders in self.grouped("company_id").items():
            for order in orders:
                partner = order.partner_id.with_company(company)
                order.supplier_alarm = partner.supplier_tier_alarm

    @api.model
    def _has_field_access(self, field, operation):
        if (
            operation == "write"
            and field.name == "supplier_override_uid"
            and not self.env.su
        ):
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        reasoned = orders.filtered("supplier_override_reason")
        if reasoned:
            reasoned._note_override()
        if not self.env.su:
            orders._check_supplier_block()
        return orders

    def write(self, vals):
        if "partner_id" not in vals:
            before = {}
        else:
            before = {order: order.partner_id.commercial_partner_id for order in self}
        result = super().write(vals)
        if "supplier_override_reason" in vals:
            self._note_override()
        else:
            self._forget_override(before)
        if vals.keys() & ASKING_FIELDS and not (self.env.su and "state" not in vals):
            self._check_supplier_block()
        return result

    def _confirmation_error_message(self):
        return super()._confirmation_error_message() or self._get_supplier_block()

    def _note_override(self):
        """Keep who allowed it; only who has the right may."""
        if not self.env.su and not self.env.user.has_group(OVERRIDE_GROUP):
            raise AccessError(
                self.env._(
                    "Reason to Order All the Same: you may not order from blocked "
                    "suppliers."
                )
            )
        # sudo: the name is written by nobody but this check
        for order in self.sudo():
            reason = (order.supplier_override_reason or "").strip()
            order.supplier_override_uid = reason and self.env.uid

    def _forget_override(self, before):
        """What was allowed for one vendor is not allowed for another."""
        for order, vendor in before.items():
            if order.partner_id.commercial_partner_id != vendor:
                # sudo: a buyer takes back what he could not give
                order.sudo().supplier_override_reason = False

    def _check_supplier_block(self):
        for order in self:
            message = order._get_supplier_block()
            if message:
                raise UserError(message)

    def _get_supplier_block(self):
        """The sentence that refuses the order, or False."""
        if (
            self.state not in ASKED_STATES
            or self.sudo().supplier_alarm != "block"
            or self.sudo().supplier_override_uid
        ):
            return False
        return self.env._(
            "Vendor: %(vendor)s is rated %(band)s, and %(company)s orders nothing from "
            "suppliers rated so. These may order all the same, with a reason: "
            "%(people)s.",
            vendor=self.partner_id.display_name,
            band=self.sudo()
            .partner_id.with_company(self.company_id)
            .supplier_tier_id.display_name,
            company=self.company_id.display_name,
            people=", ".join(self._get_who_may_override()) or "-",
        )

    def _get_who_may_override(self):
        """Names of those whom a buyer can turn to."""
        # sudo: the names of colleagues
        users = self.env.ref(OVERRIDE_GROUP).sudo().all_user_ids
        return users.filtered(lambda user: self.company_id in user.company_ids).mapped(
            "name"
        )
