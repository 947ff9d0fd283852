from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

CHANNEL = "crm_manufacturing.group_channel_manager"


class PartnerScorecard(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.scorecard"

    @api.model
    def _get_role_domain(self, role):
        """Rated is who sells for us now; a candidate has shown nothing yet."""
        if role == "dealer":
            return Domain("dealer_stage", "in", ("active", "watch"))
        return super()._get_role_domain(role)


class PartnerScorecardBand(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.scorecard.band"

    dealer_grade_id = fields.Many2one(
        "res.partner.grade",
        string="Proposes Level",
        groups="sales_team.group_sale_salesman",
        help="The partner level a dealer in this band should have. It is proposed in "
        "the ratings; a channel manager accepts it, and the level brings its "
        "pricelist.",
    )


class PartnerScore(models.Model):
    """A dealer's band proposes a level; a person accepts it."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.score"

    dealer_grade_id = fields.Many2one(
        "res.partner.grade",
        string="Level",
        compute="_compute_proposed_grade_id",
        groups=CHANNEL,
    )
    proposed_grade_id = fields.Many2one(
        "res.partner.grade",
        string="Proposed Level",
        compute="_compute_proposed_grade_id",
        groups=CHANNEL,
    )
    our_on_time = fields.Float(
        string="We: On Time (%)",
        compute="_compute_our_part",
        groups=CHANNEL,
        help="Of the lines due to the dealer in the months of the card.",
    )
    our_quotation_days = fields.Float(
        string="We: Days to Quote", compute="_compute_our_part", groups=CHANNEL
    )
    our_credited_qty = fields.Float(
        string="We: Credited", compute="_compute_our_part", groups=CHANNEL
    )
    our_due_count = fields.Integer(
        string="Lines Due", compute="_compute_our_part", groups=CHANNEL
    )
    our_quotation_count = fields.Integer(
        string="Quotations Sent", compute="_compute_our_part", groups=CHANNEL
    )
    our_failed_months = fields.Integer(
        string="We: Failed Months", compute="_compute_our_part", groups=CHANNEL
    )

    @api.depends("effective_band_id", "is_current", "partner_id.grade_id")
    def _compute_proposed_grade_id(self):
        for score in self:
            score.dealer_grade_id = score.partner_id.grade_id
            grade = score.effective_band_id.dealer_grade_id
            wanted = score.is_current and grade != score.partner_id.grade_id
            score.proposed_grade_id = wanted and grade

    @api.depends("partner_id", "company_id", "scorecard_id")
    def _compute_our_part(self):
        for (card, company), scores in self.grouped(
            lambda score: (score.scorecard_id, score.company_id)
        ).items():
            parts = scores._get_our_part(card, company)
            for score in scores:
                due, in_time, count, days, credited, failed = parts.get(
                    score.partner_id, (0,) * 6
                )
                score.our_on_time = 100 * in_time / due if due else 0
                score.our_quotation_days = days / count if count else 0
                score.our_due_count = due
                score.our_quotation_count = count
                score.our_credited_qty = credited
                score.our_failed_months = failed

    def _get_our_part(self, card, company):
        """``{dealer: (lines due, in time, quotations, their days, credited, months
        failed)}`` of the card's period; one statement."""
        start, end = card._get_period(company._get_today())
        rows = self.env["dealer.our.part"].search(
            [
                ("dealer_id", "in", self.partner_id.ids),
                ("company_id", "=", company.id),
                ("period", ">=", start.replace(day=1)),
                ("period", "<=", end),
            ]
        )
        parts = {}
        for row in rows:
            figures = (
                row.due_count,
                row.on_time_count,
                row.quotation_count,
                row.quotation_count * row.quotation_days,
                row.credited_qty,
                row.has_failed,
            )
            old = parts.get(row.dealer_id, (0,) * 6)
            parts[row.dealer_id] = tuple(map(sum, zip(old, figures, strict=True)))
        return parts

    def action_accept_grade(self):
        """Give the dealers the level their band proposes (button)."""
        if not self.env.user.has_group(CHANNEL):
            raise AccessError(
                self.env._("Level: only channel managers accept a proposed level.")
            )
        self.check_access("read")
        for score in self:
            grade = score.proposed_grade_id
            if not grade:
                raise UserError(
                    self.env._(
                        "Level: nothing is proposed for %(dealer)s.",
                        dealer=score.partner_id.display_name,
                    )
                )
            # sudo: who looks after dealers need not be able to write contacts
            dealer = score.partner_id.sudo().with_company(score.company_id)
            dealer.grade_id = grade
            dealer._message_log(
                body=self.env._(
                    "Level %(grade)s accepted by %(user)s, as the rating %(band)s "
                    "proposes.",
                    grade=grade.name,
                    user=self.env.user.name,
                    band=score.effective_band_id.display_name,
                )
            )
        return True

    def action_open_our_part(self):
        """The months of our part (button)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.dealer_our_part_action"
        )
        action["domain"] = [
            ("dealer_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
        ]
        return action
