"""The portal's words for returns and refunds: friendly, and without a word that only sellers know (S2-42 to S2-45)."""

from django.utils.translation import gettext_lazy as lazy

from sellerdesk.domain.refunds import RefundState
from sellerdesk.domain.return_facts import Payer, ReturnReason, ReturnState
from sellerdesk.domain.returns import CloseReason

_R, _S = ReturnReason, ReturnState

# The reasons as buyers look for them. All of a group have the same payer (a test says so), which stands above them.
GROUPS: tuple[tuple[object, tuple[tuple[ReturnReason, object], ...]], ...] = (
    (
        lazy("Something is wrong with it"),
        (
            (_R.DEFECTIVE, lazy("It does not work")),
            (_R.QUALITY, lazy("The quality is not good enough")),
            (_R.NOT_AS_DESCRIBED, lazy("It is not as described")),
            (_R.NOT_USEFUL, lazy("It does not do what it should")),
            (_R.MISSING_PARTS, lazy("Parts or accessories are missing")),
            (_R.MISSING_MANUAL, lazy("The manual is missing")),
            (_R.MISSING_CERTIFICATION, lazy("A certificate is missing")),
            (_R.DEAD_BATTERY, lazy("The battery is empty or does not charge")),
            (_R.TARNISHED, lazy("It is tarnished or discoloured")),
        ),
    ),
    (
        lazy("Something went wrong on the way"),
        (
            (_R.DAMAGED_IN_TRANSIT, lazy("It arrived damaged")),
            (_R.BAD_PACKAGING, lazy("It was badly packed")),
            (_R.WRONG_ITEM, lazy("It is not what I ordered")),
            (_R.EXTRA_ITEM, lazy("I got more than I ordered")),
            (_R.LATE_DELIVERY, lazy("It arrived too late")),
            (_R.UNAUTHORIZED_PURCHASE, lazy("I did not order this")),
        ),
    ),
    (
        lazy("It does not suit me"),
        (
            (_R.NOT_NEEDED, lazy("I do not need it any more")),
            (_R.TOO_SMALL, lazy("Too small")),
            (_R.TOO_LARGE, lazy("Too large")),
            (_R.PART_NOT_COMPATIBLE, lazy("It does not fit what I have")),
            (_R.INSTALLATION, lazy("I cannot install it")),
            (_R.BETTER_PRICE, lazy("I found it cheaper elsewhere")),
            (_R.ACCIDENTAL_ORDER, lazy("I ordered it by mistake")),
        ),
    ),
)
REASONS = {reason: label for _, reasons in GROUPS for reason, label in reasons}

PAYERS = {
    Payer.SELLER: lazy("The seller pays for sending it back."),
    Payer.BUYER: lazy("You pay for sending it back."),
}

# What the buyer would like; the seller reads it beside the reason. The first is chosen at the start.
WISHES = {
    "refund": lazy("My money back"),
    "replacement": lazy("The same item once more"),
    "exchange": lazy("Another size or colour"),
    "repair": lazy("The missing part, or a repair"),
}

# State → label, icon, tone.
STATES = {
    _S.PENDING_AUTHORIZATION: (lazy("Waiting for the seller"), "clock", "warn"),
    _S.AUTHORIZED: (lazy("Ready to send back"), "package-open", "info"),
    _S.IN_TRANSIT_BACK: (lazy("On its way back"), "truck", "info"),
    _S.RECEIVED: (lazy("Arrived at the seller"), "package-check", "info"),
    _S.INSPECTED: (lazy("Arrived at the seller"), "package-check", "info"),
    _S.PENDING_REFUND: (lazy("Checked by the seller"), "package-check", "info"),
    _S.COMPLETED: (lazy("Completed"), "circle-check", "ok"),
    _S.CLOSED_BY_SELLER: (lazy("Closed by the seller"), "ban", "bad"),
    _S.CLOSED_BY_BUYER: (lazy("Withdrawn by you"), "undo-2", "muted"),
    _S.CLOSED_AUTO: (lazy("Closed, because time ran out"), "clock", "muted"),
}

# What happens next: with the day of the promise, and without one.
NEXT = {
    _S.PENDING_AUTHORIZATION: (
        lazy(
            "The seller looks at your request and should answer by {by}. Please do not send anything yet. We tell you."
        ),
        lazy("The seller looks at your request. Please do not send anything yet. We tell you."),
    ),
    _S.AUTHORIZED: (
        lazy("Please send it by {by}. A request for which nothing was sent closes itself."),
        lazy("Please send it soon. You get your money back when it has arrived."),
    ),
    _S.IN_TRANSIT_BACK: (
        lazy("The carrier has it. Your refund follows when it has arrived at the seller."),
        None,
    ),
    _S.RECEIVED: (
        lazy("The seller has it and should refund by {by}."),
        lazy("The seller has it and is checking it."),
    ),
    _S.INSPECTED: (
        lazy("The seller has it and should refund by {by}."),
        lazy("The seller has it and is checking it."),
    ),
    _S.PENDING_REFUND: (
        lazy("The seller has checked it and should refund by {by}."),
        lazy("The seller has checked it. Your refund comes next."),
    ),
    _S.COMPLETED: (lazy("Everything is done."), None),
    _S.CLOSED_BY_SELLER: (
        lazy(
            "The seller has closed your request. Write to the seller if you do not agree; you can also ask again."
        ),
        None,
    ),
    _S.CLOSED_BY_BUYER: (lazy("You have withdrawn this request. You can ask again."), None),
    _S.CLOSED_AUTO: (lazy("Nobody went on with this request in time. You can ask again."), None),
}
KEEPING = (lazy("Yours to keep"), "gift", "ok")
KEEP = lazy("You need not send anything back: keep it. Your refund is being made.")
KEPT = lazy("You keep it, and have your money back.")
REFUSED = lazy(
    "You did not accept the parcel, so it goes back by itself. Your refund follows when it has arrived at the seller."
)

CLOSE_REASONS = {
    CloseReason.NOT_RETURNABLE: lazy("This cannot be returned"),
    CloseReason.OUT_OF_POLICY: lazy("The time for returning is over"),
    CloseReason.SOLVED: lazy("The problem was solved"),
    CloseReason.REFUNDED_WITHOUT_RETURN: lazy("You get your money back without sending anything"),
    CloseReason.BUYER_KEEPS: lazy("You keep it"),
    CloseReason.OTHER: lazy("Another reason"),
}

# Refunds that have gone; one that is held is not known here.
REFUNDS = {
    RefundState.RELEASED: (lazy("Refund sent"), "banknote", "ok"),
    RefundState.SETTLED: (lazy("Refund sent"), "banknote", "ok"),
    RefundState.REJECTED: (lazy("The refund could not be paid out"), "triangle-alert", "bad"),
}
REJECTED = lazy(
    "Your bank or card did not take it. Please write to the seller, so that it can be sent in another way."
)
