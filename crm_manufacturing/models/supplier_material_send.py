from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..tools.sheet import make_sheet

REPORT = "crm_manufacturing.supplier_material_plan_report"
TEMPLATE = "crm_manufacturing.supplier_material_plan_mail"


class SupplierMaterialPlan(models.Model):
    """Sends drafts: one mail each, in the supplier's language, to its contact.

    The client sends one per call. A call freezes its plans and queues their mails in
    one transaction, so a page that is reloaded loses none and a call that is repeated
    finds nothing left to send; the host sends after that is committed.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "supplier.material.plan"

    sent_message_id = fields.Many2one(
        "mail.message", readonly=True, ondelete="set null", copy=False
    )
    mail_state = fields.Selection(
        [
            ("queued", "On its way"),
            ("sent", "Sent"),
            ("failed", "Not delivered"),
        ],
        string="E-mail",
        compute="_compute_mail_state",
    )
    mail_problem = fields.Char(compute="_compute_mail_state")

    @api.depends("sent_message_id.notification_ids.notification_status")
    def _compute_mail_state(self):
        for plan in self:
            # sudo: a colleague of the sender sees what became of the mail too
            notes = plan.sudo().sent_message_id.notification_ids
            failed = notes.filtered(
                lambda note: note.notification_status in ("exception", "bounce")
            )
            queued = notes.filtered(lambda note: note.notification_status == "ready")
            plan.mail_state = plan.sent_message_id and (
                (failed and "failed") or (queued and "queued") or "sent"
            )
            plan.mail_problem = bool(failed) and failed[:1].format_failure_reason()

    @api.model
    def get_send_preview(self, ids=None):
        """What would go to whom: dicts ``{id, supplier, contact, email, language,
        version, previous, added, changed, dropped, lines, problem}``, of the company.

        :param ids: ids of the drafts to look at, all of them by default
        """
        self.check_access("read")
        domain = [("state", "=", "draft"), ("company_id", "=", self.env.company.id)]
        if ids:
            domain += [("id", "in", ids)]
        plans = self.search(domain)
        told = plans._get_told_versions()
        return {
            "rows": [plan._prepare_preview(told.get(plan.id)) for plan in plans],
            "neutralized": self._is_neutralized(),
            "company": self.env.company.name,
        }

    def _prepare_preview(self, told_version):
        lines, contact = self.line_ids, self.contact_id
        moved = lines.filtered("delta")
        news = moved if told_version else lines.filtered("required")
        added = moved.filtered(lambda line: not line.previous_required)
        dropped = moved.filtered(lambda line: not line.required)
        # what is filtered forgets with what else it was read
        shown = news[:50].with_prefetch(lines._prefetch_ids)
        return {
            "id": self.id,
            "supplier": self.partner_id.display_name,
            "contact": contact.display_name,
            "email": contact.email or "",
            "language": self.env["res.lang"]._get_data(code=self.lang).name,
            "version": self.version,
            "previous": told_version or False,
            "added": len(added),
            "dropped": len(dropped),
            "changed": len(moved - added - dropped),
            "lines": len(lines.filtered("required")),
            "gaps": len(lines.filtered("gap")),
            "differences": [line._prepare_difference() for line in shown],
            "problem": self._get_address_problem() or "",
        }

    def _get_told_versions(self):
        """``{plan id: version the supplier knows}``, in one query."""
        rows = self._read_group(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "in", ("sent", "answered")),
            ],
            ["partner_id", "company_id"],
            ["version:max"],
        )
        known = {(partner, company): version for partner, company, version in rows}
        return {plan.id: known.get((plan.partner_id, plan.company_id)) for plan in self}

    def _get_told(self):
        """The version the supplier knows."""
        return self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("sent", "answered")),
            ],
            order="version desc, id desc",
            limit=1,
        )

    def _get_address_problem(self):
        """A sentence, or None when a mail can be tried."""
        contact = self.contact_id
        if not contact.active:
            return self.env._("%s is archived.", contact.display_name)
        if not contact.email:
            return self.env._("%s has no e-mail address.", contact.display_name)
        if not email_normalize(contact.email):
            return self.env._(
                "%(contact)s: %(email)s is no e-mail address.",
                contact=contact.display_name,
                email=contact.email,
            )
        return None

    @api.model
    def _is_neutralized(self):
        # sudo: anybody's mail must stay in; the flag is no secret
        parameters = self.env["ir.config_parameter"].sudo()
        return bool(parameters.get_param("database.is_neutralized"))

    def send_some(self):
        """Send these drafts; one dict ``{id, state, text}`` each, in their order.

        States: ``sent`` (frozen, its mail queued), ``skipped`` (not a draft any more),
        ``failed`` (nothing left; it stays a draft). One that fails holds up no other.
        """
        self.check_access("read")
        if self._is_neutralized():
            raise UserError(
                self.env._(
                    "This database is a neutralized copy: no material plan leaves it."
                )
            )
        # sudo: buyers may not write plans, so that what was sent stays what it was
        return [plan._send_one() for plan in self.exists().sudo()]

    def _send_one(self):
        if not self.try_lock_for_update() or self.state != "draft":
            return self._get_result("skipped", self.env._("Was sent already."))
        if problem := self._get_address_problem():
            return self._get_result("failed", problem)
        try:
            with self.env.cr.savepoint():
                note = self._post_to_supplier()
        except UserError as error:
            self.invalidate_recordset()
            return self._get_result("failed", str(error))
        return self._get_result("sent", note)

    def _get_result(self, state, text):
        return {
            "id": self.id,
            "supplier": self.partner_id.display_name,
            "state": state,
            "text": text,
        }

    def _post_to_supplier(self):
        """Freeze and mail; returns what is to be said about it."""
        self._freeze(fields.Datetime.now())
        document, is_pdf = self._make_document()
        template = self.env.ref(TEMPLATE)
        subject = template._render_field("subject", self.ids, compute_lang=True)
        body = template._render_field(
            "body_html", self.ids, compute_lang=True, options={"post_process": True}
        )
        message = self.message_post(
            subject=subject[self.id],
            body=body[self.id],
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            partner_ids=self.contact_id.ids,
            attachments=[document, self._make_sheet()],
            email_layout_xmlid="mail.mail_notification_light",
            force_record_name=self.with_context(lang=self.lang).display_name,
        )
        self.sent_message_id = message
        if is_pdf:
            return self.env._("To %s.", self.contact_id.email)
        return self.env._(
            "To %s, as a web page: this server cannot make PDF files.",
            self.contact_id.email,
        )

    def _make_document(self):
        """``(name, content), whether it is a PDF``, in the supplier's language."""
        report = self.env["ir.actions.report"].with_context(lang=self.lang)
        if report.get_wkhtmltopdf_state() in ("ok", "upgrade", "workers"):
            content, kind = report._render_qweb_pdf(REPORT, self.ids)
        else:
            content, kind = report._render_qweb_html(REPORT, self.ids)
        return (f"{self._get_file_name()}.{kind}", content), kind == "pdf"

    def _make_sheet(self):
        """``(name, content)`` of the spreadsheet, in the supplier's language."""
        plan = self.with_context(lang=self.lang)
        content = make_sheet(
            title=plan.display_name,
            notice=plan._get_notice(),
            headers=plan._get_sheet_headers(),
            rows=[line._prepare_sheet_row() for line in plan._get_told_lines()],
        )
        return f"{plan._get_file_name()}.xlsx", content

    def _get_file_name(self):
        return self.env._(
            "material-plan-%(date)s-v%(version)s", date=self.date, version=self.version
        )

    def _get_notice(self):
        return self.env._(
            "This is not an order. It shows what we expect to need; orders follow "
            "separately."
        )

    def _get_told_lines(self):
        """What a supplier sees of a version: lines that ask, or asked before."""
        return self.line_ids.filtered(
            lambda line: line.required or line.previous_required or line.confirmed
        ).sorted(lambda line: (line.product_id.id, line.period_start))

    def _get_sheet_headers(self):
        return [
            self.env._("Product"),
            self.env._("Your code"),
            self.env._("Period"),
            self.env._("Needed on"),
            self.env._("Unit"),
            self.env._("Required"),
            self.env._("Change"),
            self.env._("Requested"),
            self.env._("Confirmed"),
            self.env._("Received"),
            self.env._("Still Open"),
        ]

    @api.model
    def get_send_results(self, ids):
        """What became of mails sent: dicts ``{id, state, text}`` (see `mail_state`)."""
        plans = self.browse(ids).exists()
        plans.check_access("read")
        return [
            {
                "id": plan.id,
                "state": plan.mail_state or plan.state,
                "text": plan.mail_problem or "",
            }
            for plan in plans
        ]

    def _message_receive_bounce(self, email, partner):
        """The host found the bounce; the buyer who sent it hears of it."""
        result = super()._message_receive_bounce(email, partner)
        for plan in self.exists():
            buyer = plan.user_id or plan.partner_id.buyer_id or self.env.user
            plan = plan.with_context(lang=buyer.lang)
            plan.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=plan.env._("Material plan not delivered"),
                note=plan.env._("The e-mail to %s came back.", email),
                user_id=buyer.id,
            )
        return result


class SupplierMaterialPlanLine(models.Model):
    """A line as it is told outside: no customer, no tier."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "supplier.material.plan.line"

    def _prepare_difference(self):
        return {
            "id": self.id,
            "product": self.product_id.display_name,
            "period": self._get_period_name(),
            "before": self.previous_required,
            "now": self.required,
            "delta": self.delta,
            "unit": self.product_uom_id.name,
        }

    def _get_supplier_code(self):
        """Code and name the supplier gives the product, where he gave one."""
        seller = self.product_id.seller_ids.filtered(
            lambda info: (
                info.partner_id.commercial_partner_id == self.partner_id
                and info.product_id in (self.product_id, info.product_id.browse())
                and info.company_id in (self.company_id, info.company_id.browse())
            )
        )[:1]
        return " ".join(filter(None, [seller.product_code, seller.product_name]))

    def _prepare_sheet_row(self):
        return [
            self.product_id.display_name,
            self._get_supplier_code(),
            self._get_period_name(),
            self.needed_date or None,
            self.product_uom_id.name,
            self.required,
            self.delta,
            self.requested,
            self.confirmed,
            self.received,
            self.gap,
        ]
