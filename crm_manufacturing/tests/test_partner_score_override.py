from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ScorecardCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 09:00:00")
class TestOverride(ScorecardCase):
    """Another band than the figures say: with a reason, an end and a log."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("mgr", "crm_manufacturing.group_manager")
        cls.salesman = cls._create_user("rep", "sales_team.group_sale_salesman")
        cls.big, cls.small = cls._create_customer("big"), cls._create_customer("small")
        cls.small.user_id = cls.salesman
        cls._invoice(cls.big, 90)
        cls._invoice(cls.small, 10)
        cls._run()
        cls.band = {band.code: band for band in cls.card.band_ids}

    def _override(self, user=None, partner=None, **values):
        """Through the dialog, as ``user``."""
        wizard = self.env["partner.score.override.wizard"].with_user(
            user or self.manager
        )
        action = (
            (partner or self.small)
            .with_user(user or self.manager)
            .action_override_tier()
        )
        defaults = {
            "band_id": self.band["A"].id,
            "reason": "Strategic market",
            **values,
        }
        wizard.with_context(**action["context"]).create(defaults).action_apply()
        return self._score(partner or self.small)

    def test_an_override_shows_everywhere_and_keeps_the_computed_band(self):
        score = self._override(until=date(2026, 6, 30))
        self.assertEqual((score.band_id.code, score.effective_band_id.code), ("B", "A"))
        self.assertEqual(score.override_uid, self.manager)
        self.assertEqual(self.small.customer_tier_id, self.band["A"])

    def test_an_override_survives_runs_and_a_change_of_band(self):
        self._override(until=date(2026, 6, 30))
        self._run()
        self.assertEqual(self._score(self.small).effective_band_id.code, "A")
        self._invoice(self.small, 2, move_type="out_refund")
        self._invoice(self._create_customer("third"), 200)
        self._run()
        score = self._score(self.small)
        self.assertEqual((score.move, score.band_id.code), ("down", "C"))
        self.assertEqual(score.effective_band_id.code, "A")
        self.assertEqual(score.override_reason, "Strategic market")
        self.assertEqual(score.override_uid, self.manager)

    def test_an_override_lapses_the_day_after_its_last(self):
        self._override(until=date(2026, 6, 30))
        self._run(today=date(2026, 6, 30))
        self.assertEqual(self._score(self.small).effective_band_id.code, "A")
        self._run(today=date(2026, 7, 1))
        score = self._score(self.small)
        self.assertEqual(score.effective_band_id.code, "B")
        self.assertFalse(
            score.override_reason or score.override_until or score.override_uid
        )

    def _leave_and_return(self):
        """Archived, seen to be gone by a run, and unarchived again."""
        self.small.action_archive()
        self._run()
        self.assertFalse(self._score(self.small))
        self.small.action_unarchive()

    def test_an_override_comes_back_with_its_contact(self):
        self._override()
        self._leave_and_return()
        self.env["partner.score.dirty"]._judge(self.card, self.company, self.small)
        score = self._score(self.small)
        self.assertEqual((score.band_id.code, score.effective_band_id.code), ("B", "A"))
        self.assertEqual(score.override_reason, "Strategic market")
        self._run()
        self.assertEqual(self._score(self.small), score)

    def test_an_overridden_prospect_comes_back_too(self):
        prospect = self._create_customer("strategic")
        self._override(partner=prospect)
        prospect.action_archive()
        self._run()
        prospect.action_unarchive()
        self._run()
        self.assertEqual(prospect.customer_tier_id.code, "A")

    def test_a_lifted_override_does_not_come_back(self):
        self._override()
        self._override(band_id=False)
        self._leave_and_return()
        self._run()
        self.assertEqual(self._score(self.small).effective_band_id.code, "B")

    def test_an_override_that_lapsed_meanwhile_does_not_come_back(self):
        self._override(until=date(2026, 4, 30))
        with freeze_time("2026-05-02 09:00:00"):
            self._leave_and_return()
            self._run(today=date(2026, 5, 2))
        self.assertEqual(self._score(self.small).effective_band_id.code, "B")

    def test_a_prospect_without_revenue_can_be_overridden_and_stays_so(self):
        prospect = self._create_customer("strategic")
        score = self._override(partner=prospect)
        self.assertEqual(prospect.customer_tier_id.code, "A")
        self._run()
        self.assertEqual(self._score(prospect), score)
        self.assertEqual(
            (score.effective_band_id.code, score.band_id.code), ("A", False)
        )

    def test_the_log_says_who_when_what_and_why_and_the_chatter_too(self):
        self._override(until=date(2026, 6, 30))
        self._override(band_id=False)
        lifted, given = self.env["partner.score.override"].search(
            [("partner_id", "=", self.small.id)]
        )
        self.assertEqual(
            (given.user_id, given.band_id.code, given.computed_band_id.code),
            (self.manager, "A", "B"),
        )
        self.assertEqual(
            (given.reason, given.until), ("Strategic market", date(2026, 6, 30))
        )
        self.assertFalse(lifted.band_id)
        self.assertEqual(self._score(self.small).effective_band_id.code, "B")
        bodies = " ".join(self.small.message_ids.mapped("body"))
        self.assertIn("Strategic market", bodies)

    def test_lifting_what_was_never_given_leaves_no_log(self):
        self._override(band_id=False)
        logs = self.env["partner.score.override"]
        self.assertFalse(logs.search([("partner_id", "=", self.small.id)]))

    def test_nobody_changes_the_log(self):
        self._override()
        log = self.env["partner.score.override"].search([])[:1].with_user(self.manager)
        with self.assertRaises(AccessError):
            log.reason = "Something else"
        with self.assertRaises(AccessError):
            log.unlink()
        with self.assertRaises(AccessError):
            log.copy()

    def test_a_reason_is_required_and_the_end_lies_ahead(self):
        other = self._create_card("share", {"invoiced_revenue": {}})
        for sentence, values in {
            "Override Reason: ": {"reason": "  "},
            "Override Until: ": {"until": date(2026, 3, 30)},
            "Override: choose": {"band_id": other.band_ids[0].id},
        }.items():
            with (
                self.assertRaisesRegex(ValidationError, f"^{sentence}"),
                self.env.cr.savepoint(),
            ):
                self._override(**values)
        self._score(self.small).invalidate_recordset()
        self.assertFalse(self._score(self.small).override_band_id)
        self.assertFalse(
            self.env["partner.score.override"].search(
                [("partner_id", "=", self.small.id)]
            )
        )

    def test_a_salesperson_neither_overrides_nor_recomputes(self):
        score = self._score(self.small).with_user(self.salesman)
        with self.assertRaises(AccessError):
            score.write(
                {"override_band_id": self.band["A"].id, "override_reason": "Please"}
            )
        with self.assertRaises(AccessError):
            self._override(user=self.salesman)
        with self.assertRaises(AccessError):
            self.card.with_user(self.salesman).action_recompute()

    def test_a_manager_changes_nothing_but_the_override(self):
        score = self._score(self.small).with_user(self.manager)
        for values in (
            {"band_id": self.band["A"].id},
            {"value": 1e9},
            {"is_current": False},
        ):
            with self.assertRaises(AccessError):
                score.write(values)
        with self.assertRaises(AccessError):
            score.create(
                {
                    "partner_id": self.small.id,
                    "scorecard_id": self.card.id,
                    "company_id": self.company.id,
                    "date": "2026-03-31",
                    "band_id": self.band["A"].id,
                }
            )

    def test_no_context_switches_a_check_off(self):
        keys = {
            "tracking_disable": True,
            "mail_notrack": True,
            "import_file": True,
            "install_mode": True,
            "default_override_reason": "x",
        }
        score = self._score(self.small).with_user(self.manager).with_context(**keys)
        with self.assertRaises(ValidationError):
            score.write({"override_band_id": self.band["A"].id})
        score.write(
            {"override_band_id": self.band["A"].id, "override_reason": "Why not"}
        )
        self.assertEqual(
            self.env["partner.score.override"].search_count(
                [("partner_id", "=", self.small.id)]
            ),
            1,
        )

    def test_a_used_band_cannot_be_removed(self):
        with self.assertRaisesRegex(UserError, "Bands"):
            self.band["A"].unlink()
        self.band["D"].unlink()

    def test_one_current_row_per_card_partner_and_company(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._score(self.small).copy()
