from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize

from ..models.dealer_exit import CHANNEL, MANAGER


class DealerAccess(models.TransientModel):
    """Who of a dealer may use the portal: invite and revoke.

    The host's own way to give portal access does the work; here are the people of one
    dealer, also for who looks after dealers without managing contacts.
    """

    _name = "dealer.access"
    _description = "Portal Access of a Dealer"

    dealer_id = fields.Many2one("res.partner", required=True, readonly=True)
    line_ids = fields.One2many(
        "dealer.access.line",
        "access_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    new_name = fields.Char(string="Name")
    new_email = fields.Char(string="Email")
    message = fields.Text(
        string="Invitation Message", help="Put into the mail of the invitation."
    )

    @api.depends("dealer_id")
    def _compute_line_ids(self):
        # sudo: the firm's people are shown to who looks after it
        contacts = self.env["res.partner"].sudo()
        for access in self:
            people = contacts.search(
                [
                    ("commercial_partner_id", "=", access.dealer_id.id),
                    ("type", "in", ("contact", "other")),
                    "|",
                    ("is_company", "=", False),
                    ("id", "=", access.dealer_id.id),
                ]
            )
            access.line_ids = [
                fields.Command.create({"partner_id": person.id, "email": person.email})
                for person in people
            ]

    @api.model_create_multi
    def create(self, vals_list):
        self._check_user()
        records = super().create(vals_list)
        for access in records:
            dealer = access.dealer_id
            dealer.check_access("read")
            if not dealer.dealer_stage or dealer.commercial_partner_id != dealer:
                raise UserError(
                    self.env._("Portal Access: %s is no dealer.", dealer.display_name)
                )
        return records

    def write(self, vals):
        """The dialog is about one dealer, and stays so."""
        if "dealer_id" in vals:
            raise UserError(self.env._("Portal Access: open it from the dealer."))
        return super().write(vals)

    @api.model
    def _check_user(self):
        user = self.env.user
        if not (user.has_group(CHANNEL) or user.has_group(MANAGER)):
            raise AccessError(self.env._("Portal Access: channel managers give it."))

    def action_invite_new(self):
        """Add the person to the firm and invite him (button)."""
        self.ensure_one()
        self._check_user()
        name, email = (self.new_name or "").strip(), email_normalize(self.new_email)
        if not name:
            raise UserError(self.env._("Name: say who is invited."))
        if not email:
            raise UserError(self.env._("Email: enter the person's mail address."))
        # sudo: who looks after dealers need not manage contacts
        person = (
            self.env["res.partner"]
            .sudo()
            .create({"name": name, "email": email, "parent_id": self.dealer_id.id})
        )
        line = self.env["dealer.access.line"].create(
            {"access_id": self.id, "partner_id": person.id, "email": email}
        )
        self.write({"new_name": False, "new_email": False})
        return line.action_invite()

    def _get_form(self):
        """The dialog, which stays open."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Portal Access of %s", self.dealer_id.display_name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class DealerAccessLine(models.TransientModel):
    """One person of the dealer."""

    _name = "dealer.access.line"
    _description = "Person of a Dealer"
    _order = "id"

    access_id = fields.Many2one(
        "dealer.access", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, readonly=True, ondelete="cascade"
    )
    email = fields.Char()
    is_portal = fields.Boolean(compute="_compute_user", compute_sudo=True)
    login_date = fields.Datetime(
        string="Last Seen", compute="_compute_user", compute_sudo=True
    )

    @api.depends("partner_id")
    def _compute_user(self):
        for line in self:
            users = line.partner_id.user_ids
            line.is_portal = bool(users) and users[:1]._is_portal()
            line.login_date = users[:1].login_date

    def action_invite(self):
        """Give access and send the invitation (button)."""
        for line in self:
            line._check_person()
            if not line.access_id.dealer_id._get_portal_dealer():
                raise UserError(
                    self.env._(
                        "Stage: %s has no contract; the portal is for dealers who "
                        "have one.",
                        line.access_id.dealer_id.display_name,
                    )
                )
            line._get_host_line().action_grant_access()
        return self._refresh()

    def action_invite_again(self):
        """Send the invitation once more (button)."""
        for line in self:
            line._check_person()
            line._get_host_line().action_invite_again()
        return self._refresh()

    def action_revoke(self):
        """Take the access away; who is logged in is out at once (button)."""
        for line in self:
            line._check_person()
            line._get_host_line().action_revoke_access()
        return self._refresh()

    def _check_person(self):
        """Rights are given by people who may, to people of that dealer alone."""
        self.access_id._check_user()
        # sudo: the firm of a person need not be readable to be compared
        if self.sudo().partner_id.commercial_partner_id != self.access_id.dealer_id:
            raise AccessError(self.env._("Person: he does not belong to the dealer."))

    def _get_host_line(self):
        """The host's line about the person, which does the work.

        In superuser mode: who looks after dealers need not manage contacts or users.
        """
        host = self.env["portal.wizard"].sudo()
        wizard = host.create(
            {
                "partner_ids": [fields.Command.set(self.partner_id.ids)],
                "welcome_message": self.access_id.message,
            }
        )
        wizard.user_ids.email = self.email
        return wizard.user_ids

    def _refresh(self):
        self.invalidate_recordset(["is_portal", "login_date"])
        return self.access_id[:1]._get_form()
