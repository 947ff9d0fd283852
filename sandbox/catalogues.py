"""Merge exported terms into the catalogues; runs where polib is installed.

python -m sandbox.catalogues TERMS.pot FOLDER LANGUAGE... [--write]
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


def read_terms(path):
    """Read an exported template, in an order that does not depend on the database."""
    terms = polib.pofile(str(path))
    terms.metadata = {
        key: terms.metadata[key] for key in HEADER if key in terms.metadata
    }
    terms.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    for entry in terms:
        entry.occurrences.sort()
    return terms


def merge(terms, path, language):
    """Return the catalogue at `path` with exactly the terms of the template."""
    catalogue = polib.pofile(str(path)) if path.is_file() else polib.POFile()
    known = {entry.msgid: entry for entry in catalogue if not entry.obsolete}
    merged = polib.POFile()
    merged.metadata = {**terms.metadata, "Language": language}
    for term in terms:
        old = known.get(term.msgid)
        merged.append(
            polib.POEntry(
                msgid=term.msgid,
                msgstr=old.msgstr if old and "fuzzy" not in old.flags else "",
                occurrences=term.occurrences,
                comment=term.comment,
                flags=[flag for flag in term.flags if flag != "fuzzy"],
            )
        )
    return merged


def missing(catalogue):
    """List the terms without a translation."""
    return [
        entry.msgid for entry in catalogue if entry.msgid.strip() and not entry.msgstr
    ]


def is_current(catalogue, path):
    return path.is_file() and path.read_text() == str(catalogue) + "\n"


def run(terms_path, folder, languages, write):
    """Merge every language; returns how many terms are missing or outdated."""
    terms = read_terms(terms_path)
    files = {folder / f"{folder.parent.name}.pot": terms}
    lacking = 0
    for language in languages:
        path = folder / f"{language}.po"
        files[path] = merge(terms, path, language)
        for msgid in missing(files[path]):
            print(f"{path.name}: {msgid!r}")
            lacking += 1
    for path, catalogue in files.items():
        if write:
            path.write_text(f"{catalogue}\n")
        elif not is_current(catalogue, path):
            print(f"{path.name}: is out of date")
            lacking += 1
    return lacking


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("terms", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("languages", nargs="+")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    lacking = run(chosen.terms, chosen.folder, chosen.languages, chosen.write)
    print(f"missing: {lacking}")


if __name__ == "__main__":
    main()
