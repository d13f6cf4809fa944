"""One PostgreSQL for the whole run, one database for each pytest worker, tests as the application's role.

Fixtures beyond pytest-django's:

`db`            a transaction on `default` that is rolled back.
`committed`     real commits, for tests with several connections; every table is as in a new installation afterwards.
`run_parallel`  `run_parallel(n, work)`: calls `work(0)` … `work(n - 1)` at once in n threads, each with connections of
                its own, and returns their answers in order. Needs `committed`.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import django
import psycopg
import pytest
from psycopg import sql
from psycopg.pq import TransactionStatus

RUN_FOLDER = "PYTEST_SELLERDESK_RUN"
FIRST_PROCESS = RUN_FOLDER not in os.environ
if FIRST_PROCESS:
    for name in [name for name in os.environ if name.startswith("SELLERDESK_")]:
        if name not in ("SELLERDESK_DATABASE_URL", "SELLERDESK_POSTGRES_BIN"):
            del os.environ[name]
    made = Path(tempfile.mkdtemp(prefix="sellerdesk-tests-"))
    made.chmod(0o711)  # the account that runs PostgreSQL for root must walk through it
    os.environ[RUN_FOLDER] = str(made)
RUN = Path(os.environ[RUN_FOLDER])
os.environ["SELLERDESK_DATA_DIR"] = str(RUN / "data")
os.environ["SELLERDESK_DEMO"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "sellerdesk.config.settings"
django.setup()  # nothing connects yet: the server starts with the first test that needs it

RUN_NAME = hashlib.sha256(str(RUN).encode()).hexdigest()[:8]
TEMPLATE = f"sellerdesk_test_{RUN_NAME}"
# Tests need no durability; the tests that do start a server of their own.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300"}


def pytest_unconfigure() -> None:
    """Remove what this run has put on the disk."""
    if FIRST_PROCESS:
        shutil.rmtree(RUN, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, worker_name: str) -> Iterator[None]:
    """A server, a migrated template made once a run, and a copy of it for this worker."""
    from django.conf import settings
    from django.db import connections

    from sellerdesk.adapters.postgres import server
    from sellerdesk.flows import database, schema

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    share = None
    if settings.ENVIRONMENT.database is None:
        share = server.join(settings.EMBEDDED_HOME, settings.ENVIRONMENT.postgres_bin, FAST)
        server.ensure_database(settings.EMBEDDED_HOME, name="sellerdesk", owner=settings.EMBEDDED_OWNER)
    mine = f"{TEMPLATE}_{worker_name}"
    with django_db_blocker.unblock():
        with exclusively(RUN / "template.lock"):
            if not (RUN / "template-is-ready").exists():
                _create(TEMPLATE, template="template1")
                _use(TEMPLATE)
                schema.migrate()
                _remember_seeds()
                database.close_connections()
                (RUN / "template-is-ready").touch()
            _create(mine, template=TEMPLATE)
        _use(mine)
    yield
    with django_db_blocker.unblock():
        for connection in connections.all(initialized_only=True):
            connection.close()
    _sweeper().close()
    _drop(mine)
    if FIRST_PROCESS:
        _drop(TEMPLATE)
    if share:
        share.leave()


@pytest.fixture(scope="session")
def worker_name() -> str:
    """`main`, or the name that pytest-xdist gave this process."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A page that was asked for in process leaves its language behind: the next test begins without."""
    from django.utils import translation

    yield
    translation.deactivate()


@contextmanager
def _committing(blocker: Any) -> Iterator[None]:
    from django.db import connections

    with blocker.unblock():
        try:
            yield
        finally:
            for connection in connections.all(initialized_only=True):
                if connection.alias != "default" or not _as_new(connection):
                    connection.close()
            restore_tables()


def _as_new(connection: Any) -> bool:
    """Make a connection forget what a test has set; a warm one plans the next test's statements sooner."""
    from sellerdesk.models.tenancy import NOTE, SETTING

    raw = connection.connection
    if raw is None or connection.in_atomic_block or raw.info.transaction_status != TransactionStatus.IDLE:
        return False
    try:
        raw.execute(sql.SQL("RESET {}").format(sql.SQL(SETTING)))
        raw.execute("SELECT pg_advisory_unlock_all()")
    except psycopg.Error:
        return False  # ended from outside
    raw.__dict__.pop(NOTE, None)
    return True


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let a test commit; afterwards every table is as the migrations left it."""
    with _committing(django_db_blocker):
        yield


@pytest.fixture(scope="session")
def committing(django_db_setup: None, django_db_blocker: Any) -> Callable[[], AbstractContextManager[None]]:
    """`with committing():` is what `committed` does, for fixtures that make one world for several tests."""
    return lambda: _committing(django_db_blocker)


@pytest.fixture
def run_parallel(committed: None) -> Callable[[int, Callable[[int], Any]], list[Any]]:
    """Run a function in several threads that start at the same moment; the first exception is raised again."""
    from django.db import connections

    def run(count: int, work: Callable[[int], Any]) -> list[Any]:
        start = threading.Barrier(count, timeout=60)

        def one(number: int) -> Any:
            try:
                connections["default"].ensure_connection()
                start.wait()
                return work(number)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(count) as pool:
            return [future.result() for future in [pool.submit(one, number) for number in range(count)]]

    return run


# --- The databases ---------------------------------------------------------------------------------------------------


def owner_connection(dbname: str | None = None) -> psycopg.Connection:
    """A connection as the database's owner, in autocommit, outside Django."""
    from django.db import connections

    given = connections["owner"].settings_dict
    options = {key: value for key, value in given["OPTIONS"].items() if key not in ("assume_role", "pool")}
    return psycopg.connect(
        host=given["HOST"] or None,
        port=given["PORT"] or None,
        user=given["USER"] or None,
        password=given.get("PASSWORD") or None,
        dbname=dbname or given["NAME"],
        autocommit=True,
        **options,
    )


