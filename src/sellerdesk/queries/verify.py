"""What must be true of all rows at all times (rulebook 3.11): asked by set over all sellers, in one snapshot.

Each rule is one statement that answers the rows which break it. What only orders that lived here from the start can
promise (every parcel and every penny has its own record) is asked of those alone: documents of other platforms tell
less.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from sellerdesk.models.sql import rows, run
from sellerdesk.models.tenancy import scope_transaction
from sellerdesk.queries.replay import differences
from sellerdesk.queries.verify_cancellations import CANCELLATION_RULES
from sellerdesk.queries.verify_messages import MESSAGE_RULES
from sellerdesk.queries.verify_returns import RETURN_RULES
from sellerdesk.queries.verify_rule import Rule

SHOWN_MAX = 100  # of each rule; all are counted


@dataclass(frozen=True, slots=True)
class Violation:
    """A row that breaks a rule."""

    rule: str
    invariant: str
    seller: str  # public id
    order_number: str
    says: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found: how many in all, and the first of them."""

    rule: Rule
    count: int
    violations: tuple[Violation, ...]


_SHARE = """(CASE WHEN i.ordered = 0 THEN 0 ELSE sign(c.amount) *
  (abs(c.amount) / i.ordered * i.shipped + least(i.shipped, abs(c.amount) % i.ordered)) END)"""

