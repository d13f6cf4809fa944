"""Returns through the commands: the guides' road, and the other ways a request ends (S2-36 to S2-45; rulebook 3.4)."""

import random
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from tests import build
from tests.build import PLACED, an_actor, change, everything

from sellerdesk.commands.refunds import RefundChange, request_refunds, undo_refunds
from sellerdesk.commands.return_requests import request_returns
from sellerdesk.commands.return_scans import report_return_scans
from sellerdesk.commands.returns import (
    Authorize,
    Close,
    Inspect,
    Receive,
    authorize_returns,
    close_returns,
    grade_returns,
    receive_returns,
)
from sellerdesk.domain.actors import Party
from sellerdesk.domain.attachments import Attachment, sniff
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.photos import Photo
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import LineRefund, RefundRequest
from sellerdesk.domain.refusals import Code
from sellerdesk.domain.return_facts import Grade, ReturnKind, ReturnReason
from sellerdesk.domain.return_scans import ReturnScan
from sellerdesk.domain.return_ways import Label
from sellerdesk.domain.returns import ReturnAsked
from sellerdesk.flows.photos import clean_photos
from sellerdesk.flows.sweep import sweep
from sellerdesk.models.sql import run
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.return_photos import photo, photos_of
from sellerdesk.queries.verify import verify

pytestmark = pytest.mark.usefixtures("committed")
NOW = PLACED + timedelta(days=8)
HOLD = timedelta(hours=2)
WAREHOUSE = {"name": "Lantern & Loom", "line1": "5 Dock Street", "city": "Reno", "country": "US"}
_numbers = random.Random(4)


def a_delivered_order(seller: int, **said: Any) -> tuple[str, str]:
    """Its number, and the number of its only item."""
    number = build.a_shipped_order(seller, **said)
    change("UPDATE packages SET status = 'DELIVERED', delivered_at = %s", [PLACED + timedelta(days=5)])
    ((item,),) = everything(
        "SELECT i.item_number FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.order_number = %s",
        [number],
    )
    return number, item


def asked(seller: int, number: str, item: str, units: int = 2, **said: Any) -> Outcome:
    at = said.pop("at", NOW)
    request = ReturnAsked(number, said.pop("reason", ReturnReason.NOT_NEEDED), {item: units}, **said)
    buyer = an_actor(seller, party=Party.BUYER)
    return request_returns(buyer, [request], now=at, randomness=_numbers)[0]


def automatic(seller: int, word: str) -> None:
    with scoped(seller):
        run(
            "INSERT INTO return_settings (seller_id, marketplace_id, automatic, address, instructions)"
            " VALUES (%s, 'ATVPDKIKX0DER', %s, '{}', '')",
            [seller, word],
        )


def states() -> list[str]:
    return [row[0] for row in everything("SELECT state FROM return_requests ORDER BY id")]


def open_deadlines() -> list[str]:
    found = everything("SELECT kind FROM deadlines WHERE state = 'open' AND subject > 0 ORDER BY due_at")
    return [row[0] for row in found]


def nothing_is_wrong() -> None:
    assert [violation for finding in verify() for violation in finding.violations] == []


def code(outcome: Outcome) -> Code | None:
    return outcome.refusal.code if outcome.refusal else None


