"""One record of each kind, made by Odoo itself.

The generator clones their rows, so that every default and stored column is right
whatever addons are installed.
"""

from datetime import date

from odoo.fields import Command


def make(env):
    """Return {kind: id} of the template rows, plus what they refer to."""
    _prepare_company(env)
    partner = env["res.partner"].create(
        {"name": "Template", "is_company": True, "customer_rank": 1}
    )
    partner.email, partner.phone = "info@template.example", "+49 201 123456"
    contact = env["res.partner"].create({"name": "Contact", "parent_id": partner.id})
    product = env["product.product"].create(
        {
            "name": "Template fan",
            "list_price": 100,
            "standard_price": 60,
            "invoice_policy": "order",
            "taxes_id": False,
        }
    )
    order = env["sale.order"].create(
        {
            "partner_id": partner.id,
            "order_line": [Command.create({"product_id": product.id})],
        }
    )
    order.action_confirm()
    invoice = order._create_invoices()
    invoice.invoice_date = date.today()
    invoice.action_post()
    lead = env["crm.lead"].create({"name": "Lead", "partner_id": partner.id})
    env.flush_all()
    return {
        "partner": partner.id,
        "contact": contact.id,
        "product": product.id,
        "product_template": product.product_tmpl_id.id,
        "order": order.id,
        "order_line": order.order_line.id,
        "lead": lead.id,
        **_invoice_rows(invoice, "invoice"),
        **_credit_note(env, partner, product),
        **_payment(env, invoice),
        "company": env.company.id,
    }


def _prepare_company(env):
    chart = env["account.chart.template"]
    if not env.company.chart_template:
        chart.try_loading("generic_coa", env.company, install_demo=False)


def _invoice_rows(move, kind):
    lines = move.line_ids.grouped("display_type")
    return {
        kind: move.id,
        f"{kind}_product": lines["product"].id,
        f"{kind}_term": lines["payment_term"].id,
    }


def _credit_note(env, partner, product):
    move = env["account.move"].create(
        {
            "move_type": "out_refund",
            "partner_id": partner.id,
            "invoice_date": date.today(),
            "invoice_line_ids": [
                Command.create({"product_id": product.id, "price_unit": 100})
            ],
        }
    )
    move.action_post()
    return _invoice_rows(move, "refund")


def _payment(env, invoice):
    """A bank entry that settles the invoice."""
    journal = env["account.journal"].search([("type", "=", "bank")], limit=1)
    term = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
    shared = {"partner_id": invoice.partner_id.id, "name": "Payment"}
    bank = {"account_id": journal.default_account_id.id, "debit": term.debit}
    settled = {"account_id": term.account_id.id, "credit": term.debit}
    entry = env["account.move"].create(
        {
            "journal_id": journal.id,
            "date": date.today(),
            "line_ids": [
                Command.create({**shared, **bank}),
                Command.create({**shared, **settled}),
            ],
        }
    )
    entry.action_post()
    counterpart = entry.line_ids.filtered(
        lambda line: line.account_id == term.account_id
    )
    (term + counterpart).reconcile()
    return {
        "payment": entry.id,
        "payment_bank": (entry.line_ids - counterpart).id,
        "payment_term": counterpart.id,
        "partial": counterpart.matched_debit_ids.id,
        "full": counterpart.full_reconcile_id.id,
    }
