from odoo import api, fields, models

TOUCH_KINDS = [
    ("courtesy", "Courtesy"),
    ("exchange", "Exchange of Messages"),
    ("call", "Call"),
    ("visit", "Visit"),
    ("review", "Audit or Review"),
    ("senior", "Senior Visit"),
]


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    touch_kind = fields.Selection(
        TOUCH_KINDS,
        string="Counts As",
        compute="_compute_touch_kind",
        store=True,
        readonly=False,
        groups="base.group_user",
        help="What a customer gets when an activity of this type is done. A senior "
        "visit also counts as a visit and as a call, an audit or a visit as a call; "
        "an audit, a courtesy and an empty value are only asked for by rules of this "
        "very type. An exchange counts as a call, at most every second time, and needs "
        "a feedback.",
    )

    @api.depends("category")
    def _compute_touch_kind(self):
        """Calls and meetings of the host, unless somebody chose."""
        kinds = {"phonecall": "call", "meeting": "visit"}
        for activity_type in self:
            activity_type.touch_kind = activity_type.touch_kind or kinds.get(
                activity_type.category
            )
