"""Confirming, editing and following shipments (S0-09, S0-10, S4-09, S4-15; rulebook 2.4, 3.1, 3.2).

Facts and a request go in; a decision comes out, or a Refusal is raised. The console's effect line and the command ask
the same functions, so what is shown before the click is what happens after it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sellerdesk.domain.facts import ItemFacts, OrderFacts, PackageFacts
from sellerdesk.domain.money import share
from sellerdesk.domain.orders import OPEN, WAITING, Channel, Status
from sellerdesk.domain.refusals import Code, refuse

# A ship date is a day typed somewhere on earth: the clocks ahead of UTC are already in it.
_DATE_TOLERANCE = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class PackageRequest:
    """One parcel as the seller describes it. `lines` None means everything that is still to ship."""

    carrier_code: str
    tracking: str
    shipped_at: datetime  # aware UTC
    lines: Mapping[str, int] | None = None
    reference: str = ""
    carrier_name: str = ""
    service: str = ""
    memo: str = ""
    transparency_codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ship_from: Mapping[str, Any] = field(default_factory=dict)
    untracked: bool = False  # a service without tracking (letters): then the number may be missing
    place: str = "package"


@dataclass(frozen=True, slots=True)
class ShipmentRequest:
    """Confirm one or several parcels of an order. `version` guards against acting on an old view of the order."""

    order_number: str
    packages: tuple[PackageRequest, ...]
    version: int | None = None
    place: str = ""
    marketplace_id: str = ""  # where the asker believes the order was placed; "" means it did not say


@dataclass(frozen=True, slots=True)
class EditRequest:
    """Say anew what is in a parcel that was confirmed before; fields left None keep what they were."""

    order_number: str
    reference: str
    carrier_code: str | None = None
    carrier_name: str | None = None
    service: str | None = None
    tracking: str | None = None
    shipped_at: datetime | None = None
    memo: str | None = None
    lines: Mapping[str, int] | None = None
    transparency_codes: Mapping[str, tuple[str, ...]] | None = None
    version: int | None = None
    place: str = ""
    marketplace_id: str = ""  # as in ShipmentRequest


@dataclass(frozen=True, slots=True)
class ChargeMove:
    """An amount that becomes due from the buyer because units of a line were shipped."""

    item_id: int
    component: str
    amount: int


@dataclass(frozen=True, slots=True)
class PackedParcel:
    """A parcel that will be written: its reference is settled and its lines are item ids."""

    request: PackageRequest
    reference: str
    lines: dict[int, int]
    moves: tuple[ChargeMove, ...]


@dataclass(frozen=True, slots=True)
class ShipmentDecision:
    """What confirming does: parcels, charges, the status after it, and whether it counts as late (C1, I11)."""

    facts: OrderFacts
    parcels: tuple[PackedParcel, ...]
    status: Status
    is_late: bool
    late_by: timedelta  # zero or negative: time that was left
    after: OrderFacts

    @property
    def charged(self) -> int:
        """What the buyer is charged by it, in minor units of the order's currency."""
        return sum(move.amount for parcel in self.parcels for move in parcel.moves)


@dataclass(frozen=True, slots=True)
class EditDecision:
    """What an edit changes: `changes` maps a field to (old, new); empty means nothing is to be done."""

    facts: OrderFacts
    package: PackageFacts
    edited: PackageFacts
    changes: dict[str, tuple[Any, Any]]
    line_moves: dict[int, int]  # item id → change of shipped units (>= 0: an edit may add, never unship)
    moves: tuple[ChargeMove, ...]
    status: Status
    after: OrderFacts


def lateness(confirmed_at: datetime, latest_ship_at: datetime | None) -> timedelta:
    """How far past the ship-by instant a confirmation comes; zero or less is on time (C1). No ship-by: never late."""
    return confirmed_at - latest_ship_at if latest_ship_at else timedelta(0)


