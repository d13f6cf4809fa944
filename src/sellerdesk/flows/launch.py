"""Getting a database to work on, and its schema up to date."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connections

from sellerdesk.adapters.postgres import roles, server
from sellerdesk.adapters.postgres.binaries import NoPostgres
from sellerdesk.commands.schema import grant_to_application


class CannotStart(RuntimeError):
    """The database is not to be had; the message is one sentence for people."""


@contextmanager
def database() -> Iterator[None]:
    """Have a database for as long as the block runs.

    With SELLERDESK_DATABASE_URL the server is somebody else's and only asked whether it is there. Otherwise the
    embedded server is started, or shared if another process of ours has started it, and the last one stops it.

    :raises CannotStart: no database.
    """
    if settings.ENVIRONMENT.database is not None:
        check_reachable()
        yield
        return
    try:
        share = server.join(settings.EMBEDDED_HOME, settings.ENVIRONMENT.postgres_bin)
    except (server.ServerFailed, NoPostgres, OSError, RuntimeError) as error:
        raise CannotStart(str(error)) from error
    try:
        server.ensure_database(
            settings.EMBEDDED_HOME, name=settings.EMBEDDED_DATABASE, owner=settings.EMBEDDED_OWNER
        )
        yield
    finally:
        close_connections()
        share.leave()


def keep_database() -> None:
    """Start the embedded server again if its supervisor was killed; called now and then by who must live long."""
    if settings.ENVIRONMENT.database is None and not server.is_supervised(settings.EMBEDDED_HOME):
        server.join(settings.EMBEDDED_HOME, settings.ENVIRONMENT.postgres_bin)


def check_reachable() -> None:
    """See that the configured server answers.

    :raises CannotStart: it does not; the sentence names the host, never the password.
    """
    try:
        connections["owner"].ensure_connection()
    except OperationalError as error:
        given = connections["owner"].settings_dict
        place = f"{given['HOST'] or 'localhost'}:{given['PORT'] or 5432}/{given['NAME']}"
        reason = str(error.__cause__ or error).strip().splitlines()[-1].split("FATAL:")[-1].strip()
        raise CannotStart(f"SELLERDESK_DATABASE_URL: the database at {place} does not answer ({reason}).") from error


def migrate(say: Callable[[str], None] = lambda _line: None) -> None:
    """Bring the schema up to date as the owner: the application's role, the tables, the role's rights.

    :raises CannotStart: the owner may not do so.
    """
    owner = connections["owner"]
    owner.ensure_connection()
    raw: psycopg.Connection = owner.connection
    try:
        roles.ensure_app_role(raw)
    except roles.RoleRefused as error:
        raise CannotStart(str(error)) from error
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    grant_to_application()
    say("The schema is up to date.")
    owner.close()


def close_connections() -> None:
    """Let go of every connection of this process, pooled ones too."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.settings_dict["OPTIONS"].get("pool"):
            connection.close_pool()
