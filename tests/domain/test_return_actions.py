"""Which buttons a return has, and which of them is advised (S2-05 to S2-09)."""

import pytest

from sellerdesk.domain.return_actions import Action, actions, suggested
from sellerdesk.domain.return_advice import Situation, advise
from sellerdesk.domain.return_facts import ENDED, ReturnState

A, S = Action, ReturnState


@pytest.mark.parametrize(
    ("state", "missing", "ungraded", "expected"),
    [
        (S.PENDING_AUTHORIZATION, 2, 0, (A.CONTACT, A.AUTHORIZE, A.REFUND, A.CLOSE)),
        (S.AUTHORIZED, 2, 0, (A.CONTACT, A.RECEIVE, A.REFUND, A.CLOSE)),
        (S.IN_TRANSIT_BACK, 2, 0, (A.CONTACT, A.RECEIVE, A.REFUND)),
        (S.RECEIVED, 1, 1, (A.CONTACT, A.RECEIVE, A.GRADE, A.REFUND)),
        (S.PENDING_REFUND, 0, 0, (A.CONTACT, A.REFUND, A.CLOSE)),
        (S.COMPLETED, 0, 0, (A.CONTACT,)),
        (S.COMPLETED, 1, 0, (A.CONTACT, A.RECEIVE)),
        (S.CLOSED_BY_SELLER, 2, 0, (A.CONTACT,)),
    ],
)
def test_the_machine_says_which(
    state: ReturnState, missing: int, ungraded: int, expected: tuple[Action, ...]
) -> None:
    assert actions(state, missing=missing, ungraded=ungraded) == expected


def test_talking_comes_first_then_what_the_goods_are_worth() -> None:
    waiting = S.PENDING_AUTHORIZATION
    silent = Situation(sent=True, delivered=True, value=5000, keep_limit=1000)
    talked = Situation(contacted=True, sent=True, delivered=True, value=5000, keep_limit=1000)
    cheap = Situation(contacted=True, sent=True, delivered=True, value=900, keep_limit=1000)
    assert suggested(waiting, advise(silent)) is A.CONTACT
    assert suggested(waiting, advise(talked)) is A.AUTHORIZE
    assert suggested(waiting, advise(cheap)) is A.REFUND


def test_afterwards_the_goods_say_what_is_next() -> None:
    assert suggested(S.AUTHORIZED, ()) is None  # nothing is on its way yet
    assert suggested(S.IN_TRANSIT_BACK, ()) is A.RECEIVE
    assert suggested(S.RECEIVED, ()) is A.GRADE
    assert suggested(S.PENDING_REFUND, ()) is A.REFUND
    assert {suggested(state, ()) for state in ENDED} == {None}


def test_a_refund_that_is_held_is_not_made_again() -> None:
    assert actions(S.PENDING_REFUND, underway=True) == (A.CONTACT,)
    assert suggested(S.PENDING_REFUND, (), underway=True) is None
    assert suggested(S.PENDING_AUTHORIZATION, (), underway=True) is None
    assert suggested(S.RECEIVED, (), underway=True) is A.GRADE
