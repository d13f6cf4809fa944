"""The terms under which refunds are decided at a moment, for a command or a preview."""

from collections.abc import Callable, Collection
from datetime import datetime

from sellerdesk.domain.actors import Party
from sellerdesk.domain.refund_decisions import Deciding
from sellerdesk.domain.refunds import RefundFacts, RefundTerms
from sellerdesk.models.terms import calendars, policy_book


def how_to_decide(
    party: Party, known: Collection[RefundFacts], now: datetime
) -> Callable[[RefundFacts, str], Deciding]:
    """A function that answers, for an order and an RMA, who asks, when, and under which policies of that local day."""
    places = {facts.order.marketplace_id for facts in known}
    book, books = policy_book(places), calendars(places, now.date())
    terms = {one: RefundTerms.of(book, one, books[one].local_date(now)) for one in places}

    def how(facts: RefundFacts, rma: str) -> Deciding:
        place = facts.order.marketplace_id
        late = any(one.rma == rma and not one.in_policy for one in facts.returns)
        return Deciding(party, now, terms[place], books[place], late)

    return how