RULES = (
    Rule(
        "item_units",
        "I01",
        """SELECT seller_id, order_id, format('item %s: %s shipped and %s cancelled of %s', item_number, shipped,
                  cancelled, ordered)
             FROM order_items WHERE least(ordered, shipped, cancelled) < 0 OR shipped + cancelled > ordered""",
    ),
    Rule(
        "order_units",
        "I01",
        """SELECT o.seller_id, o.id, format('the order says %s/%s/%s, its items %s/%s/%s (ordered/shipped/cancelled)',
                  o.units_ordered, o.units_shipped, o.units_cancelled, coalesce(i.o, 0), coalesce(i.s, 0),
                  coalesce(i.c, 0))
             FROM orders o
             LEFT JOIN (SELECT seller_id, order_id, sum(ordered) AS o, sum(shipped) AS s, sum(cancelled) AS c
                          FROM order_items GROUP BY 1, 2) i ON i.seller_id = o.seller_id AND i.order_id = o.id
            WHERE o.items_known AND (o.units_ordered, o.units_shipped, o.units_cancelled)
                  IS DISTINCT FROM (coalesce(i.o, 0), coalesce(i.s, 0), coalesce(i.c, 0))""",
    ),
    Rule(
        "status",
        "I02",
        """SELECT seller_id, id, format('%s, but the quantities make it %s', status, derived)
             FROM (SELECT o.*, CASE WHEN units_shipped = 0 AND units_ordered = units_cancelled THEN 'Canceled'
                                    WHEN units_shipped = 0 THEN 'Unshipped'
                                    WHEN units_ordered > units_shipped + units_cancelled THEN 'PartiallyShipped'
                                    ELSE 'Shipped' END AS derived FROM orders o) o
            WHERE items_known AND units_ordered > 0 AND status <> derived
              AND NOT (derived = 'Unshipped' AND status IN ('Pending', 'PendingAvailability'))
              AND NOT (source <> 'native'
                       AND status IN ('InvoiceUnconfirmed', 'Unfulfillable', 'Pending', 'PendingAvailability'))""",
    ),
    Rule(
        "package_units",
        "I03",
        """SELECT i.seller_id, i.order_id, format('item %s: %s units shipped, %s lie in parcels', i.item_number,
                  i.shipped, coalesce(p.units, 0))
             FROM order_items i
             JOIN orders o ON o.seller_id = i.seller_id AND o.id = i.order_id
             LEFT JOIN (SELECT seller_id, item_id, sum(quantity) AS units FROM package_items GROUP BY 1, 2) p
               ON p.seller_id = i.seller_id AND p.item_id = i.id
            WHERE coalesce(p.units, 0) > i.shipped OR (o.source = 'native' AND coalesce(p.units, 0) < i.shipped)""",
    ),
    Rule(
        "charged",
        "I05",
        f"""SELECT c.seller_id, i.order_id, format('item %s, %s: %s charged, %s units shipped make %s', i.item_number,
                  c.component, c.charged, i.shipped, {_SHARE})
             FROM charges c JOIN order_items i ON i.seller_id = c.seller_id AND i.id = c.item_id
            WHERE c.charged <> {_SHARE}""",
    ),
    Rule(
        "cancelled_is_free",
        "I05",
        """SELECT o.seller_id, o.id, format('cancelled, but %s was charged %s', c.component, c.charged)
             FROM orders o
             JOIN order_items i ON i.seller_id = o.seller_id AND i.order_id = o.id
             JOIN charges c ON c.seller_id = i.seller_id AND c.item_id = i.id
            WHERE o.status = 'Canceled' AND c.charged <> 0""",
    ),
    Rule(
        "refunded",
        "I06",
        """SELECT c.seller_id, i.order_id, format('item %s, %s: %s refunded, %s set aside and %s claimed of %s charged',
                  i.item_number, c.component, c.refunded, c.refund_pending, c.claimed, c.charged)
             FROM charges c JOIN order_items i ON i.seller_id = c.seller_id AND i.id = c.item_id
            WHERE least(c.refunded * sign(c.charged), c.refund_pending * sign(c.charged),
                        c.claimed * sign(c.charged)) < 0
               OR abs(c.refunded + c.refund_pending + c.claimed) > abs(c.charged)
               OR (c.charged = 0 AND (c.refunded, c.refund_pending, c.claimed) <> (0, 0, 0))""",
    ),
    Rule(
        "refunds_add_up",
        "I06",
        """SELECT c.seller_id, i.order_id, format('item %s, %s: %s refunded and %s set aside, its refunds say %s and'
                  ' %s', i.item_number, c.component, c.refunded, c.refund_pending, coalesce(r.gone, 0),
                  coalesce(r.held, 0))
             FROM charges c
             JOIN order_items i ON i.seller_id = c.seller_id AND i.id = c.item_id
             LEFT JOIN (SELECT l.seller_id, l.item_id, l.component,
                               sum(l.amount) FILTER (WHERE f.state IN ('RELEASED', 'SETTLED')) AS gone,
                               sum(l.amount) FILTER (WHERE f.state IN ('DRAFT', 'PENDING')) AS held
                          FROM refund_lines l JOIN refunds f ON f.seller_id = l.seller_id AND f.id = l.refund_id
                         GROUP BY 1, 2, 3) r
               ON r.seller_id = c.seller_id AND r.item_id = c.item_id AND r.component = c.component
            WHERE (c.refunded, c.refund_pending) <> (coalesce(r.gone, 0), coalesce(r.held, 0))""",
    ),
    Rule(
        "refund_is_its_parts",
        "I06",
        """SELECT f.seller_id, f.order_id, format('refund %s: %s in all, its parts make %s', f.reference, f.total,
                  coalesce(l.total, 0) + f.return_shipping + f.goodwill)
             FROM refunds f
             LEFT JOIN (SELECT seller_id, refund_id, sum(amount) AS total FROM refund_lines GROUP BY 1, 2) l
               ON l.seller_id = f.seller_id AND l.refund_id = f.id
            WHERE f.total <> coalesce(l.total, 0) + f.return_shipping + f.goodwill""",
    ),
    Rule(
        "concessions_add_up",
        "I06",
        """SELECT a.seller_id, a.order_id, format('%s given and %s set aside, refunds say %s and %s', a.given,
                  a.pending, coalesce(f.gone, 0), coalesce(f.held, 0))
             FROM concessions a
             LEFT JOIN (SELECT seller_id, order_id,
                               sum(return_shipping + goodwill) FILTER (WHERE state IN ('RELEASED', 'SETTLED')) AS gone,
                               sum(return_shipping + goodwill) FILTER (WHERE state IN ('DRAFT', 'PENDING')) AS held
                          FROM refunds GROUP BY 1, 2) f ON f.seller_id = a.seller_id AND f.order_id = a.order_id
            WHERE (a.given, a.pending) <> (coalesce(f.gone, 0), coalesce(f.held, 0))""",
    ),
    Rule(
        "units_in_return",
        "I15",
        """SELECT i.seller_id, i.order_id, format('item %s: %s units in returns, the requests say %s', i.item_number,
                  i.in_return, coalesce(r.units, 0))
             FROM order_items i
             LEFT JOIN (SELECT l.seller_id, l.item_id, sum(l.quantity) AS units
                          FROM return_lines l
                          JOIN return_requests q ON q.seller_id = l.seller_id AND q.id = l.return_request_id
                         WHERE q.state NOT LIKE 'CLOSED%' GROUP BY 1, 2) r
               ON r.seller_id = i.seller_id AND r.item_id = i.id
            WHERE i.in_return <> coalesce(r.units, 0)""",
    ),
    Rule(
        "ledger_balances",
        "I07",
        """SELECT t.seller_id, t.order_id, format('movement %s (%s): %s', t.id, t.cause,
                  coalesce('sum ' || e.total || ' ' || e.currency, 'has no entries'))
             FROM ledger_transactions t
             LEFT JOIN (SELECT seller_id, transaction_id, currency, sum(amount) AS total FROM ledger_entries
                         GROUP BY 1, 2, 3) e ON e.seller_id = t.seller_id AND e.transaction_id = t.id
            WHERE e.total IS DISTINCT FROM 0""",
    ),
    Rule(
        "ledger_is_charged",
        "I08",
        """SELECT b.seller_id, i.order_id, format('item %s, %s: %s charged, the ledger says %s to the buyer, %s to the'
                  ' seller', i.item_number, b.component, b.charged, b.buyer, b.seller)
             FROM (SELECT coalesce(c.seller_id, l.seller_id) AS seller_id, coalesce(c.item_id, l.item_id) AS item_id,
                          coalesce(c.component, l.component) AS component,
                          coalesce(c.charged - c.refunded, 0) AS charged, coalesce(l.buyer, 0) AS buyer,
                          coalesce(-l.seller, 0) AS seller
                     FROM charges c
                     FULL JOIN (SELECT seller_id, item_id, component,
                                       sum(amount) FILTER (WHERE account = 'buyer') AS buyer,
                                       sum(amount) FILTER (WHERE account = 'seller') AS seller
                                  FROM ledger_entries WHERE item_id IS NOT NULL GROUP BY 1, 2, 3) l
                       ON l.seller_id = c.seller_id AND l.item_id = c.item_id AND l.component = c.component) b
             LEFT JOIN order_items i ON i.seller_id = b.seller_id AND i.id = b.item_id
            WHERE b.charged <> b.buyer OR b.charged <> b.seller""",
    ),
    Rule(
        "lateness",
        "I11",
        """SELECT o.seller_id, o.id, format('confirmed %s (late: %s), the first parcel %s, ship-by %s', o.confirmed_at,
                  o.is_late, p.first, o.latest_ship_at)
             FROM orders o
             LEFT JOIN (SELECT seller_id, order_id, min(confirmed_at) AS first FROM packages GROUP BY 1, 2) p
               ON p.seller_id = o.seller_id AND p.order_id = o.id
            WHERE o.source = 'native'
              AND (o.confirmed_at IS DISTINCT FROM p.first
                   OR o.is_late IS DISTINCT FROM CASE WHEN p.first IS NOT NULL THEN
                        o.channel = 'MFN' AND coalesce(p.first > o.latest_ship_at, false) END)""",
    ),
    Rule(
        "deadline_moments",
        "I12",
        """SELECT seller_id, order_id, format('%s due %s is %s since %s', kind, due_at, state, closed_at)
             FROM deadlines
            WHERE (state = 'fired' AND closed_at < due_at) OR (state = 'open') <> (closed_at IS NULL)""",
    ),
    Rule(
        "deadline_order",
        "I12",
        """SELECT f.seller_id, f.order_id, format('%s fired before %s', f.kind, e.kind)
             FROM deadlines e
             JOIN deadlines f ON f.seller_id = e.seller_id AND f.order_id = e.order_id
            WHERE e.state = 'open' AND f.state = 'fired' AND e.due_at < f.due_at""",
    ),
    Rule(
        "deadlines_of_closed_orders",
        "I12",
        """SELECT o.seller_id, o.id, format('%s, but %s is open', o.status, d.kind)
             FROM deadlines d JOIN orders o ON o.seller_id = d.seller_id AND o.id = d.order_id
            WHERE d.state = 'open' AND o.status NOT IN ('Unshipped', 'PartiallyShipped')
              AND d.subject = 0
              AND d.kind <> 'message_answer'
              AND NOT (d.kind IN ('cancel_answer', 'guide_follow_up')
                       AND o.status IN ('Pending', 'PendingAvailability'))""",
    ),
    Rule(
        "deadline_journalled",
        "I12",
        """SELECT d.seller_id, d.order_id, format('%s fired, and the journal says so %s times', d.kind,
                  coalesce(j.times, 0))
             FROM deadlines d
             LEFT JOIN (SELECT seller_id, order_id, kind, count(*) AS times FROM journal
                         WHERE kind IN ('ship_by_reminded', 'ship_by_passed', 'auto_cancel_warned',
                                        'order_auto_cancelled') GROUP BY 1, 2, 3) j
               ON j.seller_id = d.seller_id AND j.order_id = d.order_id
              AND j.kind = CASE d.kind WHEN 'ship_by_reminder' THEN 'ship_by_reminded'
                                       WHEN 'ship_by' THEN 'ship_by_passed'
                                       WHEN 'auto_cancel_warning' THEN 'auto_cancel_warned'
                                       WHEN 'auto_cancel' THEN 'order_auto_cancelled' END
            WHERE d.kind IN ('ship_by_reminder', 'ship_by', 'auto_cancel_warning', 'auto_cancel')
              AND coalesce(j.times, 0) <> CASE d.state WHEN 'fired' THEN 1 ELSE 0 END""",
    ),
    Rule(
        "waiting_orders_rest",
        "I16",
        """SELECT o.seller_id, o.id, format('%s, but parcel %s exists', o.status, p.reference)
             FROM packages p JOIN orders o ON o.seller_id = p.seller_id AND o.id = p.order_id
            WHERE o.source = 'native' AND o.status IN ('Pending', 'PendingAvailability')""",
    ),
    Rule(
        "warehouse_orders_rest",
        "I16",
        """SELECT o.seller_id, o.id, format('the warehouse ships it, but the seller did: %s', j.kind)
             FROM journal j JOIN orders o ON o.seller_id = j.seller_id AND o.id = j.order_id
            WHERE o.channel = 'AFN' AND j.kind IN ('shipment_confirmed', 'shipment_edited')""",
    ),
    Rule(
        "warned_before_cancelled",
        "I21",
        """SELECT c.seller_id, c.order_id, 'cancelled automatically without a warning or a cause on record'
             FROM journal c
            WHERE c.kind = 'order_auto_cancelled' AND coalesce(c.facts ->> 'cause', '') = ''
              AND NOT EXISTS (SELECT FROM journal w WHERE w.seller_id = c.seller_id AND w.order_id = c.order_id
                                 AND w.kind = 'auto_cancel_warned' AND w.id < c.id)""",
    ),
    Rule(
        "order_journalled",
        "journal",
        """SELECT o.seller_id, o.id, 'the journal does not say how it came here'
             FROM orders o
             LEFT JOIN (SELECT DISTINCT seller_id, order_id FROM journal
                         WHERE kind IN ('order_placed', 'order_imported')) j
               ON j.seller_id = o.seller_id AND j.order_id = o.id
            WHERE j.order_id IS NULL""",
    ),
    Rule(
        "package_journalled",
        "journal",
        """SELECT p.seller_id, p.order_id, format('the journal names parcel %s %s times', p.reference,
                  coalesce(j.times, 0))
             FROM packages p
             JOIN orders o ON o.seller_id = p.seller_id AND o.id = p.order_id
             LEFT JOIN (SELECT j.seller_id, j.order_id, n ->> 'reference' AS reference, count(*) AS times
                          FROM journal j, jsonb_array_elements(j.facts -> 'packages') n
                         WHERE j.kind IN ('shipment_confirmed', 'warehouse_shipped') GROUP BY 1, 2, 3) j
               ON j.seller_id = p.seller_id AND j.order_id = p.order_id AND j.reference = p.reference
            WHERE o.source = 'native' AND coalesce(j.times, 0) <> 1""",
    ),
    Rule(
        "package_versions",
        "journal",
        """SELECT p.seller_id, p.order_id, format('parcel %s has version %s, and %s versions are kept', p.reference,
                  p.version, coalesce(v.kept, 0))
             FROM packages p
             JOIN orders o ON o.seller_id = p.seller_id AND o.id = p.order_id
             LEFT JOIN (SELECT seller_id, package_id, count(*) AS kept, max(version) AS last FROM package_versions
                         GROUP BY 1, 2) v ON v.seller_id = p.seller_id AND v.package_id = p.id
            WHERE CASE WHEN o.source = 'native' THEN coalesce(v.kept, 0) <> p.version OR v.last <> p.version
                       ELSE coalesce(v.last, 1) <> p.version END""",
    ),
    *CANCELLATION_RULES,
    *MESSAGE_RULES,
    *RETURN_RULES,
)

