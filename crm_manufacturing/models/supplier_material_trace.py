from datetime import datetime

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.misc import get_lang

from ..tools.day import write_day
from ..tools.quantity import format_quantity


class OrderTraceLineMixin(models.AbstractModel):
    """A supplier's late or short answer puts the orders behind it at risk.

    Where the answer moved a purchase, the trace knows the later date by itself and
    decides. Where nothing is ordered yet, the answer is all there is.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace.line.mixin"

    @api.model
    def action_orders_at_risk(self):
        action = super().action_orders_at_risk()
        answered = Domain("id", "in", self._get_answered_late())
        return {**action, "domain": list(Domain(action["domain"]) | answered)}

    @api.depends_context("uid", "lang")
    def _compute_trace_sentence(self):
        """An answer that alone hurts the line is said behind what it waits for."""
        result = super()._compute_trace_sentence()
        answers = self._get_answers_that_hurt(self._get_traced())
        for line in self.filtered(lambda line: line._origin.id in answers):
            answer = answers[line._origin.id]
            line.trace_sentence = "; ".join(filter(None, [line.trace_sentence, answer]))
        return result

    @api.model
    def _get_answers_that_hurt(self, lines):
        """``{line id: sentence}`` of the answers for which there is no other supply."""
        # sudo: a salesperson may not read plans, and learns why his order is at risk
        plan_lines = self.env["supplier.material.plan.line"].sudo()
        return {
            need.sale_line_id.id: line._get_risk_sentence()
            for line in plan_lines._search_answered_late(
                Domain("need_ids.sale_line_id", "in", lines.ids)
            )
            for need in line._get_uncovered_needs()
        }

    @api.model
    def _get_answered_late(self):
        """Ids of the open lines that a supplier's answer makes late."""
        # sudo: a salesperson may not read plans, and learns that his order is at risk
        answered = (
            self.env["supplier.material.plan.line"].sudo()._search_answered_late()
        )
        waiting = self.search(
            [("id", "in", answered.need_ids.sale_line_id.ids), ("state", "=", "sale")]
        ).filtered(lambda line: line.qty_delivered < line.product_uom_qty)
        uncovered = answered._get_uncovered_needs().sale_line_id
        figures = self.env["order.trace"]._line_figures(waiting)
        return [
            line.id
            for line in waiting
            if line.id in uncovered._ids or figures[line.id]["late_days"] > 0
        ]


class SupplierMaterialPlanLine(models.Model):
    """The answers that hurt somebody."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "supplier.material.plan.line"

    @api.model
    def _search_answered_late(self, domain=Domain.TRUE):
        """Answers in force: later than needed, or less than required."""
        lines = self.search(
            Domain("plan_id.is_current", "=", True)
            & Domain("answer", "=", "other")
            & Domain("company_id", "in", self.env.companies.ids)
            & domain
        )
        return lines.filtered(lambda line: line.answer_days_late or line._get_short())

    def _get_short(self):
        """Required and not answered, in the line's unit; 0 when all of it is."""
        short = self.required - self.answer_quantity
        return max(self.product_uom_id.round(short), 0)

    def _get_risk_sentence(self):
        """What is told inside the house: product, quantities and day, no supplier."""
        values = {
            "product": self.product_id.with_context(
                display_default_code=False
            ).display_name,
            "quantity": format_quantity(self.answer_quantity),
            "required": format_quantity(self.required),
        }
        if not self.answer_date:
            return self.env._(
                "%(product)s: the supplier answered nothing of %(required)s", **values
            )
        other_year = self.answer_date.year != self.company_id._get_today().year
        return self.env._(
            "%(product)s: the supplier answered %(quantity)s of %(required)s on "
            "%(day)s",
            day=write_day(self.answer_date, get_lang(self.env).code, other_year),
            **values,
        )

    def _get_uncovered_needs(self):
        """The needs for which there is no supply but these answers, and they fail."""
        late = self.filtered(lambda line: line.gap and line.answer_days_late)
        needs = late.need_ids
        for line in self - late:
            needs |= line._get_short_needs()
        return needs

    def _get_short_needs(self):
        """The needs a short answer leaves open: those promised last.

        What does come goes to whom it was promised first.
        """
        needs, short = self.need_ids.browse(), self._get_short()
        by_promise = self.need_ids.sorted(
            lambda need: (need.promised_date or datetime.max, need.sale_line_id.id),
            reverse=True,
        )
        for need in by_promise:
            if short <= 0:
                break
            needs |= need
            short = self.product_uom_id.round(short - need.quantity)
        return needs
