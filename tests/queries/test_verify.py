"""Every rule of `sellerdesk verify` notices the damage it is there for, and nothing else does damage in peace."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests import build
from tests.commands.test_claims import FILED, a_claim, a_claimable_order, step, verdict

from sellerdesk.commands.cancel_requests import file_requests
from sellerdesk.commands.cancellations import cancel_orders
from sellerdesk.commands.claims import answer_claims, withdraw_claims
from sellerdesk.commands.ledger import record_payouts
from sellerdesk.commands.messages import add_notes, receive_messages, send_messages
from sellerdesk.commands.refunds import request_refunds
from sellerdesk.commands.return_requests import request_returns
from sellerdesk.commands.returns import Inspect, Receive, grade_returns, receive_returns
from sellerdesk.domain.actors import Party
from sellerdesk.domain.cancel_requests import FilingRequest, Reason
from sellerdesk.domain.cancellations import CancelReason, CancelRequest
from sellerdesk.domain.ledger import PayoutReport
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.messages import BuyerMessage, SellerMessage, ThreadRequest
from sellerdesk.domain.photos import Photo
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.domain.return_facts import Grade, ReturnReason
from sellerdesk.domain.returns import ReturnAsked
from sellerdesk.flows.sweep import sweep
from sellerdesk.models.tenancy import scope_transaction
from sellerdesk.queries.replay import differences
from sellerdesk.queries.verify import RULES, SHOWN_MAX, ask, verify

# Behind the guards: as the owner, without triggers and checks, in a transaction that is rolled back.
_MAKE_ROOM = """
DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace AND contype = 'c' LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname);
  END LOOP;
  DROP INDEX claim_open_once;
  FOR c IN SELECT DISTINCT tgrelid::regclass AS t FROM pg_trigger WHERE NOT tgisinternal LOOP
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', c.t);
  END LOOP;
