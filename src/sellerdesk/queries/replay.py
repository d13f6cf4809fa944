"""Orders as the journal tells them beside what the tables say: where the two differ (trust P10)."""

from collections.abc import Iterator
from typing import Any

from sellerdesk.domain.replay import OrderStory, replay
from sellerdesk.models.sql import decode_json, rows

CHUNK = 500

# Orders whose life beyond shipping began here: imported ones had refunds and parcels before that no entry tells.
_ORDERS = """
SELECT o.seller_id, o.id FROM orders o
 WHERE o.source = 'native' AND (o.seller_id, o.id) > (%(seller)s, %(order)s)
   AND (EXISTS (SELECT FROM refunds r WHERE r.seller_id = o.seller_id AND r.order_id = o.id)
        OR EXISTS (SELECT FROM return_requests r WHERE r.seller_id = o.seller_id AND r.order_id = o.id)
        OR EXISTS (SELECT FROM claims k WHERE k.seller_id = o.seller_id AND k.order_id = o.id))
 ORDER BY o.seller_id, o.id LIMIT %(limit)s"""

_CHOSEN = "WHERE (o.seller_id, o.id) IN (SELECT unnest(%(sellers)s::bigint[]), unnest(%(orders)s::bigint[]))"

_TOLD = f"""
SELECT o.seller_id, o.id, json_agg(json_build_array(j.kind, j.facts) ORDER BY j.id)
  FROM orders o JOIN journal j ON j.seller_id = o.seller_id AND j.order_id = o.id {_CHOSEN} GROUP BY 1, 2"""

_KEPT = f"""
SELECT o.seller_id, o.id, o.units_ordered, o.units_shipped, o.units_cancelled,
       (SELECT json_agg(json_build_array(i.item_number, c.component, c.refunded, c.refund_pending))
          FROM order_items i JOIN charges c ON c.seller_id = i.seller_id AND c.item_id = i.id
         WHERE i.seller_id = o.seller_id AND i.order_id = o.id),
       (SELECT json_agg(json_build_array(i.item_number, i.refunded)) FROM order_items i
         WHERE i.seller_id = o.seller_id AND i.order_id = o.id AND i.refunded > 0),
       (SELECT json_agg(json_build_array(r.reference, r.state, r.total)) FROM refunds r
         WHERE r.seller_id = o.seller_id AND r.order_id = o.id),
       (SELECT json_agg(json_build_array(r.rma, r.state,
                          (SELECT json_object_agg(i.item_number, l.quantity)
                             FROM return_lines l JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
                            WHERE l.seller_id = r.seller_id AND l.return_request_id = r.id)))
          FROM return_requests r WHERE r.seller_id = o.seller_id AND r.order_id = o.id),
       (SELECT json_agg(json_build_array(k.reference, k.state, k.defect)) FROM claims k
         WHERE k.seller_id = o.seller_id AND k.order_id = o.id)
  FROM orders o {_CHOSEN}"""

_GONE = ("RELEASED", "SETTLED")
_HELD = ("DRAFT", "PENDING")


def differences() -> Iterator[tuple[int, int, str]]:
    """Seller, order and what differs, for each order with refunds, returns or claims; in chunks, in one snapshot."""
    place = {"seller": 0, "order": 0, "limit": CHUNK}
    while chosen := rows(_ORDERS, place):
        sellers, orders = zip(*chosen, strict=True)
        given = {"sellers": list(sellers), "orders": list(orders)}
        told = {(seller, order): decode_json(entries) for seller, order, entries in rows(_TOLD, given)}
        for seller, order, *kept in rows(_KEPT, given):
            for words in _differ(told.get((seller, order)) or [], kept):
                yield seller, order, words
        place = {"seller": sellers[-1], "order": orders[-1], "limit": CHUNK}


def _differ(entries: list[list[Any]], kept: list[Any]) -> Iterator[str]:
    try:
        story = replay((kind, facts) for kind, facts in entries)
    except KeyError as error:
        yield f"the journal speaks of {error} before it begins"
        return
    for name, told, held in zip(
        ("quantities", "money", "units", "refunds", "returns", "claims"), _told(story), _kept(kept), strict=True
    ):
        if told != held:
            yield f"{name}: the journal says {told}, the tables {held}"


def _told(story: OrderStory) -> tuple[Any, ...]:
    refunds = {reference: (one.state, one.total) for reference, one in story.refunds.items()}
    units: dict[str, int] = {}
    for refund in story.refunds.values():
        if refund.state in _GONE + _HELD:
            for item, more in refund.units.items():
                units[item] = units.get(item, 0) + more
    returns = {rma: (one.state, one.lines) for rma, one in story.returns.items()}
    claims = {reference: (one.state, one.defect) for reference, one in story.claims.items()}
    quantities = (story.units, story.shipped, story.cancelled)
    return quantities, (story.money(*_GONE), story.money(*_HELD)), units, refunds, returns, claims


def _kept(kept: list[Any]) -> tuple[Any, ...]:
    ordered, shipped, cancelled, *texts = kept
    money, units, refunds, returns, claims = (decode_json(text) or [] for text in texts)
    gone = {(item, component): amount for item, component, amount, _ in money if amount}
    held = {(item, component): amount for item, component, _, amount in money if amount}
    found = {reference: (state, total) for reference, state, total in refunds}
    asked = {rma: (state, lines) for rma, state, lines in returns}
    filed = {reference: (state, defect) for reference, state, defect in claims}
    return (ordered, shipped, cancelled), (gone, held), dict(units), found, asked, filed
