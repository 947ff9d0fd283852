from datetime import date

from dateutil.relativedelta import relativedelta
from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import get_lang

from ..tools.day import write_month
from .dealer_portal_registration import clean_text
from .dealer_room import read_number, write_number

MONTHS_SHOWN = 12
TYPED = ("opening", "received", "sold", "returned", "closing")
# whom a product was sold to: so many rows are offered per product
BUYERS = 3
MOST_BUYERS = 20
LONGEST_NAME = 100


class DealerStockReport(models.Model):
    """A dealer's month in the portal: what he reads, and what is taken from him.

    Called in superuser mode for a firm and company that the portal has found; values
    go to the page as plain dicts, and nothing but quantities and names of buyers of
    the firm's own products comes back.
    """

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "dealer.stock.report"

    @api.model
    def _get_portal_domain(self, firm, company):
        return [("dealer_id", "=", firm.id), ("company_id", "=", company.id)]

    @api.model
    def _get_portal_periods(self, firm, company):
        """First days of the closed months a firm reports, newest first."""
        last = company._get_today().replace(day=1) - relativedelta(months=1)
        since = firm.dealer_contract_start or firm.dealer_stage_since or date.min
        months = [last - relativedelta(months=back) for back in range(MONTHS_SHOWN)]
        return [month for month in months if month >= since.replace(day=1)]

    @api.model
    def _get_portal_months(self, firm, company):
        """Dicts ``{month, month_name, state, state_name, differs}`` of those months."""
        periods = self._get_portal_periods(firm, company)
        found = self.search(
            [*self._get_portal_domain(firm, company), ("period", "in", periods)]
        )
        rows = []
        for period in periods:
            report = found.filtered(lambda one, day=period: one.period == day)
            report = report._get_worked_on()
            rows.append(
                {
                    "month": period.strftime("%Y-%m"),
                    "month_name": write_month(period, get_lang(self.env).code),
                    **report._get_portal_state(),
                    "differs": bool(report) and report.difference_count,
                }
            )
        return rows

    def _get_worked_on(self):
        """Of a month's reports the open one, else the one that counts."""
        return (
            self.filtered(lambda report: report.state == "draft")[:1]
            or self.filtered("is_current")[:1]
        )

    def _get_portal_state(self):
        names = dict(self._fields["state"]._description_selection(self.env))
        names["missing"] = self.env._("Not Reported")
        state = self.state or "missing"
        return {"state": state, "state_name": names[state]}

    @api.model
    def _find_portal_report(self, firm, company, period):
        """The report the page of a month shows; none yet: an empty recordset."""
        domain = self._get_portal_domain(firm, company)
        return self.search([*domain, ("period", "=", period)])._get_worked_on()

    @api.model
    def _get_portal_products(self, firm, company):
        """What the firm may report on: what it bought of us, and what it reported."""
        bought = self.env["sale.order.line"]._read_group(
            [
                ("order_id.partner_id.commercial_partner_id", "=", firm.id),
                ("company_id", "=", company.id),
                ("state", "=", "sale"),
                ("product_id.type", "=", "consu"),
            ],
            ["product_id"],
        )
        domain = self._get_portal_domain(firm, company)
        reported = self.env["dealer.stock.report.line"]._read_group(
            domain, ["product_id"]
        )
        products = self.env["product.product"].browse(
            {product.id for (product,) in [*bought, *reported]}
        )
        return products.sorted("display_name")

    @api.model
    def _get_portal_page(self, firm, company, period, post=None, problems=None):
        """``{month, month_name, state, state_name, is_open, is_correction, lines,
        others}``.

        :param post: what was typed, shown again beside the problems
        :param problems: sentences by product id
        """
        report = self._find_portal_report(firm, company, period)
        lines = report._get_portal_lines() if report else {}
        if not report:
            draft = self.new(
                {
                    "dealer_id": firm.id,
                    "company_id": company.id,
                    "period": period,
                }
            )
            lines = {
                product: draft._prepare_portal_line(product, known)
                for product, known in draft._get_known().items()
            }
        is_open = not report or report.state == "draft"
        others = self._get_portal_products(firm, company) if is_open else []
        return {
            "month": period.strftime("%Y-%m"),
            "month_name": write_month(period, get_lang(self.env).code),
            **report._get_portal_state(),
            "is_open": is_open,
            "is_correction": is_open and bool(report.corrects_id),
            "has_problem": bool(problems),
            "lines": [
                self._show_typed(line, post, (problems or {}).get(product.id))
                for product, line in lines.items()
            ],
            "others": [
                {"id": product.id, "name": product.display_name}
                for product in others
                if product not in lines
            ],
        }

    def _get_portal_lines(self):
        return {
            line.product_id: self._prepare_portal_line(
                line.product_id,
                {f"{name}_qty": line[f"{name}_qty"] for name in TYPED},
                [
                    (sale.end_name or sale.end_partner_id.name, sale.quantity)
                    for sale in line.sale_ids
                ],
                line.known_note,
            )
            for line in self.line_ids.sorted(lambda line: line.product_id.display_name)
        }

    @api.model
    def _prepare_portal_line(self, product, known, buyers=(), note=False):
        """One product of the page; quantities in the product's unit."""
        figures = {name: known.get(f"{name}_qty", 0) for name in TYPED}
        came = figures["opening"] + figures["received"]
        derived = came - figures["sold"] - figures["returned"]
        closing = known.get("closing_qty", derived)
        is_equal = product.uom_id.compare(closing, derived) == 0
        return {
            "id": product.id,
            "name": product.display_name,
            "unit": product.uom_id.name,
            "figures": {**figures, "closing": closing},
            "derived": derived,
            "difference": 0 if is_equal else closing - derived,
            "buyers": [(name, quantity) for name, quantity in buyers],
            "typed": {
                **{
                    name: write_number(self.env, value)
                    for name, value in figures.items()
                },
                # empty is as calculated, whatever is typed as sold
                "closing": "" if is_equal else write_number(self.env, closing),
                "derived": write_number(self.env, derived),
            },
            "buyers_typed": [
                *(
                    (name, write_number(self.env, quantity))
                    for name, quantity in buyers
                ),
                *[("", "")] * (BUYERS - len(buyers)),
            ],
            "note": note,
            "problem": False,
        }

    @api.model
    def _show_typed(self, line, post, problem):
        """The line with what was typed in place of what we know."""
        if not post:
            return line
        product = line["id"]
        typed = {
            name: post[f"{name}_{product}"]
            for name in TYPED
            if f"{name}_{product}" in post
        }
        buyers = [
            (
                post.get(f"buyer_{product}_{place}", ""),
                post.get(f"buyer_qty_{product}_{place}", ""),
            )
            for place in range(len(line["buyers_typed"]))
        ]
        return {
            **line,
            "typed": {**line["typed"], **typed},
            "buyers_typed": buyers,
            "problem": problem,
        }

    # ------------------------------------------------------------------
    # What is taken
    # ------------------------------------------------------------------

    @api.model
    def _take_portal_post(self, firm, company, period, post):
        """Keep what a firm typed for a month; ``{product id: sentence}`` of what is
        wrong, and then nothing is kept.

        ``do``: ``save``, ``calculated`` (all closings as calculated) or ``submit``.
        """
        report = self._find_portal_report(firm, company, period)
        if report and report.state != "draft":
            return {0: self.env._("The month is reported. Correct it, to change it.")}
        known = report.line_ids.product_id if report else self.env["product.product"]
        if not report:
            draft = self.new(
                {"dealer_id": firm.id, "company_id": company.id, "period": period}
            )
            known = known.union(*draft._get_known())
        known |= self._get_portal_added(firm, company, post)
        lines, problems = {}, {}
        for product in known:
            values, problem = self._read_portal_line(product, post)
            lines[product] = values
            if problem:
                problems[product.id] = problem
        if problems:
            return problems
        report = report or self._create_portal_draft(firm, company, period)
        try:
            with self.env.cr.savepoint():
                report._write_portal_lines(lines)
                if post.get("do") == "calculated":
                    report.action_as_calculated()
                elif post.get("do") == "submit":
                    report._submit_from_portal()
        except (UserError, ValidationError) as error:
            return {0: str(error)}
        return {}

    @api.model
    def _create_portal_draft(self, firm, company, period):
        own = {"dealer_id": firm.id, "company_id": company.id, "period": period}
        try:
            with self.env.cr.savepoint():
                report = self.create(own)
        except UniqueViolation as error:
            # a colleague began the month at once; tried again, this is his report
            raise ConcurrencyError(str(error)) from error
        report.action_propose()
        return report

    @api.model
    def _get_portal_added(self, firm, company, post):
        """The product chosen to be added, where it is one the firm may report on."""
        products = self._get_portal_products(firm, company)
        chosen = str(post.get("add") or "")
        return products.filtered(lambda product: str(product.id) == chosen)

    @api.model
    def _read_portal_line(self, product, post):
        """``(values, sentence or None)`` of one product; what is not typed is left."""
        values = {}
        labels = self.env["dealer.stock.report.line"]._fields
        for name in TYPED:
            text = clean_text(post.get(f"{name}_{product.id}"))
            number = read_number(self.env, text)
            if text and number is None:
                label = labels[f"{name}_qty"]._description_string(self.env)
                return {}, self.env._(
                    "%(field)s: %(text)s is no quantity.",
                    field=label,
                    text=text[:LONGEST_NAME],
                )
            if text:
                values[f"{name}_qty"] = number
        buyers, problem = self._read_buyers(product, post)
        if buyers is not None:
            values["sale_ids"] = [Command.create(buyer) for buyer in buyers]
        return values, problem

    @api.model
    def _read_buyers(self, product, post):
        """``(values of the sales or None when none was asked for, sentence or None)``.

        Only a name is taken: which of our customers it is, we find out ourselves.
        """
        asked = [n for n in range(MOST_BUYERS) if f"buyer_{product.id}_{n}" in post]
        if not asked:
            return None, None
        buyers = []
        for place in asked:
            name = clean_text(post.get(f"buyer_{product.id}_{place}"))
            name = " ".join(name.split())
            text = clean_text(post.get(f"buyer_qty_{product.id}_{place}"))
            number = read_number(self.env, text)
            if not name and not text:
                continue
            if not name or len(name) > LONGEST_NAME:
                return None, self.env._(
                    "Sold To: say who bought, in at most %s characters.", LONGEST_NAME
                )
            if not number:
                return None, self.env._("Sold To: say how many %s bought.", name)
            buyers.append({"end_name": name, "quantity": number})
        return buyers, None

    def _write_portal_lines(self, lines):
        """Figures as typed; where no closing is, the line closes as calculated."""
        self.ensure_one()
        known = self.line_ids.product_id
        self.line_ids.create(
            [
                {"report_id": self.id, "product_id": product.id}
                for product in lines
                if product not in known
            ]
        )
        existing = {line.product_id: line for line in self.line_ids}
        # read at once what each line is checked against
        self.line_ids.mapped("sale_ids")
        for product, values in lines.items():
            line = existing[product]
            buyers = values.pop("sale_ids", None)
            if buyers is not None:
                line.sale_ids.unlink()
            line.write(values)
            if buyers:
                line.sale_ids = buyers
            if "closing_qty" not in values and line.difference_qty:
                line.closing_qty = line.derived_closing_qty

    def _submit_from_portal(self):
        self.action_submit()
        manager = self.dealer_id.dealer_manager_id
        if manager and self.difference_count:
            # the dealer's page may be in another language
            report = self.with_context(lang=manager.lang)
            report.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=report.env._("%s differs from what is calculated", report.name),
                user_id=manager.id,
            )

    @api.model
    def _discard_from_portal(self, firm, company, period):
        """Drop a correction not sent; what was sent before goes on counting."""
        report = self._find_portal_report(firm, company, period)
        if report.state == "draft" and report.corrects_id:
            report.unlink()

    @api.model
    def _correct_from_portal(self, firm, company, period):
        """Open a correction of the month's report, where it was sent."""
        report = self._find_portal_report(firm, company, period)
        if report and report.state != "draft":
            report.action_correct()
