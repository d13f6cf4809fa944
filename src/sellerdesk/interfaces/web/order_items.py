"""The lines of an order on its page: units, prices, and what came back of either (screens 1.3)."""

from typing import Any

from django.utils.translation import gettext as _

from sellerdesk.domain.orders import Component
from sellerdesk.interfaces.web import order_words
from sellerdesk.interfaces.web.formats import money, visible
from sellerdesk.queries.order_detail import ChargeView, ItemView

_COMPONENT_ORDER: dict[str, int] = {component: rank for rank, component in enumerate(Component)}


def item_row(item: ItemView, currency: str, *, sees_money: bool) -> dict[str, Any]:
    """A line in words. `given_back` are amounts, each with what makes it another than money that went."""
    parts = [
        (order_words.COMPONENTS.get(charge.component, charge.component), money(charge.amount, currency))  # type: ignore[call-overload]
        for charge in sorted(item.charges, key=by_component)
        if charge.amount
    ]
    return {
        "title": visible(item.title),
        "sku": visible(item.sku),
        "asin": visible(item.asin),
        "number": item.item_number,
        "condition": order_words.condition(item.condition),
        "is_gift": item.is_gift,
        "gift": visible(item.gift_message),
        "ordered": item.ordered,
        "shipped": item.shipped,
        "cancelled": item.cancelled,
        "left": item.left,
        "returned": item.returned,
        "refunded": item.refunded,
        "given_back": [(label, money(amount, currency)) for label, amount in money_back(item)],
        "parts": parts if sees_money else [],
        "total": money(sum(charge.amount for charge in item.charges), currency)
        if sees_money and parts
        else "",
    }


def money_back(item: ItemView) -> list[tuple[str, int]]:
    """What went back of a line, what is held until it goes, and what a claim took; without noughts."""
    amounts = [("", item.given_back), (_("not gone yet"), item.held_back), (_("by a claim"), item.claimed)]
    return [(label, amount) for label, amount in amounts if amount]


def by_component(charge: ChargeView) -> int:
    """Prices first, then what is added and taken off: the order in which people add up."""
    return _COMPONENT_ORDER.get(charge.component, len(_COMPONENT_ORDER))
