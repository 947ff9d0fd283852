import re
from datetime import date

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.sql import escape_psql

from ..tools.plan_answer import is_possible_day
from .dealer_room import read_number, write_number

OPEN_STATES = ("draft", "returned")
TOLD_STATES = ("approved", "returned", "rejected", "expired", "won", "lost")
# field: longest text
TEXTS = {"end_name": 200, "end_vat": 40, "end_website": 200, "evidence": 5000}
PRODUCTS = 3
LONGEST_PROGRESS = 2000
PRODUCTS_OFFERED = 300
TONES = {
    "approved": "success",
    "won": "success",
    "submitted": "info",
    "returned": "warning",
    "draft": "secondary",
}


class DealerRegistration(models.Model):
    """A registered deal in the portal: what its dealer reads, and what is taken.

    Called in superuser mode for a firm and company that the portal has found. Who else
    is at a deal, who answers it and which of our customers it is never leaves.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "dealer.registration"

    # ------------------------------------------------------------------
    # Messages
    # ------------------------------------------------------------------

    def message_update(self, msg_dict, update_vals=None):
        """Whatever is mailed to a registration is a note for us: no dealer reads it,
        whoever wrote it, and nothing of the registration changes."""
        msg_dict["is_internal"] = True
        return super().message_update(msg_dict, update_vals=None)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Who may read a record may follow it, as the host has it; a dealer may not:
        he would be mailed what we write to each other."""
        if self.env.user.share:
            return False
        return super().message_subscribe(partner_ids, subtype_ids)

    def _get_told_partners(self):
        """Also the dealer's people who use the portal, where the answer is."""
        people = self.dealer_id._get_portal_users().partner_id.filtered("email")
        return super()._get_told_partners() | people

    def _get_access_action(self, access_uid=None, force_website=False):
        """The link of a mail opens a dealer's page for his people."""
        user = access_uid and self.env["res.users"].sudo().browse(access_uid)
        if not (user or self.env.user).share:
            return super()._get_access_action(access_uid, force_website)
        return {
            "type": "ir.actions.act_url",
            "url": f"/my/dealer/deals/{self.id}",
            "target": "self",
            "res_id": self.id,
        }

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        for name, _function, values in groups:
            if name == "portal":
                values |= {"active": True, "has_button_access": True}
        return groups

    # ------------------------------------------------------------------
    # What he reads
    # ------------------------------------------------------------------

    @api.model
    def _get_portal_domain(self, firm, company):
        return [("dealer_id", "=", firm.id), ("company_id", "=", company.id)]

    def _get_portal_summary(self):
        """``{id, name, customer, state, state_name, tone, submitted_on,
        protected_until, answer_due}``."""
        names = dict(self._fields["state"]._description_selection(self.env))
        state = self.state
        return {
            "id": self.id,
            "name": self.name,
            "customer": self.end_name,
            "state": state,
            "state_name": names[state],
            "tone": TONES.get(state, "dark"),
            "submitted_on": self.submitted_on,
            "protected_until": state == "approved" and self.protected_until,
            "answer_due": state == "submitted" and self.answer_due_date,
        }

    def _get_portal_page(self):
        """The summary with what he typed, our answer, his progress and his files."""
        return {
            **self._get_portal_summary(),
            "country": self.end_country_id.name,
            "vat": self.end_vat,
            "website": self.end_website,
            "products": self.product_ids.mapped("display_name"),
            "categories": self.category_ids.mapped("name"),
            "volume": self.volume_qty and write_number(self.env, self.volume_qty),
            "revenue": self.expected_revenue
            and self.currency_id.format(self.expected_revenue),
            "expected_date": self.expected_date,
            "evidence": self.evidence,
            "answer": self.state in TOLD_STATES and self.answer,
            "can_edit": self.state in OPEN_STATES,
            "can_delete": self.state == "draft",
            "can_report": self.state == "approved",
            "progress": self.progress,
            "progress_date": self.progress_date,
            "is_waiting": self.has_new_progress,
            "extensions": self.extension_count,
            "files": [
                {"id": file.id, "name": file.name}
                for file in self._get_portal_files(self.dealer_id)
            ],
        }

    def _get_portal_files(self, firm):
        """The files the firm's own people sent; ours stay ours."""
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("res_field", "=", False),
                ("create_uid.share", "=", True),
                ("create_uid.partner_id.commercial_partner_id", "=", firm.id),
            ],
            order="id",
        )

    @api.model
    def _get_portal_products(self, company):
        """Goods of ours a deal can be about."""
        domain = [
            ("sale_ok", "=", True),
            ("type", "=", "consu"),
            ("company_id", "in", (False, company.id)),
        ]
        return self.env["product.product"], domain

    @api.model
    def _get_portal_categories(self, company):
        """Categories that have such goods."""
        products, domain = self._get_portal_products(company)
        groups = products._read_group(domain, ["categ_id"])
        categories = self.env["product.category"].browse(
            [category.id for (category,) in groups if category]
        )
        return categories.sorted("complete_name")

    def _get_portal_form(self, company, post=None):
        """Values of the form: what was typed, else what the deal says."""
        post = post or {}
        shown = {name: post.get(name, self[name] or "") for name in TEXTS}
        volume = write_number(self.env, self.volume_qty) if self.volume_qty else ""
        revenue = write_number(self.env, self.expected_revenue) if self else ""
        named = self.product_ids.mapped("display_name")
        rows = max(PRODUCTS, len(named) + 1)
        products, domain = self._get_portal_products(company)
        checked = post.get("categories") or self.category_ids.mapped(
            lambda category: str(category.id)
        )
        return {
            **shown,
            "end_country": post.get("end_country", str(self.end_country_id.id or "")),
            "volume": post.get("volume", volume),
            "revenue": post.get("revenue", revenue if self.expected_revenue else ""),
            "expected_date": post.get("expected_date", str(self.expected_date or "")),
            "products": [
                post.get(f"product_{place}", named[place] if place < len(named) else "")
                for place in range(rows)
            ],
            "categories": [
                {
                    "id": category.id,
                    "name": category.name,
                    "checked": str(category.id) in checked,
                }
                for category in self._get_portal_categories(company)
            ],
            "countries": [
                {"id": country.id, "name": country.name}
                for country in self.env["res.country"].search([])
            ],
            "offered": products.search(domain, limit=PRODUCTS_OFFERED).mapped(
                "display_name"
            ),
            "currency": company.currency_id.name,
        }

    # ------------------------------------------------------------------
    # What is taken
    # ------------------------------------------------------------------

    @api.model
    def _read_portal_post(self, company, post):
        """``(values, problems)``: what was typed in the fields we take, and sentences
        by field. Whose deal it is, is never read from the form."""
        values, problems = {}, {}
        for name in TEXTS:
            self._read_text(name, post, values, problems)
        if not values.get("end_name") and "end_name" not in problems:
            problems["end_name"] = self.env._("End Customer's Name: say who it is.")
        self._read_numbers(post, values, problems)
        self._read_expected_date(company, post, values, problems)
        country = clean_text(post.get("end_country"))
        found = self.env["res.country"].browse(
            int(country) if re.fullmatch(r"\d{1,9}", country) else 0
        )
        values["end_country_id"] = found.exists().id
        self._read_products(company, post, values, problems)
        return values, problems

    @api.model
    def _read_text(self, name, post, values, problems):
        text = clean_text(post.get(name))
        if self._fields[name].type == "char":
            # a name with two lines would break the subject of every mail about it
            text = " ".join(text.split())
        values[name] = text or False
        if len(text) > TEXTS[name]:
            problems[name] = self.env._(
                "%(field)s: at most %(longest)s characters.",
                field=self._fields[name]._description_string(self.env),
                longest=TEXTS[name],
            )

    @api.model
    def _read_numbers(self, post, values, problems):
        fields = {"volume": "volume_qty", "revenue": "expected_revenue"}
        for typed, name in fields.items():
            text = clean_text(post.get(typed))
            number = read_number(self.env, text) if text else 0
            values[name] = number
            if number is None:
                problems[typed] = self.env._(
                    "%(field)s: %(text)s is no number.",
                    field=self._fields[name]._description_string(self.env),
                    text=text[:50],
                )

    @api.model
    def _read_expected_date(self, company, post, values, problems):
        text = clean_text(post.get("expected_date"))
        try:
            day = date.fromisoformat(text) if text else None
        except ValueError:
            day = date.min
        values["expected_date"] = day or False
        if day and not is_possible_day(day, company._get_today()):
            problems["expected_date"] = self.env._(
                "Expected Order: enter a day from today on, within two years."
            )

    @api.model
    def _read_products(self, company, post, values, problems):
        chosen = post.get("categories") or []
        categories = self._get_portal_categories(company).filtered(
            lambda category: str(category.id) in chosen
        )
        products = self.env["product.product"]
        for name in sorted(
            key for key in post if re.fullmatch(r"product_\d{1,2}", key)
        ):
            text = clean_text(post[name])[:200]
            if not text:
                continue
            found = self._find_portal_product(company, text)
            if len(found) != 1:
                problems["products"] = self._get_product_problem(text, found)
            products |= found[:1]
        values["product_ids"] = [(6, 0, products.ids)]
        values["category_ids"] = [(6, 0, categories.ids)]
        if not products and not categories and "products" not in problems:
            problems["products"] = self.env._(
                "Products: name at least one, or a category."
            )

    @api.model
    def _find_portal_product(self, company, text):
        """The goods a text means: by code, by name, then by part of the name."""
        products, domain = self._get_portal_products(company)
        code = re.match(r"\[([^\]]+)\]", text)
        for name, operator, value in (
            ("default_code", "=", code[1] if code else text),
            ("name", "=ilike", escape_psql(text)),
            ("name", "ilike", escape_psql(text)),
        ):
            found = products.search([*domain, (name, operator, value)], limit=10)
            same = found.filtered(lambda one: one.display_name == text)
            if found:
                return same or found
        return products.search(domain, limit=PRODUCTS_OFFERED).filtered(
            lambda one: one.display_name == text
        )

    @api.model
    def _get_product_problem(self, text, found):
        if not found:
            return self.env._("Products: we know no %s.", text)
        return self.env._(
            "Products: %(text)s could be %(names)s.",
            text=text,
            names=", ".join(found[:5].mapped("display_name")),
        )

    def _submit_from_portal(self):
        """Ask for the answer; ``None``, or a sentence why it cannot be asked."""
        try:
            with self.env.cr.savepoint():
                self.action_submit()
        except UserError as error:
            return str(error)
        return None

    def _report_progress(self, text, today):
        """Keep what has moved and tell who answers; a sentence when it is not taken."""
        text = clean_text(text)
        if self.state != "approved":
            return self.env._("Progress: only an approved deal can be extended.")
        if not text:
            return self.env._("Progress: say what has moved.")
        if len(text) > LONGEST_PROGRESS:
            return self.env._("Progress: at most %s characters.", LONGEST_PROGRESS)
        if self.has_new_progress and self.progress_date == today:
            return self.env._("Progress: you told us today; we will look at it.")
        is_asked = self.has_new_progress
        self.write({"progress": text})
        if not is_asked:
            self._schedule(self._get_answerer(), today, "progress")
        return None

    def _get_answerer(self):
        """Who of us answers the dealer."""
        return (
            self._get_present_user()
            or self._get_deputy()
            or self.env.ref("base.user_admin")
        )


def clean_text(text):
    """Return text without signs that are none, and without edges.

    A file sent in place of a text is no text.

    >>> clean_text(" Mill\\x00 & Sons\\r\\n"), clean_text(None), clean_text(b"PDF")
    ('Mill & Sons', '', '')
    """
    plain = text.replace("\r\n", "\n") if isinstance(text, str) else ""
    return "".join(c for c in plain if c.isprintable() or c in "\n\t").strip()
