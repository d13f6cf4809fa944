-- One chunk of a big seller's past: the orders numbered first to first + count - 1 of total, made by the server itself.
-- Everything about an order follows from its number through hashes, so the same number always makes the same order.
-- What every row says agrees with what the commands would have written, which `sellerdesk verify` confirms. Days of
-- rest are weekends only, and the terms are two business days to ship and seven more until cancellation.
WITH markets(market, channel_name, currency, zone, rate, tax, up_to) AS (VALUES
  ('ATVPDKIKX0DER', 'Amazon.com', 'USD', 'America/Los_Angeles', 100, 825, 60),
  ('A2EUQ1WTGCTBG2', 'Amazon.ca', 'CAD', 'America/Los_Angeles', 136, 1300, 72),
  ('A1PA6795UKMFR9', 'Amazon.de', 'EUR', 'Europe/Berlin', 92, 0, 88),
  ('A1F83G8C2ARO7P', 'Amazon.co.uk', 'GBP', 'Europe/London', 79, 0, 100)),
numbers AS MATERIALIZED (
  SELECT n, ARRAY(SELECT hashint8extended(n, k) & 9223372036854775807 FROM generate_series(1, 8) AS k) AS h,
         -- Orders come in steadily over two years, the newest a few minutes ago.
         date_trunc('second', %(now)s::timestamptz - interval '4 minutes'
                    - interval '1 second' * (63072000.0 * (%(until)s::bigint - 1 - n) / %(total)s)) AS placed_at
    FROM generate_series(%(first)s::bigint, %(first)s::bigint + %(count)s::bigint - 1) AS n),
paid AS MATERIALIZED (
  SELECT x.*, m.*, x.placed_at + interval '31 minutes' + interval '1 second' * (x.h[2] %% 3600) AS ready_at,
         %(now)s::timestamptz - x.placed_at AS age, x.h[3] %% 1000 AS fate,
         CASE WHEN x.h[4] %% 100 < 70 THEN 1 WHEN x.h[4] %% 100 < 92 THEN 2 ELSE 3 END AS lines,
         CASE WHEN x.h[4] / 100 %% 100 < 15 THEN 'AFN' ELSE 'MFN' END AS channel
    FROM (SELECT numbers.*, h[1] %% 100 AS draw FROM numbers) x
   CROSS JOIN LATERAL (SELECT * FROM markets WHERE x.draw < up_to ORDER BY up_to LIMIT 1) m),
promised AS MATERIALIZED (
  SELECT p.*, ship_day, cancel_day, ((ship_day + 1)::timestamp AT TIME ZONE zone) - interval '1 second' AS ship_by,
         ((ship_day)::timestamp AT TIME ZONE zone) - interval '1 second' AS remind_at,
         ((cancel_day - 6)::timestamp AT TIME ZONE zone) - interval '1 second' AS warn_at,
         ((cancel_day + 1)::timestamp AT TIME ZONE zone) - interval '1 second' AS cancel_at,
         CASE WHEN age < interval '80 minutes' OR (age < interval '1 day' AND fate < 80) THEN 'waiting'
              WHEN channel = 'AFN' THEN CASE WHEN age < interval '3 days' THEN 'waiting' ELSE 'shipped' END
              WHEN age < interval '3 days' OR (age < interval '10 days' AND fate < 700)
              THEN CASE WHEN lines > 1 AND age > interval '2 days' AND h[5] %% 10 = 0 THEN 'part' ELSE 'open' END
              WHEN age > interval '21 days' AND fate >= 985 THEN 'cancelled'
              ELSE 'shipped' END AS course
    FROM paid p
   CROSS JOIN LATERAL (SELECT (ready_at AT TIME ZONE zone)::date AS paid_day) a
   CROSS JOIN LATERAL (SELECT paid_day + (ARRAY[2, 2, 2, 4, 4, 3, 2])[extract(isodow FROM paid_day)::int] AS ship_day) b
   CROSS JOIN LATERAL (SELECT ship_day + CASE WHEN extract(isodow FROM ship_day) < 4 THEN 9 ELSE 11 END AS cancel_day) c),
