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

    @api.depends("rule_set")
    def _compute_rule_ids(self):
        rules = self.env["partner.cadence"].with_context(active_test=False)
        for wizard in self:
            if wizard.rule_set:
                wizard.rule_ids = rules.search([("rule_set", "=", wizard.rule_set)])

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
            domain = Domain("rule_set", "!=", False)
            others = self.env["partner.cadence"].search(domain) - self.rule_ids
            others.active = False
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
