"""Tallies of orders by the hour; and what orders from before say of cancelling, as rows."""

import django.db.models.deletion
from django.db import migrations, models

from sellerdesk.models.guards import wall_statements

# Migrations run as the owner, whom row-level security holds back like everybody.
ALL_SELLERS = "SELECT set_config('sellerdesk.seller', '0', true)"

TALLIES = """
INSERT INTO order_tallies (seller_id, marketplace_id, channel, hour, orders, is_delta)
SELECT seller_id, marketplace_id, channel, date_trunc('hour', placed_at, 'UTC'), count(*), false
  FROM orders GROUP BY 1, 2, 3, 4"""

# Until now only the clock cancelled here, without giving stock back; every other cancellation came with a document.
CANCELLATIONS = """
INSERT INTO cancellations (seller_id, order_id, marketplace_id, placed_at, at, by, reason, counts, leaves, why,
                           policy_key, policy_value, units, lines, restocked, released, currency, elsewhere)
SELECT o.seller_id, o.id, o.marketplace_id, o.placed_at, coalesce(o.cancelled_at, o.updated_at), w.by, o.cancel_reason,
       y.why IN ('confirmation_missing', 'seller_reason'),
       y.why IN ('formal_request', 'buyer_alone') AND o.status = 'Canceled', y.why,
       coalesce(d.policy_key, ''), d.policy_value, o.units_cancelled, i.lines, false,
       CASE WHEN w.clock THEN coalesce(m.released, 0) ELSE 0 END, o.currency, NOT w.clock
  FROM orders o
 CROSS JOIN LATERAL (
   SELECT coalesce(jsonb_object_agg(item_number, cancelled) FILTER (WHERE cancelled > 0), '{}') AS lines,
          bool_and(lower(published #>> '{v0,BuyerRequestedCancel,IsBuyerRequestedCancel}') IS NOT DISTINCT FROM 'true'
                   OR published #>> '{2026,cancellation,cancellationRequest,requester}' IS NOT DISTINCT FROM 'BUYER')
            FILTER (WHERE cancelled > 0 OR ordered = 0) AS asked,
          array_agg(DISTINCT published #>> '{2026,cancellation,cancellationExecution,cancelledBy}') AS parties
     FROM order_items WHERE seller_id = o.seller_id AND order_id = o.id) i
 CROSS JOIN LATERAL (
   SELECT o.cancelled_by = 'AMAZON' AND o.cancel_reason = 'ship_confirmation_missing' AS clock,
          CASE WHEN o.cancelled_by <> '' THEN o.cancelled_by
               WHEN 'MERCHANT' = ANY(i.parties) THEN 'MERCHANT'
               WHEN 'AMAZON' = ANY(i.parties) THEN 'AMAZON'
               WHEN 'BUYER' = ANY(i.parties) THEN 'BUYER' ELSE '' END AS by) w
 CROSS JOIN LATERAL (
   SELECT CASE WHEN o.channel = 'AFN' THEN 'warehouse'
               WHEN w.clock THEN 'confirmation_missing'
               WHEN w.by = 'BUYER' THEN 'buyer_alone'
               WHEN i.asked THEN 'formal_request'
               WHEN w.by = 'MERCHANT' THEN 'seller_reason'
               WHEN w.by = 'AMAZON' THEN 'marketplace' ELSE 'unknown' END AS why) y
  LEFT JOIN deadlines d ON w.clock AND d.seller_id = o.seller_id AND d.order_id = o.id AND d.kind = 'auto_cancel'
  LEFT JOIN LATERAL (
   SELECT sum(c.amount - c.charged) AS released
     FROM order_items t JOIN charges c ON c.seller_id = t.seller_id AND c.item_id = t.id
    WHERE t.seller_id = o.seller_id AND t.order_id = o.id) m ON true
 WHERE o.items_known AND (o.units_cancelled > 0 OR o.status = 'Canceled')
   AND NOT EXISTS (SELECT 1 FROM cancellations x WHERE x.seller_id = o.seller_id AND x.order_id = o.id)"""

