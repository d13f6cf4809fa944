"""What this door answers about returns: shapes for the OpenAPI document, and the writing of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict

from sellerdesk.domain.deadlines import DeadlineKind
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.return_facts import Payer, ReturnKind, ReturnReason, ReturnState
from sellerdesk.domain.returns import Verdict
from sellerdesk.interfaces.api import answers
from sellerdesk.interfaces.api.answer_shapes import Answer, ProblemAnswer
from sellerdesk.interfaces.api.problems import camel_name, of_refusal
from sellerdesk.interfaces.api.refund_answers import plain, says
from sellerdesk.interfaces.api.shapes import Money
from sellerdesk.queries.api_orders import Sight
from sellerdesk.queries.api_returns import ReturnView
from sellerdesk.queries.return_photos import PhotoView


class ReturnLineAnswer(Answer):
    """A line of a return: what was asked, what came, and in which condition."""

    item_number: Annotated[str, says("The line, as the order names it.")]
    sku: Annotated[str, says("The seller's SKU.")]
    title: Annotated[str, says("The item's title.")]
    quantity: Annotated[int, says("Pieces that were asked to come back.")]
    received: Annotated[int, says("Pieces that came.")]
    grade: Annotated[
        str, says("sellable, repack, damaged, opened_media or wrong_item; empty until inspected.")
    ]
    note: Annotated[str, says("The warehouse's note.")]
    refunded: Annotated[int, says("Pieces refunded for this return, or about to be.")]


class ReturnRefundAnswer(Answer):
    """A refund that was made for the return."""

    reference: Annotated[str, says("The refund's name.")]
    state: Annotated[str, says("DRAFT, PENDING, RELEASED, SETTLED, CANCELLED or REJECTED.")]
    total: Annotated[Money | None, says("What the buyer gets. With the scope money.read.")] = None


class ReturnPhotoAnswer(Answer):
    """A photo of the goods. `GET …/photos/{photoId}` hands it out as a JPEG."""

    photo_id: Annotated[int, says("For the address of the photo.")]
    by: Annotated[str, says("buyer or warehouse.")]
    file_name: Annotated[str, says("What it is called.")]
    width: Annotated[int, says("Pixels.")]
    height: Annotated[int, says("Pixels.")]
    size: Annotated[int, says("Bytes.")]
    at: Annotated[datetime, says("UTC: when it was handed in.")]


class ReturnAddressAnswer(Answer):
    """Where the goods go: an address of the seller's. Members that were not given are absent."""

    name: Annotated[str | None, says("Who receives it.")] = None
    company: Annotated[str | None, says("The company.")] = None
    line1: Annotated[str | None, says("Street and number.")] = None
    line2: Annotated[str | None, says("Further lines.")] = None
    line3: Annotated[str | None, says("Further lines.")] = None
    city: Annotated[str | None, says("The city.")] = None
    county: Annotated[str | None, says("The county.")] = None
    district: Annotated[str | None, says("The district.")] = None
    state: Annotated[str | None, says("State or region.")] = None
    municipality: Annotated[str | None, says("The municipality.")] = None
    postal_code: Annotated[str | None, says("The postal code.")] = None
    country: Annotated[str | None, says("ISO 3166, two letters.")] = None
    phone: Annotated[str | None, says("A telephone number.")] = None
    kind: Annotated[str | None, says("Residential or Commercial.")] = None


