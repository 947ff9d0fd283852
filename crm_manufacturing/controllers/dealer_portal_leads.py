from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager

from .dealer_portal import DealerPortal

LEADS = "/my/dealer/leads"
LEADS_SHOWN = 20


class DealerLeadPortal(DealerPortal):
    """Leads given to a dealer: accept, decline, and say what has moved."""

    def _get_dealer_pages(self):
        return [("leads", LEADS, request.env._("Leads")), *super()._get_dealer_pages()]

    def _get_dealer_counts(self, firm):
        offers = self._get_dealer_model("dealer.offer")
        domain = [*self._get_lead_domain(firm), ("state", "=", "offered")]
        counts = super()._get_dealer_counts(firm)
        return {**counts, "leads": offers.search_count(domain)}

    def _get_lead_domain(self, firm):
        offers = self._get_dealer_model("dealer.offer")
        return offers._get_portal_domain(firm, self._get_company())

    def _find_offer(self, firm, offer_id):
        """The firm's own offer of that id; anything else does not exist."""
        domain = [*self._get_lead_domain(firm), ("id", "=", offer_id)]
        offer = self._get_dealer_model("dealer.offer").search(domain)
        if not offer:
            raise NotFound()
        return offer

    @http.route(
        [LEADS, f"{LEADS}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_dealer_leads(self, page=1, **_kwargs):
        firm = self._get_firm()
        offers, domain = (
            self._get_dealer_model("dealer.offer"),
            self._get_lead_domain(firm),
        )
        pages = pager(
            url=LEADS, total=offers.search_count(domain), page=page, step=LEADS_SHOWN
        )
        found = offers.search(domain, limit=LEADS_SHOWN, offset=pages["offset"])
        return self._render_dealer_page(
            "dealer_portal_leads",
            "leads",
            pager=pages,
            offers=[offer._get_portal_page() for offer in found],
        )

    @http.route(
        f"{LEADS}/<int:offer_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_dealer_lead(self, offer_id, **_kwargs):
        return self._render_lead(self._find_offer(self._get_firm(), offer_id))

    def _render_lead(self, offer, problem=None, typed=None):
        return self._render_dealer_page(
            "dealer_portal_lead",
            "leads",
            offer=offer._get_portal_page(),
            problem=problem,
            typed=typed or "",
        )

    @http.route(
        f"{LEADS}/<int:offer_id>/answer",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_dealer_lead_answer(self, offer_id, **post):
        """``do``: ``accept``, ``decline`` or ``report``, with ``words``."""
        offer = self._find_offer(self._get_firm(), offer_id)
        # of two people who answer at once the second waits, and the host tries again
        problem = offer._take_portal_answer(post.get("do"), post.get("words"))
        if problem:
            return self._render_lead(offer, problem, post.get("words"))
        return request.redirect(f"{LEADS}/{offer.id}")
