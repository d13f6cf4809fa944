"""The journal alone says what an order has come to (trust P10)."""

import pytest

from sellerdesk.domain.claim_facts import ClaimState
from sellerdesk.domain.refunds import RefundState
from sellerdesk.domain.replay import replay


def a_refund(reference: str = "R1", amount: int = 500) -> dict[str, object]:
    parts = [["I1", "principal", amount], ["I1", "tax", 0]]
    return {"reference": reference, "total": amount, "parts": parts, "units": {"I1": 1}}


def test_quantities_are_summed() -> None:
    story = replay(
        [
            ("order_placed", {"units": 5}),
            ("shipment_confirmed", {"packages": [{"units": 1}, {"units": 2}]}),
            ("order_cancelled", {"units": 2}),
            ("message_sent", {}),
        ]
    )
    assert (story.units, story.shipped, story.cancelled) == (5, 3, 2)


def test_a_refund_goes_its_way_and_money_follows_its_state() -> None:
    entries = [("refund_drafted", a_refund())]
    assert replay(entries).refunds["R1"].state == RefundState.DRAFT
    for kind, state in (
        ("refund_approved", RefundState.PENDING),
        ("refund_released", RefundState.RELEASED),
        ("refund_settled", RefundState.SETTLED),
    ):
        entries.append((kind, {"reference": "R1"}))
        assert replay(entries).refunds["R1"].state == state
    entries += [("refund_requested", a_refund("R2", 70)), ("refund_undone", {"reference": "R2"})]
    story = replay(entries)
    assert story.money("SETTLED") == {("I1", "principal"): 500}
    assert story.money("CANCELLED") == {("I1", "principal"): 70}
    assert story.money("PENDING", "DRAFT") == {}


def test_a_return_keeps_its_story_under_the_sellers_own_number() -> None:
    entries = [
        ("return_requested", {"rma": "A", "state": "PENDING_AUTHORIZATION", "lines": {"I1": 2}}),
        ("return_authorized", {"rma": "A", "state": "AUTHORIZED", "own_rma": "MINE"}),
        ("return_received", {"rma": "MINE", "state": "RECEIVED"}),
    ]
    story = replay(entries)
    assert {rma: (one.state, one.lines) for rma, one in story.returns.items()} == {
        "MINE": ("RECEIVED", {"I1": 2})
    }


def test_a_claim_says_whether_it_counts() -> None:
    entries = [
        ("claim_filed", {"reference": "C"}),
        ("claim_granted", {"reference": "C", "defect": True}),
        ("claim_appealed", {"reference": "C"}),
    ]
    claim = replay(entries).claims["C"]
    assert (claim.state, claim.defect) == (ClaimState.APPEALED, True)
    for taken_back in (True, False):  # an appeal says what it took back
        claim = replay([*entries, ("claim_reversed", {"reference": "C", "defect": taken_back})]).claims["C"]
        assert (claim.state, claim.defect) == (ClaimState.REVERSED, not taken_back)


def test_a_claim_whose_refund_never_arrived_is_open_again() -> None:
    entries = [("claim_filed", {"reference": "C"}), ("claim_refunded", {"reference": "C", "defect": True})]
    claim = replay(entries).claims["C"]
    assert (claim.state, claim.defect) == (ClaimState.REFUNDED_BY_SELLER, True)
    claim = replay([*entries, ("claim_reopened", {"reference": "C", "defect": False})]).claims["C"]
    assert (claim.state, claim.defect) == (ClaimState.UNDER_REVIEW, False)


@pytest.mark.parametrize("kind", ["refund_released", "return_received", "claim_granted"])
def test_what_never_began_is_an_error(kind: str) -> None:
    with pytest.raises(KeyError):
        replay([(kind, {"reference": "X", "rma": "X"})])
