"""`sellerdesk user …`: people who sign in."""

import json
import sys
from typing import Annotated

import typer

from sellerdesk.commands import accounts
from sellerdesk.config.clock import now
from sellerdesk.domain.actors import Role
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.interfaces.cli.asking import RANDOM, administrator, end, the_seller
from sellerdesk.interfaces.cli.refusals import printable, sentence
from sellerdesk.interfaces.cli.server import AsJson

app = typer.Typer(add_completion=False, no_args_is_help=True, help="People who sign in.")
Email = Annotated[str, typer.Option(help="What the person signs in with.")]
MaybeSeller = Annotated[str | None, typer.Option("--seller", help="The seller: public id or number.")]
MaybeRole = Annotated[Role | None, typer.Option(help="What the person does for the seller.")]
FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input; else one is made.")
]
Operator = Annotated[bool, typer.Option("--operator", help="The person works for the marketplace itself.")]
# No letters that look like others: it is typed once from a screen.
_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 20


@app.callback()
def group() -> None:
    """People who sign in."""


@app.command()
def create(
    email: Email,
    seller: MaybeSeller = None,
    role: MaybeRole = None,
    *,
    operator: Operator = False,
    password_stdin: FromInput = False,
    as_json: AsJson = False,
) -> None:
    """Make somebody of a seller's staff, or the marketplace's operator."""
    if operator == (seller is not None) or (seller is None) != (role is None):
        raise typer.BadParameter("give --seller with --role, or --operator alone")
    password = _from_input() if password_stdin else _made()
    try:
        if seller is not None and role is not None:
            acts_for = the_seller(seller)
            actor, members = administrator(acts_for.id), [(acts_for.id, role)]
            made = accounts.create_user(actor, email, password, memberships=members, now=now())
        else:
            made = accounts.create_operator(email, password, now=now())
    except Refusal as refusal:
        known = refusal.code is Code.DUPLICATE_REQUEST
        end(f"{printable(email)} is here already." if known else f"{sentence(refusal)}.")
    shown = password if made.is_new and not password_stdin else None
    if as_json:
        said = {"user": made.id, "email": made.email, "is_new": made.is_new, "password": shown}
        typer.echo(json.dumps(said))
        return
    typer.echo(
        f"{made.email} may sign in." if made.is_new else f"{made.email} was known and is a member now."
    )
    if shown:
        typer.echo(f"Password, shown this once: {shown}")


def _from_input() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _made() -> str:
    return "".join(_LETTERS[RANDOM.randrange(0, len(_LETTERS))] for _ in range(_LENGTH))
