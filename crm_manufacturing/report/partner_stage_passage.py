from odoo import fields, models
from odoo.tools import SQL

from ..models.partner_stage import STAGES


class PartnerStagePassage(models.Model):
    """Each stay of a customer in a stage: from when, until when, where to.

    ``id`` is the id of the partner.stage. A stay that is not current and has no
    successor ended with nothing, for example a prospect whose only lead was lost.
    """

    _name = "partner.stage.passage"
    _description = "Passage through a Stage"
    _auto = False
    _order = "entered_date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    stage = fields.Selection(STAGES, readonly=True)
    next_stage = fields.Selection(STAGES, readonly=True)
    entered_date = fields.Date(string="Entered", readonly=True)
    left_date = fields.Date(string="Left", readonly=True)
    days = fields.Integer(string="Days in Stage", readonly=True, aggregator="avg")

    _depends = {
        "partner.stage": ["partner_id", "company_id", "stage", "since", "is_current"]
    }

    @property
    def _table_query(self):
        return SQL(
            """SELECT stay.id, stay.partner_id, stay.company_id, stay.stage,
                      next_stage,
                      since AS entered_date, left_date,
                      CASE WHEN left_date IS NOT NULL
                           THEN GREATEST(left_date - since, 0) END AS days
                 FROM (SELECT stay.*, LEAD(stage) OVER ladder AS next_stage,
                              CASE WHEN NOT is_current THEN COALESCE(
                                  LEAD(since) OVER ladder, write_date::date)
                              END AS left_date
                         FROM partner_stage stay
                       WINDOW ladder AS (
                              PARTITION BY partner_id, company_id ORDER BY id)
                      ) stay"""
        )
