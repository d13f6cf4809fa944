"""`sellerdesk refunds …`: preview, make, undo, approve and list refunds (rulebook 3.5; P1, T12, T16)."""

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from sellerdesk.commands.refunds import RefundChange, approve_refunds, request_refunds, undo_refunds
from sellerdesk.config import clock
from sellerdesk.domain.actors import Actor
from sellerdesk.domain.idempotency import Once, digest_of, parse_key
from sellerdesk.domain.money import Money
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import RefundDecision, RefundRequest, RefundState
from sellerdesk.domain.refusals import Refusal
from sellerdesk.interfaces.cli.asking import acting_for, add_row, show_table
from sellerdesk.interfaces.cli.refund_words import Words, requests_of
from sellerdesk.interfaces.cli.refusals import printable, sentence
from sellerdesk.interfaces.cli.server import AsJson
from sellerdesk.queries.api_refunds import RefundFilters, RefundView, refunds_page
from sellerdesk.queries.refund_preview import RefundPreview, preview_refunds
from sellerdesk.wire import times

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Refunds: preview, make, undo, approve and list them."
)
_MOST = 500  # of one call: they are made together
_ORDERS = Annotated[list[str], typer.Argument(help="The orders' numbers.")]
_SELLER = Annotated[str, typer.Option("--seller", help="The seller's id.")]
_REASON = Annotated[RefundReason, typer.Option(help="Why money goes back.", case_sensitive=False)]
_MODE = Annotated[Mode, typer.Option(help="When it goes in respect of the goods.", case_sensitive=False)]
_LINE = Annotated[
    list[str] | None,
    typer.Option(
        "--line",
        help="ITEM=UNITS, or ITEM:COMPONENT=AMOUNT (product and shipping are components too), of a single order; "
        "any number of times.",
    ),
]
_AMOUNT = Annotated[
    str, typer.Option(help="An amount without a line, such as 60.00: spread over all that is left.")
]
_CONCESSION = Annotated[str, typer.Option("--goodwill", help="An amount beside the charges.")]
_SHIPPING = Annotated[
    str, typer.Option("--return-shipping", help="What the way back cost, beside the charges.")
]
_ONLY = Annotated[bool, typer.Option("--only-concessions", help="Nothing but amounts beside the charges.")]
_FEE = Annotated[str, typer.Option(help="A restocking fee to keep.")]
_RMA = Annotated[str, typer.Option(help="The return that it answers.")]
_OVERRIDE = Annotated[str, typer.Option(help="Why the money goes before the goods are back.")]
_NOTE = Annotated[str, typer.Option(help="A private note.")]
_WORDS = Annotated[str, typer.Option("--words", help="Words to the buyer.")]
_LEFT = Annotated[str, typer.Option(help="Refuse when something else than this amount is left to refund.")]
_KEY = Annotated[str, typer.Option(help="Makes a retry harmless: the same key again gets the same answer.")]
_REFERENCES = Annotated[
    list[str], typer.Argument(help="The refunds' references, such as 123-1234567-1234567-R1.")
]


@app.callback()
def refunds() -> None:
    """Give money back, and see what became of it."""


@app.command()
def preview(
    orders: _ORDERS,
    seller: _SELLER,
    reason: _REASON,
    mode: _MODE = Mode.GOODWILL,
    line: _LINE = None,
    amount: _AMOUNT = "",
    goodwill: _CONCESSION = "",
    return_shipping: _SHIPPING = "",
    only_concessions: _ONLY = False,
    fee: _FEE = "",
    rma: _RMA = "",
    override: _OVERRIDE = "",
    as_json: AsJson = False,
) -> None:
    """Say what a refund would do: amounts, when it goes, what is left. The exit code is 1 when one would be refused."""
    words = Words(
        *(
            tuple(orders),
            reason,
            mode,
            tuple(line or ()),
            amount,
            goodwill,
            return_shipping,
            only_concessions,
        ),
        *(fee, rma, override),
    )
    actor = acting_for(seller)
    asked = _requests(actor, words)
    found = preview_refunds(actor.seller_id or 0, asked, clock.now())
    _show_preview(asked, found, as_json=as_json)
    if any(one.refusal for one in found):
        raise typer.Exit(1)


