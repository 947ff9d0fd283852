"""The benchmark's own databases: copied from the sandbox's base, filled, kept."""

import os
import shutil
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2

ADDON = "crm_manufacturing"
ADDONS_PATH = os.environ.get("CRM_MANUFACTURING_ADDONS_PATH", "")
DATA_DIR = Path(os.environ.get("CRM_MANUFACTURING_DATA_DIR", ""))
BASE = os.environ.get("CRM_MANUFACTURING_BASE", "")


@contextmanager
def connect(name, autocommit=False):
    """A plain connection, named by the environment's PGHOST and so on."""
    with closing(psycopg2.connect(dbname=name)) as connection:
        connection.autocommit = autocommit
        with connection.cursor() as cursor:
            yield cursor
        if not autocommit:
            connection.commit()


def exists(name):
    with connect("postgres", autocommit=True) as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        return bool(cursor.rowcount)


def drop(name):
    with connect("postgres", autocommit=True) as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(DATA_DIR / "filestore" / name, ignore_errors=True)


def build(name, fill):
    """Make a database by ``fill(draft)``; its own name it gets when it is complete."""
    draft = f"{name}_draft"
    drop(draft)
    with connect("postgres", autocommit=True) as cursor:
        cursor.execute(f'CREATE DATABASE "{draft}" TEMPLATE "{BASE}"')
    files = DATA_DIR / "filestore"
    if (files / BASE).is_dir():
        # Odoo never changes a stored file, so that both may be the same on disk
        shutil.copytree(files / BASE, files / draft, copy_function=os.link)
    _install(draft)
    fill(draft)
    with connect("postgres", autocommit=True) as cursor:
        cursor.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    if (files / draft).is_dir():
        (files / draft).rename(files / name)


def _install(name):
    command = [sys.executable, "-m", "odoo", "server", *_options(name)]
    command += [f"--init={ADDON}", "--stop-after-init", "--no-http"]
    subprocess.run(command, check=True)


def _options(name):
    return [
        "--config=/dev/null",
        f"--addons-path={ADDONS_PATH}",
        f"--data-dir={DATA_DIR}",
        f"--database={name}",
        "--log-level=error",
    ]


@contextmanager
def environment(name):
    """An Odoo environment of the superuser; what is not committed is rolled back."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules import initialize_sys_path
    from odoo.modules.registry import Registry
    from odoo.sql_db import close_db
    from odoo.tools import config

    config.parse_config(_options(name), setup_logging=True)
    initialize_sys_path()
    try:
        with Registry(name).cursor() as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {})
            cursor.rollback()
    finally:
        close_db(name)
