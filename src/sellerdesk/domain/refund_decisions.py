"""Deciding a refund: which amounts, whether it is held, and what stands in its way (S2-11, S4-20 to S4-22; C8, C27)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sellerdesk.domain import refund_amounts as amounts
from sellerdesk.domain.actors import Party
from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.facts import ItemFacts
from sellerdesk.domain.lengths import check_words
from sellerdesk.domain.message_lint import check_note
from sellerdesk.domain.money import Money
from sellerdesk.domain.orders import WAITING, Channel, Status
from sellerdesk.domain.refund_amounts import MoneyFacts, Part
from sellerdesk.domain.refund_reasons import WANTS_GOODS_BACK, Mode
from sellerdesk.domain.refunds import (
    NOTE_LENGTH_MOST,
    OVERRIDE_LENGTH_MOST,
    SELLERS,
    WORDS_LENGTH_MOST,
    LineRefund,
    RefundDecision,
    RefundFacts,
    RefundRequest,
    RefundState,
    RefundTerms,
    Warn,
    set_aside,
    settle_window,
)
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_facts import BUYERS_FAULT, ENDED, ReturnFacts

_WORDS = {"note": NOTE_LENGTH_MOST, "override": OVERRIDE_LENGTH_MOST, "words": WORDS_LENGTH_MOST}
_ALL = 10_000  # basis points


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who asks, when, and under which terms. `late`: the linked return came after its window."""

    party: Party
    now: datetime
    terms: RefundTerms
    calendar: BusinessCalendar
    late: bool = False


def refund(facts: RefundFacts, request: RefundRequest, how: Deciding) -> RefundDecision:
    """Decide a refund.

    Raises Refusal STALE_VERSION, LEFT_CHANGED, WAREHOUSE_ORDER, ORDER_PENDING, NOT_SHIPPED, ITEMS_UNKNOWN,
    CURRENCY_MISMATCH, RETURN_NOT_FOUND, RETURN_STATE, ITEM_NOT_FOUND, QUANTITY_EXCEEDED, INVALID_VALUE, MISSING_VALUE,
    NOTHING_TO_REFUND, REFUND_EXCEEDED, CONCESSION_EXCEEDED, DEDUCTION_NOT_ALLOWED, DEDUCTION_EXCEEDED, GOODS_NOT_BACK,
    LINT_REFUSED.
    What a person can answer with a yes is `questions`' affair.
    """
    _check_request(facts, request)
    _check_order(facts, how.party)
    if how.party is Party.SELLER:
        check_note(request.words, "words", facts.order, (request.rma,))
    linked = _linked(facts, request)
    if request.mode is Mode.ON_RECEIPT and linked is not None and linked.awaits_goods:
        raise refuse(Code.GOODS_NOT_BACK, order_number=request.order_number, rma=linked.rma)
    if facts.left == 0 and not request.only_concessions:
        raise refuse(Code.NOTHING_TO_REFUND, order_number=request.order_number)
    units = _units(facts, request, linked)
    parts = _parts(facts, request, units, linked)
    if request.fee:
        _check_fee(facts, request, parts, (linked, how))
        parts = amounts.deducted(parts, request.fee)
    cap = _check_concessions(facts, request, how.terms)
    total = sum(part.amount for part in parts) + request.return_shipping + request.goodwill
    if total <= 0:
        raise refuse(Code.NOTHING_TO_REFUND, order_number=request.order_number)
    limit = how.terms.limit(facts.order.currency)
    over = how.party in SELLERS and limit is not None and total > limit
    held = how.terms.refund_hold_minutes if how.party in SELLERS else 0
    state = _state(held, over=over)
    release_at = None if over else how.now + timedelta(minutes=held)
    decision = RefundDecision(
        facts,
        request,
        reference=f"{facts.order.order_number}-R{facts.refunds + 1}",
        state=state,
        parts=tuple(parts),
        units=units,
        linked=linked,
        covers=_covers(linked, units),
        total=total,
        hold_minutes=held,
        release_at=release_at,
        settles=settle_window(release_at or how.now, how.terms, how.calendar),
        warnings=(),
        policy=("refund_approval_limit", how.terms.refund_approval_limit)
        if over
        else ("refund_hold_minutes", held),
        cap=cap,
        after=facts,
    )
    return replace(decision, warnings=tuple(_warnings(decision)), after=set_aside(facts, decision))


