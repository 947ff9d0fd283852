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
        names the order line), ``move``, ``group`` or ``reference`` (shared). An edge
        need not ask whether a document of the host is cancelled: the walk does.
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
            self._with_walk(records._name, roots, direction),
            STRENGTHS,
            records._name,
        )
        return self.env.execute_query_dict(query)

    def _with_walk(self, model, roots, direction):
        """The CTE ``walk(root_id, model, id, strength, depth, lead)``, after others.

        :param roots: SELECT of the ids to start from
        Strength is the place in :data:`STRENGTHS`, from 1; ``lead`` is the time the
        productions passed on the way still need after the node is there. The edges are
        looked up for all roots at once, then followed from each of them in memory.
        """
        return SQL(
            """%(levels)s, %(edges)s,
               walk(root_id, model, id, strength, depth, lead) AS (
                   SELECT DISTINCT root.id, %(model)s::text, root.id, 1, 0, INTERVAL '0'
                     FROM (%(roots)s) root(id) WHERE %(is_alive)s
                    UNION
                   SELECT walk.root_id, edge.to_model, edge.to_id,
                          GREATEST(walk.strength, edge.strength),
                          walk.depth + (edge.to_model <> 'stock.move')::int,
                          walk.lead + edge.lead
                     FROM walk
                     JOIN edge
                          ON edge.from_id = walk.id AND edge.from_model = walk.model
                    WHERE walk.depth < %(max_depth)s)""",
            levels=self._with_levels(model, roots, self._get_steps(direction)),
            edges=self._with_edges(),
            model=model,
            roots=roots,
            is_alive=self._is_alive(SQL("%s", model), SQL("root.id")),
            max_depth=MAX_DEPTH,
        )

    @api.model
    def _get_steps(self, direction):
        """The edges as SELECTs from the nodes ``near``, their near end first."""
        return [self._step_along(edge, direction) for edge in self._edges().values()]
