"""Guards over the whole addon; each fails when something new was not thought of."""

from psycopg2 import Error

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.models import BaseModel
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

ADDON = "crm_manufacturing"

# what a browser may call by RPC, beside what the ORM exposes itself
PUBLIC_METHODS = {
    "partner.score": {"action_open_documents", "action_override"},
    "partner.score.override.wizard": {"action_apply"},
    "partner.scorecard": {"action_open_scores", "action_recompute"},
    "res.partner": {"action_open_scores", "action_override_tier"},
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

# model: {role: what it may do of (r)ead (w)rite (c)reate (u)nlink}
ACCESS = {
    "partner.score": READ | {"manager": "rwc"},
    "partner.score.dirty": {},
    "partner.score.override": READ,
    "partner.score.override.wizard": {"manager": "rwcu"},
    "partner.score.report": READ,
    "partner.scorecard": READ | {"manager": "rwcu"},
    "partner.scorecard.band": dict.fromkeys(set(ROLES) - {"portal"}, "r")
    | {"manager": "rwcu"},
    "partner.scorecard.criterion": READ | {"manager": "rwcu"},
    "partner.stage": READ,
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestGuards(TransactionCase):
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
        found = {}
        for model in self.env.values():
            for cls in type(model).__mro__:
                if getattr(cls, "_module", None) != ADDON:
                    continue
                for name, attribute in vars(cls).items():
                    if (
                        callable(attribute)
                        and not name.startswith("_")
                        and not hasattr(BaseModel, name)
                        and not getattr(attribute, "_api_private", False)
                    ):
                        found.setdefault(model._name, set()).add(name)
        self.assertEqual(found, PUBLIC_METHODS)

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
                for name in names:
                    for ids in ([], [0], [2**31 - 1]):
                        self._call(
                            self.env[model].with_user(self.users[role]), ids, name
                        )
        self.assertEqual(self._count_rows(), before)

    def _call(self, model, ids, name):
        arguments = ["invoiced_revenue"] if name == "action_open_documents" else []
        try:
            with mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_model"):
                with self.env.cr.savepoint():
                    getattr(model.browse(ids), name)(*arguments)
        except (AccessError, UserError, MissingError, ValueError):
            return
        except Error as error:
            self.fail(f"{model._name}.{name}({ids}): {error!r}")

    def _count_rows(self):
        self.env.flush_all()
        return {
            model._name: self.env[model._name].sudo().search_count([])
            for model in self._own_models()
            if not model._transient
        }
