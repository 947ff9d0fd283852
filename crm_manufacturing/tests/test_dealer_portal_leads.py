from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import LockError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .dealer_portal_common import DealerPortalCase

LEADS = "/my/dealer/leads"


@tagged("post_install", "-at_install")
class TestDealerPortalLeads(DealerPortalCase):
    """Leads given to a dealer, answered in the portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls._offer(cls.ventus, "Lima", "Andes Hotels")
        cls.theirs = cls._offer(cls.boreas, "Oslo", "Fjord Lodges")

    @classmethod
    def _offer(cls, firm, city, customer):
        lead = cls.env["crm.lead"].create(
            {
                "name": f"Our own words on {customer}",
                "partner_name": customer,
                "contact_name": f"Boss of {customer}",
                "phone": "+51 1 555",
                "city": city,
                "company_id": cls.company.id,
            }
        )
        return cls.env["dealer.offer"].create(
            {
                "lead_id": lead.id,
                "dealer_id": firm.id,
                "company_id": cls.company.id,
                "credited_user_id": cls.channel.id,
                "reason": "Lowest load",
                "offered_on": cls.today,
                "due_date": cls.today + timedelta(days=2),
            }
        )

    def setUp(self):
        super().setUp()
        self._login("ada")
        self.url = f"{LEADS}/{self.mine.id}"

    def _answer(self, do, words="", offer=None):
        url = f"{LEADS}/{(offer or self.mine).id}/answer"
        return self._post(url, {"do": do, "words": words})

    def test_an_offer_says_where_and_about_what_and_not_whom(self):
        page = self._get(self.url).text + self._get(LEADS).text
        self.assertIn("Lima", page)
        for secret in ("Andes", "555", "Our own words", "Lowest load", "channel"):
            self.assertNotIn(secret, page)

    def test_accepted_it_says_whom_and_what_has_moved_is_told(self):
        self.assertIn("Andes Hotels", self._answer("accept").text)
        self.assertEqual(self.mine.state, "accepted")
        page = self._get(self.url).text
        self.assertIn("+51 1 555", page)
        self.assertIn('href="tel:+51 1 555', page)
        self.assertNotIn("Our own words", page)
        page = self._answer("report", " ").text
        self.assertIn("Progress: say what has moved", page)
        self._answer("report", "Met the <b>boss</b>.")
        self.assertEqual(self.mine.progress, "Met the <b>boss</b>.")
        self.assertIn("Met the &lt;b&gt;boss", self._get(self.url).text)
        self.assertIn("you told us today", self._answer("report", "Again").text)

    def test_declined_it_needs_a_reason_and_is_over(self):
        self.assertIn("Reason: say why", self._answer("decline").text)
        self.assertEqual(self.mine.state, "offered")
        self._answer("decline", "Too far.")
        self.assertEqual((self.mine.state, self.mine.answer), ("declined", "Too far."))
        self._answer("accept")
        self.assertEqual(self.mine.state, "declined")
        self.assertNotIn("/answer", self._get(self.url).text)

    def test_two_people_who_answer_at_once_wait_for_each_other(self):
        """A lock that is not got is an error page; a row that is written waits."""
        fail = {"side_effect": LockError("Cannot grab a lock on records")}
        with patch.object(self.env.registry["dealer.offer"], "lock_for_update", **fail):
            self.assertEqual(self._answer("accept").status_code, 200)
        self.assertEqual(self.mine.state, "accepted")
        self._login("abe")
        self.assertIn("is Accepted", self._answer("accept").text)

    def test_too_many_words_are_refused(self):
        page = self._answer("decline", "x" * 2001).text
        self.assertIn("at most 2000 characters", page)

    @mute_logger("odoo.http")
    def test_leads_of_another_dealer_do_not_exist(self):
        for login in ("bea", "cid", "eve"):
            self._login(login)
            self.assert_missing(self.url)
            for do in ("accept", "decline", "report"):
                self.assertEqual(self._answer(do, "x").status_code, 404)
        self.assertEqual(self.mine.state, "offered")
        self._login("bea")
        page = self._get(LEADS).text
        self.assertIn("Oslo", page)
        self.assertNotIn("Lima", page)

    @mute_logger("odoo.http")
    def test_the_portal_has_no_rights_on_offers_and_answers_need_a_token(self):
        for method, args in (
            ("search_read", [[]]),
            ("read", [self.mine.ids, ["state"]]),
            ("write", [self.mine.ids, {"progress": "x"}]),
            ("action_accept", [self.mine.ids]),
            ("action_decline", [self.mine.ids]),
            ("export_data", [self.mine.ids, ["state"]]),
        ):
            _result, error = self._call("dealer.offer", method, *args)
            self.assertTrue(error, method)
        answer = self._post(f"{self.url}/answer", {"do": "accept"}, token=False)
        self.assertEqual(answer.status_code, 400)
        self.assertIn(self._get(f"{self.url}/answer").status_code, (404, 405))
        self.assertEqual(self.mine.state, "offered")
