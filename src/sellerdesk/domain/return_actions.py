"""What a seller's staff can do with a return now, in the guides' order, and which of it is advised (S2-05 to S2-09).

The machine says what is possible; `domain.return_advice` says what is wise. Both are put together here, for buttons.
"""

from collections.abc import Sequence
from enum import StrEnum

from sellerdesk.domain.return_advice import Advice, Hint
from sellerdesk.domain.return_facts import ENDED, ReturnState
from sellerdesk.domain.returns import RETURN


class Action(StrEnum):
    """In the order of the buttons: writing to the buyer comes first (S2-08)."""

    CONTACT = "contact"
    AUTHORIZE = "authorize"
    RECEIVE = "receive"
    GRADE = "grade"
    REFUND = "refund"
    CLOSE = "close"


_STEPS: dict[ReturnState, Action] = {
    ReturnState.IN_TRANSIT_BACK: Action.RECEIVE,
    ReturnState.RECEIVED: Action.GRADE,
    ReturnState.INSPECTED: Action.GRADE,
    ReturnState.PENDING_REFUND: Action.REFUND,
}
_REFUNDS = frozenset({Advice.REFUND_NOW, Advice.KEEP_IT, Advice.PARTIAL_REFUND, Advice.REFUND_EARLY})


def actions(
    state: ReturnState, *, missing: int = 0, ungraded: int = 0, underway: bool = False
) -> tuple[Action, ...]:
    """What can be done in a state. `missing`: units that are still to come; `ungraded`: units that came and were not
    looked at. A refund answers any return that is still open; writing is always possible. `underway`: a refund for it
    is held or drafted, so that none is made besides and nothing is closed.
    """
    possible = {
        Action.CONTACT: True,
        Action.AUTHORIZE: state in RETURN.moves["authorize"].sources,
        Action.RECEIVE: missing > 0 and state in RETURN.moves["receive"].sources,
        Action.GRADE: ungraded > 0 and state in RETURN.moves["grade"].sources,
        Action.REFUND: state not in ENDED and not underway,
        Action.CLOSE: state in RETURN.moves["close"].sources and not underway,
    }
    return tuple(action for action in Action if possible[action])


def suggested(state: ReturnState, hints: Sequence[Hint], *, underway: bool = False) -> Action | None:
    """The button that is advised, or None: once the request has ended, while an authorised one waits for the buyer to
    send, and while a refund for it is held or drafted (`underway`) and the goods ask for nothing.

    While the request waits for an answer, the first hint decides; afterwards the goods do: scan them in, look at them,
    refund.
    """
    if state in ENDED or state is ReturnState.AUTHORIZED:
        return None
    step = _STEPS.get(state)
    if underway:
        return None if step is Action.REFUND else step
    if step is not None:
        return step
    first = hints[0].advice if hints else Advice.CONTACT_BUYER
    if first is Advice.RETURN_GOODS:
        return Action.AUTHORIZE
    return Action.REFUND if first in _REFUNDS else Action.CONTACT
