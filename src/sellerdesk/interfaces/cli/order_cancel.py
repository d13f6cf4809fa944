"""`sellerdesk orders cancel`: the console's preview as a table, then the same command (S3-23 to S3-30)."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer
from rich.table import Table

from sellerdesk.commands.cancellations import cancel_orders
from sellerdesk.config import clock
from sellerdesk.domain.cancellations import CancelDecision, CancelReason, CancelRequest
from sellerdesk.domain.money import Money
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.rates import CancellationRate, percent
from sellerdesk.interfaces.cli.asking import acting_for, add_row, show_table
from sellerdesk.interfaces.cli.refusals import printable, sentence
from sellerdesk.interfaces.cli.server import AsJson
from sellerdesk.queries.cancel_preview import CancelPreview, preview_cancellations
from sellerdesk.wire import fields

_MOST = 500  # of one call: they are cancelled together


def cancel(
    orders: Annotated[list[str], typer.Argument(help="The orders' numbers.")],
    seller: Annotated[str, typer.Option("--seller", help="The seller's id.")],
    reason: Annotated[CancelReason, typer.Option(help="Why they are cancelled.", case_sensitive=False)],
    item: Annotated[
        list[str] | None,
        typer.Option(
            help="ITEM=QUANTITY of a single order, any number of times; all that is left without it."
        ),
    ] = None,
    label_override: Annotated[
        str, typer.Option(help="Why it is cancelled although a shipping label exists.")
    ] = "",
    over_limit: Annotated[
        bool, typer.Option("--over-limit", help="Also when the cancellation rate reaches its limit.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Cancel orders, or units of one. Says first what that does to rate, stock and money, and asks.

    The exit code is 1 when anything was, or would be, refused. With --json: one line for each order; give --yes or
    --dry-run with it.
    """
    if as_json and not (yes or dry_run):
        raise typer.BadParameter("needs --yes or --dry-run, because nobody is asked", param_hint="--json")
    if len(orders) > _MOST:
        raise typer.BadParameter(f"at most {_MOST} orders at once", param_hint="ORDERS")
    lines = quantities(item or [])
    if lines and len(orders) > 1:
        raise typer.BadParameter("goes with a single order", param_hint="--item")
    actor, now = acting_for(seller), clock.now()
    asked = [
        CancelRequest(
            printable(number),
            reason,
            lines,
            accepts_limit=over_limit,
            label_override=label_override,
            place=number,
        )
        for number in dict.fromkeys(orders)
    ]
    found = preview_cancellations(actor.seller_id or 0, asked, now)
    if dry_run:
        _show_preview(asked, found, as_json=as_json)
        raise typer.Exit(1 if any(one.refusal for one in found) else 0)
    if not as_json:
        _show_preview(asked, found, as_json=False)
        _agree(sum(one.refusal is None for one in found), len(asked), yes=yes)
    _tell(cancel_orders(actor, list(_as_shown(asked, found)), now=now), as_json=as_json)


def _agree(possible: int, of: int, *, yes: bool) -> None:
    """Ask, unless it was said before; end the command with 1 when there is nothing to do or nobody agrees."""
    if not possible:
        raise typer.Exit(1)
    if not yes:
        typer.confirm(f"Cancel {possible} of {of}? There is no undo", abort=True)


def _tell(outcomes: Sequence[Outcome], *, as_json: bool) -> None:
    """A line for each; the command ends with 1 when anything was refused."""
    for outcome in outcomes:
        typer.echo(json.dumps(_said(outcome), default=str) if as_json else _line(outcome))
    if any(not outcome.accepted for outcome in outcomes):
        raise typer.Exit(1)


def quantities(given: Sequence[str]) -> dict[str, int] | None:
    """`ITEM=QUANTITY` each; the same item twice adds up. None when nothing was given."""
    lines: dict[str, int] = {}
    for word in given:
        number, _, quantity = word.rpartition("=")
        whole = quantity.isascii() and quantity.isdigit() and len(quantity) < len(str(fields.WHOLE))
        if not number or not whole:
            raise typer.BadParameter(f"{word} is not ITEM=QUANTITY", param_hint="--item")
        lines[number] = lines.get(number, 0) + int(quantity)
    return lines or None


