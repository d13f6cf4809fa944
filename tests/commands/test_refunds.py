"""Refunds through the command: set aside, held, called back, released, approved; exactly once (P1, P3; T12, T16)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests import build
from tests.build import PLACED, an_actor, an_item, everything

from sellerdesk.commands.refunds import RefundChange, approve_refunds, request_refunds, undo_refunds
from sellerdesk.domain.actors import PERMISSIONS, Party, Role
from sellerdesk.domain.idempotency import Once, digest_of
from sellerdesk.domain.orders import Component, ItemDocument
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import LineRefund, RefundRequest
from sellerdesk.domain.refusals import Code
from sellerdesk.flows.sweep import sweep
from sellerdesk.queries.refund_preview import preview_refunds
from sellerdesk.queries.verify import verify

pytestmark = pytest.mark.usefixtures("committed")
NOW = PLACED + timedelta(days=3)
HOLD = timedelta(hours=2)


def ask(number: str, **said: Any) -> RefundRequest:
    return RefundRequest(number, said.pop("reason", RefundReason.GENERAL_ADJUSTMENT), **said)


def one(seller: int, number: str, *, at: datetime = NOW, **said: Any) -> Outcome:
    return request_refunds(an_actor(seller), [ask(number, **said)], now=at)[0]


def money() -> list[tuple[str, int, int, int]]:
    return everything("SELECT component, charged, refunded, refund_pending FROM charges ORDER BY component")


def states() -> list[str]:
    return [row[0] for row in everything("SELECT state FROM refunds ORDER BY id")]


def nothing_is_wrong() -> None:
    assert [violation for finding in verify() for violation in finding.violations] == []


def test_a_refund_is_held_then_goes_with_its_ledger() -> None:
    seller = build.a_seller()
    number = build.a_shipped_order(seller)  # 2 × 19.99 and 1.60 tax each
    outcome = one(seller, number, return_shipping=500)
    assert (outcome.state, outcome.facts["total"], outcome.facts["left"]) == ("pending", 4318 + 500, 0)
    assert money() == [("principal", 3998, 0, 3998), ("tax", 320, 0, 320)]
    nothing_is_wrong()
    assert sweep(NOW + HOLD - timedelta(seconds=1)).fired == {}
    report = sweep(NOW + HOLD)
    assert (report.fired, report.late) == ({"refund_release": 1}, 0)
    assert money() == [("principal", 3998, 3998, 0), ("tax", 320, 320, 0)]
    assert states() == ["RELEASED"]
    entries = everything(
        "SELECT account, component, sum(amount)::int FROM ledger_entries GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert entries == [
        ("buyer", "principal", 0), ("buyer", "return_shipping", -500), ("buyer", "tax", 0),
        ("concession", "return_shipping", 500), ("seller", "principal", 0), ("seller", "tax", 0),
    ]  # fmt: skip
    ((token,),) = everything("SELECT public_id FROM sellers")  # order numbers of two sellers may be the same
    assert everything("SELECT amount, state, key FROM payment_transfers") == [
        (4818, "queued", f"refund-{token}-{number}-R1")
    ]
    nothing_is_wrong()
    assert sweep(NOW + HOLD).done == 0


def test_it_can_be_called_back_until_the_hold_ends() -> None:  # T16
    seller = build.a_seller()
    number = build.a_shipped_order(seller)
    first = one(seller, number, goodwill=100).facts["reference"]
    second = one(seller, number, only_concessions=True, goodwill=200).facts["reference"]
    late = NOW + HOLD
    early = late - timedelta(seconds=1)
    done = undo_refunds(an_actor(seller), [RefundChange(number, first)], now=early)[0]
    assert done.state == "cancelled"
    refusal = undo_refunds(an_actor(seller), [RefundChange(number, second)], now=late)[0].refusal
    assert refusal is not None
    assert refusal.code is Code.HOLD_OVER
    assert money() == [("principal", 3998, 0, 0), ("tax", 320, 0, 0)]
    assert everything("SELECT refunded FROM order_items") == [(0,)]
    assert sweep(late).fired == {"refund_release": 1}
    assert states() == ["CANCELLED", "RELEASED"]
    assert one(seller, number, at=late).facts["total"] == 4318
    nothing_is_wrong()


def test_of_64_refunds_of_60_out_of_100_one_is_accepted(run_parallel: Callable[..., list[Any]]) -> None:  # P3
    seller = build.a_seller()
    number = build.a_shipped_order(seller, items=[an_item(ordered=1, price=10_000, tax=0)])

    def work(_: int) -> Outcome:
        return one(seller, number, amount=6_000)

    outcomes: list[Outcome] = []
    for _ in range(4):
        outcomes += run_parallel(16, work)
    accepted = [outcome for outcome in outcomes if outcome.accepted]
    assert len(accepted) == 1
    refusals = [outcome.refusal for outcome in outcomes if outcome.refusal is not None]
    assert {refusal.code for refusal in refusals} == {Code.REFUND_EXCEEDED}
    assert {(refusal.facts["left"], refusal.facts["asked"]) for refusal in refusals} == {("40.00", "60.00")}
    assert money() == [("principal", 10_000, 0, 6_000)]
    nothing_is_wrong()


def test_the_same_key_gives_the_same_answer() -> None:  # P1
    seller = build.a_seller()
    number = build.a_shipped_order(seller)

    def call(amount: int) -> Outcome:
        once = Once("Test", "refund", "key-1", digest_of(amount), NOW)
        return request_refunds(an_actor(seller), [ask(number, amount=amount)], now=NOW, once=once)[0]

    assert call(100) == call(100)
    other = call(200).refusal
    assert other is not None
    assert other.code is Code.KEY_REUSED
    assert len(states()) == 1


def test_above_the_limit_somebody_else_agrees() -> None:
    seller = build.a_seller()
    number = build.a_shipped_order(seller, items=[an_item(ordered=1, price=60_000, tax=0)])
    author = replace(an_actor(seller), who="user:7")
    (outcome,) = request_refunds(author, [ask(number)], now=NOW)
    assert outcome.state == "drafted"
    change = [RefundChange(number, outcome.facts["reference"])]
    renamed = replace(author, name="Somebody else")  # people can change their names
    own = approve_refunds(renamed, change, now=NOW)[0].refusal
    assert own is not None
    assert own.code is Code.APPROVAL_NEEDED
    clerk = replace(an_actor(seller, name="Clerk"), permissions=PERMISSIONS[Role.SUPPORT])
    assert approve_refunds(clerk, change, now=NOW)[0].refusal.code is Code.FORBIDDEN  # type: ignore[union-attr]
    later = NOW + timedelta(hours=5)
    assert sweep(later).fired == {}
    agreed = approve_refunds(an_actor(seller, name="Finance"), change, now=later)[0]
    assert (agreed.state, agreed.facts["release_at"]) == ("pending", later + HOLD)
    assert sweep(later + HOLD).fired == {"refund_release": 1}
    assert everything("SELECT author, approved_by, state FROM refunds") == [("Test", "Finance", "RELEASED")]
    nothing_is_wrong()


def test_the_marketplaces_own_goes_at_once() -> None:
    seller = build.a_seller()
    number = build.a_shipped_order(seller)
    actor = an_actor(seller, party=Party.AMAZON)
    (outcome,) = request_refunds(actor, [ask(number)], now=NOW)
    assert outcome.state == "released"
    assert money() == [("principal", 3998, 3998, 0), ("tax", 320, 320, 0)]
    kinds = everything("SELECT kind FROM journal WHERE kind LIKE 'refund%%' ORDER BY id")
    assert kinds == [("refund_requested",), ("refund_released",)]
    nothing_is_wrong()


def test_a_batch_builds_on_itself_and_the_preview_says_the_same() -> None:
    seller = build.a_seller()
    items = [an_item(ordered=3, price=1000, tax=100), with_discount()]
    number = build.a_shipped_order(seller, items=items)
    (lines,) = everything("SELECT array_agg(item_number ORDER BY sku) FROM order_items")
    first, second = lines[0]
    asked = [
        ask(number, lines=(LineRefund(first, units=1),)),
        ask(number, lines=(LineRefund(first, units=3),)),
        ask(number, lines=(LineRefund(first, units=2), LineRefund(second, amounts={"product": 450}))),
        ask("000-0000000-0000000"),
        ask(number, mode=Mode.ADVANCE, reason=RefundReason.BUYER_RETURN),
        ask(number),
        ask(number),
    ]
    previews = preview_refunds(seller, asked, NOW)
    outcomes = request_refunds(an_actor(seller), asked, now=NOW)
    codes = [outcome.refusal and outcome.refusal.code for outcome in outcomes]
    assert codes == [
        None, Code.QUANTITY_EXCEEDED, None, Code.ORDER_NOT_FOUND, Code.OVERRIDE_NEEDED, None, Code.NOTHING_TO_REFUND,
    ]  # fmt: skip
    assert [preview.refusal and preview.refusal.code for preview in previews] == codes
    assert totals(outcomes) == [1100, 2200 + 450, 450]
    assert [p.decision.total for p in previews if p.decision and not p.refusal] == totals(outcomes)
    assert everything("SELECT refunded FROM order_items ORDER BY sku") == [(3,), (1,)]
    assert sweep(NOW + HOLD).fired == {"refund_release": 3}
    assert all(pending == 0 and charged == refunded for _, charged, refunded, pending in money())
    nothing_is_wrong()


def totals(outcomes: Sequence[Outcome]) -> list[int]:
    return [outcome.facts["total"] for outcome in outcomes if outcome.accepted]


def with_discount() -> ItemDocument:
    return ItemDocument(
        "", "SKU-2", "Lamp", 1, amounts={Component.PRINCIPAL: 1000, Component.PROMOTION_DISCOUNT: -100}
    )


def test_a_held_refund_survives_the_shipment_of_the_rest() -> None:
    seller = build.a_seller()
    document = build.with_quantities(build.a_document(), 2)
    (number,) = build.paid_orders(seller, [document])
    ((item,),) = everything("SELECT item_number FROM order_items")
    build.ship(seller, number, at=PLACED + timedelta(days=1), lines={item: 1})
    assert one(seller, number, at=PLACED + timedelta(days=1)).facts["total"] == 1999 + 160
    build.ship(seller, number, at=PLACED + timedelta(days=1, hours=1))
    assert sweep(PLACED + timedelta(days=1, hours=2)).fired["refund_release"] == 1
    nothing_is_wrong()


def test_what_was_not_shipped_was_not_charged() -> None:  # C27
    seller = build.a_seller()
    refusal = one(seller, build.a_paid_order(seller)).refusal
    assert refusal is not None
    assert refusal.code is Code.NOT_SHIPPED
