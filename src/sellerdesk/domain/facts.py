"""What the rules need to know of one order: its state, items, money and parcels, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sellerdesk.domain.orders import Channel, Status
from sellerdesk.domain.refusals import Code, refuse


@dataclass(frozen=True, slots=True)
class ChargeFacts:
    """A component of a line's money, minor units for the whole line; see models.Charge."""

    component: str
    amount: int
    charged: int


@dataclass(frozen=True, slots=True)
class ItemFacts:
    id: int
    item_number: str
    ordered: int
    shipped: int
    cancelled: int
    charges: tuple[ChargeFacts, ...] = ()
    cancel_requested: bool = False  # the buyer has filed a request that names it, at any time

    @property
    def left(self) -> int:
        return self.ordered - self.shipped - self.cancelled


@dataclass(frozen=True, slots=True)
class PackageFacts:
    id: int
    reference: str
    version: int
    status: str
    carrier_code: str
    carrier_name: str
    service: str
    tracking: str
    shipped_at: datetime | None
    memo: str
    lines: Mapping[str, int]  # item number → quantity
    transparency_codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What the rules of shipping need to know of one order."""

    id: int
    order_number: str
    marketplace_id: str
    channel: Channel
    status: Status
    payment_state: str
    pending_reason: str
    currency: str
    placed_at: datetime
    latest_ship_at: datetime | None
    confirmed_at: datetime | None
    is_late: bool | None
    version: int
    items_known: bool
    items: tuple[ItemFacts, ...]
    packages: tuple[PackageFacts, ...] = ()
    cancel_request: str = ""  # the state of the buyer's open wish to cancel, see cancel_requests.State
    cancel_requested_at: datetime | None = None  # when the buyer last filed one
    counts_in_cr: bool | None = None  # None: nothing of it was cancelled; see Cancellation.counts

    def item(self, item_number: str) -> ItemFacts:
        """The item of that number. Raises Refusal ITEM_NOT_FOUND."""
        for item in self.items:
            if item.item_number == item_number:
                return item
        raise refuse(Code.ITEM_NOT_FOUND, order_number=self.order_number, item_number=item_number)

    def check_version(self, expected: int | None) -> None:
        """Raises Refusal STALE_VERSION when the asker saw another version; None means that it does not matter."""
        if expected is not None and expected != self.version:
            said = {"expected": expected, "actual": self.version}
            raise refuse(Code.STALE_VERSION, order_number=self.order_number, **said)

    def package(self, reference: str) -> PackageFacts | None:
        return next((package for package in self.packages if package.reference == reference), None)

    @property
    def next_reference(self) -> str:
        """The reference of the next parcel when the seller gives none: 1, 2, 3 …"""
        taken = {package.reference for package in self.packages}
        return next(str(n) for n in range(1, len(taken) + 2) if str(n) not in taken)