END $$"""

_OF = "(SELECT id FROM orders WHERE seller_order_id = '{}')"
SHIPPED, OPEN, CANCELLED, WAREHOUSE, WAITING, PART, WISHED, GRANTED = (
    _OF.format(word)
    for word in ("shipped", "open", "cancelled", "warehouse", "waiting", "part", "wished", "granted")
)
_ITEM = "item_id IN (SELECT id FROM order_items WHERE order_id = {})"

# Rule → damage that it must notice.
DAMAGE = {
    "item_units": [f"UPDATE order_items SET shipped = ordered + 1 WHERE order_id = {OPEN}"],
    "order_units": [
        f"UPDATE orders SET units_shipped = 1 WHERE id = {OPEN}",
        f"UPDATE order_items SET ordered = ordered + 1 WHERE order_id = {WAITING}",
    ],
    "status": [
        f"UPDATE orders SET status = 'Unshipped' WHERE id = {SHIPPED}",
        f"UPDATE orders SET status = 'Canceled' WHERE id = {OPEN}",
        f"UPDATE orders SET status = 'Unshipped' WHERE id = {CANCELLED}",
        f"UPDATE orders SET status = 'Pending' WHERE id = {SHIPPED}",
    ],
    "package_units": [
        f"UPDATE package_items SET quantity = quantity + 1 WHERE {_ITEM.format(SHIPPED)}",
        f"DELETE FROM package_items WHERE {_ITEM.format(SHIPPED)}",
    ],
    "charged": [
        f"UPDATE charges SET charged = charged - 1 WHERE {_ITEM.format(SHIPPED)}",
        f"UPDATE charges SET charged = 1 WHERE {_ITEM.format(OPEN)}",
    ],
    "cancelled_is_free": [f"UPDATE charges SET charged = amount WHERE {_ITEM.format(CANCELLED)}"],
    "refunded": [
        f"UPDATE charges SET refunded = charged + 1 WHERE {_ITEM.format(SHIPPED)}",
        f"UPDATE charges SET refunded = 1 WHERE {_ITEM.format(OPEN)}",
        f"UPDATE charges SET refunded = -1 WHERE {_ITEM.format(SHIPPED)}",
    ],
    "refunds_add_up": [
        f"UPDATE charges SET refunded = 1 WHERE {_ITEM.format(SHIPPED)}",
        "UPDATE refund_lines SET amount = amount - 1",
        "UPDATE refunds SET state = 'CANCELLED'",
    ],
    "refund_is_its_parts": ["UPDATE refunds SET total = total + 1", "UPDATE refunds SET goodwill = 0"],
    "concessions_add_up": ["UPDATE concessions SET given = given - 1", "UPDATE concessions SET pending = 1"],
    "units_in_return": [f"UPDATE order_items SET in_return = 1 WHERE order_id = {SHIPPED}"],
    "ledger_balances": [
        "UPDATE ledger_entries SET amount = amount + 1 WHERE account = 'buyer'",
        "DELETE FROM ledger_entries WHERE account = 'seller'",
        "DELETE FROM ledger_entries",
        "UPDATE ledger_entries SET currency = 'EUR' WHERE account = 'seller'",
    ],
    "ledger_is_charged": [
        "UPDATE ledger_entries SET amount = amount * 2",
        f"DELETE FROM charges WHERE {_ITEM.format(SHIPPED)}",
    ],
    "lateness": [
        f"UPDATE orders SET is_late = true WHERE id = {SHIPPED}",
        f"UPDATE orders SET is_late = NULL, confirmed_at = NULL WHERE id = {SHIPPED}",
        f"UPDATE orders SET confirmed_at = confirmed_at + interval '1 second' WHERE id = {SHIPPED}",
        f"UPDATE packages SET confirmed_at = confirmed_at + interval '30 days' WHERE order_id = {SHIPPED}",
        f"UPDATE orders SET is_late = true WHERE id = {WAREHOUSE}",
    ],
    "deadline_moments": [
        "UPDATE deadlines SET closed_at = due_at - interval '1 second' WHERE state = 'fired'",
        "UPDATE deadlines SET closed_at = NULL WHERE state = 'fired'",
        "UPDATE deadlines SET closed_at = due_at WHERE state = 'open'",
    ],
    "deadline_order": [
        f"UPDATE deadlines SET state = 'open', closed_at = NULL WHERE order_id = {CANCELLED} AND kind = 'ship_by'"
    ],
    "deadlines_of_closed_orders": [
        f"UPDATE deadlines SET state = 'open', closed_at = NULL WHERE order_id = {SHIPPED}",
    ],
    "deadline_journalled": [
        "DELETE FROM journal WHERE kind = 'auto_cancel_warned'",
        "INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)"
        " SELECT seller_id, order_id, at, kind, party, actor, door, key, facts FROM journal WHERE kind LIKE 'auto%'",
        f"UPDATE deadlines SET state = 'fired', closed_at = due_at WHERE order_id = {OPEN} AND kind = 'ship_by'",
    ],
    "waiting_orders_rest": [f"UPDATE orders SET status = 'Pending' WHERE id = {SHIPPED}"],
    "warehouse_orders_rest": [f"UPDATE orders SET channel = 'AFN' WHERE id = {SHIPPED}"],
    "warned_before_cancelled": ["DELETE FROM journal WHERE kind = 'auto_cancel_warned'"],
    "order_journalled": [f"DELETE FROM journal WHERE order_id = {OPEN}"],
    "package_journalled": [
        f"DELETE FROM journal WHERE order_id = {SHIPPED} AND kind = 'shipment_confirmed'",
        f"DELETE FROM journal WHERE order_id = {WAREHOUSE} AND kind = 'warehouse_shipped'",
        f"UPDATE packages SET reference = 'other' WHERE order_id = {SHIPPED}",
    ],
    "package_versions": [
        "DELETE FROM package_versions",
        f"UPDATE packages SET version = 2 WHERE order_id = {SHIPPED}",
    ],
    "tallies": [
        "UPDATE order_tallies SET orders = orders + 1",
        "DELETE FROM order_tallies",
        f"UPDATE orders SET placed_at = placed_at + interval '1 hour' WHERE id = {OPEN}",
        f"UPDATE orders SET channel = 'AFN' WHERE id = {OPEN}",
    ],
    "cancelled_units": [
        f"UPDATE order_items SET cancelled = cancelled - 1 WHERE order_id = {PART}",
        f"DELETE FROM cancellations WHERE order_id = {CANCELLED}",
    ],
    "cancellation_placed": ["UPDATE cancellations SET placed_at = placed_at - interval '1 microsecond'"],
    "counts_in_rate": [
        f"UPDATE orders SET counts_in_cr = false WHERE id = {CANCELLED}",
        f"UPDATE orders SET counts_in_cr = true WHERE id = {OPEN}",
        f"UPDATE orders SET counts_in_cr = NULL WHERE id = {GRANTED}",
    ],
    "leaves_rate": [
        f"UPDATE cancellations SET leaves = true WHERE order_id = {PART}",
        f"UPDATE cancellations SET counts = true WHERE order_id = {GRANTED}",
    ],
    "only_filed_requests_excuse": [
        f"UPDATE cancellations SET counts = true WHERE order_id = {GRANTED}",
        f"UPDATE order_items SET cancel_requested_at = NULL WHERE order_id = {GRANTED}",
        f"UPDATE order_items SET cancel_requested_at = now() + interval '9 years' WHERE order_id = {GRANTED}",
        f"UPDATE cancellations SET reason = 'buyer_cancelled', counts = false WHERE order_id = {PART}",
    ],
    "cancelled_by": [f"UPDATE orders SET cancelled_by = 'BUYER' WHERE id = {CANCELLED}"],
    "cancellation_journalled": [
        "DELETE FROM journal WHERE kind = 'order_auto_cancelled'",
        "DELETE FROM journal WHERE kind = 'order_cancelled'",
        f"DELETE FROM cancellations WHERE order_id = {PART}",
    ],
    "stock_came_back": [
        "DELETE FROM stock_movements",
        f"UPDATE stock_movements SET units = units + 1 WHERE order_id = {GRANTED}",
        f"UPDATE cancellations SET restocked = true WHERE order_id = {PART}",
    ],
    "open_wish": [
        f"UPDATE orders SET cancel_request = '' WHERE id = {WISHED}",
        "UPDATE cancellation_requests SET state = 'declined', closed_at = requested_at",
        f"UPDATE orders SET cancel_request = 'guided' WHERE id = {OPEN}",
    ],
    "wishes_of_closed_orders": [f"UPDATE orders SET cancel_request = 'guided' WHERE id = {SHIPPED}"],
    "message_clock": [
        "UPDATE message_threads SET state = 'answered', due_at = NULL WHERE state = 'open_needs_response'",
        "UPDATE deadlines SET state = 'void', closed_at = due_at WHERE kind = 'message_answer' AND state = 'open'",
        "UPDATE deadlines SET due_at = due_at + interval '1 hour' WHERE kind = 'message_answer' AND state = 'open'",
        "DELETE FROM deadlines WHERE kind = 'message_answer' AND state = 'open'",
    ],
    "message_counts": ["UPDATE message_threads SET count = count + 1"],
    "message_journalled": [
        "DELETE FROM journal WHERE kind = 'message_sent'",
        "DELETE FROM journal WHERE kind = 'message_noted'",
        "UPDATE messages SET state = 'blocked_opt_out' WHERE kind = 'seller'",
    ],
    "received_units": [
        "UPDATE return_lines SET received = quantity + 1",
        "UPDATE return_lines SET sellable = sellable + 1",
        "UPDATE return_requests SET received_at = NULL",
    ],
    "completed_returns": [
        "UPDATE return_requests SET state = 'COMPLETED', ended_at = received_at WHERE state = 'PENDING_REFUND'",
        "UPDATE refunds SET units = '{}'",
    ],
    "returned_stock": [
        "DELETE FROM stock_movements WHERE kind = 'returned'",
        "UPDATE stock_movements SET kind = 'returned' WHERE kind = 'unsellable'",
        "UPDATE return_lines SET sellable = 0, unsellable = 2 WHERE received > 0",
    ],
    "photos_of_returns": ["UPDATE stored_files SET kind = 'text/html'"],
    "filed_items": [f"UPDATE order_items SET cancel_requested_at = NULL WHERE order_id = {WISHED}"],
    "claims_add_up": ["UPDATE charges SET claimed = 0", "UPDATE claim_parts SET amount = amount - 1"],
    "claim_is_its_parts": ["UPDATE claims SET paid = paid + 1", "DELETE FROM claim_parts"],
    "claim_paid_once": [
        "UPDATE payment_transfers SET amount = amount + 1 WHERE claim_id IS NOT NULL",
        "DELETE FROM payment_transfers WHERE claim_id IS NOT NULL",
    ],
    "claim_debits_are_the_ledgers": [
        "UPDATE claims SET debited = 0",
        "UPDATE claims SET money_reversed = true WHERE state = 'GRANTED'",
    ],
    "claim_open_once": ["UPDATE claims SET state = 'FILED' WHERE state = 'WITHDRAWN'"],
    "claim_waits_with_deadline": [
        "UPDATE deadlines SET state = 'void' WHERE kind = 'claim_answer'",
        "UPDATE claims SET due_at = due_at + interval '1 hour' WHERE due_at IS NOT NULL",
    ],
    "claim_journalled": [
        "UPDATE claims SET state = 'DENIED' WHERE state = 'GRANTED'",
        "DELETE FROM journal WHERE kind = 'claim_withdrawn'",
    ],
    "claim_replayed": ["UPDATE claims SET defect = NOT defect", "UPDATE claims SET debited = 1"],
    "refund_in_ledger": [
        "UPDATE refunds SET total = total + 1",
        "UPDATE refunds SET state = 'PENDING'",
        "UPDATE ledger_transactions SET kind = 'fee' WHERE kind = 'refund'",
    ],
    "concessions_in_ledger": [
        "UPDATE concessions SET given = given + 1",
        "DELETE FROM concessions",
        "UPDATE ledger_entries SET account = 'seller' WHERE account = 'concession'",
    ],
    "transfer_is_its_refund": [
        "DELETE FROM payment_transfers WHERE refund_id IS NOT NULL",
        "UPDATE payment_transfers SET amount = amount + 1 WHERE refund_id IS NOT NULL",
        "UPDATE payment_transfers SET currency = 'EUR' WHERE refund_id IS NOT NULL",
        "UPDATE payment_transfers SET state = 'failed' WHERE refund_id IS NOT NULL",
        "UPDATE refunds SET state = 'CANCELLED'",
    ],
    "payout_in_ledger": [
        "UPDATE seller_payouts SET amount = amount + 1",
        "DELETE FROM seller_payouts",
        "DELETE FROM ledger_entries WHERE account = 'bank'",
    ],
    "ledger_accounts": [
        "UPDATE ledger_entries SET account = 'pocket' WHERE account = 'buyer'",
        "UPDATE ledger_entries SET account = 'bank' WHERE account = 'seller'",
        "UPDATE ledger_transactions SET kind = 'payout' WHERE kind = 'claim'",
    ],
}
# What concerns a seller and no order of it.
OF_SELLERS = {"payout_in_ledger"}


def execute(sql: str) -> int:
    """A statement as it stands, percent signs and all."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.rowcount)