def questions(decision: RefundDecision) -> Iterator[Refusal]:
    """What a person can answer with a yes, as refusals: OVERRIDE_NEEDED for money before goods (S2-11, C8)."""
    request = decision.request
    if request.mode is Mode.ADVANCE and _wanted_back(decision) and not request.override.strip():
        rma = decision.linked.rma if decision.linked else ""
        yield refuse(Code.OVERRIDE_NEEDED, order_number=request.order_number, rma=rma)


def check_refund(decision: RefundDecision) -> None:
    """Raises the first of `questions`."""
    for question in questions(decision):
        raise question


def _state(held: int, *, over: bool) -> RefundState:
    if over:
        return RefundState.DRAFT
    return RefundState.PENDING if held else RefundState.RELEASED


def _check_request(facts: RefundFacts, request: RefundRequest) -> None:
    order = facts.order
    number = order.order_number
    if request.version is not None and request.version != order.version:
        raise refuse(Code.STALE_VERSION, order_number=number, expected=request.version, actual=order.version)
    if request.currency not in ("", order.currency):
        said = {"place": "currency", "currency": request.currency, "expected": order.currency}
        raise refuse(Code.CURRENCY_MISMATCH, **said)
    if request.expects_left is not None and request.expects_left != facts.left:
        shown, left = (Money(order.currency, minor).text() for minor in (request.expects_left, facts.left))
        raise refuse(
            Code.LEFT_CHANGED, order_number=number, expected=shown, left=left, currency=order.currency
        )
    for place, most in _WORDS.items():
        check_words(getattr(request, place), place=place, most=most)
    for place in ("return_shipping", "goodwill", "fee", "amount"):
        value = getattr(request, place)
        if value is not None and (value < 0 or (place == "amount" and value == 0)):
            raise refuse(Code.INVALID_VALUE, place=place, value=str(value), expected="an amount above zero")


def _check_order(facts: RefundFacts, party: Party) -> None:
    order = facts.order
    if order.channel is Channel.AFN and party in SELLERS:
        raise refuse(Code.WAREHOUSE_ORDER, order_number=order.order_number)
    if order.status in WAITING:
        raise refuse(Code.ORDER_PENDING, order_number=order.order_number, reason=order.pending_reason)
    if not order.items_known:
        raise refuse(Code.ITEMS_UNKNOWN, order_number=order.order_number)
    if order.status is Status.CANCELED or not any(item.shipped for item in order.items):
        raise refuse(Code.NOT_SHIPPED, order_number=order.order_number)


def _linked(facts: RefundFacts, request: RefundRequest) -> ReturnFacts | None:
    """The return that this answers: the one named, or the only open one when a whole order is refunded."""
    if request.rma:
        found = next((one for one in facts.returns if one.rma == request.rma), None)
        if found is None:
            raise refuse(Code.RETURN_NOT_FOUND, order_number=request.order_number, rma=request.rma)
        if found.state in ENDED:
            said = {"rma": found.rma, "state": found.state.value, "verb": "refund"}
            raise refuse(Code.RETURN_STATE, order_number=request.order_number, **said)
        return found
    still_open = [one for one in facts.returns if one.state not in ENDED]
    return still_open[0] if len(still_open) == 1 and not request.only_concessions else None


