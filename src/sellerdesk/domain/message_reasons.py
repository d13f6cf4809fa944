"""Why a seller may write to a buyer, and what follows from the reason (rulebook 2.10; S3-12, S3-28, S3-29, C18).

The reasons that programs of the Selling Partner API know carry their limits of text and files; ours beside them are for
the cases that the seller guides describe.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.orders import OPEN, WAITING, Channel, Status


class ContactReason(StrEnum):
    """Why the seller writes. The order is that of lists."""

    ANSWER = "answer"  # the buyer has written
    CANCEL_GUIDANCE = "cancel_guidance"  # how to file a cancellation request (S3-28)
    CANCEL_IMPORTANT = "cancel_important"  # the buyer stayed silent after that (S3-29)
    CANCEL_DECLINED = "cancel_declined"  # shipped, or labelled (S3-07, S3-08)
    ADDRESS_PROBLEM = "address_problem"
    DELIVERY_SCHEDULING = "delivery_scheduling"
    RETURN_GUIDANCE = "return_guidance"
    OTHER_ORDER_QUESTION = "other_order_question"
    # What programs know by these names (Messaging API).
    CONFIRM_CUSTOMIZATION_DETAILS = "confirm_customization_details"
    CONFIRM_DELIVERY_DETAILS = "confirm_delivery_details"
    CONFIRM_ORDER_DETAILS = "confirm_order_details"
    CONFIRM_SERVICE_DETAILS = "confirm_service_details"
    UNEXPECTED_PROBLEM = "unexpected_problem"
    LEGAL_DISCLOSURE = "legal_disclosure"
    WARRANTY = "warranty"
    DIGITAL_ACCESS_KEY = "digital_access_key"
    INVOICE = "invoice"


class Files(StrEnum):
    NONE = "none"
    ALLOWED = "allowed"
    REQUIRED = "required"


class Phase(StrEnum):
    """How far an order is, as far as writing about it is concerned."""

    WAITING = "waiting"  # not paid
    TO_SHIP = "to_ship"
    SHIPPED = "shipped"
    ENDED = "ended"  # cancelled, or nothing will come of it


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows from a reason.

    `critical` passes a buyer's opt-out. `proactive`: the seller begins, so it must not be later than the policy says.
    `warehouse`: also about orders that the marketplace's warehouse ships. `text_max` 0: files only.
    `text_optional`: files may come without a text, but never nothing at all.
    """

    phases: frozenset[Phase]
    critical: bool = False
    proactive: bool = True
    text_max: int = 2000
    text_optional: bool = False
    files: Files = Files.NONE
    warehouse: bool = False


_BEFORE, _AFTER = frozenset({Phase.WAITING, Phase.TO_SHIP}), frozenset({Phase.SHIPPED})
_TO_SHIP = frozenset({Phase.TO_SHIP})
_PAID = _TO_SHIP | _AFTER
_C, _F = ContactReason, Files

RULES: dict[ContactReason, Rule] = {
    _C.ANSWER: Rule(
        frozenset(Phase), proactive=False, text_max=4000, text_optional=True, files=_F.ALLOWED, warehouse=True
    ),
    _C.CANCEL_GUIDANCE: Rule(_BEFORE, critical=True),
    _C.CANCEL_IMPORTANT: Rule(_BEFORE, critical=True),
    _C.CANCEL_DECLINED: Rule(_PAID, critical=True),
    _C.ADDRESS_PROBLEM: Rule(_PAID, critical=True),
    _C.DELIVERY_SCHEDULING: Rule(_PAID, critical=True),
    _C.RETURN_GUIDANCE: Rule(_AFTER, files=_F.ALLOWED),
    _C.OTHER_ORDER_QUESTION: Rule(_PAID, files=_F.ALLOWED),
    _C.CONFIRM_CUSTOMIZATION_DETAILS: Rule(_TO_SHIP, critical=True, text_max=800, files=_F.ALLOWED),
    _C.CONFIRM_DELIVERY_DETAILS: Rule(_PAID, critical=True),
    _C.CONFIRM_ORDER_DETAILS: Rule(_TO_SHIP),
    _C.CONFIRM_SERVICE_DETAILS: Rule(_PAID),
    _C.UNEXPECTED_PROBLEM: Rule(_PAID),
    _C.LEGAL_DISCLOSURE: Rule(_PAID, text_max=0, files=_F.REQUIRED, warehouse=True),
    _C.WARRANTY: Rule(_AFTER, text_optional=True, files=_F.ALLOWED, warehouse=True),
    _C.DIGITAL_ACCESS_KEY: Rule(_PAID, text_max=400, files=_F.ALLOWED),
    _C.INVOICE: Rule(_PAID, text_max=0, files=_F.REQUIRED, warehouse=True),
}
CRITICAL = frozenset(reason for reason, rule in RULES.items() if rule.critical)
# Reasons in which the buyer's wish to cancel is the subject, so that the text may speak of cancelling.
ABOUT_CANCELLING = frozenset({_C.CANCEL_GUIDANCE, _C.CANCEL_IMPORTANT, _C.CANCEL_DECLINED, _C.ANSWER})
# Reasons in which the text may say that the goods are on their way: the buyer asked, or must know it.
ABOUT_SHIPPING = frozenset({_C.CANCEL_DECLINED, _C.ANSWER, _C.RETURN_GUIDANCE})


def plainest(reasons: Sequence[ContactReason]) -> ContactReason:
    """What a form begins with, of the reasons that are allowed: to answer, else the least special one.

    A critical one passes a buyer's opt-out, so it must be chosen on purpose: it comes up only where there is no other.
    """
    plain = (_C.ANSWER, _C.OTHER_ORDER_QUESTION)
    return min(
        reasons,
        key=lambda one: (
            RULES[one].critical,
            plain.index(one) if one in plain else 2,
            not RULES[one].text_max,
        ),
        default=_C.ANSWER,
    )


def phase(facts: OrderFacts) -> Phase:
    """How far the order is."""
    if facts.status in WAITING:
        return Phase.WAITING
    if facts.status in OPEN:
        return Phase.TO_SHIP
    if facts.status in (Status.CANCELED, Status.UNFULFILLABLE):
        return Phase.ENDED
    return Phase.SHIPPED


def fits(facts: OrderFacts, reason: ContactReason) -> bool:
    """Whether a reason makes sense in the state the order is in; its age is looked at elsewhere."""
    rule = RULES[reason]
    return phase(facts) in rule.phases and (rule.warehouse or facts.channel is not Channel.AFN)
