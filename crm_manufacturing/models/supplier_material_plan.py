from odoo import api, fields, models

PERIODS = [("month", "Month"), ("week", "Week")]
STATES = [
    ("draft", "Draft"),
    ("sent", "Sent"),
    ("answered", "Answered"),
    ("superseded", "Superseded"),
]
# versions the supplier can still answer
OPEN_STATES = ("sent", "answered")


class SupplierMaterialPlan(models.Model):
    """What one supplier should bring, period by period, from confirmed demand.

    Not an order: it commits neither side. The draft is written by
    ``supplier_material_engine.py`` and shows today; sending freezes it, and the next
    draft says what changed since. One draft and one open version per supplier and
    company.
    """

    _name = "supplier.material.plan"
    _description = "Material Plan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "company_id, partner_id, version desc, id desc"
    # buyers write on the chatter and nothing else
    _mail_post_access = "read"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Supplier", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    version = fields.Integer(required=True, readonly=True, aggregator=None)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", tracking=True
    )
    period = fields.Selection(PERIODS, required=True, readonly=True, default="month")
    date = fields.Date(
        string="Computed On",
        required=True,
        readonly=True,
        help="The day of the figures.",
    )
    user_id = fields.Many2one(
        "res.users", string="Sent By", readonly=True, tracking=True
    )
    sent_on = fields.Datetime(readonly=True)
    answered_on = fields.Datetime(string="Last Answer", readonly=True)
    line_ids = fields.One2many("supplier.material.plan.line", "plan_id", readonly=True)
    contact_id = fields.Many2one(
        "res.partner", string="Goes To", compute="_compute_contact_id"
    )
    lang = fields.Char(compute="_compute_contact_id", export_string_translation=False)
    is_current = fields.Boolean(
        string="Latest", readonly=True, help="The newest version for this supplier."
    )

    _one_draft = models.UniqueIndex("(partner_id, company_id) WHERE state = 'draft'")

    @api.depends("partner_id", "version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = self.env._(
                "%(supplier)s, material plan %(version)s",
                supplier=plan.partner_id.name,
                version=plan.version,
            )

    @api.depends("partner_id.material_plan_contact_id.parent_id")
    @api.depends_context("lang")
    def _compute_contact_id(self):
        """Who went to another company gets no plan of this supplier any more."""
        for plan in self:
            chosen = plan.partner_id.material_plan_contact_id
            fit = chosen.active and chosen._is_contact_of(plan.partner_id)
            plan.contact_id = chosen if fit else plan.partner_id
            plan.lang = plan.contact_id.lang or plan.partner_id.lang or self.env.lang

    @api.model
    def _cron_run(self):
        if "supplier" in self.env["partner.scorecard"]._get_resting_roles():
            return
        companies = self.env["res.company"]._get_all()
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            self.with_company(company)._run(company, company._get_today())
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def action_refresh(self):
        """Bring the drafts of the user's company to today (button)."""
        self.check_access("read")
        company = self.env.company
        # sudo: the figures come from documents a buyer may not read; none is shown
        self.sudo()._run(company, company._get_today())
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _freeze(self, moment):
        """The draft is what the supplier was told; earlier versions no longer count."""
        told = self.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "in", OPEN_STATES),
            ]
        )
        told.state = "superseded"
        self.write({"state": "sent", "sent_on": moment, "user_id": self.env.uid})

    @api.model
    def _merge_partners(self, sources, destination):
        """The merged supplier keeps all versions; a draft is computed again anyway."""
        plans = self.search([("partner_id", "in", sources.ids)])
        plans.filtered(lambda plan: plan.state == "draft").unlink()
        open_plans = plans.exists().filtered(lambda plan: plan.state in OPEN_STATES)
        ours = self.search(
            [("partner_id", "=", destination.id), ("state", "in", OPEN_STATES)]
        )
        for company in open_plans.company_id:
            rivals = (ours | open_plans).filtered(
                lambda plan, company=company: plan.company_id == company
            )
            newest = rivals.sorted("sent_on", reverse=True)[:1]
            (rivals - newest).write({"state": "superseded", "is_current": False})

    def action_open_lines(self):
        """The lines as a list or pivot (smart button)."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_manufacturing.supplier_material_plan_line_action"
        )
        return {
            **action,
            "domain": [("plan_id", "in", self.ids)],
            "context": {},
        }
