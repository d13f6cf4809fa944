"""Returns as facts: states, reasons with who pays, conditions, and what the rules need to know of one request
(rulebook 2.7, 3.4; S2-02 to S2-04).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReturnState(StrEnum):
    PENDING_AUTHORIZATION = "PENDING_AUTHORIZATION"
    AUTHORIZED = "AUTHORIZED"
    IN_TRANSIT_BACK = "IN_TRANSIT_BACK"
    RECEIVED = "RECEIVED"
    INSPECTED = "INSPECTED"
    PENDING_REFUND = "PENDING_REFUND"
    COMPLETED = "COMPLETED"
    CLOSED_BY_SELLER = "CLOSED_BY_SELLER"
    CLOSED_BY_BUYER = "CLOSED_BY_BUYER"
    CLOSED_AUTO = "CLOSED_AUTO"


_S = ReturnState
CLOSED = frozenset({_S.CLOSED_BY_SELLER, _S.CLOSED_BY_BUYER, _S.CLOSED_AUTO})
ENDED = CLOSED | {_S.COMPLETED}
OPEN = frozenset(ReturnState) - ENDED
BACK = frozenset({_S.RECEIVED, _S.INSPECTED, _S.PENDING_REFUND})  # open, and the goods are here
AWAITED = frozenset({_S.PENDING_AUTHORIZATION, _S.AUTHORIZED, _S.IN_TRANSIT_BACK})  # open, and they are not


class ReturnKind(StrEnum):
    CUSTOMER = "customer"  # asked for
    REFUSED = "refused"  # never accepted, or turned round on the way (S0-31)


class Payer(StrEnum):
    """Who pays the way back."""

    BUYER = "buyer"
    SELLER = "seller"


class ReturnReason(StrEnum):
    """What buyers choose from. Codes of other platforms are kept beside it as they came."""

    ACCIDENTAL_ORDER = "accidental_order"
    BETTER_PRICE = "better_price"
    NOT_NEEDED = "not_needed"
    PART_NOT_COMPATIBLE = "part_not_compatible"
    INSTALLATION = "installation"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    QUALITY = "quality"
    NOT_USEFUL = "not_useful"
    BAD_PACKAGING = "bad_packaging"
    LATE_DELIVERY = "late_delivery"
    MISSING_PARTS = "missing_parts"
    DAMAGED_IN_TRANSIT = "damaged_in_transit"
    WRONG_ITEM = "wrong_item"
    DEFECTIVE = "defective"
    EXTRA_ITEM = "extra_item"
    UNAUTHORIZED_PURCHASE = "unauthorized_purchase"
    NOT_AS_DESCRIBED = "not_as_described"
    DEAD_BATTERY = "dead_battery"
    MISSING_MANUAL = "missing_manual"
    MISSING_CERTIFICATION = "missing_certification"
    TARNISHED = "tarnished"


_R = ReturnReason
BUYERS_FAULT = frozenset(
    {
        _R.ACCIDENTAL_ORDER,
        _R.BETTER_PRICE,
        _R.NOT_NEEDED,
        _R.PART_NOT_COMPATIBLE,
        _R.INSTALLATION,
        _R.TOO_SMALL,
        _R.TOO_LARGE,
    }
)
RAW_CODES: dict[str, ReturnReason] = {
    "AMZ-PG-BAD-DESC": _R.NOT_AS_DESCRIBED,
    "AMZ-PG-APP-TOO-SMALL": _R.TOO_SMALL,
    "AMZ-PG-APP-TOO-LARGE": _R.TOO_LARGE,
    "CR-SWITCHEROO": _R.WRONG_ITEM,
    "CR-DEFECTIVE": _R.DEFECTIVE,
    "CR-UNWANTED_ITEM": _R.NOT_NEEDED,
    "CR-ORDERED_WRONG_ITEM": _R.ACCIDENTAL_ORDER,
    "CR-FOUND_BETTER_PRICE": _R.BETTER_PRICE,
    "CR-MISSING_PARTS": _R.MISSING_PARTS,
    "CR-NOT_COMPATIBLE": _R.PART_NOT_COMPATIBLE,
    "CR-QUALITY_UNACCEPTABLE": _R.QUALITY,
    "CR-DAMAGED_BY_CARRIER": _R.DAMAGED_IN_TRANSIT,
    "CR-MISSED_ESTIMATED_DELIVERY": _R.LATE_DELIVERY,
    "CR-EXTRA_ITEM": _R.EXTRA_ITEM,
    "CR-UNAUTHORIZED_PURCHASE": _R.UNAUTHORIZED_PURCHASE,
}
"""Codes of return reports that mean one of our reasons; others are kept, and a person chooses."""


def payer_of(reason: ReturnReason, *, international: bool = False) -> Payer:
    """Who pays the way back: the buyer for his own reasons, but never over a border (rulebook 2.7)."""
    return Payer.BUYER if reason in BUYERS_FAULT and not international else Payer.SELLER


class Grade(StrEnum):
    """What came back, as the warehouse saw it."""

    SELLABLE = "sellable"
    REPACK = "repack"  # good, but opened or used
    DAMAGED = "damaged"
    OPENED_MEDIA = "opened_media"  # software and games whose seal is broken
    WRONG_ITEM = "wrong_item"  # not what was sent


RESTOCKED = frozenset({Grade.SELLABLE, Grade.REPACK})


@dataclass(frozen=True, slots=True)
class ReturnLine:
    item_id: int
    item_number: str
    quantity: int
    received: int = 0
    grade: str = ""  # of Grade; "" until inspected
    refunded: int = 0  # units refunded for this return, or about to be
    sellable: int = 0  # units that went back to stock
    unsellable: int = 0  # units that were graded and did not


@dataclass(frozen=True, slots=True)
class ReturnFacts:
    """What the rules need to know of one return request."""

    id: int
    rma: str
    kind: ReturnKind
    state: ReturnState
    reason: ReturnReason
    in_policy: bool
    returnless: bool
    requested_at: datetime
    lines: tuple[ReturnLine, ...]
    authorized_at: datetime | None = None
    received_at: datetime | None = None
    partial_at: datetime | None = None  # of it was refunded a part, last
    with_claim: bool = False
    version: int = 1
    international: bool = False
    label: str = ""  # of return_ways.Label; "" until authorised
    package_id: int | None = None  # the parcel that turned round
    delivered_back_at: datetime | None = None  # as the carrier says
    underway: str = ""  # the refund for it that is held or drafted, by its reference

    @property
    def awaits_goods(self) -> bool:
        """Whether goods are expected and not here yet (S2-11)."""
        return self.state in AWAITED and not self.returnless

    @property
    def goods_unpaid(self) -> bool:
        """Whether units are here that no refund for this return covers, made or about to be."""
        return any(line.received > line.refunded for line in self.lines)

    @property
    def units(self) -> Mapping[int, int]:
        """Item id → units asked to go back."""
        return {line.item_id: line.quantity for line in self.lines}
