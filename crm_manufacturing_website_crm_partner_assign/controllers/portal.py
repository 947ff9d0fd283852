from odoo import http
from odoo.http import request

from odoo.addons.website_crm_partner_assign.controllers.main import WebsiteAccount

LEADS = "/my/dealer/leads"


def redirect_dealer(_error=None, **args):
    """A dealer's page of the lead in a route's arguments, where it was offered to his
    firm, or his list; None for users who work for no dealer."""
    firm = request.env.user.partner_id._get_portal_dealer()
    if not firm:
        return None
    # sudo: a dealer has no rights on what he was offered, the domain says whose
    offers = request.env["dealer.offer"].sudo()
    domain = offers._get_portal_domain(firm, request.env.company)
    ids = [record.id for record in args.values()]
    offer = ids and offers.search([*domain, ("lead_id", "in", ids)], limit=1)
    return request.redirect(f"{LEADS}/{offer.id}" if offer else LEADS)


class DealerWebsiteAccount(WebsiteAccount):
    """A dealer has one page for his leads: ours, where he accepts before he reads whom
    he is to call. Resellers who are no dealers keep the host's."""

    @http.route()
    def portal_my_leads(self, *args, **kw):
        return redirect_dealer() or super().portal_my_leads(*args, **kw)

    @http.route()
    def portal_my_opportunities(self, *args, **kw):
        return redirect_dealer() or super().portal_my_opportunities(*args, **kw)

    # the record's rule refuses a dealer before the page is asked

    @http.route(handle_params_access_error=redirect_dealer)
    def portal_my_lead(self, *args, **kw):
        return super().portal_my_lead(*args, **kw)

    @http.route(handle_params_access_error=redirect_dealer)
    def portal_my_opportunity(self, *args, **kw):
        return super().portal_my_opportunity(*args, **kw)
