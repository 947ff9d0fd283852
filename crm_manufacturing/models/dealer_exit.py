from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

CHANNEL = "crm_manufacturing.group_channel_manager"
MANAGER = "crm_manufacturing.group_manager"
OPEN_DEALS = ("submitted", "approved")


class DealerExit(models.Model):
    """How a dealer leaves: what must be done, who ticked it, and when."""

    _name = "dealer.exit"
    _description = "Exit of a Dealer"
    _order = "id desc"
    _rec_name = "dealer_id"

    dealer_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(
        [("open", "Open"), ("done", "Ended")],
        default="open",
        required=True,
        readonly=True,
    )
    reason = fields.Text(help="Why the dealer leaves.")
    item_ids = fields.One2many("dealer.exit.item", "exit_id", string="Checklist")
    is_ready = fields.Boolean(compute="_compute_is_ready")
    is_forced = fields.Boolean(string="Without the Checklist", readonly=True)
    ended_on = fields.Datetime(readonly=True)
    ended_by_id = fields.Many2one("res.users", readonly=True)

    @api.depends("item_ids.is_done")
    def _compute_is_ready(self):
        for one in self:
            one.is_ready = all(one.item_ids.mapped("is_done"))

    @api.model
    def _open(self, dealer):
        """The open checklist of a dealer; a new one where there is none."""
        # sudo: lists and their ticks are made by the buttons alone
        exits = self.sudo()
        found = exits.search(
            [("dealer_id", "=", dealer.id), ("state", "=", "open")], limit=1
        )
        return found or exits.create(
            {
                "dealer_id": dealer.id,
                "item_ids": [
                    fields.Command.create({"code": code})
                    for code, _name in self.env["dealer.exit.item"]._selection_code()
                ],
            }
        )

    def write(self, vals):
        """By hand only why he leaves, while it is open."""
        if not self.env.su and (vals.keys() - {"reason", "item_ids"}):
            raise UserError(self.env._("Checklist: use its buttons."))
        if not self.env.su and any(one.state == "done" for one in self):
            raise UserError(self.env._("Checklist: the dealer has ended already."))
        return super().write(vals)

    def _get_form(self):
        """The list in its dialog, which stays open."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("End %s", self.dealer_id.display_name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_end(self):
        """End the dealer; everything is ticked and still so (button)."""
        self._check_user(CHANNEL, MANAGER)
        self.item_ids._check_done()
        return self._end()

    def action_force(self):
        """End him without the checklist, for a reason (button)."""
        self._check_user(MANAGER)
        return self._end(is_forced=True)

    def _check_user(self, *groups):
        self.check_access("write")
        if not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(self.env._("Stage: you may not end dealers."))

    def _end(self, is_forced=False):
        for one in self:
            if one.state == "done":
                raise UserError(self.env._("Checklist: the dealer has ended already."))
            if not (one.reason or "").strip():
                raise UserError(self.env._("Reason: say why the dealer leaves."))
        # sudo: the stage ends by this list alone, which may end it
        ended = self.sudo()
        ended.dealer_id.write({"dealer_stage": "ended"})
        ended.write(
            {
                "state": "done",
                "is_forced": is_forced,
                "ended_on": fields.Datetime.now(),
                "ended_by_id": self.env.uid,
            }
        )
        for one in ended:
            one.dealer_id._message_log(
                body=self.env["ir.qweb"]._render(
                    "crm_manufacturing.dealer_exit_note",
                    {
                        "reason": one.reason,
                        "is_forced": is_forced,
                        "ticks": [item._get_tick() for item in one.item_ids],
                    },
                )
            )
        return {"type": "ir.actions.act_window_close"}


class DealerExitItem(models.Model):
    """One thing to do before a dealer leaves.

    An item is a code in :meth:`DealerExitItem._selection_code`; ``_get_open_<code>``
    returns a sentence while something is left to do, and ``_settle_<code>`` does it,
    where that can be done from here. Both are optional: without them a person judges.
    """

    _name = "dealer.exit.item"
    _description = "Item of a Dealer's Exit"
    _order = "exit_id, id"
    _rec_name = "code"

    exit_id = fields.Many2one(
        "dealer.exit", required=True, index=True, readonly=True, ondelete="cascade"
    )
    code = fields.Selection(
        lambda self: self._selection_code(),
        string="To Do",
        required=True,
        readonly=True,
    )
    status = fields.Char(compute="_compute_status")
    can_settle = fields.Boolean(compute="_compute_status")
    note = fields.Char(string="What Was Agreed")
    is_done = fields.Boolean(string="Done", readonly=True)
    done_on = fields.Datetime(readonly=True)
    done_by_id = fields.Many2one("res.users", string="Ticked By", readonly=True)

    @api.model
    def _selection_code(self):
        """``[(code, label)]`` in the order shown. A room that gives dealers something
        else to hand back adds its own."""
        return [
            ("registrations", self.env._("Open registrations returned")),
            ("stock", self.env._("Buy-back of the stock agreed")),
            ("access", self.env._("Portal access off")),
        ]

    def _compute_status(self):
        for item in self:
            item.status = item._get_open()
            settle = hasattr(item, f"_settle_{item.code}")
            item.can_settle = bool(item.status) and settle

    def _get_open(self):
        """What is left to do, as a sentence; empty: nothing, as far as we can see."""
        look = getattr(self, f"_get_open_{self.code}", None)
        return look() if look else ""

    def write(self, vals):
        """By hand only what was agreed, until it is ticked."""
        if not self.env.su and (vals.keys() - {"note"}):
            raise UserError(self.env._("Checklist: use its buttons."))
        if not self.env.su and any(item.is_done for item in self):
            raise UserError(self.env._("What Was Agreed: it is ticked already."))
        return super().write(vals)

    def action_tick(self):
        """It is done (button)."""
        self._check_open()
        for item in self:
            status = item._get_open()
            if status and item.code != "stock":
                raise UserError(status)
            if item.code == "stock" and not (item.note or "").strip():
                raise UserError(
                    self.env._("What Was Agreed: say what happens to the stock.")
                )
        # sudo: ticks are written by the buttons alone
        self.sudo().write(
            {
                "is_done": True,
                "done_on": fields.Datetime.now(),
                "done_by_id": self.env.uid,
            }
        )
        return self.exit_id._get_form()

    def action_undo(self):
        """It is not done after all (button)."""
        self._check_open()
        # sudo: ticks are written by the buttons alone
        self.sudo().write({"is_done": False, "done_on": False, "done_by_id": False})
        return self.exit_id._get_form()

    def action_settle(self):
        """Do it from here, and tick it (button)."""
        self._check_open()
        for item in self:
            settle = getattr(item, f"_settle_{item.code}", None)
            if settle:
                settle()
        return self.action_tick()

    def _check_open(self):
        self.exit_id._check_user(CHANNEL, MANAGER)
        if any(item.exit_id.state == "done" for item in self):
            raise UserError(self.env._("Checklist: the dealer has ended already."))

    def _check_done(self):
        """Everything is ticked, and what we can see is still so."""
        names = dict(self._selection_code())
        for item in self:
            if not item.is_done:
                raise UserError(
                    self.env._("Checklist: %(item)s.", item=names[item.code])
                )
            status = item.code != "stock" and item._get_open()
            if status:
                raise UserError(status)

    def _get_tick(self):
        """``{name, is_done, by, on, note}`` for the dealer's log."""
        return {
            "name": dict(self._selection_code())[self.code],
            "is_done": self.is_done,
            "by": self.done_by_id.name,
            "on": self.done_on
            and fields.Datetime.context_timestamp(self, self.done_on),
            "note": self.note,
        }

    # ------------------------------------------------------------------
    # The items
    # ------------------------------------------------------------------

    def _get_open_registrations(self):
        # sudo: the deals of the dealer the list is about, whoever answers them
        deals = self.env["dealer.registration"].sudo()
        open_ones = deals.search(
            [
                ("dealer_id", "=", self.exit_id.dealer_id.id),
                ("state", "in", OPEN_DEALS),
            ]
        )
        return bool(open_ones) and self.env._(
            "Open registrations: %s.", ", ".join(open_ones.mapped("name"))
        )

    def _settle_registrations(self):
        self.exit_id.dealer_id._end_registrations()

    def _get_open_stock(self):
        """What the dealer reported last."""
        # sudo: the figures of the dealer the list is about
        reports = self.env["dealer.stock.report"].sudo()
        last = reports.search(
            [
                ("dealer_id", "=", self.exit_id.dealer_id.id),
                ("is_current", "=", True),
                ("state", "!=", "draft"),
            ],
            order="period desc",
            limit=1,
        )
        kept = last.line_ids.filtered("closing_qty")
        return bool(kept) and self.env._(
            "In stock at the end of %(month)s: %(quantity)s of %(count)s products.",
            month=last.period.strftime("%Y-%m"),
            quantity=f"{sum(kept.mapped('closing_qty')):g}",
            count=len(kept.product_id),
        )

    def _get_open_access(self):
        users = self.exit_id.dealer_id._get_portal_users()
        return bool(users) and self.env._(
            "Portal access: %s.", ", ".join(users.mapped("name"))
        )

    def _settle_access(self):
        dealer = self.exit_id.dealer_id
        access = self.env["dealer.access"].create({"dealer_id": dealer.id})
        access.line_ids.filtered("is_portal").action_revoke()


class ResPartner(models.Model):
    # a file is a room's piece
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    def action_end_dealer(self):
        """The checklist of a dealer who leaves (button)."""
        self.ensure_one()
        self.check_access("read")
        user = self.env.user
        if not (user.has_group(CHANNEL) or user.has_group(MANAGER)):
            raise AccessError(self.env._("Stage: you may not end dealers."))
        dealer = self.commercial_partner_id
        if dealer.dealer_stage in (False, "ended"):
            raise UserError(
                self.env._("Stage: %s is no dealer now.", dealer.display_name)
            )
        exit_list = self.env["dealer.exit"]._open(dealer).with_env(self.env)
        return exit_list._get_form()

    def action_dealer_access(self):
        """Who of the dealer may use the portal (button)."""
        self.ensure_one()
        dealer = self.commercial_partner_id
        access = self.env["dealer.access"].create({"dealer_id": dealer.id})
        return access._get_form()
