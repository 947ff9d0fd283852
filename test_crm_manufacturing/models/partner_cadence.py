from odoo import api, models
from odoo.tools import SQL


class PartnerCadence(models.Model):
    """An anchor, a responsible, a free day and a summary of another addon."""

    _inherit = "partner.cadence"

    @api.model
    def _selection_anchor(self):
        return super()._selection_anchor() + [("test_date", "Test date")]

    def _anchor_test_date(self, company, today):
        return SQL(
            """SELECT partner_id, date, 'test.measure' AS res_model, id AS res_id,
                      NULL::int AS activity_type_id
                 FROM test_measure WHERE code = 'anchor'"""
        )

    def _determine_responsible(self, company):
        """Who is named in the reference comes first."""
        named = SQL("(SELECT id FROM res_users WHERE login = partner.ref)")
        return [named, *super()._determine_responsible(company)]

    def _adjust_due_date(self, company, today):
        """Nobody works on the first of May."""
        moves = super()._adjust_due_date(company, today)
        may = today.replace(month=5, day=1)
        users = self.env["res.users"].search([("login", "=like", "may_%")])
        return moves + [(user.id, may, may.replace(day=2)) for user in users]

    def _prepare_activity_vals(self, touchpoint):
        values = super()._prepare_activity_vals(touchpoint)
        return values | {"summary": f"{self.name} of {touchpoint.partner_id.name}"}
