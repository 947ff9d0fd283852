from odoo import fields, models
from odoo.tools import SQL


class DealerFollowUp(models.Model):
    """One row per registration approved and per lead given that a dealer had to keep
    up with, and whether he did.

    A registration is kept up when it was decided, won or lost alike, or moved in the
    last 30 days; not when it expired. A lead given is kept up unless we had to take it
    back for want of an answer or of progress. Leads he declined, waits to answer or
    lost by our will say nothing about him.
    """

    _name = "dealer.follow.up"
    _description = "What Dealers Keep Up"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "dealer_id"

    dealer_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date(
        string="Since", readonly=True, help="Day of the approval, or of the offer."
    )
    registration_id = fields.Many2one("dealer.registration", readonly=True)
    offer_id = fields.Many2one("dealer.offer", string="Lead Given", readonly=True)
    is_kept_up = fields.Boolean(string="Kept Up", readonly=True)

    _depends = {
        "dealer.offer": ["company_id", "dealer_id", "offered_on", "state", "taken_for"],
        "dealer.registration": [
            "answered_on",
            "company_id",
            "owner_dealer_id",
            "progress_date",
            "state",
        ],
    }

    @property
    def _table_query(self):
        return self._get_query(self.env.company._get_today())

    def _get_query(self, today):
        """What there was to keep up, as of ``today``."""
        return SQL(
            "%s UNION ALL %s",
            self._select_registrations(today),
            self._select_leads(),
        )

    def _select_registrations(self, today):
        return SQL(
            """SELECT deal.id * 2::bigint AS id, deal.owner_dealer_id AS dealer_id,
                      deal.company_id, approved.day AS date, deal.id AS registration_id,
                      NULL::int AS offer_id,
                      deal.state <> 'expired' AND (deal.state <> 'approved'
                          OR GREATEST(deal.progress_date, approved.day)
                             > %s::date - 30) AS is_kept_up
                 FROM dealer_registration deal
                 JOIN res_company company ON company.id = deal.company_id
                 JOIN res_partner company_partner
                      ON company_partner.id = company.partner_id
            LEFT JOIN resource_calendar calendar
                      ON calendar.id = company.resource_calendar_id
           CROSS JOIN LATERAL (
                      SELECT (deal.answered_on AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(
                                 company_partner.tz, calendar.tz, 'UTC'))::date AS day
                      ) approved
                WHERE deal.state IN ('approved', 'expired', 'won', 'lost')
                  AND deal.answered_on IS NOT NULL""",
            today,
        )

    def _select_leads(self):
        return SQL(
            """SELECT id * 2::bigint + 1, dealer_id, company_id, offered_on, NULL::int,
                      id, state <> 'taken_back'
                 FROM dealer_offer
                WHERE state IN ('accepted', 'won', 'lost', 'taken_back')
                  AND taken_for IS DISTINCT FROM 'ours'"""
        )
