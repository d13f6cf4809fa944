"""Words for claims: kinds, states, whose fault, who pays, what decided; what the seller is told, and what wins."""

from typing import Final

from django.utils.translation import gettext_lazy as lazy

from sellerdesk.domain.claim_facts import ClaimCause, ClaimKind, ClaimState, Fault, Funding, TextKind
from sellerdesk.domain.claim_proof import Proof
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
# States of the transfer to the buyer.
PAYOUTS: Final = {
    "queued": lazy("not asked for yet"),
    "calling": lazy("being asked for"),
    "unknown": lazy("unknown"),
    "done": lazy("paid"),
    "failed": lazy("failed"),
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

_S = ClaimState
SELLER_TABS: Final = {
    Tab.ACTION_REQUIRED: lazy("Action required"),
    Tab.UNDER_REVIEW: lazy("Under review"),
    Tab.APPEAL: lazy("Option to appeal"),
    Tab.CLOSED: lazy("Closed"),
    Tab.ALL: lazy("All"),
}
# Tab → heading and text where nothing is.
EMPTY: Final = {
    Tab.ACTION_REQUIRED: (
        lazy("No claim waits for you"),
        lazy(
            "When the marketplace asks you about a claim, it stands here with the time that is left to answer."
        ),
    ),
    Tab.UNDER_REVIEW: (
        lazy("Nothing is under review"),
        lazy("Claims that you answered, and appeals, stand here until the marketplace has decided."),
    ),
    Tab.APPEAL: (
        lazy("Nothing to appeal against"),
        lazy("Granted claims stand here as long as you can appeal."),
    ),
    Tab.CLOSED: (
        lazy("No closed claims"),
        lazy("Claims that were denied, withdrawn, settled or decided for good are kept here."),
    ),
    Tab.ALL: (
        lazy("No claims"),
        lazy("Buyers file a claim when something did not arrive, is not as described, or was not refunded."),
    ),
}
ICONS: Final = {
    _S.FILED: "clock",
    _S.ACTION_REQUIRED: "triangle-alert",
    _S.UNDER_REVIEW: "eye",
    _S.GRANTED: "banknote",
    _S.DENIED: "circle-check",
    _S.WITHDRAWN: "undo-2",
    _S.REFUNDED_BY_SELLER: "banknote",
    _S.APPEALED: "eye",
    _S.APPEAL_INFO_REQUIRED: "triangle-alert",
    _S.REVERSED: "circle-check",
    _S.APPEAL_DENIED: "ban",
}
# What a claim's page says first.
SAYS: Final = {
    _S.FILED: lazy("The marketplace has not looked at this claim yet."),
    _S.ACTION_REQUIRED: lazy("The marketplace waits for your answer."),
    _S.UNDER_REVIEW: lazy("The marketplace is deciding. You need not do anything."),
    _S.GRANTED: lazy("This claim was granted."),
    _S.DENIED: lazy("This claim was denied: it costs you nothing."),
    _S.WITHDRAWN: lazy("The buyer took this claim back: it costs you nothing."),
    _S.REFUNDED_BY_SELLER: lazy("You refunded everything, which settled this claim."),
    _S.APPEALED: lazy("Your appeal is being decided. You need not do anything."),
    _S.APPEAL_INFO_REQUIRED: lazy("The marketplace asks about your appeal."),
    _S.REVERSED: lazy("You won the appeal."),
    _S.APPEAL_DENIED: lazy("The appeal was denied. The decision stands."),
}
# What the operator's page says first.
OPERATOR_SAYS: Final = {
    _S.FILED: lazy("Nobody has looked at this claim yet."),
    _S.ACTION_REQUIRED: lazy("The seller is asked. Silence grants the claim."),
    _S.UNDER_REVIEW: lazy("It is for the marketplace to decide."),
    _S.GRANTED: lazy("This claim was granted."),
    _S.DENIED: lazy("This claim was denied."),
    _S.WITHDRAWN: lazy("The buyer took this claim back."),
    _S.REFUNDED_BY_SELLER: lazy("The seller refunded everything, which settled this claim."),
    _S.APPEALED: lazy("The seller appeals. It is for the marketplace to decide."),
    _S.APPEAL_INFO_REQUIRED: lazy("The seller is asked about the appeal. Silence ends it."),
    _S.REVERSED: lazy("The seller won the appeal."),
    _S.APPEAL_DENIED: lazy("The appeal was denied. The decision stands."),
}
# What goes on while a refund that is to settle the claim is held, by the states in which one can.
WHILE_HELD: Final = {
    _S.FILED: lazy(
        "The claim is settled when the refund goes, not while it is held. Until then the marketplace may ask you, or"
        " decide."
    ),
    _S.ACTION_REQUIRED: lazy(
        "The claim is settled when the refund goes, not while it is held. The time to answer runs on until then."
    ),
    _S.UNDER_REVIEW: lazy(
        "The claim is settled when the refund goes, not while it is held. The marketplace may decide before."
    ),
}
# Proof → what it is, and what to do while it is missing.
PROOFS: Final = {
    Proof.DELIVERED: (
        lazy("The carrier has delivered every parcel"),
        lazy("There is no delivery scan. Ask the carrier where the parcel is, and quote its answer."),
    ),
    Proof.SIGNED: (
        lazy("Somebody signed for it"),
        lazy(
            "Signatures are not in our record. Ask the carrier for its proof of delivery and quote who signed."
        ),
    ),
    Proof.SCANNED: (
        lazy("The carrier has scanned every parcel"),
        lazy("Without a scan nobody can tell that it was sent."),
    ),
    Proof.TRACKED: (
        lazy("Every parcel has a tracking ID"),
        lazy("Add the tracking ID: edit the shipment."),
    ),
    Proof.ON_TIME: (lazy("Shipment was confirmed in time"), lazy("It was confirmed late, or not at all.")),
    Proof.ANSWERED: (
        lazy("Every message of the buyer was answered in time"),
        lazy("A message still waits, or its answer came too late."),
    ),
    Proof.RETURN_OFFERED: (
        lazy("A return was authorised"),
        lazy("No return was authorised. Offer one before you answer."),
    ),
    Proof.RETURN_MISSING: (lazy("The goods have not come back"), lazy("The goods are back.")),
    Proof.INSPECTED: (
        lazy("What came back was inspected"),
        lazy("Inspect what came back: its state decides."),
    ),
    Proof.PHOTOS: (
        lazy("There are photos of it"),
        lazy("There are no photos. Take some when you inspect it."),
    ),
    Proof.REFUNDED: (lazy("Money has gone back to the buyer"), lazy("Nothing has been refunded yet.")),
}
