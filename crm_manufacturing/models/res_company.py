from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = [
        "res.company",
        "delivery.promise.tolerance.mixin",
        "order.trace.portal.mixin",
    ]

    pyramid_scorecard_id = fields.Many2one(
        "partner.scorecard",
        string="Customer Pyramid",
        domain=[("role", "=", "customer")],
        default=lambda self: self._get_default_pyramid(),
        groups="base.group_user",
        help="The scorecard whose bands are this company's customer tiers.",
    )

    stage_dormant_factor = fields.Float(
        string="Dormant After (own intervals)",
        default=2.5,
        groups="base.group_user",
        help="A customer is dormant when silent for more than this many of his own "
        "median intervals between purchases.",
    )
    stage_lost_months = fields.Integer(
        string="Lost After (months)",
        default=24,
        groups="base.group_user",
        help="A customer without a purchase for longer than this is lost.",
    )

    touchpoint_activity_max = fields.Integer(
        string="Generated Activities per User",
        default=8,
        groups="base.group_user",
        help="No more activities for due calls and visits than this are open at a "
        "time; the rest waits as touchpoints, oldest and best tier first.",
    )
    visits_per_day = fields.Float(
        default=3.0,
        groups="base.group_user",
        help="How many customers a salesperson can visit on a day on the road.",
    )
    call_minutes = fields.Integer(
        string="Minutes per Call",
        default=20,
        groups="base.group_user",
        help="What a call takes with its preparation and its note.",
    )
    service_user_id = fields.Many2one(
        "res.users",
        string="Service Contact",
        domain=[("share", "=", False)],
        groups="base.group_user",
        help="Who makes the touches whose rule names the service user.",
    )

    @api.constrains("touchpoint_activity_max", "visits_per_day", "call_minutes")
    def _check_touchpoint_settings(self):
        for company in self:
            if not 0 <= company.touchpoint_activity_max <= 1000:
                raise ValidationError(
                    self.env._(
                        "Generated Activities per User: must be between 0 and 1,000."
                    )
                )
            if not 0 < company.visits_per_day <= 50:
                raise ValidationError(
                    self.env._("Visits per Day: must be above zero and at most 50.")
                )
            if not 0 < company.call_minutes <= 480:
                raise ValidationError(
                    self.env._("Minutes per Call: must be between 1 and 480.")
                )

    potential_big_value = fields.Monetary(
        string="Big Potential From",
        default=50000,
        groups="base.group_user",
        help="A potential of at least this per year is big.",
    )
    potential_small_share = fields.Float(
        string="Small Share Below (%)",
        default=25,
        groups="base.group_user",
        help="A share of wallet below this is small.",
    )

    @api.constrains("potential_big_value", "potential_small_share")
    def _check_potential_settings(self):
        for company in self:
            if company.potential_big_value < 0:
                raise ValidationError(
                    self.env._("Big Potential From: must not be negative.")
                )
            if not 0 < company.potential_small_share <= 100:
                raise ValidationError(
                    self.env._("Small Share Below (%): must be above 0, at most 100.")
                )

    def unlink(self):
        """The scores of a company go with it; no foreign key sees to that."""
        scores = self.env["partner.score"].sudo()
        scores.search([("company_id", "in", self.ids)]).unlink()
        return super().unlink()

    @api.constrains("pyramid_scorecard_id")
    def _check_pyramid(self):
        for company in self:
            # sudo: the card of another company may not be read, only refused
            card = company.sudo().pyramid_scorecard_id
            ours = card.company_id in (company, self.browse())
            card._refuse_circle()
            if card and not (ours and card.role == "customer"):
                raise ValidationError(
                    self.env._(
                        "Customer Pyramid: %(card)s does not score the customers of "
                        "%(company)s.",
                        card=card.name,
                        company=company.name,
                    )
                )

    @api.constrains("stage_dormant_factor", "stage_lost_months")
    def _check_stage_settings(self):
        for company in self:
            if not 1 <= company.stage_lost_months <= 1200:
                raise ValidationError(
                    self.env._("Lost After: must be 1 to 1,200 months.")
                )
            if not 0 < company.stage_dormant_factor <= 1000:
                raise ValidationError(
                    self.env._("Dormant After: must be above zero and at most 1,000.")
                )

    @api.model
    def _get_default_pyramid(self):
        return self.env.ref(
            "crm_manufacturing.scorecard_pyramid", raise_if_not_found=False
        )

    @api.model
    def _set_default_pyramid(self):
        """For the companies that were there before the addon."""
        companies = self.sudo().search([("pyramid_scorecard_id", "=", False)])
        companies.pyramid_scorecard_id = self._get_default_pyramid()

    @api.model
    def _get_all(self):
        """Every company, also those the user is not in; they are few."""
        # sudo: figures must not depend on who starts the computation
        return self.sudo().search(Domain.TRUE, order="id")

    def _try_lock(self, name, record_id=0):
        """Take what is called ``name`` in the company for this transaction.

        False when another transaction has it. ``record_id``: of a record of that name.
        PostgreSQL does not compile the statements that follow: of ours that takes up to
        twenty seconds, and saves none.
        """
        query = SQL(
            """SELECT pg_try_advisory_xact_lock(hashtext(%s) # %s, %s),
                      set_config('jit', 'off', TRUE)""",
            name,
            record_id,
            self.id,
        )
        return self.env.execute_query(query)[0][0]

    def _get_timezone(self):
        """Name of the zone the company's days are counted in, UTC if unknown."""
        zones = (self.partner_id.tz, self.resource_calendar_id.tz)
        known = self._get_known_zones()
        return next((zone for zone in zones if zone in known), "UTC")

    @api.model
    @tools.ormcache(cache="stable")
    def _get_known_zones(self):
        """Names that Python and PostgreSQL both know, each from a list of its own."""
        rows = self.env.execute_query(SQL("SELECT name FROM pg_timezone_names"))
        return pytz.all_timezones_set.intersection(name for (name,) in rows)

    @api.model
    def _select_zones(self):
        """SELECT of ``company_id`` and the ``name`` of the zone, as _get_timezone."""
        self.env["res.partner"].flush_model(["tz"])
        self.env["resource.calendar"].flush_model(["tz"])
        # the offset: once for each company, not for each line of a report
        return SQL(
            """SELECT company.id AS company_id,
                      CASE WHEN partner.tz = ANY(%(known)s) THEN partner.tz
                           WHEN calendar.tz = ANY(%(known)s) THEN calendar.tz
                           ELSE 'UTC' END AS name
                 FROM res_company company
                 JOIN res_partner partner ON partner.id = company.partner_id
            LEFT JOIN resource_calendar calendar
                      ON calendar.id = company.resource_calendar_id
               OFFSET 0""",
            known=list(self._get_known_zones()),
        )

    def _get_today(self):
        """The company's day, now."""
        return self._get_day(fields.Datetime.now())

    def _get_day(self, moment):
        """The company's day of a naive UTC ``moment``."""
        zone = pytz.timezone(self._get_timezone())
        return pytz.utc.localize(moment).astimezone(zone).date()

    def _get_day_start(self, day, days=0):
        """Naive UTC instant at which ``day`` (plus ``days``) begins for the company."""
        midnight = datetime.combine(day + timedelta(days=days), time.min)
        zone = pytz.timezone(self._get_timezone())
        return zone.localize(midnight).astimezone(pytz.utc).replace(tzinfo=None)
