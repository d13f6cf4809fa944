"""Feedback and chargebacks, as the marketplace saw them: needs the scope feedback.report, given by name."""

from django.http import HttpRequest, HttpResponse
from ninja import Body, Router

from sellerdesk.commands.feedback import (
    close_chargebacks,
    record_chargebacks,
    record_feedback,
    remove_feedback,
)
from sellerdesk.config import clock
from sellerdesk.domain.actors import Party, Permission
from sellerdesk.domain.feedback import (
    ChargebackClosing,
    ChargebackKind,
    ChargebackOutcome,
    ChargebackReport,
    FeedbackRemoval,
    FeedbackReport,
    RemovalReason,
)
from sellerdesk.interfaces.api.answer_shapes import OutcomeAnswer
from sellerdesk.interfaces.api.body import check_text
from sellerdesk.interfaces.api.calls import key_parameter, known_form, once, one_outcome, principal
from sellerdesk.interfaces.api.claim_shapes import ChargebackEnd, FeedbackGone, NewChargeback, NewFeedback
from sellerdesk.interfaces.api.requests import minor

router = Router(tags=["Feedback"], by_alias=True)
_MAYBE_KEYED = {"parameters": [key_parameter(required=False)]}


@router.post(
    "/{order_number}/feedback",
    response={201: OutcomeAnswer},
    operation_id="recordFeedback",
    openapi_extra=_MAYBE_KEYED,
)
def rate(request: HttpRequest, order_number: str, payload: Body[NewFeedback]) -> HttpResponse:
    """Record the buyer's rating, once per order. One and two stars are negative, and a defect of the order."""
    who = principal(request)
    who.demand(Permission.FEEDBACK_REPORT)
    key = once(request, "feedback.record", required=False)
    report = FeedbackReport(known_form(order_number), payload.rating, payload.at)
    actor = who.actor(key.key if key else "", Party.AMAZON)
    return one_outcome(record_feedback(actor, [report], now=clock.now(), once=key), status=201)


@router.post(
    "/{order_number}/feedback/removal",
    response=OutcomeAnswer,
    operation_id="removeFeedback",
    openapi_extra=_MAYBE_KEYED,
)
def unrate(request: HttpRequest, order_number: str, payload: Body[FeedbackGone]) -> HttpResponse:
    """Take a rating out of the metrics; it stays on record with the reason."""
    who = principal(request)
    who.demand(Permission.FEEDBACK_REPORT)
    key = once(request, "feedback.remove", required=False)
    removal = FeedbackRemoval(known_form(order_number), RemovalReason(payload.reason))
    actor = who.actor(key.key if key else "", Party.AMAZON)
    return one_outcome(remove_feedback(actor, [removal], now=clock.now(), once=key))


@router.post(
    "/{order_number}/chargebacks",
    response={201: OutcomeAnswer},
    operation_id="recordChargeback",
    openapi_extra=_MAYBE_KEYED,
)
def charge_back(request: HttpRequest, order_number: str, payload: Body[NewChargeback]) -> HttpResponse:
    """Record that a bank takes a payment back. The order cannot be claimed for afterwards."""
    who = principal(request)
    who.demand(Permission.FEEDBACK_REPORT)
    key = once(request, "chargebacks.record", required=False)
    currency = payload.amount.currency_code
    report = ChargebackReport(
        known_form(order_number),
        payload.reference,
        ChargebackKind(payload.kind),
        minor(payload.amount, currency, place="amount"),
        currency,
        payload.at,
    )
    actor = who.actor(key.key if key else "", Party.AMAZON)
    return one_outcome(record_chargebacks(actor, [report], now=clock.now(), once=key), status=201)


@router.post(
    "/{order_number}/chargebacks/{reference}/closing",
    response=OutcomeAnswer,
    operation_id="closeChargeback",
    openapi_extra=_MAYBE_KEYED,
)
def close(
    request: HttpRequest, order_number: str, reference: str, payload: Body[ChargebackEnd]
) -> HttpResponse:
    """Record how a chargeback ended: lost ones count, won and withdrawn ones do not."""
    who = principal(request)
    who.demand(Permission.FEEDBACK_REPORT)
    key = once(request, "chargebacks.close", required=False)
    check_text(reference, place="path")
    closing = ChargebackClosing(known_form(order_number), reference, ChargebackOutcome(payload.outcome))
    actor = who.actor(key.key if key else "", Party.AMAZON)
    return one_outcome(close_chargebacks(actor, [closing], now=clock.now(), once=key))
