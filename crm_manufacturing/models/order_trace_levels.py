from odoo import models
from odoo.tools import SQL

from .order_trace import STRENGTHS
from .order_trace_documents import MOVE, PRODUCTION, PURCHASE

# the host's models, and what the ids of a level are called
HOST = {
    "sale.order.line": "lines",
    "stock.move": "moves",
    "mrp.production": "productions",
    "purchase.order.line": "purchases",
}


class OrderTrace(models.AbstractModel):
    """Looks up documents and edges of many nodes at once.

    Asked of one node after the other, an edge goes down an index and fetches a page for
    each row. Asked with an array of ids PostgreSQL reads a page once for all of them:
    each table stands in a SELECT of its own with ``= ANY``, and what was read is joined
    in memory. It cannot know how many ids there are and supposes ten: so it looks them
    up in an index, and never reads a large table for them, however many there are.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "order.trace"

    def _with_levels(self, model, roots, steps):
        """The recursive CTE ``level``: a row for each step away from the roots.

        ``models`` and ``ids`` are of the nodes found so far, from ``fresh`` on of the
        new ones; ``edges`` led to these. ``moves``, ``productions`` and ``purchases``
        are the rows of the nodes before. The last four are arrays of records.
        """
        return SQL(
            """level(models, ids, fresh, edges, moves, productions, purchases) AS (
                   SELECT ARRAY_AGG(%(model)s::text), ARRAY_AGG(id), 1, NULL::record[],
                          NULL::record[], NULL::record[], NULL::record[]
                     FROM (SELECT DISTINCT id FROM (%(roots)s) root(id)) root
                    UNION ALL
                   SELECT level.models || far.models, level.ids || far.ids,
                          CARDINALITY(level.ids) + 1, far.edges, far.moves,
                          far.productions, far.purchases
                     FROM level
               CROSS JOIN LATERAL (%(near)s) near
               CROSS JOIN LATERAL (%(far)s) far
                    WHERE level.fresh <= CARDINALITY(level.ids))""",
            model=model,
            roots=roots,
            near=self._select_near(),
            far=self._select_far(steps),
        )

    def _select_near(self):
        """The new nodes of a level: an array of ids for each model of :data:`HOST`, and
        ``others``, JSON of ``{model: array as text}``."""
        nodes = SQL(
            """UNNEST(level.models[level.fresh:], level.ids[level.fresh:])
                   node(model, id)"""
        )
        arrays = [
            SQL(
                "ARRAY(SELECT id FROM %s WHERE model = %s) AS %s",
                nodes,
                model,
                SQL.identifier(name),
            )
            for model, name in HOST.items()
        ]
        return SQL(
            """SELECT %(arrays)s,
                      (SELECT JSONB_OBJECT_AGG(model, ids)
                         FROM (SELECT model, ARRAY_AGG(id)::text AS ids FROM %(nodes)s
                                WHERE model <> ALL(%(models)s) GROUP BY model) other
                      ) AS others
               OFFSET 0""",
            arrays=SQL(", ").join(arrays),
            nodes=nodes,
            models=list(HOST),
        )

    def _select_far(self, steps):
        """Where a level leads. The steps find its documents that are not cancelled in
        ``near_move`` and ``near_production``."""
        return SQL(
            """WITH near_move AS MATERIALIZED (
                      SELECT %(move)s FROM stock_move
                       WHERE id = ANY(near.moves) AND state <> 'cancel'),
                    near_production AS MATERIALIZED (
                      SELECT %(production)s FROM mrp_production
                       WHERE id = ANY(near.productions) AND state <> 'cancel'),
                    step(from_model, from_id, to_model, to_id, strength)
                        AS MATERIALIZED (%(steps)s)
               SELECT ARRAY(SELECT near_move FROM near_move) AS moves,
                      ARRAY(SELECT near_production FROM near_production)
                          AS productions,
                      ARRAY(SELECT line FROM (
                          SELECT %(purchase)s FROM purchase_order_line
                           WHERE id = ANY(near.purchases)) line) AS purchases,
                      ARRAY(SELECT step FROM step) AS edges, met.models, met.ids
                 FROM (SELECT ARRAY_AGG(model) AS models, ARRAY_AGG(id) AS ids
                         FROM (SELECT to_model, to_id FROM step
                               EXCEPT SELECT * FROM UNNEST(level.models, level.ids)
                              ) met(model, id)) met""",
            move=self._select_columns(MOVE),
            production=self._select_columns(PRODUCTION),
            purchase=self._select_columns(PURCHASE),
            steps=SQL(" UNION ALL ").join(steps),
        )

    def _step_along(self, edge, direction):
        near, far = ("from", "to") if direction == "supply" else ("to", "from")
        return SQL(
            """SELECT edge.%(near_model)s::text, edge.%(near_id)s::int,
                      edge.%(far_model)s::text, edge.%(far_id)s::int,
                      array_position(%(strengths)s::text[], edge.strength::text)
                 FROM (%(edge)s) edge(from_model, from_id, to_model, to_id, strength)
                WHERE edge.%(near_id)s = ANY(CASE edge.%(near_model)s %(arrays)s
                          ELSE (near.others ->> edge.%(near_model)s)::int[] END)""",
            near_model=SQL.identifier(f"{near}_model"),
            near_id=SQL.identifier(f"{near}_id"),
            far_model=SQL.identifier(f"{far}_model"),
            far_id=SQL.identifier(f"{far}_id"),
            strengths=STRENGTHS,
            edge=edge,
            arrays=SQL(" ").join(
                SQL("WHEN %s THEN near.%s", model, SQL.identifier(name))
                for model, name in HOST.items()
            ),
        )
