"""`sellerdesk demo`: load the demonstration world."""

import json
from dataclasses import asdict

import typer
from rich.console import Console

from sellerdesk.config import clock
from sellerdesk.demo.people import SELLERS, credentials, logins
from sellerdesk.demo.world import load_world
from sellerdesk.interfaces.cli.server import AsJson

app = typer.Typer(add_completion=False)


@app.command()
def demo(as_json: AsJson = False) -> None:
    """Load the demonstration world: two sellers and their orders, with people who can sign in. Once."""
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
    for who, email, password in logins():
        out.print(f"  {who}: {email} / {password}")
    for seller in SELLERS:
        made = credentials(seller)
        out.print(f"Program of {seller.name} (seller id {made.seller_id}):")
        for name in ("client_id", "client_secret", "refresh_token", "access_key", "secret_key"):
            out.print(f"  {name}: {getattr(made, name)}")


def _facts() -> dict[str, object]:
    people = [{"who": who, "email": email, "password": password} for who, email, password in logins()]
    clients = [asdict(credentials(seller)) | {"seller": seller.name} for seller in SELLERS]
    return {"logins": people, "clients": clients}
