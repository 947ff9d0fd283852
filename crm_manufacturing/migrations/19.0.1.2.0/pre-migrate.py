from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """An upgrade brings our rules of access up to date; they were made once before."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    rules = env["ir.model.data"].search(
        [("module", "=", "crm_manufacturing"), ("model", "=", "ir.rule")]
    )
    rules.write({"noupdate": False})
