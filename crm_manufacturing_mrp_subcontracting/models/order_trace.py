from odoo import models
from odoo.tools import SQL


class OrderTrace(models.AbstractModel):
    """What lies at a subcontractor's is his until we receive it.

    His productions and purchases are found over the host's links like any other; the
    components he takes from his own stock hold nobody up.
    """

    _inherit = "order.trace"

    def _is_in_house(self):
        return SQL(
            """%s AND NOT EXISTS (
                SELECT FROM res_company company
                  JOIN stock_location place
                       ON place.id = company.subcontracting_location_id
                 WHERE company.id = move.company_id
                   AND source.parent_path LIKE place.parent_path || '%%')""",
            super()._is_in_house(),
        )
