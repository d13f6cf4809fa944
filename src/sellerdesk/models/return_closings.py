"""When returns that were refunded only in part close themselves (rulebook 3.4; T03)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.policies import EVERYWHERE
from sellerdesk.models.sql import decode_json, record_set, rows

_TERMS = f"""
SELECT DISTINCT r.order_id, o.marketplace_id, k.key, k.value::text
  FROM refunds r
  JOIN orders o ON o.seller_id = %(seller)s AND o.id = r.order_id
  JOIN jsonb_to_recordset(%(zones)s::jsonb) AS z(place text, zone text) ON z.place = o.marketplace_id
 CROSS JOIN LATERAL (
   SELECT k.key, k.value FROM policies k
    WHERE k.key = 'return_partial_close_days' AND k.marketplace_id IN (o.marketplace_id, '{EVERYWHERE}')
      AND k.valid_from <= (o.placed_at AT TIME ZONE z.zone)::date
    ORDER BY k.marketplace_id = '{EVERYWHERE}', k.valid_from DESC LIMIT 1) k
 WHERE r.seller_id = %(seller)s AND r.id = ANY(ARRAY(SELECT unnest(%(ids)s::bigint[])))
   AND r.return_request_id IS NOT NULL"""


def closings(
    seller_id: int, refund_ids: Sequence[int], places: Collection[str], now: datetime
) -> list[dict[str, Any]]:
    """For each order with a refund of a return among these: when that return closes, should it stay open.

    The calendar reckons the moment, not SQL: where clocks are set back, the database takes the second of two hours.
    """
    zones = {one: by_id(one) for one in places}
    given = {
        "seller": seller_id,
        "ids": list(refund_ids),
        "zones": record_set([{"place": one, "zone": place.zone} for one, place in zones.items()]),
    }
    found = []
    for order_id, place, key, text in rows(_TERMS, given):
        days, calendar = decode_json(text), BusinessCalendar(zones[place].zone, zones[place].weekend)
        due_at = calendar.add_calendar_days(now, days)
        found.append({"order_id": order_id, "due_at": due_at, "key": key, "value": days})
    return found
