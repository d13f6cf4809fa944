"""Whether this installation can work: the database answers and its schema is the one of this code."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pkgutil import iter_modules

from django.conf import settings
from django.db import DatabaseError, connections
from psycopg_pool import PoolTimeout


@dataclass(frozen=True)
class Readiness:
    """What was found."""

    database: bool
    schema: bool

    @property
    def ready(self) -> bool:
        """Whether requests can be answered."""
        return self.database and self.schema


def is_ready() -> Readiness:
    """Ask the database; never raises."""
    try:
        return Readiness(database=True, schema=not pending_migrations())
    except (DatabaseError, PoolTimeout):
        return Readiness(database=False, schema=False)


def pending_migrations(*, using: str = "default") -> list[str]:
    """Names of migrations that this code has and the database has not.

    Asked below Django's cursors, which warn while applications are still being loaded.

    :raises DatabaseError: the database is away.
    """
    chosen = connections[using]
    chosen.ensure_connection()
    with chosen.wrap_database_errors, chosen.connection.cursor() as cursor:
        known: set[tuple[str, str]] = set()
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if cursor.fetchone()[0]:
            cursor.execute("SELECT app, name FROM django_migrations")
            known = set(cursor.fetchall())
    return sorted(f"{app}.{name}" for app, name in _shipped() if (app, name) not in known)


@cache
def _shipped() -> frozenset[tuple[str, str]]:
    """Application and name of every migration of the installed code, by the names of their files.

    Django's own loader imports them all, which takes longer than everything else at start.
    """
    found = set()
    for application in settings.INSTALLED_APPS:
        spec = find_spec(f"{application}.migrations")
        for module in iter_modules(spec.submodule_search_locations if spec else []):
            if module.name[0] not in "_~":
                found.add((application.rpartition(".")[2], module.name))
    return frozenset(found)
