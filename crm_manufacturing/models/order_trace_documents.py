from odoo import models
from odoo.tools import SQL

# columns of the records that the levels of a walk carry along; PostgreSQL forgets them
EDGE = {
    "from_model": "text",
    "from_id": "int",
    "to_model": "text",
    "to_id": "int",
    "strength": "int",
}
MOVE = {
    "id": "int",
    "product_id": "int",
    "state": "text",
    "product_qty": "numeric",
    "product_uom_qty": "numeric",
    "quantity": "numeric",
    "date": "timestamp",
    "sale_line_id": "int",
    "purchase_line_id": "int",
    "production_id": "int",
    "created_production_id": "int",
    "raw_material_production_id": "int",
    "location_id": "int",
    "location_dest_id": "int",
    "company_id": "int",
}
PRODUCTION = {
    "id": "int",
    "product_id": "int",
    "state": "text",
    "product_uom_qty": "float8",
    "date_start": "timestamp",
    "date_finished": "timestamp",
    "production_group_id": "int",
}
PURCHASE = {
    "id": "int",
    "product_id": "int",
    "order_id": "int",
    "product_qty": "numeric",
    "product_uom_qty": "float8",
    "qty_received": "numeric",
    "date_planned": "timestamp",
}


class OrderTrace(models.AbstractModel):
    """Spreads out again what the levels of a walk carry along: edges and documents."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace"

    def _select_columns(self, columns):
        """The columns of a SELECT, with the types that :meth:`_unnest` expects."""
        return SQL(", ").join(
            SQL("%s::%s", SQL.identifier(name), SQL(kind))
            for name, kind in columns.items()
        )

    def _unnest(self, array, alias, columns):
        """The item of a FROM with the records of an array."""
        return SQL(
            "UNNEST(%s) %s(%s)",
            array,
            SQL.identifier(alias),
            SQL(", ").join(
                SQL("%s %s", SQL.identifier(name), SQL(kind))
                for name, kind in columns.items()
            ),
        )

    def _with_edges(self):
        """The CTE ``edge``: of all that was found, what leads to a document alive.

        Before it come ``link``, all that was found, and the host's documents that are
        not cancelled: ``move``, ``production`` and ``purchase``.
        """
        return SQL(
            """link AS MATERIALIZED (SELECT link.* FROM level, %(links)s),
               %(documents)s,
               edge AS MATERIALIZED (
                   SELECT link.*, COALESCE(production.lead, INTERVAL '0') AS lead
                     FROM link
                LEFT JOIN production ON production.id = link.from_id
                      AND link.from_model = 'mrp.production'
                    WHERE %(is_alive)s)""",
            links=self._unnest(SQL("level.edges"), "link", EDGE),
            documents=self._with_documents(),
            is_alive=self._is_alive(SQL("link.to_model"), SQL("link.to_id")),
        )

    def _with_documents(self):
        return SQL(
            """move AS MATERIALIZED (
                   SELECT move.*, state IN ('waiting', 'confirmed',
                                            'partially_available') AS is_short
                     FROM level, %(moves)s),
               production AS MATERIALIZED (
                   SELECT production.*, GREATEST(
                              date_finished - date_start, INTERVAL '0') AS lead
                     FROM level, %(productions)s),
               ordered AS MATERIALIZED (SELECT line.* FROM level, %(purchases)s),
               bought AS MATERIALIZED (
                   SELECT id, state FROM purchase_order
                    WHERE id = ANY(ARRAY(SELECT DISTINCT order_id FROM ordered))
                      AND state <> 'cancel'),
               purchase AS MATERIALIZED (
                   SELECT ordered.*, bought.state
                     FROM ordered JOIN bought ON bought.id = ordered.order_id)""",
            moves=self._unnest(SQL("level.moves"), "move", MOVE),
            productions=self._unnest(
                SQL("level.productions"), "production", PRODUCTION
            ),
            purchases=self._unnest(SQL("level.purchases"), "line", PURCHASE),
        )

    def _is_alive(self, model, node):
        """Condition: a node is no cancelled document of the host."""
        return SQL(
            """CASE %(model)s
                   WHEN 'stock.move' THEN %(node)s IN (SELECT id FROM move)
                   WHEN 'mrp.production' THEN %(node)s IN (SELECT id FROM production)
                   WHEN 'purchase.order.line' THEN %(node)s IN (SELECT id FROM purchase)
                   ELSE TRUE END""",
            model=model,
            node=node,
        )
