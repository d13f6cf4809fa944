"""SQL that turns rows of orders into JSON: whole documents for the codecs, and ready answers for the plainest orders.

Names of the document's members are the fields of `domain.orders.HeldOrder`, so that one call decodes it.
"""

from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.money import exponent
from sellerdesk.domain.orders import WAITING

_WAITING = ", ".join(f"'{status.value}'" for status in sorted(WAITING))

# The sum of the lines stands in where a document published no total.
_TOTAL = """coalesce(o.total,
  (SELECT sum(c.amount)::bigint FROM order_items i JOIN charges c ON c.seller_id = i.seller_id AND c.item_id = i.id
    WHERE i.seller_id = o.seller_id AND i.order_id = o.id))"""

_ITEMS = """CASE WHEN o.items_known THEN coalesce((SELECT json_agg(json_build_object(
    'item_number', i.item_number, 'sku', i.sku, 'title', i.title, 'ordered', i.ordered, 'shipped', i.shipped,
    'cancelled', i.cancelled, 'asin', i.asin, 'condition', i.condition, 'is_gift', i.is_gift,
    'amounts', coalesce((SELECT json_object_agg(c.component, c.amount ORDER BY c.id) FROM charges c
                          WHERE c.seller_id = i.seller_id AND c.item_id = i.id), '{}'),
    'published', i.published,
    'personal', coalesce((SELECT b.item_texts -> i.item_number FROM buyer_contacts b
                           WHERE b.seller_id = i.seller_id AND b.order_id = i.order_id), '{}')) ORDER BY i.position)
  FROM order_items i WHERE i.seller_id = o.seller_id AND i.order_id = o.id), '[]') END"""

_BUYER = """(SELECT json_build_object('name', b.name, 'email', b.email, 'phone', b.phone, 'company', b.company,
    'purchase_order', b.purchase_order, 'published', b.published)
  FROM buyer_contacts b WHERE b.seller_id = o.seller_id AND b.order_id = o.id)"""

_ADDRESS_FIELDS = """
name company line1 line2 line3 city county district state municipality postal_code country phone kind published"""
_ADDRESS = f"""(SELECT json_build_object({", ".join(f"'{name}', a.{name}" for name in _ADDRESS_FIELDS.split())})
  FROM shipping_addresses a WHERE a.seller_id = o.seller_id AND a.order_id = o.id)"""

# The protocols have no word of their own for a parcel on its way back; it counts as undeliverable there.
_PACKAGES = """coalesce((SELECT json_agg(json_build_object(
    'reference', p.reference, 'carrier_code', p.carrier_code, 'tracking', p.tracking,
    'carrier_name', p.carrier_name, 'service', p.service, 'shipped_at', p.shipped_at,
    'created_at', p.confirmed_at,
    'status', CASE p.status WHEN 'RETURNING' THEN 'UNDELIVERABLE' ELSE p.status END,
    'detailed_status', CASE WHEN p.status = 'RETURNING' AND p.detailed_status = '' THEN 'RETURNING_TO_SELLER'
                            ELSE p.detailed_status END,
    'published', p.published, 'ship_from', p.ship_from,
    'lines', coalesce((SELECT json_object_agg(i.item_number, l.quantity ORDER BY i.position)
                         FROM package_items l JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
                        WHERE l.seller_id = p.seller_id AND l.package_id = p.id), '{}'),
    'transparency_codes', coalesce((SELECT json_object_agg(i.item_number, l.transparency_codes ORDER BY i.position)
                         FROM package_items l JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
                        WHERE l.seller_id = p.seller_id AND l.package_id = p.id
                          AND l.transparency_codes <> '[]'), '{}')) ORDER BY p.id)
  FROM packages p WHERE p.seller_id = o.seller_id AND p.order_id = o.id), '[]')"""

_HEAD = """
order_number marketplace_id placed_at channel status updated_at seller_order_id order_type sales_channel ship_service
service_category earliest_ship_at latest_ship_at earliest_delivery_at latest_delivery_at is_business is_prime
pending_reason cancelled_by cancel_reason units_shipped published source"""


