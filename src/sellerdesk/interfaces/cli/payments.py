"""`sellerdesk payments …`: refunds on their way to the payment side, and where both books differ."""

import json
from typing import Annotated, Any

import typer
from rich.table import Table

from sellerdesk.commands.transfers import hurry_transfers
from sellerdesk.config import clock
from sellerdesk.flows.payouts import pay_all, payment_side
from sellerdesk.interfaces.cli.asking import SellerId, acting_for, add_row, end, show_table, the_seller
from sellerdesk.interfaces.cli.server import AsJson
from sellerdesk.queries.payment_breaks import BreakView, payment_breaks

app = typer.Typer(add_completion=False, help="Refunds on their way, and where both books differ.")
MOST = 1000
OneSeller = Annotated[str, typer.Option("--seller", help="Only this seller: public id or number.")]
References = Annotated[list[str] | None, typer.Argument(help="References of refunds; none: all that wait.")]


@app.command()
def breaks(seller: OneSeller = "", settled: bool = False, as_json: AsJson = False) -> None:
    """List differences between our books and the payment side's, newest first. The exit code is 1 while any is open."""
    found = payment_breaks(the_seller(seller).id if seller else None, settled=settled, limit=MOST)
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in found]))
    elif found:
        table = Table("Seller", "Refund", "Kind", "Ours", "Theirs", "Found", "Settled")
        for one in found:
            said = (_side(one.ours), _side(one.theirs), one.found_at.isoformat(timespec="minutes"))
            add_row(table, one.seller_name, one.reference, one.kind, *said, one.reason)
        show_table(table)
    else:
        typer.echo("None." if settled else "Both books agree.")
    if found and not settled:
        raise typer.Exit(1)


@app.command()
def retry(references: References = None, seller: SellerId = "", as_json: AsJson = False) -> None:
    """Ask the payment side again now, instead of in a few minutes. What may have been paid is looked up first."""
    if not seller:
        end("--seller is missing.")
    now, actor = clock.now(), acting_for(seller)
    hurried = hurry_transfers(actor, references or None, now=now)
    ended = dict(pay_all(now, payment_side(), only=actor.seller_id)) if hurried else {}
    said = ", ".join(f"{count} {state}" for state, count in ended.items()) or "nothing was due"
    typer.echo(
        json.dumps({"hurried": hurried, "ended": ended}) if as_json else f"{hurried} made due: {said}."
    )


def _plain(one: BreakView) -> dict[str, Any]:
    return {
        "id": one.id,
        "seller": one.seller_name,
        "order_number": one.order_number,
        "reference": one.reference,
        "key": one.key,
        "kind": one.kind,
        "ours": one.ours,
        "theirs": one.theirs,
        "found_at": one.found_at.isoformat(),
        "resolved_at": one.resolved_at.isoformat() if one.resolved_at else None,
        "reason": one.reason,
    }


def _side(said: dict[str, Any]) -> str:
    return " ".join(str(said[name]) for name in ("amount", "currency", "state", "error") if said.get(name))
