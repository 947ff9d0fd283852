"""What the addon may cost, in counts: queries, rows, waits. Times are for bench/."""

from unittest.mock import patch

import psycopg2.errors

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import convert_file

from .common import ScorecardCase

# a run for a whole company, and one for the customer of a new invoice
QUERIES_OF_A_RUN = 12
QUERIES_OF_ONE_CUSTOMER = 5
READ_BY_PEOPLE = (
    "partner.score",
    "partner.score.report",
    "partner.score.override",
    "partner.stage",
    "partner.stage.passage",
    "partner.stage.region",
    "partner.scorecard",
)


class CountingCase(ScorecardCase):
    def _count_queries(self, work):
        """Queries of ``work``, whose pending writes it finds done."""
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _count_written(self, table, work):
        """Rows that ``work`` inserts, updates and deletes in a table."""
        before = self._get_written(table)
        work()
        return self._get_written(table) - before

    def _get_written(self, table):
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT n_tup_ins + n_tup_upd + n_tup_del
                 FROM pg_stat_xact_user_tables WHERE relname = %s""",
            [table],
        )
        return self.env.cr.fetchone()[0]

    @classmethod
    def _create_ordered(cls, count):
        """Customers with one confirmed order each."""
        customers = cls.env["res.partner"].create(
            [{"name": f"C{place}", "is_company": True} for place in range(count)]
        )
        line = {"product_id": cls.product.id, "tax_ids": [Command.clear()]}
        orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "order_line": [Command.create({**line, "price_unit": 10 + place})],
                }
                for place, customer in enumerate(customers)
            ]
        )
        orders.write({"state": "sale", "date_order": f"{cls.today} 12:00:00"})
        return customers


@tagged("post_install", "-at_install")
class TestRun(CountingCase):
    """A run costs a fixed number of queries, and writes what changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card.criterion_ids.metric = "ordered_revenue"
        cls.value_card = cls._create_card(
            "score",
            {
                "ordered_revenue": {"weight": 1, "grading": "quintile"},
                "revenue_growth": {"weight": 1, "floor": -1, "target": 1},
            },
            min_coverage=0,
        )
        cls.stages = cls.env["partner.stage"]
        cls.rep = cls._create_user("rep", "sales_team.group_sale_salesman_all_leads")
        cls.manager = cls._create_user("mgr", "crm_manufacturing.group_manager")

    def _count_run(self, model):
        """Queries of a run that finds nothing in its caches."""
        self.env.flush_all()
        self.env.invalidate_all()
        return self._count_queries(lambda: model._run(self.company, self.today))

    def test_running_again_writes_no_row(self):
        self._create_ordered(30)
        for model in (self.card, self.value_card, self.stages):
            table = "partner_stage" if model == self.stages else "partner_score"
            with self.subTest(model):

                def run(model=model):
                    model._run(self.company, self.today)

                self.assertEqual(self._count_written(table, run), 30)
                self.assertEqual(self._count_written(table, run), 0)

    def test_a_run_takes_the_same_few_queries_for_10_and_200_customers(self):
        counts = []
        for more in (10, 190):
            self._create_ordered(more)
            counts.append([])
            for model in (self.card, self.value_card, self.stages):
                model._run(self.company, self.today)
                counts[-1].append(self._count_run(model))
        self.assertEqual(*counts)
        self.assertLessEqual(max(counts[0]), QUERIES_OF_A_RUN)

    def test_one_new_order_takes_five_queries_and_writes_one_row(self):
        customer = self._create_ordered(30)[0]
        self.card._run(self.company, self.today)
        self._order(customer, self.today, 5000)

        def run():
            self.card._run(self.company, self.today, customer)

        self.assertEqual(self._count_written("partner_score", run), 1)
        self._order(customer, self.today, 5000)
        self.assertLessEqual(self._count_queries(run), QUERIES_OF_ONE_CUSTOMER)

    def test_no_run_updates_a_contact(self):
        customers = self._create_ordered(30)

        def run():
            for model in (self.card, self.value_card, self.stages):
                model._run(self.company, self.today)
                model._run(self.company, self.today, customers[:5])

        self.assertEqual(self._count_written("res_partner", run), 0)
        # and the ruler measures: one update of a contact is seen
        rename = self._count_written(
            "res_partner", lambda: customers[0].write({"phone": "+49 1"})
        )
        self.assertEqual(rename, 1)

    def test_a_list_shows_the_tiers_with_one_more_query(self):
        customers = self._create_ordered(80)
        self.card._run(self.company, self.today)

        def read(count, *names):
            self.env.invalidate_all()
            partners = customers[:count]
            specification = {name: {} for name in names}
            return self._count_queries(lambda: partners.web_read(specification))

        plain = read(80, "name", "commercial_partner_id")
        shown = read(80, "name", "commercial_partner_id", "customer_tier_id")
        self.assertEqual(shown - plain, 1)
        self.assertEqual(
            read(10, "name", "commercial_partner_id", "customer_tier_id"), shown
        )

    def test_what_people_read_writes_nothing(self):
        """In a read-only transaction, as on a replica."""
        customers = self._create_ordered(30)
        for model in (self.card, self.value_card, self.stages):
            model._run(self.company, self.today)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.env.cr.savepoint():
            self.env.cr.execute("SET TRANSACTION READ ONLY")
            self._read_everything(customers)
            with self.assertRaises(psycopg2.errors.ReadOnlySqlTransaction):
                self.env.cr.execute("UPDATE res_partner SET phone = '1'")

    def _read_everything(self, customers):
        manager = self._env_of(self.manager)
        for env in (manager, self._env_of(self.rep)):
            pyramid = env["partner.scorecard"].get_pyramid()
            env["partner.scorecard"].get_pyramid(self.value_card.id)
            env["partner.score"].get_why(customers[0].id)
            env["partner.score.movement"].get_matrix()
            for model in READ_BY_PEOPLE:
                names = list(env[model].fields_get([], ["type"]))
                env[model].search_read([], names, limit=80)
            columns = ["customer_tier_id", "customer_tier_overridden"]
            columns += ["customer_stage", "customer_stage_since"]
            env["res.partner"].search_read([], columns, order="customer_tier_id")
        self.assertEqual(pyramid["state"], "ready")

    def _env_of(self, user):
        return self.env(user=user, context={"allowed_company_ids": self.company.ids})

    def test_methods_of_the_screens_may_run_on_a_replica(self):
        for model, name in (
            ("partner.scorecard", "get_pyramid"),
            ("partner.score", "get_why"),
            ("partner.score.movement", "get_matrix"),
        ):
            self.assertTrue(getattr(self.env.registry[model], name)._readonly, name)

    def test_installing_computes_nothing(self):
        cards = self.env.registry["partner.scorecard"]
        stages = self.env.registry["partner.stage"]
        with (
            patch.object(cards, "_execute") as judge,
            patch.object(stages, "_run") as go,
        ):
            for path in self._get_data_files():
                convert_file(self.env, "crm_manufacturing", path, {}, noupdate=True)
        judge.assert_not_called()
        go.assert_not_called()

    def _get_data_files(self):
        return ["data/partner_scorecard_data.xml"]