_NAMED = """
SELECT s.public_id, coalesce(o.order_number, ''), b.says, b.total
  FROM (SELECT x.*, count(*) OVER () AS total FROM ({rule}) AS x(seller_id, order_id, says)) b
  LEFT JOIN sellers s ON s.id = b.seller_id
  LEFT JOIN orders o ON o.seller_id = b.seller_id AND o.id = b.order_id
 ORDER BY b.seller_id, b.order_id LIMIT %(limit)s"""


_NAMES = """
SELECT o.seller_id, o.id, s.public_id, o.order_number FROM orders o JOIN sellers s ON s.id = o.seller_id
 WHERE (o.seller_id, o.id) IN (SELECT unnest(%(sellers)s::bigint[]), unnest(%(orders)s::bigint[]))"""


def verify() -> Iterator[Finding]:
    """Ask every rule about all sellers' rows, in one snapshot; yields what each found, as it finds it."""
    with transaction.atomic():
        run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # Whole tables are joined here: hashing them in memory is several times faster than through the disk.
        run("SET LOCAL work_mem = '128MB'")
        run("SET LOCAL jit = off")
        scope_transaction(None)
        for rule in RULES:
            yield ask(rule)
        yield _ask_journal()


REPLAY = Rule("journal_replays", "journal", "")  # no statement can fold: queries.replay does


def _ask_journal() -> Finding:
    found = list(differences())
    shown = found[:SHOWN_MAX]
    names = {
        (seller, order): (public, number)
        for seller, order, public, number in rows(
            _NAMES, {"sellers": [one[0] for one in shown], "orders": [one[1] for one in shown]}
        )
    }
    violations = tuple(
        Violation(REPLAY.name, REPLAY.invariant, *names[seller, order], says) for seller, order, says in shown
    )
    return Finding(REPLAY, len(found), violations)


def ask(rule: Rule) -> Finding:
    """Ask one rule, of the rows that the running transaction sees."""
    found = rows(_NAMED.format(rule=rule.sql.replace("%", "%%")), {"limit": SHOWN_MAX})
    violations = tuple(
        Violation(rule.name, rule.invariant, seller or "", number, says) for seller, number, says, _ in found
    )
    return Finding(rule, found[0][3] if found else 0, violations)
