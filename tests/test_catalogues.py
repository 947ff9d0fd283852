"""Catalogues follow the terms of the code and keep what people translated."""

import polib
import pytest

from sandbox import catalogues


def catalogue(**texts):
    result = polib.POFile()
    for msgid, msgstr in texts.items():
        result.append(polib.POEntry(msgid=msgid, msgstr=msgstr))
    return result


@pytest.fixture
def path(tmp_path):
    catalogue(Tier="等级", Gone="没有了").save(str(tmp_path / "zh_CN.po"))
    return tmp_path / "zh_CN.po"


def texts(merged):
    return {entry.msgid: entry.msgstr for entry in merged}


def test_a_translation_is_kept_and_a_term_that_left_the_code_is_dropped(path):
    merged = catalogues.merge(catalogue(Tier="", Stage=""), path, "zh_CN")
    assert texts(merged) == {"Tier": "等级", "Stage": ""}


def test_a_new_term_of_the_host_brings_its_translation(path):
    host = {"Followers": "关注者", "Tier": "层"}
    merged = catalogues.merge(catalogue(Tier="", Followers=""), path, "zh_CN", host)
    assert texts(merged) == {"Tier": "等级", "Followers": "关注者"}


def test_a_fuzzy_translation_counts_as_missing(tmp_path):
    old = catalogue(Tier="等级")
    old[0].flags.append("fuzzy")
    old.save(str(tmp_path / "zh_CN.po"))
    merged = catalogues.merge(catalogue(Tier=""), tmp_path / "zh_CN.po", "zh_CN")
    assert catalogues.missing(merged) == ["Tier"]


def test_a_refresh_counts_what_is_missing_and_a_check_after_it_agrees(tmp_path):
    folder = tmp_path / "addon" / "i18n"
    folder.mkdir(parents=True)
    exported = tmp_path / "exported.pot"
    catalogue(Tier="", Stage="").save(str(exported))
    catalogue(Tier="等级").save(str(folder / "zh_CN.po"))
    arguments = (exported, folder, ["zh_CN"], [])
    assert catalogues.run(*arguments, write=True) == 1
    assert catalogues.run(*arguments, write=False) == 1


def test_a_check_counts_catalogues_that_are_out_of_date(tmp_path):
    folder = tmp_path / "addon" / "i18n"
    folder.mkdir(parents=True)
    exported = tmp_path / "exported.pot"
    catalogue(Tier="").save(str(exported))
    catalogue(Tier="等级", Old="旧").save(str(folder / "zh_CN.po"))
    assert catalogues.run(exported, folder, ["zh_CN"], [], write=False) == 2
    assert not (folder / "addon.pot").exists()
