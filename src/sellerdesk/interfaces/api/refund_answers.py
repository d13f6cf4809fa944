"""What this door answers about refunds: shapes for the OpenAPI document, and the writing of them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import RefundDecision, RefundState, Warn
from sellerdesk.interfaces.api import answers
from sellerdesk.interfaces.api.answer_shapes import Answer, PolicyAnswer, ProblemAnswer
from sellerdesk.interfaces.api.problems import camel_name, of_refusal, utc
from sellerdesk.interfaces.api.shapes import Money
from sellerdesk.queries.api_orders import Sight
from sellerdesk.queries.api_refunds import OrderBalance, RefundView
from sellerdesk.queries.refund_preview import RefundPreview

_MONEY_WORDS = "With the scope money.read."


def says(words: str, **more: Any) -> Any:
    """A member's words in the OpenAPI document."""
    return Field(description=words, **more)


class RefundUnitsAnswer(Answer):
    """Pieces of one line."""

    item_number: Annotated[str, says("The line.")]
    units: Annotated[int, says("Pieces of it that count as refunded.")]


class RefundPartAnswer(Answer):
    """One component of one line. A discount that is taken back is negative, so that the parts sum to the refund."""

    item_number: Annotated[str, says("The line.")]
    component: Annotated[str, says("Which part of the charge: principal, tax, shipping, promotionDiscount …")]
    amount: Annotated[Money, says("What goes back of it, after the deduction.")]
    deduction: Annotated[Money, says("What is kept back of it as a restocking fee; never negative.")]


class RefundAnswer(Answer):
    """A refund. Amounts stand in it with the scope money.read, `words` with buyers.read. All instants are UTC."""

    order_number: Annotated[str, says("The order, 3-7-7 digits.")]
    reference: Annotated[str, says("The refund's name: the order's number and a count.")]
    rma: Annotated[str, says("The return that it answers; empty without one.")]
    state: Annotated[
        RefundState,
        says(
            "DRAFT waits for a second person; PENDING is held until `releaseAt` and can be undone; RELEASED is on its "
            "way; SETTLED: the payment side says that it went; CANCELLED was undone; REJECTED can never be paid."
        ),
    ]
    reason: Annotated[RefundReason, says("Why.")]
    raw_reason: Annotated[str, says("The code of a feed, as it came.")]
    mode: Annotated[Mode, says("When it goes in respect of the goods.")]
    party: Annotated[str, says("On whose behalf it was made: SELLER, AMAZON or SYSTEM.")]
    author: Annotated[str, says("The person or program that asked for it.")]
    approved_by: Annotated[str, says("The second person; empty when none was needed or has agreed.")]
    override: Annotated[str, says("Why it was made before the goods were back.")]
    note: Annotated[str, says("The seller's private note.")]
    requested_at: Annotated[datetime, says("When it was asked for.")]
    hold_minutes: Annotated[int, says("How many minutes it is held; 0 for the marketplace's own.")]
    release_at: Annotated[
        datetime | None,
        says("When its hold ends: from this instant on it cannot be undone. Null while a DRAFT."),
    ]
    released_at: Annotated[datetime | None, says("When it went.")]
    settles_from: Annotated[
        datetime, says("When the buyer has the money at the earliest: the end of a business day.")
    ]
    settles_until: Annotated[
        datetime, says("When at the latest; business days of the marketplace's own calendar.")
    ]
    closed_at: Annotated[datetime | None, says("When it was settled, rejected or undone.")]
    units: Annotated[list[RefundUnitsAnswer], says("By line.")]
    total: Annotated[Money | None, says(f"What the buyer gets, concessions included. {_MONEY_WORDS}")] = None
    return_shipping: Annotated[Money | None, says(f"Of it: return shipping. {_MONEY_WORDS}")] = None
    goodwill: Annotated[Money | None, says(f"Of it: any other concession. {_MONEY_WORDS}")] = None
    fee: Annotated[
        Money | None, says(f"What was kept back in all, not part of the total. {_MONEY_WORDS}")
    ] = None
    parts: Annotated[list[RefundPartAnswer] | None, says(f"By line and component. {_MONEY_WORDS}")] = None
    words: Annotated[str | None, says("To the buyer. With the scope buyers.read.")] = None


class BalanceAnswer(Answer):
    """An order's money. `left` = charged - refunded - pending - claimed; concessions come beside it."""

    charged: Annotated[Money, says("What the buyer was charged when parcels were confirmed.")]
    refunded: Annotated[Money, says("What has gone back of it.")]
    pending: Annotated[Money, says("What is held, or waits for a second person: nothing else can take it.")]
    claimed: Annotated[Money, says("What claims took.")]
    left: Annotated[Money, says("What can still be refunded.")]
    concessions_given: Annotated[Money, says("Return shipping and goodwill that have gone.")]
    concessions_pending: Annotated[Money, says("Return shipping and goodwill that are held.")]


