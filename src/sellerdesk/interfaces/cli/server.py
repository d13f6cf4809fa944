"""`sellerdesk web` and `sellerdesk version`: what needs none of our tables."""

import json
import os
from importlib.metadata import version as version_of
from typing import Annotated

import typer
from django.conf import settings
from granian.constants import Interfaces
from granian.server import Server

from sellerdesk.flows.database import CannotStart, database
from sellerdesk.flows.processes import is_free

app = typer.Typer(add_completion=False)
Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
BACKLOG = 1024


@app.command()
def web(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Run the web server alone; any number of machines may do so."""
    see_that_port_is_free(host, port)
    os.environ["SELLERDESK_PROCESS"] = "web"
    with database():
        Server(
            "sellerdesk.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=settings.ENVIRONMENT.web_workers,
            blocking_threads=settings.ENVIRONMENT.web_threads,
            backlog=BACKLOG,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            log_access=False,
            log_level="warning",
        ).serve()


@app.command()
def version(as_json: AsJson = False) -> None:
    """Say which version this is."""
    number = version_of("sellerdesk")
    typer.echo(json.dumps({"version": number}) if as_json else f"sellerdesk {number}")


def see_that_port_is_free(host: str, port: int) -> None:
    """Refuse early and clearly.

    :raises CannotStart: somebody listens there, or the address is not ours.
    """
    if not is_free(host, port):
        raise CannotStart(f"Port {port} on {host} is taken or not ours: choose another with --port.")
