"""The host's own records, such as stages and units, in the languages of the demo."""


def book_languages(desk):
    """Load all terms: while the addon was installed, most models were not known yet."""
    env = desk.env
    spoken = [code for code, _name in env["res.lang"].get_installed()]
    installed = env["ir.module.module"].search([("state", "=", "installed")])
    installed._update_translations([code for code in spoken if code != "en_US"])