class ReturnAnswer(Answer):
    """A return request. `comment` stands in it with the scope buyers.read, amounts with money.read.

    All instants are UTC.
    """

    order_number: Annotated[str, says("The order, 3-7-7 digits.")]
    marketplace_id: Annotated[str, says("The order's marketplace.")]
    rma: Annotated[str, says("The number on the label: ours, or the seller's own.")]
    kind: Annotated[ReturnKind, says("customer: asked for; refused: never accepted by the buyer.")]
    state: Annotated[ReturnState, says("Where it stands.")]
    reason: Annotated[ReturnReason, says("What the buyer chose.")]
    raw_reason: Annotated[str, says("Another platform's code, as it came.")]
    comment: Annotated[str | None, says("The buyer's own words. With the scope buyers.read.")] = None
    wish: Annotated[str, says("What the buyer would like best; empty when nothing was said.")]
    in_policy: Annotated[bool, says("Whether the marketplace's policy allows it.")]
    verdict: Annotated[Verdict, says("And why, or why not.")]
    window_ends_at: Annotated[
        datetime | None, says("The last second of the return window; null without a known delivery.")
    ]
    payer: Annotated[Payer, says("Who pays the way back: the buyer or the seller.")]
    returnless: Annotated[bool, says("Whether the buyer keeps it, by a rule of the seller's.")]
    with_claim: Annotated[bool, says("Whether there is a claim as well.")]
    requested_at: Annotated[datetime, says("When it was asked for.")]
    authorized_at: Annotated[datetime | None, says("When it was allowed.")]
    in_transit_at: Annotated[datetime | None, says("When a carrier first saw it on its way back.")]
    received_at: Annotated[datetime | None, says("When the goods came.")]
    inspected_at: Annotated[datetime | None, says("When they were last graded.")]
    partial_at: Annotated[datetime | None, says("When a part of it was last refunded.")]
    ended_at: Annotated[datetime | None, says("When it was completed or closed.")]
    updated_at: Annotated[
        datetime, says("The latest of these: what `updatedAfter` and the sort `updated` look at.")
    ]
    answer_by: Annotated[
        datetime | None, says("Until when the seller should answer; null when that is done.")
    ]
    refund_by: Annotated[
        datetime | None, says("Until when the refund is due; null before the goods are back.")
    ]
    closes_at: Annotated[
        datetime | None, says("When it closes itself if nobody does anything; null for never.")
    ]
    address: Annotated[ReturnAddressAnswer, says("Where the goods go.")]
    label: Annotated[str, says("none, uploaded or prepaid; empty before it is authorised.")]
    carrier: Annotated[str, says("Of the way back.")]
    tracking: Annotated[str, says("Of the way back.")]
    instructions: Annotated[str, says("What the buyer was told to do.")]
    close_reason: Annotated[str, says("Why the seller closed it.")]
    close_comment: Annotated[str, says("What the buyer was told about it.")]
    wrongly_rejected: Annotated[
        bool, says("Closed although the policy allows it: it counts against the seller.")
    ]
    version: Annotated[int, says("The return's version: its ETag, for `If-Match` of the next step.")]
    lines: Annotated[list[ReturnLineAnswer], says("In the order's own order.")]
    refunds: Annotated[list[ReturnRefundAnswer], says("What was refunded for it, oldest first.")]

    photos: Annotated[
        list[ReturnPhotoAnswer] | None, says("Of one return, not in lists. With the scope buyers.read.")
    ] = None


class ReturnsAnswer(Answer):
    """A page of returns."""

    returns: Annotated[list[ReturnAnswer], says("In the order that was asked for.")]
    next_cursor: Annotated[str | None, says("Send it back with the same filters; null on the last page.")]


_OUTCOME: dict[str, Any] = {
    "orderNumber": "123-1234567-1234567",
    "state": "authorized",
    "rma": "RMA-7QX4R9KRTW",
    "inPolicy": True,
    "verdict": "in_policy",
    "windowEndsAt": "2026-04-05T06:59:59Z",
    "payer": "buyer",
}


