"""The worked examples of refunds, returns and claims, each through commands and the database: T12, T13, T14, T16, T17
(rulebook 3.12). The arithmetic behind them has its own tables in tests/domain; who asks through a door is told of in
tests/interfaces.

| | arithmetic | here | at the doors |
|---|---|---|---|
| T12 | domain/test_refunds, test_money | three units one by one | interfaces/api/test_api_refunds |
| T13 | domain/test_refunds, test_money | yen | interfaces/web, api, cli: hostile amounts |
| T14 | domain/test_returns | two of three, and the rest | stories/test_return_roads, portal/test_portal_returns |
| T16 | domain/test_refunds | the last second of the hold | web/test_refund_pages, flows/test_aftersales_letters |
| T17 | domain/test_claims | 47 hours, 90 days and one | portal/test_portal_claims |
"""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests import build
from tests.build import PLACED, all_well, an_actor, everything
from tests.commands.test_claims import ASKED, a_claimable_order, code, file
from tests.flows.aftersales_world import came, delivered, item_of, refunded, settle

from sellerdesk.commands.refunds import RefundChange, request_refunds, undo_refunds
from sellerdesk.commands.return_requests import request_returns
from sellerdesk.commands.returns import Authorize, authorize_returns
from sellerdesk.domain.actors import Party
from sellerdesk.domain.money import parse_amount
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import LineRefund, RefundRequest
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.return_facts import ReturnReason
from sellerdesk.domain.returns import ReturnAsked
from sellerdesk.flows.sweep import sweep
from sellerdesk.queries.verify import verify

pytestmark = pytest.mark.usefixtures("committed")
NOW = PLACED + timedelta(days=8)
DOCK = {"name": "Dock", "line1": "5 Dock Street", "city": "Reno", "country": "US"}
_numbers = random.Random(12)


def nothing_is_wrong() -> None:
    assert [violation for finding in verify() for violation in finding.violations] == []


def one_unit(seller: int, number: str, **said: Any) -> Outcome:
    line = LineRefund(item_of(number), units=1)
    request = RefundRequest(number, RefundReason.GENERAL_ADJUSTMENT, lines=(line,), **said)
    return request_refunds(an_actor(seller), [request], now=NOW)[0]


def test_t12_three_units_of_ten_dollars_one_by_one() -> None:
    seller = build.a_seller()
    item = build.an_item(ordered=3, price=0, tax=0)
    amounts = {"principal": 1000, "tax": 100}
    number = delivered(seller, items=[replace(item, amounts=amounts)])
    totals = [one_unit(seller, number).facts["total"] for _ in range(3)]
    assert totals == [334 + 34, 333 + 33, 333 + 33]
    given = everything("SELECT component, refund_pending, charged FROM charges ORDER BY component")
    assert given == [("principal", 1000, 1000), ("tax", 100, 100)]
    fourth = one_unit(seller, number).refusal
    assert fourth is not None
    nothing_is_wrong()


def test_t13_yen_have_no_decimals() -> None:
    seller = build.a_seller(countries=("JP",))
    item = build.an_item(ordered=1, price=999, tax=99)
    number = build.a_shipped_order(seller, country="JP", items=[item])
    for text in ("0.5", "999.5", "10.5"):
        with pytest.raises(Refusal) as caught:
            parse_amount(text, "JPY", place="amount")
        assert caught.value.code is Code.MONEY_PRECISION
    assert parse_amount("999", "JPY", place="amount") == 999
    outcome = request_refunds(
        an_actor(seller), [RefundRequest(number, RefundReason.GENERAL_ADJUSTMENT)], now=NOW
    )[0]
    assert outcome.facts["total"] == 999 + 99
    assert everything("SELECT currency, total FROM refunds") == [("JPY", 1098)]
    nothing_is_wrong()


def test_t14_two_of_three_and_then_the_rest() -> None:
    seller = build.a_seller()
    settle(seller, "manual")
    number = delivered(seller, items=[build.an_item(ordered=3)])

    def ask(units: int) -> Outcome:
        asked = ReturnAsked(number, ReturnReason.TOO_SMALL, {item_of(number): units})
        return request_returns(an_actor(seller, party=Party.BUYER), [asked], now=NOW, randomness=_numbers)[0]

    rma = str(all_well([ask(2)])[0].facts["rma"])
    all_well(authorize_returns(an_actor(seller), [Authorize(number, rma, address=DOCK)], now=NOW))
    came(seller, number, rma)
    refunded(seller, number, reason=RefundReason.BUYER_RETURN, rma=rma)
    sweep(NOW + timedelta(hours=2))
    assert everything("SELECT ordered, refunded FROM order_items") == [(3, 2)]
    two = ask(2).refusal
    assert two is not None
    assert (two.code, two.facts["left"]) == (Code.RETURN_QUANTITY, 1)
    assert ask(1).accepted
    nothing_is_wrong()


@pytest.mark.parametrize(
    ("after", "expected"),
    [(timedelta(hours=1, minutes=59, seconds=59), None), (timedelta(hours=2), Code.HOLD_OVER)],
)
def test_t16_the_last_second_of_the_hold(after: timedelta, expected: Code | None) -> None:
    seller = build.a_seller()
    number = delivered(seller)
    reference = refunded(seller, number)
    sweep(NOW + after - timedelta(seconds=1))
    change = RefundChange(number, reference)
    outcome = undo_refunds(an_actor(seller), [change], now=NOW + after)[0]
    assert code(outcome) is expected
    sweep(NOW + timedelta(days=1))
    assert everything("SELECT state FROM refunds") == [("CANCELLED" if expected is None else "RELEASED",)]
    nothing_is_wrong()


def _promised(number: str) -> datetime:
    sql = "SELECT latest_delivery_at FROM orders WHERE order_number = %s"
    moment: datetime = everything(sql, [number])[0][0]
    return moment


def test_t17_too_early_and_too_late() -> None:
    seller = build.a_seller()
    number, other = a_claimable_order(seller), a_claimable_order(seller)
    assert code(file(seller, number, at=ASKED + timedelta(hours=47))) is Code.CLAIM_TOO_EARLY
    assert file(seller, number, at=ASKED + timedelta(hours=48)).accepted
    assert code(file(seller, other, at=_promised(other) + timedelta(days=91))) is Code.CLAIM_TOO_LATE
    nothing_is_wrong()