def test_the_guides_road() -> None:
    seller = build.a_seller()
    automatic(seller, "manual")
    number, item = a_delivered_order(seller)
    outcome = asked(seller, number, item, comment="Too dark for my room.")
    rma = outcome.facts["rma"]
    assert (outcome.state, outcome.facts["verdict"], outcome.facts["payer"]) == (
        "requested",
        "in_policy",
        "buyer",
    )
    assert open_deadlines() == ["return_answer", "return_idle"]
    nothing_is_wrong()

    clerk = an_actor(seller)
    (no,) = authorize_returns(clerk, [Authorize(number, rma)], now=NOW)
    assert code(no) is Code.MISSING_VALUE
    step = Authorize(number, rma, address=WAREHOUSE, label=Label.UPLOADED, tracking="1Z 5")
    build.all_well(authorize_returns(clerk, [step], now=NOW))
    assert open_deadlines() == ["return_idle"]
    (again,) = authorize_returns(clerk, [step], now=NOW)
    assert code(again) is Code.RETURN_STATE
    carrier = an_actor(seller, party=Party.CARRIER)
    build.all_well(report_return_scans(carrier, [ReturnScan(number, rma, "IN_TRANSIT", NOW)], now=NOW))

    came = NOW + timedelta(days=4)
    build.all_well(receive_returns(clerk, [Receive(number, rma)], now=came))
    assert open_deadlines() == ["return_refund"]
    (graded,) = grade_returns(clerk, [Inspect(number, rma, grades={item: Grade.REPACK})], now=came)
    assert (graded.state, graded.facts["restocked"]) == ("pending_refund", 2)
    assert everything("SELECT units, kind FROM stock_movements") == [(2, "returned")]

    fee = RefundRequest(number, RefundReason.BUYER_RETURN, Mode.ON_RECEIPT, rma=rma, fee=500)
    (refund,) = request_refunds(clerk, [fee], now=came)
    assert (refund.facts["total"], refund.facts["completes"]) == (4318 - 500, rma)
    assert states() == ["PENDING_REFUND"]
    sweep(came + HOLD)
    assert states() == ["COMPLETED"]
    assert open_deadlines() == []
    assert everything("SELECT amount, deduction FROM refund_lines WHERE deduction > 0") == [(3498, 500)]
    kinds = everything("SELECT kind FROM journal WHERE kind LIKE 're%%' ORDER BY id")
    assert {kind for (kind,) in kinds} == {
        "return_requested", "return_authorized", "return_departed", "return_received", "return_graded",
        "refund_requested", "refund_released", "return_completed",
    }  # fmt: skip
    assert len(kinds) == 8
    nothing_is_wrong()


def test_in_policy_is_authorised_by_itself_and_late_is_not() -> None:
    seller = build.a_seller()
    number, item = a_delivered_order(seller)
    assert asked(seller, number, item, 1).state == "authorized"
    late = asked(seller, number, item, 1, at=PLACED + timedelta(days=40))
    assert (late.state, late.facts["verdict"]) == ("requested", "window_over")
    nothing_is_wrong()


def test_quantities_over_several_requests() -> None:  # T14
    seller = build.a_seller()
    number, item = a_delivered_order(seller, items=[build.an_item(ordered=3)])
    first = asked(seller, number, item, 2).facts["rma"]
    clerk = an_actor(seller)
    request = RefundRequest(
        number, RefundReason.BUYER_RETURN, Mode.ADVANCE, rma=first, override="known buyer"
    )
    build.all_well(request_refunds(clerk, [request], now=NOW))
    sweep(NOW + HOLD)
    assert states() == ["COMPLETED"]
    assert code(asked(seller, number, item, 2)) is Code.RETURN_QUANTITY
    second = asked(seller, number, item, 1)
    assert second.accepted
    build.all_well(
        close_returns(an_actor(seller, party=Party.BUYER), [Close(number, second.facts["rma"])], now=NOW)
    )
    assert states() == ["COMPLETED", "CLOSED_BY_BUYER"]
    assert asked(seller, number, item, 1).accepted
    nothing_is_wrong()


