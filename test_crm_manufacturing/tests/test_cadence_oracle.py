from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.crm_manufacturing.tests.common_cadence import CadenceCase

from . import cadence_oracle

START = date(2024, 1, 1)
QUICK = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
DAYS = st.one_of(
    st.sampled_from([30, 58, 59, 60, 90, 181, 365, 366]), st.integers(0, 700)
).map(lambda days: START + timedelta(days=days))
UNITS = st.sampled_from(["days", "weeks", "months", "years"])
AMOUNTS = {"days": 90, "weeks": 12, "months": 6, "years": 1}


def delta(unit, number):
    return relativedelta(**{unit: number}).normalized()


@tagged("post_install", "-at_install")
class TestCadenceAgainstOracle(CadenceCase):
    """The statement and its re-computation in Python agree, whatever the days."""

    def _measure(self, code, days):
        measures = self.env["test.measure"]
        measures.search([("code", "=", code)]).unlink()
        return measures.create(
            [
                {"partner_id": self.customer.id, "code": code, "date": day}
                for day in days
            ]
        )

    def _forget(self):
        self.env["partner.touchpoint"].search([]).unlink()
        self.rules.search([]).active = False

    def test_events(self):
        @QUICK
        @given(
            anchor=DAYS,
            touches=st.lists(DAYS, max_size=8),
            runs=st.lists(DAYS, min_size=1, max_size=6),
            offset=st.tuples(st.sampled_from(["days", "months"]), st.integers(-3, 40)),
            unit=UNITS,
            share=st.floats(0, 1),
            grace=st.sampled_from([0, 5]),
            lead=st.sampled_from([0, 7, 30]),
            years=st.sampled_from([0, 1, 2]),
        )
        def check(anchor, touches, runs, offset, unit, share, grace, lead, years):
            self._forget()
            number = round(AMOUNTS[unit] * share)
            rule = self._rule(
                "test_date",
                interval_number=number,
                interval_type=unit,
                offset_number=offset[1],
                offset_type=offset[0],
                grace_days=grace,
                lead_days=lead,
                repeat_years=years,
            )
            self._measure("anchor", [anchor])
            self._measure("touch", touches)
            step = delta(unit, number) if number else None
            expected = cadence_oracle.Event(
                (delta(*offset), step, grace, lead, years if number else 0), anchor
            )
            for today in sorted(set(runs)):
                self._plan(today)
                # what is told in one pass more than three is told by the next run
                self._plan(today)
                self._plan(today)
                expected.run(today, touches)
                self._compare(rule, today, expected)

        check()

    def _compare(self, rule, today, expected):
        point = self._open(rule=rule)
        self.assertEqual(point.due_date or None, expected.open_due)
        if point:
            self.assertEqual(point.state, expected.state(today))
        closed = self._points(rule=rule, state="done")
        self.assertEqual(
            sorted((row.due_date, row.done_date) for row in closed),
            sorted(expected.closed),
        )

    def test_clocks(self):
        @QUICK
        @given(
            touches=st.lists(DAYS, min_size=1, max_size=8),
            runs=st.lists(DAYS, min_size=1, max_size=6),
            unit=UNITS,
            share=st.floats(0.02, 1),
            offset=st.integers(0, 20),
        )
        def check(touches, runs, unit, share, offset):
            self._forget()
            number = max(1, round(AMOUNTS[unit] * share))
            rule = self._rule(
                interval_number=number, interval_type=unit, offset_number=offset
            )
            self._measure("touch", touches)
            parameters = (delta("days", offset), delta(unit, number))
            for today in sorted(set(runs)):
                known = [day for day in touches if day <= today]
                self._plan(today)
                point = self._open(rule=rule)
                self.assertEqual(len(point), 1)
                if known:
                    due = cadence_oracle.clock_due(parameters, max(known))
                    self.assertEqual(point.due_date, due)
                    self.assertEqual(point.anchor_date, max(known))

        check()
