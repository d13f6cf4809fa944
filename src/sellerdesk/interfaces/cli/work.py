"""`sellerdesk worker`: the clock's process alone."""

import typer

from sellerdesk.config import clock
from sellerdesk.flows.database import CannotStart, database
from sellerdesk.flows.mailroom.listening import CannotListen, listening
from sellerdesk.interfaces.cli.deploy import see_to_schema
from sellerdesk.interfaces.cli.stopping import stop_on_signals
from sellerdesk.interfaces.jobs.worker import run

app = typer.Typer(add_completion=False)


@app.command()
def worker() -> None:
    """Run the worker alone: whatever is due, mail, deliveries. Any number may run."""
    stopping = stop_on_signals()
    with database():
        see_to_schema()
        try:
            with listening(clock.now):
                run(stopping, clock.now)
        except CannotListen as error:
            raise CannotStart(str(error)) from error
