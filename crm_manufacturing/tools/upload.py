"""Whether an uploaded file is one of the kinds we take. Plain Python."""

import io
import re
import zipfile

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
# extension: (how the file begins, what it is served as)
KINDS = {
    "pdf": (b"%PDF-", "application/pdf"),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "jpg": (b"\xff\xd8\xff", "image/jpeg"),
    "jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    "docx": (b"PK\x03\x04", f"{OFFICE}wordprocessingml.document"),
    "xlsx": (b"PK\x03\x04", f"{OFFICE}spreadsheetml.sheet"),
    "pptx": (b"PK\x03\x04", f"{OFFICE}presentationml.presentation"),
    "odt": (b"PK\x03\x04", f"{OPEN}text"),
    "ods": (b"PK\x03\x04", f"{OPEN}spreadsheet"),
}
MARKS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/", "odt": "", "ods": ""}
LONGEST_NAME = 120


def clean_name(name):
    """Return a file's bare name, without path and signs that are none.

    >>> clean_name("C:\\\\plans\\\\Hall 3.PDF"), clean_name("../../etc/plan.pdf")
    ('Hall 3.PDF', 'plan.pdf')
    >>> clean_name("a\\r\\nb.pdf"), clean_name("")
    ('ab.pdf', '')
    """
    bare = re.split(r"[\\/]", name or "")[-1]
    bare = "".join(sign for sign in bare if sign.isprintable()).strip()
    stem, dot, kind = bare.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(kind)]}{dot}{kind}" if dot else bare


def get_kind(name, data):
    """Return what a file is served as, or None when we do not take it.

    The content must be what the name says; office files must have no macros.

    >>> get_kind("plan.pdf", b"%PDF-1.7 ..."), get_kind("plan.pdf", b"<html>")
    ('application/pdf', None)
    >>> get_kind("page.html", b"<html>"), get_kind("plan", b"%PDF-")
    (None, None)
    >>> get_kind("list.xlsx", b"PK\\x03\\x04 no archive")
    """
    kind = name.rpartition(".")[2].casefold() if "." in name else ""
    start, mimetype = KINDS.get(kind, (None, None))
    if not start or not data.startswith(start):
        return None
    if kind in MARKS and not _is_office(data, MARKS[kind]):
        return None
    return mimetype


def _is_office(data, mark):
    """Whether the archive is an office document of this sort, without macros."""
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except zipfile.BadZipFile:
        return False
    inside = "[Content_Types].xml" if mark else "mimetype"
    has_macros = any("vbaproject" in name.casefold() for name in names)
    has_mark = any(name.startswith(mark) for name in names)
    return inside in names and has_mark and not has_macros
