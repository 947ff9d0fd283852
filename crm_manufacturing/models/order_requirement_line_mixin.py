from odoo import api, fields, models


class OrderRequirementLineMixin(models.AbstractModel):
    """What the customer wants of this line: configured attributes and free words.

    The words of the order hold for all its lines and stand before those of the line.
    """

    _name = "order.requirement.line.mixin"
    _description = "Line with Customer Requirements"

    customer_requirement = fields.Text(
        groups="base.group_user",
        help="What the customer wants of this product beyond its attributes. The "
        "product category says how far it travels: manufacturing orders, their "
        "components, notes of purchases.",
    )

    def _has_requirement(self):
        self.ensure_one()
        return bool(
            self.customer_requirement
            or self.order_id.customer_requirement
            or self._get_requirement_values()
            or self.product_custom_attribute_value_ids
        )

    def _get_requirement_values(self):
        """The attribute values chosen for this line; the fixed ones are no choice."""
        chosen = self.product_id.product_template_attribute_value_ids
        return (chosen | self.product_no_variant_attribute_value_ids).filtered(
            lambda value: value.attribute_line_id.value_count > 1
        )

    def _lets_requirement_reach(self, depth):
        return self.product_id.categ_id._lets_requirement_reach(depth)

    def _get_requirement_attributes(self):
        """One line per attribute chosen: ``Voltage: 380 V``."""
        variant = self.product_id.product_template_attribute_value_ids
        chosen = (variant & self._get_requirement_values()).sorted()
        words = [value.display_name for value in chosen]
        rest = self._get_sale_order_line_multiline_description_variants().strip()
        return words + (rest.splitlines() if rest else [])

    def _get_requirement_text(self, with_customer=False):
        """The text of these lines, once per order; several orders are named."""
        # sudo: who makes or buys reads what is wanted, not the order itself
        orders = self.sudo().grouped("order_id")
        texts = []
        for order, lines in orders.items():
            text = lines._get_requirement_of_order(order)
            names = [order.name] if len(orders) > 1 else []
            if with_customer:
                names.append(order.partner_id.commercial_partner_id.name)
            texts.append(f"{', '.join(names)}: {text}" if names and text else text)
        return "\n".join(text for text in texts if text)

    def _get_requirement_of_order(self, order):
        words = [order.customer_requirement]
        for line in self:
            words += [*line._get_requirement_attributes(), line.customer_requirement]
        return "\n".join(dict.fromkeys(word.strip() for word in words if word))

    @api.model
    def _get_requirement_fields(self):
        """Fields whose change changes the requirement of a line."""
        return {
            "customer_requirement",
            "product_custom_attribute_value_ids",
            "product_no_variant_attribute_value_ids",
        }

    def _follow_requirement(self, changed):
        """What serves the lines after a change of these fields."""
        if changed & self._get_requirement_fields():
            self.env["order.requirement"]._change(self)
        elif "product_uom_qty" in changed:
            self.env["order.requirement"]._spread(self)

    def action_requirement(self):
        """The small form of a line: the words, and where its serials are."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.order_requirement_line_action"
        )
        return {**action, "res_id": self.id}
