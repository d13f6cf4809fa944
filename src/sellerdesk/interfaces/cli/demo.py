"""`sellerdesk demo`: load the demonstration world, or fill a big seller."""

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sellerdesk.config import clock
from sellerdesk.demo import bulk
from sellerdesk.demo.people import SELLERS, credentials, logins, portal_logins
from sellerdesk.demo.world import load_world
from sellerdesk.interfaces.cli.server import AsJson
from sellerdesk.queries.sellers import SellerView, find_seller

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    orders: Annotated[int, typer.Option(help="Add so many orders to one big seller instead.", min=0)] = 0,
    seller: Annotated[str, typer.Option(help="The big seller's id; without it one is made.")] = "",
    as_json: AsJson = False,
) -> None:
    """Load the demonstration world, once: two sellers and their orders, with people who can sign in.

    With --orders nothing of that, but so many orders of two years for one seller, made by the database itself.
    """
    if orders:
        _fill(_big_seller(seller), orders, as_json=as_json)
        return
    if seller:
        raise typer.BadParameter("it needs --orders", param_hint="--seller")
    loaded = load_world(clock.now())
    if as_json:
        typer.echo(json.dumps(_facts() | {"was_there": loaded.was_there, "steps": loaded.steps}))
        return
    out = Console(soft_wrap=True, highlight=False, markup=False)
    out.print(
        "The demonstration world was there already."
        if loaded.was_there
        else f"The demonstration world is loaded: {loaded.steps} things happened in it."
    )
    for who, email, password in (*logins(), *portal_logins()):
        out.print(f"  {who}: {email} / {password}")
    for one in SELLERS:
        made = credentials(one)
        out.print(f"Program of {one.name} (seller id {made.seller_id}):")
        for name in ("client_id", "client_secret", "refresh_token", "access_key", "secret_key"):
            out.print(f"  {name}: {getattr(made, name)}")


def _big_seller(key: str) -> SellerView:
    found = find_seller(key) if key else bulk.open_big_seller(clock.now())
    if found is None:
        raise typer.BadParameter(f"there is no seller {key}", param_hint="--seller")
    return found


def _fill(seller: SellerView, count: int, *, as_json: bool) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("orders", total=count)
        has = bulk.add_orders(
            seller.id, count, now=clock.now(), progress=lambda done: bar.advance(task, done)
        )
    facts = {"seller_id": seller.public_id, "added": count, "orders": has}
    typer.echo(
        json.dumps(facts)
        if as_json
        else f"{seller.name} (seller id {seller.public_id}) has {has} orders, {count} of them new."
    )


def _facts() -> dict[str, object]:
    people = [{"who": who, "email": email, "password": password} for who, email, password in logins()]
    clients = [asdict(credentials(one)) | {"seller": one.name} for one in SELLERS]
    return {"logins": people, "buyers": [email for _, email, _ in portal_logins()], "clients": clients}
