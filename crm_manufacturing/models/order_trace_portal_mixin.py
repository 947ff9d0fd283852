from odoo import fields, models


class OrderTracePortalMixin(models.AbstractModel):
    """When a company lets its customers see a later date, and worries itself."""

    _name = "order.trace.portal.mixin"
    _description = "Policy for Late Orders"

    portal_late_policy = fields.Selection(
        [
            ("at_once", "At once"),
            ("after", "After some working days"),
            ("never", "Never, until the salesperson told the customer"),
        ],
        string="Later Date in the Portal",
        default="after",
        groups="base.group_user",
        help="A customer always sees it once his salesperson told him.",
    )
    portal_late_days = fields.Integer(
        string="Working Days Until Then", default=2, groups="base.group_user"
    )

    order_risk_days = fields.Integer(
        string="At Risk From (days before promise)",
        default=7,
        groups="base.group_user",
        help="An order that waits is at risk from this many days before its promise.",
    )

    _portal_late_days_valid = models.Constraint(
        "CHECK (portal_late_days BETWEEN 0 AND 365)",
        "Working Days Until Then: must be 0 to 365.",
    )
    _order_risk_days_valid = models.Constraint(
        "CHECK (order_risk_days BETWEEN 0 AND 365)",
        "At Risk From: must be 0 to 365 days.",
    )

    def _get_working_weekdays(self):
        """Weekdays (Monday is 0) the company works."""
        return {
            int(day)
            for day in self.resource_calendar_id.attendance_ids.mapped("dayofweek")
        }
