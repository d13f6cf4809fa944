"""Order reports: tab-separated text with a header row, one row per order line (spapi 5.2).

Two layouts, recognised by the names in the header row, in any order of columns: the unshipped orders
(quantities shipped and to ship, no prices) and the order report (prices). Tabs and line ends cannot occur
inside a cell; quotes are plain characters. A report knows no statuses, no marketplace id and no last update:
the status follows from the quantities, the marketplace from the sales channel.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.money import parse_amount
from sellerdesk.domain.orders import Address, Buyer, Component, ItemDocument, OrderDocument, Status
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.wire import times
from sellerdesk.wire.fields import WHOLE, Json, clean, flag, located, needed, order_number, wrong
from sellerdesk.wire.items_v0 import unique
from sellerdesk.wire.money import currency_of

Row = dict[str, str]
NEEDED = ("order-id", "order-item-id", "purchase-date", "sku", "quantity-purchased")
_CHARGES = (
    ("item-price", Component.PRINCIPAL),
    ("item-tax", Component.TAX),
    ("shipping-price", Component.SHIPPING),
    ("shipping-tax", Component.SHIPPING_TAX),
    ("gift-wrap-price", Component.GIFT_WRAP),
    ("gift-wrap-tax", Component.GIFT_WRAP_TAX),
)
_DISCOUNTS = (
    ("item-promotion-discount", Component.PROMOTION_DISCOUNT),
    ("shipping-promotion-discount", Component.SHIPPING_DISCOUNT),
    ("ship-promotion-discount", Component.SHIPPING_DISCOUNT),
)
_BUYER = (
    ("buyer-name", "name"),
    ("buyer-email", "email"),
    ("buyer-phone-number", "phone"),
    ("buyer-company-name", "company"),
    ("purchase-order-number", "purchase_order"),
)
_ADDRESS = (
    ("recipient-name", "name"),
    ("ship-address-1", "line1"),
    ("ship-address-2", "line2"),
    ("ship-address-3", "line3"),
    ("ship-city", "city"),
    ("ship-county", "county"),
    ("ship-state", "state"),
    ("ship-postal-code", "postal_code"),
    ("ship-country", "country"),
    ("ship-phone-number", "phone"),
    ("address-type", "kind"),
)
# Columns that have a member of Orders v0: they are kept under that name, so that the APIs can publish them.
_FLAGS_V0 = (
    ("is-iba", "IsIBA"),
    ("is-ispu-order", "IsISPU"),
    ("is-replacement-order", "IsReplacementOrder"),
    ("is-global-express", "IsGlobalExpressEnabled"),
    ("is-sold-by-ab", "IsSoldByAB"),
)
_TEXTS_V0 = (("original-order-id", "ReplacedOrderId"), ("order-channel", "OrderChannel"))
_ITEM_TEXTS_V0 = (
    ("price-designation", "PriceDesignation"),
    ("ioss-number", "IossNumber"),
    ("gift-wrap-type", "GiftWrapLevel"),
    ("store-chain-store-id", "StoreChainStoreId"),
)
# Personal columns without a field of ours.
_PERSONAL_ORDER = (
    "cpf", "buyer-identification-number", "buyer-identification-type", "bill-name", "bill-address-1",
    "bill-address-2", "bill-address-3", "bill-city", "bill-state", "bill-postal-code", "bill-country",
    "licensee-name", "license-number", "license-state", "license-expiration-date",
)  # fmt: skip
_PERSONAL_ADDRESS = (
    "delivery-instructions",
    "delivery-time-zone",
    "delivery-preferred-time",
    "drop-off-location",
)
_PERSONAL_ITEM = ("gift-message-text", "customized-url", "customized-page")
_ITEM = {
    "order-item-id", "sku", "asin", "product-name", "quantity-purchased", "quantity-shipped",
    "quantity-to-ship", "number-of-items", "item-promotion-id", "shipping-promotion-id", "ship-promotion-id",
    "is-transparency", "is-buyer-requested-cancellation",
    "buyer-requested-cancel-reason", "tax-collection-model",
    "tax-collection-responsible-party", "signature-confirmation-recommended", *_PERSONAL_ITEM,
    *(key for key, _ in (*_CHARGES, *_DISCOUNTS, *_ITEM_TEXTS_V0)),
}  # fmt: skip
_TYPED = {
    "order-id", "purchase-date", "promise-date", "currency", "ship-service-level", "sales-channel",
    "is-business-order", "is-prime", *_PERSONAL_ORDER, *_PERSONAL_ADDRESS,
    *(key for key, _ in (*_BUYER, *_ADDRESS, *_FLAGS_V0, *_TEXTS_V0)),
}  # fmt: skip
_CHANNELS = {place.name.lower(): place.id for place in MARKETPLACES.values()}


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a report, in lower case, in the order of the file."""

    columns: tuple[str, ...]

    @classmethod
    def read(cls, line: str) -> "Header":
        """The header row. Raises Refusal when it misses a needed column or has one twice."""
        columns = tuple(cell.strip().lower() for cell in line.split("\t"))
        for name in NEEDED:
            if name not in columns:
                raise refuse(Code.MISSING_VALUE, place=f"column {name}")
        named = [name for name in columns if name]
        if twice := sorted({name for name in named if named.count(name) > 1}):
            raise refuse(Code.DUPLICATE_REQUEST, place=f"column {twice[0]}", value=twice[0])
        return cls(columns)

    def cells(self, line: str) -> list[str]:
        return line.split("\t")

    def order_of(self, line: str) -> str:
        """The order number of a row, "" when the row is too short to have one."""
        cells, at = self.cells(line), self.columns.index("order-id")
        return cells[at].strip() if at < len(cells) else ""

    def row(self, line: str) -> Row:
        """The cells of a row by column.

        Raises Refusal when their number is not that of the header's columns.
        """
        cells = self.cells(line)
        if len(cells) > len(self.columns) and not any(cell.strip() for cell in cells[len(self.columns) :]):
            cells = cells[: len(self.columns)]
        if len(cells) != len(self.columns):
            raise wrong("", f"{len(cells)} cells", f"{len(self.columns)} cells, as in the header row")
        pairs = zip(self.columns, cells, strict=True)
        return {name: clean(cell, place=name).strip() for name, cell in pairs if name}


