from odoo import api, fields, models
from odoo.exceptions import ValidationError

ALARM_FIELDS = {
    "supplier_scorecard_id",
    "supplier_warn_band_id",
    "supplier_block_band_id",
}


class ResCompany(models.Model):
    """Which card rates the suppliers, and from which band on somebody is told."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.company"

    supplier_scorecard_id = fields.Many2one(
        "partner.scorecard",
        domain=[("role", "=", "supplier")],
        default=lambda self: self._get_default_supplier_card(),
        groups="base.group_user",
    )
    supplier_warn_band_id = fields.Many2one(
        "partner.scorecard.band",
        string="Warn From Rating",
        default=lambda self: self._get_default_warn_band(),
        groups="base.group_user",
        help="Suppliers in this band or a worse one are marked on requests for "
        "quotation and in lists. Empty: nobody is.",
    )
    supplier_block_band_id = fields.Many2one(
        "partner.scorecard.band",
        string="Block From Rating",
        groups="base.group_user",
        help="Requests for quotation to suppliers in this band or a worse one are "
        "refused, unless somebody with the right gives a reason. Empty: nothing is.",
    )

    def write(self, vals):
        """Ratings and alarms are read anew."""
        result = super().write(vals)
        if vals.keys() & ALARM_FIELDS:
            self.env["res.partner"]._invalidate_tiers()
            self.env["purchase.order"].invalidate_model(["supplier_alarm"])
        return result

    @api.constrains(
        "supplier_scorecard_id", "supplier_warn_band_id", "supplier_block_band_id"
    )
    def _check_supplier_card(self):
        for company in self:
            # sudo: the card of another company may not be read, only refused
            own = company.sudo()
            card = own.supplier_scorecard_id
            if card and (
                card.role != "supplier"
                or card.company_id not in (company, self.browse())
            ):
                raise ValidationError(
                    self.env._(
                        "Supplier Scorecard: %(card)s does not rate the suppliers of "
                        "%(company)s.",
                        card=card.name,
                        company=company.name,
                    )
                )
            bands = own.supplier_warn_band_id | own.supplier_block_band_id
            if bands and bands.scorecard_id != card:
                raise ValidationError(
                    self.env._(
                        "Warn From Rating, Block From Rating: choose bands of the "
                        "supplier scorecard of %(company)s.",
                        company=company.name,
                    )
                )

    @api.model
    def _get_default_supplier_card(self):
        return self.env.ref(
            "crm_manufacturing.scorecard_supplier", raise_if_not_found=False
        )

    @api.model
    def _get_default_warn_band(self):
        return self.env.ref(
            "crm_manufacturing.scorecard_supplier_band_c", raise_if_not_found=False
        )

    @api.model
    def _set_default_supplier_card(self):
        """For the companies that were there before the addon."""
        companies = self.sudo().search([("supplier_scorecard_id", "=", False)])
        companies.write(
            {
                "supplier_scorecard_id": self._get_default_supplier_card().id,
                "supplier_warn_band_id": self._get_default_warn_band().id,
            }
        )

    def _get_supplier_alarms(self):
        """``{band id: "warn" or "block"}`` of the company's supplier card."""
        if "supplier" in self.env["partner.scorecard"]._get_resting_roles():
            return {}
        ladder = self.supplier_scorecard_id._get_ladder().ids
        alarms = {}
        for alarm, band in (
            ("warn", self.supplier_warn_band_id),
            ("block", self.supplier_block_band_id),
        ):
            if band.id in ladder:
                alarms |= dict.fromkeys(ladder[ladder.index(band.id) :], alarm)
        return alarms


class ResConfigSettings(models.TransientModel):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.config.settings"

    supplier_scorecard_id = fields.Many2one(
        related="company_id.supplier_scorecard_id", readonly=False
    )
    supplier_warn_band_id = fields.Many2one(
        related="company_id.supplier_warn_band_id", readonly=False
    )
    supplier_block_band_id = fields.Many2one(
        related="company_id.supplier_block_band_id", readonly=False
    )


class PartnerScorecard(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.scorecard"

    def _leave_pyramids(self):
        """A card out of use rates nobody's suppliers any more."""
        result = super()._leave_pyramids()
        # sudo: also of companies the user is not in
        companies = self.env["res.company"].sudo()
        users = companies.search([("supplier_scorecard_id", "in", self.ids)])
        users.write(
            {
                "supplier_scorecard_id": False,
                "supplier_warn_band_id": False,
                "supplier_block_band_id": False,
            }
        )
        self.env["res.partner"]._invalidate_tiers()
        return result
