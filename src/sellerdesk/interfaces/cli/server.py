"""`sellerdesk web` and `sellerdesk version`: what needs none of our tables."""

import json
import os
from importlib.metadata import version as version_of
from typing import Annotated

import typer

from sellerdesk.flows import processes
from sellerdesk.flows.database import CannotStart, database

app = typer.Typer(add_completion=False)
Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


@app.command()
def web(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Run the web server alone; any number of machines may do so."""
    see_that_port_is_free(host, port)
    os.environ["SELLERDESK_PROCESS"] = "web"
    with database():
        code = processes.become_parent_of(processes.web_server(host, port))
    raise typer.Exit(code)


@app.command()
def version(as_json: AsJson = False) -> None:
    """Say which version this is."""
    number = version_of("sellerdesk")
    typer.echo(json.dumps({"version": number}) if as_json else f"sellerdesk {number}")


def see_that_port_is_free(host: str, port: int) -> None:
    """Refuse early and clearly.

    :raises CannotStart: somebody listens there, or the address is not ours.
    """
    if not processes.is_free(host, port):
        raise CannotStart(f"Port {port} on {host} is taken or not ours: choose another with --port.")