def _as_shown(asked: Sequence[CancelRequest], found: Sequence[CancelPreview]) -> Iterator[CancelRequest]:
    """The requests with what was shown of them, so that another effect is refused."""
    for request, one in zip(asked, found, strict=True):
        decision = one.decision
        if decision is None:
            yield request
        else:
            counts = decision.counting.counts
            yield replace(request, version=decision.facts.version, expects_counting=counts)


def _show_preview(asked: Sequence[CancelRequest], found: Sequence[CancelPreview], *, as_json: bool) -> None:
    if as_json:
        for request, one in zip(asked, found, strict=True):
            typer.echo(json.dumps(_foreseen(request, one), default=str))
        return
    table = Table("Order", "Units", "Becomes", "In the rate", "Why", "Rate", "Stock", "Not charged")
    for request, one in zip(asked, found, strict=True):
        if one.decision is None or one.refusal is not None:
            why = sentence(one.refusal) if one.refusal else ""
            add_row(table, request.order_number, "-", "refused", "-", why, "-", "-", "-")
        else:
            add_row(table, request.order_number, *_cells(one.decision))
    show_table(table)


def _cells(decision: CancelDecision) -> Iterator[str]:
    counts = decision.counting.counts
    yield str(decision.units)
    yield str(decision.status)
    yield "counts" if counts else "does not count"
    yield decision.counting.why.value
    yield _rates(decision.before_rate, decision.after_rate) + (" OVER THE LIMIT" if decision.exceeds else "")
    yield f"+{decision.units}" if decision.restocked else "not restored"
    yield f"{Money(decision.facts.currency, decision.released).text()} {decision.facts.currency}"


def _rates(before: CancellationRate | None, after: CancellationRate | None) -> str:
    if before is None or after is None:
        return ""
    limit = f"limit {percent(after.policy.cr_target)} %"
    return f"{_rate(before)} -> {_rate(after)}, {limit}"


def _rate(one: CancellationRate) -> str:
    shown = percent(one.basis_points)
    return f"{shown} % ({one.counted}/{one.base})" if shown else f"{one.counted}/{one.base}"


def _foreseen(request: CancelRequest, one: CancelPreview) -> dict[str, Any]:
    """What would happen, in the words of an outcome."""
    said: dict[str, Any] = {
        "order_number": request.order_number,
        "state": "refused" if one.refusal else "possible",
    }
    if one.refusal is not None:
        said["refusal"] = {"code": one.refusal.code.value, "sentence": sentence(one.refusal)}
    if (decision := one.decision) is not None:
        said["facts"] = {
            "status": decision.status.value,
            "units": decision.units,
            "whole": decision.whole,
            "counts": decision.counting.counts,
            "why": decision.counting.why.value,
            "restocked": decision.restocked,
            "released": decision.released,
            "currency": decision.facts.currency,
            "exceeds": decision.exceeds,
            "rate": _rates(decision.before_rate, decision.after_rate),
        }
    return said


def _said(outcome: Outcome) -> dict[str, Any]:
    said: dict[str, Any] = {"order_number": outcome.order_number, "state": outcome.state}
    if outcome.facts:
        said["facts"] = outcome.facts
    if outcome.refusal is not None:
        said["refusal"] = {"code": outcome.refusal.code.value, "sentence": sentence(outcome.refusal)}
    return said


def _line(outcome: Outcome) -> str:
    if outcome.refusal is not None:
        return f"{outcome.order_number}: refused ({sentence(outcome.refusal)})"
    counts = "counts in the cancellation rate" if outcome.facts["counts"] else "does not count"
    return f"{outcome.order_number}: {outcome.facts['units']} cancelled, {outcome.facts['status']}, {counts}"
