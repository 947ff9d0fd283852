"""The source of a Debian package is derived from the machine's own apt settings."""

import pytest

from sandbox import apt
from sandbox.apt import Entry
from sandbox.console import Failure

DEB822 = """\
Types: deb
# a comment inside
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/archive.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main

Types: deb
URIs: http://third.example/node
Suites: nodistro
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 abc
"""
LIST = """\
# deb http://commented.example/debian bookworm main
deb [arch=amd64 signed-by=/keys/a.gpg] http://one.example/debian bookworm main contrib
deb-src http://one.example/debian bookworm main
deb http://two.example/ubuntu noble main  # trailing
deb incomplete
"""


def test_paragraphs_are_read_with_addresses_suites_and_key():
    first = next(apt.parse_deb822(DEB822))
    assert first == Entry(
        "http://mirror.example/debian",
        ("bookworm", "bookworm-updates"),
        ("main",),
        "/usr/share/keyrings/archive.gpg",
    )


def test_a_disabled_paragraph_is_passed_over():
    assert "http://off.example/debian" not in [e.uri for e in apt.parse_deb822(DEB822)]


def test_a_key_written_into_the_paragraph_is_no_file_name():
    assert list(apt.parse_deb822(DEB822))[-1].signed_by == ""


def test_one_line_sources_are_read_with_their_options():
    first, second = apt.parse_list(LIST)
    assert first == Entry(
        "http://one.example/debian", ("bookworm",), ("main", "contrib"), "/keys/a.gpg"
    )
    assert (second.uri, second.suites) == ("http://two.example/ubuntu", ("noble",))


def test_security_updates_and_third_parties_are_no_mirrors_of_the_archive():
    entries = apt.archive_entries(apt.parse_deb822(DEB822), "bookworm")
    assert [entry.uri for entry in entries] == ["http://mirror.example/debian"]


def test_a_mirror_named_twice_is_tried_once():
    twice = [*apt.parse_list(LIST), *apt.parse_list(LIST)]
    assert len(list(apt.archive_entries(twice, "bookworm"))) == 1


def test_the_source_of_another_suite_keeps_mirror_and_key():
    entry = Entry("http://m.example/debian", ("bookworm",), ("main",), "/keys/a.gpg")
    assert apt.source_line(entry, "sid") == (
        "deb [signed-by=/keys/a.gpg] http://m.example/debian sid main\n"
    )


def test_without_a_key_anywhere_the_source_names_none(tmp_path):
    entry = Entry("http://m.example/debian", ("bookworm",), ("main",))
    line = apt.source_line(entry, "sid", keyring=tmp_path / "absent.gpg")
    assert line == "deb http://m.example/debian sid main\n"


def test_both_kinds_of_settings_files_are_collected(tmp_path):
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list").write_text(LIST)
    (tmp_path / "sources.list.d" / "debian.sources").write_text(DEB822)
    uris = [entry.uri for entry in apt.machine_entries(tmp_path)]
    assert uris == [
        "http://one.example/debian",
        "http://two.example/ubuntu",
        "http://mirror.example/debian",
        "http://mirror.example/debian-security",
        "http://third.example/node",
    ]


def test_a_machine_without_mirrors_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setattr(apt, "machine_entries", lambda: [])
    with pytest.raises(Failure, match="check the network and /etc/apt"):
        apt.Apt(tmp_path / "apt", tmp_path / "log").use_suite("sid")
