from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, plaintext2html

STATES = [
    ("new", "New"),
    ("design", "In Design"),
    ("done", "Done"),
    ("refused", "Refused"),
]


class CrmVisitFeedback(models.Model):
    """A wish about a product, and all who asked for it.

    Its weight is what those customers were invoiced in the last 12 months: each counts
    once, however often he asked. The sum is known to every reader; whose it is, only to
    who may read the notes.
    """

    _name = "crm.visit.feedback"
    _description = "Product Feedback"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Wish", required=True, tracking=True)
    description = fields.Text()
    product_id = fields.Many2one("product.product", check_company=True, index=True)
    category_id = fields.Many2one(
        "product.category",
        compute="_compute_category_id",
        store=True,
        readonly=False,
        index=True,
    )
    owner_id = fields.Many2one(
        "res.users",
        compute="_compute_owner_id",
        store=True,
        readonly=False,
        domain=[("share", "=", False)],
        tracking=True,
        help="Who answers. Comes from the product category.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        STATES, required=True, default="new", group_expand=True, tracking=True
    )
    active = fields.Boolean(default=True)
    answer = fields.Text(help="What all who asked are told.")
    answered_on = fields.Date(readonly=True, copy=False)
    note_ids = fields.One2many(
        "crm.visit.note",
        "feedback_id",
        string="Who Asked",
        groups="sales_team.group_sale_salesman",
    )
    asker_count = fields.Integer(
        string="Customers", compute="_compute_weight", help="Who asked, each once."
    )
    asker_revenue = fields.Monetary(
        string="Their Revenue",
        compute="_compute_weight",
        help="Invoiced to them in the last 12 months, each counted once.",
    )

    @api.depends("product_id")
    def _compute_category_id(self):
        for wish in self:
            wish.category_id = wish.product_id.categ_id or wish.category_id

    @api.depends("category_id")
    def _compute_owner_id(self):
        for wish in self:
            wish.owner_id = wish.category_id._get_feedback_owner() or wish.owner_id

    # ------------------------------------------------------------------
    # Weight
    # ------------------------------------------------------------------

    @api.depends("note_ids.commercial_partner_id")
    @api.depends_context("company")
    def _compute_weight(self):
        """Both figures of all wishes in one query."""
        self.env.flush_all()
        query = SQL(
            "SELECT feedback_id, COUNT(*), SUM(revenue) FROM (%s) asked"
            " WHERE feedback_id = ANY(%s) GROUP BY 1",
            self._select_askers(),
            self._origin.ids,
        )
        weights = {row[0]: row[1:] for row in self.env.execute_query(query)}
        for wish in self:
            count, revenue = weights.get(wish._origin.id, (0, 0.0))
            wish.asker_count, wish.asker_revenue = count, revenue

    @api.model
    def _select_askers(self):
        """SELECT of feedback_id, partner_id and his revenue of 12 months."""
        metrics = self.env["partner.scorecard.metric"]
        company = self.env.company
        today = company._get_today()
        start = today - relativedelta(months=12) + relativedelta(days=1)
        return SQL(
            """SELECT asker.feedback_id, asker.partner_id,
                      COALESCE(revenue.value, 0) AS revenue
                 FROM (SELECT DISTINCT feedback_id, commercial_partner_id AS partner_id
                         FROM crm_visit_note
                        WHERE feedback_id IS NOT NULL AND company_id = %s) asker
            LEFT JOIN (%s) revenue ON revenue.partner_id = asker.partner_id""",
            company.id,
            metrics._get_sql("invoiced_revenue", company, start, today),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """The list is sorted by weight as if it were a column."""
        columns = {"asker_revenue": "SUM(revenue)", "asker_count": "COUNT(*)"}
        if field_expr not in columns:
            return super()._field_to_sql(alias, field_expr, query)
        joined = query.make_alias(alias, "weight")
        weights = SQL(
            """(SELECT feedback_id, SUM(revenue) AS asker_revenue,
                       COUNT(*) AS asker_count FROM (%s) asked GROUP BY 1)""",
            self._select_askers(),
        )
        on = SQL(
            "%s = %s",
            SQL.identifier(joined, "feedback_id"),
            SQL.identifier(alias, "id"),
        )
        query.add_join("LEFT JOIN", joined, weights, on)
        return SQL("COALESCE(%s, 0)", SQL.identifier(joined, field_expr))

    # ------------------------------------------------------------------
    # The answer
    # ------------------------------------------------------------------

    def write(self, vals):
        """A new answer is for everybody, also for who got the old one."""
        if "answer" in vals:
            # sudo: who answers need not be able to read the visits of others
            self.sudo().note_ids.answered_on = False
        return super().write(vals)

    def action_answer(self):
        """Send the answer back to all who asked (button).

        Each asking customer's salesperson gets a task on the customer, due tomorrow,
        with the text to tell: customers hear it from the person they told it.
        """
        for wish in self:
            wish._check_answer()
            wish._tell_askers()
            wish.message_post(body=wish.answer, subtype_xmlid="mail.mt_note")

    def _check_answer(self):
        if self.state == "new":
            raise UserError(
                self.env._("State: say whether it is in design, done or refused first.")
            )
        if not (self.answer or "").strip():
            raise UserError(self.env._("Answer: write what the customers are told."))

    def _tell_askers(self):
        """One task per customer, for his salesperson, else for who noted the wish."""
        # sudo: who answers need not be able to read the visits of others
        notes = self.sudo().note_ids.filtered(lambda note: not note.answered_on)
        if not notes:
            raise UserError(self.env._("Everybody who asked has this answer already."))
        today = self.company_id._get_today()
        for partner, asked in notes.grouped("commercial_partner_id").items():
            teller = partner.user_id.filtered("active") or asked[-1:].user_id
            partner.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=fields.Date.add(today, days=1),
                summary=self.with_context(lang=teller.lang).env._(
                    "Answer to a wish: %(wish)s", wish=self.name
                ),
                note=plaintext2html(self.answer),
                user_id=teller.id,
            )
        notes.answered_on = today
        self.answered_on = today

    def action_write_mail(self):
        """A mail draft with the answer to the customers whose notes the user reads.

        Nothing is sent before he has read it.
        """
        self.ensure_one()
        self._check_answer()
        notes = self.env["crm.visit.note"].search([("feedback_id", "=", self.id)])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write to Who Asked"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                # one mail each: customers do not learn of one another
                "default_composition_mode": "mass_mail",
                "default_model": "res.partner",
                "default_res_ids": notes.commercial_partner_id.ids,
                "default_subject": self.name,
                "default_body": plaintext2html(self.answer),
            },
        }
