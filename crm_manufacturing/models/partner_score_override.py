from odoo import fields, models


class PartnerScoreOverride(models.Model):
    """Who overrode whose band, when, until when and why. Append-only.

    Rows are written by the system when a score's override changes; nobody has the
    right to create, change or remove one.
    """

    _name = "partner.score.override"
    _description = "Override of a Score"
    _order = "id desc"
    _rec_name = "partner_id"

    score_id = fields.Many2one("partner.score", ondelete="set null")
    scorecard_id = fields.Many2one(
        "partner.scorecard", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", string="By", required=True)
    band_id = fields.Many2one(
        "partner.scorecard.band",
        string="Override",
        ondelete="restrict",
        help="Empty: the override was lifted.",
    )
    computed_band_id = fields.Many2one("partner.scorecard.band", ondelete="restrict")
    reason = fields.Char()
    until = fields.Date()

    def _post_on_partner(self):
        """An internal note on the contact, readable where people look."""
        for log in self:
            log.partner_id.with_user(log.user_id).sudo()._message_log(
                body=log._get_note()
            )

    def _get_note(self):
        """Plain text; the host escapes it."""
        names = {"card": self.scorecard_id.name, "band": self.band_id.name}
        if not self.band_id:
            return self.env._("%(card)s: override lifted.", **names)
        note = self.env._(
            "%(card)s: overridden to %(band)s. %(reason)s", reason=self.reason, **names
        )
        if self.until:
            note += " " + self.env._("Until %(date)s.", date=self.until)
        return note
