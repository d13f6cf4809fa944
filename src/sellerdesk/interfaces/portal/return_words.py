"""How the portal arranges and marks returns and refunds (S2-42 to S2-45). The words themselves, where letters say the
same, are those of `flows.notices.buyer_words`.
"""

from django.utils.translation import gettext_lazy as lazy

from sellerdesk.domain.refunds import RefundState
from sellerdesk.domain.return_facts import ReturnReason, ReturnState

_R, _S = ReturnReason, ReturnState

# The reasons as buyers look for them. All of a group have the same payer (a test says so), which stands above them.
GROUPS: tuple[tuple[object, tuple[ReturnReason, ...]], ...] = (
    (
        lazy("Something is wrong with it"),
        (
            _R.DEFECTIVE,
            _R.QUALITY,
            _R.NOT_AS_DESCRIBED,
            _R.NOT_USEFUL,
            _R.MISSING_PARTS,
            _R.MISSING_MANUAL,
            _R.MISSING_CERTIFICATION,
            _R.DEAD_BATTERY,
            _R.TARNISHED,
        ),
    ),
    (
        lazy("Something went wrong on the way"),
        (
            _R.DAMAGED_IN_TRANSIT,
            _R.BAD_PACKAGING,
            _R.WRONG_ITEM,
            _R.EXTRA_ITEM,
            _R.LATE_DELIVERY,
            _R.UNAUTHORIZED_PURCHASE,
        ),
    ),
    (
        lazy("It does not suit me"),
        (
            _R.NOT_NEEDED,
            _R.TOO_SMALL,
            _R.TOO_LARGE,
            _R.PART_NOT_COMPATIBLE,
            _R.INSTALLATION,
            _R.BETTER_PRICE,
            _R.ACCIDENTAL_ORDER,
        ),
    ),
)

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
KEEPING = (lazy("Yours to keep"), "gift", "ok")

# Refunds that have gone; one that is held is not known here.
REFUNDS = {
    RefundState.RELEASED: (lazy("Refund sent"), "banknote", "ok"),
    RefundState.SETTLED: (lazy("Refund sent"), "banknote", "ok"),
    RefundState.REJECTED: (lazy("The refund could not be paid out"), "triangle-alert", "bad"),
}