@tagged("post_install", "-at_install")
class TestHostActions(CountingCase):
    """What the host does every day costs hardly a query more, or none."""

    def _count_added(self, prepare, action):
        """Queries that marking adds to ``action(record)``; warmed up before."""
        dirty = self.env.registry["partner.score.dirty"]
        action(prepare())
        with patch.object(dirty, "_mark", lambda *args: None):
            record = prepare()
            without = self._count_queries(lambda: action(record))
        record = prepare()
        return self._count_queries(lambda: action(record)) - without

    def _draft_order(self, lines=1):
        line = {"product_id": self.product.id, "tax_ids": [Command.clear()]}
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create(dict(line)) for _line in range(lines)],
            }
        )

    def setUp(self):
        super().setUp()
        self.customer = self._create_customer("Regular")

    def test_posting_an_invoice_costs_one_query_more_at_most(self):
        added = self._count_added(
            lambda: self._invoice(self.customer, 100, post=False),
            lambda invoice: invoice.action_post(),
        )
        self.assertLessEqual(added, 1)

    def test_creating_an_order_costs_no_query_more(self):
        added = self._count_added(
            lambda: None, lambda _nothing: self._draft_order(lines=3)
        )
        self.assertEqual(added, 0)

    def test_confirming_an_order_costs_two_queries_more_whatever_its_lines(self):
        added = [
            self._count_added(
                lambda lines=lines: self._draft_order(lines),
                lambda order: order.action_confirm(),
            )
            for lines in (1, 5)
        ]
        self.assertLessEqual(max(added), 2)
        self.assertEqual(added[0], added[1])


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """Two real transactions: the engine's, and somebody else's beside it."""

    def setUp(self):
        super().setUp()
        self.engine = self._open()
        self.other = self._open()
        self.other.cr.execute("SET statement_timeout = '3s'")
        partners = self.other["res.partner"]
        self.customer = partners.create({"name": "Busy", "is_company": True})
        self.other.cr.commit()
        self.addCleanup(self._remove_customer)
        self.company = self.engine["res.company"].search([], order="id", limit=1)
        self.today = self.company._get_today()
        self.card = self.engine.ref("crm_manufacturing.scorecard_pyramid")

    def _open(self):
        """An environment of its own connection, rolled back and closed at the end."""
        cursor = db_connect(get_db_name()).cursor()
        self.addCleanup(cursor.close)
        return api.Environment(cursor, SUPERUSER_ID, {})

    def _remove_customer(self):
        self.engine.cr.rollback()
        self.customer.unlink()
        self.other.cr.commit()

    def _make_order(self):
        """With a card of its own, in a transaction that leaves nothing behind."""
        self.card = self.card.copy()
        self.card.criterion_ids.metric = "ordered_revenue"
        order = self.engine["sale.order"].create({"partner_id": self.customer.id})
        order.write({"state": "sale"})

    def _judge(self):
        self.card._run(self.company, self.today)
        self.assertIn(self.customer.id, self.card.score_ids.partner_id.ids)

    def _save(self):
        self.customer.phone = "+49 201 1"
        self.other.cr.commit()

    def test_a_user_saves_a_customer_while_a_run_holds_its_locks(self):
        self._make_order()
        self._judge()
        self._save()  # a wait would end in an error after three seconds

    def test_a_run_is_not_disturbed_by_a_save_since_it_began(self):
        self._make_order()
        self.engine.flush_all()
        self._save()
        self._judge()

    def test_a_second_run_skips_a_card_that_is_being_computed(self):
        self.assertTrue(self.card._try_lock(self.company))
        card = self.other.ref("crm_manufacturing.scorecard_pyramid")
        company = self.other["res.company"].browse(self.company.id)
        nobody = self.other["partner.score"]
        cards = self.other.registry["partner.scorecard"]
        with patch.object(cards, "_execute", return_value=nobody) as execute:
            card._run(company, self.today)
            execute.assert_not_called()
            self.engine.cr.rollback()
            card._run(company, self.today)
            execute.assert_called_once()

    def test_a_run_is_not_compiled(self):
        company = self.engine["res.company"].browse(self.company.id)
        self.engine.cr.execute("SET LOCAL jit TO on")
        company._try_lock("partner.stage")
        self.engine.cr.execute("SHOW jit")
        self.assertEqual(self.engine.cr.fetchone(), ("off",))

    def test_a_second_run_skips_the_stages_that_are_being_computed(self):
        company = self.engine["res.company"].browse(self.company.id)
        self.assertTrue(company._try_lock("partner.stage"))
        stages = self.other["partner.stage"]
        company = self.other["res.company"].browse(self.company.id)
        self.assertFalse(company._try_lock("partner.stage"))
        self.assertTrue(company._try_lock("partner.cadence"))
        self.assertFalse(stages._run(company, self.today))

    def test_the_timeout_would_notice_a_wait(self):
        """The ruler measures: a lock on the customer makes the save fail."""
        self.engine.cr.execute(
            "SELECT FROM res_partner WHERE id = %s FOR UPDATE", [self.customer.id]
        )
        with self.assertRaises(psycopg2.errors.QueryCanceled):
            self.other.cr.execute(
                "UPDATE res_partner SET phone = '1' WHERE id = %s",
                [self.customer.id],
                log_exceptions=False,
            )
        self.other.cr.rollback()