def confirm(facts: OrderFacts, request: ShipmentRequest, *, now: datetime) -> ShipmentDecision:
    """Decide a seller's confirmation.

    Raises Refusal: WAREHOUSE_ORDER, ORDER_PENDING, ORDER_CANCELLED, ITEMS_UNKNOWN, ALREADY_SHIPPED, STALE_VERSION,
    PACKAGE_EXISTS, ITEM_NOT_FOUND, QUANTITY_EXCEEDED, SHIP_DATE_IMPOSSIBLE, TRACKING_REQUIRED, CARRIER_NAME_REQUIRED,
    MISSING_VALUE, INVALID_VALUE.
    """
    _check_marketplace(facts, request.marketplace_id)
    facts.check_version(request.version)
    _check_shippable(facts)
    return _ship(facts, request, now=now)


def ship_from_warehouse(facts: OrderFacts, request: ShipmentRequest, *, now: datetime) -> ShipmentDecision:
    """Decide the warehouse's word that it shipped: AFN orders only, straight from Pending (S0-11, rulebook 3.2).

    Raises Refusal NOT_WAREHOUSE_ORDER, ORDER_CANCELLED, ORDER_PENDING (not paid), and those of the parcels.
    """
    if facts.channel is not Channel.AFN:
        raise refuse(Code.NOT_WAREHOUSE_ORDER, order_number=facts.order_number)
    if facts.status is Status.CANCELED:
        raise refuse(Code.ORDER_CANCELLED, order_number=facts.order_number)
    if facts.payment_state != "authorized":
        raise refuse(Code.ORDER_PENDING, order_number=facts.order_number, reason=facts.pending_reason)
    _check_anything_left(facts)
    return _ship(facts, request, now=now)


def _check_marketplace(facts: OrderFacts, said: str) -> None:
    if said not in ("", facts.marketplace_id):
        raise refuse(Code.INVALID_VALUE, place="marketplace_id", value=said, expected=facts.marketplace_id)


def _check_shippable(facts: OrderFacts) -> None:
    number = facts.order_number
    if facts.channel is Channel.AFN:
        raise refuse(Code.WAREHOUSE_ORDER, order_number=number)
    if facts.status in WAITING:
        raise refuse(Code.ORDER_PENDING, order_number=number, reason=facts.pending_reason)
    if facts.status is Status.CANCELED:
        raise refuse(Code.ORDER_CANCELLED, order_number=number)
    _check_anything_left(facts)
    if facts.status not in OPEN:
        raise refuse(
            Code.WRONG_STATUS, order_number=number, status=facts.status.value, verb="confirm_shipment"
        )


def _check_anything_left(facts: OrderFacts) -> None:
    if not facts.items_known:
        raise refuse(Code.ITEMS_UNKNOWN, order_number=facts.order_number)
    if not any(item.left for item in facts.items):
        raise refuse(Code.ALREADY_SHIPPED, order_number=facts.order_number)


def _ship(facts: OrderFacts, request: ShipmentRequest, *, now: datetime) -> ShipmentDecision:
    if not request.packages:
        raise refuse(Code.MISSING_VALUE, place=request.place or "packages")
    state = facts
    parcels = []
    for package in request.packages:
        parcel = _pack(state, package, now=now)
        parcels.append(parcel)
        state = _with_parcel(state, parcel)
    late_by = lateness(now, facts.latest_ship_at)
    # The first accepted confirmation fixes lateness for good (I11); the warehouse's own doing is never the seller's.
    first = facts.confirmed_at is None
    is_late = (late_by > timedelta(0) and facts.channel is Channel.MFN) if first else bool(facts.is_late)
    status = _status(state.items)
    after = replace(
        state,
        status=status,
        payment_state="authorized",
        pending_reason="",
        confirmed_at=facts.confirmed_at or now,
        is_late=is_late,
        version=facts.version + 1,
        cancel_request="" if status is Status.SHIPPED else facts.cancel_request,
    )
    return ShipmentDecision(facts, tuple(parcels), status, is_late, late_by, after)


