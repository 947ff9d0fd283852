from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger


class DealerCase(TransactionCase):
    """Two dealers, two countries and two categories, one below the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env.company._get_today()
        cls.spain, cls.peru = cls.env.ref("base.es"), cls.env.ref("base.pe")
        cls.madrid, cls.seville = (
            cls.env.ref("base.state_es_m"),
            cls.env.ref("base.state_es_se"),
        )
        categories = cls.env["product.category"]
        cls.fans = categories.create({"name": "Fans"})
        cls.towers = categories.create({"name": "Towers", "parent_id": cls.fans.id})
        cls.lamps = categories.create({"name": "Lamps"})
        cls.ventus = cls.create_firm("Ventus Trading", dealer_stage="active")
        cls.boreas = cls.create_firm("Boreas Ltd", dealer_stage="active")

    @classmethod
    def create_firm(cls, name, **values):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    @classmethod
    def create_territory(cls, name, dealer=None, **values):
        dealer = dealer or cls.ventus
        for field in values.keys() & {"country_ids", "state_ids", "category_ids"}:
            values[field] = values[field].ids
        return cls.env["dealer.territory"].create(
            {"name": name, "dealer_id": dealer.id, **values}
        )


@tagged("post_install", "-at_install")
class TestDealerTerritory(DealerCase):
    """Which territory has a customer."""

    def find(self, partner=None, country=None, state=None, categories=None):
        nothing = self.env["res.partner"]
        partner = partner or nothing
        territories = self.env["dealer.territory"]._get_valid(
            self.env.company, self.today
        )
        return territories._find(
            partner,
            country or partner.country_id,
            state or partner.state_id,
            categories or self.fans.browse(),
        )

    def test_a_country_counts_whole_until_states_of_it_are_named(self):
        iberia = self.create_territory("Iberia", country_ids=self.spain)
        self.assertEqual(self.find(country=self.spain, state=self.seville)[0], iberia)
        iberia.state_ids = self.madrid
        self.assertFalse(self.find(country=self.spain, state=self.seville)[0])
        self.assertFalse(self.find(country=self.spain)[0])
        territory, reason = self.find(country=self.spain, state=self.madrid)
        self.assertEqual(territory, iberia)
        self.assertEqual(reason, "Iberia: Madrid, Spain.")

    def test_a_named_customer_is_his_anywhere_and_an_excluded_one_nowhere(self):
        named = self.create_firm("Named", country_id=self.peru.id)
        excluded = self.create_firm("Excluded", country_id=self.spain.id)
        territory = self.create_territory(
            "Iberia",
            country_ids=self.spain,
            partner_ids=named.ids,
            excluded_partner_ids=excluded.ids,
        )
        self.assertEqual(self.find(named)[0], territory)
        self.assertIn("Named is named", self.find(named)[1])
        self.assertFalse(self.find(excluded)[0])
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": named.id})
        self.assertEqual(self.find(contact)[0], territory)

    def test_customers_alone_are_no_place(self):
        named = self.create_firm("Named", country_id=self.peru.id)
        self.create_territory("Only Named", partner_ids=named.ids)
        self.assertFalse(self.find(country=self.peru)[0])

    def test_without_place_and_customer_it_is_everywhere(self):
        territory = self.create_territory("World")
        self.assertEqual(self.find(), (territory, "World: everywhere."))

    @mute_logger("odoo.sql_db")
    def test_what_it_is_named_by_is_not_deleted(self):
        one, two = self.create_firm("Sol"), self.create_firm("Luna")
        named = self.create_territory("Named", partner_ids=(one | two).ids)
        fans = self.env["product.category"].create({"name": "Bath fans"})
        limited = self.create_territory("Limited", category_ids=fans)
        one.unlink()
        with self.assertRaisesRegex(UserError, "Luna is the last customer named in"):
            two.unlink()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            fans.unlink()
        self.assertEqual((named.partner_ids, limited.category_ids), (two, fans))
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        firm = self.create_firm("Sol y Luna")
        wizard._merge((two | firm).ids, firm)
        self.assertEqual(named.partner_ids, firm)

    def test_categories_count_with_those_below(self):
        territory = self.create_territory(
            "Fans in Spain", country_ids=self.spain, category_ids=self.fans
        )
        self.assertFalse(self.find(country=self.spain)[0])
        self.assertFalse(self.find(country=self.spain, categories=self.lamps)[0])
        found = self.find(country=self.spain, categories=self.lamps | self.towers)
        self.assertEqual(found[0], territory)

    def test_the_first_in_sequence_wins_while_in_force(self):
        later = self.create_territory("B", sequence=20, country_ids=self.spain)
        first = self.create_territory("A", sequence=10, country_ids=self.spain)
        self.assertEqual(self.find(country=self.spain)[0], first)
        first.date_end = self.today - timedelta(days=1)
        self.assertEqual(self.find(country=self.spain)[0], later)
        first.date_end = self.today
        self.assertEqual(self.find(country=self.spain)[0], first)
        first.date_end = False
        first.date_start = self.today + timedelta(days=1)
        self.assertEqual(self.find(country=self.spain)[0], later)

    def test_who_ended_or_is_a_candidate_gets_nothing(self):
        self.create_territory("Iberia", country_ids=self.spain)
        for stage in ("candidate", "ended"):
            self.ventus.dealer_stage = stage
            self.assertFalse(self.find(country=self.spain)[0], stage)

    def test_a_territory_of_another_company_is_not_asked(self):
        other = self.env["res.company"].create({"name": "Second"})
        self.create_territory("Iberia", country_ids=self.spain, company_id=other.id)
        self.assertFalse(self.find(country=self.spain)[0])


@tagged("post_install", "-at_install")
class TestDealerTerritoryOverlap(DealerCase):
    """Exclusive territories do not overlap."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.create_territory(
            "Iberia", is_exclusive=True, country_ids=cls.spain, category_ids=cls.fans
        )

    def other(self, **values):
        values.setdefault("is_exclusive", True)
        return self.create_territory("Boreas' Own", self.boreas, **values)

    def assert_refused(self, **values):
        names = r"Boreas' Own \(Boreas Ltd\) overlaps Iberia \(Ventus Trading\)\."
        with self.assertRaisesRegex(ValidationError, names):
            self.other(**values)

    def test_the_same_place_is_refused_with_both_names(self):
        self.assert_refused(country_ids=self.spain)

    def test_a_part_of_the_place_or_of_the_category_is_refused(self):
        self.assert_refused(state_ids=self.madrid)
        self.assert_refused(country_ids=self.spain, category_ids=self.towers)
        self.assert_refused()

    def test_other_places_categories_and_times_are_not(self):
        self.other(country_ids=self.peru)
        self.other(country_ids=self.spain, category_ids=self.lamps)
        self.first.date_end = self.today
        self.other(country_ids=self.spain, date_start=self.today + timedelta(days=1))
        self.assert_refused(country_ids=self.spain, date_start=self.today)

    def test_different_states_of_a_country_do_not_overlap(self):
        self.first.state_ids = self.madrid
        self.other(state_ids=self.seville)
        self.assert_refused(state_ids=self.madrid)

    def test_one_that_is_not_exclusive_may_overlap_until_it_becomes_so(self):
        other = self.other(country_ids=self.spain, is_exclusive=False)
        with self.assertRaisesRegex(ValidationError, "overlaps Iberia"):
            other.is_exclusive = True
        other.active = False
        other.is_exclusive = True
        with self.assertRaisesRegex(ValidationError, "overlaps Iberia"):
            other.active = True

    def test_where_an_ended_dealer_worked_another_may(self):
        self.ventus.dealer_stage = "ended"
        self.assertFalse(self.first.active)
        self.other(country_ids=self.spain)
        self.ventus.dealer_stage = "active"
        with self.assertRaisesRegex(ValidationError, "overlaps Boreas' Own"):
            self.first.active = True

    def test_a_named_customer_inside_the_other_is_refused_unless_excluded(self):
        spanish = self.create_firm("Spanish", country_id=self.spain.id)
        self.assert_refused(partner_ids=spanish.ids)
        self.first.excluded_partner_ids = spanish
        self.other(partner_ids=spanish.ids)
        with self.assertRaisesRegex(ValidationError, "overlaps"):
            self.first.excluded_partner_ids = False

    def test_his_own_may_overlap(self):
        self.create_territory("Again", is_exclusive=True, country_ids=self.spain)

    def test_an_end_before_the_start_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Iberia ends before"):
            self.first.write({"date_start": "2026-02-01", "date_end": "2026-01-31"})


