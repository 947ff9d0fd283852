from odoo import api, fields, models, tools
from odoo.fields import Domain

# A value of the context that no caller from outside can send: the card that writes
# several of its lines checks them once all of them are written.
CHECKED_BY_CARD = object()


class PartnerScorecardBand(models.Model):
    """A step of a card's ladder, the best one first: A, B, C, D."""

    _name = "partner.scorecard.band"
    _description = "Scorecard Band"
    _order = "scorecard_id, sequence, id"
    _rec_names_search = ["code", "name"]

    scorecard_id = fields.Many2one(
        "partner.scorecard", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    threshold = fields.Float(
        required=True,
        help="Share method: the cumulative percentage up to which the band reaches. "
        "Score method: its lowest score.",
    )
    color = fields.Integer()
    advice = fields.Selection(
        [
            ("protect", "Protect"),
            ("grow", "Grow"),
            ("improve", "Improve"),
            ("watch", "Watch"),
        ]
    )

    # deferred: two bands may swap their codes in one save
    _code_uniq = models.Constraint(
        "UNIQUE (scorecard_id, code) DEFERRABLE INITIALLY DEFERRED",
        "Code: each band of a scorecard has its own.",
    )

    @api.depends("code")
    def _compute_display_name(self):
        # from a cache: contacts, leads and orders show the tier in lists
        codes = self._get_codes()
        for band in self:
            band.display_name = codes[band.id] if band.id in codes else band.code

    @api.model
    def _search_display_name(self, operator, value):
        """Who types a code means its band, not all with that letter in their name."""
        if operator == "ilike" and value:
            coded = Domain("code", "=ilike", value)
            if self.search_count(coded, limit=1):
                return coded
        return super()._search_display_name(operator, value)

    @api.model
    @tools.ormcache()
    def _get_codes(self):
        """``{band id: code}`` of all bands, of which there are few.

        A band made since is not in it and read from its row.
        """
        return {band.id: band.code for band in self.sudo().search_fetch([], ["code"])}

    def write(self, vals):
        result = super().write(vals)
        if "code" in vals:
            self.flush_recordset(["code"])
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.constrains("threshold", "sequence", "scorecard_id", "code")
    def _check_threshold(self):
        if self.env.context.get("checked_by") is not CHECKED_BY_CARD:
            self.scorecard_id._check_bands()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """History names its bands; a used one is renamed, not removed."""
        self.env["partner.score"].sudo()._check_bands_unused(self)
