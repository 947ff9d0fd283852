from odoo import api, models
from odoo.exceptions import AccessError

from ..tools.quantity import format_quantity

# what OrderState calls a move, where it is shown as a delivery
DELIVERY_KINDS = ("out", "transit", "inner", "back")
# a link by reference alone: the document serves other orders too
SHARED = 4


class OrderTrace(models.AbstractModel):
    """An order's way on one screen: its lines and the documents that serve them.

    State, date and quantity of a document are told to every reader of the order; its
    number only to who may open it.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace"

    @api.readonly
    @api.model
    def get_journey(self, order_id):
        """Dict ``{lines, customer_text, may_write}`` of a sales order.

        A line has its figures and lists of nodes ``{model, id, name, title, partner,
        state, state_name, date, is_late, is_done, is_shared}``; model, id, name and
        partner are False when the reader may not open the document. Raises AccessError for who may not read
        the order.
        """
        order = self._get_journey_order(order_id)
        lines = order.order_line.filtered(
            lambda line: line.product_id and not line.is_downpayment
        )
        states = self._get_states(self._select_ids(lines))
        blockings = self._get_blockings(states)
        documents = self._get_documents(states.values())
        sentences = self._customer_sentences(lines, states)
        return {
            "lines": [
                {
                    **self._prepare_journey_line(line, states[line.id]),
                    "sentence": blockings.get(line.id, {}).get("sentence", False),
                    "customer_sentence": sentences[line.id],
                    **self._prepare_nodes(states[line.id], documents),
                }
                for line in lines
                if line.id in states
            ],
            "customer_text": self._customer_text(lines, sentences),
            "may_write": order.has_access("write"),
        }

    def _get_journey_order(self, order_id):
        order = self.env["sale.order"].browse(order_id).exists()
        # a customer reads his order in the portal, by other words
        if not order or not self.env.user._is_internal():
            raise AccessError(self.env._("This order is not yours to read."))
        order.check_access("read")
        return order

    def _prepare_journey_line(self, line, state):
        figures = self._get_figures(state)
        return {
            "id": line.id,
            "product": line.product_id.with_context(
                display_default_code=False
            ).display_name,
            "quantity": format_quantity(line.product_uom_qty),
            "unit": line.product_uom_id.name,
            "state_name": self._get_state_names(line, "trace_state")[state.state],
            "promised": self._get_day(state, state.line["date"]),
            "informed": self._get_day(state, line.customer_informed_on),
            "is_informed": bool(line.customer_informed_on)
            and not line.customer_to_inform,
            "to_inform": line.customer_to_inform,
            "is_accepted": line.new_date_accepted,
            **figures,
        }

    def _get_state_names(self, records, name="state"):
        return dict(records._fields[name]._description_selection(self.env))

    def _get_documents(self, states):
        """``{(model, id): (record, may open)}`` of what the lines' rows name.

        A move stands for its transfer.
        """
        # sudo: states and dates are told to every reader, see _prepare_node
        env = self.sudo().env
        rows = [row for state in states for row in state.productions]
        productions = env["mrp.production"].browse({row["id"] for row in rows})
        rows = [row for state in states for row in state.purchases]
        purchases = env["purchase.order.line"].browse({row["id"] for row in rows})
        moves = env["stock.move"].browse(
            {
                row["id"]
                for state in states
                for row in state.moves
                if row["kind"] in DELIVERY_KINDS
            }
        )
        documents = {}
        for records, targets in (
            (productions, productions),
            (purchases, purchases.order_id),
            (moves, moves.picking_id),
        ):
            open_ids = set(self._get_readable(targets.with_env(self.env)).ids)
            for record in records:
                target = self._get_target(record)
                documents[record._name, record.id] = (target, target.id in open_ids)
        return documents

    def _get_target(self, record):
        """The document that is opened for a record of the trace."""
        if record._name == "purchase.order.line":
            return record.order_id
        return record.picking_id if record._name == "stock.move" else record

    def _prepare_nodes(self, state, documents):
        nodes = {"productions": [], "purchases": [], "deliveries": {}}
        for row in sorted(state.productions, key=lambda row: (row["depth"], row["id"])):
            if row["state"] != "cancel":
                nodes["productions"].append(self._prepare_node(state, row, documents))
        for row in sorted(state.purchases, key=lambda row: (row["depth"], row["id"])):
            if row["state"] != "cancel":
                nodes["purchases"].append(self._prepare_node(state, row, documents))
        for row in sorted(state.moves, key=lambda row: (row["date"], row["id"])):
            if row["kind"] in DELIVERY_KINDS and row["state"] != "cancel":
                node = self._prepare_node(state, row, documents)
                nodes["deliveries"].setdefault(node.pop("key"), node)
        nodes["deliveries"] = list(nodes["deliveries"].values())
        return nodes

    def _prepare_node(self, state, row, documents):
        target, may_open = documents[row["model"], row["id"]]
        is_done = target.state in ("done", "cancel") or row["done"] >= row["quantity"]
        date = self._get_day(state, self._get_node_date(target, row))
        node = {
            "model": may_open and target._name,
            "id": may_open and target.id,
            "name": may_open and target.display_name,
            "title": self._get_node_title(target, row),
            "partner": may_open
            and row["model"] == "purchase.order.line"
            and target.partner_id.commercial_partner_id.name,
            "state": target.state,
            "state_name": self._get_state_names(target)[target.state]
            if target
            else False,
            "date": date,
            "is_done": is_done,
            "is_late": bool(
                date and not is_done and date < self._get_day(state, state.now)
            ),
            "is_shared": row["strength"] == SHARED,
        }
        return node | ({"key": target.id} if row["model"] == "stock.move" else {})

    def _get_node_date(self, target, row):
        if target._name == "stock.picking":
            return target.date_done or target.scheduled_date
        return row["date"]

    def _get_node_title(self, target, row):
        if target._name == "stock.picking":
            return target.picking_type_id.name
        # sudo: the name of what the reader's own order needs
        product = self.env["product.product"].sudo().browse(row["product_id"])
        return "%s × %s" % (
            format_quantity(row["quantity"]),
            product.with_context(display_default_code=False).display_name,
        )
