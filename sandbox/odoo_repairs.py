"""Make the unpacked Debian tree of Odoo whole: its links lead to other packages."""

import shutil

from . import apt
from .cache import remove
from .console import Failure, warn

LIBRARIES = ("libjs-jquery", "libjs-jquery-form", "libjs-underscore")
FONTS = (
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-montserrat",
)
ADDONS = "usr/lib/python3/dist-packages/odoo/addons"
# Listed by the mail addon, left out of the package: every page would log an error.
LEFT_OUT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
ICONS = "usr/share/fonts-font-awesome/fonts"
INCONSOLATA = "usr/share/fonts/truetype/inconsolata/Inconsolata.otf"
INCONSOLATA_NOW = "usr/share/fonts/opentype/inconsolata/Inconsolata-Regular.otf"


def add_fonts(private, tree, downloads, log):
    """Unpack the fonts one by one: one that Debian dropped only costs its looks."""
    for font in FONTS:
        try:
            apt.unpack(private.fetch([font], downloads), tree, log)
        except Failure:
            warn(f"Debian has no {font}: pages use another font in its place")


def repair(tree, env):
    """Put missing files where Odoo looks for them; Failure when one stays missing."""
    _add_icons(tree, env)
    _add_inconsolata(tree)
    stub = tree / ADDONS / LEFT_OUT
    if not stub.exists():
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text("// Background blur is left out of this copy of Odoo.\n")
    broken = [path for path in dangling(tree / ADDONS) if not _is_font(path)]
    if broken:
        raise Failure(
            f"Debian's Odoo lacks {broken[0]}: set ODOO_PATH to a checkout instead."
        )


def _add_icons(tree, env):
    """Take FontAwesome 4.7 from its Python package: Debian has a later one."""
    target = tree / ICONS
    remove(target) if target.is_symlink() else None
    target.mkdir(parents=True, exist_ok=True)
    for font in (env.package("xstatic.pkg.font_awesome") / "data" / "fonts").iterdir():
        shutil.copy(font, target / font.name)


def _add_inconsolata(tree):
    """Debian renamed the file that the point of sale's link names."""
    target, source = tree / INCONSOLATA, tree / INCONSOLATA_NOW
    if source.exists() and not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def dangling(folder):
    """List the links below a folder that point nowhere."""
    return sorted(p for p in folder.rglob("*") if p.is_symlink() and not p.exists())


def _is_font(path):
    return path.suffix in {".ttf", ".otf", ".woff", ".woff2", ".eot", ".svg"}
