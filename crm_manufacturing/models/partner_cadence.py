from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

UNITS = [("days", "Days"), ("weeks", "Weeks"), ("months", "Months"), ("years", "Years")]
# days of the shortest unit; bounds keep dates inside the calendar
UNIT_DAYS = {"days": 1, "weeks": 7, "months": 28, "years": 365}
LONGEST_DAYS = 36500
RETRY_MINUTES = 10


class PartnerCadence(models.Model):
    """A rule: who gets which touch, counted from what, and who makes it.

    Among the rules whose anchor is a clock (last contact, last order, customer since)
    the first that fits a customer wins for its activity type; rules on events
    (deliveries, quotations, dates) apply beside them. The engine keeps one open
    ``partner.touchpoint`` per rule, customer and anchor record.
    """

    _name = "partner.cadence"
    _description = "Cadence Rule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    rule_set = fields.Selection(
        [("standard", "By Tier"), ("monthly", "Everybody Monthly")],
        string="Set",
        help="Rules of a set are activated together.",
    )
    company_id = fields.Many2one(
        "res.company", help="Empty: every company, each with its own customers."
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="Touch",
        required=True,
        ondelete="restrict",
        domain=[("res_model", "in", [False, "res.partner"])],
    )
    role = fields.Selection(
        [("customer", "Customers"), ("dealer", "Dealers"), ("supplier", "Suppliers")],
        string="For",
        help="Empty: everyone.",
    )
    band_ids = fields.Many2many(
        "partner.scorecard.band", string="Tiers", help="Empty: whatever the tier."
    )
    partner_domain = fields.Char(string="Only Partners", default="[]")
    anchor = fields.Selection(
        lambda self: self._selection_anchor(), string="Counted From", required=True
    )
    date_field = fields.Selection(
        lambda self: self._selection_date_field(), string="Date"
    )
    offset_number = fields.Integer(
        string="Offset", help="After the anchor; negative: before it."
    )
    offset_type = fields.Selection(UNITS, required=True, default="days")
    interval_number = fields.Integer(
        string="Repeat Every", help="0: once, no repetition."
    )
    interval_type = fields.Selection(UNITS, required=True, default="days")
    repeat_years = fields.Integer(
        string="For (years)",
        help="Repetitions end this long after the anchor. 0: never.",
    )
    grace_days = fields.Integer(
        default=0, help="Days after the due date that are still on time."
    )
    lead_days = fields.Integer(
        default=7, help="How long before the due date its activity is created."
    )
    responsible = fields.Selection(
        [
            ("salesperson", "Salesperson"),
            ("account_manager", "Senior Colleague"),
            ("service_user", "Service Contact"),
            ("team_leader", "Team Leader"),
            ("user", "A User"),
        ],
        required=True,
        default="salesperson",
        help="Where there is nobody, or only an archived user: the salesperson, the "
        "deputy, then the team leader.",
    )
    user_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], check_company=True
    )
    after_done = fields.Selection(
        [("continue", "Go On"), ("stop", "Stop")],
        required=True,
        default="continue",
        help="Stop: done once, a customer is left alone by this rule.",
    )
    go_live_date = fields.Date(
        string="Started On",
        readonly=True,
        help="Set by the activation: first due dates are spread from it, best tier "
        "first, and nothing is due before it. Empty: plain dates.",
    )
    touchpoint_count = fields.Integer(
        string="Open Touchpoints", compute="_compute_touchpoint_count"
    )

    def _compute_touchpoint_count(self):
        counts = dict(
            self.env["partner.touchpoint"]._read_group(
                [("cadence_id", "in", self.ids), ("is_open", "=", True)],
                ["cadence_id"],
                ["__count"],
            )
        )
        for rule in self:
            rule.touchpoint_count = counts.get(rule, 0)

    def write(self, vals):
        """A new start spreads the first due dates anew."""
        result = super().write(vals)
        if "go_live_date" in vals:
            # sudo: touchpoints are the engine's, also of companies the user is not in
            self.env["partner.touchpoint"].sudo().search(
                [("cadence_id", "in", self.ids), ("is_spread", "=", True)]
            ).is_spread = False
        return result

    # ------------------------------------------------------------------
    # Bad input
    # ------------------------------------------------------------------

    @api.constrains("interval_number", "interval_type", "offset_number", "offset_type")
    def _check_interval(self):
        for rule in self:
            if (
                not 0
                <= rule.interval_number * UNIT_DAYS[rule.interval_type]
                <= (LONGEST_DAYS)
            ):
                raise ValidationError(
                    self.env._(
                        "Repeat Every: %(rule)s needs an interval between 0 (once) and "
                        "100 years.",
                        rule=rule.name,
                    )
                )
            if abs(rule.offset_number) * UNIT_DAYS[rule.offset_type] > LONGEST_DAYS:
                raise ValidationError(
                    self.env._("Offset: %s is more than 100 years.", rule.name)
                )

    @api.constrains("grace_days", "lead_days", "repeat_years")
    def _check_days(self):
        for rule in self:
            for name in ("grace_days", "lead_days", "repeat_years"):
                if not 0 <= rule[name] <= 3650:
                    label = self._fields[name]._description_string(self.env)
                    raise ValidationError(
                        self.env._("%s: must be between 0 and 3,650.", label)
                    )

    @api.constrains("anchor", "date_field")
    def _check_date_field(self):
        dates = dict(self._selection_date_field())
        for rule in self:
            if rule.anchor == "date_field" and rule.date_field not in dates:
                raise ValidationError(
                    self.env._(
                        "Date: choose from the list which date %s counts from.",
                        rule.name,
                    )
                )

    @api.constrains("responsible", "user_id")
    def _check_user(self):
        for rule in self:
            if rule.responsible == "user" and not rule.user_id:
                raise ValidationError(
                    self.env._("User: say who is responsible for %s.", rule.name)
                )

    @api.constrains("partner_domain")
    def _check_partner_domain(self):
        for rule in self:
            try:
                domain = rule._get_partner_domain()
                domain.validate(self.env["res.partner"])
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    # sudo: tried as the run will read it
                    self.env["res.partner"].sudo().search(domain, limit=1)
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "Only Partners: “%(domain)s” is not a valid filter on "
                        "contacts (%(error)s).",
                        domain=rule.partner_domain,
                        error=error,
                    )
                ) from error

    def _get_partner_domain(self):
        # safe_eval without names: a literal, no more; only managers write it
        return Domain(safe_eval(self.partner_domain or "[]"))

    # ------------------------------------------------------------------
    # Running
    # ------------------------------------------------------------------

    def _get_rules(self, company):
        """The active rules of a company, first match first."""
        domain = [("company_id", "in", [company.id, False]), ("active", "=", True)]
        # sudo: a run must not depend on who starts it
        return self.env["partner.cadence"].sudo().search(domain, order="sequence, id")

    def _run(self, company, today, partners=None):
        """Bring the touchpoints of ``company`` up to date as of ``today``.

        On rules: only their touchpoints are written, though the first match is sought
        among all. ``partners`` limits it to these. Never commits. A company that
        another transaction is planning at this moment is skipped. Returns whether it
        ran.
        """
        if (partners is not None and not partners) or not company._try_lock(self._name):
            return False
        subjects = partners and (partners | partners.commercial_partner_id).ids
        # what was closed opens what comes next in a second pass
        for _turn in range(3):
            if not self._execute(company, today, subjects):
                break
        self.env["partner.touchpoint"]._sync_activities(company)
        return True

    @api.model
    def _run_now(self, partners_by_company):
        """What people did shows at once, not with the next run."""
        # sudo: the engine plans for all, whoever did it
        cadences = self.sudo()
        for company, partners in partners_by_company.items():
            cadences._run(company, company._get_today(), partners)

    @api.model
    def _cron_run(self):
        """Everybody's touchpoints and activities, one company after the other.

        A killed run is simply repeated: finished companies are found unchanged. A
        company that somebody was planning at this moment is tried again soon.
        """
        companies = self.env["res.company"]._get_all()
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            today = company._get_today()
            if not self._run(company, today):
                self._try_again_soon()
            if not self.env["ir.cron"]._commit_progress():
                return
            self.env["partner.touchpoint"]._create_activities(company, today)
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _try_again_soon(self):
        moment = fields.Datetime.now() + timedelta(minutes=RETRY_MINUTES)
        # sudo: wakes the scheduled action, nothing more
        cron = self.env.ref("crm_manufacturing.ir_cron_partner_cadence").sudo()
        cron._trigger(at=moment)

    def action_open_touchpoints(self):
        """The open touchpoints of the rule (smart button)."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.partner_touchpoint_action"
        )
        action["domain"] = [("cadence_id", "in", self.ids)]
        return action
