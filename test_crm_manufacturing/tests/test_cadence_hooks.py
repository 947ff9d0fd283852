from datetime import date

from odoo.tests import tagged

from odoo.addons.crm_manufacturing.tests.common import TODAY
from odoo.addons.crm_manufacturing.tests.common_cadence import CadenceCase


@tagged("post_install", "-at_install")
class TestCadenceHooks(CadenceCase):
    """What an integrator may extend in the cadence works by extension alone."""

    def _measure(self, code, day):
        return self.env["test.measure"].create(
            {"partner_id": self.customer.id, "code": code, "date": day}
        )

    def test_an_anchor_of_another_addon(self):
        self._rule("test_date", offset_number=10)
        record = self._measure("anchor", date(2026, 4, 1))
        self._plan()
        point = self._open()
        self.assertEqual(point.due_date, date(2026, 4, 11))
        self.assertEqual((point.res_model, point.res_id), ("test.measure", record.id))

    def test_a_touch_of_another_addon(self):
        self._rule(days=30)
        self._measure("touch", date(2026, 3, 1))
        self._plan()
        self.assertEqual(self._open().anchor_date, date(2026, 3, 1))

    def test_the_responsible(self):
        boss = self._create_user("boss", "sales_team.group_sale_salesman")
        self.customer.ref = "boss"
        self._rule(days=30)
        self._plan()
        self.assertEqual(self._open().user_id, boss)
        boss.active = False
        self._plan()
        self.assertEqual(self._open().user_id, self.rep)

    def test_a_free_day(self):
        self.customer.ref = self._create_user(
            "may_day", "sales_team.group_sale_salesman"
        ).login
        self._rule("test_date", offset_number=30)
        self._measure("anchor", date(2026, 4, 1))
        self._plan()
        self.assertEqual(self._open().due_date, date(2026, 5, 2))

    def test_what_the_activity_says(self):
        self._rule("test_date", name="Ask")
        self._measure("anchor", TODAY)
        self._plan()
        made = self.env["partner.touchpoint"]._create_activities(self.company, TODAY)
        self.assertEqual(made.summary, "Ask of Cairo Fans")
