"""Run programs, and remember those left running so that exactly they can be ended."""

import ctypes
import json
import os
import signal
import subprocess
import time

from .cache import write_atomically
from .console import Failure, say, tail

PR_SET_PDEATHSIG = 1
LIBC_PRCTL = getattr(ctypes.CDLL(None), "prctl", None)


def end_with_parent():
    """Ask the system to end this process when the one that started it is killed.

    Runs between fork and exec; without it an installation would go on by itself and
    write into what the next run makes anew.
    """
    if LIBC_PRCTL:
        LIBC_PRCTL(PR_SET_PDEATHSIG, signal.SIGTERM)


def run(command, advice, log, env=None, cwd=None, stdin=None):
    """Run a program with its output in a log file.

    Raises Failure with `advice` as its sentence, after showing the end of the log.
    """
    with log.open("w") as output:
        try:
            done = subprocess.run(
                [str(part) for part in command],
                env=env,
                cwd=cwd,
                input=stdin,
                stdin=subprocess.DEVNULL if stdin is None else None,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                preexec_fn=end_with_parent,
            )
        except OSError as error:
            raise Failure(
                f"Cannot run {command[0]} ({error.strerror}): {advice}"
            ) from error
    if done.returncode:
        say(tail(log))
        raise Failure(f"{advice} (its log is {log})")


def succeeds(command, env=None, **options):
    """Tell whether a short program ends well."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            **options,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def output_of(command, env=None, cwd=None):
    """Return what a short program prints, or None when it fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def start_time(pid):
    """Return what tells this process from a later one of the same number, or None."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        return output_of(["ps", "-o", "lstart=", "-p", str(pid)]) or None
    return None if fields[0] == "Z" else fields[19]


class PidFile:
    """A record of one process that the sandbox started."""

    def __init__(self, path):
        self.path = path

    def write(self, pid, **facts):
        record = {"pid": pid, "started": start_time(pid), **facts}
        write_atomically(self.path, json.dumps(record))

    def read(self):
        """Return the record if its process is still the one that was started."""
        try:
            record = json.loads(self.path.read_text())
            alive = record["started"] and start_time(record["pid"]) == record["started"]
        except (OSError, ValueError, KeyError):
            return None
        return record if alive else None

    def stop(self, patience=20):
        """End the process, gently first; return whether there was one to end.

        A zombie child counts as ended.
        """
        record = self.read()
        if record:
            os.kill(record["pid"], signal.SIGTERM)
            if not self._gone_within(patience):
                os.kill(record["pid"], signal.SIGKILL)
                self._gone_within(patience)
        self.path.unlink(missing_ok=True)
        return bool(record)

    def _gone_within(self, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.read():
                return True
            time.sleep(0.1)
        return False
