"""A fitting Python is found, or the sentence says which one to install."""

import ast
import sys

import pytest

from sandbox import interpreter
from sandbox.cache import REPOSITORY


def fake_python(folder, name, version):
    """Put a program on the disk that claims to be a Python of some version."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize("version", [(3, 10), (3, 11), (3, 12), (3, 13)])
def test_python_3_10_to_3_13_is_supported(version):
    assert interpreter.is_supported(version)


@pytest.mark.parametrize("version", [(2, 7), (3, 9), (3, 14), (4, 0)])
def test_other_pythons_are_not(version):
    assert not interpreter.is_supported(version)


def test_a_fitting_python_on_the_path_is_found_behind_others(tmp_path):
    fake_python(tmp_path / "bin", "python3", "3.9")
    fitting = fake_python(tmp_path / "bin", "python3.11", "3.11")
    environ = {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}
    assert interpreter.find(environ) == fitting


def test_a_python_of_pyenv_is_found_although_it_is_not_on_the_path(tmp_path):
    (tmp_path / ".pyenv/versions/3.12.1").mkdir(parents=True)
    folder = tmp_path / ".pyenv/versions/3.12.1/bin"
    fitting = fake_python(folder, "python3", "3.12")
    assert interpreter.find({"PATH": "", "HOME": str(tmp_path)}) == fitting


def test_a_program_that_is_no_python_is_passed_over(tmp_path):
    fake_python(tmp_path, "python3.12", "hello")
    assert interpreter.find({"PATH": str(tmp_path), "HOME": str(tmp_path)}) is None


def test_the_command_goes_on_in_the_fitting_python(tmp_path, monkeypatch):
    fitting = fake_python(tmp_path, "python3.12", "3.12")
    environ = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    started = []
    monkeypatch.setattr(sys, "version_info", (3, 9))
    monkeypatch.setattr("os.execve", lambda *call: started.append(call) or sys.exit(0))
    with pytest.raises(SystemExit):
        interpreter.restart_with_supported(["demo"], environ)
    assert started == [(fitting, [fitting, "-m", "sandbox", "demo"], environ)]


def test_without_a_fitting_python_one_sentence_says_what_to_install(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(sys, "version_info", (3, 9))
    with pytest.raises(SystemExit) as end:
        interpreter.restart_with_supported([], {"PATH": "", "HOME": str(tmp_path)})
    assert str(end.value) == (
        "This is Python 3.9 and no Python 3.10 to 3.13 is on the PATH: "
        "install one of them and run the command again."
    )


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py", "interpreter.py"])
def test_what_runs_before_the_check_has_the_syntax_of_python_3_6(name):
    source = (REPOSITORY / "sandbox" / name).read_text()
    ast.parse(source, feature_version=(3, 6))