def _units(facts: RefundFacts, request: RefundRequest, linked: ReturnFacts | None) -> Mapping[int, int]:
    """Units that count as refunded by it: none for bare amounts and concessions (T14)."""
    if request.only_concessions or request.amount is not None:
        return {}
    if request.lines is None:
        if request.rma and linked is not None:
            wanted = {item: min(n, _spare(facts, item)) for item, n in linked.units.items()}
            return {item: n for item, n in wanted.items() if n}
        every = {item.id: _spare(facts, item.id) for item in facts.order.items}
        return {item_id: spare for item_id, spare in every.items() if spare}
    units: dict[int, int] = {}
    for line in request.lines:
        item = facts.order.item(line.item_number)
        if item.id in units:
            raise refuse(Code.DUPLICATE_REQUEST, place=line.item_number)
        units[item.id] = _checked_units(facts, item, line)
    return {item_id: n for item_id, n in units.items() if n}


def _checked_units(facts: RefundFacts, item: ItemFacts, line: LineRefund) -> int:
    number = facts.order.order_number
    if bool(line.units) == bool(line.amounts) or line.units < 0:
        expected = "either units or amounts"
        raise refuse(Code.INVALID_VALUE, place=item.item_number, value=str(line.units), expected=expected)
    spare = _spare(facts, item.id)
    if line.units > spare:
        said = {"order_number": number, "item_number": item.item_number, "asked": line.units, "left": spare}
        raise refuse(Code.QUANTITY_EXCEEDED, **said)
    return line.units


def _spare(facts: RefundFacts, item_id: int) -> int:
    item = next(one for one in facts.order.items if one.id == item_id)
    return item.shipped - facts.refunded_units.get(item_id, 0)


def _parts(
    facts: RefundFacts, request: RefundRequest, units: Mapping[int, int], linked: ReturnFacts | None
) -> list[Part]:
    if request.only_concessions:
        return []
    number, currency = facts.order.order_number, facts.order.currency
    if request.amount is not None:
        if request.amount > facts.left:
            raise amounts.exceeded(request.amount, facts.left, order_number=number, currency=currency)
        return amounts.spread(_nettable(facts), request.amount)
    if request.lines is None and not (request.rma and linked):
        return amounts.everything(facts.money)
    lines = request.lines
    if lines is None:
        lines = tuple(LineRefund(_number(facts, item_id), units=n) for item_id, n in units.items())
    parts = [part for line in lines for part in _line_parts(facts, line)]
    if not parts:
        raise refuse(Code.NOTHING_TO_REFUND, order_number=number)
    amounts.check_groups(facts.money, parts, order_number=number, currency=currency)
    return parts


def _nettable(facts: RefundFacts) -> list[MoneyFacts]:
    return [one for one in facts.money if one.left]


def _number(facts: RefundFacts, item_id: int) -> str:
    return next(item.item_number for item in facts.order.items if item.id == item_id)


def _line_parts(facts: RefundFacts, line: LineRefund) -> list[Part]:
    item = facts.order.item(line.item_number)
    money = [one for one in facts.money if one.item_id == item.id]
    if line.units:
        done = facts.refunded_units.get(item.id, 0)
        return amounts.of_units(money, done=done, more=line.units, of=item.ordered)
    said = {
        "order_number": facts.order.order_number,
        "item_number": line.item_number,
        "currency": facts.order.currency,
    }
    single = {name: amount for name, amount in line.amounts.items() if name not in amounts.GROUPS}
    parts = amounts.chosen(money, single, **said)
    for group, members in amounts.GROUPS.items():
        if group not in line.amounts:
            continue
        amount = line.amounts[group]
        within = [one for one in money if one.component in members and one.left]
        if any(part.component in members for part in parts):
            raise refuse(Code.INVALID_VALUE, place=group, value=str(amount), expected="one or the other")
        if amount <= 0:
            raise refuse(Code.INVALID_VALUE, place=group, value=str(amount), expected="an amount above zero")
        if amount > amounts.net(within):
            raise amounts.exceeded(amount, amounts.net(within), component=group, **said)
        parts += amounts.spread(within, amount)
    return parts


