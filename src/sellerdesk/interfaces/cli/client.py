"""`sellerdesk client …`: credentials of programs."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from sellerdesk.commands import accounts
from sellerdesk.config.clock import now
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.refusals import Refusal
from sellerdesk.interfaces.cli.asking import (
    RANDOM,
    SellerId,
    add_row,
    administrator,
    end,
    show_table,
    the_seller,
)
from sellerdesk.interfaces.cli.refusals import sentence
from sellerdesk.interfaces.cli.server import AsJson
from sellerdesk.queries.accounts import ClientView, clients

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Credentials of programs.")
Name = Annotated[str, typer.Option(help="What the program is called in timelines.")]
Scopes = Annotated[
    str, typer.Option(help="What it may do, with commas; everything a program may do when absent.")
]
MaybeSeller = Annotated[str | None, typer.Option("--seller", help="Only this seller's.")]
ClientId = Annotated[str, typer.Argument(help="amzn1.application-oa2-client.…")]


@app.command()
def create(seller: SellerId, name: Name = "program", scopes: Scopes = "", as_json: AsJson = False) -> None:
    """Make credentials for a program of a seller: SP-API, native API and MWS. They are shown this once."""
    granted = _scopes(scopes) if scopes else accounts.USUAL_SCOPES
    actor = administrator(the_seller(seller).id)
    try:
        made = accounts.create_client(actor, name, now=now(), randomness=RANDOM, scopes=granted)
    except Refusal as refusal:
        end(f"{sentence(refusal)}.")
    if as_json:
        typer.echo(json.dumps(asdict(made)))
        return
    for field, value in asdict(made).items():
        typer.echo(f"{field:14} {' '.join(value) if isinstance(value, tuple) else value}")


@app.command("list")
def show(seller: MaybeSeller = None, as_json: AsJson = False) -> None:
    """Show programs; their secrets are not kept."""
    found = clients(None if seller is None else the_seller(seller).id)
    if as_json:
        typer.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False))
        return
    table = Table("Client", "Name", "Seller", "Scopes", "Since", "Revoked")
    for one in found:
        revoked = one.revoked_at.date().isoformat() if one.revoked_at else ""
        since = one.created_at.date().isoformat()
        add_row(table, one.client_id, one.name, one.seller_public_id, " ".join(one.scopes), since, revoked)
    show_table(table)


@app.command()
def revoke(client_id: ClientId, as_json: AsJson = False) -> None:
    """Take a program's credentials and tokens away, at once."""
    try:
        changed = accounts.revoke_client(administrator(None), client_id, now=now())
    except Refusal as refusal:
        end(f"{sentence(refusal)}.")
    if as_json:
        typer.echo(json.dumps({"client_id": client_id, "revoked": True, "changed": changed}))
    else:
        typer.echo(f"{client_id} is revoked." if changed else f"{client_id} was revoked before.")


def _scopes(text: str) -> list[Permission]:
    try:
        return [Permission(word.strip()) for word in text.split(",") if word.strip()]
    except ValueError as error:
        known = ", ".join(sorted(one.value for one in accounts.PROGRAM_SCOPES))
        raise typer.BadParameter(f"{error}; known are {known}", param_hint="--scopes") from error


def _plain(one: ClientView) -> dict[str, object]:
    return {
        "client_id": one.client_id,
        "name": one.name,
        "seller_id": one.seller_public_id,
        "scopes": one.scopes,
        "created_at": one.created_at.isoformat(),
        "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
    }
