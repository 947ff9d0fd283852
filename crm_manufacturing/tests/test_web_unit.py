from odoo.tests import no_retry, tagged

from odoo.addons.web.tests import test_js


@tagged("post_install", "-at_install")
class TestWebUnit(test_js.HOOTCommon):
    """Runs the addon's unit tests of its web components, and no others."""

    @no_retry
    def test_components(self):
        suite = self._generate_hash("@crm_manufacturing")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