heads AS MATERIALIZED (
  SELECT p.*, nextval('orders_id_seq') AS id, shipping, confirmed_at,
         CASE WHEN shipping THEN nextval('packages_id_seq') END AS package_id,
         CASE WHEN shipping THEN nextval('ledger_transactions_id_seq') END AS transaction_id,
         shipping AND channel = 'MFN' AND confirmed_at > ship_by AS is_late,
         CASE WHEN shipping AND confirmed_at < %(now)s::timestamptz - interval '6 days' AND fate %% 100 > 0
              THEN confirmed_at + interval '1 day' * (2 + h[6] %% 4) END AS delivered_at,
         '1Z' || upper(substr(md5(h[6]::text), 1, 15)) || h[6] %% 10 AS tracking,
         %(first_names)s::text[] AS first_names, %(last_names)s::text[] AS last_names
    FROM promised p
   CROSS JOIN LATERAL (SELECT course IN ('shipped', 'part') AS shipping) s
   CROSS JOIN LATERAL (
     SELECT CASE WHEN NOT shipping THEN NULL
                 WHEN channel = 'MFN' AND h[5] / 10 %% 1000 < 25 AND age > interval '10 days'
                 THEN ship_by + interval '1 second' * (3600 + h[7] %% 180000)
                 ELSE ready_at + interval '1 second' * (3600 + h[7] %% 100000) END AS confirmed_at) t),
items AS MATERIALIZED (
  SELECT h.n, h.id AS order_id, h.currency, h.tax, h.course, h.package_id, h.transaction_id, position,
         nextval('order_items_id_seq') AS id,
         (10000000000000 + ((n * 4 + position) * 7919) %% 90000000000000)::text AS item_number,
         g %% 2000 AS product, CASE WHEN g / 2000 %% 12 = 0 THEN 2 ELSE 1 END AS ordered,
         h.course = 'shipped' OR (h.course = 'part' AND position = 1) AS sent,
         (999 + (g %% 2000) * 7) * h.rate / 100 AS price, g
    FROM heads h
   CROSS JOIN LATERAL generate_series(1, h.lines) AS position
   CROSS JOIN LATERAL (SELECT hashint8extended(n, 100 + position) & 9223372036854775807 AS g) d),
money AS MATERIALIZED (
  SELECT i.*, component, amount
    FROM items i
   CROSS JOIN LATERAL (VALUES ('principal', price * ordered), ('tax', price * ordered * tax / 10000),
                              ('shipping', CASE WHEN g / 24000 %% 10 < 3 AND position = 1 THEN 499 ELSE 0 END),
                              ('promotion_discount', CASE WHEN g / 240000 %% 20 = 0 THEN -(price / 10) ELSE 0 END)
                      ) AS c(component, amount)
   WHERE amount <> 0),
totals AS MATERIALIZED (
  SELECT order_id, sum(amount) AS total, sum(amount) FILTER (WHERE sent) AS charged FROM money GROUP BY order_id),
units AS MATERIALIZED (
  SELECT order_id, sum(ordered) AS ordered, coalesce(sum(ordered) FILTER (WHERE sent), 0) AS sent,
         jsonb_object_agg(item_number, ordered) FILTER (WHERE sent) AS said,
         jsonb_object_agg(item_number, ordered) AS lines
    FROM items GROUP BY order_id),
