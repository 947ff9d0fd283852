"""What the host's own screens and actions cost; runs in `odoo shell`, with `env`.

Prints one line, ``COSTS`` and a JSON object ``{what: {"queries": n, "bytes": n}}``.
Queries are those of the second run, with empty record caches and warm ones of the
registry, as for the second user of a day. Bytes are the length of the JSON that the
server would send as the result.
"""

import json
from datetime import date, datetime
from functools import partial

from lxml import etree

from odoo.fields import Command
from odoo.tests import freeze_time

CUSTOMERS = 100
WINDOWS = {
    "partner list": ("res.partner", "list", None),
    "partner kanban": ("res.partner", "kanban", None),
    "partner form": ("res.partner", "form", None),
    "lead list": ("crm.lead", "list", "crm.crm_case_tree_view_oppor"),
    "lead form": ("crm.lead", "form", None),
    "order list": ("sale.order", "list", "sale.view_quotation_tree_with_onboarding"),
    "order kanban": ("sale.order", "kanban", None),
    "order form": ("sale.order", "form", None),
    "manufacturing order list": ("mrp.production", "list", None),
    "manufacturing order kanban": ("mrp.production", "kanban", None),
    "manufacturing order form": ("mrp.production", "form", None),
    "transfer list": ("stock.picking", "list", None),
    "transfer kanban": ("stock.picking", "kanban", None),
    "transfer form": ("stock.picking", "form", None),
}


class Books:
    """A little of everything, made alike with and without the addon."""

    def __init__(self, env):
        self.env = env
        company = env.company
        env["account.chart.template"].try_loading("generic_coa", company, False)
        company.write({"account_sale_tax_id": False})
        self.customers = env["res.partner"].create(
            [{"name": f"C{n:03}", "is_company": True} for n in range(CUSTOMERS)]
        )
        self.product = env["product.product"].create(
            {"name": "Fan", "is_storable": True, "list_price": 100, "taxes_id": False}
        )
        env["crm.lead"].create(
            [
                {"name": f"L{c.name}", "partner_id": c.id, "type": "opportunity"}
                for c in self.customers
            ]
        )
        orders = env["sale.order"].create([self.order(c) for c in self.customers])
        orders[:60].action_confirm()
        self.productions = env["mrp.production"].create(
            [
                {"product_id": self.product.id, "product_qty": 1, "sale_line_id": line}
                for line in orders[:60].order_line.ids
            ]
        )
        self.judge()
        env.flush_all()

    def judge(self):
        """With the addon: tiers and stages for all who are invoiced here."""
        for customer in self.customers[:60]:
            self.invoice(customer).action_post()
        today = date.today()
        if "partner.scorecard" in self.env:
            self.env["partner.scorecard"].search([])._run(self.env.company, today)
            self.env["partner.stage"]._run(self.env.company, today)

    def order(self, customer, lines=2):
        line = {"product_id": self.product.id, "product_uom_qty": 1}
        return {
            "partner_id": customer.id,
            "order_line": [Command.create(dict(line)) for _line in range(lines)],
        }

    def invoice(self, customer=None):
        line = {"product_id": self.product.id, "quantity": 1, "price_unit": 100}
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (customer or self.customers[0]).id,
                "invoice_date": date.today(),
                "invoice_line_ids": [Command.create(dict(line)) for _line in range(10)],
            }
        )

    def production(self):
        order = self.env["mrp.production"].create(
            {"product_id": self.product.id, "product_qty": 1}
        )
        order.action_confirm()
        order.qty_producing = 1
        return order


def measure(env, work, prepare=None):
    """Cost of the second time: ``{queries, bytes}``.

    Both within one moment: the host writes a date again when a second has passed.
    """
    moment = datetime.now()
    for _time in range(2):
        with freeze_time(moment):
            subject = [prepare()] if prepare else []
            env.flush_all()
            env.invalidate_all()
            before = env.cr.sql_log_count
            result = work(*subject)
            env.flush_all()
        queries = env.cr.sql_log_count - before
    return {"queries": queries, "bytes": len(json.dumps(result, default=str).encode())}


def specify(arch, fields, models):
    """What the web client asks for: the fields of a view, of its lines their own."""
    nodes = [node for node in arch.iter("field") if _owner(node) is arch]
    return {
        node.get("name"): _specify_field(node, fields[node.get("name")], models)
        for node in nodes
        if "load_when_shown" not in (node.get("options") or "")
    }


def _owner(node):
    """The field or view a field belongs to."""
    for ancestor in node.iterancestors("field"):
        return ancestor
    return node.getroottree().getroot()


def _specify_field(node, field, models):
    if field["type"] == "many2one":
        return {"fields": {"display_name": {}}}
    if field["type"] not in ("one2many", "many2many"):
        return {}
    lines = next((n for n in node if n.tag in ("list", "kanban")), None)
    if lines is None:
        return {"fields": {"display_name": {}}}
    fields = models[field["relation"]]["fields"]
    names = {
        n.get("name")
        for n in lines.iter("field")
        if _owner(n) is node and "load_when_shown" not in (n.get("options") or "")
    }
    return {
        "fields": {
            name: {"fields": {"display_name": {}}}
            if fields[name]["type"] == "many2one"
            else {}
            for name in names
        },
        "limit": 40,
    }


def windows(env, books):
    """Opening each of the host's windows."""
    for what, (model, kind, xmlid) in WINDOWS.items():
        records = env[model]
        view = env.ref(xmlid).id if xmlid else False
        views = [(view, kind), (False, "search")]
        found = records.get_views(views)
        arch = etree.fromstring(found["views"][kind]["arch"])
        spec = specify(arch, found["models"][model]["fields"], found["models"])
        if kind == "form":
            record = books.customers[0]
            if model != "res.partner":
                record = records.search([], order="id DESC", limit=1)
            read = partial(record.web_read, spec)
        else:
            order = "id DESC"
            read = partial(records.web_search_read, [], spec, limit=80, order=order)
        yield what, measure(env, read)
        load = partial(records.get_views, views)
        yield f"{what}: its views", measure(env, load)


def groups(env):
    leads = env["crm.lead"]
    options = {"auto_unfold": True, "unfold_read_specification": {"display_name": {}}}
    read = partial(leads.web_read_group, [], ["stage_id"], ["__count"], **options)
    yield "pipeline groups", measure(env, read)
    bar = {"field": "activity_state", "colors": {"overdue": "danger"}}
    read = partial(leads.read_progress_bar, [], "stage_id", bar)
    yield "progress bar", measure(env, read)


def actions(env, books):
    orders = env["sale.order"]
    customer = books.customers[0]
    yield (
        "order create, 10 lines",
        measure(env, lambda: orders.create(books.order(customer, 10)).id),
    )
    for lines in (1, 10):
        yield (
            f"order confirm, {lines} lines",
            measure(
                env,
                lambda order: order.action_confirm(),
                lambda lines=lines: orders.create(books.order(customer, lines)),
            ),
        )
    yield (
        "invoice post",
        measure(env, lambda move: move.action_post() and None, books.invoice),
    )
    yield (
        "manufacturing order done",
        measure(env, lambda order: order.button_mark_done(), books.production),
    )


def run(env):
    env = env(user=env.ref("base.user_admin").id)
    books = Books(env)
    costs = dict(windows(env, books)) | dict(groups(env)) | dict(actions(env, books))
    env.cr.rollback()
    print("COSTS", json.dumps(costs))
