"""What programs read of cancelling an order: the buyer's wish, and the cancellations that were carried out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.models.sql import decode_json, rows


@dataclass(frozen=True, slots=True)
class WishView:
    """A buyer's wish to cancel, the last one of its order. `words` are the buyer's own: personal."""

    kind: str  # formal | informal
    state: str  # of cancel_requests.State
    reason: str
    words: str
    requested_at: datetime
    filed_at: datetime | None
    guided_at: datetime | None
    closed_at: datetime | None
    closed_because: str
    item_numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CancellationView:
    """One cancellation of units: who, why, and whether it counts under which policy. `released` is minor units."""

    at: datetime
    by: str  # BUYER | MERCHANT | AMAZON | "" (unknown)
    reason: str
    counts: bool
    leaves: bool
    why: str  # of cancellations.Why
    policy_key: str
    policy_value: Any
    units: int
    lines: dict[str, int]  # item number → units
    restocked: bool
    released: int


_WISHES = """
SELECT DISTINCT ON (r.order_id) r.order_id, r.kind, r.state, r.reason, r.words, r.requested_at, r.filed_at, r.guided_at,
       r.closed_at, r.closed_because, r.item_numbers
  FROM cancellation_requests r WHERE r.seller_id = %s AND r.order_id = ANY(%s) ORDER BY r.order_id, r.id DESC"""
_CANCELLATIONS = """
SELECT c.order_id, c.at, c.by, c.reason, c.counts, c.leaves, c.why, c.policy_key, c.policy_value, c.units, c.lines,
       c.restocked, c.released
  FROM cancellations c WHERE c.seller_id = %s AND c.order_id = ANY(%s) ORDER BY c.order_id, c.id"""


def last_wishes(seller_id: int, order_ids: list[int]) -> dict[int, WishView]:
    """The last wish of each order that had one; under the seller's scope."""
    return {
        order_id: WishView(*[*values, tuple(decode_json(items) or ())])
        for order_id, *values, items in rows(_WISHES, [seller_id, order_ids])
    }


def carried_out(seller_id: int, order_ids: list[int]) -> dict[int, list[CancellationView]]:
    """All cancellations of each order, oldest first; under the seller's scope."""
    found: dict[int, list[CancellationView]] = {}
    for order_id, *head, value, units, lines, restocked, released in rows(
        _CANCELLATIONS, [seller_id, order_ids]
    ):
        rest = [decode_json(value), units, decode_json(lines) or {}, restocked, released]
        view = CancellationView(*[*head, *rest])
        found.setdefault(order_id, []).append(view)
    return found
