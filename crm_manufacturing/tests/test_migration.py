"""An upgrade from a version that knew neither suppliers nor promises."""

from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path
from odoo.tools.convert import convert_file

CARD = "crm_manufacturing.scorecard_supplier"
SCRIPT = "crm_manufacturing/migrations/19.0.1.1.0/post-migrate.py"
RULES = "crm_manufacturing/migrations/19.0.1.2.0/pre-migrate.py"
CARD_FIELDS = (
    "supplier_scorecard_id",
    "supplier_warn_band_id",
    "supplier_block_band_id",
)
DATA = "data/supplier_scorecard_data.xml"


@tagged("post_install", "-at_install")
class TestMigration(TransactionCase):
    def test_an_upgrade_makes_the_supplier_card_once_with_its_bands(self):
        self.env["res.company"].search([]).write(dict.fromkeys(CARD_FIELDS, False))
        self.env.ref(CARD).unlink()
        convert_file(
            self.env, "crm_manufacturing", DATA, {}, mode="update", noupdate=True
        )
        load_script(file_path(SCRIPT), "post_migrate").migrate(
            self.env.cr, "19.0.1.0.0"
        )
        card = self.env.ref(CARD)
        self.assertEqual(card.band_ids.sorted("sequence").mapped("code"), list("ABCD"))
        self.assertEqual(len(card.criterion_ids), 5)
        self.assertEqual(self.env.company.supplier_scorecard_id, card)

    def test_an_upgrade_brings_the_rules_of_access_up_to_date(self):
        rules = self.env["ir.model.data"].search(
            [("module", "=", "crm_manufacturing"), ("model", "=", "ir.rule")]
        )
        rules.noupdate = True
        self.env.flush_all()
        load_script(file_path(RULES), "pre_migrate").migrate(self.env.cr, "19.0.1.1.0")
        rules.invalidate_recordset()
        self.assertGreater(len(rules), 100)
        self.assertFalse(any(rules.mapped("noupdate")))
