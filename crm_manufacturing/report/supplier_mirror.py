from odoo import api, models

PAYMENTS = "supplier.payment.report"
RECEIPTS = "supplier.receipt.report"
PACES = ("30", "60", "more")


class SupplierMirror(models.AbstractModel):
    """The mirror card: how a supplier keeps his word, and how we keep ours."""

    _name = "supplier.mirror"
    _description = "Mirror Card of a Supplier"

    @api.model
    @api.readonly
    def get_mirror(self, partner_id):
        """Both sides, of the months of the company's supplier card; in few queries.

        False for who may not read receipts and payments. A figure without evidence is
        None: never 0 and never 100. ``theirs`` is False while there is no judgement;
        its score is None where the band is one of earlier months.
        """
        if not all(self.env[name].has_access("read") for name in (PAYMENTS, RECEIPTS)):
            return False
        company = self.env.company
        partner = self.env["res.partner"].browse(partner_id).commercial_partner_id
        # sudo: months and criteria of the card, for whoever may read both sides
        card = company.sudo().supplier_scorecard_id
        if not card:
            return False
        period = card._get_period(company._get_today())
        return {
            "supplier": partner.display_name,
            "company": company.display_name,
            "currency_id": company.currency_id.id,
            "date_from": period[0],
            "date_to": period[1],
            "theirs": self._get_theirs(card, partner),
            "ours": self._get_ours(partner, *period),
        }

    def _get_theirs(self, card, partner):
        """The current judgement: band, score and the figures it rests on."""
        # sudo: the card's figures are measured receipts, which the reader may read
        score = (
            self.env["partner.score"]
            .sudo()
            .search(
                [
                    ("scorecard_id", "=", card.id),
                    ("partner_id", "=", partner.id),
                    ("company_id", "=", self.env.company.id),
                    ("is_current", "=", True),
                ]
            )
        )
        if not score:
            return False
        band = score.effective_band_id
        return {
            "score_id": score.id,
            "band": band
            and {"code": band.code, "name": band.name, "color": band.color},
            "overridden": score._get_why_override(),
            "score": score.score if score.band_id and score.coverage else None,
            "coverage": score.coverage,
            "criteria": score._get_why_criteria(()),
        }

    # ------------------------------------------------------------------
    # Our side
    # ------------------------------------------------------------------

    def _get_ours(self, partner, date_from, date_to):
        return self._get_payments(partner, date_from, date_to) | self._get_orders(
            partner, date_from, date_to
        )

    def _get_payment_domain(self, partner, date_field, date_from, date_to):
        return [
            ("partner_id", "=", partner.id),
            ("company_id", "=", self.env.company.id),
            (date_field, ">=", date_from),
            (date_field, "<=", date_to),
        ]

    def _get_payments(self, partner, date_from, date_to):
        """Shares in percent, of amounts; days are weighted by amount."""
        payments = self.env[PAYMENTS]
        paid = self._get_payment_domain(partner, "paid_date", date_from, date_to)
        paces = {
            pace: (amount, days)
            for pace, amount, days in payments._read_group(
                paid, ["pace"], ["amount:sum", "weighted_days:sum"]
            )
        }
        total = sum(amount for amount, _days in paces.values())
        due = self._get_payment_domain(partner, "due_date", date_from, date_to)
        late, disputed = self._get_late(due)
        return {
            "paid": total,
            "days_to_pay": sum(d for _a, d in paces.values()) / total
            if total
            else None,
            "paces": {
                pace: 100 * paces.get(pace, (0, 0))[0] / total if total else None
                for pace in PACES
            },
            "late_share": late,
            "disputed": disputed,
        }

    def _get_late(self, due):
        """Share of what fell due that was not paid within terms, and what we dispute.

        The share is of amounts, so that a half paid bill is half in time.
        """
        amounts, disputed = {True: 0, False: 0}, []
        groups = self.env[PAYMENTS]._read_group(
            due, ["dispute_reason", "is_late"], ["amount:sum", "move_id:count_distinct"]
        )
        for reason, is_late, amount, count in groups:
            if reason:
                disputed.append({"reason": reason, "amount": amount, "bills": count})
            else:
                amounts[is_late] += amount
        total = sum(amounts.values())
        return (100 * amounts[True] / total if total else None), disputed

    def _get_orders(self, partner, date_from, date_to):
        """What we did to the lines ordered in the period, as counts and percent."""
        groups = self.env[RECEIPTS]._read_group(
            self._get_order_domain(partner, date_from, date_to),
            ["is_rushed", "is_unclear"],
            ["__count", "own_change_count:sum"],
        )
        lines = sum(count for *_flags, count, _changes in groups)
        rushed = sum(count for is_rushed, _u, count, _changes in groups if is_rushed)
        unclear = sum(count for _r, is_unclear, count, _changes in groups if is_unclear)
        changes = sum(changes or 0 for *_rest, changes in groups)
        return {
            "lines": lines,
            "changes": changes if lines else None,
            "changes_per_line": changes / lines if lines else None,
            "rushed": 100 * rushed / lines if lines else None,
            "unclear": 100 * unclear / lines if lines else None,
        }

    def _get_order_domain(self, partner, date_from, date_to):
        company = self.env.company
        return [
            ("partner_id", "=", partner.id),
            ("company_id", "=", company.id),
            ("ordered_date", ">=", company._get_day_start(date_from)),
            ("ordered_date", "<", company._get_day_start(date_to, days=1)),
        ]

    @api.model
    def get_mirror_action(self, partner_id, figure):
        """The rows behind a figure of our side: ``paid``, ``late``, ``disputed``,
        ``changes``, ``rushed`` or ``unclear``."""
        company = self.env.company
        partner = self.env["res.partner"].browse(partner_id).commercial_partner_id
        # sudo: only the months of the card
        card = company.sudo().supplier_scorecard_id
        period = card._get_period(company._get_today())
        if figure in ("paid", "late", "disputed"):
            xmlid = "crm_manufacturing.supplier_payment_report_action"
            day = "paid_date" if figure == "paid" else "due_date"
            domain = self._get_payment_domain(partner, day, *period)
            domain += {
                "paid": [],
                "late": [("dispute_reason", "=", False)],
                "disputed": [("dispute_reason", "!=", False)],
            }[figure]
        else:
            xmlid = "crm_manufacturing.supplier_receipt_report_action"
            domain = self._get_order_domain(partner, *period)
            domain += {
                "rushed": [("is_rushed", "=", True)],
                "unclear": [("is_unclear", "=", True)],
            }.get(figure, [("own_change_count", ">", 0)])
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        # the list first: these rows are what the figure counts
        views = [(False, view) for view in ("list", "pivot", "graph")]
        return action | {"domain": domain, "context": {}, "views": views}
