from odoo import api, fields, models, tools
from odoo.fields import Domain

from ..tools.compare import get_test

# A value of the context that no caller from outside can send: the card that writes
# several of its lines checks them once all of them are written.
CHECKED_BY_CARD = object()
# places of the bands whose customers are looked after one by one
KEY_PLACES = (1, 2)
# what the caches of all bands hold, or are ordered by
CACHED = {"code", "sequence", "scorecard_id"}


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

    place = fields.Integer(
        compute="_compute_place",
        search="_search_place",
        help="1 is the best band of its scorecard, whatever it is called.",
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

    @api.depends("sequence", "scorecard_id.band_ids.sequence")
    def _compute_place(self):
        places = self._get_places()
        for band in self:
            band.place = places.get(band._origin.id, 0)

    def _search_place(self, operator, value):
        test = get_test(operator, value)
        if not test:
            return NotImplemented
        places = self._get_places().items()
        return [("id", "in", [band for band, place in places if test(place)])]

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

    @api.model
    @tools.ormcache()
    def _get_places(self):
        """``{band id: place}`` of all bands: 1 is the best of its card."""
        found = self.sudo().search_fetch([], ["scorecard_id"])
        cards = found.grouped("scorecard_id")
        return {
            band.id: place
            for bands in cards.values()
            for place, band in enumerate(bands, 1)
        }

    @api.model_create_multi
    def create(self, vals_list):
        bands = super().create(vals_list)
        self.env.registry.clear_cache()
        return bands

    def write(self, vals):
        result = super().write(vals)
        if changed := vals.keys() & CACHED:
            self.flush_recordset(changed)
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
