from datetime import date

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# who is no dealer yet, or not any more
WITHOUT_TERRITORY = ("candidate", "ended")
SHAPE = (
    "active",
    "category_ids",
    "company_id",
    "country_ids",
    "date_end",
    "date_start",
    "dealer_id",
    "excluded_partner_ids",
    "is_exclusive",
    "partner_ids",
    "state_ids",
)


class DealerTerritory(models.Model):
    """Where, with what and with whom a dealer works for us.

    A country with states of its own in ``state_ids`` counts by those alone. Named
    customers are the dealer's wherever they are, excluded ones never. Without place and
    customer the territory is everywhere, without category it is everything.
    """

    _name = "dealer.territory"
    _description = "Dealer Territory"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10, help="A lead or order takes the first territory that fits."
    )
    dealer_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        domain=[("dealer_stage", "!=", False)],
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        domain=[("share", "=", False)],
        tracking=True,
        help="Who of us works here, is told of the dealer's leads and credited with "
        "what he wins.",
    )
    # none left means everywhere, or everything: what is named is not deleted
    country_ids = fields.Many2many(
        "res.country", string="Countries", tracking=True, ondelete="restrict"
    )
    state_ids = fields.Many2many(
        "res.country.state",
        string="States",
        tracking=True,
        ondelete="restrict",
        help="A country with states named here counts by those alone.",
    )
    category_ids = fields.Many2many(
        "product.category",
        string="Product Categories",
        tracking=True,
        ondelete="restrict",
        help="With those below them. Empty: everything.",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        "dealer_territory_partner_rel",
        string="Customers Named",
        tracking=True,
        help="His wherever they are.",
    )
    excluded_partner_ids = fields.Many2many(
        "res.partner",
        "dealer_territory_excluded_rel",
        string="Customers Excluded",
        tracking=True,
        help="Never his.",
    )
    is_exclusive = fields.Boolean(
        string="Exclusive",
        tracking=True,
        help="No other dealer's exclusive territory may have a place, customer and "
        "category of it at the same time.",
    )
    date_start = fields.Date(string="Valid From", tracking=True)
    date_end = fields.Date(string="Until", tracking=True, help="Last day.")

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for territory in self:
            start, end = territory._get_dates()
            if end < start:
                raise ValidationError(
                    self.env._(
                        "Until: %(territory)s ends before it starts.",
                        territory=territory.name,
                    )
                )

    @api.constrains(*SHAPE)
    def _check_overlap(self):
        """Exclusive territories of two dealers share nothing they could both sell."""
        for territory in self.filtered(lambda one: one.is_exclusive and one.active):
            others = self.search(
                [
                    ("id", "!=", territory.id),
                    ("company_id", "=", territory.company_id.id),
                    ("is_exclusive", "=", True),
                    ("dealer_id", "!=", territory.dealer_id.id),
                ]
            )
            for other in others:
                if territory._overlaps(other):
                    territory._refuse_overlap(other)

    def _refuse_overlap(self, other):
        raise ValidationError(
            self.env._(
                "Exclusive: %(territory)s (%(dealer)s) overlaps %(other)s "
                "(%(other_dealer)s).",
                territory=self.name,
                dealer=self.dealer_id.display_name,
                other=other.name,
                other_dealer=other.dealer_id.display_name,
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        territories = super().create([self._clean(vals) for vals in vals_list])
        if not self._has_any():
            self.env.registry.clear_cache()
        return territories

    def write(self, vals):
        return super().write(self._clean(vals))

    @api.model
    def _clean(self, vals):
        """The firm, not its contact."""
        if not vals.get("dealer_id"):
            return vals
        dealer = self.env["res.partner"].browse(vals["dealer_id"])
        return {**vals, "dealer_id": dealer.commercial_partner_id.id}

    # ------------------------------------------------------------------
    # Whose is a customer
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _has_any(self):
        """Whether there ever was one; where not, nothing is asked."""
        # sudo: the cache is one for all users; a yes is no secret
        return bool(self.sudo().with_context(active_test=False).search([], limit=1))

    @api.model
    def _get_valid(self, company, today):
        """The territories of a company in force on a day, in their order."""
        # sudo: who sells where does not depend on who writes the lead
        return self.sudo().search(
            Domain("company_id", "=", company.id)
            & Domain("dealer_id.dealer_stage", "not in", WITHOUT_TERRITORY)
            & (Domain("date_start", "=", False) | Domain("date_start", "<=", today))
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
        )

    def _find(self, partner, country, state, categories):
        """The first of these territories that covers the customer, and why.

        :return: ``(territory, sentence)``; without territory the sentence is empty
        """
        for territory in self:
            reason = territory._covers_customer(partner, country, state)
            if reason and territory._covers_categories(categories):
                return territory, reason
        return self.browse(), ""

    def _covers_customer(self, partner, country, state):
        """Why the territory covers the customer, as a sentence; empty: it does not."""
        firm = partner.commercial_partner_id
        if firm and firm in self.excluded_partner_ids.commercial_partner_id:
            return ""
        if firm and firm in self.partner_ids.commercial_partner_id:
            return self.env._(
                "%(territory)s: %(customer)s is named there.",
                territory=self.name,
                customer=firm.name,
            )
        if not self._covers_place(country, state):
            return ""
        place = ", ".join(filter(None, (state.name, country.name)))
        return self.env._(
            "%(territory)s: %(place)s.",
            territory=self.name,
            place=place or self.env._("everywhere"),
        )

    def _covers_place(self, country, state):
        places = self._get_places()
        if places is None:
            return True
        states = places.get(country)
        return states is not None and (not states or state in states)

    def _get_places(self):
        """``{country: its states}``, no states meaning all; None: everywhere."""
        if not (self.country_ids or self.state_ids or self.partner_ids):
            return None
        nothing = self.env["res.country.state"]
        places = dict.fromkeys(self.country_ids, nothing)
        for state in self.state_ids:
            places[state.country_id] = places.get(state.country_id, nothing) | state
        return places

    def _covers_categories(self, categories):
        if not self.category_ids:
            return True
        paths = tuple(self.category_ids.mapped("parent_path"))
        return any(category.parent_path.startswith(paths) for category in categories)

    # ------------------------------------------------------------------
    # What two territories share
    # ------------------------------------------------------------------

    def _overlaps(self, other):
        return (
            self._overlaps_dates(other)
            and self._overlaps_categories(other)
            and (self._overlaps_customers(other) or self._overlaps_places(other))
        )

    def _get_dates(self):
        return self.date_start or date.min, self.date_end or date.max

    def _overlaps_dates(self, other):
        (start, end), (other_start, other_end) = self._get_dates(), other._get_dates()
        return start <= other_end and other_start <= end

    def _overlaps_categories(self, other):
        if not self.category_ids or not other.category_ids:
            return True
        return self._covers_categories(other.category_ids) or other._covers_categories(
            self.category_ids
        )

    def _overlaps_customers(self, other):
        """Somebody named in one of them is a customer of both."""
        return any(
            self._covers_customer(firm, firm.country_id, firm.state_id)
            and other._covers_customer(firm, firm.country_id, firm.state_id)
            for firm in (self.partner_ids | other.partner_ids).commercial_partner_id
        )

    def _overlaps_places(self, other):
        places, others = self._get_places(), other._get_places()
        if places is None:
            return others is None or bool(others)
        if others is None:
            return bool(places)
        return any(
            not places[country]
            or not others[country]
            or places[country] & others[country]
            for country in places.keys() & others.keys()
        )


class ResPartner(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    @api.ondelete(at_uninstall=False)
    def _unlink_not_the_last_named(self):
        """A territory of named customers alone would be everywhere without them."""
        # sudo: who deletes a contact need not read territories
        territories = self.env["dealer.territory"].sudo()
        named = territories.with_context(active_test=False).search(
            [("partner_ids", "in", self.ids), ("country_ids", "=", False)]
        )
        for territory in named.filtered(lambda one: not one.state_ids):
            if territory.partner_ids <= self:
                raise UserError(
                    self.env._(
                        "%(customer)s is the last customer named in the territory "
                        "%(territory)s. Name another there first, or archive it.",
                        customer=territory.partner_ids[0].display_name,
                        territory=territory.name,
                    )
                )
