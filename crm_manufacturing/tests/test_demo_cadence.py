"""The demo company's year of calls: the compliance report against a recount."""

from collections import defaultdict
from datetime import timedelta

from odoo.tests import TransactionCase, tagged

RANKS = {"exchange": 1, "call": 1, "visit": 2, "review": 2, "senior": 3}


@tagged("post_install", "-at_install", "-standard", "demo_factory")
class TestDemoCadence(TransactionCase):
    """In Python, from the host's activities, meetings and the reports alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].search([], order="id", limit=1)
        cls.today = cls.company._get_today()
        cls.rows = cls.env["partner.touchpoint.compliance"].search(
            [("company_id", "=", cls.company.id)]
        )
        cls.touches = cls._recount()

    @classmethod
    def _recount(cls):
        """``{customer id: [(day, activity type id, rank)]}`` of what was done."""
        touches = defaultdict(set)
        for partner, day, kind_id, kind in [
            *cls._activities(),
            *cls._meetings(),
            *cls._visits(),
        ]:
            touches[partner.commercial_partner_id.id].add(
                (day, kind_id, RANKS.get(kind, 0))
            )
        return touches

    @classmethod
    def _activities(cls):
        activities = cls.env["mail.activity"].with_context(active_test=False)
        found = activities.search(
            [
                ("active", "=", False),
                ("res_model", "in", ["res.partner", "crm.lead", "sale.order"]),
            ]
        )
        for one in found:
            record = cls.env[one.res_model].browse(one.res_id)
            partner = record if one.res_model == "res.partner" else record.partner_id
            kind = one.activity_type_id
            if kind.touch_kind != "exchange" or one.feedback:
                yield partner, one.date_done, kind.id, kind.touch_kind

    @classmethod
    def _meetings(cls):
        for event in cls.env["calendar.event"].search([]):
            day = cls.company._get_day(event.start)
            reports = cls.env["crm.visit"].search_count(
                [("event_id", "=", event.id), ("state", "=", "done")]
            )
            if day >= cls.today or reports:
                continue
            kind = event.activity_ids[:1].activity_type_id
            is_video = bool(event.videocall_location)
            there = event.attendee_ids.filtered(lambda one: one.state != "declined")
            people = there.partner_id | event.opportunity_id.partner_id
            for partner in people.filtered("partner_share"):
                is_visit = not is_video or partner.country_id.video_counts_as_visit
                name = kind.touch_kind or ("visit" if is_visit else "call")
                yield partner, day, kind.id, name

    @classmethod
    def _visits(cls):
        kinds = {
            "call": "call",
            "chat": "exchange",
            "visit": "visit",
            "review": "visit",
            "senior_visit": "senior",
        }
        reports = cls.env["crm.visit"].search(
            [("state", "=", "done"), ("outcome", "!=", "not_reached")]
        )
        for report in reports:
            partner = report.commercial_partner_id
            is_visit = partner.country_id.video_counts_as_visit
            video = "visit" if is_visit else "call"
            yield partner, report.day, False, kinds.get(report.visit_type, video)

    def _get_first_touch(self, row):
        """The first touch of the kind asked for that can stand for it."""
        kind = row.activity_type_id
        asked = 0 if kind.touch_kind == "review" else RANKS.get(kind.touch_kind, 0)
        first = self._get_first_day(row.touchpoint_id)
        return min(
            (
                day
                for day, kind_id, rank in self.touches[row.partner_id.id]
                if (not first or day >= first)
                and (kind_id == kind.id or (asked and rank >= asked))
            ),
            default=None,
        )

    def _get_first_day(self, point):
        """After the touch it was counted from; for what a document asks for, from the
        document on and not before the time to do it."""
        anchor, rule = point.anchor_date, point.cadence_id
        if rule.anchor == "last_contact":
            return anchor and anchor + timedelta(days=1)
        return max(anchor, point.due_date - timedelta(days=rule.lead_days))

    def test_documents_asked_for_touches_too(self):
        asked = self.rows.filtered(
            lambda row: row.touchpoint_id.cadence_id.anchor != "last_contact"
        )
        self.assertGreater(len(asked.filtered("done")), 20)
        anchors = set(asked.mapped("touchpoint_id.cadence_id.anchor"))
        self.assertLessEqual({"first_delivery", "serial_age"}, anchors)

    def test_a_year_of_touchpoints_is_there(self):
        self.assertGreater(len(self.rows), 300)
        self.assertGreater(len(self.rows.filtered("done")), 100)

    def test_what_was_kept_equals_the_recount(self):
        wrong = []
        for row in self.rows:
            point = row.touchpoint_id
            first = self._get_first_touch(row)
            if row.state == "skipped" or (row.state != "done" and not first):
                continue
            last_day = (point.excused_until or point.due_date) + timedelta(
                days=point.cadence_id.grace_days
            )
            found = (row.done, row.done_date or None, row.on_time)
            expected = (1, first, 100.0 if first and first <= last_day else 0.0)
            if found != expected:
                wrong.append((point.id, point.partner_id.name, found, expected))
        self.assertFalse(wrong)

    def test_the_shares_equal_the_recount(self):
        groups = self.rows._read_group(
            [("id", "in", self.rows.ids)],
            [],
            ["planned:sum", "done:sum", "on_time:avg"],
        )
        kept, done, decided = 0, 0, 0
        for row in self.rows:
            point = row.touchpoint_id
            first = self._get_first_touch(row) if row.state != "skipped" else None
            last_day = (point.excused_until or point.due_date) + timedelta(
                days=point.cadence_id.grace_days
            )
            done += bool(first)
            kept += bool(first and first <= last_day)
            decided += bool(first or row.state == "skipped" or last_day < self.today)
        planned, found_done, on_time = groups[0]
        self.assertEqual((planned, found_done), (len(self.rows), done))
        self.assertAlmostEqual(on_time, 100 * kept / decided, 6)
