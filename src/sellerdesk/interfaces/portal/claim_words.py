"""The portal's words for claims, said to buyers (rulebook 2.9)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as lazy

from sellerdesk.domain.claim_facts import ClaimKind, ClaimState
from sellerdesk.domain.claim_filing import Option, Why
from sellerdesk.domain.refusals import Code
from sellerdesk.interfaces.portal.order_view import Says
from sellerdesk.interfaces.portal.refusals import word

_S = ClaimState

KINDS = {
    ClaimKind.NOT_RECEIVED: (
        lazy("It has not arrived"),
        lazy("Also when the carrier says that it was delivered, and you do not have it."),
    ),
    ClaimKind.NOT_AS_DESCRIBED: (
        lazy("It is another item, damaged, or not as described"),
        lazy("You have asked for a return, and the seller does not solve it."),
    ),
    ClaimKind.NOT_REFUNDED: (
        lazy("I sent it back and got no refund"),
        lazy("It has arrived at the seller, or is on its way for a long time."),
    ),
}

_GIVEN = (lazy("Granted"), "circle-check", "ok")
# State → label, icon, tone. An appeal is between the seller and the marketplace: the buyer keeps the money.
STATES = {
    _S.FILED: (lazy("Filed"), "clock", "info"),
    _S.ACTION_REQUIRED: (lazy("The seller is asked"), "clock", "warn"),
    _S.UNDER_REVIEW: (lazy("Being decided"), "clock", "info"),
    _S.GRANTED: _GIVEN,
    _S.APPEALED: _GIVEN,
    _S.APPEAL_INFO_REQUIRED: _GIVEN,
    _S.REVERSED: _GIVEN,
    _S.APPEAL_DENIED: _GIVEN,
    _S.DENIED: (lazy("Not granted"), "ban", "bad"),
    _S.WITHDRAWN: (lazy("Withdrawn by you"), "undo-2", "muted"),
    _S.REFUNDED_BY_SELLER: (lazy("Refunded by the seller"), "circle-check", "ok"),
}

_PAID = lazy("The marketplace has decided for you. You get your money back; you need not send anything.")
NEXT = {
    _S.FILED: lazy("The marketplace looks at it. You need not do anything; we tell you."),
    _S.ACTION_REQUIRED: lazy("The seller has to answer by {by}. Without an answer it is decided for you."),
    _S.UNDER_REVIEW: lazy("The marketplace decides. You need not do anything; we tell you."),
    _S.GRANTED: _PAID,
    _S.APPEALED: _PAID,
    _S.APPEAL_INFO_REQUIRED: _PAID,
    _S.REVERSED: _PAID,
    _S.APPEAL_DENIED: _PAID,
    _S.DENIED: lazy("The marketplace has decided against it. You can still write to the seller."),
    _S.WITHDRAWN: lazy("You have taken this claim back."),
    _S.REFUNDED_BY_SELLER: lazy(
        "The seller has given you your money back, so there is nothing left to decide."
    ),
}
NOTHING_CHARGED = lazy("The marketplace has decided for you. You were charged nothing, so nothing goes back.")

_LATER = {
    Why.CONTACT: lazy("The seller still has time to answer you. You can file it from {at} on."),
    Why.ESTIMATE: lazy("It may still arrive. You can file it from {at} on."),
    Why.TRANSIT: lazy("What you sent back is on its way. You can file it from {at} on."),
}
_NEVER = {
    Why.CHARGEBACK: lazy("Your bank is dealing with this payment already."),
    Why.NOTHING_LEFT: lazy("You have got everything back already."),
    Why.DENIED: lazy("This was decided before."),
    Why.NO_RETURN: lazy("Ask for a return first."),
    Why.NOT_RETURNED: lazy("Nothing has been sent back yet."),
}


def why_not(option: Option, says: Says) -> str:
    """Why a kind of claim cannot be filed now, and from when it can; "" when it can."""
    refusal = option.refusal
    if refusal is None:
        return ""
    if refusal.code is Code.CLAIM_TOO_EARLY and isinstance(option.opens_at, datetime):
        return str(_LATER[Why(refusal.facts["why"])]).format(at=says.moment(option.opens_at))
    if refusal.code is Code.CLAIM_NOT_ELIGIBLE:
        return str(_NEVER[Why(refusal.facts["why"])])
    if refusal.code is Code.CLAIM_TOO_LATE:
        return str(lazy("This was possible until {at}.")).format(at=says.moment(option.until))
    return word(refusal)