def sent_back(seller: int) -> None:
    """A return that came in part, with a photo, and one that the marketplace refunded."""
    marketplace, now = build.an_actor(seller, party=Party.AMAZON), build.PLACED + timedelta(days=8)
    for name in ("partly", "refunded back"):
        number = build.a_shipped_order(seller, seller_order_id=name, items=[build.an_item(ordered=3)])
        ((item,),) = build.everything(
            "SELECT i.item_number FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.order_number = %s",
            [number],
        )
        asked = ReturnAsked(number, ReturnReason.DEFECTIVE, {item: 3})
        (outcome,) = request_returns(marketplace, [asked], now=now, randomness=random.Random(name))
        rma = outcome.facts["rma"]
        if name == "partly":
            photo = Photo("dent.jpg", b"\xff\xd8\xff", 1, 1)
            seen = Inspect(number, rma, {item: Grade.REPACK}, photos=(photo,), sellable={item: 1})
            build.all_well(receive_returns(marketplace, [Receive(number, rma, {item: 2})], now=now))
            build.all_well(grade_returns(marketplace, [seen], now=now))
        else:
            request = RefundRequest(number, RefundReason.BUYER_RETURN, Mode.RETURNLESS, rma=rma)
            build.all_well(request_refunds(marketplace, [request], now=now))


