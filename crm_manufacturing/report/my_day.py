from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.day import get_clock

WORK_STATES = ("overdue", "due", "soon", "planned")
MERGE_DAYS = 14
MOST_LINES = 200
CHASE_DAYS = 3
# columns of an order's customer, and the joins of the order ``so`` that have them
CUSTOMER = SQL(
    """customer.id AS partner_id, customer.complete_name AS partner, customer.phone,
       customer.city, person.name AS "user", band.code AS tier, band.color"""
)
CUSTOMER_JOINS = SQL(
    """JOIN res_partner contact ON contact.id = so.partner_id
       JOIN res_partner customer ON customer.id = contact.commercial_partner_id
       JOIN res_company company ON company.id = so.company_id
  LEFT JOIN res_users usr ON usr.id = so.user_id
  LEFT JOIN res_partner person ON person.id = usr.partner_id
  LEFT JOIN partner_score score ON score.partner_id = customer.id
            AND score.is_current AND score.company_id = so.company_id
            AND score.scorecard_id = company.pyramid_scorecard_id
  LEFT JOIN partner_scorecard_band band ON band.id = score.effective_band_id"""
)


class MyDay(models.AbstractModel):
    """What a salesperson does today, in one list.

    A section is a code in :meth:`_my_day_sections` and a method
    ``_my_day_section_<code>(users)`` that returns lines: dicts with ``key``,
    ``section``, ``res_model``, ``res_id``, ``partner_id``, ``partner``, ``tier``,
    ``color``, ``date``, ``reason``, ``phone`` and what the section's buttons need. It
    reads as the user, in one query; ``users`` None is everybody he may see. An addon
    adds a section by extending both.
    """

    _name = "my.day"
    _description = "My Day"

    @api.model
    def _my_day_sections(self):
        """``[(code, label)]`` in the order shown."""
        return [
            ("overdue", self.env._("Overdue")),
            ("due", self.env._("Due")),
            ("quotation", self.env._("Quotations to chase")),
            ("soon", self.env._("Soon")),
            ("planned", self.env._("Planned")),
        ]

    @api.model
    def _get_loaders(self):
        """Names of the methods that fill the sections, one query each."""
        return ["_load_touches", "_load_quotations"]

    @api.model
    @api.readonly
    def get_my_day(self, scope="mine"):
        """``{today, sections: [{code, name, lines}], more}`` for ``mine`` or ``team``.

        Own or all by the host's rules; empty sections are left out.
        """
        self.env["partner.touchpoint"].check_access("read")
        self.env.flush_all()
        today = self._read_today()
        users = None if scope == "team" else [self.env.uid]
        lines = []
        for loader in self._get_loaders():
            lines += getattr(self, loader)(users, today)
        return {
            "today": today,
            "days": [today + timedelta(days=days) for days in range(10)],
            "more": sum(line.get("count", 0) for line in lines) >= MOST_LINES,
            "sections": [
                {"code": code, "name": name, "lines": found}
                for code, name in self._my_day_sections()
                if (found := [line for line in lines if line["section"] == code])
            ],
        }

    @api.model
    def _read_today(self):
        """The company's day in one query; read record by record it takes three."""
        zones = self.env["res.company"]._select_zones()
        query = SQL(
            "SELECT name FROM (%s) zone WHERE company_id = %s",
            zones,
            self.env.company.id,
        )
        ((zone,),) = self.env.execute_query(query)
        return get_clock(fields.Datetime.now(), zone).date()

    # ------------------------------------------------------------------
    # Touches
    # ------------------------------------------------------------------

    @api.model
    def _load_touches(self, users, today):
        """The touchpoints to work on; those of a customer within 14 days are one."""
        domain = Domain("is_open", "=", True) & Domain("state", "in", WORK_STATES)
        domain &= Domain("company_id", "=", self.env.company.id)
        # snoozed, and not reached, is out of sight until its day
        for name in ("snooze_until", "retry_date"):
            domain &= Domain(name, "=", False) | Domain(name, "<=", today)
        if users is not None:
            domain &= Domain("user_id", "in", users)
        rows = self._read_touches(domain)
        return self._merge_lines([self._get_touch_line(row) for row in rows], today)

    @api.model
    def _read_touches(self, domain):
        """One dict per touchpoint with all that its line shows, in one query.

        Those shown are chosen before anything is read that they show.
        """
        rank = self.env["partner.touchpoint.touch"]._get_rank(SQL("kind.touch_kind"))
        lang = self.env.lang or "en_US"
        return self.env.execute_query_dict(
            SQL(
                """SELECT point.id, point.partner_id, point.state, point.due_date,
                      point.is_late, point.last_touch_date, point.anchor_date,
                      point.attempt_count, point.retry_date, rule.anchor,
                      partner.complete_name AS partner, partner.phone, partner.city,
                      COALESCE(rule.name ->> %(lang)s, rule.name ->> 'en_US') AS rule,
                      COALESCE(kind.name ->> %(lang)s, kind.name ->> 'en_US') AS touch,
                      kind.icon, %(rank)s AS rank, point.tier, point.color,
                      point.place, person.name AS "user",
                      COALESCE(event.start, visit.date) AS planned_at
                 FROM (%(first)s) point
                 JOIN partner_cadence rule ON rule.id = point.cadence_id
                 JOIN mail_activity_type kind ON kind.id = point.activity_type_id
                 JOIN res_partner partner ON partner.id = point.partner_id
            LEFT JOIN res_users usr ON usr.id = point.user_id
            LEFT JOIN res_partner person ON person.id = usr.partner_id
            LEFT JOIN calendar_event event ON event.id = point.event_id
            LEFT JOIN crm_visit visit ON visit.id = point.visit_id
             ORDER BY point.is_late DESC, point.place NULLS LAST, point.due_date,
                      point.id""",
                lang=lang,
                rank=rank,
                first=self._select_first(domain),
            )
        )

    @api.model
    def _select_first(self, domain):
        """SELECT of the most urgent touchpoints and their tiers, as the user."""
        query = self.env["partner.touchpoint"]._search(domain)
        point = SQL.identifier(query.table)
        band = SQL.identifier(
            query.left_join(
                query.table, "band_id", "partner_scorecard_band", "id", "band_id"
            )
        )
        query.order = SQL(
            """%(point)s.is_late DESC, %(band)s.sequence NULLS LAST, %(point)s.due_date,
               %(point)s.id""",
            point=point,
            band=band,
        )
        query.limit = MOST_LINES
        return query.select(
            SQL("%s.*", point),
            SQL("%(band)s.code AS tier, %(band)s.color", band=band),
            SQL("%s.sequence AS place", band),
        )

    @api.model
    def _get_touch_line(self, row):
        return {
            **row,
            "key": f"touch-{row['id']}",
            "section": row["state"],
            "res_model": "partner.touchpoint",
            "res_id": row["id"],
            "date": row["due_date"],
            "reason": self._get_reason(row),
            "also": [],
            "count": 1,
            "planned_day": self._get_planned_day(row),
        }

    @api.model
    def _get_planned_day(self, row):
        """The user's day of the meeting or visit booked; False where none is known."""
        if row["state"] != "planned" or not row["planned_at"]:
            return False
        return fields.Datetime.context_timestamp(self, row["planned_at"]).date()

    @api.model
    def _get_reason(self, row):
        """Why now: the one thing to know before dialling."""
        if row["attempt_count"]:
            return self.env._(
                "%(rule)s, not reached (attempts: %(count)s)",
                rule=row["rule"],
                count=row["attempt_count"],
            )
        if row["anchor"] == "last_contact" and not row["anchor_date"]:
            return self.env._("%s, none so far", row["rule"])
        return row["rule"]

    @api.model
    def _merge_lines(self, lines, today):
        """A customer's dues within 14 days as one line: the highest touch leads, in the
        section of the most urgent. All that is past is due today: one call settles it.
        """
        merged = []
        heads = {}
        for line in sorted(lines, key=lambda one: (-one["rank"], one["due_date"])):
            line["day"] = max(line["due_date"], today)
            head = next(
                (
                    head
                    for head in heads.get(line["partner_id"], [])
                    if abs((head["day"] - line["day"]).days) <= MERGE_DAYS
                ),
                None,
            )
            if head is None:
                heads.setdefault(line["partner_id"], []).append(line)
                merged.append(line)
            else:
                self._join_lines(head, line)
        return sorted(
            merged, key=lambda one: (one["place"] is None, one["place"], one["date"])
        )

    @api.model
    def _join_lines(self, head, line):
        """``line`` stands behind ``head``, which takes the place of the more urgent."""
        head["count"] += 1
        if line["rule"] not in (head["rule"], *head["also"]):
            head["also"].append(line["rule"])
        places = [WORK_STATES.index(one["section"]) for one in (line, head)]
        if (places[0], line["date"]) < (places[1], head["date"]):
            for name in ("section", "date", "is_late"):
                head[name] = line[name]

    # ------------------------------------------------------------------
    # Quotations
    # ------------------------------------------------------------------

    @api.model
    def _load_quotations(self, users, today):
        """Quotations sent three days ago or earlier that wait for an answer."""
        domain = Domain("state", "=", "sent") & Domain(
            "company_id", "=", self.env.company.id
        )
        domain &= Domain(
            "quotation_sent_date", "<=", today - timedelta(days=CHASE_DAYS)
        )
        if users is not None:
            domain &= Domain("user_id", "in", users)
        query = self.env["sale.order"]._search(domain, limit=50, order="date_order")
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT so.id, so.name, so.quotation_sent_date, so.validity_date,
                      so.amount_total, currency.name AS currency, %(customer)s
                 FROM sale_order so
                 JOIN res_currency currency ON currency.id = so.currency_id
                      %(joins)s
                WHERE so.id IN %(orders)s
             ORDER BY so.validity_date, so.quotation_sent_date""",
                customer=CUSTOMER,
                joins=CUSTOMER_JOINS,
                orders=query.subselect(),
            )
        )
        return [self._get_quotation_line(row) for row in rows]

    @api.model
    def _get_quotation_line(self, row):
        reason = self.env._(
            "%(amount)s %(currency)s, no answer yet",
            amount=f"{row['amount_total']:,.0f}",
            currency=row["currency"],
        )
        line = self._get_order_line(row, "quotation", reason)
        return {**line, "date": row["quotation_sent_date"], "icon": "fa-file-text-o"}

    @api.model
    def _get_order_line(self, row, section, reason):
        """What lines of orders have in common; ``row`` selects :data:`CUSTOMER`."""
        return {
            **row,
            "key": f"{section}-{row['id']}",
            "section": section,
            "res_model": "sale.order",
            "res_id": row["id"],
            "touch": row["name"],
            "reason": reason,
            "last_touch_date": False,
            "also": [],
        }
