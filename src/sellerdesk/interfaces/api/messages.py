"""Messages between buyer and seller: read a thread, write as the seller, pass on what a buyer wrote (rulebook 3.7)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Router

from sellerdesk.commands.messages import receive_messages, send_messages
from sellerdesk.config import clock
from sellerdesk.domain.actors import Party, Permission
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.message_threads import Via
from sellerdesk.domain.messages import BuyerMessage, SellerMessage
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.interfaces.api import filters
from sellerdesk.interfaces.api.answer_shapes import OutcomeAnswer
from sellerdesk.interfaces.api.calls import (
    answer,
    key_parameter,
    known_form,
    once,
    one_outcome,
    principal,
)
from sellerdesk.interfaces.api.message_shapes import NewBuyerMessage, NewMessage, ThreadAnswer, decoded
from sellerdesk.interfaces.api.problems import camel_name
from sellerdesk.queries.api_messages import FileView, MessageView, ThreadView, thread_of

router = Router(tags=["Messages"], by_alias=True)
_KEYED = {"parameters": [key_parameter(required=True)]}
_MAYBE_KEYED = {"parameters": [key_parameter(required=False)]}
_MESSAGE = (
    "at",
    "kind",
    "state",
    "reason",
    "critical",
    "automatic",
    "topic",
    "via",
    "language",
    "hint",
    "text",
)


@router.get("/{order_number}/messages", response=ThreadAnswer, operation_id="getMessages")
def read(request: HttpRequest, order_number: str) -> HttpResponse:
    """The thread of an order: what was said, whether the buyer waits, and for which reasons the seller may write."""
    who = principal(request)
    who.demand(Permission.MESSAGES_READ)
    filters.check_names(request, frozenset())
    found = thread_of(who.seller_id, known_form(order_number), clock.now())
    if found is None:
        raise refuse(Code.ORDER_NOT_FOUND, order_number=order_number)
    return answer(_thread(found))


@router.post(
    "/{order_number}/messages",
    response={201: OutcomeAnswer},
    operation_id="sendMessage",
    openapi_extra=_KEYED,
)
def send(request: HttpRequest, order_number: str, payload: Body[NewMessage]) -> HttpResponse:
    """Write to the buyer. What the lint refuses (`lint_refused`) has `facts.findings`: where and why."""
    who = principal(request)
    who.demand(Permission.MESSAGES_SEND)
    key = once(request, "messages.send")
    asked = SellerMessage(
        known_form(order_number),
        ContactReason(payload.reason),
        payload.text,
        decoded(payload.attachments),
        language=payload.language,
        version=payload.version,
        automatic=payload.automatic,
    )
    actor = who.actor(key.key if key else "")
    return one_outcome(send_messages(actor, [asked], now=clock.now(), once=key), status=201)


@router.post(
    "/{order_number}/buyer-messages",
    response={201: OutcomeAnswer},
    operation_id="passOnMessage",
    openapi_extra=_MAYBE_KEYED,
)
def pass_on(request: HttpRequest, order_number: str, payload: Body[NewBuyerMessage]) -> HttpResponse:
    """Pass on what a buyer wrote: it stands in the order's thread, and the seller's time to answer begins."""
    who = principal(request)
    who.demand(Permission.MESSAGES_RECEIVE)
    key = once(request, "messages.receive", required=False)
    # Names of one program cannot meet those of another, or of a mail.
    external = f"{who.key_space}:{payload.external_id}" if payload.external_id else ""
    asked = BuyerMessage(
        known_form(order_number),
        payload.text,
        decoded(payload.attachments),
        topic=payload.topic,
        via=Via.API,
        external_id=external,
    )
    actor = who.actor(key.key if key else "", Party.BUYER)
    return one_outcome(receive_messages(actor, [asked], now=clock.now(), once=key), status=201)


def _thread(view: ThreadView) -> dict[str, Any]:
    names = ("order_number", "state", "version", "due_at", "language", "reasons")
    said = {camel_name(name): getattr(view, name) for name in names}
    return said | {"messages": [_message(one) for one in view.messages]}


def _message(view: MessageView) -> dict[str, Any]:
    said = {camel_name(name): getattr(view, name) for name in _MESSAGE}
    return {"messageId": view.id} | said | {"attachments": [_file(one) for one in view.files]}


def _file(view: FileView) -> dict[str, Any]:
    return {
        "position": view.position,
        "fileName": view.name,
        "contentType": view.kind,
        "size": view.size,
    }
