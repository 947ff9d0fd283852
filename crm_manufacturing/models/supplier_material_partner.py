from odoo import fields, models


class ResPartner(models.Model):
    """Who gets a supplier's material plans."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    material_plan_contact_id = fields.Many2one(
        "res.partner",
        string="Material Plans To",
        domain="['|', ('id', '=', id), ('id', 'child_of', id)]",
        index="btree_not_null",
        groups="purchase.group_purchase_user",
        help="The contact who gets this supplier's material plans, in his language. "
        "Empty: the supplier's own address.",
    )
