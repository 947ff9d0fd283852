from datetime import timedelta
from urllib.parse import quote_plus

from odoo import api, models
from odoo.exceptions import UserError


class CrmVisit(models.Model):
    """Where a visit comes from (meeting, lead, contact), and its calendar entry."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "crm.visit"

    @api.model
    def _get_partner_action(self, partner):
        """The visits of a customer and all his people."""
        return self._get_list_action(
            [("partner_id", "child_of", partner.commercial_partner_id.id)],
            {"default_partner_id": partner.id},
        )

    @api.model
    def _get_lead_action(self, lead):
        """The visits about a lead."""
        return self._get_list_action(
            [("lead_id", "=", lead.id)],
            {"default_lead_id": lead.id, "default_partner_id": lead.partner_id.id},
        )

    @api.model
    def _count_by_lead(self, leads):
        """``{lead id: number of visits}`` in one query."""
        groups = self._read_group(
            [("lead_id", "in", leads.ids)], ["lead_id"], ["__count"]
        )
        return {lead.id: count for lead, count in groups}

    @api.model
    def _get_list_action(self, domain, context):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visits"),
            "res_model": self._name,
            "view_mode": "list,kanban,form,calendar",
            "domain": domain,
            "context": context,
        }

    @api.model
    def _get_event_action(self, event):
        """The report of a meeting, or an empty one that knows what the meeting knows.

        A salesperson is told when somebody reports whose visits he may not read.
        """
        # sudo: a meeting has one report, also where the user may not read it
        visit = self.sudo().search([("event_id", "=", event.id)]).sudo(False)
        if visit:
            visit.check_access("read")
            return visit._get_records_action()
        values = self._prepare_from_event(event)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visit Report"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {f"default_{name}": value for name, value in values.items()},
        }

    @api.model
    def _prepare_from_event(self, event):
        """Values of the report of a meeting: its customer, people, hours and lead."""
        guests = event.partner_ids - event.partner_ids.filtered("user_ids")
        lead = event.opportunity_id
        customer = lead.partner_id or guests.commercial_partner_id[:1]
        people = guests.filtered(lambda guest: not guest.is_company)
        return {
            "partner_id": customer.id,
            "lead_id": lead.id,
            "event_id": event.id,
            "user_id": (event.user_id or self.env.user).id,
            "date": event.start,
            "duration": event.duration or 1.0,
            "purpose": event.name,
            "visit_type": "video" if event.videocall_location else "visit",
            "contact_ids": [(0, 0, {"partner_id": person.id}) for person in people],
        }

    def _get_period(self):
        """Naive UTC start and end."""
        self.ensure_one()
        return self.date, self.date + timedelta(hours=self.duration)

    def _add_to_calendar(self):
        """A meeting for each planned visit that has none."""
        for visit in self.filtered(lambda v: v.state == "planned" and not v.event_id):
            visit.event_id = self.env["calendar.event"].create(
                visit._prepare_event_vals()
            )

    def _prepare_event_vals(self):
        """Values of the meeting. The customer is told in ``location``, not invited."""
        start, stop = self._get_period()
        return {
            "name": self.display_name,
            "start": start,
            "stop": stop,
            "user_id": self.user_id.id,
            "partner_ids": [(6, 0, self.user_id.partner_id.ids)],
            "location": self._get_address_line(),
            "description": self.purpose,
            "opportunity_id": self.lead_id.id,
        }

    def _get_address_line(self):
        """Where the customer is, on one line."""
        address = self.partner_id._display_address(without_company=True)
        return ", ".join(line.strip() for line in address.splitlines() if line.strip())

    def _get_map_url(self):
        """Directions to the customer; empty without an address."""
        address = self._get_address_line()
        url = "https://www.google.com/maps/dir/?api=1&destination="
        return address and url + quote_plus(address)

    def action_ask_satisfaction(self):
        """The three questions about the order delivered last (button)."""
        self.ensure_one()
        ratings = self.env["crm.visit.satisfaction"]
        order = ratings._get_last_unrated_order(self.partner_id)
        if not order:
            raise UserError(
                self.env._(
                    "%(customer)s has no delivered order that is not rated yet.",
                    customer=self.partner_id.display_name,
                )
            )
        rating = ratings._get_for_order(order)
        rating.visit_id = self
        view = self.env.ref("crm_manufacturing.crm_visit_satisfaction_view_form_call")
        return rating._get_records_action(
            name=self.env._("Satisfaction"), target="new", views=[(view.id, "form")]
        )

    def action_add_to_calendar(self):
        """Make the meeting (button)."""
        self.check_access("write")
        self._add_to_calendar()

    def action_open_event(self):
        """The meeting behind the visit (smart button)."""
        self.ensure_one()
        return self.event_id._get_records_action()
