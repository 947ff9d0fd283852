from odoo.tools import sql

from . import controllers, models, wizard, report

# fields of the host that we gave an index
INDEXED = (("mrp.production", "sale_line_id"), ("stock.move", "production_group_id"))


def post_init_hook(env):
    """Orders open at install are held to their present dates, marked as estimated."""
    env["sale.order.line"]._estimate_open_promises()
    env["purchase.order.line"]._estimate_open_promises()


def uninstall_hook(env):
    """What names a band goes first: the host removes our bands before our tables.

    The host's fields stay; their index goes.
    """
    env["partner.score.override"].search([]).unlink()
    env["partner.score"].search([]).unlink()
    for model, name in INDEXED:
        table = env[model]._table
        sql.drop_index(env.cr, sql.make_index_name(table, name), table)
