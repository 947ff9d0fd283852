from datetime import date

from odoo import SUPERUSER_ID
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

TODAY = date(2026, 3, 31)


def lose_zones(env):
    """Leave companies, users and calendars with zones that nobody knows."""
    env.flush_all()
    env.cr.execute("UPDATE res_partner SET tz = 'Mars/Olympus'")
    env.cr.execute("UPDATE resource_calendar SET tz = 'Nowhere'")
    env.cr.execute("UPDATE resource_resource SET tz = 'Nowhere'")
    env.invalidate_all()


class ScorecardCase(AccountTestInvoicingCommon):
    """A company with a chart of accounts, a share card and ways to invoice.

    ``TODAY`` is the day every run of these tests is made for.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.env = cls.env(
            user=SUPERUSER_ID,
            context={"allowed_company_ids": cls.company.ids, "tracking_disable": True},
        )
        cls.company = cls.company.with_env(cls.env)
        cls.today = TODAY
        # what earlier data of the database may hold is nobody's business here
        cls.env["partner.scorecard"].search([]).active = False
        cls.card = cls._create_card("share", {"invoiced_revenue": {}})
        cls.company.pyramid_scorecard_id = cls.card
        cls.product = cls.env["product.product"].create(
            {"name": "Ceiling fan", "standard_price": 60.0, "taxes_id": False}
        )
        # a process reads these once: no cost of what a test counts
        cls.company._get_timezone()
        cls.card.band_ids.mapped("place")

    @classmethod
    def _create_card(cls, method, criteria, ladder=None, **values):
        """A card whose hysteresis is off unless asked for.

        :param criteria: ``{metric: values of the criterion}``
        :param ladder: ``{code: threshold}``, best first
        """
        ladder = ladder or (
            {"A": 80, "B": 95, "C": 99, "D": 100}
            if method == "share"
            else {"A": 80, "B": 60, "C": 40, "D": 0}
        )
        return cls.env["partner.scorecard"].create(
            {
                "name": f"Test {method}",
                "role": "customer",
                "method": method,
                "hysteresis": 0,
                "criterion_ids": [
                    Command.create({"metric": metric, **criterion})
                    for metric, criterion in criteria.items()
                ],
                "band_ids": [
                    Command.create(
                        {
                            "code": code,
                            "name": code,
                            "threshold": edge,
                            "sequence": place,
                        }
                    )
                    for place, (code, edge) in enumerate(ladder.items())
                ],
                **values,
            }
        )

    @classmethod
    def _create_user(cls, login, groups, **values):
        """A user of the company (and of ``company_ids``, if given)."""
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            **{
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                **values,
            },
        )

    @classmethod
    def _create_customer(cls, name, **values):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    @classmethod
    def _invoice(
        cls, partner, amount, day=TODAY, move_type="out_invoice", post=True, **values
    ):
        """An untaxed invoice (or credit note) of ``amount`` dated ``day``."""
        move = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Fans",
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                            **values.pop("line", {}),
                        }
                    )
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _order(cls, partner, day, amount=100.0, **values):
        """A confirmed sale order of ``amount`` at noon UTC of ``day``."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        order.action_confirm()
        order.date_order = f"{day} 12:00:00"
        return order

    @classmethod
    def _run(cls, card=None, today=None, **kwargs):
        return (card or cls.card)._run(cls.company, today or cls.today, **kwargs)

    def _score(self, partner, card=None):
        """The current row of a partner."""
        return self.env["partner.score"].search(
            [
                ("partner_id", "=", partner.id),
                ("scorecard_id", "=", (card or self.card).id),
                ("company_id", "=", self.company.id),
                ("is_current", "=", True),
            ]
        )

    def _bands(self, card=None):
        """``{partner name: code of the effective band}`` of the current rows."""
        scores = self.env["partner.score"].search(
            [
                ("scorecard_id", "=", (card or self.card).id),
                ("company_id", "=", self.company.id),
                ("is_current", "=", True),
            ]
        )
        return {s.partner_id.name: s.effective_band_id.code for s in scores}
