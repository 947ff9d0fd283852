"""The usual addon: a loop over partners that searches, sums and writes.

    for partner in partners:
        moves = env["account.move"].search([... this partner's documents ...])
        revenue = sum(moves.mapped("amount_untaxed_signed"))
        partner.write({...})

It has the advantage of our index on the documents of one customer, and still costs a
handful of queries per partner.
"""

from datetime import date

from odoo.tools.date_utils import relativedelta


def run(env, partners):
    """Sum the year's revenue of each partner and write what came of it."""
    end = date.today()
    start = end - relativedelta(years=1) + relativedelta(days=1)
    for partner in partners:
        moves = env["account.move"].search(
            [
                ("commercial_partner_id", "=", partner.id),
                ("state", "=", "posted"),
                ("move_type", "in", ["out_invoice", "out_refund"]),
                ("invoice_date", ">=", start),
                ("invoice_date", "<=", end),
            ]
        )
        revenue = sum(moves.mapped("amount_untaxed_signed"))
        # any column of the contact costs the same; ours has none for it
        partner.write({"color": 1 + (revenue > 1000)})
        env.flush_all()
