"""Packing slips in words: from an order to a sheet, in one language or two (screens 1.5)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.slips import Sheet, SheetLine
from sellerdesk.interfaces.web import order_words
from sellerdesk.interfaces.web.formats import units, visible
from sellerdesk.looks import when
from sellerdesk.queries.personal import AddressView
from sellerdesk.queries.slips import SlipItem, SlipOrder

_HTML = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
_BOTH = " · "


@dataclass(frozen=True, slots=True)
class SlipLanguages:
    """Which languages a sheet speaks. `chosen` "" means the buyer's, as far as we have it, else the reader's."""

    reader: str
    chosen: str = ""
    second: str = ""

    def of(self, marketplace_id: str) -> tuple[str, ...]:
        """The languages of a sheet, the first one first."""
        first = self.chosen or _buyers(marketplace_id) or self.reader
        return (first, self.second) if self.second and self.second != first else (first,)


def _buyers(marketplace_id: str) -> str:
    """The marketplace's language if it is one of ours."""
    language = by_id(marketplace_id).language.partition("-")[0].lower()
    return language if language in dict(settings.LANGUAGES) else ""


def compose(orders: Sequence[SlipOrder], languages: SlipLanguages) -> list[Sheet]:
    """One sheet an order."""
    return [_sheet(order, languages.of(order.marketplace_id)) for order in orders]


def _sheet(order: SlipOrder, languages: Sequence[str]) -> Sheet:
    def said(word: Callable[[], str]) -> str:
        """A label in all languages of the sheet, once where they agree."""
        texts = []
        for language in languages:
            with override(language):
                texts.append(word())
        return _BOTH.join(dict.fromkeys(texts))

    zone = when.marketplace_zone(order.marketplace_id)
    facts = [
        (said(lambda: _("Order ID")), order.order_number),
        (said(lambda: _("Order date")), _date(order.placed_at.astimezone(zone), languages[0])),
        (said(lambda: _("Shipping service")), visible(order.ship_service)),
        (said(lambda: _("Seller")), visible(order.store_name or order.seller_name)),
        (said(lambda: _("Purchase order")), visible(order.purchase_order)),
    ]
    total = sum(item.quantity for item in order.items)
    return Sheet(
        order_number=order.order_number,
        heading=said(lambda: _("Packing slip")),
        facts=tuple((label, value) for label, value in facts if value),
        ship_to_label=said(lambda: _("Ship to")),
        ship_to=_address(order.address, languages[0])
        if order.address
        else (said(lambda: _("Address not available")),),
        quantity_label=said(lambda: _("Quantity")),
        product_label=said(lambda: _("Product")),
        lines=tuple(_line(item, said) for item in order.items),
        summary=said(lambda: _summary(len(order.items), total)),
        language=_HTML.get(languages[0], languages[0]),
    )


def _date(local: datetime, language: str) -> str:
    """A day with its year: paper is read later."""
    return str(format_date(local.date(), "medium", locale=when.locale_of(language)))


def _summary(kinds: int, total: int) -> str:
    items = ngettext("%(n)s item", "%(n)s items", kinds) % {"n": kinds}
    return f"{items}, {units(total)}"


def _line(item: SlipItem, said: Callable[[Callable[[], str]], str]) -> SheetLine:
    codes = [
        f"SKU: {visible(item.sku)}" if item.sku else "",
        f"ASIN: {visible(item.asin)}" if item.asin else "",
    ]
    details = [_BOTH.join(code for code in codes if code)]
    if item.condition:
        label = said(lambda: _("Condition"))
        details.append(f"{label}: {said(lambda: order_words.condition(item.condition))}")
    if item.gift_message:
        label = said(lambda: _("Gift message"))
        details.append(f"{label}: {visible(item.gift_message)}")
    return SheetLine(item.quantity, visible(item.title), tuple(detail for detail in details if detail))


def _address(address: AddressView, language: str) -> tuple[str, ...]:
    """The lines of the label, with the country in the sheet's first language and the phone last."""
    country = str(when.locale_of(language).territories.get(address.country, address.country))
    return tuple(visible(line) for line in (*address.block, country, address.phone) if line)
