"""Find the browser for tours and pictures, and a Chinese font for it."""

import os
import shutil

from . import apt, processes
from .console import Failure, say, warn

# The names under which Odoo looks for it, in Odoo's order.
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
FONT = "fonts-wqy-zenhei"
NO_BROWSER = "Install Chromium or Google Chrome: the browser tests need it on the PATH."
FONT_SETTINGS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}</dir>
  <cachedir>{folder}/fontconfig</cachedir>
</fontconfig>
"""


def find():
    """Return the path of the browser, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def ensure(cache):
    """Return the path of a browser that starts; installs Debian's when we are root."""
    if not find():
        _install(cache)
    path = find()
    if not path or not processes.succeeds([path, "--version"], timeout=60):
        raise Failure(NO_BROWSER)
    return path


def _install(cache):
    if os.geteuid() != 0 or not apt.is_available():
        raise Failure(NO_BROWSER)
    say("   no browser on the PATH: installing Debian's chromium")
    log = cache.logs / "chromium.log"
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    processes.run(["apt-get", "update"], NO_BROWSER, log, env=env)
    install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
    processes.run(install, NO_BROWSER, log, env=env)


def font_environment(cache):
    """Return the variables that let the browser show Chinese; may fetch a font.

    A machine that cannot get one still runs all tests; only pictures in Chinese suffer.
    """
    if processes.output_of(["fc-list", ":lang=zh-cn", "family"]):
        return {}
    settings = cache.root / "fonts" / "fonts.conf"
    if not settings.is_file():
        try:
            _fetch_font(cache, settings)
        except Failure as failure:
            warn(f"no Chinese font ({failure})")
            return {}
    return {"FONTCONFIG_FILE": str(settings)}


def _fetch_font(cache, settings):
    if not apt.is_available():
        raise Failure("Install a font with Chinese characters.")
    log = cache.logs / "font.log"
    private = apt.Apt(cache.folder("apt-font"), log)
    private.use_suite(apt.codename())
    folder = cache.folder("fonts")
    apt.unpack(private.fetch([FONT], folder), folder, log)
    settings.write_text(FONT_SETTINGS.format(folder=folder))
