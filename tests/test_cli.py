"""The commands end in one sentence, never in a traceback."""

import subprocess
import sys

import pytest

from sandbox import cli, showroom
from sandbox.cache import REPOSITORY
from sandbox.console import Failure


def fail_with(error):
    def verb(_arguments):
        raise error

    return verb


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (Failure("Do this."), 1, "Do this."),
        (OSError(28, "No space left"), 1, "The disk is full: free some space"),
        (PermissionError(13, "denied"), 1, "The system refused a step"),
        (KeyboardInterrupt(), 130, "run the command again to go on"),
    ],
)
def test_a_failure_is_one_sentence(monkeypatch, capsys, error, code, sentence):
    monkeypatch.setitem(cli.VERBS, "stop", fail_with(error))
    assert cli.main(["stop"]) == code
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "called"),
    [(["demo"], "serve"), (["demo", "--only-make"], "make")],
)
def test_the_demo_can_be_made_without_being_served(monkeypatch, words, called):
    seen = []
    monkeypatch.setattr(showroom, "serve", lambda *_words: seen.append("serve"))
    monkeypatch.setattr(showroom, "make", lambda: seen.append("make"))
    assert cli.main(words) == 0
    assert seen == [called]


def test_options_of_pytest_reach_pytest(monkeypatch):
    seen = []
    monkeypatch.setitem(cli.PASSING_ON, "test", seen.extend)
    assert cli.main(["test", "-k", "name", "--help"]) == 0
    assert seen == ["-k", "name", "--help"]


def test_an_unknown_verb_is_answered_with_the_known_ones():
    done = subprocess.run(
        [sys.executable, "-m", "sandbox", "dance"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "demo" in done.stderr
