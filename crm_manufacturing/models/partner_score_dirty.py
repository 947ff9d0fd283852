from odoo import api, fields, models
from odoo.tools import SQL


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
        rows = {(partner.id, company and company.id) for partner, company in pairs if partner}
        # sudo: whoever posts an invoice marks its customer, without rights on scores
        self.sudo().create(
            [{"partner_id": partner, "company_id": company} for partner, company in rows]
        )

    @api.model
    def _drain(self):
        """Figures of all marked partners, in every card; the cron commits.

        The rows taken are those of this transaction's snapshot; what is marked
        meanwhile waits for the next minute.
        """
        rows = self.sudo().search([])
        if not rows:
            return
        cards = self.env["partner.scorecard"].search([])
        for company in self.env["res.company"].sudo().search([]):
            if not all(card._try_lock(company) for card in cards):
                return  # somebody recomputes: the rows wait for the next minute
            marked = rows.filtered(
                lambda row, company=company: row.company_id in (company, company.browse())
            )
            self._judge(company, company._get_today(), marked.partner_id)
        self._remove(rows.ids)
        self.env["ir.cron"]._commit_progress()

    @api.model
    def _judge(self, company, today, partners):
        """Bring what is known of these partners up to date; other rooms extend it."""
        self.env["partner.scorecard"].search([])._run(company, today, partners)

    def _remove(self, ids):
        self.env.execute_query(
            SQL("DELETE FROM partner_score_dirty WHERE id = ANY(%s) RETURNING id", ids)
        )
        self.invalidate_model()
