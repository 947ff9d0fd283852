"""Reading Odoo's log."""

from sandbox import server_log

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
