from datetime import date

from odoo.tests import tagged

from .common import ScorecardCase


@tagged("post_install", "-at_install")
class TestDirty(ScorecardCase):
    """After any document the figures of a few equal those of everybody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.value_card = cls._create_card(
            "score",
            {
                "invoiced_revenue": {"weight": 1, "grading": "quintile"},
                "ordered_revenue": {"weight": 1},
                "revenue_growth": {"weight": 1, "floor": -1, "target": 1},
                "payment_delay": {"weight": 1, "floor": 60},
            },
            min_coverage=0,
        )
        cls.cards = cls.card | cls.value_card
        cls.customers = cls.env["res.partner"]
        for place in range(6):
            customer = cls._create_customer(f"C{place}")
            cls.customers |= customer
            cls._invoice(customer, 100 * (place + 1), date(2025, 11, 1))
        cls.first, cls.second = cls.customers[:2]
        cls.cards._run(cls.company, cls.today)
        cls.env["partner.score.dirty"].search([]).unlink()

    def _dirty(self):
        return self.env["partner.score.dirty"].search([]).partner_id

    def _figures(self):
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT scorecard_id, partner_id, value, score, coverage, detail
                 FROM partner_score WHERE is_current AND scorecard_id = ANY(%s)
             ORDER BY 1, 2""",
            [self.cards.ids],
        )
        return self.env.cr.fetchall()

    def _assert_caught_up(self, expected):
        """The marked ones are these; scoring them equals scoring everybody."""
        self.assertEqual(self._dirty(), expected)
        bands = {score: score.band_id for score in self.cards.score_ids}
        self.cards._run(self.company, self.today, self._dirty())
        incremental = self._figures()
        for score, band in bands.items():
            if score.is_current:
                self.assertEqual(score.band_id, band, "bands wait for their day")
        self.cards._run_figures(self.company, self.today)
        self.assertEqual(self._figures(), incremental)

    def test_posting_and_crediting(self):
        self._invoice(self.first, 5000)
        self._invoice(self.second, 30, move_type="out_refund")
        self._assert_caught_up(self.first | self.second)
        self.assertEqual(self._score(self.first).value, 5100)
        self.assertEqual(self._score(self.first).band_id.code, "C")

    def test_cancelling(self):
        invoice = self._invoice(self.first, 5000)
        self.env["partner.score.dirty"].search([]).unlink()
        self.cards._run_figures(self.company, self.today)
        invoice.button_draft()
        self._assert_caught_up(self.first)
        self.assertEqual(self._score(self.first).value, 100)

    def test_back_dating(self):
        invoice = self._invoice(self.first, 5000)
        self.cards._run_figures(self.company, self.today)
        self.env["partner.score.dirty"].search([]).unlink()
        invoice.button_draft()
        invoice.write(
            {"name": False, "invoice_date": date(2024, 1, 1), "date": date(2024, 1, 1)}
        )
        invoice.action_post()
        self._assert_caught_up(self.first)
        self.assertEqual(self._score(self.first).value, 100)

    def test_paying(self):
        invoice = self._invoice(self.first, 50, date(2026, 1, 1))
        self.env["partner.score.dirty"].search([]).unlink()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": "2026-02-01"})._create_payments()
        self._assert_caught_up(self.first)

    def test_a_later_due_date(self):
        invoice = self.first.invoice_ids
        for due, days in ((date(2026, 1, 1), 89), (date(2026, 2, 1), 58)):
            invoice.invoice_date_due = due
            self._assert_caught_up(self.first)
            self.env["partner.score.dirty"].search([]).unlink()
            score = self._score(self.first, self.value_card)
            self.assertEqual(score.detail["payment_delay"]["value"], days)

    def test_ordering_and_changing_an_order(self):
        order = self._order(self.first, date(2026, 1, 1), 100)
        self._assert_caught_up(self.first)
        self.env["partner.score.dirty"].search([]).unlink()
        order.order_line.price_unit = 700
        self._assert_caught_up(self.first)
        detail = self._score(self.first, self.value_card).detail
        self.assertEqual(detail["ordered_revenue"]["value"], 700)

    def test_a_new_customer_gets_his_band_at_once_and_nobody_else_moves(self):
        new = self._create_customer("New")
        self._invoice(new, 10000)
        self._assert_caught_up(new)
        self.assertEqual(self._score(new).band_id.code, "A")

    def test_a_contact_that_moves_takes_orders_along_and_leaves_invoices(self):
        """An invoice stays with the customer in whose books it is; the host does so."""
        contact = self.env["res.partner"].create(
            {"name": "Omar", "parent_id": self.first.id, "type": "other"}
        )
        self._invoice(contact, 1000)
        self._order(contact, date(2026, 1, 1), 300)
        self.cards._run(self.company, self.today, self._dirty())
        self.env["partner.score.dirty"].search([]).unlink()
        contact.parent_id = self.second
        self._assert_caught_up(self.first | self.second | contact)
        self.assertEqual(self._score(self.first).value, 1100)
        ordered = [
            self._score(partner, self.value_card).detail["ordered_revenue"]["value"]
            for partner in (self.first, self.second)
        ]
        self.assertEqual(ordered, [0, 300])

    def test_a_customer_who_becomes_a_contact_is_no_customer_any_more(self):
        person = self.env["res.partner"].create({"name": "Freelancer"})
        self._invoice(person, 40)
        self.cards._run(self.company, self.today, self._dirty())
        self.assertTrue(self._score(person))
        person.parent_id = self.second
        self.cards._run(self.company, self.today, self._dirty())
        self.assertFalse(self._score(person))
        self.assertEqual(self._score(self.second).value, 240)

    def test_the_cron_drains_what_was_marked(self):
        self._invoice(self.first, 5000)
        self.cards.next_run_date = self.cards.figures_date = date(2126, 1, 1)
        self.patch(type(self.company), "_get_today", lambda company: self.today)
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_manufacturing.ir_cron_partner_scorecard"
            ).method_direct_trigger()
        self.assertFalse(self._dirty())
        self.assertEqual(self._score(self.first).value, 5100)
        self.assertEqual(self._score(self.first).band_id.code, "C")

    def test_the_cron_judges_cards_that_are_due_and_sets_the_next_day(self):
        self._invoice(self.first, 5000)
        self.patch(type(self.company), "_get_today", lambda company: self.today)
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_manufacturing.ir_cron_partner_scorecard"
            ).method_direct_trigger()
        self.assertEqual(self._score(self.first).band_id.code, "A")
        self.assertEqual(self.card.next_run_date, date(2026, 4, 30))
        self.assertEqual(self.card.figures_date, self.today)

    def test_a_card_that_cannot_be_computed_says_so_and_the_others_go_on(self):
        self.env.cr.execute(
            "UPDATE partner_scorecard_criterion SET metric = 'gone' WHERE id = %s",
            [self.value_card.criterion_ids[1].id],
        )
        self.env.invalidate_all()
        self._invoice(self.first, 5000)
        self.patch(type(self.company), "_get_today", lambda company: self.today)
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_manufacturing.ir_cron_partner_scorecard"
            ).method_direct_trigger()
        self.assertIn("gone", self.value_card.error)
        self.assertFalse(self.card.error)
        self.assertEqual(self._score(self.first).value, 5100)
        self.assertFalse(self._dirty())


