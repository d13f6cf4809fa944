"""What was cancelled of an order, by whom and why, and the buyer's latest wish to cancel it (rulebook 3.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.cancel_requests import OPEN, State
from sellerdesk.models.sql import decode_json, rows


@dataclass(frozen=True, slots=True)
class CancellationView:
    """Units that somebody cancelled. `lines`: item number → units; `released`: minor units never charged."""

    at: datetime
    by: str  # BUYER | MERCHANT | AMAZON, "" unknown
    reason: str
    counts: bool
    why: str
    policy_key: str
    policy_value: Any
    units: int
    lines: Mapping[str, int]
    restocked: bool
    released: int


@dataclass(frozen=True, slots=True)
class WishView:
    """The buyer's latest wish to cancel. `words` are the buyer's own: "" for who may not see buyers' data."""

    kind: str  # formal | informal
    state: State
    reason: str
    words: str
    item_numbers: tuple[str, ...]
    requested_at: datetime
    filed_at: datetime | None
    guided_at: datetime | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_formal(self) -> bool:
        """Whether it is open and was filed in the buyer's account, so that it keeps the order out of the rate."""
        return self.state is State.REQUESTED_FORMAL


_CANCELLATIONS = """
SELECT at, by, reason, counts, why, policy_key, policy_value, units, lines, restocked, released
  FROM cancellations WHERE seller_id = %s AND order_id = %s ORDER BY id"""

_WISH = """
SELECT kind, state, reason, words, item_numbers, requested_at, filed_at, guided_at, closed_at
  FROM cancellation_requests WHERE seller_id = %s AND order_id = %s ORDER BY id DESC LIMIT 1"""


def read_cancellations(seller_id: int, order_id: int) -> tuple[CancellationView, ...]:
    """The oldest first, under the scope that the caller has set."""
    return tuple(_cancellation(row) for row in rows(_CANCELLATIONS, [seller_id, order_id]))


def read_wish(seller_id: int, order_id: int, *, personal: bool) -> WishView | None:
    """The latest wish, open or not, under the scope that the caller has set; None when there never was one."""
    found = rows(_WISH, [seller_id, order_id])
    if not found:
        return None
    kind, state, reason, words, numbers, *moments = found[0]
    said = words if personal else ""
    return WishView(kind, State(state), reason, said, tuple(decode_json(numbers) or ()), *moments)


def _cancellation(row: tuple[Any, ...]) -> CancellationView:
    *head, value, units, lines, restocked, released = row
    columns: tuple[Any, ...] = (*head, decode_json(value), units, decode_json(lines), restocked, released)
    return CancellationView(*columns)
