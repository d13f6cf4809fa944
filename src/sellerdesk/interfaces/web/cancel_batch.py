"""Cancelling many orders at once: what each row would do, in groups, and the rate at the end (screens 1.7, Bulk)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.cancel_requests import State
from sellerdesk.domain.cancellations import CancelDecision, CancelReason, CancelRequest
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.rates import CancellationRate
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.interfaces.web import cancel_words, refusals, when
from sellerdesk.interfaces.web.cancel_impact import RateView, rate_view
from sellerdesk.interfaces.web.formats import language, money, units, visible
from sellerdesk.interfaces.web.staff import Desk
from sellerdesk.queries.cancel_preview import CancelPreview, preview_cancellations
from sellerdesk.queries.order_list import OrderLine

# Stands in while no reason is chosen: for orders without a request all of them count alike.
_STAND_IN = CancelReason.GENERAL_ADJUSTMENT


@dataclass(frozen=True, slots=True)
class Row:
    """One order of the preview. `sent` is what its box sends: number, version, whether it was shown as counting."""

    number: str
    placed: str
    items: str
    more: str
    reason: str  # "" while none is chosen
    facts: str  # units, stock, money
    why: str
    sent: str
    ticked: bool
    over: bool


@dataclass(frozen=True, slots=True)
class Group:
    name: str  # counts | free | cannot
    title: str
    tone: str
    icon: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """The whole preview. `requests` are those of the ticked rows, to be sent to the command."""

    groups: tuple[Group, ...]
    rates: tuple[tuple[str, RateView], ...]  # marketplace, its rate before and at the end
    requests: tuple[CancelRequest, ...]
    ticked: int
    units: int
    counted: int
    exceeds: bool
    needs_reason: bool
    suggests: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form says of all rows: a reason, and whether filed requests are answered as "Buyer cancelled"."""

    reason: CancelReason | None
    follow: bool
    ticked: Mapping[str, str] | None  # number → what its box sent; None: every row, as on the first sight
    accepts_limit: bool = False  # the second press


def suggest(facts: OrderFacts, wanted: Wanted) -> CancelRequest:
    """The request that a row makes: a filed one asks for its own items, for the buyer's reason (S1-14)."""
    if wanted.follow and facts.cancel_request == State.REQUESTED_FORMAL:
        named = {item.item_number: item.left for item in facts.items if item.left and item.cancel_requested}
        some = any(item.left and item.item_number not in named for item in facts.items)
        return CancelRequest(
            facts.order_number, CancelReason.BUYER_CANCELLED, named if named and some else None
        )
    return CancelRequest(facts.order_number, wanted.reason or _STAND_IN)


def batch(desk: Desk, lines: Sequence[OrderLine], wanted: Wanted) -> Batch:
    """What cancelling these orders would do; the ticked ones build on each other, as in the command."""
    known = _look(desk, [CancelRequest(line.order_number, _STAND_IN) for line in lines])
    asked = {
        number: suggest(found.facts, wanted) if found.facts else CancelRequest(number, _STAND_IN)
        for number, found in known.items()
    }
    ticked = {number for number in asked if wanted.ticked is None or number in wanted.ticked}
    # Ticked rows first, so that what is not ticked does not add to anybody's rate.
    found = _look(desk, [replace(asked[number], accepts_limit=True) for number in asked if number in ticked])
    loose = _look(
        desk, [replace(asked[number], accepts_limit=True) for number in asked if number not in ticked]
    )
    rows = [
        _row(desk, line, {**found, **loose}[line.order_number], line.order_number in ticked, wanted)
        for line in lines
    ]
    decisions = [one.decision for one in found.values() if one.decision and one.refusal is None]
    requests = tuple(_request(asked[one.facts.order_number], one, wanted) for one in decisions)
    return Batch(
        _groups(rows),
        tuple(_rates(decisions)),
        requests,
        len(decisions),
        sum(one.units for one in decisions),
        sum(one.counting.counts for one in decisions),
        any(one.exceeds for one in decisions),
        wanted.reason is None and any(asked[one.facts.order_number].reason is _STAND_IN for one in decisions),
        any(
            one.facts is not None and one.facts.cancel_request == State.REQUESTED_FORMAL
            for one in known.values()
        ),
    )