def _status(items: Iterable[ItemFacts]) -> Status:
    return Status.PARTIALLY_SHIPPED if any(item.left for item in items) else Status.SHIPPED


def _pack(facts: OrderFacts, request: PackageRequest, *, now: datetime) -> PackedParcel:
    reference = request.reference or facts.next_reference
    if facts.package(reference) is not None:
        raise refuse(Code.PACKAGE_EXISTS, order_number=facts.order_number, reference=reference)
    check_parcel_words(request)
    check_ship_date(request.shipped_at, facts.placed_at, now, place=f"{request.place}.ship_date")
    lines = _lines(facts, request)
    moves = tuple(move for item, quantity in lines for move in _charge(item, quantity))
    return PackedParcel(request, reference, {item.id: quantity for item, quantity in lines}, moves)


def check_parcel_words(request: PackageRequest) -> None:
    """Carrier and tracking are there. Raises Refusal MISSING_VALUE, CARRIER_NAME_REQUIRED, TRACKING_REQUIRED."""
    if not request.carrier_code:
        raise refuse(Code.MISSING_VALUE, place=f"{request.place}.carrier")
    if request.carrier_code == "Other" and not request.carrier_name:
        raise refuse(Code.CARRIER_NAME_REQUIRED, place=f"{request.place}.carrier_name")
    if not request.tracking and not request.untracked:
        raise refuse(Code.TRACKING_REQUIRED, place=f"{request.place}.tracking", service=request.service)


def check_ship_date(shipped_at: datetime, placed_at: datetime, now: datetime, *, place: str) -> None:
    """A parcel leaves after it was ordered and not in the future. Raises Refusal SHIP_DATE_IMPOSSIBLE."""
    earliest, latest = placed_at - _DATE_TOLERANCE, now + _DATE_TOLERANCE
    if not earliest <= shipped_at <= latest:
        raise refuse(Code.SHIP_DATE_IMPOSSIBLE, place=place, value=shipped_at, earliest=placed_at, latest=now)


def _lines(facts: OrderFacts, request: PackageRequest) -> list[tuple[ItemFacts, int]]:
    if request.lines is None:
        _check_anything_left(facts)  # an earlier parcel of the same request may have taken everything
        return [(item, item.left) for item in facts.items if item.left]
    lines = []
    for item_number, quantity in request.lines.items():
        item = facts.item(item_number)
        if quantity <= 0:
            raise refuse(
                Code.INVALID_VALUE,
                place=f"{request.place}.quantity",
                value=quantity,
                expected="a positive number",
            )
        if quantity > item.left:
            raise refuse(
                Code.QUANTITY_EXCEEDED,
                order_number=facts.order_number,
                item_number=item_number,
                asked=quantity,
                left=item.left,
            )
        lines.append((item, quantity))
    if not lines:
        raise refuse(Code.MISSING_VALUE, place=f"{request.place}.items")
    return lines


def _charge(item: ItemFacts, quantity: int) -> list[ChargeMove]:
    """What shipping `quantity` more units charges, component by component (I05); shares of all steps sum exactly."""
    moves = []
    for charge in item.charges:
        amount = share(charge.amount, done=item.shipped, more=quantity, of=item.ordered)
        if amount:
            moves.append(ChargeMove(item.id, charge.component, amount))
    return moves


def _with_parcel(facts: OrderFacts, parcel: PackedParcel) -> OrderFacts:
    by_id = parcel.lines
    items = tuple(
        replace(item, shipped=item.shipped + by_id[item.id]) if item.id in by_id else item
        for item in facts.items
    )
    numbers = {item.id: item.item_number for item in facts.items}
    request = parcel.request
    package = PackageFacts(
        id=0,
        reference=parcel.reference,
        version=1,
        status="IN_TRANSIT",
        carrier_code=request.carrier_code,
        carrier_name=request.carrier_name,
        service=request.service,
        tracking=request.tracking,
        shipped_at=request.shipped_at,
        memo=request.memo,
        lines={numbers[item_id]: quantity for item_id, quantity in by_id.items()},
    )
    return replace(facts, items=items, packages=(*facts.packages, package))


