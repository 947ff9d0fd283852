from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_cadence import CadenceCase

DAY = date(2026, 3, 10)


class EndCase(CadenceCase):
    """A dealer, the end customer behind him, and a fan with serials."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{DAY} 12:00:00"))
        cls.dealer = cls._create_customer(
            "Ventus Trading", dealer_stage="active", user_id=cls.rep.id
        )
        cls.end = cls._create_customer("Sol SA", user_id=cls.rep.id)
        cls.other = cls._create_customer("Luna SA", user_id=cls.rep.id)
        cls.fan = cls.env["product.product"].create(
            {
                "name": "HVLS",
                "is_storable": True,
                "tracking": "serial",
                "expected_life_months": 60,
            }
        )
        cls.channel = cls._create_user(
            "end_channel", "crm_manufacturing.group_channel_manager"
        )

    @classmethod
    def register(cls, end=None, lead=None, **values):
        deal = cls.env["dealer.registration"].create(
            {
                "dealer_id": cls.dealer.id,
                "end_partner_id": (cls.end if end is None else end).id,
                "product_ids": cls.fan.ids,
                "lead_id": lead and lead.id,
                **values,
            }
        )
        deal.action_submit()
        deal.with_user(cls.channel).action_approve()
        return deal

    @classmethod
    def order(cls, lead=None, partner=None, quantity=1):
        return cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.dealer).id,
                "opportunity_id": lead and lead.id,
                "order_line": [
                    Command.create(
                        {"product_id": cls.fan.id, "product_uom_qty": quantity}
                    )
                ],
            }
        )

    @classmethod
    def deliver(cls, order, *names, day=DAY):
        """Confirm and ship the order with these serials."""
        order.action_confirm()
        return cls.ship(order.picking_ids, *names, day=day)

    @classmethod
    def ship(cls, picking, *names, day=DAY):
        source = picking.location_id
        lots = cls.env["stock.lot"]
        for name in names:
            lot = lots.search([("name", "=", name), ("product_id", "=", cls.fan.id)])
            if not lot:
                lot = lots.create({"name": name, "product_id": cls.fan.id})
                cls.env["stock.quant"]._update_available_quantity(
                    cls.fan, source, 1, lot_id=lot
                )
            lots |= lot
        picking.action_assign()
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": cls.fan.id,
                    "lot_id": lot.id,
                    "quantity": 1,
                    "location_id": source.id,
                    "location_dest_id": picking.location_dest_id.id,
                    "picking_id": picking.id,
                }
            )
            for lot in lots
        ]
        picking.move_ids.picked = True
        picking.button_validate()
        picking.date_done = f"{day} 12:00:00"
        return lots

    @classmethod
    def report(cls, *sales, period=date(2026, 2, 1), quantity=None):
        """A report in which each ``(end customer or name, serials)`` was sold."""
        named = [
            {
                "end_partner_id": getattr(end, "id", False),
                "end_name": end if isinstance(end, str) else False,
                "serials": serials,
                "quantity": quantity or len(serials.split(",")),
            }
            for end, serials in sales
        ]
        return cls.env["dealer.stock.report"].create(
            {
                "dealer_id": cls.dealer.id,
                "period": period,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": cls.fan.id,
                            "opening_qty": 1000,
                            "sold_qty": sum(sale["quantity"] for sale in named),
                            "sale_ids": [Command.create(sale) for sale in named],
                        }
                    )
                ],
            }
        )


@tagged("post_install", "-at_install")
class TestDealerEndCustomer(EndCase):
    """The end customer behind a dealer, on order lines and serials."""

    def test_a_registered_deal_says_for_whom_the_dealer_buys(self):
        deal = self.register()
        order = self.order(deal.lead_id)
        self.assertEqual(order.order_line.end_partner_id, self.end)
        more = self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": self.fan.id}
        )
        note = self.env["sale.order.line"].create(
            {"order_id": order.id, "display_type": "line_note", "name": "Thanks"}
        )
        self.assertEqual(more.end_partner_id, self.end)
        self.assertFalse(note.end_partner_id)

    def test_without_registration_the_customer_of_the_opportunity(self):
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.end.id}
        )
        lead = self.env["crm.lead"].create({"name": "X", "partner_id": contact.id})
        self.assertEqual(self.order(lead).order_line.end_partner_id, self.end)

    def test_where_no_dealer_buys_nobody_is_behind(self):
        lead = self.env["crm.lead"].create({"name": "X", "partner_id": self.end.id})
        order = self.order(lead, partner=self.other)
        self.assertFalse(order.order_line.end_partner_id)
        own = self.env["crm.lead"].create({"name": "X", "partner_id": self.dealer.id})
        self.assertFalse(self.order(own).order_line.end_partner_id)
        self.assertFalse(self.order().order_line.end_partner_id)

    def test_an_order_joined_to_its_opportunity_later(self):
        order = self.order()
        order.opportunity_id = self.register().lead_id
        self.assertEqual(order.order_line.end_partner_id, self.end)

    def test_what_is_learned_later_reaches_order_and_serials(self):
        lead = self.env["crm.lead"].create({"name": "X"})
        order = self.order(lead, quantity=2)
        lots = self.deliver(order, "A1", "A2")
        self.assertFalse(lots.end_partner_id)
        lead.partner_id = self.other
        self.assertEqual(order.order_line.end_partner_id, self.other)
        self.assertEqual(lots.end_partner_id, self.other)
        self.register(lead=lead)
        self.assertEqual(order.order_line.end_partner_id, self.end)
        self.assertEqual(lots.end_partner_id, self.end)

    def test_what_a_person_entered_stays_and_nothing_known_is_forgotten(self):
        deal = self.register()
        order, entered = self.order(deal.lead_id), self.order(deal.lead_id)
        entered.order_line.end_partner_id = self.other
        deal.answer = "Nothing moves"
        deal.with_user(self.channel).action_return()
        deal.lead_id.partner_id = False
        self.assertEqual(order.order_line.end_partner_id, self.end)
        self.assertEqual(entered.order_line.end_partner_id, self.other)
        self.assertFalse(order.copy().order_line.end_partner_id)

    def test_serials_take_him_from_the_line_and_lose_him_on_their_way_back(self):
        order = self.order(self.register().lead_id, quantity=2)
        lots = self.deliver(order, "A1", "A2")
        self.assertEqual(lots.mapped("end_partner_id"), self.end)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=order.picking_ids.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.ship(back, "A1")
        self.assertFalse(lots[0].end_partner_id)
        self.assertEqual(lots[1].end_partner_id, self.end)
        order.order_line.end_partner_id = self.other
        self.assertFalse(lots[0].end_partner_id)
        self.assertEqual(lots[1].end_partner_id, self.other)
        self.deliver(self.order(partner=self.other), "A1")
        order.order_line.end_partner_id = self.end
        self.assertFalse(lots[0].end_partner_id)

    def test_sell_out_says_who_has_which_serial_since_when(self):
        order = self.order(quantity=3)
        lots = self.deliver(order, "A1", "A2", "A3")
        report = self.report((self.end, "A1, A2"), ("Somebody", "A3"))
        self.assertFalse(lots.end_partner_id)
        report.with_user(self.channel).action_submit()
        self.assertEqual(lots[:2].end_partner_id, self.end)
        self.assertEqual(set(lots.mapped("end_since")), {date(2026, 2, 28)})
        self.assertFalse(lots[2].end_partner_id)
        self.assertFalse(order.order_line.end_partner_id)

    def test_a_line_all_of_whose_serials_are_his_has_him_too(self):
        order = self.order(quantity=2)
        lots = self.deliver(order, "A1", "A2")
        self.report((self.end, "A1")).action_submit()
        self.assertFalse(order.order_line.end_partner_id)
        self.report((self.end, "A2"), period=date(2026, 3, 1)).action_submit()
        self.assertEqual(order.order_line.end_partner_id, self.end)
        self.assertEqual(
            lots.mapped("end_since"), [date(2026, 2, 28), date(2026, 3, 31)]
        )

    def test_sell_out_knows_better_than_the_registration(self):
        order = self.order(self.register().lead_id)
        lot = self.deliver(order, "A1")
        self.report((self.other, "A1")).action_submit()
        self.assertEqual(lot.end_partner_id, self.other)
        self.assertEqual(order.order_line.end_partner_id, self.end)

    def test_a_correction_takes_back_what_it_corrects(self):
        lots = self.deliver(self.order(quantity=2), "A1", "A2")
        report = self.report((self.end, "A1"))
        report.action_submit()
        action = report.action_correct()
        correction = report.browse(action["res_id"])
        correction.line_ids.sale_ids.serials = "A2"
        self.assertEqual(lots[0].end_partner_id, self.end)
        correction.action_submit()
        self.assertFalse(lots[0].end_partner_id)
        self.assertFalse(lots[0].end_since)
        self.assertEqual(lots[1].end_partner_id, self.end)

    def test_serials_not_delivered_to_the_dealer_are_refused(self):
        self.deliver(self.order(partner=self.other), "B1")
        report = self.report((self.end, "A1"))
        for name in ("B1", "NONE"):
            report.line_ids.sale_ids.serials = name
            message = f"{name} of HVLS were not delivered to Ventus Trading"
            with self.assertRaisesRegex(UserError, message):
                report.action_submit()

    def test_more_serials_than_sold_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "2 numbers for 1"):
            self.report((self.end, "A1, A2"), quantity=1)

    def test_another_companys_delivery_is_not_his(self):
        lots = self.deliver(self.order(), "A1")
        report = self.report((self.end, "A1"))
        company = self.env["res.company"].create({"name": "Second"})
        report.company_id = company
        with self.assertRaisesRegex(UserError, "were not delivered"):
            report.action_submit()
        self.assertFalse(lots.end_partner_id)

    def test_merged_end_customers_stay_known(self):
        order = self.order(self.register().lead_id)
        lot = self.deliver(order, "A1")
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.end | self.other).ids, self.other)
        self.assertEqual(order.order_line.end_partner_id, self.other)
        self.assertEqual(lot.end_partner_id, self.other)

    def test_the_portal_learns_nothing_of_him(self):
        portal = new_test_user(self.env, "end_portal", groups="base.group_portal")
        order = self.order(self.register().lead_id)
        order.message_subscribe(portal.partner_id.ids)
        line = order.order_line.with_user(portal)
        with self.assertRaises(AccessError):
            line.read(["end_partner_id"])
        for name in ("end_partner_id", "end_since"):
            field = self.env["stock.lot"]._fields[name]
            self.assertEqual(field.groups, "base.group_user")

    def test_queries_do_not_grow_with_the_serials(self):
        counts = []
        for size in (10, 200):
            order = self.order(quantity=size)
            names = [f"{size}-{number}" for number in range(size)]
            lots = self.deliver(order, *names)
            month = date(2026, 3 - len(counts), 1)
            report = self.report((self.end, ", ".join(names)), period=month)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            report.action_submit()
            self.env.flush_all()
            middle = self.env.cr.sql_log_count
            self.assertEqual(order.order_line.end_partner_id, self.end)
            order.order_line.end_partner_id = self.other
            self.env.flush_all()
            counts.append((middle - before, self.env.cr.sql_log_count - middle))
            self.assertEqual(lots.mapped("end_partner_id"), self.other)
        for few, many in zip(*counts, strict=True):
            self.assertLessEqual(many, few + 2)


@tagged("post_install", "-at_install")
class TestDealerEndTouch(EndCase):
    """Care and replacement go to the end customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule("serial_age", days=180)
        cls.lots = cls.deliver(
            cls.order(cls.register().lead_id, quantity=2), "A1", "A2"
        )

    def due(self):
        """``{(customer, due date)}`` of the open touchpoints of a plan of today."""
        self._plan(DAY)
        points = self.env["partner.touchpoint"].search(
            [("partner_id", "in", (self.dealer | self.end | self.other).ids)]
        )
        live = points.filtered(lambda one: one.state not in ("done", "skipped"))
        return {(point.partner_id, point.due_date) for point in live}

    def test_care_is_the_end_customers(self):
        self.assertEqual(self.due(), {(self.end, date(2026, 9, 6))})

    def test_unless_the_contract_leaves_him_to_the_dealer(self):
        self.dealer.dealer_no_direct_contact = True
        self.assertEqual(self.due(), {(self.dealer, date(2026, 9, 6))})
        self.dealer.dealer_stage = "ended"
        self.assertEqual(self.due(), {(self.end, date(2026, 9, 6))})

    def test_two_end_customers_behind_one_delivery_are_two(self):
        self.lots[0].end_partner_id = self.other
        due = date(2026, 9, 6)
        self.assertEqual(self.due(), {(self.end, due), (self.other, due)})

    def test_it_counts_from_the_month_the_dealer_sold_it(self):
        self.report((self.other, "A1"), period=date(2026, 3, 1)).action_submit()
        self.assertEqual(self.lots[0].end_since, date(2026, 3, 31))
        self.assertEqual(
            self.due(),
            {(self.end, date(2026, 9, 6)), (self.other, date(2026, 9, 27))},
        )

    def test_replacement_is_his_too(self):
        self.rule.active = False
        self._rule("serial_replacement", offset_number=-6, offset_type="months")
        lots = self.env["stock.move.line"].search([("lot_id", "in", self.lots.ids)])
        lots.picking_id.date_done = "2021-10-31 12:00:00"
        self.assertEqual(self.due(), {(self.end, date(2026, 4, 30))})

    def test_who_is_learned_to_be_behind_takes_over_the_open_touch(self):
        self.lots.end_partner_id = False
        self.assertEqual(self.due(), {(self.dealer, date(2026, 9, 6))})
        self.lots.end_partner_id = self.end
        self.assertEqual(self.due(), {(self.end, date(2026, 9, 6))})

    def test_the_brief_of_the_end_customer_lists_his_units(self):
        visits = self.env["crm.visit"]
        picking = self.lots._get_delivered_by(self.env["sale.order.line"].search([]))
        self.assertEqual(len(picking), 2)
        brief = {"partner": self.end, "company": self.company, "today": DAY}
        ((product, _first, count),) = visits._read_serials(brief)
        self.assertEqual((product, count), (self.fan, 2))
