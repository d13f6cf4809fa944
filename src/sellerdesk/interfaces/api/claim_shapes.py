"""What programs may send and what they are answered about claims, feedback and chargebacks."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from sellerdesk.domain.claim_facts import ClaimKind, ClaimState, Fault, Funding
from sellerdesk.domain.claims import TEXT_LENGTH_MOST
from sellerdesk.domain.feedback import (
    REFERENCE_LENGTH_MOST,
    ChargebackKind,
    ChargebackOutcome,
    RemovalReason,
)
from sellerdesk.interfaces.api.answer_shapes import Answer
from sellerdesk.interfaces.api.shapes import Instant, Money, Shape, Text

_Words = Annotated[str, Field(max_length=TEXT_LENGTH_MOST, description="a person's own words")]
_Version = Annotated[
    int | None, Field(ge=1, description="of the claim, as it was read; refused when it moved on")
]


class NewClaim(Shape):
    """The buyer claims."""

    kind: Literal[tuple(kind.value for kind in ClaimKind)]  # type: ignore[valid-type]
    text: _Words = ""


class ClaimWords(Shape):
    """A step that takes words; an answer and an appeal need them."""

    text: _Words = ""
    version: _Version = None


class ClaimDecision(Shape):
    """The marketplace's decision. A grant gives the buyer all that is left; a defect when the seller is at fault."""

    granted: bool
    fault: Literal[tuple(fault.value for fault in Fault)]  # type: ignore[valid-type]
    funding: Literal[tuple(one.value for one in Funding)] = Funding.SELLER.value  # type: ignore[valid-type]
    text: _Words = ""
    expects: Annotated[Money | None, Field(description="the debit that the preview showed")] = None
    version: _Version = None


class AppealDecision(Shape):
    """The marketplace's decision of an appeal; with neither, it is denied. The buyer keeps the money."""

    money: Annotated[bool, Field(description="the seller gets the debit back")]
    defect: Annotated[bool, Field(description="it counts no more in the order defect rate")]
    text: _Words = ""
    version: _Version = None


class NewFeedback(Shape):
    """A buyer's rating of an order; 1 and 2 are negative and a defect."""

    rating: Annotated[int, Field(ge=1, le=5)]
    at: Instant


class FeedbackGone(Shape):
    reason: Literal[tuple(reason.value for reason in RemovalReason)]  # type: ignore[valid-type]


class NewChargeback(Shape):
    """A bank takes a payment back. `reference`: the bank's own, once per seller."""

    reference: Annotated[str, Text(REFERENCE_LENGTH_MOST, 1)]
    kind: Literal[tuple(kind.value for kind in ChargebackKind)]  # type: ignore[valid-type]
    amount: Money
    at: Instant


class ChargebackEnd(Shape):
    outcome: Literal[tuple(one.value for one in ChargebackOutcome)]  # type: ignore[valid-type]


class ClaimAnswer(Answer):
    """A claim. `dueAt`: of the seller's answer; `appealUntil`: the first moment that is too late."""

    reference: str
    order_number: str
    marketplace_id: str
    kind: ClaimKind
    state: ClaimState
    filed_at: datetime
    due_at: datetime | None
    appeal_until: datetime | None
    cause: str
    defect: bool
    money_reversed: bool
    defect_reversed: bool
    amount: Money | None = None
    paid: Money | None = None
    debited: Money | None = None


class ClaimsAnswer(Answer):
    """`counts` by tab stop at 10000. `nextCursor` is null when there is no more."""

    claims: list[ClaimAnswer]
    counts: dict[str, int]
    next_cursor: str | None


class ClaimTextAnswer(Answer):
    step: str
    party: str
    text: str
    at: datetime


class ClaimDetailAnswer(ClaimAnswer):
    """With what was written (scope buyers.read) and, while it is open, what a grant would give the buyer."""

    version: int
    fault: str | None
    funding: str | None
    decided_at: datetime | None
    appealed_at: datetime | None
    payout: str
    returns: list[str]
    refunds: list[str]
    left: Money | None = None
    texts: list[ClaimTextAnswer] | None = None


class ClaimListAnswer(Answer):
    claims: list[ClaimAnswer]


class ClaimOptionAnswer(Answer):
    """`opensAt` is set when it only is too early; `why` says what stands in the way."""

    kind: ClaimKind
    possible: bool
    opens_at: datetime | None
    until: datetime
    code: str | None
    why: str | None


class ClaimOptionsAnswer(Answer):
    options: list[ClaimOptionAnswer]


class VerdictAnswer(Answer):
    """What the decision would do now."""

    state: ClaimState
    defect: bool
    appeal_until: datetime | None
    paid: Money
    debited: Money