@app.command()
def make(
    orders: _ORDERS,
    seller: _SELLER,
    reason: _REASON,
    mode: _MODE = Mode.GOODWILL,
    line: _LINE = None,
    amount: _AMOUNT = "",
    goodwill: _CONCESSION = "",
    return_shipping: _SHIPPING = "",
    only_concessions: _ONLY = False,
    fee: _FEE = "",
    rma: _RMA = "",
    override: _OVERRIDE = "",
    note: _NOTE = "",
    words: _WORDS = "",
    expects_left: _LEFT = "",
    key: _KEY = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give money back: all that is left of the orders, or what the options say. Shows it first, and asks.

    It is held for some minutes and can be undone until then. A key is drawn and printed unless --key gives one: after a
    lost answer the same command with that key is harmless. The exit code is 1 when anything was refused. With --json:
    one line for each order; give --yes with it.
    """
    if as_json and not yes:
        raise typer.BadParameter("needs --yes, because nobody is asked", param_hint="--json")
    said = Words(
        *(
            tuple(orders),
            reason,
            mode,
            tuple(line or ()),
            amount,
            goodwill,
            return_shipping,
            only_concessions,
        ),
        *(fee, rma, override, note, words, expects_left),
    )
    actor, now = acting_for(seller), clock.now()
    once = _once("refunds.make", key, asdict(said), now)
    asked = _requests(actor, said)
    if not yes:
        found = preview_refunds(actor.seller_id or 0, asked, now)
        _show_preview(asked, found, as_json=False)
        # With a key of one's own the first answer may be what is wanted, so a refusal here decides nothing.
        _agree(sum(one.refusal is None for one in found), len(asked), retry=bool(key))
        asked = list(asked if key else _as_shown(asked, found))
    typer.echo(f"Key: {once.key}", err=True)
    _tell(request_refunds(replace(actor, key=once.key), asked, now=now, once=once), as_json=as_json)


@app.command()
def undo(references: _REFERENCES, seller: _SELLER, key: _KEY = "", as_json: AsJson = False) -> None:
    """Call refunds back before their hold ends; the buyers never hear of them."""
    actor, now = acting_for(seller), clock.now()
    once = _once("refunds.undo", key, references, now)
    typer.echo(f"Key: {once.key}", err=True)
    _tell(undo_refunds(actor, _changes(references), now=now, once=once), as_json=as_json)


@app.command()
def approve(references: _REFERENCES, seller: _SELLER, key: _KEY = "", as_json: AsJson = False) -> None:
    """Agree to refunds above the limit that somebody else asked for; their hold starts now."""
    actor, now = acting_for(seller), clock.now()
    once = _once("refunds.approve", key, references, now)
    typer.echo(f"Key: {once.key}", err=True)
    _tell(approve_refunds(actor, _changes(references), now=now, once=once), as_json=as_json)


@app.command("list")
def list_(
    seller: _SELLER,
    order: Annotated[str, typer.Option(help="Only of this order.")] = "",
    state: Annotated[
        list[RefundState] | None, typer.Option(help="Only these; any number of times.", case_sensitive=False)
    ] = None,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=1000)] = 50,
    after: Annotated[str, typer.Option(help="Go on after this reference: the last of the page before.")] = "",
    as_json: AsJson = False,
) -> None:
    """List refunds, the newest first. Nothing personal is shown.

    With --json: an object with the refunds and, under `next`, what to give as --after for the next page.
    """
    filters = RefundFilters(states=tuple(one.value for one in state or ()), order_number=printable(order))
    seller_id = acting_for(seller).seller_id or 0
    views, following = refunds_page(seller_id, filters, after=printable(after), limit=limit)
    if as_json:
        said = {"refunds": [_listed(view) for view in views], "next": following or None}
        typer.echo(json.dumps(said, ensure_ascii=False, default=times.render))
        return
    show_table(_list_table(views))
    if following:
        typer.echo(f"There are more: --after {following}")


def _requests(actor: Actor, words: Words) -> list[RefundRequest]:
    """The requests that are meant. Ends the command with 2 for amounts and lines that cannot be read."""
    if len(words.orders) > _MOST:
        raise typer.BadParameter(f"at most {_MOST} orders at once", param_hint="ORDERS")
    try:
        return requests_of(actor.seller_id or 0, words)
    except Refusal as refusal:
        raise typer.BadParameter(sentence(refusal)) from refusal


def _once(operation: str, key: str, said: Any, now: datetime) -> Once:
    """The call's key: the one that was given, or a new one."""
    try:
        chosen = parse_key(key, place="--key") if key else secrets.token_urlsafe(12)
    except Refusal as refusal:
        raise typer.BadParameter(sentence(refusal), param_hint="--key") from refusal
    return Once("command line", operation, chosen, digest_of(said), now)


def _agree(possible: int, of: int, *, retry: bool) -> None:
    """Ask; end the command with 1 when there is nothing to do or nobody agrees."""
    if not possible and not retry:
        raise typer.Exit(1)
    typer.confirm(f"Refund {of if retry else possible} of {of}?", abort=True)


def _as_shown(asked: Sequence[RefundRequest], found: Sequence[RefundPreview]) -> Iterator[RefundRequest]:
    """The requests with what was shown of them, so that another state of affairs is refused."""
    for request, one in zip(asked, found, strict=True):
        if one.decision is None:
            yield request
        else:
            facts = one.decision.facts
            yield replace(request, version=facts.order.version, expects_left=facts.left)


def _changes(references: Sequence[str]) -> list[RefundChange]:
    """A reference is the order's number and how many there were."""
    return [
        RefundChange(printable(one).rpartition("-")[0], printable(one)) for one in dict.fromkeys(references)
    ]


def _tell(outcomes: Sequence[Outcome], *, as_json: bool) -> None:
    """A line for each; the command ends with 1 when anything was refused."""
    for outcome in outcomes:
        typer.echo(json.dumps(_said(outcome), default=times.render) if as_json else _line(outcome))
    if any(not outcome.accepted for outcome in outcomes):
        raise typer.Exit(1)


def _said(outcome: Outcome) -> dict[str, Any]:
    """An outcome for programs: amounts are decimal text."""
    said: dict[str, Any] = {"order_number": outcome.order_number, "state": outcome.state}
    facts = dict(outcome.facts)
    for name in ("total", "left", "fee"):
        if name in facts:
            facts[name] = Money(facts["currency"], facts[name]).text()
    if facts:
        said["facts"] = facts
    if outcome.refusal is not None:
        said["refusal"] = {
            "code": outcome.refusal.code.value,
            "facts": outcome.refusal.facts,
            "sentence": sentence(outcome.refusal),
        }
    return said


def _line(outcome: Outcome) -> str:
    if outcome.refusal is not None:
        return f"{outcome.order_number}: refused ({sentence(outcome.refusal)})"
    facts, words = outcome.facts, []
    words.append(f"{outcome.order_number}: {_money(facts['total'], facts['currency'])} {outcome.state}")
    words.append(facts["reference"])
    if outcome.state == "drafted":
        words.append("somebody else must approve it")
    if outcome.state == "pending" and facts.get("release_at"):
        words.append(f"can be undone until {_minute(facts['release_at'])} UTC")
    if "left" in facts:
        words.append(f"{_money(facts['left'], facts['currency'])} left")
    return ", ".join(words)


def _show_preview(asked: Sequence[RefundRequest], found: Sequence[RefundPreview], *, as_json: bool) -> None:
    if as_json:
        for request, one in zip(asked, found, strict=True):
            typer.echo(json.dumps(_foreseen(request, one), default=times.render))
        return
    table = Table("Order", "Left", "Refund", "Kept", "Left after", "Becomes", "Goes (UTC)", "Return", "Mind")
    for request, one in zip(asked, found, strict=True):
        add_row(table, request.order_number, *_cells(one))
    show_table(table)


def _cells(one: RefundPreview) -> Iterator[str]:
    refused = f"refused: {sentence(one.refusal)}" if one.refusal else ""
    left = _money(one.facts.left, one.facts.order.currency) if one.facts else "-"
    if one.decision is None:
        yield from (left, "-", "-", "-", refused, "-", "-", "-")
        return
    decision, currency = one.decision, one.decision.facts.order.currency
    yield left
    yield _money(decision.total, currency)
    yield _money(decision.fee, currency) if decision.fee else ""
    yield _money(decision.after.left, currency)
    yield refused or decision.state.value.lower()
    yield _minute(decision.release_at) if decision.release_at else "after approval"
    yield decision.linked.rma if decision.linked else ""
    yield ", ".join(warning.value for warning in decision.warnings)


def _foreseen(request: RefundRequest, one: RefundPreview) -> dict[str, Any]:
    """What would happen, in the words of an outcome."""
    state = "refused" if one.refusal else "possible"
    said: dict[str, Any] = {"order_number": request.order_number, "state": state}
    if one.refusal is not None:
        said["refusal"] = {"code": one.refusal.code.value, "sentence": sentence(one.refusal)}
    if one.facts is not None:
        said["left"] = Money(one.facts.order.currency, one.facts.left).text()
    return said if one.decision is None else said | {"facts": _decided(one.decision)}


def _decided(decision: RefundDecision) -> dict[str, Any]:
    currency = decision.facts.order.currency
    numbers = {item.id: item.item_number for item in decision.facts.order.items}
    return {
        "becomes": decision.state.value.lower(),
        "total": Money(currency, decision.total).text(),
        "fee": Money(currency, decision.fee).text(),
        "left": Money(currency, decision.after.left).text(),
        "currency": currency,
        "parts": [
            {
                "item_number": numbers[part.item_id],
                "component": part.component,
                "amount": Money(currency, part.amount).text(),
                "deduction": Money(currency, part.deduction).text(),
            }
            for part in decision.parts
        ],
        "units": {numbers[item]: units for item, units in decision.units.items()},
        "release_at": decision.release_at,
        "rma": decision.linked.rma if decision.linked else "",
        "warnings": [warning.value for warning in decision.warnings],
    }


def _list_table(views: Sequence[RefundView]) -> Table:
    table = Table("Refund", "Asked (UTC)", "State", "Total", "Reason", "Mode", "By", "Goes (UTC)", "Return")
    for view in views:
        head = view.head
        add_row(
            table,
            head.reference,
            _minute(head.requested_at),
            head.state,
            _money(head.total, head.currency),
            head.reason,
            head.mode,
            head.author,
            _minute(head.released_at or head.release_at),
            head.rma,
        )
    return table


def _listed(view: RefundView) -> dict[str, Any]:
    """A refund for programs: amounts are decimal text, instants RFC 3339. Words to the buyer are left out."""
    said = asdict(view.head)
    del said["words"]
    for name in ("total", "return_shipping", "goodwill"):
        said[name] = Money(view.head.currency, said[name]).text()
    parts = [
        asdict(part)
        | {
            "amount": Money(view.head.currency, part.amount).text(),
            "deduction": Money(view.head.currency, part.deduction).text(),
        }
        for part in view.parts
    ]
    return said | {"units": view.units, "parts": parts}


def _money(minor: int, currency: str) -> str:
    return f"{Money(currency, minor).text()} {currency}"


def _minute(moment: datetime | str | None) -> str:
    if isinstance(moment, str):  # of a kept answer
        moment = datetime.fromisoformat(moment)
    return moment.strftime("%Y-%m-%d %H:%M") if moment else ""
