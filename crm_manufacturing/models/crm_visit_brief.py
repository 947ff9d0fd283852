from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.misc import format_date, formatLang

# what fits on a page; the rest is counted
MAX_LINES = 8


class CrmVisit(models.Model):
    """The brief: what to know before seeing a customer, gathered from all rooms."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "crm.visit"

    @api.model
    def _brief_sections(self):
        """``[(sequence, code, title)]`` of the sections of a brief.

        An addon adds one by extending this with ``super()._brief_sections() + [...]``
        and writing ``_brief_<code>(brief)``. It gets the dict of :meth:`_get_facts` and
        returns a list of lines, or None to be left out: because the addon or the
        user's rights are missing. A line is a dict of :meth:`_brief_line`. A section
        reads with a number of queries that does not depend on the number of lines.
        """
        return []

    @api.model
    def _brief_line(self, text, note="", value="", record=None, alarm=False):
        """One line of a section, of plain values that screen and print can show.

        :param text: what it is about
        :param note: what to know of it, in words
        :param value: the figure, formatted
        :param record: what a click on the line opens
        :param alarm: whether it is to be seen at once
        """
        return {
            "text": text,
            "note": note,
            "value": value,
            "res_model": record._name if record else False,
            "res_id": record.id if record else False,
            "alarm": alarm,
        }

    @api.model
    def _get_facts(self, partner, visit=None):
        """What each section is told: customer, company, day, and since when.

        ``since`` is the day of the last visit before this one, None if there was none.
        """
        company = visit.company_id if visit else self.env.company
        customer = partner.commercial_partner_id
        today = company._get_today()
        return {
            "partner": customer,
            "visit": visit or self.browse(),
            "company": company,
            "today": today,
            "since": self._get_last_day(customer, company, visit),
        }

    @api.model
    def _get_last_day(self, customer, company, visit=None):
        """Day of the last face-to-face touch, in one query."""
        domain = [
            ("commercial_partner_id", "=", customer.id),
            ("company_id", "=", company.id),
            ("state", "=", "done"),
            ("outcome", "!=", "not_reached"),
            ("visit_type", "in", ("visit", "senior_visit", "video", "review")),
        ]
        if visit:
            domain += [("id", "!=", visit.id), ("day", "<=", visit.day)]
        return self.search(domain, order="day desc", limit=1).day or None

    @api.model
    def _get_brief(self, partner, visit=None):
        """The brief as plain values: ``{title, since, sections}``.

        Each section is ``{code, title, lines, more}``; ``more`` counts the lines that
        did not fit. What the user may not read is left out.
        """
        facts = self._get_facts(partner, visit)
        sections = []
        for _sequence, code, title in sorted(self._brief_sections()):
            try:
                lines = getattr(self, f"_brief_{code}")(facts)
            except AccessError:
                lines = None
            if lines is not None:
                sections.append(
                    {
                        "code": code,
                        "title": title,
                        "lines": lines[:MAX_LINES],
                        "more": max(len(lines) - MAX_LINES, 0),
                    }
                )
        return {
            "title": facts["partner"].display_name,
            "today": self._format_day(facts["today"]),
            "since": self._format_day(facts["since"]),
            "sections": sections,
        }

    @api.model
    @api.readonly
    def get_overview(self, partner_id):
        """The brief of a customer for the Overview tab, with who plays which part.

        False when the user may not read visits at all, or the customer is gone.
        """
        partner = self.env["res.partner"].browse(partner_id).exists()
        if not partner or not self.has_access("read"):
            return False
        partner.check_access("read")
        return self._get_brief(partner) | self._get_overview_head(partner)

    @api.readonly
    def get_brief(self):
        """The brief of this visit, for its tab."""
        self.ensure_one()
        self.check_access("read")
        return self._get_brief(self.partner_id, self) | self._get_overview_head(
            self.partner_id
        )

    @api.model
    def _format_day(self, day):
        return format_date(self.env, day) if day else ""

    @api.model
    def _format_money(self, amount, company):
        return formatLang(self.env, amount, currency_obj=company.currency_id, digits=0)

    def action_print_brief(self):
        """The brief on paper (button)."""
        report = self.env.ref("crm_manufacturing.crm_visit_brief_report")
        return report.report_action(self)
