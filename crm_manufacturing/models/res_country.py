from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCountry(models.Model):
    _inherit = "res.country"

    transit_days = fields.Integer(
        groups="base.group_user",
        help="From shipping to arrival, unless the contact says otherwise. At home a "
        "delivery arrives the day it is shipped.",
    )
    video_counts_as_visit = fields.Boolean(
        string="Video Counts as Visit",
        groups="base.group_user",
        help="A video meeting with a customer of this country is a visit; otherwise it "
        "is a call.",
    )

    @api.constrains("transit_days")
    def _check_transit_days(self):
        if any(not 0 <= country.transit_days <= 365 for country in self):
            raise ValidationError(
                self.env._("Transit Days: must be between 0 and 365 days.")
            )
