"""The cache is where the environment says, has room, and serves one run at a time."""

import os
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from sandbox import cache as cache_module
from sandbox.cache import GIGABYTE, REPOSITORY, Cache, cache_folder, write_atomically
from sandbox.console import Failure

Usage = namedtuple("Usage", "total used free")
HOLD_THE_LOCK = """
import sys, time
from sandbox.cache import Cache
with Cache(sys.argv[1]).lock("preparation"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"HOME": "/home/a"}, "/home/a/.cache/crm_manufacturing"),
        ({"HOME": "/home/a", "XDG_CACHE_HOME": "/x"}, "/x/crm_manufacturing"),
        ({"XDG_CACHE_HOME": "/x", "CRM_MANUFACTURING_CACHE": "/c"}, "/c"),
    ],
)
def test_the_nearest_setting_names_the_folder(environ, folder):
    assert cache_folder(environ) == Path(folder)


def test_a_full_disk_is_noticed_before_the_work_begins(cache, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _path: Usage(0, 0, 2 * GIGABYTE))
    with pytest.raises(Failure, match="has 2.0 GB left and this needs 4 GB: free some"):
        cache.check_room()


def test_a_later_run_needs_less_room(cache, monkeypatch):
    cache.folder("postgres", "data")
    monkeypatch.setattr("shutil.disk_usage", lambda _path: Usage(0, 0, 2 * GIGABYTE))
    cache.check_room()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Failure, match="set CRM_MANUFACTURING_CACHE to a folder"):
        Cache(tmp_path / "file" / "cache").check_room()


def test_a_lock_keeps_a_second_run_out_until_the_first_is_killed(cache):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, str(cache.root)],
        stdout=subprocess.PIPE,
        cwd=REPOSITORY,
    )
    assert holder.stdout.readline() == b"held\n"
    with cache.lock("preparation", wait=False) as free:
        assert not free
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with cache.lock("preparation", wait=False) as free:
        assert free


def test_a_file_is_replaced_whole(tmp_path):
    write_atomically(tmp_path / "state", "old")
    write_atomically(tmp_path / "state", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["state"]
    assert (tmp_path / "state").read_text() == "new"


def test_removing_what_is_not_there_is_no_error(tmp_path):
    cache_module.remove(tmp_path / "absent")
    (tmp_path / "link").symlink_to(tmp_path / "absent")
    cache_module.remove(tmp_path / "link")
    assert os.listdir(tmp_path) == []
