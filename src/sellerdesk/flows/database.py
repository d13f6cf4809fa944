"""Having a database for a while: the configured server, or the embedded one, started and shared as needed.

Works with Django's settings alone, before its applications are loaded.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, connections

from sellerdesk.adapters.postgres import server
from sellerdesk.adapters.postgres.binaries import NoPostgres


class CannotStart(RuntimeError):
    """The database is not to be had; the message is one sentence for people."""


@contextmanager
def database() -> Iterator[None]:
    """Have a database for as long as the block runs.

    With SELLERDESK_DATABASE_URL the server is somebody else's and only asked whether it is there. Otherwise the
    embedded server is started, or shared if another process of ours has started it, and the last one stops it.

    :raises CannotStart: no database.
    """
    if not is_embedded():
        check_reachable()
        try:
            yield
        finally:
            close_connections()
        return
    share = _join()
    try:
        yield
    finally:
        close_connections()
        share.leave()


def is_embedded() -> bool:
    """Whether the database is our own child and not somebody else's server."""
    return settings.ENVIRONMENT.database is None


def keep_running() -> None:
    """Start the embedded server again if its supervisor was killed; called now and then by who lives long.

    :raises CannotStart: it does not come back.
    """
    if is_embedded() and not server.is_supervised(settings.EMBEDDED_HOME):
        _join().leave()


def check_reachable() -> None:
    """See that the configured server answers.

    :raises CannotStart: it does not; the sentence names the place, never the password.
    """
    try:
        connections["owner"].ensure_connection()
    except OperationalError as error:
        given = connections["owner"].settings_dict
        place = f"{given['HOST'] or 'localhost'}:{given['PORT'] or 5432}/{given['NAME']}"
        said = (str(error).strip().splitlines() or ["no answer"])[0]
        reason = said.split("FATAL:")[-1].split("failed:")[-1].strip().rstrip(".")
        raise CannotStart(
            f"SELLERDESK_DATABASE_URL: the database at {place} does not answer ({reason})."
        ) from error
    connections["owner"].close()


def close_connections() -> None:
    """Let go of every connection of this process, pooled ones too."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.settings_dict["OPTIONS"].get("pool"):
            connection.close_pool()  # type: ignore[attr-defined]


def _join() -> server.Joined:
    try:
        share = server.join(settings.EMBEDDED_HOME, settings.ENVIRONMENT.postgres_bin)
        server.ensure_database(
            settings.EMBEDDED_HOME, name=settings.EMBEDDED_DATABASE, owner=settings.EMBEDDED_OWNER
        )
    except (server.ServerFailed, NoPostgres, OSError, RuntimeError) as error:
        raise CannotStart(str(error)) from error
    return share
