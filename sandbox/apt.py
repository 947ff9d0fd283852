"""Fetch Debian packages from this machine's own mirrors, without installing them."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import processes
from .cache import remove
from .console import Failure

SETTINGS = Path("/etc/apt")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
ROLLING_SUITES = {"stable", "testing", "unstable", "sid"}


@dataclass(frozen=True)
class Entry:
    """One package source of the machine: where it is, and the key that signs it."""

    uri: str
    suites: tuple
    components: tuple
    signed_by: str = ""


def parse_list(text):
    """Read the one-line format of sources.list."""
    for line in text.splitlines():
        words = line.split("#")[0].split()
        if not words or words[0] != "deb":
            continue
        options, words = _split_options(words[1:])
        if len(words) >= 3:
            yield Entry(
                words[0], (words[1],), tuple(words[2:]), options.get("signed-by", "")
            )


def _split_options(words):
    """Separate `[key=value ...]` from the words after it."""
    if not words or not words[0].startswith("["):
        return {}, words
    end = next(
        (i for i, word in enumerate(words) if word.endswith("]")), len(words) - 1
    )
    inside = " ".join(words[: end + 1]).strip("[] ").split()
    return dict(word.partition("=")[::2] for word in inside), words[end + 1 :]


def parse_deb822(text):
    """Read the paragraph format of *.sources."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for paragraph in "\n".join(line.rstrip() for line in lines).split("\n\n"):
        fields = _fields(paragraph)
        if (
            "deb" not in fields.get("types", "").split()
            or fields.get("enabled") == "no"
        ):
            continue
        signed_by = fields.get("signed-by", "")
        for uri in fields.get("uris", "").split():
            yield Entry(
                uri,
                tuple(fields.get("suites", "").split()),
                tuple(fields.get("components", "").split()),
                # The key itself may stand here; only a file name is of use.
                signed_by if signed_by.startswith("/") else "",
            )


def _fields(paragraph):
    fields, name = {}, None
    for line in paragraph.splitlines():
        if line[:1].isspace() and name:
            fields[name] += " " + line.strip()
        elif ":" in line:
            name, _colon, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields


def machine_entries(settings=SETTINGS):
    """Collect every package source that apt is set up with."""
    parts = settings / "sources.list.d"
    for path in [settings / "sources.list", *sorted(parts.glob("*.list"))]:
        if path.is_file():
            yield from parse_list(path.read_text(errors="replace"))
    for path in sorted(parts.glob("*.sources")):
        yield from parse_deb822(path.read_text(errors="replace"))


def codename(os_release=Path("/etc/os-release")):
    """Return the name of this machine's Debian release, or an empty text."""
    if not os_release.is_file():
        return ""
    facts = dict(
        line.partition("=")[::2] for line in os_release.read_text().splitlines()
    )
    return facts.get("VERSION_CODENAME", "").strip('"')


def archive_entries(entries, release):
    """Keep the sources that mirror the distribution itself: each address once.

    Security updates and third parties' archives have other suites or no `main`.
    """
    wanted, seen = ROLLING_SUITES | {release}, set()
    for entry in entries:
        if (
            "main" in entry.components
            and wanted & set(entry.suites)
            and entry.uri not in seen
        ):
            seen.add(entry.uri)
            yield entry


def source_line(entry, suite, keyring=KEYRING):
    """Write the one-line source of a suite on the mirror of an existing entry."""
    key = entry.signed_by or (str(keyring) if keyring.is_file() else "")
    return f"deb {f'[signed-by={key}] ' if key else ''}{entry.uri} {suite} main\n"


def is_available():
    return bool(shutil.which("apt-get") and shutil.which("dpkg"))


class Apt:
    """A private apt state below `folder`; nothing of it touches the system's own."""

    def __init__(self, folder, log):
        self.folder = folder
        self.log = log

    def options(self):
        options = {
            "Dir::State": self.folder,
            "Dir::State::lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            "Dir::Etc::sourcelist": self.folder / "sources.list",
            "Dir::Etc::sourceparts": "-",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
        }
        if os.geteuid() == 0:
            options["APT::Sandbox::User"] = "root"
        return [
            word for key, value in options.items() for word in ("-o", f"{key}={value}")
        ]

    def use_suite(self, suite):
        """Read the package list of `suite` from the first mirror that has it."""
        release = codename()
        entries = list(archive_entries(machine_entries(), release))
        for entry in entries:
            remove(self.folder)
            (self.folder / "lists" / "partial").mkdir(parents=True)
            (self.folder / "cache" / "archives" / "partial").mkdir(parents=True)
            line = source_line(entry, suite or release)
            (self.folder / "sources.list").write_text(line)
            if self._update():
                return
        raise Failure(
            f"None of this machine's {len(entries)} Debian mirrors offers "
            f"{suite or release}: check the network and /etc/apt."
        )

    def _update(self):
        # apt-get ends well even when a mirror was out of reach, unless told otherwise.
        strict = ["-o", "APT::Update::Error-Mode=any"]
        return processes.succeeds(["apt-get", *self.options(), *strict, "update"])

    def fetch(self, packages, target):
        """Download packages into `target`; raises Failure when one cannot be had."""
        target.mkdir(parents=True, exist_ok=True)
        advice = f"Debian's {', '.join(packages)} did not download: check the network."
        command = ["apt-get", *self.options(), "download", *packages]
        processes.run(command, advice, self.log, cwd=target)
        return [next(target.glob(f"{package}_*.deb")) for package in packages]


def unpack(archives, target, log):
    """Unpack packages beside each other below `target`, without installing them."""
    for archive in archives:
        advice = (
            f"{archive.name} is damaged: run the command again to download it anew."
        )
        processes.run(["dpkg", "-x", archive, target], advice, log)
