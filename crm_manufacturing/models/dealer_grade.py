from odoo import api, models
from odoo.exceptions import UserError

PRICELIST = "specific_property_product_pricelist"
GRADE_FIELDS = {"grade_id", "parent_id", "is_company"}


class ResPartner(models.Model):
    """A level brings its pricelist, takes it away again, and is the whole firm's."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        graded = partners.filtered(lambda partner: partner.grade_id)
        graded._take_pricelist()
        partners._inherit_grade()
        return partners

    def write(self, vals):
        """The host sets the pricelist of a new level, but leaves the old one's."""
        if not vals.keys() & GRADE_FIELDS:
            return super().write(vals)
        before = {partner: partner.grade_id.default_pricelist_id for partner in self}
        result = super().write(vals)
        if "grade_id" in vals:
            firms = (self.commercial_partner_id - self).filtered(
                lambda firm: firm.grade_id.id != vals["grade_id"]
            )
            if firms:
                firms.write({"grade_id": vals["grade_id"]})
            for partner, old in before.items():
                partner._move_pricelist(old, partner.grade_id.default_pricelist_id)
        self._get_firm()._inherit_grade()
        return result

    def _take_pricelist(self):
        """New partners get their level's pricelist, as the host does on `write`."""
        for partner in self:
            wanted, given = partner.grade_id.default_pricelist_id, partner[PRICELIST]
            if not wanted or partner.commercial_partner_id != partner:
                continue
            if given and given != wanted:
                raise UserError(
                    self.env._(
                        "Pricelist: %(partner)s is given %(given)s, but the level "
                        "%(grade)s brings %(wanted)s. Choose one of them.",
                        partner=partner.name,
                        given=given.name,
                        grade=partner.grade_id.name,
                        wanted=wanted.name,
                    )
                )
            partner[PRICELIST] = wanted

    def _move_pricelist(self, old, new):
        """Who has the pricelist ``old`` of his level gets ``new``, in each company; a
        pricelist of his own stays."""
        if not old or old == new:
            return
        # sudo: also in the companies the user is not in
        for company in self.env["res.company"]._get_all():
            holders = (
                self.sudo()
                .with_company(company)
                .filtered(lambda partner: partner[PRICELIST] == old)
            )
            fits = new.sudo().company_id in (company, company.browse())
            holders.write({PRICELIST: new.id if fits else False})

    def _get_firm(self):
        """The partners and all contacts of their firms."""
        firms = self.with_context(active_test=False).search(
            [("commercial_partner_id", "in", self.commercial_partner_id.ids)]
        )
        return self | firms

    def _inherit_grade(self):
        """Contacts have the level of their firm.

        Not by `write`: there the host gives back the level's pricelist to a firm that
        has one of its own.
        """
        field = self._fields["grade_id"]
        for contact in self:
            grade = contact.commercial_partner_id.grade_id
            if contact.grade_id != grade:
                field.write(contact, grade.id)


class ResPartnerGrade(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner.grade"

    def write(self, vals):
        """A changed pricelist reaches those who hold the level's."""
        if "default_pricelist_id" not in vals:
            return super().write(vals)
        before = {grade: grade.default_pricelist_id for grade in self}
        result = super().write(vals)
        for grade, old in before.items():
            grade._renew_pricelist(old)
        return result

    def _renew_pricelist(self, old):
        holders = self.env["res.partner"].with_context(active_test=False)
        firms = holders.search([("grade_id", "=", self.id)]).filtered(
            lambda partner: partner.commercial_partner_id == partner
        )
        firms._move_pricelist(old, self.default_pricelist_id)
        if not old and self.default_pricelist_id:
            company = self.company_id or self.env.company
            free = firms.with_company(company).filtered(
                lambda firm: not firm[PRICELIST]
            )
            free.write({PRICELIST: self.default_pricelist_id.id})
