from odoo import api, models


class CrmVisit(models.Model):
    """What the customer told us: touches, wishes, competitors, potential, grades."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "crm.visit"

    @api.model
    def _brief_sections(self):
        return super()._brief_sections() + [
            (5, "touches", self.env._("Last Touches")),
            (60, "feedback", self.env._("Wishes Without an Answer")),
            (70, "competitors", self.env._("Competitors")),
            (72, "potential", self.env._("Potential and Share of Wallet")),
            (74, "satisfaction", self.env._("Satisfaction")),
        ]

    @api.model
    def _brief_touches(self, brief):
        """The last five reports the user may read."""
        visits = self.search_fetch(
            [
                ("commercial_partner_id", "=", brief["partner"].id),
                ("company_id", "=", brief["company"].id),
                ("state", "=", "done"),
                ("id", "!=", brief["visit"].id),
            ],
            ["day", "visit_type", "outcome", "summary", "next_step", "user_id"],
            order="day desc, id desc",
            limit=5,
        )
        types = dict(self._fields["visit_type"]._description_selection(self.env))
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        return [
            self._brief_line(
                f"{types[visit.visit_type]}: {outcomes[visit.outcome]}",
                visit.summary or visit.next_step or "",
                f"{self._format_day(visit.day)}, {visit.user_id.name}",
                visit,
                alarm=visit.outcome == "problem",
            )
            for visit in visits
        ]

    @api.model
    def _brief_feedback(self, brief):
        """Wishes of the customer nobody has told him the answer to."""
        notes = self.env["crm.visit.note"].search(
            [
                ("commercial_partner_id", "=", brief["partner"].id),
                ("company_id", "=", brief["company"].id),
                ("feedback_id", "!=", False),
                ("answered_on", "=", False),
            ],
            order="day",
        )
        states = dict(
            self.env["crm.visit.feedback"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        return [
            self._brief_line(
                wish.name,
                asked[:1].product_id.display_name or "",
                self.env._(
                    "%(state)s, asked %(day)s",
                    state=states[wish.state],
                    day=self._format_day(asked[:1].day),
                ),
                wish,
            )
            for wish, asked in notes.grouped("feedback_id").items()
        ]

    @api.model
    def _brief_competitors(self, brief):
        """The latest notes about who else serves him."""
        model = self.env["crm.competitor.note"]
        if not model.has_access("read"):
            return None
        notes = model.search(
            [
                ("partner_id", "child_of", brief["partner"].id),
                ("company_id", "=", brief["company"].id),
            ],
            limit=20,
        )
        return [
            self._brief_line(
                f"{note.competitor_id.name} {note.their_product or ''}".strip(),
                note.weakness or note.note or "",
                note.currency_id.format(note.price) if note.price else "",
                note,
            )
            for note in notes
        ]

    @api.model
    def _brief_potential(self, brief):
        """What he could buy this year, and our share of it."""
        potentials = self.env["partner.potential"].search(
            [
                ("partner_id", "=", brief["partner"].id),
                ("company_id", "=", brief["company"].id),
                ("year", ">=", brief["today"].year - 1),
            ]
        )
        return [
            self._brief_line(
                f"{potential.category_id.name or self.env._('Everything')} "
                f"{potential.year}",
                self._note_potential(potential),
                self._format_money(potential.value_company, brief["company"]),
                potential,
                alarm=potential.is_opportunity,
            )
            for potential in potentials
        ]

    @api.model
    def _note_potential(self, potential):
        note = self.env._("ours %(share)s %%", share=round(potential.wallet_share))
        return (
            self.env._("%(note)s, ask again", note=note) if potential.is_stale else note
        )

    @api.model
    def _brief_satisfaction(self, brief):
        """The last three answers."""
        ratings = self.env["crm.visit.satisfaction"].search(
            [
                ("commercial_partner_id", "=", brief["partner"].id),
                ("company_id", "=", brief["company"].id),
                ("state", "=", "answered"),
            ],
            limit=3,
        )
        return [
            self._brief_line(
                rating.order_id.name,
                rating.comment or "",
                self.env._(
                    "delivery %(d)s, quality %(q)s, service %(s)s",
                    d=rating.delivery,
                    q=rating.quality,
                    s=rating.service,
                ),
                rating,
                alarm=min(rating.delivery, rating.quality, rating.service) <= 2,
            )
            for rating in ratings
        ]
