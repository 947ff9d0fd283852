from odoo import fields, models


class OrderRequirementDemandMixin(models.AbstractModel):
    """A document that carries what the customers of its order lines want."""

    _name = "order.requirement.demand.mixin"
    _description = "Document with Customer Requirements"

    requirement_line_ids = fields.Many2many(
        "sale.order.line",
        string="Lines with Requirements",
        copy=False,
        readonly=True,
        groups="base.group_user",
    )
    customer_requirement = fields.Text(
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="What the customers want of this: the attributes they chose and their "
        "words on the sales order. Several orders are named.",
    )

    def _takes_requirement(self):
        """Open and made for an order; what a reordering rule asks for serves nobody."""
        self.ensure_one()
        return not self.orderpoint_id

    def _is_reached_by(self, line):
        """Whether the line's category lets its requirement come here."""
        raise NotImplementedError

    def _prepare_requirement(self, lines):
        return {"customer_requirement": lines._get_requirement_text() or False}

    def _take_requirement(self, lines, asked):
        """Carry these lines, of those asked about; whether the text changed.

        Lines of the asked that say nothing any more leave.
        """
        kept = (self.requirement_line_ids | lines) - asked
        lines = kept | lines.filtered(lambda line: line._has_requirement())
        if lines != self.requirement_line_ids:
            self.requirement_line_ids = lines
        values = self._prepare_requirement(lines)
        if values["customer_requirement"] == self.customer_requirement:
            return False
        self.write(values)
        return True
