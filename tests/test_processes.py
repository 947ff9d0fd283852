"""Exactly the processes that were started are ended."""

import json
import subprocess
import sys

import pytest

from sandbox.console import Failure
from sandbox.processes import PidFile, run, start_time

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def sleeper():
    with subprocess.Popen(SLEEP) as process:
        yield process
        process.kill()


def test_a_started_process_is_ended(tmp_path, sleeper):
    pid_file = PidFile(tmp_path / "pid.json")
    pid_file.write(sleeper.pid, port=8069)
    assert pid_file.read()["port"] == 8069
    assert pid_file.stop()
    assert sleeper.wait() < 0
    assert not pid_file.path.exists()


def test_another_process_that_got_the_same_number_lives_on(tmp_path, sleeper):
    pid_file = PidFile(tmp_path / "pid.json")
    pid_file.write(sleeper.pid)
    record = json.loads(pid_file.path.read_text())
    pid_file.path.write_text(json.dumps({**record, "started": "1"}))
    assert not pid_file.stop()
    assert sleeper.poll() is None


def test_nothing_is_ended_twice(tmp_path, sleeper):
    pid_file = PidFile(tmp_path / "pid.json")
    pid_file.write(sleeper.pid)
    pid_file.stop()
    assert not pid_file.stop()


def test_a_record_cut_off_in_the_middle_is_no_record(tmp_path):
    (tmp_path / "pid.json").write_text('{"pid": 1')
    assert PidFile(tmp_path / "pid.json").read() is None


def test_a_process_that_ended_has_no_start_time():
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    assert start_time(ended.pid) is None


def test_a_program_that_fails_ends_in_the_advice(tmp_path, capsys):
    command = [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"]
    with pytest.raises(Failure, match="Do this instead"):
        run(command, "Do this instead", tmp_path / "log")
    assert "the reason" in capsys.readouterr().out


def test_a_program_that_is_missing_ends_in_the_advice(tmp_path):
    with pytest.raises(Failure, match="install it"):
        run(["/absent/program"], "install it", tmp_path / "log")
