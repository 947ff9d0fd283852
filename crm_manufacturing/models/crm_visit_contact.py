from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

ROLES = [
    ("decides", "Decides"),
    ("influences", "Influences"),
    ("uses", "Uses"),
    ("pays", "Pays"),
    ("blocks", "Blocks"),
]


class CrmVisitContact(models.Model):
    """Who was met, and the part he plays in what this customer buys.

    A consultant may decide at one customer and only influence at another, so the role
    belongs to person and customer together. The last one noted holds; a new line takes
    it over.
    """

    _name = "crm.visit.contact"
    _description = "Person Met"
    _order = "visit_id, id"
    _rec_name = "partner_id"

    visit_id = fields.Many2one(
        "crm.visit", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="restrict"
    )
    commercial_partner_id = fields.Many2one(
        related="visit_id.commercial_partner_id", string="Customer", store=True
    )
    company_id = fields.Many2one(related="visit_id.company_id", store=True)
    role = fields.Selection(
        ROLES,
        compute="_compute_role",
        store=True,
        readonly=False,
        help="The part this person plays in what the customer buys.",
    )
    function = fields.Char(related="partner_id.function")

    @api.depends("partner_id", "visit_id")
    def _compute_role(self):
        """The role noted last for this person at this customer."""
        known = self._get_roles(self.visit_id.commercial_partner_id)
        for line in self.filtered(lambda line: not line.role):
            customer = line.visit_id.commercial_partner_id
            line.role = known.get((customer._origin.id, line.partner_id._origin.id))

    @api.constrains("partner_id", "visit_id")
    def _check_partner_once(self):
        for visit in self.visit_id:
            people = visit.contact_ids.mapped("partner_id.id")
            if len(people) != len(visit.contact_ids):
                raise ValidationError(self.env._("Met: a person is listed twice."))

    def _get_weight(self):
        """Place of the role, the decision maker's first."""
        places = [role for role, _label in ROLES]
        return places.index(self.role) if self.role else len(places)

    @api.model
    def _get_roles(self, customers):
        """``{(customer id, person id): role}``, the role noted last, in one query."""
        # sudo: a person's role at a customer is known to whoever may read the customer
        lines = self.sudo().search_fetch(
            [
                ("commercial_partner_id", "in", customers._origin.ids),
                ("role", "!=", False),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["commercial_partner_id", "partner_id", "role"],
            order="id",
        )
        return {
            (line.commercial_partner_id.id, line.partner_id.id): line.role
            for line in lines
        }


class ResPartner(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Where a view says at whom somebody was met, the people there come first."""
        found = super().name_search(name, domain, operator, limit)
        customer = self.env.context.get("met_at_partner_id")
        if not customer:
            return found
        there = Domain("is_company", "=", False)
        there &= Domain("commercial_partner_id", "=", customer)
        first = super().name_search(name, Domain(domain or []) & there, operator, limit)
        return (first + [pair for pair in found if pair not in first])[:limit]
