"""The one statement that writes whole orders, with their tallies; what goes into it is gathered by `order_writes`."""

from collections.abc import Sequence

HEAD = [
    "order_number",
    "marketplace_id",
    "seller_order_id",
    "channel",
    "order_type",
    "sales_channel",
    "status",
    "payment_state",
    "pending_reason",
    "source",
    "placed_at",
    "ready_at",
    "updated_at",
    "earliest_ship_at",
    "latest_ship_at",
    "earliest_delivery_at",
    "latest_delivery_at",
    "confirmed_at",
    "is_late",
    "auto_cancel_at",
    "cancelled_at",
    "cancelled_by",
    "cancel_reason",
    "currency",
    "total",
    "ship_service",
    "service_category",
    "is_business",
    "is_prime",
    "items_known",
    "units_ordered",
    "units_shipped",
    "units_cancelled",
    "upstream_updated_at",
    "upstream_digest",
    "published",
]
_TYPES = {
    "placed_at": "timestamptz", "ready_at": "timestamptz", "updated_at": "timestamptz",
    "earliest_ship_at": "timestamptz", "latest_ship_at": "timestamptz", "earliest_delivery_at": "timestamptz",
    "latest_delivery_at": "timestamptz", "confirmed_at": "timestamptz", "auto_cancel_at": "timestamptz",
    "cancelled_at": "timestamptz", "upstream_updated_at": "timestamptz", "is_late": "boolean",
    "is_business": "boolean", "is_prime": "boolean", "items_known": "boolean", "total": "bigint",
    "units_ordered": "int", "units_shipped": "int", "units_cancelled": "int", "published": "jsonb",
}  # fmt: skip
ADDRESS = [
    "name",
    "company",
    "line1",
    "line2",
    "line3",
    "city",
    "county",
    "district",
    "state",
    "municipality",
    "postal_code",
    "country",
    "phone",
    "kind",
]
# What a later document of the platform may change of the head; quantities go the way of shipments. Marketplace, channel
# and the moment of placing are settled by the first document: the tallies, and every rate, stand on them.
_SETTLED = (
    *("order_number", "marketplace_id", "channel", "placed_at", "source"),
    *("confirmed_at", "is_late", "ready_at", "updated_at"),
)
# Who cancelled it here stays who did.
_FIRST_SAYS = ("cancelled_at", "cancelled_by", "cancel_reason")
_REFRESHED = [name for name in HEAD if name not in (*_SETTLED, *_FIRST_SAYS)]


def _columns(names: Sequence[str], prefix: str = "") -> str:
    return ", ".join(prefix + name for name in names)


def _typed(names: Sequence[str]) -> str:
    return ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in names)


