from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from .common import lose_zones

KNOWN = "odoo.addons.crm_manufacturing.models.res_company.pytz.all_timezones_set"


@tagged("post_install", "-at_install")
class TestResCompany(TransactionCase):
    """The days of a company, whatever its zone is called."""

    def test_a_zone_is_the_companys_else_that_of_its_working_hours_else_utc(self):
        company = self.env.company
        company.partner_id.tz = "Asia/Tokyo"
        company.resource_calendar_id.tz = "Europe/Paris"
        self.assertEqual(company._get_timezone(), "Asia/Tokyo")
        company.partner_id.tz = False
        self.assertEqual(company._get_timezone(), "Europe/Paris")
        lose_zones(self.env)
        self.assertEqual(company._get_timezone(), "UTC")

    def test_a_zone_that_python_alone_knows_is_unknown(self):
        company = self.env.company
        lose_zones(self.env)
        self.registry.clear_cache("stable")
        self.addCleanup(self.registry.clear_cache, "stable")
        with patch(KNOWN, {"UTC", "Mars/Olympus"}):
            self.assertEqual(company._get_timezone(), "UTC")

    def test_the_zones_are_read_once(self):
        self.env.company._get_timezone()
        with self.assertQueryCount(0):
            self.env.company._get_timezone()

    def test_an_archived_company_has_a_zone(self):
        old = self.env["res.company"].create({"name": "Old"})
        old.active = False
        self.assertIn(old.id, self._read_zones())

    def test_reports_count_in_the_zone_that_the_company_counts_in(self):
        company = self.env.company
        for partner, calendar in (
            ("Asia/Tokyo", "Europe/Paris"),
            (False, "Europe/Paris"),
        ):
            company.partner_id.tz = partner
            company.resource_calendar_id.tz = calendar
            self.assertEqual(self._read_zones()[company.id], company._get_timezone())
        lose_zones(self.env)
        self.assertEqual(set(self._read_zones().values()), {"UTC"})

    def _read_zones(self):
        return dict(self.env.execute_query(self.env["res.company"]._select_zones()))
