"""`sellerdesk verify`: the invariants and the journal, read-only."""

import json
from dataclasses import asdict

import typer

from sellerdesk.interfaces.cli.server import AsJson
from sellerdesk.queries.verify import SHOWN_MAX, Finding
from sellerdesk.queries.verify import verify as ask

app = typer.Typer(add_completion=False)


@app.command()
def verify(as_json: AsJson = False) -> None:
    """Check what must always be true of all sellers' orders, money, deadlines and journal. Changes nothing.

    The exit code is 1 when anything is wrong. With --json, one JSON object for each violation, then a summary.
    """
    wrong, rules = 0, 0
    for finding in ask():
        rules += 1
        wrong += finding.count
        _tell(finding, as_json=as_json)
    if as_json:
        typer.echo(json.dumps({"rules": rules, "violations": wrong}))
    else:
        typer.echo(f"{rules} rules: {wrong} violations." if wrong else f"{rules} rules hold.")
    if wrong:
        raise typer.Exit(1)


def _tell(finding: Finding, *, as_json: bool) -> None:
    for one in finding.violations:
        if as_json:
            typer.echo(json.dumps(asdict(one)))
        else:
            typer.echo(
                f"{one.invariant} {one.rule}: seller {one.seller}, order {one.order_number}: {one.says}"
            )
    if finding.count > SHOWN_MAX and not as_json:
        typer.echo(f"{finding.rule.invariant} {finding.rule.name}: and {finding.count - SHOWN_MAX} more")
