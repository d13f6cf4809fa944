"""In what ways a seller may write to the buyer of one order now."""

from dataclasses import dataclass
from datetime import datetime

from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.message_threads import ContactFacts, Limits
from sellerdesk.domain.messages import allowed_reasons
from sellerdesk.domain.refusals import Refusal
from sellerdesk.domain.solicitations import solicit
from sellerdesk.models.facts import read_by_number
from sellerdesk.models.message_facts import read_contacts, read_limits
from sellerdesk.models.solicitation_writes import read_deliveries, read_windows
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class ContactOptions:
    """What the rules allow at a moment. `language` is the buyer's, a BCP 47 tag."""

    marketplace_id: str
    language: str
    reasons: tuple[ContactReason, ...]


def contact_options(seller_id: int, order_number: str, now: datetime) -> ContactOptions | None:
    """The reasons for which the seller may write about an order; None when there is no such order."""
    with scoped(seller_id):
        found = read_contact(seller_id, order_number, now)
    if found is None:
        return None
    facts, contact, limits = found
    reasons = allowed_reasons(facts, contact, limits=limits, now=now)
    return ContactOptions(facts.marketplace_id, contact.language, reasons)


def may_solicit(seller_id: int, order_number: str, now: datetime) -> bool | None:
    """Whether the buyer of an order may be asked for a review now; None when there is no such order."""
    with scoped(seller_id):
        facts = read_by_number(seller_id, [order_number]).get(order_number)
        if facts is None:
            return None
        delivery = read_deliveries(seller_id, [facts.id])[facts.id]
        window = read_windows([facts.marketplace_id], now)[facts.marketplace_id]
    try:
        solicit(facts, delivery, window=window, now=now)
    except Refusal:
        return False
    return True


def read_contact(
    seller_id: int, order_number: str, now: datetime
) -> tuple[OrderFacts, ContactFacts, Limits] | None:
    """What the rules of messages need to know of one order; under the seller's scope."""
    facts = read_by_number(seller_id, [order_number]).get(order_number)
    if facts is None:
        return None
    contact = read_contacts(seller_id, [facts.id])[facts.id]
    return facts, contact, read_limits([facts.marketplace_id], now)[facts.marketplace_id]
