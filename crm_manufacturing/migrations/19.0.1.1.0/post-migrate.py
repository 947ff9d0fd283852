from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Orders open before promises were recorded are held to their present dates."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["sale.order.line"]._estimate_open_promises()
    env["purchase.order.line"]._estimate_open_promises()
