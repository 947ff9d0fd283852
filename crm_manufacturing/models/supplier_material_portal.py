from odoo import models

from ..tools.entered import read_text
from .supplier_material_plan import OPEN_STATES


class SupplierMaterialPlan(models.Model):
    """What a supplier reads of his plan: a closed list of plain values."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "supplier.material.plan"

    def _get_portal_summary(self):
        """``{id, company, version, date, sent_on, state, state_name, is_open}``."""
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "id": self.id,
            "company": self.company_id.name,
            "version": self.version,
            "date": self.date,
            "sent_on": self.sent_on,
            "state": self.state,
            "state_name": states[self.state],
            "is_open": self.state in OPEN_STATES,
        }

    def _get_portal_page(self, post, problems):
        """The summary with ``products``: ``{name, code, unit, lines}``.

        :param post: what was entered, shown again beside the problems
        :param problems: sentences by line id
        """
        lines = self._get_told_lines()
        return {
            **self._get_portal_summary(),
            "has_problem": bool(problems),
            "can_confirm": any(
                line.required and line.answer != "as_asked" for line in lines
            ),
            "newest": self._get_told().id != self.id and self._get_told().id,
            "products": [
                {
                    "name": product.display_name,
                    "code": rows[:1]._get_supplier_code(),
                    "unit": rows[:1].product_uom_id.name,
                    "lines": [
                        row._prepare_portal_row(post, problems.get(row.id))
                        for row in rows
                    ],
                }
                for product, rows in lines.grouped("product_id").items()
            ],
        }


class SupplierMaterialPlanLine(models.Model):
    """One line of the page."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "supplier.material.plan.line"

    def _prepare_portal_row(self, post, problem):
        typed = {
            name: read_text(post.get(f"{name}_{self.id}"))
            for name in ("quantity", "date", "comment")
        }
        return {
            "id": self.id,
            "period": self._get_period_name(),
            "needed_date": self.needed_date,
            "required": self.required,
            "delta": self.delta,
            "requested": self.requested,
            "confirmed": self.confirmed,
            "received": self.received,
            "gap": self.gap,
            "answer": self.answer,
            "answer_quantity": self.answer_quantity,
            "answer_date": self.answer_date,
            "answer_comment": self.answer_comment,
            "problem": problem,
            "typed": typed,
        }
