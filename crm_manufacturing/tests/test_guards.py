"""Guards over the whole addon; each fails when something new was not thought of."""

from lxml import etree
from psycopg2 import Error

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

ADDON = "crm_manufacturing"

# what a browser may call by RPC, beside what the ORM exposes itself
PUBLIC_METHODS = {
    "mrp.production": {"action_affected_customers"},
    "order.requirement.line.mixin": {"action_requirement"},
    "order.trace": {"get_journey", "get_order_sentence"},
    "order.trace.affected": {"action_open_order"},
    "order.trace.line.mixin": {
        "action_customer_informed",
        "action_new_date_accepted",
        "action_open_order",
        "action_orders_at_risk",
    },
    "order.trace.order.mixin": {
        "action_customer_informed",
        "action_new_date_accepted",
        "action_trace_lines",
    },
    "order.trace.supply.mixin": {"action_affected_customers"},
    "calendar.event": {"action_open_visit"},
    "crm.competitor": {"action_open_notes"},
    "crm.lead": {
        "action_log_call",
        "action_offer_to_dealers",
        "action_open_dealer_registrations",
        "action_open_visits",
    },
    "crm.visit": {
        "action_add_to_calendar",
        "action_ask_satisfaction",
        "action_cancel",
        "action_create_lead",
        "action_done",
        "action_not_reached",
        "action_open_event",
        "action_print_brief",
        "action_reopen",
        "get_brief",
        "get_overview",
    },
    "crm.visit.feedback": {"action_answer", "action_write_mail"},
    "crm.visit.note": {
        "action_open_activity",
        "action_open_competitor_note",
        "action_open_feedback",
        "action_open_lead",
    },
    "crm.visit.quick.log": {"action_log"},
    "crm.visit.satisfaction": {"action_answer", "action_send_mail"},
    "crm.visit.trip": {"action_plan"},
    "customer.credit.release": {"action_close"},
    "dealer.offer": {
        "action_accept",
        "action_decline",
        "action_open_lead",
        "action_take_back",
    },
    "dealer.channel.report": {"action_open_registrations"},
    "dealer.our.part": {"action_leave_out"},
    "dealer.registration": {
        "action_approve",
        "action_check",
        "action_extend",
        "action_open_lead",
        "action_reject",
        "action_return",
        "action_submit",
    },
    "dealer.access": {"action_invite_new"},
    "dealer.access.line": {"action_invite", "action_invite_again", "action_revoke"},
    "dealer.exit": {"action_end", "action_force"},
    "dealer.exit.item": {"action_settle", "action_tick", "action_undo"},
    "dealer.territory.spot": {"action_open_customers", "action_open_leads"},
    "dealer.stock.month": {"action_report"},
    "dealer.stock.report": {
        "action_accept",
        "action_as_calculated",
        "action_correct",
        "action_propose",
        "action_submit",
    },
    "customer.credit.report": {"action_open_items"},
    "my.day": {"get_my_day"},
    "partner.cadence": {"action_open_touchpoints"},
    "partner.cadence.activation": {"action_activate"},
    "partner.score": {
        "action_accept_grade",
        "action_open_our_part",
        "action_open_documents",
        "action_open_history",
        "action_override",
        "get_why",
    },
    "partner.score.movement": {"get_cell_action", "get_matrix"},
    "partner.score.override.wizard": {"action_apply"},
    "partner.scorecard": {
        "action_open_scores",
        "action_recompute",
        "get_pyramid",
    },
    "partner.stage": {"get_stage_action"},
    "product.product": {"action_affected_customers"},
    "product.template": {"action_affected_customers"},
    "sale.order": {
        "action_ask_satisfaction",
        "action_customer_informed",
        "action_new_date_accepted",
        "action_release_credit",
        "action_trace_lines",
    },
    "purchase.order": {
        "action_affected_customers",
        "action_open_supplier_receipts",
        "action_vendor_confirmed",
    },
    "purchase.order.line": {"action_affected_customers"},
    "sale.order.line": {
        "action_customer_informed",
        "action_new_date_accepted",
        "action_open_order",
        "action_orders_at_risk",
        "action_requirement",
    },
    "stock.move": {"action_affected_customers"},
    "partner.touchpoint": {
        "action_done",
        "action_log_call",
        "action_not_reached",
        "action_open_document",
        "action_open_partner",
        "action_open_visit",
        "action_plan",
        "action_plan_trip",
        "action_skip",
        "action_snooze",
    },
    "partner.touchpoint.compliance": {"action_open_touchpoint"},
    "partner.touchpoint.snooze": {"action_apply"},
    "res.partner": {
        "action_dealer_access",
        "action_end_dealer",
        "action_log_call",
        "action_open_dealer",
        "action_open_dealer_offers",
        "action_open_dealer_registrations",
        "action_open_dealer_reports",
        "action_open_dealer_territories",
        "action_open_deliveries",
        "action_open_scores",
        "action_open_supplier_receipts",
        "action_open_touchpoints",
        "action_open_visits",
        "action_override_tier",
        "action_plan_trip",
    },
    "supplier.bill.due": {"action_open_bills"},
    "supplier.mirror": {"get_mirror", "get_mirror_action"},
    "supplier.mirror.print": {"action_print"},
    "supplier.material.plan": {
        "action_open_lines",
        "action_refresh",
        "get_send_preview",
        "get_send_results",
        "send_some",
    },
    "supplier.material.plan.line": {"action_open_needs"},
}