def decode_order(rows: Sequence[tuple[str, Row]], *, marketplace_id: str = "") -> OrderDocument:
    """One order from its rows, each with its place ("line 17").

    `marketplace_id` stands for files without a column of sales channels; "" leaves it to the command.
    `currency` is "" in the layout without prices. Raises Refusal naming the row and the column.
    """
    place, head = rows[0]
    items = []
    for where, row in rows:
        try:
            items.append(_item(row, head))
        except Refusal as refusal:
            raise located(refusal, where) from None
    try:
        unique(tuple(items))
        return replace(_order(head, tuple(items), marketplace_id), place=place)
    except Refusal as refusal:
        raise located(refusal, place) from None


def _order(head: Row, items: tuple[ItemDocument, ...], marketplace_id: str) -> OrderDocument:
    shipped = sum(item.shipped for item in items)
    left = sum(item.ordered - item.shipped - item.cancelled for item in items)
    published, report = _published(head)
    place = _CHANNELS.get(head.get("sales-channel", "").lower(), marketplace_id)
    return OrderDocument(
        order_number=order_number(head, "order-id"),
        marketplace_id=place,
        placed_at=times.parse(needed(head, "purchase-date"), place="purchase-date"),
        currency=head.get("currency", "") or currency_of(place),
        items=items,
        status=_status(shipped, left),
        sales_channel=head.get("sales-channel", ""),
        ship_service=head.get("ship-service-level", ""),
        latest_ship_at=_moment(head, "promise-date"),
        is_business=flag(head, "is-business-order"),
        is_prime=flag(head, "is-prime"),
        units_shipped=shipped,
        units_unshipped=left,
        buyer=_buyer(head),
        address=_address(head),
        published={"v0": published, **({"report": report} if report else {})},
        source="report",
    )


def _status(shipped: int, left: int) -> Status:
    if left:
        return Status.PARTIALLY_SHIPPED if shipped else Status.UNSHIPPED
    return Status.SHIPPED if shipped else Status.CANCELED


def _moment(row: Row, column: str) -> datetime | None:
    return times.parse(row[column], place=column) if row.get(column) else None


def _published(head: Row) -> tuple[Json, Json]:
    v0: Json = {key: flag(head, column) for column, key in _FLAGS_V0 if head.get(column)}
    v0 |= {key: head[column] for column, key in _TEXTS_V0 if head.get(column)}
    known = _TYPED | _ITEM
    return v0, {column: cell for column, cell in head.items() if cell and column not in known}


def _kept(row: Row, columns: Iterable[str]) -> dict[str, Any]:
    kept = {column: row[column] for column in columns if row.get(column)}
    return {"report": kept} if kept else {}


