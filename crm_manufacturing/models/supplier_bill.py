from odoo import fields, models


class AccountMove(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "account.move"

    supplier_dispute_reason = fields.Char(
        string="Disputed Because",
        copy=False,
        tracking=True,
        groups="base.group_user",
        help="A bill we dispute is left out of our payment record, with this reason.",
    )