into_orders AS (
  INSERT INTO orders (id, seller_id, order_number, marketplace_id, seller_order_id, channel, order_type, sales_channel,
                      status, payment_state, pending_reason, source, placed_at, ready_at, updated_at, earliest_ship_at,
                      latest_ship_at, earliest_delivery_at, latest_delivery_at, confirmed_at, is_late, auto_cancel_at,
                      warned_at, cancelled_at, cancelled_by, cancel_reason, currency, total, ship_service,
                      service_category, is_business, is_prime, items_known, units_ordered, units_shipped,
                      units_cancelled, upstream_digest, version, slips_printed, published, counts_in_cr)
  SELECT h.id, %(seller)s, '7' || lpad((h.h[8] %% 100)::text, 2, '0') || '-' || substr(digits, 1, 7) || '-' || substr(digits, 8),
         market, '', channel, 'StandardOrder', channel_name,
         CASE course WHEN 'waiting' THEN 'Pending' WHEN 'open' THEN 'Unshipped' WHEN 'part' THEN 'PartiallyShipped'
                     WHEN 'cancelled' THEN 'Canceled' ELSE 'Shipped' END,
         CASE WHEN waits THEN 'waiting' ELSE 'authorized' END, CASE WHEN waits THEN 'PAYMENT_NOT_AUTHORIZED' ELSE '' END,
         'native', placed_at, promise.ready,
         coalesce(delivered_at, confirmed_at, CASE WHEN course = 'cancelled' THEN cancel_at END, promise.ready, placed_at),
         promise.ready, promise.day, promise.day + interval '3 days', promise.day + interval '5 days',
         confirmed_at, CASE WHEN shipping THEN is_late END, promise.ends,
         CASE WHEN course = 'cancelled' OR (course IN ('open', 'part') AND warn_at <= %(now)s::timestamptz) THEN warn_at END,
         CASE WHEN course = 'cancelled' THEN cancel_at END, CASE WHEN course = 'cancelled' THEN 'AMAZON' ELSE '' END,
         CASE WHEN course = 'cancelled' THEN 'ship_confirmation_missing' ELSE '' END, currency, t.total, 'Standard',
         'Standard', h.h[8] / 100 %% 20 = 0, h.h[8] / 2000 %% 10 = 0, true, u.ordered, u.sent,
         CASE WHEN course = 'cancelled' THEN u.ordered ELSE 0 END, '', 2, 0, '{}',
         CASE WHEN course = 'cancelled' THEN true END
    FROM heads h
    JOIN totals t ON t.order_id = h.id JOIN units u ON u.order_id = h.id
   CROSS JOIN LATERAL (SELECT lpad(((h.n * 10007 + 12345678901) %% 100000000000000)::text, 14, '0') AS digits,
                              course = 'waiting' AND channel = 'MFN' AS waits,
                              course = 'waiting' OR channel = 'AFN' AS unpromised) w
    LEFT JOIN LATERAL (SELECT h.ready_at AS ready, h.ship_by AS day, h.cancel_at AS ends WHERE NOT unpromised) promise ON true),
into_tallies AS (
  INSERT INTO order_tallies (seller_id, marketplace_id, channel, hour, orders, is_delta)
  SELECT %(seller)s, market, channel, date_trunc('hour', placed_at, 'UTC'), count(*), false
    FROM heads GROUP BY 2, 3, 4),
into_cancellations AS (
  INSERT INTO cancellations (seller_id, order_id, marketplace_id, placed_at, at, by, reason, counts, leaves, why,
                             policy_key, policy_value, units, lines, restocked, released, currency)
  SELECT %(seller)s, h.id, market, placed_at, cancel_at, 'AMAZON', 'ship_confirmation_missing', true, false,
         'confirmation_missing', 'auto_cancel', '{"kind": "business_days_after_ship_by", "n": 7}', u.ordered, u.lines,
         true, t.total, currency
    FROM heads h JOIN totals t ON t.order_id = h.id JOIN units u ON u.order_id = h.id WHERE course = 'cancelled'),
into_stock AS (
  INSERT INTO stock_movements (seller_id, order_id, item_id, sku, units, kind, at, cause)
  SELECT %(seller)s, i.order_id, i.id, 'BIG-' || lpad(product::text, 5, '0'), ordered, 'cancelled', cancel_at,
         'cancel:' || i.order_id || ':1'
    FROM items i JOIN heads h ON h.id = i.order_id WHERE i.course = 'cancelled'),
into_items AS (
  INSERT INTO order_items (id, seller_id, order_id, item_number, position, sku, asin, title, condition, is_gift, ordered,
                           shipped, cancelled, published)
  SELECT id, %(seller)s, order_id, item_number, position, 'BIG-' || lpad(product::text, 5, '0'),
         'B0BIG' || lpad(product::text, 5, '0'), 'Everyday article no. ' || product || ', assorted colours', 'New', false,
         ordered, CASE WHEN sent THEN ordered ELSE 0 END, CASE WHEN course = 'cancelled' THEN ordered ELSE 0 END, '{}'
    FROM items),