@tagged("post_install", "-at_install")
class TestMerge(ScorecardCase):
    """Merging contacts keeps every row, one of them current."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("mgr", "crm_manufacturing.group_manager")
        cls.source = cls._create_customer("Source")
        cls.target = cls._create_customer("Target")
        cls._invoice(cls.source, 90)
        cls._invoice(cls.target, 10)
        cls._run()
        cls.env["partner.stage"]._run(cls.company, cls.today)

    def _merge(self):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.source | self.target).ids, self.target
        )

    def _rows(self, model):
        return self.env[model].search([("partner_id", "=", self.target.id)])

    def test_history_is_kept_and_the_destination_goes_on(self):
        self._merge()
        for model in ("partner.score", "partner.stage"):
            rows = self._rows(model)
            self.assertEqual(len(rows), 2, model)
            self.assertEqual(len(rows.filtered("is_current")), 1, model)
        self._run(partners=self.env["partner.score.dirty"].search([]).partner_id)
        self.assertEqual(self._score(self.target).value, 100)

    def test_an_override_of_the_source_goes_on_where_the_destination_has_none(self):
        band = self.card.band_ids[2]
        self._score(self.source).with_user(self.manager).write(
            {"override_band_id": band.id, "override_reason": "Strategic"}
        )
        self._merge()
        score = self._score(self.target)
        self.assertEqual(
            (score.effective_band_id, score.override_uid), (band, self.manager)
        )
        self.assertEqual(len(self._rows("partner.score.override")), 2)

    def test_a_destination_without_row_takes_the_source_s(self):
        self.target = self._create_customer("Newcomer")
        self._merge()
        self.assertEqual(self._score(self.target).value, 90)
