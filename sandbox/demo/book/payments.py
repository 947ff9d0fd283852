"""Payments of customers and to suppliers, grouped as a bookkeeper would enter them."""

from collections import defaultdict

from .desk import chunks

RECEIVABLES = ("asset_receivable", "liability_payable")


def pay_invoices(desk, rows):
    """Pay (invoice, plan day or None, share) rows: one transfer a partner and week."""
    bundles = defaultdict(list)
    for invoice, day, share in rows:
        if day is not None and invoice.amount_residual:
            due = share == 1.0
            key = (
                invoice.commercial_partner_id,
                invoice.currency_id,
                invoice.move_type,
                day // 7 if due else day,
                due or invoice.id,
            )
            bundles[key].append((invoice, day, share))
    for part in chunks(list(bundles.values()), 100):
        _pay(desk, part)


def _pay(desk, bundles):
    payments = desk.env["account.payment"].create(
        [_values(desk, rows) for rows in bundles]
    )
    payments.action_post()
    plan = []
    for payment, rows in zip(payments, bundles, strict=True):
        lines = payment.move_id.line_ids
        for invoice, _day, _share in rows:
            lines |= invoice.line_ids
        plan.append(open_lines(lines))
    desk.env["account.move.line"]._reconcile_plan(plan)
    payments.action_validate()
    desk.breathe()


def open_lines(lines):
    """Return the receivable or payable lines that still want a counterpart."""
    return lines.filtered(
        lambda line: line.account_id.account_type in RECEIVABLES and not line.reconciled
    )


def _values(desk, rows):
    """Return one transfer for all invoices of a bundle, on the day of the last."""
    first = rows[0][0]
    inbound = first.move_type == "out_invoice"
    return {
        "payment_type": "inbound" if inbound else "outbound",
        "partner_type": "customer" if inbound else "supplier",
        "partner_id": first.commercial_partner_id.id,
        "currency_id": first.currency_id.id,
        "amount": sum(
            round(inv.amount_residual * share, 2) for inv, _day, share in rows
        ),
        "date": desk.date(max(day for _invoice, day, _share in rows)),
        "memo": ", ".join(inv.name or inv.ref for inv, _day, _share in rows),
    }
