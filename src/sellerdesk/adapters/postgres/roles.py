"""The application's role: it owns nothing, so that no code of ours can change the schema or switch off a guard."""

from contextlib import suppress

import psycopg
from psycopg import sql

APP_ROLE = "sellerdesk_app"


class RoleRefused(RuntimeError):
    """The owner of the database may not create or use the application's role; one sentence for people."""


def ensure_app_role(connection: psycopg.Connection) -> None:
    """Create the role if it is missing, and let it use every table that the owner will create.

    Call it before migrations, as the owner. Tables that need tighter grants (the journal) get them in their own
    migration, so what exists already is left alone.

    :raises RoleRefused: the owner lacks CREATEROLE, or may not assume the role.
    """
    role = sql.Identifier(APP_ROLE)
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone()
    try:
        if not found:
            _create_role(connection, role)
        may = connection.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [APP_ROLE]).fetchone()
        if not found or not may or not may[0]:
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
    except psycopg.errors.InsufficientPrivilege as error:
        raise RoleRefused(
            f"The database user may not create or assume the role {APP_ROLE}: let an administrator run "
            f'"CREATE ROLE {APP_ROLE} NOLOGIN; GRANT {APP_ROLE} TO <that user>" once.'
        ) from error
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
    ):
        connection.execute(sql.SQL(statement).format(role))


def _create_role(connection: psycopg.Connection, role: sql.Identifier) -> None:
    # Another process may have created it a moment ago; roles belong to the whole server.
    with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN NOBYPASSRLS").format(role))
