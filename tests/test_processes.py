"""Exactly the processes that were started are ended."""

import json
import subprocess
import sys
import time

import pytest

from sandbox.cache import REPOSITORY
from sandbox.console import Failure
from sandbox.processes import PidFile, run, start_time

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]

START_A_CHILD = """
import sys
import time
from pathlib import Path
from sandbox.processes import run
run([sys.executable, "-c", {child!r}], "It failed.", Path(sys.argv[1]))
"""


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


def test_a_program_ends_when_its_starter_is_killed(tmp_path):
    mark = tmp_path / "alive"
    child = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid()))"
    starter = START_A_CHILD.format(child=f"{child}; time.sleep(60)")
    with subprocess.Popen(
        [sys.executable, "-c", starter, str(tmp_path / "log")], cwd=REPOSITORY
    ) as process:
        pid = int(wait_for(lambda: mark.is_file() and mark.read_text()))
        process.kill()
    wait_for(lambda: start_time(pid) is None)


def wait_for(condition):
    """Return the first true answer; fails when there is none within 20 seconds."""
    for _attempt in range(200):
        if answer := condition():
            return answer
        time.sleep(0.1)
    raise AssertionError("It did not happen")


def test_a_program_that_is_missing_ends_in_the_advice(tmp_path):
    with pytest.raises(Failure, match="install it"):
        run(["/absent/program"], "install it", tmp_path / "log")
