from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date
from odoo.tools.sql import escape_psql

from odoo.addons.iap.tools.iap_tools import mail_prepare_for_domain_search

from ..tools.end_customer import get_domain, normalise_name, normalise_vat
from .dealer_registration import CHANNEL, MANAGER

SHOWN_STATES = ("submitted", "approved", "returned", "won")
READERS = f"{CHANNEL},{MANAGER}"
NAME, NUMBER = "name:", "number:"
# what says who it is within one country alone
WITHIN_COUNTRY = (NAME, NUMBER)


class DealerRegistration(models.Model):
    """The same deal, registered twice: who else is at it, and who blocks whom."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "dealer.registration"

    key_ids = fields.Many2many(
        "dealer.end.key", readonly=True, copy=False, groups="base.group_system"
    )
    conflict_ids = fields.Many2many(
        "dealer.registration",
        "dealer_registration_conflict_rel",
        "registration_id",
        "conflict_id",
        string="Conflicting Registrations",
        readonly=True,
        copy=False,
        groups=READERS,
    )
    conflict_lead_ids = fields.Many2many(
        "crm.lead",
        string="Our Own Leads",
        compute="_compute_own",
        groups=READERS,
        help="Shown, never in the way.",
    )
    conflict_partner_ids = fields.Many2many(
        "res.partner",
        string="Our Own Customers",
        compute="_compute_own",
        groups=READERS,
        help="Shown, never in the way.",
    )
    conflict_count = fields.Integer(
        string="Conflicts", compute="_compute_conflict_count", groups=READERS
    )
    is_blocked = fields.Boolean(
        string="Blocked",
        compute="_compute_conflict_count",
        groups=READERS,
        help="An approved registration has the same end customer and product.",
    )

    @api.depends("conflict_ids.state")
    def _compute_conflict_count(self):
        for deal in self:
            deal.conflict_count = len(deal.conflict_ids)
            deal.is_blocked = "approved" in deal.conflict_ids.mapped("state")

    @api.depends("end_website", "end_partner_id")
    def _compute_end_domain(self):
        for deal in self:
            firm = deal.end_partner_id.commercial_partner_id
            found = deal._get_domains(deal.end_website, firm.email)
            deal.end_domain = next(iter(found), deal.end_domain)

    # ------------------------------------------------------------------
    # Who is the end customer
    # ------------------------------------------------------------------

    @api.model
    def _get_domains(self, *addresses):
        """Domains of firms; those of mail providers say nothing."""
        domains = dict.fromkeys(filter(None, map(get_domain, addresses)))
        return [
            d for d in domains if mail_prepare_for_domain_search(f"x@{d}")[0] == "@"
        ]

    def _get_key_names(self):
        """The end customer's keys: by what we know and by what the dealer wrote."""
        firm = self.end_partner_id.commercial_partner_id
        country = self.end_country_id.code or ""
        names = [f"partner:{firm.id}"] if firm else []
        vats = (normalise_vat(firm.vat, country), normalise_vat(self.end_vat, country))
        names += [f"vat:{vat}" for vat in vats if vat]
        # where one dealer names no country and the other does
        numbers = (vat.removeprefix(country) for vat in vats)
        names += [f"{NUMBER}{number}" for number in numbers if number]
        addresses = (self.end_domain, self.end_website, firm.website, firm.email)
        names += [f"domain:{domain}" for domain in self._get_domains(*addresses)]
        titles = (normalise_name(firm.name), normalise_name(self.end_name))
        return {*names, *(f"{NAME}{title}" for title in titles if title)}

    def _sync_keys(self):
        """Bring the keys to what is known of the end customers now."""
        # sudo: keys are the engine's; who registers a deal has no rights on them
        for deal in self.sudo():
            keys = deal.env["dealer.end.key"]._get_or_create(deal._get_key_names())
            if keys != deal.key_ids:
                deal.key_ids = [Command.set(keys.ids)]

    def _merge_partners(self, destination):
        """The end customer's keys, after contacts were merged into ``destination``."""
        deals = self.search(
            [
                ("end_partner_id", "child_of", destination.commercial_partner_id.id),
                ("state", "!=", "draft"),
            ]
        )
        deals._sync_keys()
        deals._note_conflicts()
        (deals.conflict_ids - deals)._note_conflicts()
        for deal in deals.filtered(lambda one: one.state == "approved"):
            if deal.is_blocked:
                # two were right until their end customers became one
                today = deal.company_id._get_today()
                deal._schedule(deal._get_answerer(), today, "clash")

    # ------------------------------------------------------------------
    # Who else is at it
    # ------------------------------------------------------------------

    def _get_conflict_domain(self):
        """The registrations that mean the same deal: one end customer, and a product
        or category in common. Extend it to see more or fewer as the same."""
        self.ensure_one()
        return (
            self._get_same_customer_domain()
            & Domain("id", "!=", self.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("state", "in", SHOWN_STATES)
            & self._get_common_domain()
        )

    def _get_same_customer_domain(self):
        """One key in common; name and bare tax number are none between two
        countries."""
        keys = self.key_ids
        names = keys.filtered(lambda key: key.name.startswith(WITHIN_COUNTRY))
        same_place = Domain.TRUE
        if self.end_country_id:
            places = [self.end_country_id.id, False]
            same_place = Domain("end_country_id", "in", places)
        named = Domain("key_ids", "in", names.ids) & same_place
        # two questions: for one with an OR the database reads all registrations
        found = self.search(Domain("key_ids", "in", (keys - names).ids))
        return Domain("id", "in", (found | self.search(named)).ids)

    def _get_common_domain(self):
        """The same product in both, or a product or category inside the other's
        categories. Two products of one category are two deals."""
        categories = self.category_ids
        above = self.product_ids.categ_id | categories
        return Domain.OR(
            [
                Domain("product_ids", "in", self.product_ids.ids),
                Domain("category_ids", "parent_of", above.ids),
                Domain("category_ids", "child_of", categories.ids),
                Domain("product_ids.categ_id", "child_of", categories.ids),
            ]
        )

    def _find_conflicts(self):
        # sudo: the same deal is the same, whoever may read it; who asks is told states
        deal = self.sudo()
        return deal.search(deal._get_conflict_domain())

    def _note_conflicts(self):
        # sudo: the panel is written by the engine alone
        for deal in self.sudo():
            deal.conflict_ids = [Command.set(deal._find_conflicts().ids)]

    def _secure(self):
        """One approved registration per end customer and product, whoever writes it.

        The keys are written before the look, see their model.
        """
        # sudo: keys are the engine's
        for deal in self.sudo().filtered(lambda deal: deal.state == "approved"):
            deal.flush_recordset()
            deal.key_ids._lock()
            rivals = deal._find_conflicts().filtered(lambda o: o.state == "approved")
            if rivals:
                deal._refuse_rival(rivals[0])

    def _refuse_rival(self, rival):
        raise UserError(
            self.env._(
                "%(deal)s: %(rival)s is approved for this end customer and a product "
                "in common, until %(date)s.",
                deal=self.name,
                rival=rival.name,
                date=format_date(self.env, rival.protected_until),
            )
        )

    # ------------------------------------------------------------------
    # What we have ourselves
    # ------------------------------------------------------------------

    @api.depends("end_partner_id", "end_name", "end_vat", "end_domain", "end_website")
    def _compute_own(self):
        for deal in self:
            partners = deal._find_own_partners()
            deal.conflict_partner_ids = partners.filtered(
                lambda partner: partner.customer_stage not in (False, "suspect")
            )
            deal.conflict_lead_ids = deal._find_own_leads(partners)

    def _find_own_partners(self):
        """Our contacts that may be the end customer, as firms."""
        partners, firm = self.env["res.partner"], self.end_partner_id
        name = normalise_name(self.end_name)
        vat = normalise_vat(self.end_vat, self.end_country_id.code or "")
        domains = [Domain("vat", "in", [self.end_vat, vat])] if vat else []
        for domain in self._get_domains(self.end_domain, self.end_website):
            domains.append(Domain("email", "=ilike", f"%@{domain}"))
            domains.append(Domain("website", "ilike", domain))
        found = partners.search(Domain.OR(domains), limit=50) if domains else partners
        if name:
            word = max(name.split(), key=len)
            alike = partners.search([("name", "ilike", word)], limit=200)
            found |= alike.filtered(lambda one: normalise_name(one.name) == name)
        return (found | firm).commercial_partner_id

    def _find_own_leads(self, partners):
        """Open leads about the end customer that are not behind a registration."""
        leads = self.env["crm.lead"]
        domains = [Domain("partner_id", "child_of", partners.ids)]
        for domain in self._get_domains(self.end_domain, self.end_website):
            domains.append(Domain("email_domain_criterion", "=", f"@{domain}"))
        if self.end_name:
            domains.append(Domain("partner_name", "=ilike", escape_psql(self.end_name)))
        found = leads.search(
            Domain.OR(domains) & Domain("won_status", "=", "pending"), limit=50
        )
        # sudo: a lead behind any registration is that dealer's, and is not shown
        behind = self.sudo().search([("lead_id", "in", found.ids)])
        return found - behind.lead_id.with_env(self.env)