def edit(facts: OrderFacts, request: EditRequest, *, now: datetime) -> EditDecision:
    """Decide a re-confirmation: versions are kept, lateness never changes (C9, I11), nothing is unshipped (3.1).

    Raises Refusal: WAREHOUSE_ORDER, PACKAGE_NOT_FOUND, PACKAGE_CLOSED (delivered), STALE_VERSION, ITEM_NOT_FOUND,
    QUANTITY_EXCEEDED, QUANTITY_UNCOVERED, SHIP_DATE_IMPOSSIBLE, CARRIER_NAME_REQUIRED, TRACKING_REQUIRED.
    """
    _check_marketplace(facts, request.marketplace_id)
    facts.check_version(request.version)
    if facts.channel is Channel.AFN:
        raise refuse(Code.WAREHOUSE_ORDER, order_number=facts.order_number)
    package = facts.package(request.reference)
    if package is None:
        raise refuse(Code.PACKAGE_NOT_FOUND, order_number=facts.order_number, reference=request.reference)
    edited = _edited(package, request)
    changes = _changes(package, edited)
    if changes and package.status in ("DELIVERED", "CANCELLED"):
        raise refuse(Code.PACKAGE_CLOSED, order_number=facts.order_number, reference=package.reference)
    if "carrier_code" in changes or "tracking" in changes or "carrier_name" in changes:
        check_parcel_words(
            PackageRequest(edited.carrier_code, edited.tracking, now, carrier_name=edited.carrier_name)
        )
    if "shipped_at" in changes and edited.shipped_at:
        check_ship_date(edited.shipped_at, facts.placed_at, now, place="package.ship_date")
    line_moves = _line_moves(facts, package, edited)
    items = tuple(replace(item, shipped=item.shipped + line_moves.get(item.id, 0)) for item in facts.items)
    moves = tuple(
        move for item in facts.items if line_moves.get(item.id) for move in _charge(item, line_moves[item.id])
    )
    status = _status(items) if facts.status in OPEN else facts.status
    packages = tuple(edited if kept.reference == package.reference else kept for kept in facts.packages)
    bump = 1 if changes else 0
    after = replace(facts, items=items, packages=packages, status=status, version=facts.version + bump)
    return EditDecision(facts, package, edited, changes, line_moves, moves, status, after)


_EDITABLE = (
    "carrier_code",
    "carrier_name",
    "service",
    "tracking",
    "shipped_at",
    "memo",
    "lines",
    "transparency_codes",
)


def _edited(package: PackageFacts, request: EditRequest) -> PackageFacts:
    given = {name: getattr(request, name) for name in _EDITABLE if getattr(request, name) is not None}
    return replace(package, **given, version=package.version + 1)


def _changes(package: PackageFacts, edited: PackageFacts) -> dict[str, tuple[Any, Any]]:
    pairs = {name: (getattr(package, name), getattr(edited, name)) for name in _EDITABLE}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _line_moves(facts: OrderFacts, package: PackageFacts, edited: PackageFacts) -> dict[int, int]:
    moves = {}
    for item_number in {*package.lines, *edited.lines}:
        item = facts.item(item_number)
        difference = edited.lines.get(item_number, 0) - package.lines.get(item_number, 0)
        if difference < 0:
            raise refuse(Code.QUANTITY_UNCOVERED, order_number=facts.order_number, item_number=item_number)
        if difference > item.left:
            raise refuse(
                Code.QUANTITY_EXCEEDED,
                order_number=facts.order_number,
                item_number=item_number,
                asked=difference,
                left=item.left,
            )
        if difference:
            moves[item.id] = difference
    return moves
