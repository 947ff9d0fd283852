"""Odoo 19.0 is looked for in a fixed order, and a wrong one is refused."""

import pytest

from sandbox import odoo_source
from sandbox.console import Failure


def make_tree(folder, series):
    """Make what looks like a checkout of Odoo."""
    (folder / "odoo").mkdir(parents=True)
    major, minor = series.split(".")
    text = f"version_info = ({major}, {minor}, 0, FINAL, 0, '')\n"
    (folder / "odoo" / "release.py").write_text(text)
    return folder


def test_the_series_is_read_without_importing(tmp_path):
    assert odoo_source.series_of(make_tree(tmp_path, "19.0")) == "19.0"


def test_a_folder_without_odoo_has_no_series(tmp_path):
    assert odoo_source.series_of(tmp_path) is None


def test_the_named_checkout_comes_before_everything(tmp_path, cache):
    checkout = make_tree(tmp_path / "src", "19.0")
    source = odoo_source.find(cache, None, {"ODOO_PATH": str(checkout)})
    assert source.import_path == checkout


@pytest.mark.parametrize(
    ("series", "found"), [("18.0", "holds Odoo 18.0"), (None, "holds no Odoo")]
)
def test_a_named_checkout_of_another_series_is_an_error(tmp_path, series, found):
    if series:
        make_tree(tmp_path, series)
    with pytest.raises(Failure, match=found):
        odoo_source.from_environ({"ODOO_PATH": str(tmp_path)})


def test_an_importable_odoo_of_the_series_is_used(tmp_path, cache, monkeypatch):
    make_tree(tmp_path / "old", "18.0")
    make_tree(tmp_path / "new", "19.0")
    paths = [str(tmp_path / "old"), str(tmp_path / "new")]
    monkeypatch.setattr("sys.path", paths)
    assert odoo_source.from_import(cache).import_path == tmp_path / "new"


def test_the_odoo_of_the_cache_is_not_taken_for_one_of_the_machine(cache, monkeypatch):
    tree = make_tree(cache.root / "odoo" / "debian", "19.0")
    monkeypatch.setattr("sys.path", [str(tree)])
    assert odoo_source.from_import(cache) is None


def test_a_checkout_keeps_its_addons_beside_the_package(tmp_path):
    (tmp_path / "addons").mkdir()
    source = odoo_source.OdooSource(tmp_path, "19.0")
    assert source.addons_paths == [tmp_path / "addons"]


def test_debian_keeps_them_inside_and_a_poorer_copy_beside(tmp_path):
    (tmp_path / "addons").mkdir()
    (tmp_path / "odoo" / "addons" / "web").mkdir(parents=True)
    assert odoo_source.OdooSource(tmp_path, "19.0").addons_paths == []


def test_a_tree_left_half_unpacked_is_not_used(cache):
    make_tree(cache.folder("odoo", "debian.draft"), "19.0")
    assert odoo_source.from_cache(cache) is None


def test_when_debian_fails_git_is_asked_and_then_one_sentence_ends_it(
    cache, monkeypatch
):
    asked = []

    def refuse(name):
        def fetch(*_arguments):
            asked.append(name)
            raise Failure(f"{name} does not work")

        return fetch

    monkeypatch.setattr(odoo_source, "from_import", lambda _cache: None)
    monkeypatch.setattr(odoo_source, "from_debian", refuse("debian"))
    monkeypatch.setattr(odoo_source, "from_git", refuse("git"))
    with pytest.raises(Failure, match="set ODOO_PATH to a checkout"):
        odoo_source.find(cache, None, {})
    assert asked == ["debian", "git"]
