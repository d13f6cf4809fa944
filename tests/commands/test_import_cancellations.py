"""What other platforms' documents say of cancelling becomes rows once, and is never said back differently."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.build import PLACED, a_document, a_seller, all_well, an_actor, an_item, change, everything, ship

from sellerdesk.commands import imports
from sellerdesk.commands.cancel_requests import note_requests
from sellerdesk.commands.cancellations import cancel_orders
from sellerdesk.domain.cancel_requests import MoveRequest
from sellerdesk.domain.cancellations import CancelReason, CancelRequest
from sellerdesk.domain.orders import (
    Buyer,
    Channel,
    Component,
    ItemDocument,
    OrderDocument,
    PackageDocument,
    Status,
)
from sellerdesk.queries.verify import verify

pytestmark = pytest.mark.usefixtures("committed")
NOW = PLACED + timedelta(hours=6)
LATER = NOW + timedelta(hours=1)
ITEM = replace(an_item(ordered=2, price=1000, tax=0), item_number="11111111111111")
GONE = replace(ITEM, cancelled=2)
WISHED = replace(ITEM, cancel_requested=True, cancel_words="Found cheaper somewhere else.")


def document(*items: ItemDocument, status: Status = Status.UNSHIPPED, **said: Any) -> OrderDocument:
    defaults: dict[str, Any] = {
        "updated_at": PLACED + timedelta(hours=1),
        "latest_ship_at": PLACED + timedelta(days=2),
        "source": "v0",
    }
    return a_document(items=items or (ITEM,), status=status, **(defaults | said))


def take(seller: int, *documents: OrderDocument, now: datetime = NOW) -> list[str]:
    return [one.state for one in all_well(imports.import_orders(an_actor(seller), documents, now=now))]


def records() -> list[tuple[Any, ...]]:
    return everything("SELECT by, why, counts, leaves, units, elsewhere FROM cancellations ORDER BY id")


def head() -> tuple[Any, ...]:
    return everything("SELECT status, counts_in_cr, cancelled_by, cancel_request FROM orders")[0]


def wishes() -> list[tuple[Any, ...]]:
    return everything("SELECT state, kind, words, item_numbers FROM cancellation_requests ORDER BY id")


def journal() -> list[str]:
    return [row[0] for row in everything("SELECT kind FROM journal ORDER BY id")]


def sound() -> bool:
    return [violation for finding in verify() for violation in finding.violations] == []


@pytest.mark.parametrize(
    ("marks", "channel", "expected"),
    [
        ({}, "MFN", ("", "unknown", False, False)),
        ({"cancelled_by": "MERCHANT"}, "MFN", ("MERCHANT", "seller_reason", True, False)),
        ({"cancelled_by": "BUYER"}, "MFN", ("BUYER", "buyer_alone", False, True)),
        ({"cancelled_by": "AMAZON"}, "MFN", ("AMAZON", "marketplace", False, False)),
        ({"cancel_requested": True}, "MFN", ("", "formal_request", False, True)),
        (
            {"cancel_requested": True, "cancelled_by": "MERCHANT"},
            "MFN",
            ("MERCHANT", "formal_request", False, True),
        ),
        ({"cancelled_by": "MERCHANT"}, "AFN", ("MERCHANT", "warehouse", False, False)),
    ],
)
def test_a_cancelled_order_gets_its_record(
    marks: dict[str, Any], channel: str, expected: tuple[Any, ...]
) -> None:
    seller = a_seller()
    one = document(replace(GONE, **marks), status=Status.CANCELED, channel=Channel(channel))
    assert take(seller, one) == ["imported"]
    assert records() == [(*expected, 2, True)]
    assert head() == ("Canceled", expected[2], expected[0], "")
    assert wishes() == []
    assert take(seller, one) == ["unchanged"]
    assert take(seller, replace(one, updated_at=NOW, ship_service="Std")) == ["updated"]
    assert len(records()) == 1
    assert journal().count("cancelled_elsewhere") == 1
    assert sound()


def test_lines_of_nought_units_make_one_record_too() -> None:
    """So does Amazon publish cancelled orders in v0."""
    seller = a_seller()
    one = document(replace(ITEM, ordered=0, amounts={}), status=Status.CANCELED)
    take(seller, one)
    take(seller, replace(one, updated_at=NOW))
    assert records() == [("", "unknown", False, False, 0, True)]
    assert sound()


def test_an_order_without_lines_waits_for_them() -> None:
    """A bare list says that it was cancelled; who did it, the lines will say."""
    seller = a_seller()
    bare = replace(document(status=Status.CANCELED), items=None)
    take(seller, bare)
    assert records() == []
    take(seller, replace(bare, items=(replace(GONE, cancelled_by="BUYER"),)))
    assert records() == [("BUYER", "buyer_alone", False, True, 2, True)]
    assert sound()


def test_units_cancelled_in_two_steps_are_told_step_by_step() -> None:
    seller = a_seller()
    two = (ITEM, replace(ITEM, item_number="22222222222222"))
    first = document(*two)
    take(seller, first)
    gone = replace(GONE, cancelled_by="MERCHANT")
    take(seller, replace(first, items=(gone, two[1]), updated_at=NOW))
    rest = replace(two[1], cancelled=2, cancelled_by="BUYER")
    take(seller, replace(first, items=(gone, rest), status=Status.CANCELED, updated_at=LATER), now=LATER)
    assert records() == [
        ("MERCHANT", "seller_reason", True, False, 2, True),
        ("BUYER", "buyer_alone", False, False, 2, True),  # the order is counted: it does not leave
    ]
    assert head()[:2] == ("Canceled", True)
    assert sound()


def test_what_was_cancelled_here_stays_ours() -> None:
    seller = a_seller()
    one = document()
    take(seller, one)
    request = CancelRequest(one.order_number, CancelReason.NO_INVENTORY, accepts_limit=True)
    all_well(cancel_orders(an_actor(seller), [request], now=NOW))
    take(seller, replace(one, items=(GONE,), status=Status.CANCELED, updated_at=LATER), now=LATER)
    assert records() == [("MERCHANT", "seller_reason", True, False, 2, False)]
    assert head() == ("Canceled", True, "MERCHANT", "")
    assert everything("SELECT cancelled_at, cancel_reason FROM orders") == [(NOW, "no_inventory")]
    assert sound()


def test_a_request_filed_elsewhere_is_a_request_here() -> None:
    seller = a_seller()
    one = document(WISHED)
    take(seller, one)
    assert wishes() == [("requested_formal", "formal", "Found cheaper somewhere else.", '["11111111111111"]')]
    assert head() == ("Unshipped", None, "", "requested_formal")
    assert everything(
        "SELECT o.cancel_requested_at, i.cancel_requested_at, o.updated_at, o.version"
        " FROM orders o JOIN order_items i ON i.order_id = o.id"
    ) == [(one.updated_at, one.updated_at, one.updated_at, 1)]
    assert everything("SELECT due_at, state FROM deadlines WHERE kind = 'cancel_answer'") == [
        (PLACED + timedelta(hours=25), "open")
    ]
    assert "cancellation_requested" in journal()
    assert "cheaper" not in str(everything("SELECT facts FROM journal"))

    assert take(seller, one, replace(one, place="again")) == ["unchanged", "unchanged"]
    take(seller, replace(one, updated_at=NOW, ship_service="Std"))
    assert len(wishes()) == 1
    assert journal().count("cancellation_requested") == 1
    assert sound()


def test_a_request_answered_here_does_not_come_back_with_the_next_document() -> None:
    seller = a_seller()
    one = document(WISHED)
    take(seller, one)
    change(
        "UPDATE cancellation_requests SET state = 'declined', closed_at = %s, closed_because = 'label'", [NOW]
    )
    change("UPDATE orders SET cancel_request = ''")
    take(seller, replace(one, updated_at=NOW, ship_service="Std"))
    assert [row[0] for row in wishes()] == ["declined"]
    assert head()[3] == ""


def test_a_noted_wish_becomes_the_filed_one() -> None:
    seller = a_seller()
    one = document()
    take(seller, one)
    all_well(note_requests(an_actor(seller), [MoveRequest(one.order_number)], now=NOW))
    take(seller, replace(one, items=(WISHED,), updated_at=LATER), now=LATER)
    assert [row[:2] for row in wishes()] == [("requested_formal", "formal")]
    assert sound()


def test_a_document_that_says_cancelled_closes_the_request() -> None:
    seller = a_seller()
    one = document(WISHED)
    take(seller, one)
    gone = replace(WISHED, cancelled=2)
    take(seller, replace(one, items=(gone,), status=Status.CANCELED, updated_at=LATER), now=LATER)
    assert [row[0] for row in wishes()] == ["accepted"]
    assert records() == [("", "formal_request", False, True, 2, True)]
    assert head() == ("Canceled", False, "", "")
    assert everything("SELECT DISTINCT state FROM deadlines") == [("void",)]
    assert sound()


def test_a_document_that_says_shipped_supersedes_the_request() -> None:
    seller = a_seller()
    one = document(WISHED)
    take(seller, one)
    sent = replace(WISHED, shipped=2)
    take(seller, replace(one, items=(sent,), status=Status.SHIPPED, updated_at=LATER), now=LATER)
    assert [row[0] for row in wishes()] == ["superseded"]
    assert records() == []
    assert head() == ("Shipped", None, "", "")
    assert "cancellation_superseded" in journal()
    assert sound()


def test_a_flag_on_a_shipped_order_is_history() -> None:
    seller = a_seller()
    take(seller, document(replace(WISHED, shipped=2), status=Status.SHIPPED))
    assert wishes() == []
    assert head() == ("Shipped", None, "", "")


def test_a_request_from_elsewhere_keeps_the_cancellation_out_of_the_rate() -> None:
    seller = a_seller()
    one = document(WISHED)
    take(seller, one)
    request = CancelRequest(one.order_number, CancelReason.BUYER_CANCELLED, expects_counting=False)
    all_well(cancel_orders(an_actor(seller), [request], now=NOW))
    assert records() == [("MERCHANT", "formal_request", False, True, 2, False)]
    assert [row[0] for row in wishes()] == ["accepted"]
    assert sound()


def test_shipping_here_answers_a_request_from_elsewhere() -> None:
    seller = a_seller()
    one = document(WISHED)
    take(seller, one)
    ship(seller, one.order_number, at=LATER)
    assert [row[0] for row in wishes()] == ["superseded"]
    assert sound()


def test_digests_are_what_they_were() -> None:
    """Made by the version before these fields: a file that was imported then is no news now."""
    at = datetime(2026, 3, 2, 18, tzinfo=UTC)
    amounts = {Component.TAX: 160, Component.PRINCIPAL: 2000}
    item = ItemDocument("1", "SKU", "Lantern", 2, shipped=1, amounts=amounts)
    item = replace(item, published={"v0": {"b": 1, "a": [2]}}, cancel_requested=True, cancelled_by="BUYER")
    package = PackageDocument("1", "UPS", "1Z", {"1": 1}, transparency_codes={"1": ("x",)})
    one = OrderDocument(
        "111-1111111-1111111", "ATVPDKIKX0DER", at, "USD", (item,), status=Status.PARTIALLY_SHIPPED,
        updated_at=at, buyer=Buyer("Ada"), source="v0", place="order 1", packages=(package,),
    )  # fmt: skip
    whole, bare = imports._digest(one), imports._digest(replace(one, items=None))
    assert whole == "efe36891b1fa45d8ee6f1c73049abcf33429c76c828289812b062f3cd49ee497"
    assert bare == "d78a371ba9c15e522c2fb4acb1a699c1b39d240f3db7cc986cb39adadc436d6f"
