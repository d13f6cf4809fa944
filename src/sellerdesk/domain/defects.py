"""Order defects: which orders have at least one, and why (rulebook 2.6; T09). An order counts once."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sellerdesk.domain.claim_facts import ClaimFacts
from sellerdesk.domain.feedback import (
    NEGATIVE_UP_TO,
    ChargebackFacts,
    ChargebackKind,
    ChargebackOutcome,
    FeedbackFacts,
)

_NO_DEFECT = (ChargebackOutcome.WON, ChargebackOutcome.WITHDRAWN)


class Defect(StrEnum):
    FEEDBACK = "feedback"
    CLAIM = "claim"
    CHARGEBACK = "chargeback"


@dataclass(frozen=True, slots=True)
class Records:
    """What is on record about orders, of one seller."""

    feedback: tuple[FeedbackFacts, ...] = ()
    claims: tuple[ClaimFacts, ...] = ()
    chargebacks: tuple[ChargebackFacts, ...] = ()


def is_negative(feedback: FeedbackFacts) -> bool:
    """Whether a rating is a defect: few stars, and not removed."""
    return not feedback.removed and feedback.rating <= NEGATIVE_UP_TO


def counts(chargeback: ChargebackFacts) -> bool:
    """Whether a chargeback is a defect: about the service, and neither won nor withdrawn."""
    return chargeback.kind is ChargebackKind.SERVICE and chargeback.outcome not in _NO_DEFECT


def defects(records: Records) -> dict[int, frozenset[Defect]]:
    """Order id → its defects, for orders that have any: the numerator of the rate is how many there are.

    A claim says itself whether it counts: granted with the seller at fault, by silence, or refunded after filing, and
    not reversed since.
    """
    found: dict[int, set[Defect]] = {}
    for order_id, defect in _each(records):
        found.setdefault(order_id, set()).add(defect)
    return {order_id: frozenset(why) for order_id, why in found.items()}


def _each(records: Records) -> Iterable[tuple[int, Defect]]:
    yield from ((one.order_id, Defect.FEEDBACK) for one in records.feedback if is_negative(one))
    yield from ((one.order_id, Defect.CLAIM) for one in records.claims if one.defect)
    yield from ((one.order_id, Defect.CHARGEBACK) for one in records.chargebacks if counts(one))
