"""The command line: `sellerdesk …`.

Exit codes: 0 done; 1 the work failed or was refused in part; 2 wrong usage, a wrong setting, or no database;
130 interrupted.
"""

import os
import sys
from contextlib import ExitStack
from importlib import import_module

import django
import typer
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from sellerdesk.config.environment import SettingError, environment
from sellerdesk.flows.database import CannotStart, database
from sellerdesk.interfaces.cli import server, up

# Command groups: the name on the command line and the module that holds its `app`. A group with an empty name adds its
# commands to the top level. They are imported by name because they touch tables, which Django must load first.
GROUPS: list[tuple[str, str]] = [
    ("", "sellerdesk.interfaces.cli.work"),
    ("", "sellerdesk.interfaces.cli.deploy"),
    ("", "sellerdesk.interfaces.cli.demo"),
    ("orders", "sellerdesk.interfaces.cli.orders"),
    ("refunds", "sellerdesk.interfaces.cli.refunds"),
    ("returns", "sellerdesk.interfaces.cli.returns"),
    ("claims", "sellerdesk.interfaces.cli.claims"),
    ("seller", "sellerdesk.interfaces.cli.seller"),
    ("user", "sellerdesk.interfaces.cli.user"),
    ("client", "sellerdesk.interfaces.cli.client"),
    ("payments", "sellerdesk.interfaces.cli.payments"),
    ("", "sellerdesk.interfaces.cli.sweep"),
    ("", "sellerdesk.interfaces.cli.verify"),
]
# Commands that look after the database themselves, or need none.
ALONE = frozenset({"up", "web", "worker", "migrate", "check", "version"})
# Of those, the ones that do without Django's applications and so start faster.
LIGHT = frozenset({"up", "web", "version"})


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit with its code."""
    given = sys.argv[1:] if arguments is None else arguments
    command = next((word for word in given if not word.startswith("-")), "")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sellerdesk.config.settings")
    os.environ.setdefault("SELLERDESK_PROCESS", command if command in ("web", "worker") else "cli")
    try:
        environment()
        with ExitStack() as stack:
            if command not in LIGHT:
                django.setup()
            if command and command not in ALONE and not {"--help", "-h"} & set(given):
                stack.enter_context(database())
                import_module("sellerdesk.interfaces.cli.deploy").see_to_schema()
            application(with_groups=command not in LIGHT)(given, prog_name="sellerdesk")
    except (SettingError, CannotStart, ImproperlyConfigured) as error:
        _end(str(error), 2)
    except OperationalError as error:
        _end(f"The database went away: {str(error).strip().splitlines()[0]}", 2)
    except KeyboardInterrupt:
        _end("Interrupted.", 130)


def application(*, with_groups: bool = True) -> typer.Typer:
    """The whole command line; groups need Django to be set up."""
    app = typer.Typer(
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        help="Sellerdesk: the life of marketplace orders after checkout.",
    )
    app.add_typer(up.app)
    app.add_typer(server.app)
    for name, module in GROUPS if with_groups else ():
        app.add_typer(import_module(module).app, name=name or None)
    return app


def _end(sentence: str, code: int) -> None:
    print(f"sellerdesk: {sentence}", file=sys.stderr)
    raise SystemExit(code)
