"""What buyers read of their returns, refunds and claims: the same words on the portal's pages and in letters.

Beside each state stands one sentence: who has to do what until when, what happens then, and what the buyer can do now.
Sellers' letters have words of their own (`words`). Tests demand words for every reason and every state.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from sellerdesk.domain.claim_facts import ClaimKind, ClaimState
from sellerdesk.domain.return_facts import Payer, ReturnReason, ReturnState
from sellerdesk.domain.returns import CloseReason

_C, _R, _S = ClaimState, ReturnReason, ReturnState

RETURN_REASONS: Mapping[str, Any] = {
    _R.DEFECTIVE: lazy("It does not work"),
    _R.QUALITY: lazy("The quality is not good enough"),
    _R.NOT_AS_DESCRIBED: lazy("It is not as described"),
    _R.NOT_USEFUL: lazy("It does not do what it should"),
    _R.MISSING_PARTS: lazy("Parts or accessories are missing"),
    _R.MISSING_MANUAL: lazy("The manual is missing"),
    _R.MISSING_CERTIFICATION: lazy("A certificate is missing"),
    _R.DEAD_BATTERY: lazy("The battery is empty or does not charge"),
    _R.TARNISHED: lazy("It is tarnished or discoloured"),
    _R.DAMAGED_IN_TRANSIT: lazy("It arrived damaged"),
    _R.BAD_PACKAGING: lazy("It was badly packed"),
    _R.WRONG_ITEM: lazy("It is not what I ordered"),
    _R.EXTRA_ITEM: lazy("I got more than I ordered"),
    _R.LATE_DELIVERY: lazy("It arrived too late"),
    _R.UNAUTHORIZED_PURCHASE: lazy("I did not order this"),
    _R.NOT_NEEDED: lazy("I do not need it any more"),
    _R.TOO_SMALL: lazy("Too small"),
    _R.TOO_LARGE: lazy("Too large"),
    _R.PART_NOT_COMPATIBLE: lazy("It does not fit what I have"),
    _R.INSTALLATION: lazy("I cannot install it"),
    _R.BETTER_PRICE: lazy("I found it cheaper elsewhere"),
    _R.ACCIDENTAL_ORDER: lazy("I ordered it by mistake"),
}
PAYERS: Mapping[str, Any] = {
    Payer.SELLER: lazy("The seller pays for sending it back."),
    Payer.BUYER: lazy("You pay for sending it back."),
}
CLOSE_REASONS: Mapping[str, Any] = {
    CloseReason.NOT_RETURNABLE: lazy("This cannot be returned"),
    CloseReason.OUT_OF_POLICY: lazy("The time for returning is over"),
    CloseReason.SOLVED: lazy("The problem was solved"),
    CloseReason.REFUNDED_WITHOUT_RETURN: lazy("You get your money back without sending anything"),
    CloseReason.BUYER_KEEPS: lazy("You keep it"),
    CloseReason.OTHER: lazy("Another reason"),
}
CLAIM_KINDS: Mapping[str, Any] = {
    ClaimKind.NOT_RECEIVED: lazy("It has not arrived"),
    ClaimKind.NOT_AS_DESCRIBED: lazy("It is another item, damaged, or not as described"),
    ClaimKind.NOT_REFUNDED: lazy("I sent it back and got no refund"),
}

_CHECKED_BY = lazy("The seller has it and should refund by {by}.")
_CHECKING = lazy("The seller has it and is checking it.")
# With the day of the promise, and without one.
RETURN_NEXT: Mapping[ReturnState, tuple[Any, Any]] = {
    _S.PENDING_AUTHORIZATION: (
        lazy("The seller should answer by {by}. Please do not send anything before; we write to you."),
        lazy("The seller looks at your request. Please do not send anything yet; we write to you."),
    ),
    _S.AUTHORIZED: (
        lazy(
            "Please send it by {by}: a request for which nothing was sent closes itself."
            " You get your money back when it has arrived."
        ),
        lazy("Please send it soon. You get your money back when it has arrived."),
    ),
    _S.IN_TRANSIT_BACK: (
        lazy("The carrier has it. Your refund follows when it has arrived at the seller."),
        None,
    ),
    _S.RECEIVED: (_CHECKED_BY, _CHECKING),
    _S.INSPECTED: (_CHECKED_BY, _CHECKING),
    _S.PENDING_REFUND: (
        lazy("The seller has checked it and should refund by {by}."),
        lazy("The seller has checked it. Your refund comes next."),
    ),
    _S.COMPLETED: (lazy("Everything is done."), None),
    _S.CLOSED_BY_SELLER: (
        lazy(
            "Please do not send anything. If you do not agree, write to the seller; you can also ask again."
        ),
        None,
    ),
    _S.CLOSED_BY_BUYER: (lazy("You keep the items. You can ask again."), None),
    _S.CLOSED_AUTO: (
        lazy("If you have sent something already, write to the seller; otherwise you can ask again."),
        None,
    ),
}
KEEP = lazy("You need not send anything back: keep it. Your refund is being made.")
KEPT = lazy("You keep it, and have your money back.")
REFUSED = lazy(
    "You did not accept the parcel, so it goes back by itself. Your refund follows when it has arrived at the seller."
)
# Said to everybody who withdraws, whether or not there is such a refund: one that is held is not the buyer's to know.
NOT_STOPPED = lazy(
    "This does not stop a refund that the seller has started already: the seller can stop it, or it still reaches you."
)
NOT_PAID_OUT = lazy(
    "Your bank or card did not take it. Please write to the seller, so that it can be sent in another way."
)

_GRANTED = lazy("The marketplace has decided for you. You need not send anything back.")
CLAIM_NEXT: Mapping[ClaimState, Any] = {
    _C.FILED: lazy("The marketplace looks at your claim. You need not do anything; we write to you."),
    _C.ACTION_REQUIRED: lazy(
        "The seller has to answer by {by}; without an answer it is decided for you. You need not do anything; we write"
        " to you either way."
    ),
    _C.UNDER_REVIEW: lazy("The marketplace decides now. You need not do anything; we write to you."),
    _C.GRANTED: _GRANTED,
    _C.APPEALED: _GRANTED,
    _C.APPEAL_INFO_REQUIRED: _GRANTED,
    _C.REVERSED: _GRANTED,
    _C.APPEAL_DENIED: _GRANTED,
    _C.DENIED: lazy(
        "The marketplace has decided against your claim, so you get no money by it. You can still write to the seller."
    ),
    _C.WITHDRAWN: lazy(
        "Nothing is decided, and you get no money by it. As long as there is time for it, you can file it again."
    ),
    _C.REFUNDED_BY_SELLER: lazy(
        "The seller has given you your money back, so there is nothing left to decide. If it does not reach you, write"
        " to the seller."
    ),
}
ANSWER_OVER = lazy(
    "The seller had until {by} to answer. The marketplace decides now; you need not do anything, we write to you."
)
NOTHING_CHARGED = lazy("The marketplace has decided for you. You were charged nothing, so nothing goes back.")


def return_next(state: ReturnState, by: str = "") -> str:
    """What happens next to a return. `by`: the day of the promise that counts in this state, "" for none."""
    said, without = RETURN_NEXT[state]
    return str(said).format(by=by) if by or without is None else str(without)


def claim_next(state: ClaimState, by: str = "", *, over: bool = False, paid: bool = True) -> str:
    """What happens next to a claim. `by`: the instant of the seller's answer; `over`: it has passed; `paid`: a grant
    gives money.
    """
    if state is ClaimState.ACTION_REQUIRED and over:
        return str(ANSWER_OVER).format(by=by)
    nothing = CLAIM_NEXT[state] is _GRANTED and not paid
    return str(NOTHING_CHARGED if nothing else CLAIM_NEXT[state]).format(by=by)
