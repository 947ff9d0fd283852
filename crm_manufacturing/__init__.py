from . import models, wizard, report


def post_init_hook(env):
    """Orders open at install are held to their present dates, marked as estimated."""
    env["sale.order.line"]._estimate_open_promises()
    env["purchase.order.line"]._estimate_open_promises()