@pytest.fixture
def world(committed: None) -> None:
    """An order in each state, all of them sound."""
    seller = build.a_seller()
    build.a_paid_order(seller, seller_order_id="cancelled", at=build.PLACED - timedelta(days=60))
    for day in range(60, -1, -5):  # in steps, so that the warning comes in time
        sweep(build.PLACED - timedelta(days=day))
    build.a_shipped_order(seller, seller_order_id="shipped")
    build.a_shipped_order(seller, seller_order_id="warehouse", channel="AFN")
    refunded = build.a_shipped_order(seller, seller_order_id="refunded")
    marketplace = build.an_actor(seller, party=Party.AMAZON)
    request = RefundRequest(refunded, RefundReason.NOT_RECEIVED, goodwill=100)
    build.all_well(request_refunds(marketplace, [request], now=build.PLACED + timedelta(days=2)))
    build.a_paid_order(seller, seller_order_id="open")
    build.a_placed_order(seller, seller_order_id="waiting")
    cancelled_and_wished(seller)
    written_about(seller)
    sent_back(seller)
    claimed(seller)
    end = FILED + timedelta(days=1)
    build.all_well(record_payouts(marketplace, [PayoutReport("week-1", "USD", end)], now=end))


def claimed(seller: int) -> None:
    """A claim that was granted, and an open one after one that was withdrawn."""
    given = a_claimable_order(seller)
    claim = a_claim(seller, given)
    build.all_well([step(answer_claims, build.an_actor(seller), given, claim)])
    build.all_well([verdict(seller, given, claim, granted=True)])
    waiting = a_claimable_order(seller)
    buyer = build.an_actor(seller, party=Party.BUYER)
    build.all_well([step(withdraw_claims, buyer, waiting, a_claim(seller, waiting))])
    a_claim(seller, waiting, at=FILED + timedelta(hours=2))


