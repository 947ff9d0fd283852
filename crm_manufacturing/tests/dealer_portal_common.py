import json
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.fields import Command
from odoo.tests import HttpCase

from .common import ScorecardCase

PORTAL = "base.group_portal"


class DealerPortalCase(ScorecardCase, HttpCase):
    """Dealer A with two people, dealer B, a customer in the portal, an employee.

    Users and pages live in the company of the card; days are today's, since the pages
    are asked over HTTP.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._get_today()
        cls.month = cls.today.replace(day=1) - relativedelta(months=1)
        cls.channel = cls._create_user(
            "portal_channel", "crm_manufacturing.group_channel_manager"
        )
        cls.ventus = cls._create_dealer("Ventus Trading")
        cls.ada = cls._create_person("ada", cls.ventus)
        cls.abe = cls._create_person("abe", cls.ventus)
        cls.boreas = cls._create_dealer("Boreas Ventilation")
        cls.bea = cls._create_person("bea", cls.boreas)
        cls.customer = cls._create_customer("Mill & Sons")
        cls.cid = cls._create_person("cid", cls.customer)
        cls.eve = cls._create_user("eve", "base.group_user")

    @classmethod
    def _create_dealer(cls, name, **values):
        return cls._create_customer(
            name,
            dealer_stage="active",
            dealer_manager_id=cls.channel.id,
            dealer_contract_start=cls.today - relativedelta(months=6),
            **values,
        )

    @classmethod
    def _create_person(cls, login, firm):
        user = cls._create_user(login, PORTAL)
        user.partner_id.write({"parent_id": firm.id, "email": f"{login}@x.example"})
        return user

    def _login(self, login):
        self.authenticate(login, login)

    def _get(self, url, login=None):
        if login:
            self._login(login)
        return self.url_open(url)

    def _post(self, url, fields=None, token=True, files=None, page="/my/home"):
        """POST as a browser would, with the token of a page."""
        fields = dict(fields or {})
        if token:
            fields["csrf_token"] = self._get_token(page)
        return self.url_open(url, data=fields, files=files)

    def _get_token(self, page):
        text = self.url_open("/my/dealer/results").text
        found = text.split('csrf_token: "')
        return found[1].split('"')[0]

    def _call(self, model, method, *args, **kwargs):
        """The answer of an RPC of who is logged in: ``(result, error)``."""
        payload = {
            "jsonrpc": "2.0",
            "params": {
                "model": model,
                "method": method,
                "args": args,
                "kwargs": kwargs,
            },
        }
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(payload),
            headers={"Content-Type": "application/json"},
        ).json()
        return answer.get("result"), answer.get("error")

    def assert_missing(self, *urls):
        for url in urls:
            self.assertEqual(self.url_open(url).status_code, 404, url)

    @classmethod
    def _sell(cls, partner, quantity=10, product=None, ship=False):
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.product).id,
                            "product_uom_qty": quantity,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        if ship:
            picking = order.picking_ids
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty
                move.picked = True
            picking.button_validate()
            day = f"{cls.month.replace(day=10)} 12:00:00"
            picking.move_ids.date = day
            picking.move_line_ids.date = day
        return order

    @classmethod
    def _first_of(cls, months_back):
        first = date(cls.today.year, cls.today.month, 1)
        return first - relativedelta(months=months_back)
