from odoo import api, fields, models
from odoo.tools import SQL


class DealerEndKey(models.Model):
    """One row per way to know an end customer: contact, tax number, domain, name.

    Who approves a registration writes the rows of its end customer before he looks for
    other approvals. Two who approve at once write the same row, so the database lets
    one of them pass, and the other, tried again by the host, sees what the first did.
    """

    _name = "dealer.end.key"
    _description = "Key of an End Customer"
    _log_access = False

    name = fields.Char(required=True)
    approvals = fields.Integer(help="Counts up with each approval that looked here.")

    _name_uniq = models.Constraint("UNIQUE(name)", "A key is one row.")

    @api.model
    def _get_or_create(self, names):
        """The rows of ``names``. Raises a serialization failure, on which the host
        tries again, where another transaction just made one of them."""
        known = self.search([("name", "in", list(names))])
        missing = sorted(set(names) - set(known.mapped("name")))
        if not missing:
            return known
        self.env.execute_query(
            SQL(
                """INSERT INTO dealer_end_key (name, approvals)
                   SELECT name, 0 FROM UNNEST(%s) AS name
                   ON CONFLICT (name) DO NOTHING RETURNING id""",
                missing,
            )
        )
        return self.search([("name", "in", list(names))])

    def _lock(self):
        """Write the rows in the order of their ids, so that no two wait crosswise."""
        if not self:
            return
        self.env.execute_query(
            SQL(
                """UPDATE dealer_end_key SET approvals = approvals + 1
                    WHERE id IN (SELECT id FROM dealer_end_key WHERE id IN %s
                                  ORDER BY id FOR UPDATE) RETURNING id""",
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["approvals"])
