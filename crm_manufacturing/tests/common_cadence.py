from datetime import datetime, timedelta

from odoo.fields import Command

from .common import TODAY, ScorecardCase


class CadenceCase(ScorecardCase):
    """A company whose shipped rules are off, a salesperson, and ways to touch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["partner.cadence"]
        cls.rules.search([]).active = False
        cls.call = cls.env.ref("mail.mail_activity_data_call")
        cls.visit = cls.env.ref("crm_manufacturing.activity_visit")
        cls.senior = cls.env.ref("crm_manufacturing.activity_senior_visit")
        cls.rep = cls._create_user("cadence_rep", "sales_team.group_sale_salesman")
        cls.customer = cls._create_customer("Cairo Fans", user_id=cls.rep.id)

    @classmethod
    def _rule(cls, anchor="last_contact", days=0, activity_type=None, **values):
        """A rule for the test customers alone, every ``days``."""
        return cls.rules.create(
            {
                "name": f"Rule {anchor}",
                "sequence": 1,
                "activity_type_id": (activity_type or cls.call).id,
                "anchor": anchor,
                "interval_number": days,
                "partner_domain": f"[('user_id', '=', {cls.rep.id})]",
                **values,
            }
        )

    @classmethod
    def _plan(cls, today=None, partners=None, rules=None):
        rules = cls.rules if rules is None else rules
        return rules._run(cls.company, today or TODAY, partners)

    @classmethod
    def _touch(cls, record, day, activity_type=None, user=None, **values):
        """An activity of the host done on ``day``."""
        activity = cls.env["mail.activity"].create(
            {
                "activity_type_id": (activity_type or cls.call).id,
                "res_model_id": cls.env["ir.model"]._get_id(record._name),
                "res_id": record.id,
                "user_id": (user or cls.rep).id,
                "date_deadline": day,
                **values,
            }
        )
        activity.action_archive()
        activity.date_done = day
        return activity

    @classmethod
    def _meet(cls, partner, day, **values):
        """A meeting at 10:00 UTC."""
        start = datetime(day.year, day.month, day.day, 10)
        return cls.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": start,
                "stop": start + timedelta(hours=1),
                "user_id": cls.rep.id,
                "partner_ids": [Command.set((partner | cls.rep.partner_id).ids)],
                **values,
            }
        )

    @classmethod
    def _points(cls, partner=None, rule=None, **domain):
        found = [("partner_id", "=", (partner or cls.customer).id)]
        if rule:
            found.append(("cadence_id", "=", rule.id))
        found += [(name, "=", value) for name, value in domain.items()]
        return cls.env["partner.touchpoint"].search(found, order="id")

    @classmethod
    def _open(cls, partner=None, rule=None):
        return cls._points(partner, rule, is_open=True)

    @classmethod
    def _set_tier(cls, partner, code):
        """Override the tier: what the customer buys is nobody's business here."""
        band = cls.card.band_ids.filtered(lambda band: band.code == code)
        score = cls.env["partner.score"].search(
            [("partner_id", "=", partner.id), ("scorecard_id", "=", cls.card.id)]
        )
        if score:
            score.write({"override_band_id": band.id, "override_reason": "test"})
            return
        cls.env["partner.score"].create(
            {
                "scorecard_id": cls.card.id,
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "date": TODAY,
                "override_band_id": band.id,
                "override_reason": "test",
            }
        )

    @classmethod
    def _deliver(cls, partner, day, **values):
        """A delivery done on ``day``, at noon UTC."""
        picking_type = cls.env["stock.picking.type"].search(
            [("code", "=", "outgoing"), ("company_id", "=", cls.company.id)], limit=1
        )
        picking = cls.env["stock.picking"].create(
            {
                "partner_id": partner.id,
                "picking_type_id": picking_type.id,
                "location_id": picking_type.default_location_src_id.id,
                "location_dest_id": cls.env.ref("stock.stock_location_customers").id,
                **values,
            }
        )
        move = cls.env["stock.move"].create(
            {
                "product_id": cls.product.id,
                "product_uom_qty": 1,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )
        picking.action_confirm()
        move.quantity = 1
        move.picked = True
        picking.button_validate()
        picking.date_done = f"{day} 12:00:00"
        return picking
