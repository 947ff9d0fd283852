from . import controllers, models, wizard


def post_init_hook(env):
    """Leads given to dealers before know both sides."""
    leads = env["crm.lead"].with_context(active_test=False, tracking_disable=True)
    leads.search([("partner_assigned_id", "!=", False)])._join_dealer()
    leads.search([("dealer_id", "!=", False)])._compute_partner_assigned_id()
