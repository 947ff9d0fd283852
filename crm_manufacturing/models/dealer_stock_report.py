from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .dealer_room import without_defaults


class DealerStockReport(models.Model):
    """What a dealer had, got, sold and has left of our products in one month.

    What we know is proposed: the opening from the closing before, what we delivered and
    took back. What was sent is kept; a correction is a report of its own that takes the
    place of the former.
    """

    _name = "dealer.stock.report"
    _description = "Dealer Stock Report"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "period desc, id desc"

    name = fields.Char(compute="_compute_name")
    dealer_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        domain=[("dealer_stage", "!=", False)],
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    period = fields.Date(
        string="Month",
        required=True,
        default=lambda self: self._get_last_month(),
        help="Any day of the month; the first is kept.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("submitted", "Submitted"), ("accepted", "Accepted")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    is_current = fields.Boolean(
        string="Counts", default=True, readonly=True, copy=False
    )
    corrects_id = fields.Many2one("dealer.stock.report", readonly=True, copy=False)
    submitted_date = fields.Date(string="Submitted On", readonly=True, copy=False)
    line_ids = fields.One2many("dealer.stock.report.line", "report_id", copy=True)
    difference_count = fields.Integer(
        string="Lines That Differ", compute="_compute_difference_count"
    )
    known_note = fields.Text(
        string="We Know Otherwise",
        compute="_compute_known_note",
        help="Openings, deliveries and returns that are not what we know, and products "
        "without a line that the dealer had or got.",
    )

    _current_uniq = models.UniqueIndex(
        "(dealer_id, company_id, period) WHERE is_current",
        "There is a report of this dealer and month already; correct that one.",
    )
    _correction_uniq = models.UniqueIndex(
        "(corrects_id) WHERE state = 'draft'", "The report is being corrected already."
    )

    @api.model
    def _get_last_month(self):
        today = self.env.company._get_today()
        return today.replace(day=1) - relativedelta(months=1)

    @api.depends("dealer_id", "period")
    def _compute_name(self):
        for report in self:
            month = report.period and report.period.strftime("%Y-%m")
            report.name = f"{report.dealer_id.display_name or ''} {month or ''}".strip()

    @api.depends("line_ids.difference_qty")
    def _compute_difference_count(self):
        for report in self:
            report.difference_count = len(report.line_ids.filtered("difference_qty"))

    @api.depends("line_ids.known_note", "dealer_id", "period")
    def _compute_known_note(self):
        for report in self:
            is_asked = report.dealer_id and report.company_id and report.period
            known = report._get_known() if is_asked and report.line_ids else {}
            products = self.env["product.product"].union(*known)
            report.known_note = "\n".join(
                [
                    f"{line.product_id.display_name}: {line.known_note}"
                    for line in report.line_ids
                    if line.known_note
                ]
                + [
                    self.env._("%s: not in the report", product.display_name)
                    for product in products - report.line_ids.product_id
                ]
            )

    @api.constrains("period", "company_id")
    def _check_period(self):
        for report in self:
            if report.period and report.period > report.company_id._get_today():
                raise ValidationError(
                    self.env._(
                        "Month: %(month)s has not begun; nothing can be reported.",
                        month=report.period.strftime("%Y-%m"),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """The first day of the month, and the firm instead of its contact."""
        vals_list = [self._clean(vals) for vals in vals_list]
        if not self.env.su:
            kept = ("state", "is_current", "corrects_id", "submitted_date")
            self = without_defaults(self, kept)
            for vals in vals_list:
                for name in kept:
                    vals.pop(name, None)
        return super().create(vals_list)

    def write(self, vals):
        """What was sent stays: of it only the state moves, by the buttons."""
        engine = {"state", "is_current", "corrects_id", "submitted_date"}
        own = {"dealer_id", "company_id", "period", "line_ids"}
        if not self.env.su and vals.keys() & engine:
            raise UserError(self.env._("State: use the buttons of the report."))
        if vals.keys() & own and any(report.state != "draft" for report in self):
            self._refuse_change()
        return super().write(self._clean(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        if any(report.state != "draft" for report in self):
            self._refuse_change()

    def _refuse_change(self):
        raise UserError(
            self.env._(
                "A report that was submitted is not changed. Correct it: that "
                "makes a report of its own."
            )
        )

    @api.model
    def _clean(self, vals):
        vals = dict(vals)
        if vals.get("period"):
            vals["period"] = fields.Date.to_date(vals["period"]).replace(day=1)
        if vals.get("dealer_id"):
            dealer = self.env["res.partner"].browse(vals["dealer_id"])
            vals["dealer_id"] = dealer.commercial_partner_id.id
        return vals

    # ------------------------------------------------------------------
    # What we know
    # ------------------------------------------------------------------

    def action_propose(self):
        """Put in what we know: opening, deliveries and returns (button).

        What was typed as sold and closing stays; a new line closes as calculated.
        """
        for report in self:
            if report.state != "draft":
                report._refuse_change()
            lines = {line.product_id: line for line in report.line_ids}
            figures = report._get_known()
            report.line_ids = [
                fields.Command.update(lines[product].id, known)
                if product in lines
                else fields.Command.create({"product_id": product.id, **known})
                for product, known in figures.items()
            ]
        return True

    def action_as_calculated(self):
        """All as calculated: every line closes with what its figures add up to."""
        for report in self:
            if report.state != "draft":
                report._refuse_change()
            for line in report.line_ids:
                line.closing_qty = line.derived_closing_qty

    def _get_known(self):
        """``{product: values}`` of the opening, what we delivered and took back."""
        self.ensure_one()
        known = {
            product: {"opening_qty": quantity}
            for product, quantity in self._get_known_opening().items()
            if quantity > 0
        }
        month = (self.period, self.period + relativedelta(months=1))
        for name, way in (("received_qty", "out"), ("returned_qty", "back")):
            for product, quantity in self._get_moved(way, *month):
                known.setdefault(product, {})[name] = quantity
        return known

    def _get_known_opening(self):
        """``{product: quantity}`` left in the last report that counts, with what we
        delivered and took back in months without one since."""
        previous = self._get_previous()
        opening = {line.product_id: line.closing_qty for line in previous.line_ids}
        since = previous and previous.period + relativedelta(months=1)
        if since and since < self.period:
            for way, sign in (("out", 1), ("back", -1)):
                for product, quantity in self._get_moved(way, since, self.period):
                    opening[product] = opening.get(product, 0) + sign * quantity
        return opening

    def _get_previous(self):
        return self.search(
            [
                ("dealer_id", "=", self.dealer_id.id),
                ("company_id", "=", self.company_id.id),
                ("period", "<", self.period),
                ("is_current", "=", True),
                ("state", "!=", "draft"),
            ],
            order="period desc",
            limit=1,
        )

    def _get_moved(self, way, first, after):
        """``[(product, quantity in its unit)]`` that reached the dealer's address from
        the day ``first`` until the one before ``after``, or came back; days are the
        company's."""
        start = self.company_id._get_day_start(first)
        end = self.company_id._get_day_start(after)
        here, there = "location_id.usage", "location_dest_id.usage"
        from_dealer, to_dealer = (here, there) if way == "back" else (there, here)
        # sudo: who looks after dealers need not read the warehouse's moves
        lines = self.env["stock.move.line"].sudo()
        return lines._read_group(
            [
                ("state", "=", "done"),
                ("company_id", "=", self.company_id.id),
                ("picking_id.partner_id.commercial_partner_id", "=", self.dealer_id.id),
                (from_dealer, "=", "customer"),
                (to_dealer, "!=", "customer"),
                ("date", ">=", start),
                ("date", "<", end),
            ],
            ["product_id"],
            ["quantity_product_uom:sum"],
        )

    # ------------------------------------------------------------------
    # Life
    # ------------------------------------------------------------------

    def action_submit(self):
        """The dealer says it is so; from now on nothing of it changes."""
        self.check_access("write")
        for report in self:
            if report.state != "draft":
                continue
            if not report.line_ids:
                raise UserError(
                    self.env._(
                        "Lines: %(report)s has none. A dealer without stock reports "
                        "zeros.",
                        report=report.name,
                    )
                )
            # sudo: the state is written by the buttons alone
            own = report.sudo()
            if own.corrects_id:
                own.corrects_id.is_current = False
                own.flush_model()
            own.write(
                {
                    "state": "submitted",
                    "is_current": True,
                    "submitted_date": own.company_id._get_today(),
                }
            )
        return True

    def action_accept(self):
        self.check_access("write")
        # sudo: the state is written by the buttons alone
        self.sudo().filtered(lambda report: report.state == "submitted").write(
            {"state": "accepted"}
        )
        return True

    def action_correct(self):
        """A new report of the same month that takes this one's place once submitted;
        there is one at a time."""
        self.ensure_one()
        self.check_access("write")
        if self.state == "draft" or not self.is_current:
            raise UserError(
                self.env._("Only the submitted report that counts can be corrected.")
            )
        # sudo: what a report corrects is written by this button alone
        own = self.sudo()
        # of two at once the second waits at this row, is tried again by the host and
        # sees what the first did
        own.write({"is_current": True})
        own.flush_recordset()
        correction = own.search(
            [("corrects_id", "=", self.id), ("state", "=", "draft")], limit=1
        ) or own.copy({"is_current": False, "corrects_id": self.id})
        return correction.with_env(self.env)._get_records_action()

    def _merge_partners(self, sources, destination):
        """Of two reports of a month the destination's counts; the other is kept."""
        ours = self.search(
            [("dealer_id", "=", destination.id), ("is_current", "=", True)]
        )
        taken = {(report.company_id, report.period) for report in ours}
        for report in self.search(
            [("dealer_id", "in", sources.ids), ("is_current", "=", True)]
        ):
            key = (report.company_id, report.period)
            if key in taken:
                report.is_current = False
            taken.add(key)

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import Template for Dealer Stock"),
                "template": "/crm_manufacturing/static/xls/dealer_stock_report.xlsx",
            }
        ]