WRITE = f"""
WITH heads AS (
  INSERT INTO orders AS o (seller_id, version, slips_printed, {_columns(HEAD)})
  SELECT %(seller)s, 1, 0, {_columns(HEAD, "h.")}
    FROM jsonb_to_recordset(%(heads)s::jsonb) AS h({_typed(HEAD)})
  ON CONFLICT (seller_id, order_number) DO UPDATE
     SET version = o.version + 1, ready_at = coalesce(o.ready_at, excluded.ready_at),
         updated_at = greatest(o.updated_at, excluded.updated_at),
         cancelled_at = coalesce(o.cancelled_at, excluded.cancelled_at),
         cancelled_by = coalesce(nullif(o.cancelled_by, ''), excluded.cancelled_by),
         cancel_reason = coalesce(nullif(o.cancel_reason, ''), excluded.cancel_reason),
         {", ".join(f"{name} = excluded.{name}" for name in _REFRESHED)}
   WHERE o.order_number = ANY(%(known)s)
  RETURNING id, order_number, marketplace_id, channel, placed_at, version = 1 AS is_new),
tallies AS (
  INSERT INTO order_tallies (seller_id, marketplace_id, channel, hour, orders, is_delta)
  SELECT %(seller)s, marketplace_id, channel, date_trunc('hour', placed_at, 'UTC'), count(*), true
    FROM heads WHERE is_new GROUP BY 2, 3, 4),
lines AS (
  INSERT INTO order_items AS i (seller_id, order_id, item_number, position, sku, asin, title, condition, is_gift,
                                ordered, shipped, cancelled, published)
  SELECT %(seller)s, h.id, l.item_number, l.position, l.sku, l.asin, l.title, l.condition, l.is_gift, l.ordered,
         l.shipped, l.cancelled, l.published
    FROM jsonb_to_recordset(%(items)s::jsonb)
           AS l(order_number text, item_number text, position int, sku text, asin text, title text, condition text,
                is_gift boolean, ordered int, shipped int, cancelled int, published jsonb)
    JOIN heads h USING (order_number)
  ON CONFLICT (seller_id, order_id, item_number) DO UPDATE
     SET sku = excluded.sku, asin = excluded.asin, title = excluded.title, condition = excluded.condition,
         is_gift = excluded.is_gift, ordered = excluded.ordered, shipped = excluded.shipped,
         cancelled = excluded.cancelled, published = excluded.published
  RETURNING id, order_id, item_number),
money AS (
  INSERT INTO charges (seller_id, item_id, component, currency, amount, charged, refunded)
  SELECT %(seller)s, i.id, c.component, c.currency, c.amount, c.charged, 0
    FROM jsonb_to_recordset(%(charges)s::jsonb)
           AS c(order_number text, item_number text, component text, currency text, amount bigint, charged bigint)
    JOIN heads h USING (order_number) JOIN lines i ON i.order_id = h.id AND i.item_number = c.item_number
  ON CONFLICT (seller_id, item_id, component) DO UPDATE SET amount = excluded.amount, charged = excluded.charged),
buyers AS (
  INSERT INTO buyer_contacts AS b (seller_id, order_id, name, email, phone, company, purchase_order, name_key,
                                   last_key, item_texts, published)
  SELECT %(seller)s, h.id, b.name, b.email, b.phone, b.company, b.purchase_order, b.name_key, b.last_key,
         b.item_texts, b.published
    FROM jsonb_to_recordset(%(buyers)s::jsonb)
           AS b(order_number text, name text, email text, phone text, company text, purchase_order text,
                name_key text, last_key text, item_texts jsonb, published jsonb)
    JOIN heads h USING (order_number)
  ON CONFLICT (seller_id, order_id) DO UPDATE
     SET name = excluded.name, email = excluded.email, phone = excluded.phone, company = excluded.company,
         purchase_order = excluded.purchase_order, name_key = excluded.name_key, last_key = excluded.last_key,
         item_texts = b.item_texts || excluded.item_texts, published = excluded.published),
addresses AS (
  INSERT INTO shipping_addresses (seller_id, order_id, published, {_columns(ADDRESS)})
  SELECT %(seller)s, h.id, a.published, {_columns(ADDRESS, "a.")}
    FROM jsonb_to_recordset(%(addresses)s::jsonb) AS a(order_number text, published jsonb, {_typed(ADDRESS)})
    JOIN heads h USING (order_number)
  ON CONFLICT (seller_id, order_id) DO UPDATE
     SET published = excluded.published, {", ".join(f"{name} = excluded.{name}" for name in ADDRESS)}),
parcels AS (
  INSERT INTO packages (seller_id, order_id, reference, version, carrier_code, carrier_name, service, tracking,
                        tracking_key, shipped_at, confirmed_at, is_late, status, detailed_status, memo, ship_from,
                        published)
  SELECT %(seller)s, h.id, p.reference, 1, p.carrier_code, p.carrier_name, p.service, p.tracking, p.tracking_key,
         p.shipped_at, p.confirmed_at, false, p.status, p.detailed_status, '', p.ship_from, p.published
    FROM jsonb_to_recordset(%(parcels)s::jsonb)
           AS p(order_number text, reference text, carrier_code text, carrier_name text, service text, tracking text,
                tracking_key text, shipped_at timestamptz, confirmed_at timestamptz, status text,
                detailed_status text, ship_from jsonb, published jsonb)
    JOIN heads h USING (order_number)
  ON CONFLICT (seller_id, order_id, reference) DO NOTHING
  RETURNING id, order_id, reference),
contents AS (
  INSERT INTO package_items (seller_id, package_id, item_id, quantity, transparency_codes)
  SELECT %(seller)s, p.id, i.id, q.quantity, q.codes
    FROM jsonb_to_recordset(%(contents)s::jsonb)
           AS q(order_number text, reference text, item_number text, quantity int, codes jsonb)
    JOIN heads h USING (order_number)
    JOIN parcels p ON p.order_id = h.id AND p.reference = q.reference
    JOIN lines i ON i.order_id = h.id AND i.item_number = q.item_number),
movements AS (
  INSERT INTO ledger_transactions (seller_id, order_id, kind, at, cause)
  SELECT %(seller)s, h.id, 'charge', %(now)s, m.cause
    FROM jsonb_to_recordset(%(movements)s::jsonb) AS m(order_number text, cause text) JOIN heads h USING (order_number)
  RETURNING id, order_id),
sides AS (
  INSERT INTO ledger_entries (seller_id, transaction_id, account, item_id, component, currency, amount)
  SELECT %(seller)s, m.id, side.account, i.id, e.component, e.currency, side.sign * e.amount
    FROM jsonb_to_recordset(%(entries)s::jsonb)
           AS e(order_number text, item_number text, component text, currency text, amount bigint)
    JOIN heads h USING (order_number)
    JOIN movements m ON m.order_id = h.id
    JOIN lines i ON i.order_id = h.id AND i.item_number = e.item_number
   CROSS JOIN (VALUES ('buyer', 1), ('seller', -1)) AS side(account, sign)),
dues AS (
  INSERT INTO deadlines AS d (seller_id, order_id, kind, due_at, policy_key, policy_value, state, was_late)
  SELECT %(seller)s, h.id, t.kind, t.due_at, t.policy_key, t.policy_value, 'open', false
    FROM jsonb_to_recordset(%(deadlines)s::jsonb)
           AS t(order_number text, kind text, due_at timestamptz, policy_key text, policy_value jsonb)
    JOIN heads h USING (order_number)
  ON CONFLICT (seller_id, order_id, kind, subject)
  DO UPDATE SET due_at = excluded.due_at WHERE d.state = 'open'),
entries AS (
  INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)
  SELECT %(seller)s, h.id, %(now)s, j.kind, %(party)s, %(actor)s, %(door)s, %(key)s, j.facts
    FROM jsonb_to_recordset(%(journal)s::jsonb) AS j(order_number text, kind text, facts jsonb)
    JOIN heads h USING (order_number)),
closed AS (
  UPDATE deadlines d SET state = 'void', closed_at = %(now)s
    FROM heads h
   WHERE h.order_number = ANY(%(closing)s) AND d.kind <> 'message_answer' AND d.subject = 0
     AND d.seller_id = %(seller)s AND d.order_id = h.id AND d.state = 'open')
SELECT order_number, id FROM heads"""
