"""What an administrator should know before others rely on this installation."""

from dataclasses import dataclass

from django.db import connection

from sellerdesk.queries.readiness import pending_migrations

DURABILITY = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "remote_apply", "remote_write"),
}
MAJOR_MIN = 15


@dataclass(frozen=True)
class Finding:
    """One question and its answer."""

    name: str
    good: bool
    sentence: str


def database_findings() -> list[Finding]:
    """What the database server and our role in it are like; all of it as the application sees it."""
    return [*_role(), *_durability(), _version(), _schema()]


def _role() -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls,"
            " EXISTS (SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid AND relkind IN ('r', 'p')"
            " AND relnamespace = 'public'::regnamespace) FROM pg_roles WHERE rolname = current_user"
        )
        name, superuser, bypasses, owns = cursor.fetchone()
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")
        signed_in_as_superuser = bool(cursor.fetchone()[0])
    return [
        Finding("role", not (superuser or bypasses), f"The application works as {name}."),
        Finding("owner", not owns, f"{name} owns {'tables' if owns else 'no table'}."),
        Finding(
            "login",
            not signed_in_as_superuser,
            "The connection is opened by a superuser."
            if signed_in_as_superuser
            else "No superuser signs in.",
        ),
    ]


def _durability() -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s) ORDER BY name", [list(DURABILITY)]
        )
        found = dict(cursor.fetchall())
    return [
        Finding(name, found.get(name) in good, f"{name} is {found.get(name)}.")
        for name, good in DURABILITY.items()
    ]


def _version() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        number = int(cursor.fetchone()[0])
    major = number // 10_000
    return Finding(
        "version", major >= MAJOR_MIN, f"PostgreSQL is version {major}; {MAJOR_MIN} or newer is needed."
    )


def _schema() -> Finding:
    pending = pending_migrations()
    sentence = (
        f"{len(pending)} migrations wait for `sellerdesk migrate`."
        if pending
        else "The schema is up to date."
    )
    return Finding("schema", not pending, sentence)