into_charges AS (
  INSERT INTO charges (seller_id, item_id, component, currency, amount, charged, refunded)
  SELECT %(seller)s, id, component, currency, amount, CASE WHEN sent THEN amount ELSE 0 END, 0 FROM money),
into_buyers AS (
  INSERT INTO buyer_contacts (seller_id, order_id, name, email, phone, company, purchase_order, name_key, last_key,
                              item_texts, published)
  SELECT %(seller)s, id, name, substr(md5(name || h[8] %% 997), 1, 12) || '@buyers.example', '', '', '', lower(name),
         lower(last_name), '{}', '{}'
    FROM heads
   CROSS JOIN LATERAL (SELECT last_names[1 + h[2] / 3600 %% cardinality(last_names)] AS last_name) l
   CROSS JOIN LATERAL (SELECT first_names[1 + h[1] / 100 %% cardinality(first_names)] || ' ' || last_name AS name) b),
into_addresses AS (
  INSERT INTO shipping_addresses (seller_id, order_id, name, company, line1, line2, line3, city, county, district, state,
                                  municipality, postal_code, country, phone, kind, published)
  SELECT %(seller)s, id,
         first_names[1 + h[1] / 100 %% cardinality(first_names)] || ' ' || last_names[1 + h[2] / 3600 %% cardinality(last_names)],
         '', (1 + h[7] %% 900) || ' Harbour Street', '', '', 'Springfield', '', '', '', '',
         lpad((h[7] / 900 %% 100000)::text, 5, '0'),
         CASE market WHEN 'ATVPDKIKX0DER' THEN 'US' WHEN 'A2EUQ1WTGCTBG2' THEN 'CA' WHEN 'A1PA6795UKMFR9' THEN 'DE' ELSE 'GB' END,
         '', 'Residential', '{}'
    FROM heads),
into_packages AS (
  INSERT INTO packages (id, seller_id, order_id, reference, version, carrier_code, carrier_name, service, tracking,
                        tracking_key, shipped_at, confirmed_at, is_late, status, detailed_status, delivered_at, memo,
                        ship_from, published)
  SELECT package_id, %(seller)s, id, '1', 1, 'UPS', '', 'UPS Ground', tracking, tracking, confirmed_at, confirmed_at,
         is_late, CASE WHEN delivered_at IS NULL THEN 'IN_TRANSIT' ELSE 'DELIVERED' END,
         CASE WHEN delivered_at IS NULL THEN '' ELSE 'DELIVERED' END, delivered_at, '', '{}', '{}'
    FROM heads WHERE shipping),
into_contents AS (
  INSERT INTO package_items (seller_id, package_id, item_id, quantity, transparency_codes)
  SELECT %(seller)s, package_id, id, ordered, '[]' FROM items WHERE sent),
into_versions AS (
  INSERT INTO package_versions (seller_id, package_id, version, at, by, facts)
  SELECT %(seller)s, package_id, 1, confirmed_at, 'bulk',
         jsonb_build_object('carrier_code', 'UPS', 'carrier_name', '', 'service', 'UPS Ground', 'tracking', tracking,
                            'shipped_at', confirmed_at, 'memo', '', 'lines', u.said)
    FROM heads h JOIN units u ON u.order_id = h.id WHERE shipping),
into_events AS (
  INSERT INTO parcel_events (seller_id, package_id, kind, at, told_at, place, raw)
  SELECT %(seller)s, package_id, 'DELIVERED', delivered_at, delivered_at, '', ''
    FROM heads WHERE delivered_at IS NOT NULL),
into_movements AS (
  INSERT INTO ledger_transactions (id, seller_id, order_id, kind, at, cause)
  SELECT transaction_id, %(seller)s, id, 'charge', confirmed_at, 'package:' || id || ':1:1' FROM heads WHERE shipping),
into_entries AS (
  INSERT INTO ledger_entries (seller_id, transaction_id, account, item_id, component, currency, amount)
  SELECT %(seller)s, transaction_id, account, id, component, currency, sign * amount
    FROM money CROSS JOIN (VALUES ('buyer', 1), ('seller', -1)) AS side(account, sign) WHERE sent),
