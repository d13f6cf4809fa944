"""A-to-z claims as facts: states, kinds, who is at fault, and what the rules need to know (rulebook 2.9, 3.6)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ClaimState(StrEnum):
    FILED = "FILED"  # the marketplace has not looked at it yet
    ACTION_REQUIRED = "ACTION_REQUIRED"  # the seller is asked, and silence grants it
    UNDER_REVIEW = "UNDER_REVIEW"
    GRANTED = "GRANTED"
    DENIED = "DENIED"
    WITHDRAWN = "WITHDRAWN"  # by the buyer
    REFUNDED_BY_SELLER = "REFUNDED_BY_SELLER"
    APPEALED = "APPEALED"
    APPEAL_INFO_REQUIRED = "APPEAL_INFO_REQUIRED"
    REVERSED = "REVERSED"  # the money, the defect, or both: each is a fact of its own
    APPEAL_DENIED = "APPEAL_DENIED"


_S = ClaimState
OPEN = frozenset({_S.FILED, _S.ACTION_REQUIRED, _S.UNDER_REVIEW})
"""Before the decision: at most one such claim per order (I14)."""
APPEALING = frozenset({_S.APPEALED, _S.APPEAL_INFO_REQUIRED})
WAITS_FOR_SELLER = frozenset({_S.ACTION_REQUIRED, _S.APPEAL_INFO_REQUIRED})


class ClaimKind(StrEnum):
    NOT_RECEIVED = "not_received"
    NOT_AS_DESCRIBED = "not_as_described"  # another item or a damaged one, and a return was asked for
    NOT_REFUNDED = "not_refunded"  # sent back, and no refund came


class Fault(StrEnum):
    """Who answers for what happened, as the decision says."""

    SELLER = "seller"
    CARRIER = "carrier"
    BUYER = "buyer"
    NOBODY = "nobody"


class Funding(StrEnum):
    """Who pays a granted claim."""

    SELLER = "seller"
    MARKETPLACE = "marketplace"


class ClaimCause(StrEnum):
    """What made the decision."""

    OPERATOR = "operator"
    SILENCE = "silence"  # the seller was asked and did not answer in time
    REFUSED_DELIVERY = "refused_delivery"  # refused and on its way back: granted, no defect
    NOT_CONFIRMED = "not_confirmed"  # not confirmed by ship-by: granted, a defect
    PROTECTED_LABEL = "protected_label"  # bought protected label, scanned on time: the marketplace pays


class TextKind(StrEnum):
    """Which step of a claim a person's words belong to."""

    FILED = "filed"  # the buyer's
    QUESTION = "question"  # the marketplace's, to the seller
    ANSWER = "answer"
    DECISION = "decision"
    APPEAL = "appeal"
    APPEAL_QUESTION = "appeal_question"
    APPEAL_ANSWER = "appeal_answer"
    APPEAL_DECISION = "appeal_decision"


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What the rules need to know of one claim. Amounts in minor units of the order's currency.

    `debited`: what the decision took from the seller. `defect`: whether it counts in the order defect rate now.
    """

    id: int
    reference: str
    kind: ClaimKind
    state: ClaimState
    amount: int
    filed_at: datetime
    due_at: datetime | None = None  # of the seller's answer, while it is asked for
    decided_at: datetime | None = None
    appeal_until: datetime | None = None
    fault: Fault | None = None
    funding: Funding | None = None
    debited: int = 0
    defect: bool = False
    version: int = 1
    order_id: int = 0
    order_number: str = ""
    currency: str = ""
    marketplace_id: str = ""
    cause: ClaimCause | None = None
    paid: int = 0  # what the decision gave the buyer, whoever bears it
    money_reversed: bool = False  # the seller has the debit back; the buyer keeps the money
    defect_reversed: bool = False
    appealed_at: datetime | None = None