def written_about(seller: int) -> None:
    """Orders whose buyer waits for an answer, has one, or was written about among staff."""
    actor, now = build.an_actor(seller), build.PLACED + timedelta(hours=2)
    numbers = [
        build.everything(f"SELECT order_number FROM orders WHERE id = {one}")[0][0]
        for one in (SHIPPED, WISHED, CANCELLED)
    ]
    build.all_well(receive_messages(actor, [BuyerMessage(one, "When?") for one in numbers], now=now))
    answer = SellerMessage(numbers[1], ContactReason.ANSWER, "It leaves us on Friday morning.")
    build.all_well(send_messages(actor, [answer], now=now))
    build.all_well(add_notes(actor, [ThreadRequest(numbers[2], "Called")], now=now))


def cancelled_and_wished(seller: int) -> None:
    """An order with a unit cancelled, one with an open request, one whose request was granted."""
    actor, now = build.an_actor(seller), build.PLACED + timedelta(hours=2)
    part = build.a_paid_order(seller, seller_order_id="part")
    wished, granted = (build.a_paid_order(seller, seller_order_id=word) for word in ("wished", "granted"))
    filings = [FilingRequest(number, Reason.FOUND_CHEAPER) for number in (wished, granted)]
    build.all_well(file_requests(actor, filings, now=now))
    (item,) = build.everything(f"SELECT item_number FROM order_items WHERE order_id = {PART}")
    requests = [
        CancelRequest(part, CancelReason.NO_INVENTORY, lines={item[0]: 1}, accepts_limit=True),
        CancelRequest(granted, CancelReason.BUYER_CANCELLED),
    ]
    build.all_well(cancel_orders(actor, requests, now=now))


