"""Merge exported terms into the catalogues; runs where polib is installed.

python -m sandbox.catalogues TERMS.pot FOLDER LANGUAGE... [--host ADDONS] [--write]
"""

import argparse
from pathlib import Path

import polib

# Dates in the header would change the file on every run.
HEADER = (
    "Project-Id-Version",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
)
# Their fields appear on our models with labels of theirs, which they have translated.
HOSTS = ("base", "mail", "portal")


def read_terms(path):
    """Read an exported template, in an order that does not depend on the database."""
    terms = polib.pofile(str(path))
    metadata = terms.metadata
    terms.metadata = {key: metadata[key] for key in HEADER if key in metadata}
    terms.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    for entry in terms:
        entry.occurrences.sort()
    return terms


def host_translations(folders, language):
    """Read the host's own translations; returns a text per term."""
    found = {}
    for folder in folders:
        for host in HOSTS:
            path = folder / host / "i18n" / f"{language}.po"
            if path.is_file():
                found.update({e.msgid: e.msgstr for e in polib.pofile(str(path))})
    return found


def merge(terms, path, language, host=None):
    """Return the catalogue at `path` with exactly the terms of the template.

    A translation of ours is kept; a term without one gets the host's, if it has any.
    """
    catalogue = polib.pofile(str(path)) if path.is_file() else polib.POFile()
    known = {
        entry.msgid: entry.msgstr
        for entry in catalogue
        if not entry.obsolete and "fuzzy" not in entry.flags
    }
    merged = polib.POFile()
    merged.metadata = {**terms.metadata, "Language": language}
    for term in terms:
        text = known.get(term.msgid) or (host or {}).get(term.msgid, "")
        merged.append(
            polib.POEntry(
                msgid=term.msgid,
                msgstr=text,
                occurrences=term.occurrences,
                comment=term.comment,
                flags=[flag for flag in term.flags if flag != "fuzzy"],
            )
        )
    return merged


def missing(catalogue):
    """List the terms without a translation."""
    return [e.msgid for e in catalogue if e.msgid.strip() and not e.msgstr]


def text_of(catalogue):
    return f"{str(catalogue).rstrip()}\n"


def run(terms_path, folder, languages, hosts, write):
    """Merge every language; returns how many terms are missing or files outdated."""
    terms = read_terms(terms_path)
    files = {folder / f"{folder.parent.name}.pot": terms}
    lacking = 0
    for language in languages:
        path = folder / f"{language}.po"
        files[path] = merge(terms, path, language, host_translations(hosts, language))
        for msgid in missing(files[path]):
            print(f"{path.name}: {msgid!r}")
            lacking += 1
    for path, catalogue in files.items():
        if write:
            folder.mkdir(exist_ok=True)
            path.write_text(text_of(catalogue))
        elif not path.is_file() or path.read_text() != text_of(catalogue):
            print(f"{path.name}: is out of date")
            lacking += 1
    return lacking


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("terms", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("languages", nargs="+")
    parser.add_argument("--host", action="append", type=Path, default=[])
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    lacking = run(
        chosen.terms, chosen.folder, chosen.languages, chosen.host, chosen.write
    )
    print(f"missing: {lacking}")


if __name__ == "__main__":
    main()
