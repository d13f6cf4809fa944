"""What a step would do, and that doing it does that: previews are the commands' own decisions (design 2.4)."""

from datetime import timedelta
from typing import Any

import pytest
from tests import build
from tests.build import an_actor, everything
from tests.commands.test_returns import NOW, WAREHOUSE, a_delivered_order, asked, automatic

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
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.return_facts import Grade, Payer, ReturnReason, ReturnState
from sellerdesk.domain.return_goods import Inspection
from sellerdesk.domain.return_ways import WayBack
from sellerdesk.domain.returns import ReturnAsked, Verdict
from sellerdesk.queries.return_preview import (
    preview_authorize,
    preview_close,
    preview_grade,
    preview_receive,
    preview_request,
)

pytestmark = pytest.mark.usefixtures("committed")


def code(refusal: Refusal | None) -> Code | None:
    return refusal.code if refusal else None


def versions() -> list[tuple[Any, ...]]:
    return everything("SELECT version FROM orders") + everything("SELECT version FROM return_requests")


def test_every_step_is_told_before_it_is_taken() -> None:
    seller = build.a_seller()
    automatic(seller, "manual")
    number, item = a_delivered_order(seller)
    wish = ReturnAsked(number, ReturnReason.TOO_SMALL, {item: 2})
    told = preview_request(seller, wish, NOW)
    assert told.decision is not None
    assert (told.left, told.decision.state, told.decision.verdict, told.decision.payer) == (
        {item: 2},
        ReturnState.PENDING_AUTHORIZATION,
        Verdict.IN_POLICY,
        Payer.BUYER,
    )
    done = asked(seller, number, item, reason=ReturnReason.TOO_SMALL)
    assert told.decision.window_ends_at == done.facts["window_ends_at"]
    assert preview_request(seller, wish, NOW).left == {item: 0}
    assert code(preview_request(seller, wish, NOW).refusal) is Code.RETURN_QUANTITY
    rma, clerk, before = done.facts["rma"], an_actor(seller), versions()

    assert code(preview_authorize(seller, number, rma, WayBack({}), NOW).refusal) is Code.MISSING_VALUE
    way = preview_authorize(seller, number, rma, WayBack(WAREHOUSE, own_rma="SHOP-1"), NOW)
    assert (way.refusal, way.rma, way.address, way.payer) == (None, "SHOP-1", WAREHOUSE, Payer.BUYER)
    closing = preview_close(seller, number, rma, "out_of_policy", NOW)
    assert (closing.contacted, closing.wrongly_rejected, closing.refusal) == (False, True, None)
    assert code(preview_close(seller, number, rma, "because", NOW).refusal) is Code.INVALID_VALUE
    assert versions() == before  # looking changes nothing
    build.all_well(authorize_returns(clerk, [Authorize(number, rma, address=WAREHOUSE)], now=NOW))

    coming = preview_receive(seller, number, rma, {}, NOW)
    (came,) = receive_returns(clerk, [Receive(number, rma)], now=NOW)
    assert (coming.units, coming.refund_due_at) == (came.facts["units"], came.facts["due_at"])
    assert code(preview_receive(seller, number, rma, {}, NOW).refusal) is Code.INVALID_VALUE
    assert code(preview_close(seller, number, rma, "", NOW).refusal) is Code.RETURN_STATE

    seen = preview_grade(seller, number, rma, Inspection({item: Grade.REPACK}, {}, {item: 1}), NOW)
    assert (seen.state, seen.restocked, seen.unsellable) == (ReturnState.PENDING_REFUND, 1, 1)
    assert (seen.refund, seen.fee_most, seen.currency) == (4318, 1999, "USD")
    (graded,) = grade_returns(
        clerk, [Inspect(number, rma, {item: Grade.REPACK}, sellable={item: 1})], now=NOW
    )
    assert graded.facts["restocked"] == seen.restocked
    again = preview_grade(seller, number, rma, Inspection({item: Grade.DAMAGED}, {}, {}), NOW)
    assert (again.restocked, again.unsellable) == (-1, 1)


def test_what_is_not_there_is_refused() -> None:
    seller, other = build.a_seller(), build.a_seller("Other")
    number, item = a_delivered_order(seller)
    rma = asked(seller, number, item).facts["rma"]
    assert code(preview_close(seller, number, "RMA-NONE", "", NOW).refusal) is Code.RETURN_NOT_FOUND
    assert code(preview_receive(other, number, rma, {}, NOW).refusal) is Code.ORDER_NOT_FOUND
    assert code(preview_authorize(other, number, rma, WayBack({}), NOW).refusal) is Code.ORDER_NOT_FOUND
    assert preview_request(other, ReturnAsked(number, ReturnReason.QUALITY, {item: 1}), NOW).left == {}
    late = NOW + timedelta(days=60)
    assert preview_close(seller, number, rma, "", late).refusal is None
    build.all_well(
        close_returns(an_actor(seller), [Close(number, rma, reason="solved", comment="It works.")], now=NOW)
    )
    assert code(preview_close(seller, number, rma, "", NOW).refusal) is Code.RETURN_STATE
