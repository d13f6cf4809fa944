"""Movements of the ledger as a seller's programs see them: what each did to the balance (spapi 9)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Part:
    """What a movement did to the seller's balance, in minor units, for one component of one line; no line: item ""."""

    item_number: str
    sku: str
    asin: str
    component: str
    amount: int
    units: int


@dataclass(frozen=True, slots=True)
class Posted:
    """A movement that touched the seller. `currency` is that of every part."""

    id: int
    at: datetime
    kind: str
    order_number: str
    seller_order_id: str
    marketplace_id: str
    channel: str
    currency: str
    parts: tuple[Part, ...] = ()

    @property
    def total(self) -> int:
        return sum(part.amount for part in self.parts)


@dataclass(frozen=True, slots=True)
class Group:
    """A period of one currency: paid out, or still open (`end` None). `total`: what was paid, or is owed so far."""

    currency: str
    start: datetime
    end: datetime | None
    first: bool  # whether nothing was paid out before it
    total: int
    paid_at: datetime | None = None
    reference: str = ""

    @property
    def id(self) -> str:
        """The same while it is open and after it was paid."""
        begins = 0 if self.first else round(self.start.timestamp() * 1_000_000)
        return f"{self.currency}{begins:x}"

    def holds(self, one: Posted) -> bool:
        """Whether a movement falls into the period."""
        return (
            self.currency == one.currency and self.start <= one.at and (self.end is None or one.at < self.end)
        )
