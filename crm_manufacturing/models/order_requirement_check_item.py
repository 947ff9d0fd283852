from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# what the shop floor may change; the rest belongs to the planner
TICKED_FIELDS = {"is_done", "note"}
SIGNED_FIELDS = {"done_uid", "done_on"}


class OrderRequirementCheckItem(models.Model):
    """One check of one production, ticked by whoever did it.

    A copy of its template: what was confirmed does not change when the template does.
    """

    _name = "order.requirement.check.item"
    _description = "Check of a Production"
    _order = "production_id desc, sequence, id"

    name = fields.Char(string="Check", required=True)
    sequence = fields.Integer(default=10)
    check_id = fields.Many2one(
        "order.requirement.check",
        string="Template",
        ondelete="set null",
        index="btree_not_null",
    )
    production_id = fields.Many2one(
        "mrp.production",
        string="Manufacturing Order",
        required=True,
        index=True,
        ondelete="cascade",
    )
    workorder_id = fields.Many2one(
        "mrp.workorder",
        string="Work Order",
        index="btree_not_null",
        ondelete="set null",
        domain="[('production_id', '=', production_id)]",
    )
    product_id = fields.Many2one(related="production_id.product_id")
    production_state = fields.Selection(related="production_id.state")
    date_start = fields.Datetime(related="production_id.date_start")
    company_id = fields.Many2one(
        related="production_id.company_id", store=True, index=True
    )
    is_done = fields.Boolean(string="Done")
    note = fields.Char(string="Remark")
    done_uid = fields.Many2one("res.users", string="Done By", readonly=True)
    done_on = fields.Datetime(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._sign(vals) for vals in vals_list])

    def write(self, vals):
        """Who ticks signs with name and time; nobody signs for somebody else."""
        if not self._may_plan() and vals.keys() - TICKED_FIELDS - SIGNED_FIELDS:
            raise AccessError(
                self.env._("Checks are ticked here; the planner changes what they say.")
            )
        if "is_done" in vals:
            self._refuse_after_production()
        return super().write(self._sign(vals))

    def _may_plan(self):
        return self.env.su or self.env.user.has_group("mrp.group_mrp_manager")

    def _sign(self, vals):
        values = {key: vals[key] for key in vals if key not in SIGNED_FIELDS}
        if "is_done" in values:
            done = values["is_done"]
            values["done_uid"] = done and self.env.uid
            values["done_on"] = done and fields.Datetime.now()
        return values

    def _refuse_after_production(self):
        for item in self:
            if item.production_id.state in ("done", "cancel"):
                raise UserError(
                    self.env._(
                        "%(production)s is finished: the check “%(check)s” can no "
                        "longer change.",
                        production=item.production_id.name,
                        check=item.name,
                    )
                )

    def _refuse_open(self):
        """Name the first open check of what somebody wants to finish."""
        still_open = self.filtered(lambda item: not item.is_done)
        if still_open:
            first = still_open[0]
            raise UserError(
                self.env._(
                    "%(document)s cannot be finished: the check “%(check)s” is open. "
                    "Checks open in all: %(count)s.",
                    document=first.workorder_id.display_name
                    or first.production_id.name,
                    check=first.name,
                    count=len(still_open),
                )
            )

    @api.model
    def _copy_to(self, productions):
        """The checks of the templates that hold for productions and are not there."""
        templates = self.env["order.requirement.check"].browse(
            self.env["order.requirement.check"]._get_cached()
        )
        values = []
        for production in productions:
            known = production.requirement_check_ids.check_id
            chosen = production._get_requirement_attribute_values()
            values += [
                self._prepare_copy(template, production)
                for template in templates - known
                if template._holds_for(production, chosen)
            ]
        return self.create(values)

    def _prepare_copy(self, template, production):
        workorders = production.workorder_ids.filtered(
            lambda work: (
                work.operation_id == template.operation_id and template.operation_id
            )
        )
        return {
            "check_id": template.id,
            "name": template.name,
            "sequence": template.sequence,
            "production_id": production.id,
            "workorder_id": workorders[:1].id,
        }
