"""Words for claims: kinds, states, whose fault, who pays, what decided."""

from typing import Final

from django.utils.translation import gettext_lazy as lazy

from sellerdesk.domain.claim_facts import ClaimCause, ClaimKind, ClaimState, Fault, Funding, TextKind
from sellerdesk.queries.claims import Tab

KINDS: Final = {
    ClaimKind.NOT_RECEIVED: lazy("Not received"),
    ClaimKind.NOT_AS_DESCRIBED: lazy("Not as described"),
    ClaimKind.NOT_REFUNDED: lazy("Returned, not refunded"),
}
STATES: Final = {
    ClaimState.FILED: (lazy("Filed"), "info"),
    ClaimState.ACTION_REQUIRED: (lazy("Action required"), "bad"),
    ClaimState.UNDER_REVIEW: (lazy("Under review"), "info"),
    ClaimState.GRANTED: (lazy("Granted"), "bad"),
    ClaimState.DENIED: (lazy("Denied"), "ok"),
    ClaimState.WITHDRAWN: (lazy("Withdrawn"), "ok"),
    ClaimState.REFUNDED_BY_SELLER: (lazy("Refunded by the seller"), "warn"),
    ClaimState.APPEALED: (lazy("Appealed"), "info"),
    ClaimState.APPEAL_INFO_REQUIRED: (lazy("Appeal: action required"), "bad"),
    ClaimState.REVERSED: (lazy("Reversed on appeal"), "ok"),
    ClaimState.APPEAL_DENIED: (lazy("Appeal denied"), "bad"),
}
FAULTS: Final = {
    Fault.SELLER: lazy("The seller"),
    Fault.CARRIER: lazy("The carrier"),
    Fault.BUYER: lazy("The buyer"),
    Fault.NOBODY: lazy("Nobody"),
}
FUNDINGS: Final = {Funding.SELLER: lazy("The seller"), Funding.MARKETPLACE: lazy("The marketplace")}
CAUSES: Final = {
    ClaimCause.OPERATOR: lazy("Decided by the marketplace"),
    ClaimCause.SILENCE: lazy("Granted because nobody answered in time"),
    ClaimCause.REFUSED_DELIVERY: lazy("Refused delivery, on its way back"),
    ClaimCause.NOT_CONFIRMED: lazy("Shipment was not confirmed in time"),
    ClaimCause.PROTECTED_LABEL: lazy("Protected label, scanned on time"),
}
TABS: Final = {
    Tab.UNDER_REVIEW: lazy("Waits for the marketplace"),
    Tab.ACTION_REQUIRED: lazy("Waits for the seller"),
    Tab.APPEAL: lazy("Option to appeal"),
    Tab.CLOSED: lazy("Closed"),
    Tab.ALL: lazy("All"),
}
STEPS: Final = {
    TextKind.FILED: lazy("The buyer"),
    TextKind.QUESTION: lazy("Question of the marketplace"),
    TextKind.ANSWER: lazy("Answer of the seller"),
    TextKind.DECISION: lazy("Decision"),
    TextKind.APPEAL: lazy("Appeal of the seller"),
    TextKind.APPEAL_QUESTION: lazy("Question about the appeal"),
    TextKind.APPEAL_ANSWER: lazy("Answer about the appeal"),
    TextKind.APPEAL_DECISION: lazy("Decision of the appeal"),
}