@tagged("post_install", "-at_install")
class TestDealerAssignment(DealerCase):
    """Leads and orders find their dealer, and keep why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.territory = cls.create_territory("Iberia", country_ids=cls.spain)
        cls.customer = cls.create_firm("Sol SA", country_id=cls.spain.id)
        cls.rep = new_test_user(
            cls.env, "territory_rep", groups="sales_team.group_sale_salesman"
        )

    def create_lead(self, **values):
        return self.env["crm.lead"].create({"name": "Fans", **values})

    def test_a_lead_takes_the_dealer_of_its_place(self):
        lead = self.create_lead(partner_id=self.customer.id)
        self.assertEqual(lead.dealer_id, self.ventus)
        self.assertEqual(lead.dealer_territory_id, self.territory)
        self.assertEqual(lead.dealer_reason, "Iberia: Spain.")
        lead.country_id = self.peru
        self.assertFalse(lead.dealer_id)
        self.assertFalse(lead.dealer_reason)

    def test_several_leads_get_each_their_own(self):
        """The host's geographic assignment gives all the first one's."""
        self.create_territory("Andes", self.boreas, country_ids=self.peru)
        leads = self.env["crm.lead"].create(
            [
                {"name": str(number), "country_id": country.id}
                for number, country in enumerate((self.spain, self.peru, self.spain))
            ]
        )
        dealers = [lead.dealer_id for lead in leads]
        self.assertEqual(dealers, [self.ventus, self.boreas, self.ventus])

    def test_how_the_dealer_was_found_is_not_written_by_hand(self):
        leads = self.env["crm.lead"].with_user(self.rep)
        forged = {
            "dealer_source": "registration",
            "dealer_reason": "Registered deal DR9.",
            "dealer_territory_id": self.create_territory("Iberia").id,
        }
        by_default = {f"default_{name}": value for name, value in forged.items()}
        made = leads.with_context(**by_default).create(
            {"name": "Fans", "dealer_id": self.boreas.id, **forged}
        )
        reason = f"Chosen by {self.rep.name}."
        self.assertEqual((made.dealer_source, made.dealer_reason), ("manual", reason))
        self.assertFalse(made.dealer_territory_id)
        for name, value in forged.items():
            with self.assertRaisesRegex(UserError, "Why This Dealer"):
                made.write({"dealer_id": self.boreas.id, name: value})
        order = (
            self.env["sale.order"]
            .with_user(self.rep)
            .create({"partner_id": self.customer.id, **forged})
        )
        self.assertNotEqual(order.dealer_source, "registration")
        with self.assertRaisesRegex(UserError, "Why This Dealer"):
            order.dealer_source = "registration"

    def test_who_was_chosen_by_a_person_stays(self):
        lead = self.create_lead(partner_id=self.customer.id)
        lead.with_user(self.rep).sudo().dealer_id = self.boreas
        self.assertEqual(lead.dealer_reason, f"Chosen by {self.rep.name}.")
        self.assertFalse(lead.dealer_territory_id)
        lead.country_id = self.peru
        self.assertEqual(lead.dealer_id, self.boreas)
        lead.dealer_id = False
        self.assertFalse(lead.dealer_reason)
        lead.country_id = self.spain
        self.assertEqual(lead.dealer_id, self.ventus)

    def test_a_contact_of_the_dealer_is_chosen_as_his_firm(self):
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.boreas.id}
        )
        lead = self.create_lead(dealer_id=contact.id)
        self.assertEqual(lead.dealer_id, self.boreas)

    def test_an_order_of_the_dealer_is_his(self):
        order = self.env["sale.order"].create({"partner_id": self.boreas.id})
        self.assertEqual(order.dealer_id, self.boreas)
        self.assertEqual(order.dealer_reason, "The customer is the dealer himself.")

    def test_an_order_goes_by_its_delivery_address_and_its_products(self):
        self.territory.category_ids = self.fans
        site = self.create_firm("Site", country_id=self.spain.id)
        abroad = self.create_firm("Abroad", country_id=self.peru.id)
        order = self.env["sale.order"].create(
            {"partner_id": abroad.id, "partner_shipping_id": site.id}
        )
        self.assertFalse(order.dealer_id)
        product = self.env["product.product"].create(
            {"name": "Fan", "categ_id": self.towers.id}
        )
        order.order_line = [(0, 0, {"product_id": product.id})]
        self.assertEqual(order.dealer_id, self.ventus)
        order.action_confirm()
        order.partner_shipping_id = abroad
        self.assertEqual(order.dealer_id, self.ventus)

    def test_an_order_has_the_dealer_of_its_opportunity(self):
        lead = self.create_lead(partner_id=self.customer.id, dealer_id=self.boreas.id)
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "opportunity_id": lead.id}
        )
        self.assertEqual(order.dealer_id, self.boreas)
        self.assertEqual(order.dealer_reason, lead.dealer_reason)

    def test_a_salesperson_without_rights_on_territories_writes_his_leads(self):
        lead = (
            self.env["crm.lead"]
            .with_user(self.rep)
            .create({"name": "Fans", "country_id": self.spain.id})
        )
        self.assertEqual(lead.dealer_id, self.ventus)
        with self.assertRaises(AccessError):
            self.territory.with_user(self.rep).name = "Mine"

    def test_finding_many_takes_no_more_queries_than_finding_few(self):
        counts = []
        for size in (2, 20):
            leads = self.create_lead_batch(size)
            before = self.env.cr.sql_log_count
            leads._assign_dealer()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def create_lead_batch(self, size):
        leads = self.env["crm.lead"].create(
            [
                {"name": str(number), "country_id": self.spain.id}
                for number in range(size)
            ]
        )
        self.env.invalidate_all()
        return leads


@tagged("post_install", "-at_install")
class TestDealerTerritorySpot(DealerCase):
    """White spots are where customers and leads are, and no dealer."""

    def spot(self, country, state=None):
        self.env.flush_all()
        return self.env["dealer.territory.spot"].search(
            [
                ("country_id", "=", country.id),
                ("state_id", "=", state and state.id),
                ("company_id", "=", self.env.company.id),
            ]
        )

    def test_a_place_with_leads_and_no_dealer_is_white(self):
        country = self.env.ref("base.is")
        self.assertFalse(self.spot(country))
        self.env["crm.lead"].create({"name": "Fans", "country_id": country.id})
        spot = self.spot(country)
        self.assertEqual((spot.coverage, spot.lead_count), ("white", 1))
        self.create_territory("North", country_ids=country, category_ids=self.fans)
        self.env.invalidate_all()
        self.assertEqual(self.spot(country).coverage, "partial")
        self.create_territory("Ice", self.boreas, country_ids=country)
        self.env.invalidate_all()
        spot = self.spot(country)
        self.assertEqual((spot.coverage, spot.dealer_count), ("open", 2))
        self.assertEqual(spot.dealer_names, "Boreas Ltd, Ventus Trading")
        action = spot.action_open_leads()
        self.assertEqual(self.env["crm.lead"].search_count(action["domain"]), 1)

    def test_states_count_apart_where_states_are_named(self):
        for state in (self.madrid, self.seville):
            self.env["crm.lead"].create(
                {"name": "Fans", "country_id": self.spain.id, "state_id": state.id}
            )
        self.create_territory("Madrid", state_ids=self.madrid, is_exclusive=True)
        self.assertEqual(self.spot(self.spain, self.madrid).coverage, "exclusive")
        self.assertEqual(self.spot(self.spain, self.seville).coverage, "white")

    def test_a_state_named_in_a_territory_is_a_place_before_anybody_asks(self):
        self.assertFalse(self.spot(self.spain, self.madrid))
        self.create_territory("Madrid", state_ids=self.madrid)
        self.env.invalidate_all()
        spot = self.spot(self.spain, self.madrid)
        self.assertEqual((spot.coverage, spot.lead_count), ("open", 0))

    def test_a_customer_counts_and_a_dealer_does_not(self):
        country = self.env.ref("base.is")
        firm = self.create_firm("Volcano", country_id=country.id)
        dealer = self.create_firm(
            "Geyser", country_id=country.id, dealer_stage="active"
        )
        self.env["partner.stage"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.env.company.id,
                    "stage": "prospect",
                    "since": self.today,
                    "is_current": True,
                }
                for partner in (firm, dealer)
            ]
        )
        spot = self.spot(country)
        self.assertEqual(spot.customer_count + spot.prospect_count, 1)
        found = self.env["res.partner"].search(spot.action_open_customers()["domain"])
        self.assertIn(firm, found)
        self.assertNotIn(dealer, found)
