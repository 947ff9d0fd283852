"""Reading Odoo's log."""

from sandbox import server_log
from sandbox.cache import REPOSITORY

START = "2026-01-05 08:00:00,123 41 "


def test_a_traceback_belongs_to_the_entry_above_it():
    error = f"{START}ERROR db odoo.http: it broke\nTraceback:\n  here\n"
    log = f"{error}{START}INFO db odoo.x: on"
    first, second = server_log.parse(log)
    assert first.message == "it broke\nTraceback:\n  here"
    assert (second.level, second.logger) == ("INFO", "odoo.x")


def test_only_warnings_and_worse_are_complaints():
    log = "\n".join(
        f"{START}{level} db odoo.registry: {level.lower()}"
        for level in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
    )
    assert [entry.level for entry in server_log.complaints(log)] == [
        "WARNING",
        "ERROR",
        "CRITICAL",
    ]


def test_running_as_root_is_no_complaint():
    log = (
        f"{START}WARNING ? odoo.cli.server: Running as user 'root' is a security risk."
    )
    assert server_log.complaints(log) == []


def test_records_of_our_addons_are_ours():
    assert server_log.is_ours("odoo.addons.crm_manufacturing.models.x", "/x.py", "")
    assert server_log.is_ours("odoo.addons.test_crm_manufacturing.y", "/x.py", "")
    assert server_log.is_ours("odoo.registry", "/x.py", "crm_manufacturing: no access")
    assert server_log.is_ours("py.warnings", str(REPOSITORY / "x.py"), "")


def test_records_of_the_host_are_not_although_the_cache_bears_our_name(tmp_path):
    cache = tmp_path / ".cache" / "crm_manufacturing"
    path = f"{cache}/odoo/debian/odoo/orm/registry.py"
    message = f"{path}:12: DeprecationWarning"
    assert not server_log.is_ours("py.warnings", path, message, cache)


def test_a_page_left_before_its_worker_loaded_is_the_hosts_word():
    browser = "odoo.addons.crm_manufacturing.tests.test_x.TestX.test_tour.browser"
    worker = "Worker service failed to initialize, cannot send message."
    assert not server_log.is_ours(browser, "/x.py", worker)
    assert server_log.is_ours(browser, "/x.py", "Missing widget: order_trace_bar")
    assert server_log.is_ours(browser.removesuffix(".browser"), "/x.py", worker)
