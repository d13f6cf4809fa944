"""How the portal marks claims, and why one cannot be filed now (rulebook 2.9). What a claim is called and what happens
next to it is said by `flows.notices.buyer_words`, as in letters.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from sellerdesk.domain.claim_facts import ClaimKind, ClaimState
from sellerdesk.domain.claim_filing import Option, Why
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.interfaces.portal.order_view import Says
from sellerdesk.interfaces.portal.refusals import word

_S = ClaimState

# What stands below a kind on the form.
HELP = {
    ClaimKind.NOT_RECEIVED: lazy("Also when the carrier says that it was delivered, and you do not have it."),
    ClaimKind.NOT_AS_DESCRIBED: lazy("You have asked for a return, and the seller does not solve it."),
    ClaimKind.NOT_REFUNDED: lazy("It has arrived at the seller, or is on its way for a long time."),
}

_GIVEN = (lazy("Granted"), "circle-check", "ok")
# State → label, icon, tone. An appeal is between the seller and the marketplace: the buyer keeps the money.
STATES = {
    _S.FILED: (pgettext_lazy("claim", "Filed"), "clock", "info"),
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

_LATER = {
    Why.CONTACT: lazy("Sellers get time to help first: you can file a claim from {at} on."),
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
# Of these orders nobody claims here.
NO_MATTER = (Code.WAREHOUSE_ORDER, Code.ORDER_PENDING, Code.ORDER_CANCELLED, Code.ITEMS_UNKNOWN)


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
    if refusal.code in NO_MATTER:
        return str(lazy("There is nothing to claim about this order."))
    return word(refusal)


def way_out(refusal: Refusal) -> str:
    """What the buyer can do, so that a claim becomes possible or needless: write, return_items, or ""."""
    if refusal.code is Code.CLAIM_NOT_ELIGIBLE and refusal.facts.get("why") == Why.NO_RETURN:
        return "return_items"
    return "write" if refusal.code in (Code.CLAIM_CONTACT_FIRST, Code.CLAIM_TOO_EARLY) else ""