dues AS MATERIALIZED (
  SELECT id AS order_id, n, kind, due_at, event, policy_key, policy_value, ship_by, course, u.ordered AS units,
         course NOT IN ('open', 'part') AS over,
         due_at <= CASE course WHEN 'shipped' THEN confirmed_at WHEN 'cancelled' THEN cancel_at
                               ELSE %(now)s::timestamptz END AS fired,
         confirmed_at
    FROM heads h JOIN units u ON u.order_id = h.id
   CROSS JOIN LATERAL (VALUES
     ('ship_by_reminder', remind_at, 'ship_by_reminded', 'ship_by_reminder_hours', '24'::jsonb),
     ('ship_by', ship_by, 'ship_by_passed', 'handling_days', '2'),
     ('auto_cancel_warning', warn_at, 'auto_cancel_warned', 'auto_cancel_warning_days', '7'),
     ('auto_cancel', cancel_at, 'order_auto_cancelled', 'auto_cancel',
      '{"kind": "business_days_after_ship_by", "n": 7}')) AS d(kind, due_at, event, policy_key, policy_value)
   WHERE channel = 'MFN' AND course <> 'waiting'),
into_deadlines AS (
  INSERT INTO deadlines (seller_id, order_id, kind, due_at, policy_key, policy_value, state, closed_at, was_late)
  SELECT %(seller)s, order_id, kind, due_at, policy_key, policy_value,
         CASE WHEN fired THEN 'fired' WHEN over THEN 'void' ELSE 'open' END,
         CASE WHEN fired THEN due_at WHEN over THEN confirmed_at END, false
    FROM dues)
INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)
SELECT %(seller)s, order_id, at, kind, party, actor, 'demo', '', facts
  FROM (SELECT n, 0 AS rank, h.id AS order_id, placed_at AS at, 'order_placed' AS kind, 'AMAZON' AS party,
               'storefront' AS actor,
               jsonb_build_object('status', 'Pending', 'marketplace', market, 'channel', channel, 'placed_at', placed_at,
                                  'units', u.ordered, 'total', t.total, 'currency', currency) AS facts
          FROM heads h JOIN totals t ON t.order_id = h.id JOIN units u ON u.order_id = h.id
        UNION ALL
        SELECT n, 1, id, ready_at, 'payment_authorized', 'AMAZON', 'storefront',
               jsonb_build_object('status', CASE channel WHEN 'AFN' THEN 'Pending' ELSE 'Unshipped' END, 'reason', '')
          FROM heads WHERE course <> 'waiting' OR channel = 'AFN'
        UNION ALL
        SELECT n, 2, h.id, confirmed_at, CASE channel WHEN 'AFN' THEN 'warehouse_shipped' ELSE 'shipment_confirmed' END,
               CASE channel WHEN 'AFN' THEN 'AMAZON' ELSE 'SELLER' END, 'bulk',
               jsonb_build_object('packages', jsonb_build_array(jsonb_build_object('reference', '1', 'carrier', 'UPS',
                                    'tracking', tracking, 'units', u.sent)),
                                  'status', CASE course WHEN 'part' THEN 'PartiallyShipped' ELSE 'Shipped' END,
                                  'late', is_late, 'charged', t.charged, 'currency', currency)
          FROM heads h JOIN totals t ON t.order_id = h.id JOIN units u ON u.order_id = h.id WHERE shipping
        UNION ALL
        SELECT n, 3, id, delivered_at, 'parcel_event', 'CARRIER', 'carrier',
               jsonb_build_object('reference', '1', 'kind', 'DELIVERED', 'at', delivered_at)
          FROM heads WHERE delivered_at IS NOT NULL
        UNION ALL
        SELECT n, 4, order_id, due_at, event, 'SYSTEM', 'clock',
               jsonb_build_object('late', false, 'due_at', due_at, 'policy', policy_key, 'ship_by', ship_by)
               || CASE kind WHEN 'auto_cancel' THEN jsonb_build_object('cause', '', 'by', 'AMAZON', 'units', units,
                                                                      'rule', policy_value, 'counts', true,
                                                                      'leaves', false, 'whole', true,
                                                                      'why', 'confirmation_missing',
                                                                      'status', 'Canceled') ELSE '{}' END
          FROM dues WHERE fired) e
 ORDER BY at, n, rank
