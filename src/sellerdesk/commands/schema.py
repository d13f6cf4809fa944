"""The one command that is about the schema itself: what the application's role may do."""

from django.db import connections

from sellerdesk.models.guards import grant_statements


def grant_to_application(*, using: str = "owner") -> None:
    """Give the application's role its rights on every table, and take back those on append-only ones.

    Runs as the owner, after every migration, so that new tables are covered.
    """
    with connections[using].cursor() as cursor:
        for statement in grant_statements():
            cursor.execute(statement)
