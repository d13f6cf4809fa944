"""The preview of a cancellation is its performance (design 2.4)."""

from datetime import timedelta

import pytest
from tests.build import PLACED, a_document, a_seller, an_actor, paid_orders

from sellerdesk.commands.cancellations import cancel_orders
from sellerdesk.domain.cancellations import CancelReason, CancelRequest
from sellerdesk.domain.refusals import Code
from sellerdesk.queries.cancel_preview import preview_cancellations

pytestmark = pytest.mark.usefixtures("committed")
NOW = PLACED + timedelta(hours=3)


def test_a_batch_is_previewed_as_it_is_performed() -> None:
    seller = a_seller()
    numbers = paid_orders(seller, [a_document() for _ in range(3)])
    requests = [CancelRequest(number, CancelReason.NO_INVENTORY, accepts_limit=True) for number in numbers]
    requests.append(CancelRequest("000-0000000-0000000", CancelReason.NO_INVENTORY))
    previews = preview_cancellations(seller, requests, NOW)
    outcomes = cancel_orders(an_actor(seller), requests, now=NOW)
    assert [one.refusal and one.refusal.code for one in previews] == [None, None, None, Code.ORDER_NOT_FOUND]
    for preview, outcome in zip(previews, outcomes, strict=True):
        assert (preview.refusal is None) == outcome.accepted
        if preview.decision:
            after = preview.decision.after_rate
            assert after is not None
            assert outcome.facts["rate"]["counted"] == after.counted
            assert outcome.facts["version"] == preview.decision.after.version


def test_questions_leave_the_decision_readable() -> None:
    seller = a_seller()
    (number,) = paid_orders(seller, [a_document()])
    request = CancelRequest(number, CancelReason.BUYER_CANCELLED, expects_counting=False)
    (preview,) = preview_cancellations(seller, [request], NOW)
    assert [one.code for one in preview.questions] == [Code.EFFECT_CHANGED, Code.OVER_LIMIT]
    assert preview.refusal is preview.questions[0]
    assert preview.decision is not None
    assert preview.decision.counting.counts
