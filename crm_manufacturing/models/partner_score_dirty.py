from odoo import api, fields, models


class PartnerScoreDirty(models.Model):
    """Partners whose documents changed since their figures were computed.

    A queue without unique key: posting appends, the cron takes everything it sees.
    """

    _name = "partner.score.dirty"
    _description = "Partner to Score Again"
    _log_access = False

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", ondelete="cascade")

    @api.model
    def _mark(self, pairs):
        """Append ``[(partner, company)]`` in one statement; company False is all."""
        rows = {
            (partner.id, company and company.id)
            for partner, company in pairs
            if partner
        }
        # sudo: whoever posts an invoice marks its customer, without rights on scores
        self.sudo().create(
            [
                {"partner_id": partner, "company_id": company}
                for partner, company in rows
            ]
        )

    @api.model
    def _drain(self, batch=10000):
        """Figures of all marked partners, in every card; commits after each batch.

        What is marked meanwhile waits for the next minute; so does everything while
        somebody recomputes a card.
        """
        cards = self.env["partner.scorecard"].search([("error", "=", False)])
        resting = cards._get_resting_roles()
        cards = cards.filtered(lambda card: card.role not in resting)
        companies = self.env["res.company"]._get_all()
        while rows := self.sudo().search([], limit=batch, order="id"):
            for company in companies:
                if not all(card._try_lock(company) for card in cards):
                    return
                marked = rows.filtered(
                    lambda row, company=company: (
                        row.company_id in (company, company.browse())
                    )
                )
                self._judge(cards, company, marked.partner_id)
            rows.unlink()
            if not self.env["ir.cron"]._commit_progress():
                return

    @api.model
    def _judge(self, cards, company, partners):
        """Bring what is known of these partners up to date; other rooms extend it."""
        for card in cards:
            card._run_or_tell(company, partners=partners)
