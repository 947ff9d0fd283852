from odoo import SUPERUSER_ID, api
from odoo.tools.convert import convert_file

# a card nobody is made to keep is not created by an upgrade
NEW_DATA = ("data/dealer_scorecard_data.xml",)


def migrate(cr, version):
    """The dealers' card, once; who had a level was a dealer to us, and stays one."""
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    for file in NEW_DATA:
        convert_file(env, "crm_manufacturing", file, {}, mode="init", noupdate=True)
    graded = env["res.partner"].search(
        [("grade_id", "!=", False), ("dealer_stage", "=", False)]
    )
    firms = graded.filtered(lambda partner: partner.commercial_partner_id == partner)
    firms.write({"dealer_stage": "active"})
    _leave_dealers_to_their_rule(env)
    _say_whose_releases_are(env)


def _say_whose_releases_are(env):
    """Who was let pass before a release kept it: its order's customer and currency."""
    for release in env["customer.credit.release"].search([("partner_id", "=", False)]):
        order = release.order_id
        release.write(
            {"partner_id": order.partner_id.id, "currency_id": order.currency_id.id}
        )


def _leave_dealers_to_their_rule(env):
    """The rule on contracts, where nobody changed whom it is for."""
    rule = env.ref("crm_manufacturing.cadence_contract", raise_if_not_found=False)
    if rule and (rule.partner_domain or "[]") == "[]":
        stages = ["recruited", "active", "watch", "ended"]
        rule.partner_domain = str([("dealer_stage", "not in", stages)])
