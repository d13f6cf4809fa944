"""`sellerdesk sweep`: everything that is due, once."""

import json
from datetime import datetime
from typing import Annotated

import typer

from sellerdesk.config import clock
from sellerdesk.flows.notices import drain_journal, send_mails
from sellerdesk.flows.payouts import pay_all, payment_side
from sellerdesk.flows.sweep import sweep as sweep_deadlines
from sellerdesk.interfaces.cli.server import AsJson

app = typer.Typer(add_completion=False)
At = Annotated[str, typer.Option(help="As if it were this moment (ISO 8601 with a zone), not now.")]


@app.command()
def sweep(at: At = "", as_json: AsJson = False) -> None:
    """Do everything that is due, once: fire deadlines, pay refunds, owe the mails that follow, send those that are due.

    The exit code is 1 when a deadline failed; it is tried again next time.
    """
    now = _moment(at) if at else clock.now()
    fired = sweep_deadlines(now)
    paid = pay_all(now, payment_side())
    read = drain_journal(now)
    mails = send_mails(now)
    said = {
        "at": now.isoformat(),
        "fired": dict(fired.fired),
        "late": fired.late,
        "void": fired.void,
        "skipped": fired.skipped,
        "failed": fired.failed,
        "refunds": dict(paid),
        "journal_entries_read": read,
        "mails": {"sent": mails.sent, "again": mails.again, "dead": mails.dead, "void": mails.void},
    }
    typer.echo(json.dumps(said) if as_json else _words(said))
    if fired.failed:
        raise typer.Exit(1)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text} is no moment such as 2027-03-31T10:00:00Z", param_hint="--at"
        ) from error
    if moment.tzinfo is None:
        raise typer.BadParameter(f"{text} has no zone; add Z or an offset", param_hint="--at")
    return moment


def _words(said: dict[str, object]) -> str:
    lines = [f"At {said['at']}"]
    for name, value in said.items():
        if isinstance(value, dict):
            lines += [f"  {name} {kind}: {count}" for kind, count in value.items()]
        elif name != "at":
            lines.append(f"  {name.replace('_', ' ')}: {value}")
    return "\n".join(lines)
