from odoo import api, models
from odoo.exceptions import AccessError

from ..tools.day import get_day
from ..tools.quantity import format_quantity

# the stations of an order's way, by what the trace walks through
STATIONS = {
    "mrp.production": "productions",
    "purchase.order.line": "purchases",
    "stock.move": "deliveries",
}
# a link by reference alone: the document serves other orders too
SHARED = "reference"


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

        A line has its figures and lists of nodes ``{model, id, name, partner, title,
        state, state_name, date, is_late, is_done, is_shared}``; model, id, name and
        partner are False when the reader may not open the document. Raises AccessError
        for who may not read the order.
        """
        order = self._get_journey_order(order_id)
        lines = order.order_line.filtered(
            lambda line: line.product_id and not line.is_downpayment
        )
        states = self._get_states(self._select_ids(lines))
        blockings = self._get_blockings(states)
        nodes = self._get_nodes(lines)
        sentences = self._customer_sentences(lines, states)
        return {
            "lines": [
                {
                    **self._prepare_journey_line(line, states[line.id]),
                    "sentence": blockings.get(line.id, {}).get("sentence", False),
                    "customer_sentence": sentences[line.id],
                    **{
                        station: nodes.get((line.id, station), [])
                        for station in STATIONS.values()
                    },
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
            "requested": line.customer_requested_date,
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

    def _get_nodes(self, lines):
        """``{(line id, station): nodes}``, nearest first."""
        found = self._find_documents(lines)
        documents = {}
        for document, _record, _strength in found.values():
            documents.setdefault(document._name, set()).add(document.id)
        readable = {
            (model, document)
            for model, ids in documents.items()
            for document in self._get_readable(self.env[model].browse(ids)).ids
        }
        today, nodes = lines.company_id[:1]._get_today(), {}
        for (line, station, _key), (document, record, strength) in found.items():
            may_open = (document._name, document.id) in readable
            node = self._prepare_node(document, record, may_open)
            node["is_shared"] = strength == SHARED
            node["is_late"] = bool(
                node["date"] and not node["is_done"] and node["date"] < today
            )
            nodes.setdefault((line, station), []).append(node)
        return nodes

    def _find_documents(self, lines):
        """``{(line id, station, key): (document, record of the trace, strength)}``.

        Several moves of a transfer are one.
        """
        rows = [row for row in self._walk(lines, "supply") if row["model"] in STATIONS]
        # sudo: states and dates are told to every reader, names are not; see
        # _prepare_node
        records = {
            (model, record.id): record
            for model in STATIONS
            for record in self.env[model]
            .sudo()
            .browse({row["id"] for row in rows if row["model"] == model})
        }
        found = {}
        for row in rows:
            record = records[row["model"], row["id"]]
            document = self._get_document(record, row["root_id"])
            if document and document.state != "cancel":
                key = document if record._name == "stock.move" else record
                place = (row["root_id"], STATIONS[row["model"]], key)
                found.setdefault(place, (document, record, row["strength"]))
        return found

    def _get_document(self, record, line):
        """What is opened for a record of the trace; of moves only the line's own."""
        if record._name == "purchase.order.line":
            return record.order_id
        if record._name == "stock.move":
            is_own = record.sale_line_id.id == line and not record.production_id
            return is_own and record.state != "cancel" and record.picking_id
        return record

    def _prepare_node(self, document, record, may_open):
        vendor = record._name == "purchase.order.line" and document.partner_id
        return {
            "model": may_open and document._name,
            "id": may_open and document.id,
            "name": may_open and document.display_name,
            "partner": bool(may_open and vendor) and vendor.commercial_partner_id.name,
            "title": self._get_node_title(document, record),
            "state": document.state,
            "state_name": self._get_node_state_name(document, record),
            "date": self._get_node_day(document, record),
            "is_done": self._is_node_done(document, record),
        }

    def _get_node_state_name(self, document, record):
        """The host's word, but for a purchase: "Purchase Order" says nothing of it."""
        if document._name == "purchase.order" and document.state == "purchase":
            is_done = self._is_node_done(document, record)
            return self.env._("Received") if is_done else self.env._("On Order")
        return self._get_state_names(document)[document.state]

    def _is_node_done(self, document, record):
        if record._name == "purchase.order.line":
            return record.qty_received >= record.product_qty
        return document.state == "done"

    def _get_node_day(self, document, record):
        """The company's day: planned, or when it happened."""
        moment = {
            "mrp.production": lambda: document.date_finished,
            "purchase.order": lambda: record.date_planned,
            "stock.picking": lambda: document.date_done or document.scheduled_date,
        }[document._name]()
        return bool(moment) and get_day(moment, document.company_id._get_timezone())

    def _get_node_title(self, document, record):
        if document._name == "stock.picking":
            return document.picking_type_id.name
        product = record.product_id.with_context(display_default_code=False)
        return f"{format_quantity(record.product_qty)} × {product.display_name}"
