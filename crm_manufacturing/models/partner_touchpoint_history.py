from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

STRIP_LENGTH = 12
# a touch may close several rows
MOST_ROWS = 60
BADGE = Markup(
    '<span class="badge rounded-pill text-bg-%s me-1 mb-1" title="%s">%s</span>'
)


class PartnerTouchpoint(models.Model):
    """The last touches of a contact as a strip: kept, late, skipped."""

    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "partner.touchpoint"

    @api.model
    def _get_history(self, partner):
        """Badges of the last days on which touchpoints were closed, oldest first, as
        far as the user may read them; empty Markup without any."""
        if not self.has_access("read"):
            return Markup()
        domain = Domain("partner_id", "in", partner.commercial_partner_id.ids)
        domain &= Domain("company_id", "=", self.env.company.id)
        domain &= Domain("state", "=", "done") | Domain("skip_reason", "=", "user")
        points = self.search(domain, order="done_date desc, id desc", limit=MOST_ROWS)
        days = list(points.grouped("done_date").values())[:STRIP_LENGTH]
        return Markup().join(rows._get_badge() for rows in reversed(days))

    def _get_badge(self):
        """One day's touch; as good as the worst of what it closed."""
        color = "success" if all(self.mapped("on_time")) else "warning"
        if "skipped" in self.mapped("state"):
            color = "danger"
        title = "\n".join(point._get_badge_title() for point in self)
        return BADGE % (color, title, format_date(self.env, self[0].done_date))

    def _get_badge_title(self):
        return self.env._(
            "%(rule)s, due %(due)s, %(user)s",
            rule=self.cadence_id.name,
            due=format_date(self.env, self.due_date),
            user=self.done_user_id.name or self.env._("nobody in particular"),
        )
