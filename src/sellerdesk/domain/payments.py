"""What a payment report does to an order (S0-02 to S0-07; rulebook 3.2)."""

from dataclasses import dataclass
from datetime import datetime

from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.orders import WAITING, Channel, PaymentState, PendingReason, Status
from sellerdesk.domain.refusals import Code, refuse

# Reasons that keep a paid warehouse order waiting (S0-04, S0-05): the warehouse's own business.
_WAREHOUSE_REASONS = frozenset(
    {
        PendingReason.FBA_CONSOLIDATION,
        PendingReason.FBA_ITEM_OUT_OF_STOCK,
        PendingReason.FBA_SCHEDULED_DELIVERY,
    }
)


@dataclass(frozen=True, slots=True)
class PaymentReport:
    """What the payment side says of an order: `state` is a PaymentState; `reason` a PendingReason while it waits.
    `reference` is the provider's own name for the payment, by which refunds find it; "" leaves what is known.
    """

    order_number: str
    state: PaymentState
    reason: str = ""
    at: datetime | None = None  # when it was authorised; None: now
    reference: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class PaymentDecision:
    facts: OrderFacts
    status: Status
    payment_state: PaymentState
    pending_reason: str
    paid_at: (
        datetime | None
    )  # set when the order becomes ready to ship, for the seller's deadlines to run from
    changed: bool


def report(facts: OrderFacts, told: PaymentReport, *, now: datetime) -> PaymentDecision:
    """Decide a payment report.

    Authorised: a seller's order becomes Unshipped and its deadlines start; a warehouse order stays Pending, maybe with
    a reason of the warehouse's (S0-04, S0-05), until it ships. Declined or waiting: it stays Pending with the reason;
    no time-out is assumed (S0-03). The same report again changes nothing.
    Raises Refusal INVALID_VALUE (unknown reason), ORDER_CANCELLED, WRONG_STATUS (a declined payment after shipping).
    """
    _check_reason(facts, told)
    if facts.status is Status.CANCELED:
        raise refuse(Code.ORDER_CANCELLED, order_number=facts.order_number)
    if facts.status not in WAITING:
        if told.state is PaymentState.AUTHORIZED and facts.payment_state == PaymentState.AUTHORIZED:
            return PaymentDecision(facts, facts.status, told.state, facts.pending_reason, None, changed=False)
        raise refuse(
            Code.WRONG_STATUS,
            order_number=facts.order_number,
            status=facts.status.value,
            verb=f"payment_{told.state}",
        )
    if told.state is PaymentState.AUTHORIZED:
        return _authorised(facts, told, now)
    fallback = (
        PendingReason.PAYMENT_DECLINED
        if told.state is PaymentState.DECLINED
        else PendingReason.PAYMENT_NOT_AUTHORIZED
    )
    reason = told.reason or fallback.value
    changed = (told.state, reason) != (facts.payment_state, facts.pending_reason)
    return PaymentDecision(facts, facts.status, told.state, reason, None, changed)


def _check_reason(facts: OrderFacts, told: PaymentReport) -> None:
    if told.reason and told.reason not in {reason.value for reason in PendingReason}:
        raise refuse(
            Code.INVALID_VALUE,
            place="reason",
            value=told.reason[:40],
            expected=", ".join(reason.value for reason in PendingReason),
        )
    if told.reason in _WAREHOUSE_REASONS and facts.channel is not Channel.AFN:
        raise refuse(Code.NOT_WAREHOUSE_ORDER, order_number=facts.order_number)


def _authorised(facts: OrderFacts, told: PaymentReport, now: datetime) -> PaymentDecision:
    if facts.channel is Channel.MFN:
        return PaymentDecision(
            facts, Status.UNSHIPPED, PaymentState.AUTHORIZED, "", told.at or now, changed=True
        )
    reason = told.reason if told.reason in _WAREHOUSE_REASONS else ""
    changed = (PaymentState.AUTHORIZED, reason) != (facts.payment_state, facts.pending_reason)
    return PaymentDecision(facts, Status.PENDING, PaymentState.AUTHORIZED, reason, None, changed)
