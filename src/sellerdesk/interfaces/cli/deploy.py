"""`sellerdesk migrate` and `sellerdesk check`: for whoever runs an installation."""

import json
from dataclasses import asdict
from urllib.parse import urlsplit

import typer
from django.conf import settings
from django.core.checks import run_checks

from sellerdesk.config.clock import now
from sellerdesk.config.environment import SECRET_KEY_LENGTH_MIN
from sellerdesk.flows.database import CannotStart, database, is_embedded
from sellerdesk.flows.schema import SchemaRefused
from sellerdesk.flows.schema import migrate as migrate_schema
from sellerdesk.flows.terms import seed_terms
from sellerdesk.interfaces.cli.server import AsJson
from sellerdesk.queries.deployment import Finding, database_findings
from sellerdesk.queries.readiness import pending_migrations

app = typer.Typer(add_completion=False)
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@app.command()
def migrate(as_json: AsJson = False) -> None:
    """Bring the schema up to date."""
    with database():
        applied = migrate_now()
    if as_json:
        typer.echo(json.dumps({"applied": applied}))
    else:
        migrations = "one migration" if len(applied) == 1 else f"{len(applied)} migrations"
        typer.echo(f"Applied {migrations}." if applied else "The schema was up to date.")


@app.command()
def check(as_json: AsJson = False) -> None:
    """Look for what should not be so where others rely on it; 1 on any warning."""
    with database():
        findings = [*settings_findings(), *database_findings()]
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            typer.echo(f"{'ok  ' if finding.good else 'WARN'}  {finding.name}: {finding.sentence}")
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


def migrate_now() -> list[str]:
    """Migrate the database that we have, and bring the policies and holidays that ship with the product into it.

    :raises CannotStart: its owner may not.
    """
    try:
        applied = migrate_schema()
    except SchemaRefused as error:
        raise CannotStart(str(error)) from error
    seed_terms(now().date())
    return applied


def see_to_schema() -> None:
    """Our own database follows the code by itself; somebody else's when its administrator says so.

    :raises CannotStart: the schema is not the one of this version.
    """
    if is_embedded():
        migrate_now()
    elif pending_migrations(using="owner"):
        raise CannotStart("The schema is not the one of this version: run `sellerdesk migrate` first.")


def settings_findings() -> list[Finding]:
    """What the settings are like, and what Django itself has to say."""
    address = urlsplit(settings.BASE_URL)
    private = address.scheme == "https" or address.hostname in LOOPBACK
    strong = len(settings.SECRET_KEY) >= SECRET_KEY_LENGTH_MIN and len(set(settings.SECRET_KEY)) > 8
    shift, payer = settings.ENVIRONMENT.clock_offset, settings.ENVIRONMENT.stripe
    return [
        Finding("debug", not settings.DEBUG, f"SELLERDESK_DEBUG is {'on' if settings.DEBUG else 'off'}."),
        Finding("demo", not settings.DEMO, f"SELLERDESK_DEMO is {'on' if settings.DEMO else 'off'}."),
        Finding(
            "clock", not shift, f"The clock is shifted by {shift}." if shift else "The clock is not shifted."
        ),
        Finding(
            "secret", strong, "The secret key is strong." if strong else "The secret key can be guessed."
        ),
        Finding(
            "address",
            private,
            f"{settings.BASE_URL} is {'safe' if private else 'reached over plain http: use https'}.",
        ),
        Finding(
            "payments",
            address.hostname in LOOPBACK if payer is None else not payer.is_test,
            "Refunds are written into a folder, where nobody pays them; SELLERDESK_PAYMENTS names who does."
            if payer is None
            else f"Refunds are paid through Stripe{' with play money: its key is a test key' * payer.is_test}.",
        ),
        *(Finding(found.id or "django", False, found.msg) for found in run_checks()),
    ]
