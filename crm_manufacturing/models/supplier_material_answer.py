from datetime import date, datetime, time

from odoo import api, fields, models

from ..tools.day import get_day
from ..tools.entered import read_text
from ..tools.period import get_period_start
from ..tools.plan_answer import is_possible_day, judge, read_quantity

LONGEST_COMMENT = 500


class SupplierMaterialPlan(models.Model):
    """What a supplier says to a version it was sent.

    Called by the portal in superuser mode, which has found the version by its own
    domain; everything here is told to the buyer and changes no quantity or price.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "supplier.material.plan"

    @api.model
    def _get_portal_domain(self, partner):
        """The versions a supplier may see; whoever is no supplier sees none."""
        return [
            ("partner_id", "=", partner.commercial_partner_id.id),
            ("partner_id.active", "=", True),
            ("state", "!=", "draft"),
        ]

    def _read_answers(self, post):
        """What was entered: ``(answers, problems)``.

        Answers are dicts ``{line, quantity, date, comment}``, problems sentences by
        line id. Names that are no field of an own, asked line are not looked at.
        """
        answers, problems = [], {}
        for line in self._get_told_lines().filtered("required"):
            answer, problem = line._read_answer(post, self.company_id._get_today())
            if problem:
                problems[line.id] = problem
            elif answer:
                answers.append(answer)
        return answers, problems

    def _answer(self, answers, partner):
        """Keep the answers, promise what they promise, tell the buyer. One call, one
        activity."""
        if not answers:
            return
        now = fields.Datetime.now()
        for answer in answers:
            answer["line"]._keep_answer(answer, partner, now)
        self.write({"state": "answered", "answered_on": now})
        self._tell_buyer(self.line_ids.browse([a["line"].id for a in answers]))

    def _tell_buyer(self, lines):
        """Answers as asked are a note; others are an activity, too.

        Both in the buyer's language: the supplier's page may be in another.
        """
        buyer = self.user_id or self.partner_id.buyer_id
        lang = buyer.lang or self.company_id.partner_id.lang
        plan, lines = self.with_context(lang=lang), lines.with_context(lang=lang)
        plan.message_post(
            body=lines._render_answers(),
            subtype_xmlid="mail.mt_note",
            author_id=lines[:1].answered_by_id.id,
        )
        others = lines.filtered(lambda line: line.answer == "other")
        if others and buyer:
            plan.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=plan.env._("%s answered otherwise", plan.partner_id.name),
                note=others._render_answers(),
                user_id=buyer.id,
            )

    def _get_bucket(self, moment):
        """First day of the period a naive UTC moment is counted in."""
        day = get_day(moment, self.company_id._get_timezone())
        return get_period_start(max(day, self.date), self.period)


class SupplierMaterialPlanLine(models.Model):
    """One line's answer."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "supplier.material.plan.line"

    def _read_answer(self, post, today):
        """``(answer or None, sentence or None)`` from the fields of one line."""
        quantity, day, comment = (
            read_text(post.get(f"{name}_{self.id}"))
            for name in ("quantity", "date", "comment")
        )
        if post.get("confirm") in (str(self.id), "all"):
            return self._prepare_confirmation(today, comment), None
        if not quantity and not day:
            problem = comment and self.env._("Quantity: enter one with the remark.")
            return None, problem or None
        return self._read_other(quantity, day, comment, today)

    def _prepare_confirmation(self, today, comment=""):
        """Quantity and day as they are asked."""
        if self.answer == "as_asked":
            return None
        return {
            "line": self,
            "quantity": self.required,
            "date": max(self.needed_date, today),
            "comment": comment[:LONGEST_COMMENT],
        }

    def _read_other(self, quantity, day, comment, today):
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        number = read_quantity(quantity, lang.thousands_sep)
        if number is None:
            return None, self.env._("Quantity: %s is no quantity.", quantity or "-")
        try:
            promised = date.fromisoformat(day) if day else None
        except ValueError:
            return None, self.env._("Date: %s is no date.", day)
        if number and not promised:
            return None, self.env._("Date: enter the day you deliver.")
        if promised and not is_possible_day(promised, today):
            return None, self.env._(
                "Date: enter a day from today on, within two years."
            )
        if len(comment) > LONGEST_COMMENT:
            return None, self.env._("Remark: at most %s characters.", LONGEST_COMMENT)
        return {
            "line": self,
            "quantity": number,
            "date": promised if number else None,
            "comment": comment,
        }, None

    def _keep_answer(self, answer, partner, now):
        as_asked, days_late = judge(
            self.required, self.needed_date, answer["quantity"], answer["date"]
        )
        moved = self._promise(answer["quantity"], answer["date"], as_asked)
        (self | self._get_draft_twin()).write(
            {
                "answer": "as_asked" if as_asked else "other",
                "answer_quantity": answer["quantity"],
                "answer_date": answer["date"],
                "answer_days_late": days_late,
                "answer_comment": answer["comment"],
                "answered_on": now,
                "answered_by_id": partner.id,
                "answer_effect": ", ".join(sorted(set(moved.order_id.mapped("name")))),
            }
        )

    def _get_draft_twin(self):
        """The same question in today's draft, as long as it asks the same."""
        return self.search(
            [
                ("plan_id.state", "=", "draft"),
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("product_id", "=", self.product_id.id),
                ("period_start", "=", self.period_start),
                ("product_uom_id", "=", self.product_uom_id.id),
            ]
        ).filtered(lambda line: line.required == self.required)

    def _promise(self, quantity, day, as_asked=False):
        """The vendor's word on the confirmed purchase lines of the period, earliest
        first, as far as the quantity reaches; returns those that moved or were set.

        Dates move the way they do when a vendor enters them on the purchase order
        itself: recorded, and told to its buyer. Quantities stay as ordered.
        """
        concerned = self.env["purchase.order.line"]
        left = self.product_uom_id._compute_quantity(quantity, self.product_id.uom_id)
        for line in self._get_purchase_lines() if day else concerned:
            if left <= 0:
                break
            concerned |= line
            left -= line._get_open_quantity()
        for order, lines in concerned.grouped("order_id").items():
            lines._take_vendor_date(order, day, as_asked)
        return concerned

    def _get_purchase_lines(self):
        """Confirmed, not yet received, promised within the line's period, or moved out
        of it by an earlier answer to the line."""
        lines = self.env["purchase.order.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
                ("product_id", "=", self.product_id.id),
                ("state", "=", "purchase"),
            ]
        )
        return lines.filtered(
            lambda line: (
                line._get_open_quantity() > 0
                and (
                    self.plan_id._get_bucket(line.promised_date or line.date_planned)
                    == self.period_start
                    or self._has_moved(line)
                )
            )
        ).sorted(lambda line: (line.promised_date or line.date_planned, line.id))

    def _has_moved(self, line):
        """The purchase line still stands on the day this line was answered for."""
        names = (self.answer_effect or "").split(", ")
        day = line.promised_date and line.company_id._get_day(line.promised_date)
        return line.order_id.name in names and day == self.answer_date

    def _render_answers(self):
        return self.env["ir.qweb"]._render(
            "crm_manufacturing.supplier_material_answer_note",
            {"texts": [line._get_answer_sentence() for line in self]},
        )

    def _get_answer_sentence(self):
        values = {
            "product": self.product_id.display_name,
            "period": self._get_period_name(),
            "asked": f"{self.required:g}",
            "quantity": f"{self.answer_quantity:g}",
            "unit": self.product_uom_id.name,
            "date": self.answer_date and fields.Date.to_string(self.answer_date),
        }
        if not self.answer_date:
            sentence = self.env._(
                "%(product)s, %(period)s: nothing of %(asked)s %(unit)s.", **values
            )
        else:
            sentence = self.env._(
                "%(product)s, %(period)s: %(quantity)s of %(asked)s %(unit)s on "
                "%(date)s.",
                **values,
            )
        return " ".join(filter(None, [sentence, self.answer_comment]))


class PurchaseOrderLine(models.Model):
    """A purchase line a supplier answers about in a material plan."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "purchase.order.line"

    def _get_open_quantity(self):
        """Ordered and not received, in the product's unit."""
        missing = self.product_qty - self.qty_received
        return self.product_uom_id._compute_quantity(missing, self.product_id.uom_id)

    def _take_vendor_date(self, order, day, as_asked=False):
        """The vendor promises ``day`` for these lines of one order.

        Who confirms what was asked keeps his earlier promise: it is no slip.
        """
        moment = self[:1]._convert_to_middle_of_day(datetime.combine(day, time.min))
        moved = self.browse()
        for line in self:
            planned = order.company_id._get_day(line.date_planned)
            if planned > day or (planned < day and not as_asked):
                moved |= line
        if moved:
            order._update_date_planned_for_lines([(line, moment) for line in moved])
        (self - moved)._freeze_vendor_promise(reason="supplier")
