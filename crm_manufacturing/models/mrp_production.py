from odoo import api, fields, models

from .partner_score_guard_mixin import TierOfPartner

DATED_FIELDS = {"date_start", "date_finished"}
BEGUN_STATES = ("confirmed", "progress", "to_close")


class MrpProduction(models.Model):
    _name = "mrp.production"
    _inherit = [
        "mrp.production",
        "order.trace.supply.mixin",
        "order.requirement.production.mixin",
        "order.serial.production.mixin",
        "partner.score.guard.mixin",
    ]

    # the trace starts here; without the index it reads all productions
    sale_line_id = fields.Many2one(index="btree_not_null")
    customer_tier_id = TierOfPartner(
        related="sale_line_id.order_id.partner_id.customer_tier_id",
        string="Tier",
        groups="base.group_user",
    )

    @api.constrains("lot_producing_ids")
    def _check_serials(self):
        self._check_reserved_serials()

    def write(self, vals):
        """A production that is planned anew can make its orders late."""
        if vals.get("state") == "done":
            self._refuse_open_checks()
        result = super().write(vals)
        if "product_qty" in vals:
            self._get_reservations().sale_line_id._spread_serials()
        if vals.keys() & DATED_FIELDS and self.filtered(
            lambda production: production.state in BEGUN_STATES
        ):
            self.env["order.trace.alert"]._run_soon()
        return result

    def action_confirm(self):
        result = super().action_confirm()
        self._add_checks()
        self._spread_requirements()
        return result

    def _button_mark_done_sanity_checks(self):
        self._refuse_open_checks()
        return super()._button_mark_done_sanity_checks()

    def action_generate_serial(self, workorder=False):
        if self._take_reserved_lot():
            return self._produce_reserved_lot(workorder)
        return super().action_generate_serial(workorder=workorder)

    def _get_backorder_mo_vals(self):
        return {
            **super()._get_backorder_mo_vals(),
            **self._prepare_requirement_backorder(),
        }

    def _split_productions(self, *args, **kwargs):
        rows = self._get_reservations()
        parts = super()._split_productions(*args, **kwargs)
        parts._split_serials(rows)
        return parts

    def _action_confirm_mo_backorders(self):
        result = super()._action_confirm_mo_backorders()
        self._add_checks()
        return result

    def action_merge(self):
        rows = self._get_reservations()
        action = super().action_merge()
        merged = self.browse(action["res_id"])
        self._merge_requirements(merged)
        rows._spread_over(merged)
        return action

    def _action_cancel(self):
        result = super()._action_cancel()
        self._release_serials()
        return result