def _check_fee(
    facts: RefundFacts, request: RefundRequest, parts: list[Part], on: tuple[ReturnFacts | None, Deciding]
) -> None:
    """A fee is kept only from buyers at fault, for goods that somebody has graded, within the policy (rulebook 2.8)."""
    (linked, how), number, currency = on, request.order_number, facts.order.currency
    if linked is None or linked.reason not in BUYERS_FAULT:
        raise refuse(Code.DEDUCTION_NOT_ALLOWED, order_number=number, why="not_buyers_fault")
    grades = [line.grade for line in linked.lines]
    if not all(grades):
        raise refuse(Code.DEDUCTION_NOT_ALLOWED, order_number=number, why="not_graded")
    most = fee_most(linked, parts, how)
    if most == 0:
        raise refuse(Code.DEDUCTION_NOT_ALLOWED, order_number=number, why="nothing_allowed")
    if request.fee > most:
        asked, allowed = (Money(currency, minor).text() for minor in (request.fee, most))
        raise refuse(
            Code.DEDUCTION_EXCEEDED, order_number=number, asked=asked, most=allowed, currency=currency
        )


def fee_most(linked: ReturnFacts, parts: Sequence[Part], how: Deciding) -> int:
    """The most that may be kept back of these parts for the grades of a return; the buyer must be at fault."""
    most = 0
    for line in linked.lines if linked.reason in BUYERS_FAULT else ():
        price = amounts.price_of(part for part in parts if part.item_id == line.item_id)
        points = how.terms.fee_points(line.grade, late=how.late) if line.grade else 0
        most += price * points // _ALL
    return most


def propose(facts: RefundFacts, linked: ReturnFacts, how: Deciding) -> tuple[int, int]:
    """What a return's units are worth now, and the most that may be kept of it (minor units): one click each.

    Once goods have come, those that came; before, those that were asked for.
    """
    came = linked.received_at is not None
    wanted = {one.item_id: (one.received if came else one.quantity) - one.refunded for one in linked.lines}
    spare = {item: min(n, _spare(facts, item)) for item, n in wanted.items() if n > 0}
    lines = [LineRefund(_number(facts, item), units=n) for item, n in spare.items() if n]
    parts = [part for line in lines for part in _line_parts(facts, line)]
    return sum(part.amount for part in parts), fee_most(linked, parts, how)


def _check_concessions(facts: RefundFacts, request: RefundRequest, terms: RefundTerms) -> int:
    cap = max(0, facts.worth) * terms.concession_cap // _ALL
    extra = request.return_shipping + request.goodwill
    if request.only_concessions and not extra:
        raise refuse(Code.MISSING_VALUE, place="return_shipping")
    left = cap - facts.concessions.given - facts.concessions.pending
    if extra > left:
        currency = facts.order.currency
        said = {"asked": Money(currency, extra).text(), "left": Money(currency, max(left, 0)).text()}
        raise refuse(Code.CONCESSION_EXCEEDED, order_number=request.order_number, currency=currency, **said)
    return cap


def _covers(linked: ReturnFacts | None, units: Mapping[int, int]) -> bool:
    """Whether, with what was refunded for the return before, all of its units are."""
    return linked is not None and all(
        units.get(line.item_id, 0) + line.refunded >= line.quantity for line in linked.lines
    )


def _wanted_back(decision: RefundDecision) -> bool:
    """Whether goods are to come back and are not here: by an open return, or by the reason itself (S2-11)."""
    if decision.request.only_concessions:
        return False
    if decision.linked is not None:
        return decision.linked.awaits_goods
    if decision.request.reason not in WANTS_GOODS_BACK:
        return False
    return not any(one.received_at for one in decision.facts.returns)


def _warnings(decision: RefundDecision) -> Iterator[Warn]:
    mode = decision.request.mode
    if _wanted_back(decision):
        keeps = mode in (Mode.RETURNLESS, Mode.GOODWILL)
        yield Warn.BUYER_KEEPS if keeps else Warn.GOODS_NOT_BACK
    if decision.covers:
        yield Warn.COMPLETES_RETURN
    if decision.facts.claim_open:
        yield Warn.CLAIM_OPEN
    if decision.state is RefundState.DRAFT:
        yield Warn.NEEDS_APPROVAL
    if decision.fee:
        yield Warn.FEE_KEPT
