"""Bringing the schema up to date."""

import psycopg
from django.core.management import call_command
from django.db import connections

from sellerdesk.adapters.postgres import roles
from sellerdesk.commands.schema import grant_to_application
from sellerdesk.queries.readiness import pending_migrations

# Two processes that start at once must not migrate at once; the second one waits and finds nothing to do.
ADVISORY_LOCK = 7_355_608


class SchemaRefused(RuntimeError):
    """The schema cannot be changed or is not ours; the message is one sentence for people."""


def migrate() -> list[str]:
    """Bring the schema up to date as the owner: the application's role, the tables, the role's rights.

    :return: the names of the migrations that were applied.
    :raises SchemaRefused: the owner may not create or assume the application's role.
    """
    owner = connections["owner"]
    owner.ensure_connection()
    raw: psycopg.Connection = owner.connection
    with owner.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
    try:
        roles.ensure_app_role(raw)
        pending = pending_migrations(using="owner")
        if pending:
            call_command("migrate", database="owner", interactive=False, verbosity=0)
        grant_to_application()
    except roles.RoleRefused as error:
        raise SchemaRefused(str(error)) from error
    finally:
        owner.close()
    return pending
