from odoo import api, fields, models

from ..tools.touch import RANKS, VISIT_KINDS

# what a touch of this kind is reported as
TYPE_OF_KIND = {
    "exchange": "chat",
    "call": "call",
    "visit": "visit",
    "senior": "senior_visit",
}
OPEN_STATES = ("soon", "due", "overdue")
# what makes a report a touch, or a planned one a booking
TOUCH_FIELDS = {"state", "outcome", "date", "visit_type", "partner_id", "user_id"}


class CrmVisit(models.Model):
    """Visits and what is due: made from a touchpoint, a visit closes it."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "crm.visit"

    touchpoint_ids = fields.One2many(
        "partner.touchpoint", "visit_id", string="Touchpoints", copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        visits = super().create(vals_list)
        visits._mark_touched()
        visits.filtered(
            lambda visit: visit.state == "planned" and visit.touchpoint_ids
        )._plan_again()
        return visits

    def write(self, vals):
        before = self.commercial_partner_id if "partner_id" in vals else False
        result = super().write(vals)
        if vals.keys() & TOUCH_FIELDS:
            self._mark_touched(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_marks_touched(self):
        self._mark_touched()

    def _mark_touched(self, before=False):
        """A visit planned, moved or taken back moves its customer's clocks."""
        partners = self.commercial_partner_id | (before or self.env["res.partner"])
        self.env["partner.score.dirty"]._mark((partner, False) for partner in partners)

    def _entered_done(self):
        """What was due is closed at once; who was not reached is tried again."""
        result = super()._entered_done()
        attempts = self.filtered(lambda visit: visit.outcome == "not_reached")
        attempts._count_attempts()
        touches = self - attempts
        touches._release_higher()
        touches._plan_again()
        return result

    def _plan_again(self):
        """What is due to these customers."""
        visits = self.grouped("company_id").items()
        self.env["partner.cadence"]._run_now(
            {company: some.commercial_partner_id for company, some in visits}
        )

    def _release_higher(self):
        """A call reported on a visit that is due leaves the visit due."""
        for visit in self:
            rank = visit._get_rank()
            # sudo: also where the touchpoint is a colleague's
            visit.sudo().touchpoint_ids.filtered(
                lambda point, rank=rank: (
                    RANKS.get(point.activity_type_id.touch_kind, 0) > rank
                )
            ).visit_id = False

    def _get_rank(self):
        """What the report stands for; a video meeting as its country says."""
        country = self.commercial_partner_id.country_id
        video = "visit" if country.video_counts_as_visit else "call"
        return RANKS[VISIT_KINDS.get(self.visit_type, video)]

    def _count_attempts(self):
        """On the touchpoints the visit was made for, else on the calls that are due."""
        for visit in self:
            points = visit.touchpoint_ids or self.env["partner.touchpoint"].search(
                [
                    ("partner_id", "=", visit.commercial_partner_id.id),
                    ("company_id", "=", visit.company_id.id),
                    ("state", "in", OPEN_STATES),
                    ("activity_type_id.touch_kind", "in", ("call", "exchange")),
                ]
            )
            points.filtered("is_open").action_not_reached()

    @api.model
    def _prepare_from_event(self, event):
        """A meeting booked for a call is reported as one."""
        values = super()._prepare_from_event(event)
        kind = event.touchpoint_ids[:1].activity_type_id.touch_kind
        if values["visit_type"] == "visit":
            values["visit_type"] = TYPE_OF_KIND.get(kind, "visit")
        return values

    # ------------------------------------------------------------------
    # From a touchpoint
    # ------------------------------------------------------------------

    @api.model
    def _prepare_from_touchpoint(self, point):
        """Values of the report of what a touchpoint asks for."""
        kind = point.activity_type_id.touch_kind
        values = {
            "partner_id": point.partner_id.id,
            "company_id": point.company_id.id,
            "visit_type": TYPE_OF_KIND.get(kind, "visit"),
            "purpose": point.cadence_id.name,
            "touchpoint_ids": [fields.Command.link(point.id)],
        }
        if point.res_model == "crm.lead":
            values["lead_id"] = point.res_id
        # a meeting reported already is not reported twice
        if point.event_id and not self.search_count(
            [("event_id", "=", point.event_id.id)], limit=1
        ):
            values["event_id"] = point.event_id.id
        return values

    @api.model
    def _get_touchpoint_action(self, point):
        """The report made for a touchpoint, or an empty one that knows why."""
        if point.visit_id:
            return point.visit_id._get_records_action()
        values = self._prepare_from_touchpoint(point)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visit Report"),
            "res_model": self._name,
            "views": [(False, "form")],
            "view_mode": "form",
            "context": {f"default_{name}": value for name, value in values.items()},
        }


class PartnerTouchpoint(models.Model):
    """A touchpoint is reported in full, or in one line."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.touchpoint"

    def action_open_visit(self):
        """The report of this touch (button)."""
        self.ensure_one()
        self.check_access("read")
        return self.env["crm.visit"]._get_touchpoint_action(self)

    def action_log_call(self):
        """The quick-log dialog (button)."""
        return self.env["crm.visit.quick.log"]._get_action(
            self.partner_id, touchpoints=self
        )

    def action_plan_trip(self):
        """Visits of one day with the customers selected (button)."""
        return self.env["crm.visit.trip"]._get_action(self.partner_id)
