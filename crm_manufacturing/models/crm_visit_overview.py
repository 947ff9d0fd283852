from odoo import api, models

from .crm_visit_contact import ROLES


class CrmVisit(models.Model):
    """The head of an overview: what he is to us, who decides, who knows him."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "crm.visit"

    @api.model
    def _get_overview_head(self, partner):
        """``{roles, balances, people, relationship}`` as plain values."""
        customer = partner.commercial_partner_id
        return {
            "roles": self._get_partner_roles(customer),
            "balances": self._get_balances(customer),
            "people": self._get_people(customer),
            "relationship": self._get_relationships(customer)[customer.id],
        }

    @api.model
    def _get_partner_roles(self, customer):
        """What the partner is to us, as badges."""
        roles = []
        if customer.customer_stage in ("new", "active", "dormant", "lost"):
            roles.append(self.env._("Customer"))
        elif customer.customer_stage:
            roles.append(self.env._("Prospect"))
        if customer.supplier_rank > 0:
            roles.append(self.env._("Supplier"))
        if customer.grade_id:
            roles.append(self.env._("Dealer: %(grade)s", grade=customer.grade_id.name))
        return roles

    @api.model
    def _get_balances(self, customer):
        """What he owes us and, when he is a supplier too, what we owe him.

        False for who may not read them; nothing at all for who owes nothing.
        """
        company = self.env.company
        if not customer._has_field_access(customer._fields["credit"], "read"):
            return False
        balances = []
        if customer.credit or customer.customer_rank:
            balances.append((self.env._("Owes us"), customer.credit))
        if customer.supplier_rank > 0:
            balances.append((self.env._("We owe"), customer.debit))
        return [
            {"label": label, "value": self._format_money(amount, company)}
            for label, amount in balances
        ]

    @api.model
    def _get_people(self, customer):
        """Who plays which part in what the customer buys, the decision maker first."""
        roles = self.env["crm.visit.contact"]._get_roles(customer)
        labels = dict(
            self.env["crm.visit.contact"]
            ._fields["role"]
            ._description_selection(self.env)
        )
        order = [code for code, _label in ROLES]
        people = (
            self.env["res.partner"]
            .browse([person for _customer, person in roles])
            .exists()
        )
        known = [
            (order.index(roles[customer.id, person.id]), person) for person in people
        ]
        return [
            {
                "id": person.id,
                "name": person.name,
                "function": person.function or "",
                "role": order[place],
                "label": labels[order[place]],
            }
            for place, person in sorted(known, key=lambda pair: (pair[0], pair[1].id))
        ]
