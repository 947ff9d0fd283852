from odoo import api, models
from odoo.tools import SQL


class PartnerTouchpointTouch(models.Model):
    """Touches by hand: calls of :class:`TestMeasure`."""

    _inherit = "partner.touchpoint.touch"

    @api.model
    def _select_touches(self, company, today):
        return SQL(
            """%s UNION ALL
               SELECT -id, partner_id, date, 'call', NULL::int, NULL::int,
                      'test.measure', id
                 FROM test_measure WHERE code = 'touch' AND date <= %s""",
            super()._select_touches(company, today),
            today,
        )
