from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_amount


class CustomerCreditRelease(models.Model):
    """Days before goods leave somebody learns of a customer over his credit."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "customer.credit.release"

    @api.model
    def _cron_check_shipping(self):
        """Ask for every company; called by the scheduled action."""
        for company in self.env["res.company"]._get_all():
            self.with_company(company)._check_shipping(company, company._get_today())

    @api.model
    def _check_shipping(self, company, today):
        """An activity per order of which something ships soon and should not.

        It stands on the order, for its salesperson; the delivery itself is never
        refused: the truck is not where credit is discussed.
        """
        orders = self._get_orders_shipping(company, today)
        languages = orders.grouped(lambda order: order._get_credit_watcher().lang)
        for lang, read in languages.items():
            read = read.with_context(lang=lang)
            messages = read._get_shipping_messages(company)
            for order in read.browse(messages):
                if not order._is_credit_released():
                    order._plan_credit_activity(messages[order.id], today)

    @api.model
    def _get_orders_shipping(self, company, today):
        # sudo: the run must not depend on who starts it
        moves = self.env["stock.move"].sudo()
        last = company._get_day_start(today, days=company.credit_check_days + 1)
        due = moves.search(
            Domain("company_id", "=", company.id)
            & Domain("sale_line_id", "!=", False)
            & Domain("picking_code", "=", "outgoing")
            & Domain("state", "not in", ("draft", "done", "cancel"))
            & Domain("date", "<", last)
        )
        return due.sale_line_id.order_id


class SaleOrder(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "sale.order"

    def _get_shipping_messages(self, company):
        """``{order id: sentence}`` by what ships within the days of the check."""
        report = self.env["customer.credit.report"]
        figures = report._get_figures(self.partner_id, company)
        messages = {}
        for order in self:
            partner = order.partner_id.commercial_partner_id.with_company(company)
            row = figures.get(partner.id, report)
            limit = company.account_use_credit_limit and partner.credit_limit
            used = row.receivable + row.now_amount
            late = row.overdue_amount > 0 and row.days_late > company.credit_late_days
            if late or (limit and company.currency_id.compare_amounts(used, limit) > 0):
                messages[order.id] = order.env._(
                    "Ships within %(days)s days. %(customer)s owes %(owed)s, of it "
                    "%(overdue)s overdue for up to %(late)s days; with this shipment "
                    "%(used)s.",
                    days=company.credit_check_days,
                    customer=partner.name,
                    owed=format_amount(self.env, row.receivable, company.currency_id),
                    overdue=format_amount(
                        self.env, row.overdue_amount, company.currency_id
                    ),
                    late=row.days_late,
                    used=format_amount(self.env, used, company.currency_id),
                )
        return messages

    def _plan_credit_activity(self, message, today):
        """One open activity per order, however often the check runs."""
        kind = self.env.ref(
            "crm_manufacturing.activity_type_credit", raise_if_not_found=False
        )
        if not kind or self.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        ):
            return
        self.activity_schedule(
            activity_type_id=kind.id,
            date_deadline=today,
            note=message,
            user_id=self._get_credit_watcher().id,
        )

    def _get_credit_watcher(self):
        """Who of us is told: the salesperson, else his leader, else the customer's."""
        # sudo: whoever causes it need not read users and teams
        order = self.sudo()
        customer = order.partner_id.commercial_partner_id
        known = order.user_id, order.team_id.user_id, customer.user_id
        present = [user for user in known if user and user.active]
        return present[0] if present else self.env.ref("base.user_admin")