# What became of each line here about cancelling it; only lines that anything became of.
_TRACES = """coalesce((SELECT json_object_agg(i.item_number, json_build_object(
    'requested', i.cancel_requested_at IS NOT NULL, 'wish', coalesce(w.reason, ''), 'words', coalesce(w.words, ''),
    'by', coalesce(c.by, ''), 'reason', coalesce(c.reason, '')))
  FROM order_items i
  LEFT JOIN LATERAL (SELECT r.reason, r.words FROM cancellation_requests r
                      WHERE i.cancel_requested_at IS NOT NULL AND r.seller_id = i.seller_id
                        AND r.order_id = i.order_id AND r.filed_at IS NOT NULL AND r.item_numbers ? i.item_number::text
                      ORDER BY r.id DESC LIMIT 1) w ON true
  LEFT JOIN LATERAL (SELECT x.by, x.reason FROM cancellations x
                      WHERE i.cancelled > 0 AND x.seller_id = i.seller_id AND x.order_id = i.order_id
                        AND NOT x.elsewhere AND x.lines ? i.item_number::text
                      ORDER BY x.id DESC LIMIT 1) c ON true
 WHERE i.seller_id = o.seller_id AND i.order_id = o.id AND (i.cancel_requested_at IS NOT NULL OR i.cancelled > 0)),
 '{}')"""


def _document(items: str, packages: str, traces: str) -> str:
    head = ", ".join(f"'{name}', o.{name}" for name in _HEAD.split())
    return f"""json_build_object({head}, 'id', o.id, 'currency', rtrim(o.currency), 'total', {_TOTAL},
  'units_unshipped', o.units_ordered - o.units_shipped - o.units_cancelled,
  'items', {items}, 'buyer', {_BUYER}, 'address', {_ADDRESS}, 'packages', {packages},
  'traces', {traces})"""


DOCUMENT = _document(_ITEMS, _PACKAGES, _TRACES)
HEAD_DOCUMENT = _document("NULL::json", "'[]'::json", "'{}'::json")  # without lines and parcels


# -- ready answers -----------------------------------------------------------------------------------------------------

_CURRENCIES = {place.currency: exponent(place.currency) for place in MARKETPLACES.values()}
_CODES = ", ".join(f"'{code}'" for code in sorted(_CURRENCIES))
_DECIMALS = " ".join(
    f"WHEN '{code}' THEN {places}" for code, places in sorted(_CURRENCIES.items()) if places != 2
)
_SCALE = " ".join(
    f"WHEN '{code}' THEN {10**places}" for code, places in sorted(_CURRENCIES.items()) if places != 2
)
_AMOUNT = (
    f"round(o.total::numeric / CASE o.currency {_SCALE} ELSE 100 END, CASE o.currency {_DECIMALS} ELSE 2 END)"
)
_SHIPPING = f"o.channel = 'MFN' AND o.status NOT IN ({_WAITING}, 'Canceled')"


def _text(name: str, column: str) -> str:
    return f"""CASE WHEN o.{column} <> '' THEN ',"{name}":' || to_json(o.{column})::text END"""


def _moment(name: str, column: str, condition: str = "true") -> str:
    shown = f"""to_char(o.{column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
    return f"""CASE WHEN {condition} THEN ',"{name}":"' || {shown} || '"' END"""


def _flag(name: str, column: str) -> str:
    return f"""CASE WHEN o.{column} THEN ',"{name}":true' ELSE ',"{name}":false' END"""


# Orders that nothing but our own columns speaks of: PostgreSQL writes their whole answer. A test holds it equal to
# what the codec of Orders v0 writes, for every status and both channels.
IS_PLAIN_V0 = (
    f"o.published = '{{}}' AND o.currency IN ({_CODES}) AND (o.total IS NOT NULL OR o.status IN ({_WAITING}))"
)
# `concat` leaves out what is NULL: members that the order does not have. Texts are escaped, the rest needs no escaping.
PLAIN_V0 = f"""concat('{{"AmazonOrderId":"', o.order_number, '"', {_moment("PurchaseDate", "placed_at")},
  {_moment("LastUpdateDate", "updated_at")}, ',"OrderStatus":"', o.status, '","FulfillmentChannel":"', o.channel, '"',
  {_text("SellerOrderId", "seller_order_id")}, {_text("SalesChannel", "sales_channel")},
  {_text("ShipServiceLevel", "ship_service")}, {_text("ShipmentServiceLevelCategory", "service_category")},
  CASE WHEN o.status NOT IN ({_WAITING})
       THEN concat(',"OrderTotal":{{"CurrencyCode":"', o.currency, '","Amount":"', {_AMOUNT}, '"}}') END,
  ',"NumberOfItemsShipped":', o.units_shipped,
  ',"NumberOfItemsUnshipped":', o.units_ordered - o.units_shipped - o.units_cancelled,
  {_text("MarketplaceId", "marketplace_id")}, ',"OrderType":', to_json(o.order_type),
  {_flag("IsBusinessOrder", "is_business")}, {_flag("IsPrime", "is_prime")},
  {_moment("EarliestShipDate", "earliest_ship_at")}, {_moment("LatestShipDate", "latest_ship_at")},
  {_moment("EarliestDeliveryDate", "earliest_delivery_at", _SHIPPING)},
  {_moment("LatestDeliveryDate", "latest_delivery_at", _SHIPPING)}, '}}')"""