def test_partial_then_the_rest_completes_it() -> None:
    seller = build.a_seller()
    number, item = a_delivered_order(seller)
    rma = asked(seller, number, item).facts["rma"]
    clerk = an_actor(seller)
    build.all_well(receive_returns(clerk, [Receive(number, rma)], now=NOW))

    def one(at: datetime) -> str:
        lines = (LineRefund(item, units=1),)
        request = RefundRequest(number, RefundReason.BUYER_RETURN, Mode.ON_RECEIPT, lines, rma=rma)
        return str(build.all_well(request_refunds(clerk, [request], now=at))[0].facts["reference"])

    one(NOW)
    undone = one(NOW)
    build.all_well(undo_refunds(clerk, [RefundChange(number, undone)], now=NOW))
    sweep(NOW + HOLD)
    assert states() == ["RECEIVED"]
    assert everything("SELECT partial_at FROM return_requests") == [(NOW + HOLD,)]
    one(NOW + HOLD)
    sweep(NOW + 2 * HOLD)
    assert states() == ["COMPLETED"]
    nothing_is_wrong()


def test_what_a_rule_leaves_with_the_buyer_is_refunded_at_once() -> None:
    seller = build.a_seller()
    with scoped(seller):
        run(
            "INSERT INTO return_rules (seller_id, effect, marketplace_id, sku, category, reason, price_to, currency,"
            " active_from) VALUES (%s, 'returnless', '', '', '', '', 2500, 'USD', %s)",
            [seller, PLACED - timedelta(days=1)],
        )
    number, item = a_delivered_order(seller)
    assert asked(seller, number, item).state == "refunded"
    assert states() == ["COMPLETED"]
    assert everything("SELECT state, mode, total FROM refunds") == [("RELEASED", "returnless", 4318)]
    nothing_is_wrong()


def test_closing_frees_the_units_and_says_why() -> None:
    seller = build.a_seller()
    automatic(seller, "manual")
    number, item = a_delivered_order(seller)
    rma = asked(seller, number, item).facts["rma"]
    clerk = an_actor(seller)
    (no,) = close_returns(clerk, [Close(number, rma, reason="other")], now=NOW)
    assert code(no) is Code.MISSING_VALUE
    (closed,) = close_returns(clerk, [Close(number, rma, reason="out_of_policy", comment="Sorry.")], now=NOW)
    assert closed.state == "closed_by_seller"
    assert closed.facts["contacted"] is False
    assert closed.facts["wrongly_rejected"] is True
    assert everything("SELECT in_return FROM order_items") == [(0,)]
    assert open_deadlines() == []
    nothing_is_wrong()


def test_the_clock_of_a_return() -> None:
    seller = build.a_seller()
    automatic(seller, "manual")
    number, item = a_delivered_order(seller)
    asked(seller, number, item)
    day = timedelta(hours=24)
    assert sweep(NOW + day - timedelta(seconds=1)).fired == {}
    assert sweep(NOW + day).fired == {"return_answer": 1}
    assert states() == ["PENDING_AUTHORIZATION"]
    assert sweep(NOW + timedelta(days=60)).fired == {"return_idle": 1}
    assert states() == ["CLOSED_AUTO"]
    nothing_is_wrong()


def policy(key: str, value: str) -> None:
    """A row of the marketplace's own, from the first day on, in the place of the one that ships with the product."""
    change(
        "INSERT INTO policies (marketplace_id, key, value, valid_from, source, edited_by) VALUES"
        " ('ATVPDKIKX0DER', %s, %s::jsonb, '2026-01-01', 'test', 'test')",
        [key, value],
    )


def test_a_refund_that_is_overdue_after_receipt_is_made_by_the_marketplace() -> None:  # C8
    seller = build.a_seller()
    number, item = a_delivered_order(seller)
    rma = asked(seller, number, item, kind=ReturnKind.REFUSED).facts["rma"]
    (came,) = receive_returns(an_actor(seller), [Receive(number, rma, {item: 1})], now=NOW)
    due = came.facts["due_at"]
    assert sweep(due - timedelta(seconds=1)).fired == {}
    assert sweep(due + timedelta(hours=48)).late == 1
    assert sweep(due + timedelta(hours=49)).fired == {}
    assert everything(
        "SELECT facts ->> 'late', facts ->> 'by', facts ->> 'refunded' FROM journal"
        " WHERE kind = 'return_refund_overdue'"
    ) == [("true", "marketplace", "2159")]
    assert everything("SELECT state, party, mode, total FROM refunds") == [
        ("RELEASED", "AMAZON", "on_receipt", 2159),
    ]
    assert states() == ["RECEIVED"]  # one unit has not come yet
    nothing_is_wrong()


