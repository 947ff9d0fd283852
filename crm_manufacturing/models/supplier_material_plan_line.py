from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import get_lang

from ..tools.day import write_month

ANSWERS = [("as_asked", "As asked"), ("other", "Otherwise")]
QUANTITY = {"digits": "Product Unit", "readonly": True}


class SupplierMaterialPlanLine(models.Model):
    """One product in one period. Quantities are in ``product_uom_id``.

    The figures are written by the engine while the version is a draft and by nobody
    after. The answer is the supplier's word: it changes no figure and no order.
    """

    _name = "supplier.material.plan.line"
    _description = "Material Plan Line"
    _order = "period_start, partner_id, product_id, id"
    _rec_name = "product_id"

    plan_id = fields.Many2one(
        "supplier.material.plan", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        related="plan_id.partner_id", string="Supplier", store=True
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    plan_state = fields.Selection(related="plan_id.state", string="Version State")
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    product_uom_id = fields.Many2one(
        "uom.uom", string="Unit", required=True, readonly=True
    )
    period_start = fields.Date(string="Period", required=True, readonly=True)
    period_name = fields.Char(compute="_compute_period_name")
    needed_date = fields.Date(
        string="Needed On", readonly=True, help="The first day it is needed."
    )
    required = fields.Float(
        **QUANTITY,
        help="What confirmed customer orders still need in this period, less free "
        "stock and what other suppliers have confirmed.",
    )
    requested = fields.Float(
        **QUANTITY, help="On requests for quotation, not confirmed."
    )
    confirmed = fields.Float(
        **QUANTITY,
        help="On confirmed purchase orders, still to come, by promised date.",
    )
    received = fields.Float(**QUANTITY, help="Came in during this period.")
    gap = fields.Float(
        **QUANTITY, help="Required and not confirmed in time for this period."
    )
    overdue = fields.Float(
        **QUANTITY, help="Confirmed, promised for a day that has passed, not received."
    )
    previous_required = fields.Float(
        string="Required Before",
        **QUANTITY,
        help="In the version sent last, in today's unit.",
    )
    delta = fields.Float(
        string="Change", **QUANTITY, help="Against the version sent last."
    )
    tier_id = fields.Many2one(
        "partner.scorecard.band",
        string="Best Tier Waiting",
        readonly=True,
        ondelete="set null",
    )
    need_ids = fields.One2many(
        "supplier.material.plan.need", "line_id", string="Needed For", readonly=True
    )
    answer = fields.Selection(ANSWERS, string="Supplier's Answer", readonly=True)
    answer_quantity = fields.Float(string="Answered", **QUANTITY)
    answer_date = fields.Date(string="Answered For", readonly=True)
    answer_days_late = fields.Integer(
        string="Days Later", readonly=True, help="Than needed.", aggregator="max"
    )
    answer_comment = fields.Char(readonly=True)
    answered_on = fields.Datetime(readonly=True)
    answered_by_id = fields.Many2one("res.partner", readonly=True, ondelete="set null")
    answer_effect = fields.Char(
        string="What It Moved",
        readonly=True,
        help="The promises of purchase orders that follow the answer.",
    )

    _one_period = models.UniqueIndex("(plan_id, product_id, period_start)")

    @api.depends("period_start", "plan_id.period")
    @api.depends_context("lang")
    def _compute_period_name(self):
        for line in self:
            line.period_name = line._get_period_name()

    def _get_period_name(self):
        if self.plan_id.period == "week":
            return self.env._("Week of %s", format_date(self.env, self.period_start))
        return write_month(self.period_start, get_lang(self.env).code)

    def action_open_needs(self):
        """The customer orders this is needed for, best tier first (button)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.supplier_material_plan_need_action"
        )
        return {
            **action,
            "name": self.product_id.display_name,
            "domain": [("line_id", "=", self.id)],
        }
