"""What the administrators' commands share: who acts, which seller is meant, how a command ends."""

import random
import sys
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.interfaces.cli.refusals import printable
from sellerdesk.queries.sellers import SellerView, find_seller

SellerId = Annotated[str, typer.Option("--seller", help="The seller: public id or number.")]
_WIDE = 400
RANDOM = random.SystemRandom()


def administrator(seller_id: int | None) -> Actor:
    """Whoever can run commands on this machine acts for the marketplace."""
    return Actor(Party.AMAZON, "administrator", Door.CLI, seller_id)


def the_seller(text: str) -> SellerView:
    """The seller that is meant; ends the command with 1 when there is none."""
    found = find_seller(printable(text))
    if found is None:
        end(f"there is no seller {printable(text)!r}.")
    return found


def acting_for(seller: str) -> Actor:
    """The administrator at the terminal, acting for one seller.

    Raises BadParameter when there is none of this id.
    """
    found = find_seller(printable(seller))
    if found is None:
        raise typer.BadParameter(f"there is no seller {printable(seller)}", param_hint="--seller")
    return Actor(Party.SELLER, "command line", Door.CLI, found.id)


def add_row(table: Table, *cells: str) -> None:
    """Add a row as it is: brackets are no markup, control characters are shown as escapes."""
    table.add_row(*(Text(printable(cell)) for cell in cells))


def show_table(table: Table) -> None:
    """Print a table: as wide as the terminal, or wide enough for whole ids where there is none."""
    console = Console()
    (console if console.is_terminal else Console(width=_WIDE)).print(table)


def end(words: str) -> NoReturn:
    """End the command: the work was refused."""
    print(f"sellerdesk: {words}", file=sys.stderr)
    raise typer.Exit(1)