def test_an_overdue_refund_that_nobody_else_makes_is_only_told() -> None:
    seller = build.a_seller()
    policy("refund_overdue_by", '"nobody"')
    number, item = a_delivered_order(seller)
    rma = asked(seller, number, item).facts["rma"]
    (came,) = receive_returns(an_actor(seller), [Receive(number, rma)], now=NOW)
    assert sweep(came.facts["due_at"]).fired == {"return_refund": 1}
    assert everything("SELECT 1 FROM refunds") == []
    assert states() == ["RECEIVED"]
    nothing_is_wrong()


def test_a_refund_that_is_held_is_not_overdue() -> None:
    seller = build.a_seller()
    number, item = a_delivered_order(seller)
    rma = asked(seller, number, item).facts["rma"]
    clerk = an_actor(seller)
    (came,) = receive_returns(clerk, [Receive(number, rma)], now=NOW)
    due = came.facts["due_at"]
    just = due - timedelta(minutes=1)
    request = RefundRequest(number, RefundReason.BUYER_RETURN, Mode.ON_RECEIPT, rma=rma)
    build.all_well(request_refunds(clerk, [request], now=just))
    report = sweep(due)
    assert (report.fired, report.void) == ({}, 1)
    assert sweep(just + HOLD).fired == {"refund_release": 1}
    assert everything("SELECT count(*) FROM refunds") == [(1,)]
    assert states() == ["COMPLETED"]
    nothing_is_wrong()


def a_photo(name: str = "side.png") -> Attachment:
    out = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    return Attachment(name, "image/png", out.getvalue())


def test_photos_of_the_buyer_and_of_the_warehouse() -> None:
    seller, other = build.a_seller(), build.a_seller("Other")
    number, item = a_delivered_order(seller)
    rma = asked(seller, number, item, photos=clean_photos([a_photo(), a_photo("two.png")])).facts["rma"]
    clerk = an_actor(seller)
    build.all_well(receive_returns(clerk, [Receive(number, rma)], now=NOW))
    inspect = Inspect(number, rma, grades={item: Grade.DAMAGED}, photos=clean_photos([a_photo("dent.png")]))
    build.all_well(grade_returns(clerk, [inspect], now=NOW))
    found = photos_of(seller, rma)
    assert [(one.by, one.name) for one in found] == [
        ("buyer", "side.jpg"), ("buyer", "two.jpg"), ("warehouse", "dent.jpg"),
    ]  # fmt: skip
    kept = photo(seller, rma, found[0].id)
    assert kept is not None
    assert (kept.kind, kept.order_number, sniff(kept.content)) == ("image/jpeg", number, "image/jpeg")
    assert (photos_of(other, rma), photo(other, rma, found[0].id)) == ((), None)
    assert photo(seller, "RMA-OTHER", found[0].id) is None
    # What is personal can be erased, and nothing else misses it.
    with scoped(seller):
        run("DELETE FROM return_photos WHERE seller_id = %s", [seller])
        run("DELETE FROM stored_files WHERE seller_id = %s", [seller])
    assert photos_of(seller, rma) == ()
    nothing_is_wrong()


def test_a_photo_that_was_not_drawn_anew_is_refused() -> None:
    seller = build.a_seller()
    number, item = a_delivered_order(seller)
    page = Photo("page.jpg", b"<html><script>alert(1)</script>", 10, 10)
    assert code(asked(seller, number, item, photos=(page,))) is Code.PHOTO_REFUSED
    assert everything("SELECT 1 FROM stored_files") == []
