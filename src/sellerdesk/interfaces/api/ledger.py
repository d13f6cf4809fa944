"""The marketplace's side of the ledger: fees of orders, payouts to the seller, and what it is owed."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Body, Router
from pydantic import Field

from sellerdesk.commands.ledger import record_fees, record_payouts
from sellerdesk.config import clock
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.ledger import REFERENCE_LENGTH_MOST, FeeKind, FeeReport, PayoutReport
from sellerdesk.domain.money import Money as MoneyText
from sellerdesk.domain.money import parse_amount
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.interfaces.api import filters, patterns
from sellerdesk.interfaces.api.answer_shapes import Answer, OutcomeAnswer
from sellerdesk.interfaces.api.calls import answer, key_parameter, known_form, once, one_outcome, principal
from sellerdesk.interfaces.api.problems import of_refusal, utc
from sellerdesk.interfaces.api.refund_answers import says
from sellerdesk.interfaces.api.shapes import Instant, Money, Shape, Text
from sellerdesk.queries.ledger import Balance, seller_balances

fees = Router(tags=["Money"], by_alias=True)
router = Router(tags=["Money"], by_alias=True)
_KEYED = {"parameters": [key_parameter(required=True)]}
_Reference = Annotated[
    str,
    Text(REFERENCE_LENGTH_MOST, 1),
    Field(
        pattern=patterns.PRINTABLE, description="The caller's own name for it: printable ASCII, used once."
    ),
]


class NewFee(Shape):
    """A fee of an order; a negative amount gives one back. The reference names it once and for ever."""

    reference: _Reference
    kind: Annotated[
        Literal[tuple(kind.value for kind in FeeKind)],  # type: ignore[valid-type]
        says("What the fee is for."),
    ]
    amount: Annotated[Money, says("In the order's currency; negative gives a fee back.")]


class NewPayout(Shape):
    """Pay what the seller is owed in a currency, from movements before `until` (now, when it is absent)."""

    reference: _Reference
    currency_code: Annotated[str, Field(pattern=patterns.CURRENCY, description="ISO 4217, such as USD.")]
    until: Annotated[
        Instant | None, says("Movements before this moment are paid; absent: all until now.")
    ] = None


class PayoutAnswer(Answer):
    """`state`: paid, unchanged (it was made before), or nothing (nothing is owed)."""

    state: Annotated[str, says("`paid`, `unchanged` or `nothing`.")]
    reference: Annotated[str, says("The caller's own name for it.")]
    amount: Annotated[Money, says("What was paid to the seller.")]
    period_from: Annotated[
        datetime | None, says("Where the payout before it ended, in UTC; null: it is the first.")
    ]
    period_until: Annotated[datetime, says("Up to which moment movements are paid, in UTC.")]


class BalanceAnswer(Answer):
    """What the seller is owed in one currency; `parts` are what each kind of movement did to it."""

    owed: Annotated[Money, says("What the seller is owed; negative: what it owes.")]
    parts: Annotated[dict[str, Money], says("Kind of movement → what it did to the balance.")]


class BalancesAnswer(Answer):
    """What the seller is owed: one entry for each currency in which anything moved."""

    balances: Annotated[list[BalanceAnswer], says("By currency code.")]


@fees.post(
    "/{order_number}/fees", response={201: OutcomeAnswer}, operation_id="recordFee", openapi_extra=_KEYED
)
def charge(request: HttpRequest, order_number: str, payload: Body[NewFee]) -> HttpResponse:
    """Take a fee of an order from the seller's balance, or give one back with a negative amount."""
    who = principal(request)
    who.demand(Permission.PAYMENTS_REPORT)
    key, money = once(request, "fees.record"), payload.amount
    amount = parse_amount(money.amount, money.currency_code, place="amount")
    kind = FeeKind(payload.kind)
    told = FeeReport(known_form(order_number), payload.reference, kind, amount, money.currency_code)
    actor = who.actor(key.key if key else "")
    return one_outcome(record_fees(actor, [told], now=clock.now(), once=key), status=201)


@router.post("/payouts", response={201: PayoutAnswer}, operation_id="recordPayout", openapi_extra=_KEYED)
def pay(request: HttpRequest, payload: Body[NewPayout]) -> HttpResponse:
    """Say that the seller was paid its balance. Periods follow one another; the balance of each is paid once."""
    who = principal(request)
    who.demand(Permission.PAYMENTS_REPORT)
    key, moment = once(request, "payouts.record"), clock.now()
    told = PayoutReport(payload.reference, payload.currency_code, payload.until)
    (outcome,) = record_payouts(who.actor(key.key if key else ""), [told], now=moment, once=key)
    if outcome.refusal is not None:
        raise of_refusal(outcome.refusal)
    return answer(_payout(outcome), status=201)


@router.get("/balances", response=BalancesAnswer, operation_id="listBalances")
def balances(request: HttpRequest) -> HttpResponse:
    """What the seller is owed, currency by currency."""
    who = principal(request)
    who.demand(Permission.MONEY_READ)
    filters.check_names(request, frozenset())
    return answer({"balances": [_balance(one) for one in seller_balances(who.seller_id)]})


def _payout(outcome: Outcome) -> dict[str, Any]:
    facts = outcome.facts
    return {
        "state": outcome.state,
        "reference": facts["reference"],
        "amount": _money(facts["amount"], facts["currency"]),
        "periodFrom": _instant(facts["period_from"]),
        "periodUntil": _instant(facts["period_until"]),
    }


def _balance(one: Balance) -> dict[str, Any]:
    parts = {name: _money(amount, one.currency) for name, amount in one.parts.items()}
    return {"owed": _money(one.owed, one.currency), "parts": parts}


def _instant(at: datetime | str | None) -> str | None:
    """A moment of an outcome: text, when the answer is the one of an earlier call."""
    return utc(datetime.fromisoformat(at) if isinstance(at, str) else at) if at else None


def _money(amount: int, currency: str) -> dict[str, str]:
    return {"amount": MoneyText(currency, amount).text(), "currencyCode": currency}