class OrderRefundsAnswer(Answer):
    """The refunds of an order, oldest first."""

    order_number: Annotated[str, says("The order.")]
    version: Annotated[int, says("The order's version: send it as `If-Match` with a refund.")]
    balance: Annotated[BalanceAnswer | None, says(_MONEY_WORDS)] = None
    refunds: Annotated[list[RefundAnswer], says("Oldest first.")]


class RefundsAnswer(Answer):
    """A page of refunds, the newest first."""

    refunds: Annotated[list[RefundAnswer], says("Newest first.")]
    next_cursor: Annotated[str | None, says("Send it back with the same filters; null on the last page.")]


_OUTCOME: dict[str, Any] = {
    "orderNumber": "123-1234567-1234567",
    "state": "pending",
    "reference": "123-1234567-1234567-R1",
    "total": {"amount": "60.00", "currencyCode": "USD"},
    "fee": {"amount": "0.00", "currencyCode": "USD"},
    "left": {"amount": "40.00", "currencyCode": "USD"},
    "releaseAt": "2026-03-05T20:00:00Z",
    "settlesFrom": "2026-03-11T07:59:59Z",
    "settlesUntil": "2026-03-13T06:59:59Z",
    "completes": "",
    "warnings": [],
    "version": 4,
}


class RefundOutcomeAnswer(Answer):
    """What became of a request. `state`: pending (held), drafted (needs a second person), released, cancelled, or
    refused; with refused only `problem` stands beside it.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_OUTCOME]})
    order_number: Annotated[str, says("The order.")]
    state: Annotated[
        Literal["pending", "drafted", "released", "cancelled", "refused"], says("What became of the request.")
    ]
    problem: Annotated[ProblemAnswer | None, says("Why it was refused; nothing of it was done.")] = None
    reference: Annotated[str | None, says("The refund's name, for undo and approve.")] = None
    total: Annotated[Money | None, says("What the buyer gets, concessions included.")] = None
    fee: Annotated[Money | None, says("What is kept back, beside the total.")] = None
    left: Annotated[Money | None, says("What is left to refund of the order after it.")] = None
    release_at: Annotated[
        datetime | None,
        says("UTC: until then it can be undone. Absent or null while it waits for a second person."),
    ] = None
    settles_from: Annotated[datetime | None, says("UTC: when the buyer has it at the earliest.")] = None
    settles_until: Annotated[datetime | None, says("UTC: and at the latest.")] = None
    completes: Annotated[str | None, says("The RMA of the return that it completes; empty for none.")] = None
    warnings: Annotated[list[Warn] | None, says("What you should know; none of it stopped the refund.")] = (
        None
    )
    version: Annotated[int | None, says("The order's version after it.")] = None


class RefundOutcomesAnswer(Answer):
    """In the order of the requests."""

    outcomes: Annotated[list[RefundOutcomeAnswer], says("One for each request.")]


class RefundPreviewAnswer(Answer):
    """What refunding would do at this moment, by the decision that the refund itself would take.

    `problem` says why it would be refused. With `questions` a yes would help (`override_needed`), and the other members
    say what would happen after it; without a decision they are absent.
    """

    order_number: Annotated[str, says("The order.")]
    accepted: Annotated[bool, says("Whether the refund would be made.")]
    problem: Annotated[ProblemAnswer | None, says("Why not.")]
    questions: Annotated[list[ProblemAnswer], says("What you can answer with a member of the request.")]
    version: Annotated[int | None, says("The order's version: send it as `If-Match`.")] = None
    left: Annotated[Money | None, says("What is left to refund now: send it as `expectsLeft`.")] = None
    left_after: Annotated[Money | None, says("What would be left after it.")] = None
    state: Annotated[Literal["pending", "drafted", "released"] | None, says("What it would be.")] = None
    total: Annotated[Money | None, says("What the buyer would get.")] = None
    fee: Annotated[Money | None, says("What would be kept back.")] = None
    parts: Annotated[list[RefundPartAnswer] | None, says("By line and component.")] = None
    units: Annotated[list[RefundUnitsAnswer] | None, says("Pieces that would count as refunded.")] = None
    rma: Annotated[str | None, says("The return that it would answer; empty for none.")] = None
    completes: Annotated[bool | None, says("Whether it would complete that return.")] = None
    hold_minutes: Annotated[int | None, says("How many minutes it would be held.")] = None
    release_at: Annotated[datetime | None, says("UTC: when its hold would end.")] = None
    settles_from: Annotated[datetime | None, says("UTC: when the buyer would have it at the earliest.")] = (
        None
    )
    settles_until: Annotated[datetime | None, says("UTC: and at the latest.")] = None
    warnings: Annotated[list[Warn] | None, says("What you should know.")] = None
    policy: Annotated[
        PolicyAnswer | None, says("The policy row that decides between held, released and drafted.")
    ] = None
    concession_cap: Annotated[Money | None, says("How much of concessions the order may have in all.")] = None


class RefundPreviewsAnswer(Answer):
    """In the order of the requests; accepted ones build on each other, as the refunds would."""

    previews: Annotated[list[RefundPreviewAnswer], says("One for each request.")]


_HEAD = (
    *("order_number", "reference", "rma", "state", "reason", "raw_reason", "mode", "party", "author"),
    *("approved_by", "override", "note", "requested_at", "hold_minutes", "release_at", "released_at"),
    *("settles_from", "settles_until", "closed_at"),
)
_OUTCOME_PLAIN = (
    *("reference", "release_at", "settles_from", "settles_until", "completes", "warnings", "version"),
)
_OUTCOME_MONEY = ("total", "fee", "left")
_STATES = {RefundState.DRAFT: "drafted", RefundState.PENDING: "pending", RefundState.RELEASED: "released"}


def refund(view: RefundView, sight: Sight) -> dict[str, Any]:
    """A refund as the caller may see it."""
    head, currency = view.head, view.head.currency
    said = {camel_name(name): plain(getattr(head, name)) for name in _HEAD}
    said["units"] = _units(view.units)
    if sight.money:
        for name in ("total", "return_shipping", "goodwill"):
            said[camel_name(name)] = answers.money(getattr(head, name), currency)
        said["fee"] = answers.money(sum(part.deduction for part in view.parts), currency)
        said["parts"] = [
            _part(one.item_number, one.component, (one.amount, one.deduction), currency) for one in view.parts
        ]
    return said | ({"words": head.words} if sight.buyers else {})


def order_refunds(balance: OrderBalance, views: list[RefundView], sight: Sight) -> dict[str, Any]:
    said = {"orderNumber": balance.order_number, "version": balance.version}
    names = ("charged", "refunded", "pending", "claimed", "left", "concessions_given", "concessions_pending")
    money = {camel_name(name): answers.money(getattr(balance, name), balance.currency) for name in names}
    return (
        said
        | ({"balance": money} if sight.money else {})
        | {"refunds": [refund(view, sight) for view in views]}
    )


def outcome(one: Outcome) -> dict[str, Any]:
    """What became of a request for a refund, an undo or an approval."""
    said: dict[str, Any] = {"orderNumber": one.order_number, "state": one.state}
    if one.refusal is not None:
        return said | {"problem": of_refusal(one.refusal).members()}
    said |= {camel_name(name): plain(one.facts[name]) for name in _OUTCOME_PLAIN if name in one.facts}
    currency = one.facts["currency"]
    return said | {
        name: answers.money(one.facts[name], currency) for name in _OUTCOME_MONEY if name in one.facts
    }


def preview(order_number: str, one: RefundPreview) -> dict[str, Any]:
    """What a refund would do."""
    said: dict[str, Any] = {
        "orderNumber": order_number,
        "accepted": one.refusal is None,
        "problem": one.refusal and of_refusal(one.refusal).members(),
        "questions": [of_refusal(question).members() for question in one.questions],
    }
    if one.facts is not None:
        order = one.facts.order
        said |= {"version": order.version, "left": answers.money(one.facts.left, order.currency)}
    return said if one.decision is None else said | _decided(one.decision)


def _decided(decision: RefundDecision) -> dict[str, Any]:
    order = decision.facts.order
    numbers = {item.id: item.item_number for item in order.items}
    key, value = decision.policy
    return {
        "leftAfter": answers.money(decision.after.left, order.currency),
        "state": _STATES[decision.state],
        "total": answers.money(decision.total, order.currency),
        "fee": answers.money(decision.fee, order.currency),
        "parts": [
            _part(numbers[one.item_id], one.component, (one.amount, one.deduction), order.currency)
            for one in decision.parts
        ],
        "units": _units({numbers[item]: units for item, units in decision.units.items()}),
        "rma": decision.linked.rma if decision.linked else "",
        "completes": decision.covers,
        "holdMinutes": decision.hold_minutes,
        "releaseAt": plain(decision.release_at),
        "settlesFrom": utc(decision.settles[0]),
        "settlesUntil": utc(decision.settles[1]),
        "warnings": [warning.value for warning in decision.warnings],
        "policy": {"key": key, "value": value},
        "concessionCap": answers.money(decision.cap, order.currency),
    }


def _part(number: str, component: str, amounts: tuple[int, int], currency: str) -> dict[str, Any]:
    amount, deduction = (answers.money(minor, currency) for minor in amounts)
    return {
        "itemNumber": number,
        "component": camel_name(component),
        "amount": amount,
        "deduction": deduction,
    }


def _units(units: dict[str, int]) -> list[dict[str, Any]]:
    return [{"itemNumber": number, "units": count} for number, count in units.items()]


def plain(value: Any) -> Any:
    """Instants as this door writes them, also those of a kept answer, which are text already."""
    if isinstance(value, datetime):
        return utc(value)
    return (
        value.removesuffix("+00:00") + "Z" if isinstance(value, str) and value.endswith("+00:00") else value
    )
