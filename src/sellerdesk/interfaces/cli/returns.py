"""`sellerdesk returns …`: list, show, request, authorize, close, receive and grade returns (rulebook 2.7, 3.4)."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

import typer

from sellerdesk.commands.return_requests import request_returns
from sellerdesk.commands.returns import (
    Authorize,
    Close,
    Inspect,
    Receive,
    authorize_returns,
    close_returns,
    grade_returns,
    receive_returns,
)
from sellerdesk.config import clock
from sellerdesk.domain.actors import Actor, Party
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.return_facts import Grade, ReturnKind, ReturnReason, ReturnState
from sellerdesk.domain.returns import CloseReason, Label, ReturnAsked
from sellerdesk.interfaces.cli.asking import RANDOM, acting_for, end, show_table
from sellerdesk.interfaces.cli.order_cancel import quantities
from sellerdesk.interfaces.cli.refusals import printable, sentence
from sellerdesk.interfaces.cli.return_tables import as_text, list_table, listed, show_tables, shown
from sellerdesk.interfaces.cli.server import AsJson
from sellerdesk.queries.api_returns import (
    ReturnFilters,
    ReturnPosition,
    one_return,
    order_of,
    returns_page,
)

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Returns: list, show, request, authorize, close, receive and grade them.",
)
_SELLER = Annotated[str, typer.Option("--seller", help="The seller's id.")]
_RMA = Annotated[str, typer.Argument(help="The return's number.")]
_ITEM = Annotated[
    list[str] | None, typer.Option("--item", help="ITEM=QUANTITY, any number of times; all without it.")
]


@app.callback()
def returns() -> None:
    """Work on what comes back."""


@app.command("list")
def list_(
    seller: _SELLER,
    state: Annotated[
        list[ReturnState] | None, typer.Option(help="Only these; any number of times.", case_sensitive=False)
    ] = None,
    order: Annotated[str, typer.Option(help="Only of this order.")] = "",
    with_claim: Annotated[bool, typer.Option("--with-claim", help="Only those with a claim.")] = False,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=1000)] = 50,
    after: Annotated[str, typer.Option(help="Go on after this return: the last of the page before.")] = "",
    as_json: AsJson = False,
) -> None:
    """List returns, the newest first. Nothing personal is shown.

    With --json: an object with the returns and, under `next`, what to give as --after for the next page.
    """
    seller_id = acting_for(seller).seller_id or 0
    filters = ReturnFilters(
        states=tuple(one.value for one in state or ()),
        order_number=printable(order),
        with_claim=True if with_claim else None,
    )
    position = None
    if after:
        last = one_return(seller_id, order_of(seller_id, printable(after)), printable(after))
        if last is None:
            raise typer.BadParameter(f"there is no return {printable(after)}", param_hint="--after")
        position = ReturnPosition(last.head.requested_at, last.head.rma)
    views, ended = returns_page(seller_id, filters, after=position, limit=limit)
    following = ended.rma if ended else None
    if as_json:
        typer.echo(json.dumps({"returns": [listed(view) for view in views], "next": following}))
        return
    show_table(list_table(views))
    if following:
        typer.echo(f"There are more: --after {following}")


@app.command()
def show(rma: _RMA, seller: _SELLER, as_json: AsJson = False) -> None:
    """Show one return: lines, grades, refunds, what is due. The buyer's own words are left out."""
    actor = acting_for(seller)
    found = one_return(actor.seller_id or 0, _order(actor, rma), printable(rma))
    if found is None:
        end(f"there is no return {printable(rma)}.")
    if as_json:
        typer.echo(json.dumps(shown(found), ensure_ascii=False))
        return
    for table in show_tables(found):
        show_table(table)


@app.command()
def request(
    order: Annotated[str, typer.Argument(help="The order's number.")],
    seller: _SELLER,
    reason: Annotated[ReturnReason, typer.Option(help="The buyer's reason.", case_sensitive=False)],
    item: Annotated[list[str], typer.Option("--item", help="ITEM=QUANTITY, any number of times.")],
    comment: Annotated[str, typer.Option(help="The buyer's words.")] = "",
    kind: Annotated[
        ReturnKind, typer.Option(help="refused: never accepted, on its way back.", case_sensitive=False)
    ] = ReturnKind.CUSTOMER,
    as_json: AsJson = False,
) -> None:
    """Ask for a return on the buyer's behalf. The seller's settings and rules decide what becomes of it."""
    party = Party.CARRIER if kind is ReturnKind.REFUSED else Party.BUYER
    actor = replace(acting_for(seller), party=party)
    asked = ReturnAsked(printable(order), reason, quantities(item) or {}, comment, kind=kind)
    _tell(request_returns(actor, [asked], now=clock.now(), randomness=RANDOM), as_json=as_json)