def _look(desk: Desk, requests: Sequence[CancelRequest]) -> dict[str, CancelPreview]:
    may_exceed = desk.may(Permission.CANCEL_OVER_LIMIT)
    found = preview_cancellations(desk.seller.seller_id, requests, desk.now, may_exceed=may_exceed)
    return {asked.order_number: one for asked, one in zip(requests, found, strict=True)} if requests else {}


def _request(asked: CancelRequest, decision: CancelDecision, wanted: Wanted) -> CancelRequest:
    """The request as the person saw it: its version and effect, so that a change in between is noticed."""
    number = asked.order_number
    _number, version, counts = ((wanted.ticked or {}).get(number) or _sent(decision)).split(":")
    return replace(
        asked,
        accepts_limit=wanted.accepts_limit,
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1,
        expects_counting={"1": True, "0": False}.get(counts),
    )


def _sent(decision: CancelDecision) -> str:
    facts = decision.facts
    return f"{facts.order_number}:{facts.version}:{int(decision.counting.counts)}"


def _row(
    desk: Desk,
    line: OrderLine,
    found: CancelPreview,
    ticked: bool,
    wanted: Wanted,
) -> Row:
    decision = found.decision if found.refusal is None else None
    is_open = wanted.reason is None and decision is not None and decision.reason == _STAND_IN
    shown = [
        visible(item.sku or item.title) + (f" × {item.ordered}" * (item.ordered > 1)) for item in line.items
    ]
    hidden = line.item_count - len(line.items)
    return Row(
        number=line.order_number,
        placed=when.day(line.placed_at, when.marketplace_zone(line.marketplace_id), desk.now, language()),
        items=", ".join(shown),
        more=_("and {n} more").format(n=hidden) if hidden > 0 else "",
        reason=cancel_words.reason(decision.reason) if decision and not is_open else "",
        facts=_facts(desk, decision, is_open=is_open) if decision else "",
        why=("" if is_open else cancel_words.why(decision.counting.why))
        if decision
        else _refusal(desk, found.refusal),
        sent=_sent(decision) if decision else "",
        ticked=ticked,
        over=bool(decision and decision.exceeds),
    )


def _facts(desk: Desk, decision: CancelDecision, *, is_open: bool) -> str:
    parts = [units(decision.units)]
    if not is_open:
        parts.append(_("Stock restored") if decision.restocked else _("Stock not restored"))
    if desk.may(Permission.MONEY_READ) and decision.released:
        parts.append(money(decision.released, decision.facts.currency))
    return " · ".join(parts)


def _refusal(desk: Desk, refusal: Refusal | None) -> str:
    if refusal is None:
        return ""
    if refusal.code is Code.FORBIDDEN:
        return _("It would bring the rate to its limit, and your role may not do that.")
    if refusal.code is Code.LABEL_EXISTS:
        return _("A shipping label exists. Look at this order on its own.")
    return refusals.word(refusal, now=desk.now, zone=desk.zone)


def _groups(rows: Iterable[Row]) -> tuple[Group, ...]:
    kinds: dict[str, list[Row]] = {"free": [], "counts": [], "cannot": []}
    for row in rows:
        kinds["cannot" if not row.sent else "counts" if row.sent.endswith(":1") else "free"].append(row)
    titles = {
        "free": (_("Does not count"), "ok", "circle-check"),
        "counts": (_("Counts"), "warn", "triangle-alert"),
        "cannot": (_("Cannot be cancelled here"), "bad", "ban"),
    }
    return tuple(Group(name, *titles[name], tuple(found)) for name, found in kinds.items() if found)


def _rates(decisions: Sequence[CancelDecision]) -> Iterable[tuple[str, RateView]]:
    """The rate of each marketplace before the first of its rows and after the last."""
    first: dict[str, CancellationRate] = {}
    last: dict[str, CancellationRate] = {}
    for one in decisions:
        place = one.facts.marketplace_id
        if one.before_rate is not None and one.after_rate is not None:
            first.setdefault(place, one.before_rate)
            last[place] = one.after_rate
    for place, before in first.items():
        if (view := rate_view(before, last[place])) is not None:
            yield by_id(place).name, view