class ReturnOutcomeAnswer(Answer):
    """What became of a step. `state` of a new request: requested, authorized, refunded (the buyer keeps it) or
    returning; of later steps the return's state in small letters.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_OUTCOME]})
    order_number: Annotated[str, says("The order.")]
    state: Annotated[
        Literal[
            "requested", "authorized", "refunded", "returning", "closed_by_seller", "closed_by_buyer",
            "in_transit_back", "received", "inspected", "pending_refund", "completed",
            "recorded", "unchanged", "refused",
        ],
        says("What became of it."),
    ]  # fmt: skip
    problem: Annotated[ProblemAnswer | None, says("Why it was refused; nothing of it was done.")] = None
    rma: Annotated[str | None, says("The return's number from now on.")] = None
    in_policy: Annotated[bool | None, says("Whether the policy allows it.")] = None
    verdict: Annotated[Verdict | None, says("And why, or why not.")] = None
    window_ends_at: Annotated[
        datetime | None, says("UTC: the last second of the window; null without one.")
    ] = None
    payer: Annotated[Payer | None, says("Who pays the way back: the buyer or the seller.")] = None
    label: Annotated[str | None, says("Who provides the label.")] = None
    contacted: Annotated[bool | None, says("Whether the seller had written to the buyer before closing.")] = (
        None
    )
    wrongly_rejected: Annotated[bool | None, says("Closed although the policy allows it.")] = None
    international: Annotated[bool | None, says("Whether the way back crosses a border.")] = None
    return_state: Annotated[str | None, says("Of a scan: the return's state after it, in small letters.")] = (
        None
    )
    refunded: Annotated[Money | None, says("Of a scan: what the marketplace refunded at once.")] = None
    units: Annotated[int | None, says("Pieces that came.")] = None
    due_at: Annotated[datetime | None, says("UTC: until when the refund is due.")] = None
    restocked: Annotated[int | None, says("Pieces that are for sale again.")] = None
    version: Annotated[int | None, says("The return's version after it.")] = None


_HEAD = (
    *("order_number", "marketplace_id", "rma", "kind", "state", "reason", "raw_reason", "wish", "in_policy"),
    *("verdict", "window_ends_at", "payer", "returnless", "with_claim", "requested_at", "authorized_at"),
    *(
        "in_transit_at",
        "received_at",
        "inspected_at",
        "partial_at",
        "ended_at",
        "updated_at",
        "label",
        "carrier",
    ),
    *("tracking", "instructions", "close_reason", "close_comment", "wrongly_rejected", "version"),
)
_LINE = ("item_number", "sku", "title", "quantity", "received", "grade", "note", "refunded")
_DUES = {
    "answer_by": DeadlineKind.RETURN_ANSWER,
    "refund_by": DeadlineKind.RETURN_REFUND,
    "closes_at": DeadlineKind.RETURN_IDLE,
}
_OUTCOME_PLAIN = (
    *("rma", "in_policy", "verdict", "window_ends_at", "payer", "label", "contacted", "wrongly_rejected"),
    *("international", "units", "due_at", "restocked", "version"),
)
_ADDRESS = frozenset(ReturnAddressAnswer.model_fields)


def one_return(view: ReturnView, sight: Sight, photos: Sequence[PhotoView] | None = None) -> dict[str, Any]:
    """A return as the caller may see it; `photos` None: not told."""
    head = view.head
    said = {camel_name(name): plain(getattr(head, name)) for name in _HEAD}
    said |= {camel_name(name): plain(view.dues.get(kind.value)) for name, kind in _DUES.items()}
    said["address"] = {
        camel_name(name): str(value) for name, value in view.address.items() if name in _ADDRESS and value
    }
    said["lines"] = [{camel_name(name): getattr(line, name) for name in _LINE} for line in view.lines]
    said["refunds"] = [
        {"reference": one.reference, "state": one.state}
        | ({"total": answers.money(one.total, head.currency)} if sight.money else {})
        for one in view.refunds
    ]
    if photos is not None and sight.buyers:
        said["photos"] = [_photo(one) for one in photos]
    return said | ({"comment": head.comment} if sight.buyers else {})


def _photo(one: PhotoView) -> dict[str, Any]:
    said = {"photoId": one.id, "by": one.by, "fileName": one.name, "at": plain(one.at)}
    return said | {"width": one.width, "height": one.height, "size": one.size}


def outcome(one: Outcome) -> dict[str, Any]:
    """What became of a request for a return, or of a step of one."""
    said: dict[str, Any] = {"orderNumber": one.order_number, "state": one.state}
    if one.refusal is not None:
        return said | {"problem": of_refusal(one.refusal).members()}
    said |= {camel_name(name): plain(one.facts[name]) for name in _OUTCOME_PLAIN if name in one.facts}
    if "refunded" in one.facts:
        said["returnState"] = one.facts["state"]
        said["refunded"] = answers.money(one.facts["refunded"], one.facts["currency"])
    return said | ({"rma": one.facts["own_rma"]} if one.facts.get("own_rma") else {})
