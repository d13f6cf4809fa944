"""`sellerdesk orders …`: the desk from a terminal."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from sellerdesk.commands.shipments import confirm_shipments
from sellerdesk.config.clock import now
from sellerdesk.domain import marketplaces
from sellerdesk.domain.orders import Status
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Refusal
from sellerdesk.domain.shipments import PackageRequest, ShipmentRequest
from sellerdesk.flows.imports import import_orders
from sellerdesk.interfaces.cli import order_cancel
from sellerdesk.interfaces.cli.asking import acting_for, end, show_table
from sellerdesk.interfaces.cli.order_answers import list_table, listed, show_tables, shown
from sellerdesk.interfaces.cli.refusals import printable, sentence
from sellerdesk.interfaces.cli.server import AsJson
from sellerdesk.queries.api_orders import Filters, Position, Sight, one_order, orders_page
from sellerdesk.queries.order_detail import order_detail
from sellerdesk.wire import fields, times
from sellerdesk.wire.source import Binary

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Orders: import, list, show, ship and cancel them."
)

SellerKey = Annotated[str, typer.Option("--seller", help="The seller's id.")]
_MOST_DAYS = 36_500
_MOST_ORDERS = 1_000
STATES = ("imported", "updated", "unchanged", "refused")


app.command("cancel")(order_cancel.cancel)


@app.callback()
def orders() -> None:
    """Work on a seller's orders."""


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The file; - reads standard input.", allow_dash=True)],
    seller: SellerKey,
    encoding: Annotated[str, typer.Option(help="How the file is encoded, when it is not UTF-8.")] = "",
    marketplace: Annotated[
        str, typer.Option(help="Country or id, for reports without a column of sales channels.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Take orders in from SP-API JSON (either Orders API), JSON lines or an order report.

    One line for each order, then a summary. With --json, JSON lines: one for each order, then the summary.
    The exit code is 1 when an order was refused.
    """
    actor = acting_for(seller)
    counts: Counter[str] = Counter()
    try:
        place = _marketplace(marketplace)
        with _opened(file) as stream:
            outcomes = import_orders(stream, actor=actor, now=now(), encoding=encoding, marketplace_id=place)
            for outcome in outcomes:
                counts[outcome.state] += 1
                typer.echo(json.dumps(_facts(outcome), default=str) if as_json else _row(outcome))
    except Refusal as refusal:
        raise typer.BadParameter(sentence(refusal)) from refusal
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}") from error
    summary = {state: counts[state] for state in STATES}
    typer.echo(json.dumps({"summary": summary}) if as_json else _summary(summary))
    if counts["refused"]:
        raise typer.Exit(1)


@app.command("list")
def list_(
    seller: SellerKey,
    status: Annotated[
        list[Status] | None, typer.Option(help="Only these; any number of times.", case_sensitive=False)
    ] = None,
    days: Annotated[
        int | None, typer.Option(help="Placed within that many days.", min=1, max=_MOST_DAYS)
    ] = None,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=_MOST_ORDERS)] = 50,
    after: Annotated[str, typer.Option(help="Go on after this order: the last one of the page before.")] = "",
    as_json: AsJson = False,
) -> None:
    """List orders, the newest first. Nothing personal is shown.

    With --json: an object with the orders and, under `next`, what to give as --after for the next page.
    """
    seller_id = acting_for(seller).seller_id or 0
    sight = Sight(buyers=False, money=True)
    since = now() - timedelta(days=days) if days else None
    filters = Filters(statuses=tuple(one.value for one in status or ()), placed_after=since)
    position = None
    if after:
        found = one_order(seller_id, printable(after), sight)
        if found is None:
            raise typer.BadParameter(f"there is no order {printable(after)}", param_hint="--after")
        position = Position(found.head.placed_at, after)
    views, ended = orders_page(seller_id, filters, sight, after=position, limit=limit)
    following = ended.order_number if ended else None
    if as_json:
        answer = {"orders": [listed(view) for view in views], "next": following}
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    show_table(list_table(views))
    if following:
        typer.echo(f"There are more: --after {following}")


@app.command()
def show(
    order: Annotated[str, typer.Argument(help="The order's number.")],
    seller: SellerKey,
    as_json: AsJson = False,
) -> None:
    """Show one order: items, packages, deadlines, timeline. Nothing personal is shown."""
    found = order_detail(acting_for(seller).seller_id or 0, printable(order), personal=False)
    if found is None:
        end(f"there is no order {printable(order)}.")
    if as_json:
        typer.echo(json.dumps(shown(found), ensure_ascii=False))
        return
    for table in show_tables(found):
        if table.row_count:
            show_table(table)


@app.command()
def ship(
    order: Annotated[str, typer.Argument(help="The order's number.")],
    seller: SellerKey,
    carrier: Annotated[str, typer.Option(help="The carrier's code; another carrier's name after Other:.")],
    tracking: Annotated[str, typer.Option(help="The tracking number.")] = "",
    item: Annotated[
        list[str] | None,
        typer.Option(help="ITEM:QUANTITY, any number of times; all that is left without it."),
    ] = None,
    service: Annotated[str, typer.Option(help="The shipping service.")] = "",
    ship_date: Annotated[str, typer.Option(help="When it was handed over, ISO 8601; now without it.")] = "",
    memo: Annotated[str, typer.Option(help="A private note.")] = "",
    as_json: AsJson = False,
) -> None:
    """Confirm a parcel. The buyer is charged now. The exit code is 1 when it was refused."""
    code, _, name = carrier.partition(":")
    moment = now()
    try:
        shipped_at = times.parse(ship_date, place="--ship-date") if ship_date else moment
    except Refusal as refusal:
        raise typer.BadParameter(sentence(refusal)) from refusal
    package = PackageRequest(
        code, tracking, shipped_at, _quantities(item or []), carrier_name=name, service=service, memo=memo
    )
    [outcome] = confirm_shipments(
        acting_for(seller), [ShipmentRequest(printable(order), (package,))], now=moment
    )
    typer.echo(json.dumps(_facts(outcome), default=str) if as_json else _shipped(outcome))
    if outcome.refusal is not None:
        raise typer.Exit(1)


def _quantities(given: list[str]) -> dict[str, int] | None:
    """`ITEM:QUANTITY` each; the same item twice adds up. None when nothing was given."""
    lines: dict[str, int] = {}
    for word in given:
        number, _, quantity = word.rpartition(":")
        if not (
            number and quantity.isascii() and quantity.isdigit() and len(quantity) < len(str(fields.WHOLE))
        ):
            raise typer.BadParameter(f"{word} is not ITEM:QUANTITY", param_hint="--item")
        lines[number] = lines.get(number, 0) + int(quantity)
    return lines or None


def _shipped(outcome: Outcome) -> str:
    if outcome.refusal is not None:
        return f"{outcome.order_number}: refused ({sentence(outcome.refusal)})"
    late = " late" if outcome.facts.get("late") else ""
    status, package = outcome.facts["status"], outcome.facts["references"][-1]
    return f"{outcome.order_number}: confirmed{late}, {status}, package {package}"


def _marketplace(key: str) -> str:
    if not key or key in marketplaces.MARKETPLACES:
        return key
    return marketplaces.by_country(key).id


@contextmanager
def _opened(file: Path) -> Iterator[Binary]:
    """The file or standard input; on a terminal with a progress bar over the file's bytes."""
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    console = Console(stderr=True)
    with file.open("rb") as stream:
        if not console.is_terminal:
            yield stream
            return
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        with (
            Progress(*columns, console=console, transient=True) as bar,
            bar.wrap_file(stream, total=file.stat().st_size, description="Importing") as watched,
        ):
            yield watched


def _facts(outcome: Outcome) -> dict[str, object]:
    facts: dict[str, object] = {
        "place": outcome.place,
        "order_number": outcome.order_number,
        "state": outcome.state,
    }
    if outcome.facts:
        facts["facts"] = outcome.facts
    if outcome.refusal is not None:
        facts["refusal"] = {
            "code": outcome.refusal.code.value,
            "facts": outcome.refusal.facts,
            "sentence": sentence(outcome.refusal),
        }
    return facts


def _row(outcome: Outcome) -> str:
    words = [f"{outcome.place}:", outcome.state, outcome.order_number]
    line = " ".join(word for word in words if word)
    return f"{line} ({sentence(outcome.refusal)})" if outcome.refusal is not None else line


def _summary(summary: dict[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in summary.items()) + "."
