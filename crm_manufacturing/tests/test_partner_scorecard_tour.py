from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestPyramidTour(HttpCase):
    """The pyramid in a browser: a manager uses it, a salesperson sees his part."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Tour Fans Ltd"})
        cls.env["account.chart.template"].try_loading(
            "generic_coa", cls.company, install_demo=False
        )
        cls.rep = cls._create_user("tour_rep", "sales_team.group_sale_salesman")
        cls.manager = cls._create_user(
            "tour_manager",
            "crm_manufacturing.group_manager,account.group_account_invoice",
        )
        for name, amount, user in (
            ("Tour Big Fans", 850, cls.rep),
            ("Tour Small Fans", 50, cls.manager),
        ):
            cls._invoice(name, amount, user)
        today = cls.company._get_today()
        cls.company.pyramid_scorecard_id._run(cls.company, today)
        cls.env["partner.stage"]._run(cls.company, today)

    @classmethod
    def _create_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            tour_enabled=False,
        )

    @classmethod
    def _invoice(cls, name, amount, user):
        partner = cls.env["res.partner"].create(
            {"name": name, "is_company": True, "user_id": user.id}
        )
        invoice = (
            cls.env["account.move"]
            .with_company(cls.company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": fields.Date.today(),
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Fans",
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        invoice.action_post()

    def test_a_manager_reads_why_and_overrides(self):
        self.start_tour(
            "/odoo/customer-pyramid",
            "crm_manufacturing.pyramid_manager",
            login="tour_manager",
            timeout=180,
        )
        log = self.env["partner.score.override"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(log.reason, "Pays late since spring")
        self.assertEqual(log.band_id.code, "B")
        self.assertEqual(log.user_id, self.manager)

    def test_a_salesperson_neither_recomputes_nor_overrides(self):
        self.start_tour(
            "/odoo/customer-pyramid",
            "crm_manufacturing.pyramid_salesperson",
            login="tour_rep",
            timeout=180,
        )
