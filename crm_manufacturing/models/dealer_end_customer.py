from odoo import api, fields, models

READERS = "base.group_user"
# registered deals that say who the end customer is
TRUSTED_STATES = ("approved", "won")


class SaleOrder(models.Model):
    """A dealer's order says, line by line, for whom he buys."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "sale.order"

    def write(self, vals):
        if not vals.keys() & {"opportunity_id", "partner_id"}:
            return super().write(vals)
        before = self._get_end_customers()
        result = super().write(vals)
        self._refresh_end_customers(before)
        return result

    def _get_end_customers(self):
        """``{order: end customer}`` of those whose opportunity knows him."""
        return {order: order._get_end_customer() for order in self}

    def _get_end_customer(self):
        """For whom a dealer buys, by the opportunity; empty where no dealer buys."""
        # sudo: the opportunity may be a colleague's
        lead = self.sudo().opportunity_id
        if not lead:
            return self.env["res.partner"]
        firm = self.sudo().partner_id.commercial_partner_id
        if firm.dealer_stage in (False, "candidate"):
            return self.env["res.partner"]
        return lead._get_end_customer(firm).with_env(self.env)

    def _refresh_end_customers(self, before):
        """Lines without end customer, or with the former, have the one known now.

        What a person entered stays, and nothing known is forgotten.
        """
        for order, end in self._get_end_customers().items():
            former = before.get(order, end.browse())
            if end and end != former:
                order.order_line._take_end_customer(end, former)


class SaleOrderLine(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "sale.order.line"

    end_partner_id = fields.Many2one(
        "res.partner",
        string="End Customer",
        index="btree_not_null",
        copy=False,
        groups=READERS,
        help="For whom a dealer buys: from the registered deal or the opportunity, "
        "from what he reports as sold, or entered.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        for order, own in lines.grouped("order_id").items():
            end = order._get_end_customer()
            if end:
                own._take_end_customer(end, end.browse())
        return lines

    def write(self, vals):
        if "end_partner_id" not in vals:
            return super().write(vals)
        # sudo: who writes the line hands the end customer on, whatever he reads
        before = {line: line.end_partner_id for line in self.sudo()}
        result = super().write(vals)
        self.env["stock.lot"]._follow_lines(before)
        return result

    def _take_end_customer(self, end, former):
        # sudo: the portal confirms and changes lines without rights on dealers' fields
        lines = self.sudo().filtered(
            lambda line: (
                not line.display_type
                and line.end_partner_id in (former, end.browse())
                and line.end_partner_id != end
            )
        )
        if lines:
            lines.write({"end_partner_id": end.id})


class CrmLead(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "crm.lead"

    def write(self, vals):
        if "partner_id" not in vals:
            return super().write(vals)
        # sudo: the orders may be a colleague's
        orders = self.sudo().order_ids
        before = orders._get_end_customers()
        result = super().write(vals)
        orders._refresh_end_customers(before)
        return result

    def _get_end_customer(self, dealer):
        """The end customer of what ``dealer`` buys for this opportunity."""
        deals = self.dealer_registration_ids.filtered(
            lambda deal: deal.state in TRUSTED_STATES and deal.end_partner_id
        )
        end = deals[:1].end_partner_id or self.partner_id
        firm = end.commercial_partner_id
        return firm if firm != dealer else firm.browse()


class DealerRegistration(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "dealer.registration"

    def write(self, vals):
        if not vals.keys() & {"end_partner_id", "lead_id", "state"}:
            return super().write(vals)
        # sudo: the orders may be a colleague's
        before = self.sudo().lead_id.order_ids._get_end_customers()
        result = super().write(vals)
        self.sudo().lead_id.order_ids._refresh_end_customers(before)
        return result
