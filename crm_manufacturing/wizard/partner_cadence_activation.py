from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

LONGEST_DAYS = 366


class PartnerCadenceActivation(models.TransientModel):
    """Starts rules on a day, after showing what they will ask of each person."""

    _name = "partner.cadence.activation"
    _description = "Activate Cadence Rules"

    rule_set = fields.Selection(
        lambda self: (
            self.env["partner.cadence"]
            ._fields["rule_set"]
            ._description_selection(self.env)
        ),
        string="Set",
        default="standard",
    )
    rule_ids = fields.Many2many(
        "partner.cadence",
        string="Rules",
        context={"active_test": False},
        compute="_compute_rule_ids",
        store=True,
        readonly=False,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    go_live_date = fields.Date(
        string="Start On",
        default=lambda self: self.env.company._get_today(),
        help="First due dates are spread from this day, best tier first. Empty: plain "
        "dates, everything missed so far is overdue at once.",
    )
    replaces = fields.Boolean(
        string="Switch Other Sets Off",
        default=True,
        help="Rules of other sets are archived; rules without a set stay.",
    )
    line_ids = fields.One2many(
        "partner.cadence.activation.line",
        "activation_id",
        string="Load per Week",
        compute="_compute_line_ids",
    )
    warning = fields.Text(compute="_compute_line_ids")
    notice = fields.Text(compute="_compute_notice")

    @api.depends("rule_set", "company_id")
    def _compute_rule_ids(self):
        for wizard in self:
            if wizard.rule_set:
                domain = Domain("rule_set", "=", wizard.rule_set)
                rules = wizard._search_rules(domain, active_test=False)
                wizard.rule_ids = rules

    def _search_rules(self, domain, **context):
        """The rules that plan for the company: its own and the shared ones."""
        domain &= Domain("company_id", "in", [self.company_id.id, False])
        return self.env["partner.cadence"].with_context(**context).search(domain)

    @api.depends("rule_ids")
    def _compute_notice(self):
        """A shared rule has one start for all companies, so that starting it is said
        to be an act for all of them."""
        count = len(self.env["res.company"]._get_all())
        for wizard in self:
            shared = wizard.rule_ids.filtered(lambda rule: not rule.company_id)
            wizard.notice = bool(shared and count > 1) and self.env._(
                "Shared rules (%(shared)s of %(all)s) start in all %(companies)s "
                "companies: late first dates are spread anew in each. For one company "
                "alone, use rules of that company.",
                shared=len(shared),
                all=len(wizard.rule_ids),
                companies=count,
            )

    @api.depends("rule_ids", "company_id")
    def _compute_line_ids(self):
        for wizard in self:
            loads = wizard.rule_ids._origin._get_load(
                wizard.company_id, wizard.company_id._get_today()
            )
            wizard.line_ids = [Command.clear(), *map(Command.create, loads)]
            names = [line.name for line in wizard.line_ids if line.is_too_much]
            wizard.warning = bool(names) and self.env._(
                "More than their working week holds: %s. You can activate the rules "
                "all the same.",
                ", ".join(names),
            )

    @api.constrains("go_live_date")
    def _check_go_live_date(self):
        for wizard in self:
            if (
                wizard.go_live_date
                and wizard.go_live_date < wizard.company_id._get_today()
            ):
                raise ValidationError(
                    self.env._("Start On: choose today or a later day.")
                )
            latest = fields.Date.add(wizard.company_id._get_today(), days=LONGEST_DAYS)
            if wizard.go_live_date and wizard.go_live_date > latest:
                raise ValidationError(
                    self.env._("Start On: choose a day within a year.")
                )

    def action_activate(self):
        """Start the rules (button)."""
        self.ensure_one()
        if not self.rule_ids:
            raise UserError(self.env._("Rules: choose what to activate."))
        if self.replaces:
            others = self._search_rules(Domain("rule_set", "!=", False))
            (others - self.rule_ids).active = False
        self.rule_ids.write({"active": True, "go_live_date": self.go_live_date})
        self.env.ref("crm_manufacturing.ir_cron_partner_cadence").sudo()._trigger()
        return {"type": "ir.actions.act_window_close"}


class PartnerCadenceActivationLine(models.TransientModel):
    """What the rules ask of one person in an average week."""

    _name = "partner.cadence.activation.line"
    _description = "Load of a Person"

    activation_id = fields.Many2one("partner.cadence.activation", ondelete="cascade")
    user_id = fields.Many2one("res.users", string="Responsible")
    name = fields.Char(string="Person")
    customers = fields.Integer()
    calls = fields.Float(digits=(16, 1))
    visits = fields.Float(digits=(16, 1))
    hours = fields.Float(string="Hours Needed")
    available = fields.Float(string="Working Hours")
    is_too_much = fields.Boolean()
