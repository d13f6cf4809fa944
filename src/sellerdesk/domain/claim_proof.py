"""What speaks for the seller in a claim: a checklist made from the record (rulebook 2.9; screens 1.12).

It judges nothing: the marketplace does. It says which of the things that usually decide such claims are on record, so
that an answer can quote them, and which are missing while there is still time to bring them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sellerdesk.domain.claim_facts import ClaimKind

_CARRIER_SAW = frozenset({"PICKED_UP", "IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED"})


class Proof(StrEnum):
    """One line of the checklist."""

    ON_TIME = "on_time"  # confirmed before ship-by
    TRACKED = "tracked"  # every parcel has a tracking number
    SCANNED = "scanned"  # the carrier has seen every parcel
    DELIVERED = "delivered"  # the carrier delivered every parcel
    SIGNED = "signed"  # only the carrier's own proof says so
    ANSWERED = "answered"  # every message of the buyer, in time
    RETURN_OFFERED = "return_offered"  # the buyer was told where to send it
    RETURN_MISSING = "return_missing"  # the goods are not back
    INSPECTED = "inspected"  # what came back was looked at, and how it was is on record
    PHOTOS = "photos"
    REFUNDED = "refunded"  # money has gone to the buyer, or is held on its way


class Standing(StrEnum):
    """How it stands with one line."""

    YES = "yes"
    NO = "no"
    ASK = "ask"  # the record cannot say: it has to be brought from somewhere else


@dataclass(frozen=True, slots=True)
class ParcelRecord:
    """A parcel as far as its carrier told us. `events` are kinds of parcel events."""

    tracking: str
    events: frozenset[str]
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReturnRecord:
    """A return of the claimed order. `photos`: how many were kept."""

    authorized: bool
    received: bool
    graded: bool
    photos: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """What is on record about an order. `unanswered`: messages of the buyer without an answer; `missed`: answered too
    late or never. `refunded`: minor units on their way to the buyer or with them.
    """

    confirmed: bool
    late: bool
    parcels: tuple[ParcelRecord, ...] = ()
    unanswered: int = 0
    missed: int = 0
    returns: tuple[ReturnRecord, ...] = ()
    refunded: int = 0


Found = Iterator[tuple[Proof, bool | None]]


@dataclass(frozen=True, slots=True)
class Point:
    """A line of the checklist with its standing."""

    proof: Proof
    standing: Standing


def checklist(kind: ClaimKind, record: Record) -> tuple[Point, ...]:
    """The lines that matter for a kind of claim, the weightiest first."""
    return tuple(Point(proof, _as_standing(found)) for proof, found in _POINTS[kind](record))


def _not_received(record: Record) -> Found:
    delivered = _all(record, lambda one: one.delivered_at is not None)
    yield Proof.DELIVERED, delivered
    yield Proof.SIGNED, None if delivered else False
    yield Proof.SCANNED, _all(record, lambda one: bool(one.events & _CARRIER_SAW))
    yield Proof.TRACKED, _all(record, lambda one: bool(one.tracking))
    yield Proof.ON_TIME, record.confirmed and not record.late
    yield Proof.ANSWERED, _answered(record)


def _not_as_described(record: Record) -> Found:
    yield Proof.RETURN_OFFERED, any(one.authorized for one in record.returns)
    yield Proof.ANSWERED, _answered(record)
    yield from _came_back(record)
    yield Proof.REFUNDED, record.refunded > 0


def _not_refunded(record: Record) -> Found:
    yield Proof.REFUNDED, record.refunded > 0
    yield from _came_back(record)
    yield Proof.ANSWERED, _answered(record)


def _came_back(record: Record) -> Found:
    """Goods that never came speak for the seller; goods that did must have been looked at."""
    back = [one for one in record.returns if one.received]
    if not back:
        yield Proof.RETURN_MISSING, True
        return
    yield Proof.INSPECTED, all(one.graded for one in back)
    yield Proof.PHOTOS, any(one.photos for one in back)


def _answered(record: Record) -> bool:
    return record.unanswered == 0 and record.missed == 0


def _all(record: Record, holds: Callable[[ParcelRecord], bool]) -> bool:
    return bool(record.parcels) and all(holds(one) for one in record.parcels)


def _as_standing(found: bool | None) -> Standing:
    if found is None:
        return Standing.ASK
    return Standing.YES if found else Standing.NO


_POINTS: dict[ClaimKind, Callable[[Record], Found]] = {
    ClaimKind.NOT_RECEIVED: _not_received,
    ClaimKind.NOT_AS_DESCRIBED: _not_as_described,
    ClaimKind.NOT_REFUNDED: _not_refunded,
}
