from odoo import api, fields, models
from odoo.exceptions import ValidationError


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

    @api.constrains("material_plan_contact_id")
    def _check_material_plan_contact_id(self):
        for partner in self:
            contact = partner.material_plan_contact_id
            if contact and not contact._is_contact_of(partner):
                raise ValidationError(
                    self.env._(
                        "Material Plans To: %(contact)s is no contact of %(supplier)s.",
                        contact=contact.display_name,
                        supplier=partner.display_name,
                    )
                )

    def _is_contact_of(self, partner):
        """Whether it is the partner himself or below him."""
        above = self
        while above and above != partner:
            above = above.parent_id
        return bool(above)
