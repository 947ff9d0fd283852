"""Writes README.rst and static/description/index.html of each addon with readme/*.md.

Runs with the lint tools' Python, as a hook: `python sandbox/readme.py`. Exits with 1
when a file changed, so that a stale README cannot be committed. Fragments link
pictures as `../static/description/x.png` and start their headings at `###`.
"""

import ast
import sys
from pathlib import Path

import mistune
from docutils.core import publish_string
from mistune.renderers.rst import RSTRenderer

ROOT = Path(__file__).resolve().parent.parent
PICTURES = "static/description/"
SECTIONS = {
    "DESCRIPTION": None,
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known issues and roadmap",
    "HISTORY": "Changelog",
    "CONTRIBUTORS": "Contributors",
}
HTML = {"stylesheet_path": ""}  # the host styles its description pages


def readme_rst(addon: Path) -> str:
    """Return the addon's README as reStructuredText."""
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text("utf-8"))
    parts = [f"# {manifest['name']}", f"**{manifest['summary']}**"]
    for fragment, title in SECTIONS.items():
        path = addon / "readme" / f"{fragment}.md"
        if path.exists():
            parts += [f"## {title}"] if title else []
            parts.append(path.read_text("utf-8").replace(f"../{PICTURES}", PICTURES))
    render = mistune.create_markdown(renderer=RSTRenderer())
    note = f".. Written by sandbox/readme.py from {addon.name}/readme/\n\n"
    return note + render("\n\n".join(parts)).strip() + "\n"


def index_html(rst: str) -> str:
    """Return the README as the page of the addon's description."""
    page = publish_string(rst, writer="html5", settings_overrides=HTML).decode()
    return page.replace(f'src="{PICTURES}', 'src="')


def refresh(path: Path, text: str) -> bool:
    """Write `text` if it differs from the file; return whether it did."""
    if path.exists() and path.read_text("utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    print(f"rewrote {path.relative_to(ROOT)}")
    return True


def main() -> int:
    changed = False
    for fragments in sorted(ROOT.glob("*crm_manufacturing*/readme")):
        addon = fragments.parent
        rst = readme_rst(addon)
        changed |= refresh(addon / "README.rst", rst)
        if (addon / "static").exists():
            changed |= refresh(addon / PICTURES / "index.html", index_html(rst))
    return int(changed)


if __name__ == "__main__":
    sys.exit(main())
