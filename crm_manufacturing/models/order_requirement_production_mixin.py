from odoo import fields, models
from odoo.tools import plaintext2html

from .order_requirement import ALL_PRODUCTIONS, FIRST_PRODUCTION

ACTIVITY = "crm_manufacturing.mail_activity_requirement"
OPEN_STATES = ("draft", "confirmed", "progress", "to_close")


class OrderRequirementProductionMixin(models.AbstractModel):
    """A manufacturing order that says what its customers want, with its check list."""

    _name = "order.requirement.production.mixin"
    _inherit = "order.requirement.demand.mixin"
    _description = "Production with Customer Requirements"

    requirement_check_ids = fields.One2many(
        "order.requirement.check.item",
        "production_id",
        string="Checks",
        groups="base.group_user",
    )

    def _takes_requirement(self):
        return super()._takes_requirement() and self.state in OPEN_STATES

    def _is_reached_by(self, line):
        first = line in (self.sale_line_id, *self.requirement_line_ids)
        return line._lets_requirement_reach(
            FIRST_PRODUCTION if first else ALL_PRODUCTIONS
        )

    def _take_requirement(self, lines, asked):
        known = self.requirement_line_ids
        changed = super()._take_requirement(lines, asked)
        if self.requirement_line_ids - known:
            self._add_checks()
        return changed

    def _spread_requirements(self):
        """What confirming this production asked for learns it as well."""
        telling = self.filtered("customer_requirement")
        if telling:
            # sudo: the planner hands on what he need not be able to read
            self.env["order.requirement"]._spread(telling.sudo().requirement_line_ids)

    def _prepare_requirement_backorder(self):
        return {
            "requirement_line_ids": self.requirement_line_ids.ids,
            "customer_requirement": self.customer_requirement,
        }

    def _merge_requirements(self, merged):
        """The production these were merged into carries the texts of all, by order."""
        lines = self.sudo().requirement_line_ids
        if lines:
            # sudo: the planner merges what he need not be able to read
            merged.sudo()._take_requirement(lines, lines)

    def _tell_planner(self):
        """One open activity per production, however often the words change."""
        if not self:
            return
        kind = self.env.ref(ACTIVITY)
        told = self.activity_ids.filtered(lambda a: a.activity_type_id == kind)
        known = self.browse(told.mapped("res_id"))
        for production in known:
            own = told.filtered(lambda a, p=production: a.res_id == p.id)
            reader = production.with_context(lang=own.user_id[:1].lang)
            own.note = reader._get_requirement_note()
        values = [
            production._prepare_requirement_activity(kind)
            for production in self - known
        ]
        self.env["mail.activity"].create(values)

    def _prepare_requirement_activity(self, kind):
        planner = self._get_requirement_planner()
        reader = self.with_context(lang=planner.lang)
        return {
            "activity_type_id": kind.id,
            "summary": reader.env._("Customer requirement changed"),
            "note": reader._get_requirement_note(),
            "automated": True,
            "res_model_id": self.env["ir.model"]._get_id("mrp.production"),
            "res_id": self.id,
            "user_id": planner.id,
        }

    def _get_requirement_planner(self):
        """Who plans it, else who answers for the product, else a manager of production.

        Who has left, or is not of the company, is passed over. Of the managers, who
        administers the system comes after those who plan. Who changed the words comes
        last: he knows.
        """
        # sudo: who changes an order need not see who plans
        managers = (
            self.env.ref("mrp.group_mrp_manager").sudo().all_user_ids.sorted("id")
        )
        administrators = self.env.ref("base.group_system").sudo().all_user_ids
        for users in (
            self.user_id | self.product_id.responsible_id,
            managers - administrators,
            managers,
        ):
            fit = users.filtered(
                lambda user: user.active and self.company_id in user.company_ids
            )
            if fit:
                return fit[0]
        return self.env.user

    def _get_requirement_note(self):
        return plaintext2html(self.customer_requirement or self.env._("None any more."))

    def _get_requirement_attribute_values(self):
        """The attribute values of what is made here, and of what it is made for."""
        lines = self.requirement_line_ids
        chosen = (
            self.product_id.product_template_attribute_value_ids
            | self.never_product_template_attribute_value_ids
            | lines.product_id.product_template_attribute_value_ids
            | lines.product_no_variant_attribute_value_ids
        )
        return chosen.product_attribute_value_id

    def _add_checks(self):
        """Copy the templates that hold and are not there yet, in one batch."""
        templates = self.env["order.requirement.check"]._get_cached()
        if templates:
            # sudo: who confirms an order need not be able to write check lists
            self.env["order.requirement.check.item"].sudo()._copy_to(self.sudo())

    def _refuse_open_checks(self):
        """Nothing is finished with an open check."""
        self.requirement_check_ids._refuse_open()