def _buyer(head: Row) -> Buyer | None:
    values = {ours: head.get(column, "") for column, ours in _BUYER}
    published = _kept(head, _PERSONAL_ORDER)
    return Buyer(published=published, **values) if published or any(values.values()) else None


def _address(head: Row) -> Address | None:
    values = {ours: head.get(column, "") for column, ours in _ADDRESS}
    values["kind"] = values["kind"].capitalize()
    published = _kept(head, _PERSONAL_ADDRESS)
    return Address(published=published, **values) if published or any(values.values()) else None


def _item(row: Row, head: Row) -> ItemDocument:
    if row.get("currency", "") != head.get("currency", ""):
        raise refuse(
            Code.CURRENCY_MISMATCH, place="currency", currency=row["currency"], expected=head["currency"]
        )
    ordered, shipped = _whole(row, "quantity-purchased"), _whole(row, "quantity-shipped", default=0)
    left = _whole(row, "quantity-to-ship", default=max(ordered - shipped, 0))
    if shipped + left > ordered:
        said = f"{shipped} shipped, {left} to ship"
        raise wrong("quantity-purchased", said, f"at most {ordered} in all")
    return ItemDocument(
        item_number=needed(row, "order-item-id"),
        sku=row["sku"],
        title=row.get("product-name", ""),
        ordered=ordered,
        shipped=shipped,
        cancelled=ordered - shipped - left,
        asin=row.get("asin", ""),
        is_gift=bool(row.get("gift-wrap-type") or row.get("gift-message-text")),
        amounts=_amounts(row),
        published={"v0": _item_v0(row)},
        personal=_item_personal(row),
        cancel_requested=flag(row, "is-buyer-requested-cancellation"),
        cancel_words=row.get("buyer-requested-cancel-reason", ""),
    )


def _whole(row: Row, column: str, *, default: int | None = None) -> int:
    cell = row.get(column, "")
    if not cell and default is not None:
        return default
    if not cell:
        raise refuse(Code.MISSING_VALUE, place=column)
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 10 and int(cell) <= WHOLE):
        raise wrong(column, cell, f"a whole number from 0 to {WHOLE}")
    return int(cell)


def _amounts(row: Row) -> dict[Component, int]:
    """Amounts are given for the whole quantity of the row; discounts in either sign."""
    currency = row.get("currency", "")
    amounts: dict[Component, int] = {}
    for column, component in (*_CHARGES, *_DISCOUNTS):
        if not row.get(column):
            continue
        if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
            raise wrong("currency", currency, "a currency code")
        minor = parse_amount(row[column], currency, place=column)
        if (column, component) in _DISCOUNTS:
            minor = -abs(minor)
        elif minor < 0:
            raise wrong(column, row[column], "an amount of 0 or more")
        amounts[component] = minor
    return amounts


def _item_v0(row: Row) -> Json:
    out: Json = {key: row[column] for column, key in _ITEM_TEXTS_V0 if row.get(column)}
    if row.get("number-of-items"):
        out["ProductInfo"] = {"NumberOfItems": row["number-of-items"]}
    columns = ("item-promotion-id", "shipping-promotion-id", "ship-promotion-id")
    if promotions := [row[column] for column in columns if row.get(column)]:
        out["PromotionIds"] = promotions
    if row.get("is-transparency"):
        out["IsTransparency"] = flag(row, "is-transparency")
    if flag(row, "is-buyer-requested-cancellation"):
        reason = row.get("buyer-requested-cancel-reason", "")
        out["BuyerRequestedCancel"] = {"IsBuyerRequestedCancel": "true"}
        if reason:
            out["BuyerRequestedCancel"]["BuyerCancelReason"] = reason
    if row.get("signature-confirmation-recommended") and flag(row, "signature-confirmation-recommended"):
        out["ShippingConstraints"] = {"SignatureConfirmation": "MANDATORY"}
    if row.get("tax-collection-model") == "MarketplaceFacilitator":
        out["TaxCollection"] = {"Model": "MarketplaceFacilitator"}
    return out


def _item_personal(row: Row) -> dict[str, Any]:
    out: Json = {}
    if row.get("gift-message-text"):
        out["GiftMessageText"] = row["gift-message-text"]
    if row.get("customized-url"):
        out["BuyerCustomizedInfo"] = {"CustomizedURL": row["customized-url"]}
    return {"v0": out} if out else {}
