"""The orders that somebody ticked in the list, or the whole list instead (screens 1.0)."""

from dataclasses import dataclass, replace

from django.http import QueryDict

from sellerdesk.domain.identifiers import is_order_number
from sellerdesk.interfaces.web.order_filter import from_text
from sellerdesk.interfaces.web.staff import Desk
from sellerdesk.queries.order_counts import Tab
from sellerdesk.queries.order_list import MOST_AT_ONCE, OrderLine, order_lines
from sellerdesk.queries.order_matches import Field, Match
from sellerdesk.queries.order_query import OrderQuery


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen orders. `unknown`: ticked numbers that are no orders of this seller; `more`: the list holds more."""

    lines: tuple[OrderLine, ...]
    unknown: tuple[str, ...] = ()
    more: bool = False

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(line.order_number for line in self.lines)


def read_choice(data: QueryDict, desk: Desk) -> Choice:
    """The orders as they stand now: a list that was chosen as a whole is looked up again."""
    if listed := data.get("matching", ""):
        return _matching(listed, desk)
    return by_numbers(data.getlist("order"), desk)


def by_numbers(texts: list[str], desk: Desk) -> Choice:
    """Orders by their numbers, in that order, MOST_AT_ONCE at most."""
    numbers = tuple(dict.fromkeys(text for text in texts if is_order_number(text)))[:MOST_AT_ONCE]
    if not numbers:
        return Choice(())
    asked = OrderQuery(
        tab=Tab.ALL, channel=None, matches=((Match(Field.ORDER_NUMBER, numbers),),), size=MOST_AT_ONCE
    )
    found = {line.order_number: line for line in order_lines(desk.seller.seller_id, asked)}
    return Choice(
        tuple(found[number] for number in numbers if number in found),
        tuple(number for number in numbers if number not in found),
    )


def _matching(listed: str, desk: Desk) -> Choice:
    asked = replace(from_text(listed, desk).query, size=MOST_AT_ONCE + 1, after=None, before=None)
    lines = order_lines(desk.seller.seller_id, asked)
    return Choice(lines[:MOST_AT_ONCE], more=len(lines) > MOST_AT_ONCE)
