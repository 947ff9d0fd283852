from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common import TODAY, lose_zones
from .common_cadence import CadenceCase


def days_ago(days):
    return TODAY - timedelta(days=days)


@tagged("post_install", "-at_install")
class TestCadenceEvent(CadenceCase):
    """Deliveries, serials, quotations and dates, each with its own touchpoint."""

    def _due(self):
        return sorted(self._open().mapped("due_date"))

    # arrival

    def test_a_delivery_counts_from_the_day_it_is_shipped_at_home(self):
        self.company.country_id = self.env.ref("base.tw")
        self.customer.country_id = self.env.ref("base.tw")
        self.customer.country_id.transit_days = 9
        self._rule("each_delivery", offset_number=3)
        self._deliver(self.customer, days_ago(1))
        self._plan()
        self.assertEqual(self._due(), [TODAY + timedelta(days=2)])

    def test_transit_days_are_the_partners_else_the_countrys(self):
        self.customer.country_id = self.env.ref("base.eg")
        self.customer.country_id.transit_days = 30
        rule = self._rule("each_delivery", offset_number=3)
        picking = self._deliver(self.customer, days_ago(1))
        self._plan()
        self.assertEqual(self._due(), [TODAY + timedelta(days=32)])
        self.customer.transit_days = 10
        self._plan()
        self.assertEqual(self._due(), [TODAY + timedelta(days=12)])
        picking.arrival_date = days_ago(0)
        self._plan()
        self.assertEqual(self._due(), [TODAY + timedelta(days=3)])
        self.assertEqual(self._open().res_id, picking.id)
        self.assertEqual(self._points(rule=rule), self._open())

    def test_an_arrival_entered_after_the_call_does_not_repeat_it(self):
        self._rule("each_delivery", offset_number=3)
        picking = self._deliver(self.customer, days_ago(4))
        self._plan()
        self._touch(self.customer, TODAY)
        self._plan()
        picking.arrival_date = TODAY
        self._plan()
        self.assertFalse(self._open())

    def test_deliveries_within_14_days_are_one(self):
        self._rule("each_delivery", offset_number=100)
        for days in (30, 20, 16, 15, 0):
            self._deliver(self.customer, days_ago(days))
        self._plan()
        self.assertEqual(
            self._due(), [date(2026, 6, 9), date(2026, 6, 24), date(2026, 7, 9)]
        )

    def test_the_first_delivery_asks_for_a_call_and_a_visit(self):
        self._rule("first_delivery", offset_number=3)
        self._rule("first_delivery", offset_number=30, activity_type=self.visit)
        self._deliver(self.customer, days_ago(60))
        self._plan(days_ago(60))
        self._deliver(self.customer, days_ago(1))
        self._plan()
        self.assertEqual(self._due(), [days_ago(57), days_ago(30)])
        self.assertEqual(set(self._open().mapped("state")), {"overdue"})

    def test_the_visit_in_time_also_stands_for_the_call(self):
        self._rule("first_delivery", offset_number=3)
        self._rule("first_delivery", offset_number=30, activity_type=self.visit)
        self._deliver(self.customer, days_ago(10))
        self._plan()
        self._touch(self.customer, days_ago(8), self.visit)
        self._plan()
        call = self._points(state="done")
        self.assertEqual(call.activity_type_id, self.call)
        self.assertEqual((call.done_date, call.on_time), (days_ago(8), True))
        # four weeks early the visit is not yet the one after a month
        self.assertEqual(self._open().activity_type_id, self.visit)

    def test_a_touch_before_the_rule_looked_is_on_record(self):
        self._rule("each_delivery", offset_number=3)
        self._deliver(self.customer, days_ago(10))
        self._touch(self.customer, days_ago(7))
        self._plan()
        self.assertFalse(self._open())
        self.assertTrue(self._points(state="done").on_time)

    def test_a_delivery_of_more_than_a_year_ago_is_not_brought_up(self):
        self._rule("each_delivery", offset_number=3)
        self._deliver(self.customer, days_ago(400))
        self._plan()
        self.assertFalse(self._points())

    def test_a_free_sample_delivered(self):
        self._rule("sample_delivered", offset_number=7)
        order = self._order(self.customer, days_ago(5), amount=0.0)
        picking = order.picking_ids or self._deliver(
            self.customer, days_ago(2), sale_id=order.id
        )
        if picking.state != "done":
            picking.move_ids.write({"quantity": 1, "picked": True})
            picking.button_validate()
            picking.date_done = f"{days_ago(2)} 12:00:00"
        self._deliver(self.customer, days_ago(2))
        self._plan()
        self.assertEqual(self._due(), [TODAY + timedelta(days=5)])

    # serials

    def _deliver_serials(self, day, count, product):
        lots = self.env["stock.lot"].create(
            [{"name": f"{day}-{n}", "product_id": product.id} for n in range(count)]
        )
        picking_type = self.env["stock.picking.type"].search(
            [("code", "=", "outgoing"), ("company_id", "=", self.company.id)], limit=1
        )
        source = picking_type.default_location_src_id
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(
                product, source, 1, lot_id=lot
            )
        picking = self.env["stock.picking"].create(
            {
                "partner_id": self.customer.id,
                "picking_type_id": picking_type.id,
                "location_id": source.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": count,
                            "location_id": source.id,
                            "location_dest_id": self.env.ref(
                                "stock.stock_location_customers"
                            ).id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        picking.move_ids.picked = True
        picking.button_validate()
        picking.date_done = f"{day} 12:00:00"
        return lots

    def _serial_product(self, **values):
        return self.env["product.product"].create(
            {
                "name": "HVLS",
                "is_storable": True,
                "tracking": "serial",
                **values,
            }
        )

    def test_serials_are_one_touchpoint_per_product_and_month(self):
        self._rule("serial_age", days=180, repeat_years=5)
        product = self._serial_product()
        self._deliver_serials(date(2026, 1, 10), 30, product)
        self._deliver_serials(date(2026, 1, 20), 5, product)
        self._deliver_serials(date(2026, 2, 1), 2, product)
        self._deliver_serials(date(2026, 1, 12), 1, self._serial_product())
        self._plan()
        self.assertEqual(
            self._due(),
            [
                date(2026, 1, 10) + timedelta(days=180),
                date(2026, 1, 12) + timedelta(days=180),
                date(2026, 2, 1) + timedelta(days=180),
            ],
        )

    def test_care_ends_after_its_years(self):
        self._rule("serial_age", days=180, repeat_years=5)
        self._deliver_serials(date(2021, 4, 10), 1, self._serial_product())
        self._plan(date(2026, 3, 25))
        for number in (9, 10):
            due = date(2021, 4, 10) + timedelta(days=180 * number)
            self.assertEqual(self._due(), [due])
            self._touch(self.customer, due)
            self._plan(due)
        # the eleventh would be more than five years after
        self.assertFalse(self._open())

    def test_replacement_is_due_before_the_expected_life_ends(self):
        self._rule("serial_replacement", offset_number=-6, offset_type="months")
        product = self._serial_product(expected_life_months=60)
        self._deliver_serials(date(2021, 10, 31), 1, product)
        self._deliver_serials(date(2021, 10, 31), 1, self._serial_product())
        self._plan()
        self.assertEqual(self._due(), [date(2026, 4, 30)])

    # quotations and dates

    def test_a_quotation_sent_is_followed_up_until_it_is_answered(self):
        self._rule("quotation_sent", offset_number=3)
        order = self._order(self.customer, days_ago(30))
        quotation = order.copy()
        quotation.action_quotation_sent()
        quotation.quotation_sent_date = days_ago(4)
        self._plan()
        point = self._open()
        self.assertEqual((point.due_date, point.res_id), (days_ago(1), quotation.id))
        quotation.action_confirm()
        self._plan()
        self.assertEqual((point.state, point.skip_reason), ("skipped", "overtaken"))

    def test_what_is_sent_or_delivered_is_planned_within_the_minute(self):
        dirty = self.env["partner.score.dirty"]
        self._rule("quotation_sent", offset_number=3)
        self._rule("each_delivery", offset_number=3)
        other = self._create_customer("Other")
        quotation = self._order(other, TODAY).copy({"partner_id": self.customer.id})
        self.env["partner.scorecard"].search([]).write(
            {"next_run_date": date(2126, 1, 1), "figures_date": date(2126, 1, 1)}
        )
        self.patch(type(self.company), "_get_today", lambda company: TODAY)
        cron = self.env.ref("crm_manufacturing.ir_cron_partner_scorecard")
        self._rule("customer_since", days=30)
        dirty.search([]).unlink()
        for count, happens in enumerate(
            (
                quotation.action_quotation_sent,
                lambda: self._deliver(self.customer, days_ago(1)),
                lambda: self._invoice(self.customer, 100, days_ago(1)),
            ),
            1,
        ):
            happens()
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.assertEqual(len(self._open()), count)
            self.assertFalse(dirty.search([]))

    def test_any_date_before_or_after_it(self):
        self._rule("date_field", date_field="crm.lead,date_deadline", offset_number=-60)
        lead = self.env["crm.lead"].create(
            {
                "name": "Contract ends",
                "partner_id": self.customer.id,
                "date_deadline": TODAY + timedelta(days=90),
            }
        )
        self._plan()
        self.assertEqual(self._due(), [TODAY + timedelta(days=30)])
        lead.action_set_lost()
        self._plan()
        self.assertFalse(self._open())

    def test_a_yearly_date_is_reminded_of_this_year_not_since_ever(self):
        self._rule(
            "date_field",
            days=1,
            interval_type="years",
            date_field="sale.order,date_order",
        )
        self._order(self.customer, date(2010, 5, 3))
        self._plan()
        self.assertEqual(self._due(), [date(2025, 5, 3)])

    def test_a_date_off_the_calendar_asks_for_nothing(self):
        for day, offset in (("9999-12-31", 60), ("0001-01-01", -60)):
            self._rule(
                "date_field",
                date_field="res.partner,contract_end_date",
                offset_number=offset,
            )
            self.customer.contract_end_date = day
            self._plan()
            self.assertFalse(self._points())

    def test_an_anchor_in_the_future_waits(self):
        self._rule("each_delivery", offset_number=3)
        picking = self._deliver(self.customer, days_ago(1))
        picking.arrival_date = TODAY + timedelta(days=40)
        self._plan()
        self.assertEqual(self._open().due_date, TODAY + timedelta(days=43))
        self.assertEqual(self._open().state, "scheduled")

    def test_event_rules_apply_beside_the_clocks(self):
        self._rule(days=30)
        self._rule("each_delivery", offset_number=3, sequence=5)
        self._deliver(self.customer, days_ago(1))
        self._plan()
        self.assertEqual(len(self._open()), 2)

    # thanks

    def _thanks_rule(self):
        return self._rule(
            "main_holiday",
            offset_number=-14,
            activity_type=self.env.ref("crm_manufacturing.activity_thanks"),
        )

    def test_customers_are_thanked_before_the_holiday_of_their_country(self):
        self.env["partner.cadence.holiday"].search([]).unlink()
        self.env["partner.cadence.holiday"].create(
            [
                {"name": "Christmas", "date": "2020-12-25", "is_yearly": True},
                {
                    "name": "Feast",
                    "date": "2026-05-20",
                    "country_ids": self.env.ref("base.eg").ids,
                },
            ]
        )
        self._thanks_rule()
        self._plan()
        self.assertEqual(self._due(), [date(2026, 12, 11)])
        self.customer.country_id = self.env.ref("base.eg")
        self._plan()
        self.assertEqual(self._due(), [date(2026, 5, 6)])

    def test_who_was_thanked_within_12_months_is_not_thanked_again(self):
        self._thanks_rule()
        self._touch(
            self.customer,
            days_ago(300),
            self.env.ref("crm_manufacturing.activity_thanks"),
        )
        self._plan()
        self.assertFalse(self._open())
        self._plan(TODAY + timedelta(days=70))
        self.assertTrue(self._open())


@tagged("post_install", "-at_install")
class TestCadenceResponsible(CadenceCase):
    """Salesperson, deputy, team leader; nobody who is gone."""

    def _user_after(self, rule=None):
        self._plan()
        return self._open(rule=rule).user_id

    def test_responsibility_falls_back_until_somebody_is_at_work(self):
        leader = self._create_user("leader", "sales_team.group_sale_salesman")
        deputy = self._create_user("deputy", "sales_team.group_sale_salesman")
        team = self.env["crm.team"].create({"name": "Africa", "user_id": leader.id})
        team.member_ids = self.rep
        self.customer.with_company(self.company).deputy_user_id = deputy
        self._rule(days=30)
        self.assertEqual(self._user_after(), self.rep)
        self.rep.active = False
        self.assertEqual(self._user_after(), deputy)
        deputy.active = False
        self.assertEqual(self._user_after(), leader)
        leader.active = False
        self.assertFalse(self._user_after())
        self.assertTrue(self._open())

    def test_the_senior_visit_is_the_senior_colleagues(self):
        senior = self._create_user("senior", "sales_team.group_sale_salesman")
        self.customer.with_company(self.company).senior_user_id = senior
        rule = self._rule(
            days=365, activity_type=self.senior, responsible="account_manager"
        )
        self.assertEqual(self._user_after(rule), senior)

    def test_a_user_of_another_company_is_never_responsible(self):
        self._rule(days=30)
        self.customer.user_id = self._create_user(
            "foreigner",
            "sales_team.group_sale_salesman",
            company_id=self.env["res.company"].create({"name": "O"}).id,
            company_ids=self.env["res.company"].search([("name", "=", "O")]).ids,
        )
        rule = self._rule(days=30, partner_domain="[('name', '=', 'Cairo Fans')]")
        self.assertFalse(self._user_after(rule))

    def test_free_days_of_the_responsible_move_the_date_forward(self):
        calendar = self.env["resource.calendar"].create(
            {"name": "Monday to Friday", "tz": "UTC", "company_id": self.company.id}
        )
        self._rule(days=30)
        # 2 May 2026 is a Saturday
        self._touch(self.customer, date(2026, 4, 2) - timedelta(days=0))
        self._plan(date(2026, 4, 2))
        self.assertEqual(self._open().due_date, date(2026, 5, 2))
        resource = self.env["resource.resource"].create(
            {
                "name": "Rep",
                "user_id": self.rep.id,
                "calendar_id": calendar.id,
                "company_id": self.company.id,
            }
        )
        self._plan(date(2026, 4, 2))
        self.assertEqual(self._open().due_date, date(2026, 5, 4))
        # a second one that says the same, for all companies
        resource.copy({"company_id": False})
        self._open().unlink()
        self._plan(date(2026, 4, 2))
        self.assertEqual(self._open().due_date, date(2026, 5, 4))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "company_id": self.company.id,
                "date_from": "2026-05-04 00:00:00",
                "date_to": "2026-05-04 23:59:59",
            }
        )
        self._plan(date(2026, 4, 2))
        self.assertEqual(self._open().due_date, date(2026, 5, 5))
        lose_zones(self.env)
        self.assertTrue(self._plan(date(2026, 4, 2)))
        self.assertEqual(self._open().due_date, date(2026, 5, 5))
