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
# extension: the folder that makes an archive one of this kind
FOLDERS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
ARCHIVES = (*FOLDERS, "odt", "ods")
MACROS = re.compile(r"(^|/)(vbaproject|basic/|scripts/)", re.IGNORECASE)
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
    if kind in ARCHIVES and not _is_office(data, kind):
        return None
    return mimetype


def _is_office(data, kind):
    """Whether the archive is an office document of this kind, without macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            says = _read_mimetype(archive) if kind not in FOLDERS else ""
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError):
        # what is damaged on purpose is no document either
        return False
    if any(MACROS.search(name) for name in names):
        return False
    if kind not in FOLDERS:
        return says == KINDS[kind][1]
    has_folder = any(name.startswith(FOLDERS[kind]) for name in names)
    return "[Content_Types].xml" in names and has_folder


def _read_mimetype(archive):
    """What an OpenDocument says it is, in a file of its own that is not packed."""
    info = archive.NameToInfo.get("mimetype")
    if not info or info.compress_type != zipfile.ZIP_STORED:
        return ""
    with archive.open(info) as file:
        return file.read(100).decode("ascii", "replace").strip()