@pytest.fixture
def damaged(world: None) -> Iterator[None]:
    """A transaction of the owner in which everything may be broken; it is rolled back."""
    owner = connection.settings_dict["USER"]
    with transaction.atomic():
        scope_transaction(None)
        execute(f'SET LOCAL ROLE "{owner}"')
        execute(_MAKE_ROOM)
        yield
        transaction.set_rollback(True)


def test_sound_orders_break_no_rule(world: None) -> None:
    assert [row[0] for row in build.everything("SELECT DISTINCT status FROM orders ORDER BY 1")] == [
        "Canceled",
        "Pending",
        "Shipped",
        "Unshipped",
    ]
    assert [violation for finding in verify() for violation in finding.violations] == []


@pytest.mark.parametrize(
    ("rule", "damage"), [(rule, damage) for rule, some in DAMAGE.items() for damage in some], ids=str
)
def test_damage_is_noticed(damaged: None, rule: str, damage: str) -> None:
    (asked,) = [one for one in RULES if one.name == rule]
    assert ask(asked).count == 0
    assert execute(damage) > 0
    finding = ask(asked)
    assert finding.count > 0
    first = finding.violations[0]
    assert first.rule == rule
    assert first.invariant == asked.invariant
    assert first.seller.startswith("A")
    assert first.order_number or rule in OF_SELLERS
    assert first.says


def test_every_rule_is_tried() -> None:
    assert set(DAMAGE) == {rule.name for rule in RULES}


REFUNDED = _OF.format("refunded")


@pytest.mark.parametrize(
    "damage",
    [
        f"UPDATE refunds SET total = total + 1 WHERE order_id = {REFUNDED}",
        f"UPDATE charges SET refunded = refunded - 1 WHERE {_ITEM.format(REFUNDED)} AND component = 'tax'",
        f"UPDATE order_items SET refunded = 1 WHERE order_id = {REFUNDED}",
        f"UPDATE orders SET units_shipped = 1 WHERE id = {REFUNDED}",
        f"DELETE FROM journal WHERE kind = 'refund_released' AND order_id = {REFUNDED}",
        f"DELETE FROM journal WHERE kind = 'refund_requested' AND order_id = {REFUNDED}",
    ],
)
def test_what_the_journal_does_not_say_is_noticed(damaged: None, damage: str) -> None:
    assert list(differences()) == []
    assert execute(damage) == 1
    assert {order for _, order, _ in differences()} == {
        one[0] for one in build.everything(f"SELECT {REFUNDED}")
    }


def test_all_are_counted_though_only_some_are_shown(damaged: None) -> None:
    execute(
        "INSERT INTO order_items SELECT (jsonb_populate_record(i, jsonb_build_object('id', i.id + n, 'item_number',"
        " 'x' || n, 'shipped', i.ordered + 1))).* FROM order_items i, generate_series(1000, 1299) n"
        f" WHERE i.order_id = {OPEN}"
    )
    (asked,) = [one for one in RULES if one.name == "item_units"]
    finding = ask(asked)
    assert (finding.count, len(finding.violations)) == (300, SHOWN_MAX)


def test_it_changes_nothing(world: None) -> None:
    """The snapshot is read-only: the database would refuse a write."""
    asking = verify()
    next(asking)
    with pytest.raises(DatabaseError, match="read-only transaction"):
        execute("UPDATE orders SET version = version")
    asking.close()