class exclusively:  # noqa: N801  (reads as a word)
    """Hold a file's lock for a block, against the other pytest workers."""

    def __init__(self, path: Path) -> None:
        self.file = open(path, "w")  # noqa: SIM115

    def __enter__(self) -> None:
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_error: object) -> None:
        self.file.close()


def _use(name: str) -> None:
    from django.db import connections

    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        connections.settings[alias]["NAME"] = name


def _create(name: str, *, template: str) -> None:
    with owner_connection("postgres") as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )


def _drop(name: str) -> None:
    """Drop a database that something may still be connected to.

    `WITH (FORCE)` fails when an autovacuum worker, which is not ours to end, happens to be in there. A plain DROP sends
    autovacuum away by itself; what is left to end are the connections of our own roles.
    """
    with owner_connection("postgres") as connection:
        connection.execute(END_OURS, (name,))
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


END_OURS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = %s AND usename IS NOT NULL AND pg_has_role(current_user, usesysid, 'USAGE')
"""


SIZES = """
SELECT c.relname, pg_relation_size(c.oid), EXISTS (
         SELECT 1 FROM pg_class s WHERE s.relnamespace = 'seeds'::regnamespace AND s.relname = c.relname)
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
"""
FEW = 256 * 1024  # bytes of a table whose rows are deleted; beyond, emptying it whole is quicker


def _remember_seeds() -> None:
    """Keep a copy of what a new installation has, the shipped terms among it, for `restore_tables` to bring back."""
    from tests.build import the_terms

    the_terms()
    with owner_connection() as connection:
        connection.execute("CREATE SCHEMA seeds")
        for table, _size, _seeded in connection.execute(SIZES).fetchall():
            here, there = sql.Identifier(table), sql.Identifier("seeds", table)
            if connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(here)).fetchone():
                connection.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(there, here))


def restore_tables() -> None:
    """Empty every table that has rows and put the seeds back, with no trigger and no row-level security in the way."""
    connection = _sweeper()
    with connection.transaction():
        sizes = connection.execute(SIZES).fetchall()
        seeded = [table for table, _size, has_seeds in sizes if has_seeds]
        dirty = {table: size for table, size, has_seeds in sizes if size and not has_seeds}
        dirty |= dict.fromkeys(_changed(connection, seeded), 0)
        if not dirty:
            return
        whole, names = max(dirty.values()) > FEW, [sql.Identifier(table) for table in dirty]
        if whole:
            steps = [sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(names))]
        else:
            steps = [sql.SQL("DELETE FROM {}").format(name) for name in names]
        again = (
            "INSERT INTO {0} OVERRIDING SYSTEM VALUE SELECT * FROM {1} WHERE NOT EXISTS (SELECT 1 FROM {0})"
        )
        for table in seeded if whole else dirty.keys() & seeded:
            steps.append(sql.SQL(again).format(sql.Identifier(table), sql.Identifier("seeds", table)))
        connection.execute(sql.SQL("; ").join(steps))


@cache
def _sweeper() -> psycopg.Connection:
    """A superuser whom no trigger and no row-level security hinders: of our own server, or of the one that is given."""
    from django.conf import settings
    from django.db import connections

    from sellerdesk.adapters.postgres import server

    name = connections["owner"].settings_dict["NAME"]
    own = settings.ENVIRONMENT.database is None
    connection = server.connect(settings.EMBEDDED_HOME, dbname=name) if own else owner_connection()
    connection.execute("SET session_replication_role = replica")
    return connection


def _changed(connection: psycopg.Connection, seeded: list[str]) -> list[str]:
    """The tables whose rows are not their seeds any more."""
    differs = sql.SQL(
        "SELECT {2} WHERE EXISTS (TABLE {0} EXCEPT TABLE {1}) OR EXISTS (TABLE {1} EXCEPT TABLE {0})"
    )
    asked = [
        differs.format(sql.Identifier(table), sql.Identifier("seeds", table), sql.Literal(table))
        for table in seeded
    ]
    return [row[0] for row in connection.execute(sql.SQL(" UNION ALL ").join(asked)).fetchall()]
