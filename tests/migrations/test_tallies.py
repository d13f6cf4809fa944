"""What orders from before become when the tallies come: counted by the hour, with records of what was cancelled."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

from tests import build
from tests.conftest import owner_connection

from sellerdesk.commands.imports import import_orders
from sellerdesk.domain.orders import ItemDocument, OrderDocument, Status
from sellerdesk.flows.sweep import sweep
from sellerdesk.queries.verify import verify

migration = import_module("sellerdesk.migrations.0009_tallies")
# As it was before: nothing of what the migration makes, and nobody to guard it.
BEFORE = """
ALTER TABLE cancellations DISABLE TRIGGER USER; ALTER TABLE stock_movements DISABLE TRIGGER USER;
SELECT set_config('sellerdesk.seller', '0', false);
DELETE FROM order_tallies; DELETE FROM stock_movements; DELETE FROM cancellations; DELETE FROM cancellation_requests;
UPDATE order_items SET cancel_requested_at = NULL;
UPDATE orders SET counts_in_cr = NULL, cancel_request = '', cancel_requested_at = NULL;
UPDATE orders SET cancelled_by = '' WHERE source <> 'native';
ALTER TABLE cancellations ENABLE TRIGGER USER; ALTER TABLE stock_movements ENABLE TRIGGER USER"""
RECORDS = (
    "SELECT o.seller_order_id, c.by, c.why, c.counts, c.leaves, c.units, c.released, c.policy_key, c.elsewhere, c.at,"
    " c.lines FROM cancellations c JOIN orders o ON o.id = c.order_id ORDER BY 1"
)
TALLIES = (
    "SELECT marketplace_id, channel, hour, sum(orders) FROM order_tallies GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
)
WISHES = (
    "SELECT o.seller_order_id, o.cancel_request, o.cancel_requested_at, r.state, r.words, r.item_numbers,"
    " i.cancel_requested_at FROM orders o JOIN cancellation_requests r ON r.order_id = o.id"
    " JOIN order_items i ON i.order_id = o.id"
)


def imported(name: str, **marks: Any) -> OrderDocument:
    """An order as a 2026 document would bring it; the marks stand in `published`, too, as the codecs leave them."""
    item: ItemDocument = replace(build.an_item(price=1000), item_number="11111111111111", **marks)
    said: dict[str, Any] = {}
    if item.cancel_requested:
        said["cancellationRequest"] = {"requester": "BUYER", "cancelReason": item.cancel_words}
    if item.cancelled_by:
        said["cancellationExecution"] = {"cancelledBy": item.cancelled_by}
    item = replace(item, published={"2026": {"cancellation": said}})
    status = Status.CANCELED if item.cancelled else Status.UNSHIPPED
    return build.a_document(
        items=[item], status=status, updated_at=build.PLACED, source="2026", seller_order_id=name
    )


def test_orders_from_before_say_the_same_as_orders_of_today(committed: None) -> None:
    seller = build.a_seller()
    build.a_paid_order(seller, seller_order_id="clock", at=build.PLACED - timedelta(days=60))
    for day in range(60, -1, -5):
        sweep(build.PLACED - timedelta(days=day))
    documents = [
        imported("unknown", cancelled=2),
        imported("merchant", cancelled=2, cancelled_by="MERCHANT"),
        imported("buyer", cancelled=2, cancelled_by="BUYER"),
        imported("amazon", cancelled=2, cancelled_by="AMAZON"),
        imported("granted", cancelled=2, cancelled_by="MERCHANT", cancel_requested=True, cancel_words="Late"),
        imported("wished", cancel_requested=True, cancel_words="Too late"),
    ]
    build.all_well(import_orders(build.an_actor(seller), documents, now=build.PLACED))
    build.placed_orders(seller, [build.a_document() for _ in range(3)])
    before = [build.everything(sql) for sql in (RECORDS, TALLIES, WISHES)]
    assert [len(found) for found in before] == [6, 2, 1]
    with owner_connection() as owner:
        for statement in BEFORE.split(";"):
            owner.execute(statement)
    assert build.everything(RECORDS) == []

    with owner_connection() as owner, owner.transaction():
        owner.execute(migration.ALL_SELLERS)
        for statement in (migration.TALLIES, migration.CANCELLATIONS, migration.HEADS, *migration.WISHES):
            owner.execute(statement)

    assert [build.everything(sql) for sql in (RECORDS, TALLIES, WISHES)] == before
    assert build.everything("SELECT DISTINCT restocked FROM cancellations") == [(False,)]
    assert [violation for finding in verify() for violation in finding.violations] == []
