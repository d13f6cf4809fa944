"""The chips above the order list: each filter in plain words, with a way to take it off."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from sellerdesk.domain.identifiers import split_terms
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.orders import Status
from sellerdesk.interfaces.web import words
from sellerdesk.interfaces.web.order_filter import Asked

_LABELS = {
    "q": lazy("Search: {value}"),
    "service": lazy("Ship service: {value}"),
    "sku": lazy("SKU {value}"),
    "asin": lazy("ASIN {value}"),
    "tracking": lazy("Tracking ID {value}"),
    "buyer": lazy("Buyer: {value}"),
    "country": lazy("Ships to {value}"),
    "carrier": lazy("Carrier: {value}"),
    "from": lazy("Ordered from {value}"),
    "until": lazy("Ordered until {value}"),
    "ship_from": lazy("Ship by from {value}"),
    "ship_until": lazy("Ship by until {value}"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """`url` is the list without this filter; "" for what cannot be taken off."""

    text: str
    url: str


def chips(asked: Asked, named: Mapping[str, Mapping[str, Any]]) -> list[Chip]:
    """The chips of the filters that are set. `named`: parameter → value → words, for parameters with choices."""
    found = []
    for name, values in asked.params.items():
        for value in values:
            text = _text(name, value, named)
            if text:
                rest = tuple(one for one in values if one != value)
                found.append(Chip(text, asked.url(**{f"{name}_" if name == "from" else name: rest})))
    return found


def _text(name: str, value: str, named: Mapping[str, Mapping[str, Any]]) -> str:
    if name in named:
        return str(named[name][value])
    if name in _LABELS:
        return str(_LABELS[name]).format(value=value if len(value) <= 40 else f"{value[:39]}…")
    if name == "marketplace":
        return by_id(value).name
    if name == "status":
        return str(words.STATUSES[Status(value)][0])
    if name == "ids":
        return _("{n} orders from a list").format(n=len(split_terms(value)))
    return ""
