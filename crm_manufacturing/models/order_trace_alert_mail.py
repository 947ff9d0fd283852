from odoo import api, models


class OrderTraceAlert(models.Model):
    """What the customer is told of his late lines, and that he was told."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace.alert"

    @api.model
    def _get_mail_alerts(self, partner):
        """Open alerts of a customer that their reader may see, oldest promise first."""
        alerts = self.search(
            [
                ("closed_on", "=", False),
                ("company_id", "in", self.env.companies.ids),
                (
                    "sale_line_id.order_id.partner_id",
                    "child_of",
                    partner.commercial_partner_id.id,
                ),
            ]
        )
        return alerts.sorted(lambda alert: (alert.promised_day, alert.id))

    def _leave_told(self):
        """What the customer was not told yet; all of it, when he knows everything."""
        return self.filtered(lambda alert: alert._is_untold()) or self

    def _is_untold(self):
        return self.sale_line_id.customer_to_inform

    @api.model
    def _get_mail_rows(self, partner):
        """Dicts ``{order, reference, product, quantity, promised, expected,
        is_earliest}`` for the mail template; names in the language of the mail."""
        # sudo: who may see the alert may name the order in a mail to its customer
        alerts = self._get_mail_alerts(partner).sudo()._leave_told()
        return [
            {
                "order": line.order_id.name,
                "reference": line.order_id.client_order_ref,
                "product": line.product_id.with_context(
                    display_default_code=False
                ).display_name,
                "quantity": line.product_uom_qty,
                "promised": alert.promised_day,
                "expected": alert.expected_day,
                "is_earliest": alert._is_earliest(),
            }
            for alert in alerts
            for line in alert.sale_line_id
        ]

    @api.model
    def _get_mail_recipients(self, partner):
        """Ids, separated by commas, of who ordered what is late; else the customer."""
        # sudo: as above
        alerts = self._get_mail_alerts(partner).sudo()._leave_told()
        buyers = alerts.sale_line_id.order_id.partner_id
        return ",".join(str(buyer.id) for buyer in buyers or partner)

    @api.model
    def _note_told(self, activities):
        """Who marks the activity done has told the customer all that it lists."""
        kind = self.env.ref("crm_manufacturing.mail_activity_late_delivery", False)
        told = activities.filtered(lambda activity: activity.activity_type_id == kind)
        if told:
            # sudo: the customer's salesperson may not be the order's
            alerts = self.sudo().search([("activity_id", "in", told.ids)])
            alerts.sale_line_id._mark_customer_informed()

    @api.model
    def _finish_activities(self, lines):
        """The activities all of whose lines' customers were told are done; the others
        list what is left to tell."""
        # sudo: a manager may tell the customer in place of the salesperson
        alerts = self.sudo().search(
            [("sale_line_id", "in", lines.ids), ("closed_on", "=", False)]
        )
        activities = alerts.activity_id.filtered("active")
        listed = self.sudo().search([("activity_id", "in", activities.ids)])
        for activity, some in listed.grouped("activity_id").items():
            left = some.filtered(lambda alert: alert._is_untold())
            if not left:
                activity._action_done()
            elif left != some:
                (some - left).activity_id = False
                activity.note = left._get_note(activity.user_id)
