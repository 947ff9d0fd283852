from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import plaintext2html

SUBJECTS = ("delivery", "quality", "service")
# at most this, in any subject, is answered today
ALARM = 2
# what was said; an answer is given once
SAID_FIELDS = {*SUBJECTS, "comment", "order_id"}
# written by the answer alone
ENGINE_FIELDS = {"state", "day"}


class CrmVisitSatisfaction(models.Model):
    """How a customer liked an order: 1 to 5 for delivery, quality and service.

    Asked on the call after the delivery, or by a mail with a link of the host's
    ``rating``; the host's own rating carries the rounded mean. One per order, about
    orders of which something has arrived, answered once.
    """

    _name = "crm.visit.satisfaction"
    _description = "Customer Satisfaction"
    _inherit = ["rating.mixin", "mail.activity.mixin"]
    _order = "day desc, id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "sale.order", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        related="order_id.partner_id", string="Ordered By", store=True
    )
    commercial_partner_id = fields.Many2one(
        related="order_id.partner_id.commercial_partner_id",
        string="Customer",
        store=True,
        index=True,
    )
    user_id = fields.Many2one(
        related="order_id.user_id", string="Salesperson", store=True
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    warehouse_id = fields.Many2one(
        related="order_id.warehouse_id", string="Plant", store=True
    )
    visit_id = fields.Many2one("crm.visit", index="btree_not_null")
    delivery = fields.Integer(aggregator="avg")
    quality = fields.Integer(aggregator="avg")
    service = fields.Integer(aggregator="avg")
    score = fields.Float(
        string="Average", compute="_compute_score", store=True, aggregator="avg"
    )
    comment = fields.Text()
    day = fields.Date(string="Answered On", readonly=True, copy=False)
    state = fields.Selection(
        [("asked", "Asked"), ("answered", "Answered")],
        required=True,
        default="asked",
        readonly=True,
    )

    _order_uniq = models.UniqueIndex(
        "(order_id)", "The customer was asked about this order already."
    )

    @api.depends(*SUBJECTS)
    def _compute_score(self):
        for rating in self:
            rating.score = sum(rating[subject] for subject in SUBJECTS) / len(SUBJECTS)

    @api.constrains("order_id")
    def _check_delivered(self):
        for rating in self:
            order = rating.order_id
            if order.state != "sale" or not order.effective_date:
                raise ValidationError(
                    self.env._(
                        "Order: nothing of %(order)s has been delivered yet.",
                        order=order.name,
                    )
                )

    @api.constrains("state", *SUBJECTS)
    def _check_grades(self):
        for rating in self.filtered(lambda rating: rating.state == "answered"):
            if any(not 1 <= rating[subject] <= 5 for subject in SUBJECTS):
                raise ValidationError(
                    self.env._("Delivery, Quality, Service: give 1 to 5 for each.")
                )

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in ENGINE_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def write(self, vals):
        """Whoever asked must not be able to improve what was answered."""
        if vals.keys() & SAID_FIELDS and not self.env.su:
            self._refuse_answered()
        return super().write(vals)

    def _refuse_answered(self):
        if "answered" in self.mapped("state"):
            raise UserError(self.env._("Thank you, this order has been rated already."))

    def _rating_get_parent_field_name(self):
        """The host's rating analysis groups by plant."""
        return "warehouse_id"

    def rating_apply(self, rate, token=None, rating=None, feedback=None, **kwargs):
        """The host's page with faces gives one grade for the three subjects."""
        self._set_grades(dict.fromkeys(SUBJECTS, int(rate)), feedback)
        return super().rating_apply(
            rate, token=token, rating=rating, feedback=feedback, **kwargs
        )

    def _answer(self, grades, comment="", rating=None):
        """Take the answer of the customer, once.

        :param grades: ``{subject: 1 to 5}``
        :param rating: the host's rating he answers by; found or made if not given
        """
        self.ensure_one()
        self._set_grades(grades, comment)
        if not rating:
            # sudo: the host's ratings of a record are not read by salespeople
            own = self.env["rating.rating"].sudo()
            rating = own.search(
                [("access_token", "=", self._rating_get_access_token())]
            )
        return super().rating_apply(round(self.score), rating=rating, feedback=comment)

    def _set_grades(self, grades, comment):
        self.check_access("write")
        self._refuse_answered()
        # sudo: state and day belong to the answer, which nobody gives twice
        self.sudo().write(
            {
                **{subject: grades[subject] for subject in SUBJECTS},
                "comment": comment,
                "day": self.company_id._get_today(),
                "state": "answered",
            }
        )
        self.env["partner.score.dirty"]._mark([(self.commercial_partner_id, False)])
        self._raise_alarm()

    def _raise_alarm(self):
        """Whoever gives 2 or less is called back the same day."""
        bad = [subject for subject in SUBJECTS if self[subject] <= ALARM]
        if bad:
            user = self.user_id or self.commercial_partner_id.user_id
            # the customer answers in another language
            env = self.with_context(lang=user.lang).env
            labels = [self._fields[name]._description_string(env) for name in bad]
            self.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=self.day,
                summary=env._(
                    "Unhappy with %(subjects)s: %(customer)s",
                    subjects=", ".join(labels).lower(),
                    customer=self.commercial_partner_id.name,
                ),
                note=self.comment and plaintext2html(self.comment),
                user_id=user.id,
            )

    # ------------------------------------------------------------------
    # Ask
    # ------------------------------------------------------------------

    @api.model
    def _get_for_order(self, order):
        """The one row of an order, made when it is asked for the first time."""
        known = self.search([("order_id", "=", order.id)])
        return known or self.create({"order_id": order.id})

    @api.model
    def _get_last_unrated_order(self, partner):
        """The order delivered last to a customer that he has not rated."""
        customer = partner.commercial_partner_id
        rated = self.search(
            [("commercial_partner_id", "=", customer.id), ("state", "=", "answered")]
        ).order_id
        return self.env["sale.order"].search(
            [
                ("partner_id", "child_of", customer.id),
                ("state", "=", "sale"),
                ("effective_date", "!=", False),
                ("id", "not in", rated.ids),
                ("company_id", "=", self.env.company.id),
            ],
            order="effective_date desc, id desc",
            limit=1,
        )

    def action_answer(self):
        """Take the grades entered on the phone (button)."""
        self.ensure_one()
        self._answer({name: self[name] for name in SUBJECTS}, self.comment)

    def _get_link(self):
        """The page on which the customer answers."""
        token = self._rating_get_access_token()
        return f"{self.get_base_url()}/satisfaction/{token}"

    def action_send_mail(self):
        """A mail draft with the link (button)."""
        self.ensure_one()
        template = self.env.ref("crm_manufacturing.crm_visit_satisfaction_mail")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask by E-mail"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_composition_mode": "comment",
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_partner_ids": self.partner_id.ids,
            },
        }
