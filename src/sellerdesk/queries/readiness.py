"""Whether this installation can work: the database answers and its schema is the one of this code."""

from dataclasses import dataclass
from functools import cache

from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader
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
        connection.ensure_connection()
        return Readiness(database=True, schema=not pending_migrations())
    except (DatabaseError, PoolTimeout):
        return Readiness(database=False, schema=False)


def pending_migrations(*, using: str = "default") -> list[str]:
    """Names of migrations that this code has and the database has not.

    :raises DatabaseError: the database is away.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        known: set[tuple[str, str]] = set()
        if cursor.fetchone()[0]:
            cursor.execute("SELECT app, name FROM django_migrations")
            known = set(cursor.fetchall())
    return sorted(f"{app}.{name}" for app, name in _shipped() if (app, name) not in known)


@cache
def _shipped() -> frozenset[tuple[str, str]]:
    """Every migration of the installed code; reading them all takes a while and never changes."""
    return frozenset(MigrationLoader(None).graph.nodes)