ROLES = {
    "portal": "base.group_portal",
    "employee": "base.group_user",
    "planner": "mrp.group_mrp_user",
    "buyer": "purchase.group_purchase_user",
    "rep": "sales_team.group_sale_salesman",
    "rep_all": "sales_team.group_sale_salesman_all_leads",
    "channel": f"{ADDON}.group_channel_manager",
    "manager": f"{ADDON}.group_manager",
}
SALES = ("rep", "rep_all", "channel", "manager")
READ = {role: "r" for role in SALES}
OWN = dict.fromkeys(SALES, "rwcu")
KEEP = dict.fromkeys(SALES, "rwc")
# suppliers' ratings are buyers' rows, by rule
RATED = READ | {"buyer": "r"}
PURCHASE = {"buyer": "r"}

# model: {role: what it may do of (r)ead (w)rite (c)reate (u)nlink}
CHANNEL = ("channel", "manager")
ACCESS = {
    "dealer.channel.report": dict.fromkeys(CHANNEL, "r"),
    "dealer.follow.up": dict.fromkeys(CHANNEL, "r"),
    "dealer.month.exclusion": dict.fromkeys(CHANNEL, "rcu"),
    "dealer.offer": READ | dict.fromkeys(CHANNEL, "rw"),
    "dealer.our.part": dict.fromkeys(CHANNEL, "r"),
    "dealer.sell.through": dict.fromkeys(CHANNEL, "r"),
    "dealer.stock.month": dict.fromkeys(CHANNEL, "r"),
    "dealer.stock.report": dict.fromkeys(CHANNEL, "rwcu"),
    "dealer.stock.report.line": dict.fromkeys(CHANNEL, "rwcu"),
    "dealer.stock.sale": dict.fromkeys(CHANNEL, "rwcu"),
    "dealer.target": dict.fromkeys(CHANNEL, "rwcu"),
    # keys of end customers are the engine's
    "dealer.end.key": {},
    # the portal's own, by rule; see test_dealer_portal_deals
    "dealer.registration": READ | dict.fromkeys(CHANNEL, "rwcu") | {"portal": "r"},
    "dealer.access": dict.fromkeys(CHANNEL, "rwcu"),
    "dealer.access.line": dict.fromkeys(CHANNEL, "rwcu"),
    "dealer.entry.criterion": {"channel": "r", "manager": "rwcu"},
    "dealer.exit": dict.fromkeys(CHANNEL, "rw"),
    "dealer.exit.item": dict.fromkeys(CHANNEL, "rw"),
    "dealer.territory": READ | dict.fromkeys(CHANNEL, "rwcu"),
    "dealer.territory.spot": dict.fromkeys(CHANNEL, "r"),
    # accounting reads the report and releases; see test_customer_credit
    "customer.credit.release": READ,
    "customer.credit.report": {},
    "customer.delivery.report": READ,
    "delivery.promise.change": READ | {"buyer": "r"},
    "order.requirement.check": {"planner": "r"},
    # who may only make ticks; a guard on the fields keeps the rest
    "order.requirement.check.item": READ | {"planner": "rw"},
    # the salesperson may choose a number; a guard on the fields keeps the rest
    "order.serial.reservation": dict.fromkeys(SALES, "rw") | {"planner": "r"},
    # rows made for who asks, and seen by nobody else
    "order.trace.affected": dict.fromkeys(set(ROLES) - {"portal"}, "r"),
    "order.trace.alert": READ,
    "crm.competitor": dict.fromkeys(SALES, "rc") | {"manager": "rwcu"},
    "crm.competitor.note": KEEP | {"manager": "rwcu"},
    "crm.visit": KEEP | {"manager": "rwcu"},
    "crm.visit.contact": OWN,
    "crm.visit.feedback": KEEP | {"manager": "rwcu", "planner": "rw"},
    "crm.visit.note": OWN,
    "crm.visit.quick.log": OWN,
    "crm.visit.satisfaction": KEEP | {"manager": "rwcu"},
    "crm.visit.trip": OWN,
    "crm.visit.trip.line": OWN,
    "partner.potential": KEEP | {"manager": "rwcu"},
    "partner.potential.share": READ,
    "partner.cadence": READ | {"manager": "rwcu"},
    "partner.cadence.activation": {"manager": "rwcu"},
    "partner.cadence.activation.line": {"manager": "rwcu"},
    "partner.cadence.holiday": READ | {"manager": "rwcu"},
    "partner.score": RATED | {"manager": "rwc"},
    "partner.score.dirty": {},
    "partner.score.override": RATED,
    "partner.score.override.wizard": {"manager": "rwcu"},
    "partner.score.report": RATED,
    "partner.scorecard": RATED | {"manager": "rwcu"},
    "partner.scorecard.band": dict.fromkeys(set(ROLES) - {"portal"}, "r")
    | {"manager": "rwcu"},
    "partner.scorecard.criterion": RATED | {"manager": "rwcu"},
    "partner.stage": READ,
    "partner.touchpoint": dict.fromkeys(SALES, "rw"),
    "partner.touchpoint.compliance": READ,
    "partner.touchpoint.snooze": dict.fromkeys(SALES, "rwcu"),
    "partner.touchpoint.touch": READ,
    "partner.stage.passage": READ,
    "partner.stage.region": READ,
    "supplier.bill.due": PURCHASE,
    "supplier.judgement": {"buyer": "rc", "manager": "r"},
    "supplier.mirror.print": {"buyer": "rwcu"},
    "supplier.payment.report": PURCHASE,
    "supplier.receipt.report": PURCHASE,
    "supplier.material.plan": {"buyer": "r"},
    "supplier.material.plan.line": {"buyer": "r"},
    "supplier.material.plan.need": {"buyer": "r"},
}
# what a method takes beside its records
ARGUMENTS = {
    "action_open_documents": ["invoiced_revenue"],
    "get_journey": [0],
    "get_order_sentence": [0],
    "get_cell_action": [0, "2026-01-01", "2026-02-01", 0, 0],
    "get_send_results": [[]],
    "get_stage_action": ["new"],
    "get_overview": [0],
    "get_mirror": [0],
    "get_mirror_action": [0, "late"],
    "get_why": [0],
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestGuards(TransactionCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, login=f"guard_{role}", groups=group)
            for role, group in ROLES.items()
        }

    def _own_models(self):
        """Models this addon brings, without registries and mixins."""
        return [
            model
            for model in self.env.values()
            if model._original_module == ADDON and not model._abstract
        ]

    def test_public_methods_are_the_reviewed_ones(self):
        found = {
            model._name: names
            for model in self.env.values()
            if (names := self._public_methods(type(model).__mro__))
        }
        self.assertEqual(found, PUBLIC_METHODS)

    def _public_methods(self, classes):
        """Names our classes bring to a model, what the host has already left out."""
        ours = [cls for cls in classes if getattr(cls, "_module", None) == ADDON]
        host = {name for cls in classes if cls not in ours for name in vars(cls)}
        return {
            name
            for cls in ours
            for name, attribute in vars(cls).items()
            if callable(attribute)
            and not name.startswith("_")
            and name not in host
            and not getattr(attribute, "_api_private", False)
        }

    def test_each_role_may_do_what_the_table_says(self):
        models = {model._name: model for model in self._own_models()}
        self.assertEqual(sorted(models), sorted(ACCESS))
        for name, allowed in ACCESS.items():
            for role, user in self.users.items():
                record = models[name].with_user(user)
                may = "".join(
                    letter for letter, op in OPERATIONS.items() if record.has_access(op)
                )
                self.assertEqual(may, allowed.get(role, ""), f"{name} for {role}")

    def test_who_may_not_read_a_field_learns_nothing_by_searching_it(self):
        """The host asks for the groups of a field when it is read, not always else."""
        told = [
            f"{model._name}.{field.name} to {role}: {way}"
            for role in ("portal", "employee", "buyer")
            for model, field in self._hidden_fields(self.users[role])
            for way, ask in self._oracles(model, field.name).items()
            if self._answers(ask)
        ]
        self.assertEqual(told, [])

    def _answers(self, ask):
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                ask()
        except (UserError, ValueError, NotImplementedError, Error):
            return False  # an unknown column, or a wrong type, tells nothing either
        return True

    def _hidden_fields(self, user):
        """Fields of ours on models the user reads, that he may not read."""
        for model in self.env.values():
            model = model.with_user(user)
            if model._abstract or model._transient or not model.has_access("read"):
                continue
            if model._search([]).is_empty():
                continue  # a rule hides whatever there is, and no field is asked for
            for field in model._fields.values():
                ours = set(field._modules or ()) == {ADDON}
                if ours and not model._has_field_access(field, "read"):
                    yield model, field

    def _oracles(self, model, name):
        return {
            "search": lambda: model.search([(name, "in", [1])]),
            "group": lambda: model.formatted_read_group([], [name], ["__count"]),
            "sum": lambda: model.formatted_read_group([], [], [f"{name}:array_agg"]),
            "order": lambda: model.search([], order=name),
        }

    def test_models_of_a_company_have_a_global_rule_on_it(self):
        without = ("partner.score.dirty",)  # nobody but the system reads it
        for model in self._own_models():
            if "company_id" not in model._fields or model._transient:
                continue
            if model._name in without:
                continue
            rules = self.env["ir.rule"].search(
                [("model_id.model", "=", model._name), ("groups", "=", False)]
            )
            self.assertTrue(
                rules.filtered(lambda rule: "company_id" in rule.domain_force),
                model._name,
            )

    def test_public_methods_answer_outsiders_with_a_refusal(self):
        before = self._count_rows()
        for role in ("portal", "employee"):
            for model, names in PUBLIC_METHODS.items():
                if model.endswith(".mixin"):
                    continue  # has no records; called on the models that inherit it
                for name in names:
                    for ids in ([], [0], [2**31 - 1]):
                        records = self.env[model].with_user(self.users[role])
                        self._call(records.browse(ids), name)
        self.assertEqual(self._count_rows(), before)

    def _call(self, records, name):
        try:
            with mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_model"):
                with self.env.cr.savepoint():
                    getattr(records, name)(*ARGUMENTS.get(name, []))
        except (AccessError, UserError, MissingError, ValueError):
            return
        except Error as error:
            self.fail(f"{records}.{name}: {error!r}")

    def _count_rows(self):
        self.env.flush_all()
        return {
            model._name: self.env[model._name].sudo().search_count([])
            for model in self._own_models()
            if not model._transient
        }


@tagged("post_install", "-at_install")
class TestPhone(TransactionCase):
    """On a phone a list is cards, or its columns are out of sight."""

    def test_screens_of_the_road_have_cards(self):
        for name in (
            "crm_competitor_note_action",
            "crm_visit_action",
            "dealer_offer_action",
            "dealer_partner_action",
            "dealer_registration_action",
            "dealer_score_action",
            "dealer_stock_report_action",
            "order_trace_risk_action",
            "partner_potential_action",
            "partner_touchpoint_action",
            "supplier_material_plan_action",
            "supplier_material_plan_line_action",
        ):
            action = self.env.ref(f"{ADDON}.{name}")
            with self.subTest(action=name):
                self.assertIn("kanban", [mode for _view, mode in action.views])

    def test_lines_of_a_form_have_cards(self):
        for model in ("dealer.stock.report", "supplier.material.plan"):
            arch = etree.fromstring(self.env[model].get_view(view_type="form")["arch"])
            with self.subTest(model=model):
                self.assertTrue(arch.xpath("//field[@name='line_ids']/kanban"))