@app.command()
def authorize(
    rma: _RMA,
    seller: _SELLER,
    label: Annotated[Label, typer.Option(help="Who provides the label.", case_sensitive=False)] = Label.NONE,
    carrier: Annotated[str, typer.Option(help="Of the way back.")] = "",
    tracking: Annotated[str, typer.Option(help="Of the way back; needed for a prepaid label.")] = "",
    own_rma: Annotated[str, typer.Option(help="A number of your own, which replaces ours.")] = "",
    instructions: Annotated[str, typer.Option(help="To the buyer; the setting's without it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Allow the buyer to send it back, to the return address of the settings. No money moves."""
    actor = acting_for(seller)
    step = Authorize(
        _order(actor, rma),
        printable(rma),
        label=label,
        carrier=carrier,
        tracking=printable(tracking),
        own_rma=printable(own_rma),
        instructions=instructions,
    )
    _tell(authorize_returns(actor, [step], now=clock.now()), as_json=as_json)


@app.command()
def close(
    rma: _RMA,
    seller: _SELLER,
    reason: Annotated[CloseReason, typer.Option(help="Why it is closed.", case_sensitive=False)],
    comment: Annotated[str, typer.Option(help="To the buyer.")],
    as_json: AsJson = False,
) -> None:
    """Close it as the seller. There is no way back: the buyer has to ask again."""
    actor = acting_for(seller)
    step = Close(_order(actor, rma), printable(rma), reason=reason.value, comment=comment)
    _tell(close_returns(actor, [step], now=clock.now()), as_json=as_json)


@app.command()
def receive(rma: _RMA, seller: _SELLER, item: _ITEM = None, as_json: AsJson = False) -> None:
    """Say that the goods are here, all of them or some; the refund is due some business days later."""
    actor = acting_for(seller)
    step = Receive(_order(actor, rma), printable(rma), lines=quantities(item or []) or {})
    _tell(receive_returns(actor, [step], now=clock.now()), as_json=as_json)


@app.command()
def grade(
    rma: _RMA,
    seller: _SELLER,
    item: Annotated[list[str], typer.Option("--item", help="ITEM=GRADE, any number of times.")],
    as_json: AsJson = False,
) -> None:
    """Say in which condition the goods came: sellable, repack, damaged, opened_media or wrong_item."""
    actor = acting_for(seller)
    step = Inspect(_order(actor, rma), printable(rma), grades=_grades(item))
    _tell(grade_returns(actor, [step], now=clock.now()), as_json=as_json)


def _order(actor: Actor, rma: str) -> str:
    """The order of a return; ends the command with 1 when there is no such return."""
    found = order_of(actor.seller_id or 0, printable(rma))
    if not found:
        end(f"there is no return {printable(rma)}.")
    return found


def _grades(given: Sequence[str]) -> dict[str, Grade]:
    grades: dict[str, Grade] = {}
    for word in given:
        number, _, one = word.rpartition("=")
        if not number or one not in set(Grade) or number in grades:
            raise typer.BadParameter(
                f"{printable(word)} is not ITEM=GRADE with one of {', '.join(Grade)}, once for each item",
                param_hint="--item",
            )
        grades[number] = Grade(one)
    return grades


def _tell(outcomes: Sequence[Outcome], *, as_json: bool) -> None:
    """A line for each; the command ends with 1 when anything was refused."""
    for outcome in outcomes:
        typer.echo(json.dumps(_said(outcome)) if as_json else _line(outcome))
    if any(not outcome.accepted for outcome in outcomes):
        raise typer.Exit(1)


def _said(outcome: Outcome) -> dict[str, Any]:
    said: dict[str, Any] = {"order_number": outcome.order_number, "state": outcome.state}
    if outcome.facts:
        said["facts"] = as_text(outcome.facts)
    if outcome.refusal is not None:
        refusal = outcome.refusal
        said["refusal"] = {
            "code": refusal.code.value,
            "facts": as_text(refusal.facts),
            "sentence": sentence(refusal),
        }
    return said


def _line(outcome: Outcome) -> str:
    if outcome.refusal is not None:
        return f"{outcome.order_number}: refused ({sentence(outcome.refusal)})"
    facts = outcome.facts
    words = [f"{outcome.order_number}: {facts.get('own_rma') or facts['rma']} {outcome.state}"]
    if "verdict" in facts:
        words.append(f"{facts['verdict']}, the {facts['payer']} pays the way back")
    due = facts.get("due_at")
    if due:
        words.append(f"refund due by {(due if isinstance(due, str) else _minute(due))} UTC")
    if facts.get("restocked"):
        words.append(f"{facts['restocked']} back to stock")
    if facts.get("wrongly_rejected"):
        words.append("the policy allows this return: it counts against the seller")
    return ", ".join(words)


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