HEADS = """
UPDATE orders o SET counts_in_cr = x.counts,
       cancelled_by = CASE WHEN o.cancelled_by = '' AND o.status = 'Canceled' THEN x.by ELSE o.cancelled_by END
  FROM (SELECT seller_id, order_id, bool_or(counts) AS counts, max(by) AS by FROM cancellations GROUP BY 1, 2) x
 WHERE x.seller_id = o.seller_id AND x.order_id = o.id AND o.counts_in_cr IS NULL"""

_ASKED = """
  FROM order_items i JOIN orders o ON o.seller_id = i.seller_id AND o.id = i.order_id
 WHERE o.channel = 'MFN' AND o.status IN ('PendingAvailability', 'Pending', 'Unshipped', 'PartiallyShipped')
   AND i.ordered > i.shipped + i.cancelled AND o.cancel_request = '' AND o.cancel_requested_at IS NULL
   AND (lower(i.published #>> '{v0,BuyerRequestedCancel,IsBuyerRequestedCancel}') = 'true'
        OR i.published #>> '{2026,cancellation,cancellationRequest,requester}' = 'BUYER')"""

# One after the other: the head's mark, set last, is what keeps the first two from running twice.
WISHES = [
    f"""
INSERT INTO cancellation_requests (seller_id, order_id, kind, state, reason, words, item_numbers, requested_at,
                                   filed_at, closed_because)
SELECT o.seller_id, o.id, 'formal', 'requested_formal', '',
       coalesce(max(coalesce(i.published #>> '{{v0,BuyerRequestedCancel,BuyerCancelReason}}',
                             i.published #>> '{{2026,cancellation,cancellationRequest,cancelReason}}')), ''),
       jsonb_agg(i.item_number ORDER BY i.position), o.updated_at, o.updated_at, ''
{_ASKED} GROUP BY o.seller_id, o.id, o.updated_at""",
    f"""
UPDATE order_items x SET cancel_requested_at = asked.at
  FROM (SELECT i.id, o.updated_at AS at {_ASKED}) asked WHERE asked.id = x.id""",
    f"""
UPDATE orders x SET cancel_request = 'requested_formal', cancel_requested_at = x.updated_at
  FROM (SELECT DISTINCT o.id {_ASKED}) asked WHERE asked.id = x.id""",
]


class Migration(migrations.Migration):
    dependencies = [("sellerdesk", "0008_notices")]

    operations = [
        migrations.CreateModel(
            name="OrderTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("marketplace_id", models.CharField(max_length=20)),
                ("channel", models.CharField(max_length=3)),
                ("hour", models.DateTimeField()),
                ("orders", models.IntegerField()),
                ("is_delta", models.BooleanField()),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellerdesk.seller",
                    ),
                ),
            ],
            options={
                "db_table": "order_tallies",
                "indexes": [
                    models.Index(
                        fields=["seller", "marketplace_id", "channel", "hour"],
                        include=("orders",),
                        name="order_tally_by_hour",
                    ),
                    models.Index(
                        condition=models.Q(("is_delta", True)),
                        fields=["seller", "id"],
                        name="order_tally_deltas",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("orders", 0), _negated=True), name="order_tally_of_something"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="cancellation",
            name="elsewhere",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RemoveConstraint(model_name="cancellation", name="cancellation_of_something"),
        migrations.AddConstraint(
            model_name="cancellation",
            constraint=models.CheckConstraint(
                condition=models.Q(("units__gt", 0), ("elsewhere", True), _connector="OR"),
                name="cancellation_of_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="cancellation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("elsewhere", False),
                    models.Q(("released", 0), ("restocked", False)),
                    _connector="OR",
                ),
                name="cancellation_elsewhere",
            ),
        ),
        migrations.RunSQL([*wall_statements("order_tallies")], migrations.RunSQL.noop),
        migrations.RunSQL([ALL_SELLERS, TALLIES, CANCELLATIONS, HEADS, *WISHES], migrations.RunSQL.noop),
    ]
