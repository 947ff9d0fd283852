from odoo import fields, models


class OrderTracePortalMixin(models.AbstractModel):
    """When a company lets its customers see a later date in the portal."""

    _name = "order.trace.portal.mixin"
    _description = "Portal Policy for Late Orders"

    portal_late_policy = fields.Selection(
        [
            ("at_once", "At once"),
            ("after", "After some working days"),
            ("never", "When the salesperson told the customer"),
        ],
        string="Later Date in the Portal",
        default="after",
        groups="base.group_user",
        help="A customer always sees it once his salesperson told him.",
    )
    portal_late_days = fields.Integer(
        string="Working Days Until Then", default=2, groups="base.group_user"
    )

    _portal_late_days_valid = models.Constraint(
        "CHECK (portal_late_days >= 0)", "Working days are not negative."
    )

    def _get_working_weekdays(self):
        """Weekdays (Monday is 0) the company works."""
        return {
            int(day)
            for day in self.resource_calendar_id.attendance_ids.mapped("dayofweek")
        }
