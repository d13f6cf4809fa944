"""`sellerdesk seller …`: the sellers of this installation."""

import json
from typing import Annotated

import typer
from rich.table import Table

from sellerdesk.commands import accounts
from sellerdesk.config.clock import now
from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.refusals import Refusal
from sellerdesk.interfaces.cli.asking import RANDOM, add_row, administrator, end, show_table
from sellerdesk.interfaces.cli.refusals import sentence
from sellerdesk.interfaces.cli.server import AsJson
from sellerdesk.queries.accounts import SellerEntry, sellers

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Sellers.")
Name = Annotated[str, typer.Option(help="The name of the business.")]
Places = Annotated[str, typer.Option(help="Countries or marketplace ids, with commas: US,JP.")]


@app.command()
def create(name: Name, marketplaces: Places, as_json: AsJson = False) -> None:
    """Make a seller that sells on some marketplaces."""
    try:
        made = accounts.create_seller(
            administrator(None), name, marketplaces.split(","), now=now(), randomness=RANDOM
        )
    except Refusal as refusal:
        end(f"{sentence(refusal)}.")
    if as_json:
        found = {
            "seller_id": made.public_id,
            "number": made.id,
            "name": made.name,
            "marketplaces": made.marketplaces,
        }
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        typer.echo(
            f"{made.name} is seller {made.public_id} (number {made.id}) on {_labels(made.marketplaces)}."
        )


@app.command("list")
def show(as_json: AsJson = False) -> None:
    """Show all sellers."""
    found = sellers()
    if as_json:
        typer.echo(json.dumps([_plain(seller) for seller in found], ensure_ascii=False))
        return
    table = Table("Seller", "Number", "Name", "Marketplaces", "Since")
    for seller in found:
        since = seller.created_at.date().isoformat()
        add_row(table, seller.public_id, str(seller.id), seller.name, _labels(seller.marketplaces), since)
    show_table(table)


def _plain(seller: SellerEntry) -> dict[str, object]:
    return {
        "seller_id": seller.public_id,
        "number": seller.id,
        "name": seller.name,
        "country": seller.country,
        "marketplaces": seller.marketplaces,
        "created_at": seller.created_at.isoformat(),
    }


def _labels(ids: tuple[str, ...]) -> str:
    return ", ".join(MARKETPLACES[one].label if one in MARKETPLACES else one for one in ids)
