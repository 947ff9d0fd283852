from datetime import date, datetime

from freezegun import freeze_time
from psycopg2.errors import NotNullViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ScorecardCase

FEBRUARY = date(2026, 2, 1)
MARCH = date(2026, 3, 1)


@tagged("post_install", "-at_install")
class TestDealerStock(ScorecardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(datetime(2026, 4, 15, 9))
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.dealer = cls._create_customer(
            "Ventus Trading", dealer_stage="active", dealer_contract_start="2026-02-01"
        )
        cls.channel = cls._create_user(
            "stock_channel", "crm_manufacturing.group_channel_manager"
        )
        cls.rep = cls._create_user("stock_rep", "sales_team.group_sale_salesman")
        cls.reports = cls.env["dealer.stock.report"].with_user(cls.channel)

    def _report(self, period=FEBRUARY, lines=(), dealer=None, submit=False):
        report = self.reports.create(
            {
                "dealer_id": (dealer or self.dealer).id,
                "period": period,
                "line_ids": [
                    Command.create({"product_id": self.product.id, **line})
                    for line in lines
                ],
            }
        )
        if submit:
            report.action_submit()
        return report

    def _ship(self, quantity, day, uom=None, partner=None):
        order = self.env["sale.order"].create(
            {
                "partner_id": (partner or self.dealer).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": quantity,
                            "product_uom_id": (uom or self.product.uom_id).id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        picking = order.picking_ids
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        picking.button_validate()
        self._date(picking, day)
        return picking

    def _date(self, picking, day):
        picking.move_ids.date = f"{day} 12:00:00"
        picking.move_line_ids.date = f"{day} 12:00:00"

    def _send_back(self, picking, quantity, day):
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_model="stock.picking"
        )
        form = Form(wizard)
        back = form.save()
        back.product_return_moves.quantity = quantity
        returned = back._create_return()
        returned.move_ids.quantity = quantity
        returned.move_ids.picked = True
        returned.button_validate()
        self._date(returned, day)

    def _rows(self, **values):
        self.env.flush_all()
        domain = [(name, "=", value) for name, value in values.items()]
        rows = self.env["dealer.sell.through"].with_user(self.channel)
        return rows.search([("dealer_id", "=", self.dealer.id), *domain])

    # ------------------------------------------------------------------
    # What we know
    # ------------------------------------------------------------------

    def test_deliveries_of_the_month_are_proposed_in_the_product_s_unit(self):
        self._ship(1, "2026-02-10", uom=self.env.ref("uom.product_uom_dozen"))
        self._ship(5, "2026-03-01")
        report = self._report()
        report.action_propose()
        self.assertEqual(report.line_ids.received_qty, 12)
        self.assertEqual(report.line_ids.closing_qty, 12)

    def test_what_came_back_is_proposed_as_returned(self):
        picking = self._ship(10, "2026-02-10")
        self._send_back(picking, 2, "2026-02-20")
        report = self._report()
        report.action_propose()
        line = report.line_ids
        self.assertEqual((line.received_qty, line.returned_qty), (10, 2))
        self.assertEqual(line.derived_closing_qty, 8)

    def test_what_went_straight_to_an_end_customer_is_not_the_dealer_s_stock(self):
        end = self._create_customer("Mill")
        self._ship(4, "2026-02-10", partner=end)
        report = self._report()
        report.action_propose()
        self.assertFalse(report.line_ids)

    def test_the_opening_is_the_closing_before(self):
        self._report(lines=[{"opening_qty": 10, "closing_qty": 7}], submit=True)
        report = self._report(MARCH)
        report.action_propose()
        self.assertEqual(report.line_ids.opening_qty, 7)

    def test_after_a_month_without_report_the_opening_is_not_nothing(self):
        """It is what was left last, with what we delivered and took back since."""
        self._report(lines=[{"opening_qty": 10, "closing_qty": 7}], submit=True)
        picking = self._ship(5, "2026-03-10")
        self._send_back(picking, 2, "2026-03-20")
        self._ship(4, "2026-04-02")
        report = self._report(date(2026, 4, 1))
        report.action_propose()
        line = report.line_ids
        self.assertEqual((line.opening_qty, line.received_qty), (10, 4))

    def test_what_we_know_otherwise_is_shown(self):
        """Also when all figures of the report agree with each other."""
        self._ship(10, "2026-02-10")
        report = self._report(
            lines=[{"opening_qty": 3, "received_qty": 4, "closing_qty": 7}]
        )
        line = report.line_ids
        self.assertEqual(line.difference_qty, 0)
        # nothing was reported before, so the opening is his to say
        self.assertEqual(line.known_note, "Received: 10")
        self.assertEqual(report.known_note, "Ceiling fan: Received: 10")
        report.action_submit()
        after = self._report(MARCH, lines=[{"opening_qty": 5, "closing_qty": 5}])
        self.assertEqual(after.line_ids.known_note, "Opening: 7")
        after.action_propose()
        self.assertFalse(after.line_ids.known_note)

    def test_a_product_left_out_of_the_report_is_shown(self):
        self._ship(10, "2026-02-10")
        knob = self.env["product.product"].create({"name": "Knob"})
        report = self._report(lines=[{"product_id": knob.id, "opening_qty": 1}])
        self.assertEqual(report.known_note, "Ceiling fan: not in the report")
        report.action_propose()
        self.assertFalse(report.known_note)

    def test_proposing_twice_keeps_what_was_typed(self):
        self._ship(10, "2026-02-10")
        report = self._report()
        report.action_propose()
        report.line_ids.write({"sold_qty": 3, "closing_qty": 6})
        report.action_propose()
        line = report.line_ids
        self.assertEqual((line.sold_qty, line.closing_qty), (3, 6))

    # ------------------------------------------------------------------
    # What the dealer says
    # ------------------------------------------------------------------

    def test_a_difference_is_shown_and_not_hidden(self):
        report = self._report(
            lines=[
                {"opening_qty": 10, "received_qty": 5, "sold_qty": 4, "closing_qty": 9}
            ]
        )
        line = report.line_ids
        self.assertEqual((line.derived_closing_qty, line.difference_qty), (11, -2))
        self.assertEqual(report.difference_count, 1)

    def test_all_as_calculated_leaves_no_difference(self):
        report = self._report(
            lines=[{"opening_qty": 10, "sold_qty": 4, "closing_qty": 1}]
        )
        report.action_as_calculated()
        self.assertEqual(report.line_ids.closing_qty, 6)
        self.assertEqual(report.difference_count, 0)

    def test_a_line_without_closing_closes_as_calculated(self):
        report = self._report(lines=[{"opening_qty": 10, "sold_qty": 4}])
        self.assertEqual(report.line_ids.closing_qty, 6)

    def test_a_submitted_report_is_not_changed(self):
        report = self._report(lines=[{"opening_qty": 1}], submit=True)
        other = self.env["product.product"].create({"name": "Wall fan"})
        for change in (
            lambda: report.line_ids.write({"sold_qty": 1}),
            lambda: report.write({"period": "2026-03-01"}),
            lambda: report.unlink(),
            lambda: report.line_ids.unlink(),
            lambda: report.write({"line_ids": [Command.clear()]}),
            lambda: report.action_propose(),
            lambda: report.line_ids.create(
                {"report_id": report.id, "product_id": other.id}
            ),
        ):
            with self.assertRaisesRegex(UserError, "submitted is not changed"):
                change()

    def test_nothing_is_moved_into_a_submitted_report(self):
        sent = self._report(lines=[{"sold_qty": 0}], submit=True)
        other = self.env["product.product"].create({"name": "Other"})
        sold = {"product_id": other.id, "opening_qty": 5, "sold_qty": 5}
        line = self._report(MARCH, [sold]).line_ids
        line.sale_ids = [Command.create({"end_name": "Hotel", "quantity": 1})]
        kept = sent.line_ids
        with self.assertRaisesRegex(UserError, "not changed"):
            line.sale_ids.line_id = kept
        with self.assertRaisesRegex(UserError, "not changed"):
            line.report_id = sent

    @mute_logger("odoo.sql_db")
    def test_a_report_has_a_month(self):
        with self.assertRaises(NotNullViolation):
            self._report().period = False
            self.env.flush_all()

    def test_the_state_is_written_by_the_buttons_alone(self):
        report = self._report(lines=[{"opening_qty": 1}])
        with self.assertRaisesRegex(UserError, "use the buttons"):
            report.write({"state": "accepted"})
        sent = self.reports.create(
            {"dealer_id": self.dealer.id, "period": "2026-03-05", "state": "accepted"}
        )
        self.assertEqual((sent.state, sent.period), ("draft", MARCH))

    def test_a_correction_is_a_row_of_its_own_and_then_counts(self):
        report = self._report(lines=[{"opening_qty": 10, "sold_qty": 4}], submit=True)
        action = report.action_correct()
        correction = self.reports.browse(action["res_id"])
        self.assertTrue(report.is_current)
        correction.line_ids.write({"sold_qty": 6, "closing_qty": 4})
        correction.action_submit()
        self.assertFalse(report.is_current)
        self.assertEqual(report.line_ids.sold_qty, 4)
        self.assertEqual(self._rows().mapped("sold_qty"), [6])

    def test_a_report_is_corrected_once_at_a_time(self):
        report = self._report(lines=[{"opening_qty": 1}], submit=True)
        once, again = (report.action_correct()["res_id"] for _turn in range(2))
        self.assertEqual(once, again)
        self.reports.browse(once).action_submit()
        with self.assertRaisesRegex(UserError, "that counts can be corrected"):
            report.action_correct()

    def test_one_report_of_a_month_counts(self):
        self._report()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._report()
            self.env.flush_all()

    def test_a_report_without_lines_is_not_submitted(self):
        with self.assertRaisesRegex(UserError, "reports zeros"):
            self._report(submit=True)

    def test_no_quantity_is_below_zero(self):
        with self.assertRaisesRegex(ValidationError, "Sold: .* below zero"):
            self._report(lines=[{"sold_qty": -1}])

    def test_no_month_is_reported_before_it_begins(self):
        with self.assertRaisesRegex(ValidationError, "Month: 2026-05"):
            self._report(date(2026, 5, 1))

    def test_end_customers_are_not_more_than_what_was_sold(self):
        report = self._report(
            lines=[
                {
                    "opening_qty": 9,
                    "sold_qty": 3,
                    "sale_ids": [Command.create({"end_name": "Mill", "quantity": 3})],
                }
            ]
        )
        with self.assertRaisesRegex(ValidationError, "more than the 3 sold"):
            report.line_ids.sale_ids = [
                Command.create({"end_name": "Farm", "quantity": 1})
            ]

    def test_a_contact_reports_for_his_firm(self):
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.dealer.id}
        )
        self.assertEqual(self._report(dealer=contact).dealer_id, self.dealer)

    # ------------------------------------------------------------------
    # What it tells us
    # ------------------------------------------------------------------

    def test_sell_through_and_days_of_stock(self):
        self._report(lines=[{"opening_qty": 20, "sold_qty": 6}], submit=True)
        self._report(
            MARCH,
            lines=[{"opening_qty": 14, "received_qty": 6, "sold_qty": 4}],
            submit=True,
        )
        row = self._rows(period=MARCH)
        self.assertEqual(row.sell_through, 20)
        # 16 left at 5 a month
        self.assertEqual(row.days_of_stock, 96)
        self.assertTrue(row.is_latest)

    def test_what_was_not_typed_counts_as_nothing(self):
        self._report(lines=[{"opening_qty": 20, "sold_qty": 6}], submit=True)
        self.assertEqual(self._rows(period=FEBRUARY).sell_through, 30)
        self._report(MARCH, lines=[{"opening_qty": 14}], submit=True)
        row = self._rows(period=MARCH)
        self.assertEqual(row.sell_through, 0)
        # 14 left at 3 a month: nothing was sold in the second
        self.assertEqual(row.days_of_stock, 140)

    def test_the_sell_through_of_several_is_all_sold_of_all_there_was(self):
        other = self.env["product.product"].create({"name": "Lamp"})
        lines = [
            {"opening_qty": 90, "sold_qty": 9},
            {"product_id": other.id, "opening_qty": 10, "sold_qty": 10},
        ]
        self._report(lines=lines, submit=True)
        groups = self.env["dealer.sell.through"]._read_group(
            [("dealer_id", "=", self.dealer.id)], [], ["sell_through:avg"]
        )
        self.assertEqual(groups, [(19.0,)])

    def test_stock_not_sold_for_three_reports_is_idle(self):
        for month in (1, 2, 3):
            self._report(date(2026, month, 1), lines=[{"opening_qty": 5}], submit=True)
        row = self._rows(is_latest=True)
        self.assertEqual((row.idle_months, row.days_of_stock), (3, 0))

    def test_a_draft_tells_nothing(self):
        self._report(lines=[{"opening_qty": 5}])
        self.assertFalse(self._rows())

    def test_closed_months_of_the_contract_are_asked_for(self):
        self._ship(1, "2026-02-10")
        self._report(lines=[{"opening_qty": 1}], submit=True)
        months = self.env["dealer.stock.month"].with_user(self.channel)
        rows = months.with_company(self.company).search(
            [("dealer_id", "=", self.dealer.id)], order="period"
        )
        self.assertEqual(rows.mapped("period"), [FEBRUARY, MARCH])
        self.assertEqual(rows.mapped("is_missing"), [False, True])
        # the report of February came on 15 April, it was due on 10 March
        self.assertEqual(rows[0].due_date, date(2026, 3, 10))
        self.assertFalse(rows[0].is_in_time)

    def test_a_missing_month_opens_prefilled(self):
        self._ship(3, "2026-03-10")
        months = self.env["dealer.stock.month"].with_user(self.channel)
        row = months.search(
            [("dealer_id", "=", self.dealer.id), ("period", "=", MARCH)]
        )
        report = self.reports.browse(row.action_report()["res_id"])
        self.assertEqual(report.line_ids.received_qty, 3)

    # ------------------------------------------------------------------
    # Import, merge, rights
    # ------------------------------------------------------------------

    def test_a_spreadsheet_is_imported_with_its_lines(self):
        result = self.reports.load(
            [
                "dealer_id",
                "period",
                "line_ids/product_id",
                "line_ids/opening_qty",
                "line_ids/sold_qty",
            ],
            [
                ["Ventus Trading", "2026-02-01", "Ceiling fan", "10", "4"],
            ],
        )
        self.assertFalse(result["messages"])
        line = self.reports.browse(result["ids"]).line_ids
        self.assertEqual((line.opening_qty, line.closing_qty), (10, 6))

    def test_a_wrong_row_of_a_spreadsheet_is_answered_with_a_sentence(self):
        result = self.reports.load(
            ["dealer_id", "period", "line_ids/product_id", "line_ids/opening_qty"],
            [["Ventus Trading", "2026-02-01", "Ceiling fan", "-1"]],
        )
        self.assertIn(
            "Opening: Ceiling fan cannot be below zero",
            result["messages"][0]["message"],
        )
        self.assertFalse(self.reports.search([("dealer_id", "=", self.dealer.id)]))

    def test_the_template_offers_itself(self):
        template = self.reports.get_import_templates()[0]["template"]
        self.assertTrue(template.endswith("dealer_stock_report.xlsx"))

    def test_merged_dealers_keep_all_reports(self):
        double = self._create_customer("Ventus Trade", dealer_stage="active")
        kept = self._report(lines=[{"opening_qty": 1}], submit=True)
        other = self._report(lines=[{"opening_qty": 2}], dealer=double, submit=True)
        march = self._report(MARCH, dealer=double)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.dealer.id, double.id], self.dealer)
        reports = kept | other | march
        self.assertEqual(reports.dealer_id, self.dealer)
        self.assertEqual(reports.mapped("is_current"), [True, False, True])

    def test_a_salesperson_reads_no_dealer_s_stock(self):
        report = self._report()
        with self.assertRaises(AccessError):
            report.with_user(self.rep).read(["period"])
