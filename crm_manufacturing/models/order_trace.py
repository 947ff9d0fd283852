from odoo import api, models
from odoo.tools import SQL

STATES = [
    ("to_plan", "To Plan"),
    ("waiting_material", "Waiting for Material"),
    ("planned", "Planned"),
    ("in_production", "In Production"),
    ("finished", "Finished"),
    ("partially_shipped", "Partially Shipped"),
    ("shipped", "Shipped"),
    ("delivered", "Delivered"),
    ("cancelled", "Cancelled"),
]
WAITS_FOR = [
    ("supplier", "Supplier"),
    ("production", "Production"),
    ("component", "Component Nobody Ordered"),
    ("plan", "Plan"),
]
# how sure a link is; a path is as weak as its weakest link
STRENGTHS = ["line", "move", "group", "reference"]

# productions passed through; deeper than any bill of materials, so that a cycle ends
MAX_DEPTH = 60


class OrderTrace(models.AbstractModel):
    """Walks from demand to what serves it, and back, over the host's own links.

    The documents are nodes ``(model, id)``, :meth:`_edges` are the links from a demand
    to its supply. A walk is one recursive statement whatever the number of records.
    """

    _name = "order.trace"
    _description = "Order to Production Trace"

    @api.model
    def _edges(self):
        """``{code: SQL}`` of SELECTs with the columns ``from_model, from_id, to_model,
        to_id, strength``, from demand to supply.

        Extend this to let the trace follow a document of yours. Models are constants
        of the SELECT, so that PostgreSQL skips the edges that cannot match; give
        ``from_id`` and ``to_id`` an index. Strength is one of ``line`` (the document
        names the order line), ``move``, ``group`` or ``reference`` (shared).
        """
        return {}

    @api.model
    def _walk(self, records, direction):
        """What serves the records (``supply``), or whom they serve (``demand``).

        Returns dicts ``{root_id, model, id, strength, depth}``, nearest first. The
        depth counts the productions and orders passed; moves between them are free.
        Reads below access rules: the caller decides what of it is shown to whom.
        """
        if not records.ids:
            return []
        self.env.flush_all()
        roots = SQL("SELECT UNNEST(%s::int[])", records.ids)
        query = SQL(
            """WITH RECURSIVE %s
             SELECT root_id, model, id, (%s::text[])[MIN(strength)] AS strength,
                    MIN(depth) AS depth
               FROM walk WHERE model <> %s OR id <> root_id
           GROUP BY root_id, model, id ORDER BY root_id, depth, model, id""",
            self._with_walk(records._name, roots, self._get_steps(direction)),
            STRENGTHS,
            records._name,
        )
        return self.env.execute_query_dict(query)

    def _with_walk(self, model, roots, steps):
        """The recursive CTE ``walk(root_id, model, id, strength, depth, lead)``.

        :param roots: SELECT of the ids to start from
        :param steps: SELECTs of ``model, id, strength, lead`` that lead on from the
            node ``walk``; strength is the place in :data:`STRENGTHS`, from 1
        ``lead`` is the time the productions passed on the way still need after the
        node is there.
        """
        return SQL(
            """walk(root_id, model, id, strength, depth, lead) AS (
                   SELECT root.id, %(model)s::text, root.id, 1, 0, INTERVAL '0'
                     FROM (%(roots)s) root(id)
                    UNION
                   SELECT walk.root_id, step.model, step.id,
                          GREATEST(walk.strength, step.strength),
                          walk.depth + (step.model <> 'stock.move')::int,
                          walk.lead + step.lead
                     FROM walk CROSS JOIN LATERAL (%(steps)s) step
                    WHERE walk.depth < %(max_depth)s)""",
            model=model,
            roots=roots,
            steps=SQL(" UNION ALL ").join(steps),
            max_depth=MAX_DEPTH,
        )

    @api.model
    def _get_steps(self, direction):
        """The edges as steps of a walk in a direction."""
        return [self._step_along(edge, direction) for edge in self._edges().values()]

    def _step_along(self, edge, direction):
        near, far = ("from", "to") if direction == "supply" else ("to", "from")
        return SQL(
            """SELECT edge.%(far_model)s::text AS model, edge.%(far_id)s AS id,
                      array_position(%(strengths)s::text[], edge.strength::text)
                          AS strength, INTERVAL '0' AS lead
                 FROM (%(edge)s) edge(from_model, from_id, to_model, to_id, strength)
                WHERE edge.%(near_model)s = walk.model
                  AND edge.%(near_id)s = walk.id""",
            far_model=SQL.identifier(f"{far}_model"),
            far_id=SQL.identifier(f"{far}_id"),
            near_model=SQL.identifier(f"{near}_model"),
            near_id=SQL.identifier(f"{near}_id"),
            strengths=STRENGTHS,
            edge=edge,
        )
