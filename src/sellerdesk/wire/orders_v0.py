"""Orders in Orders API v0: documents in, documents out (spapi 2.3, 2.4).

Typed fields of the document carry what the rules need; everything else stays as it came, impersonal members
in `published["v0"]`, personal ones in the buyer, the address and the lines. The reserved keys `~` and `~at`
beside them belong to `wire.wording`.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sellerdesk.domain.orders import (
    WAITING,
    Address,
    Buyer,
    Channel,
    ItemDocument,
    OrderDocument,
    Status,
)
from sellerdesk.domain.refusals import Refusal
from sellerdesk.wire import cancellations, contacts, crossing, items_v0, times, wording
from sellerdesk.wire.fields import (
    Json,
    choice,
    flag,
    located,
    mapping,
    needed,
    objects,
    order_number,
    sound,
    text,
    whole,
    wrong,
)
from sellerdesk.wire.money import V0, Purse, currency_of
from sellerdesk.wire.quantities import agree
from sellerdesk.wire.visibility import (
    ALL_SHIPPED,
    WITH_ADDRESS,
    address_visible,
    buyer_visible,
    order_total,
    phone_visible,
)

_TEXTS = (
    ("SellerOrderId", "seller_order_id"),
    ("SalesChannel", "sales_channel"),
    ("ShipServiceLevel", "ship_service"),
    ("ShipmentServiceLevelCategory", "service_category"),
)
_TIMES = (
    ("EarliestShipDate", "earliest_ship_at"),
    ("LatestShipDate", "latest_ship_at"),
    ("EarliestDeliveryDate", "earliest_delivery_at"),
    ("LatestDeliveryDate", "latest_delivery_at"),
)
_DELIVERY = frozenset({"EarliestDeliveryDate", "LatestDeliveryDate"})
_HIDDEN = _DELIVERY | {"OrderTotal"}  # members that the status decides about
_TYPED = {
    "AmazonOrderId", "PurchaseDate", "LastUpdateDate", "OrderStatus", "FulfillmentChannel",
    "OrderTotal", "MarketplaceId", "NumberOfItemsShipped", "NumberOfItemsUnshipped", "OrderType",
    "IsBusinessOrder", "IsPrime",
    *(key for key, _ in (*_TEXTS, *_TIMES)),
}  # fmt: skip
_BESIDE = ("BuyerInfo", "ShippingAddress", contacts.TAX, contacts.PREFERENCES, contacts.COMPANY, "OrderItems")
_ORDER_TYPES = ("StandardOrder", "LongLeadTimeOrder", "Preorder", "BackOrder", "SourcingOnDemandOrder")


# -- in --------------------------------------------------------------------------------------------


def decode_order(raw: Any, *, place: str = "") -> OrderDocument:
    """One order of a `getOrders` or `getOrder` answer, with or without `OrderItems`, `BuyerInfo`,
    `ShippingAddress`.

    Where no amount names a currency (the order waits for payment) it is the marketplace's. Raises Refusal
    naming `place`.
    """
    try:
        return replace(_decode(sound(raw)), place=place)
    except Refusal as refusal:
        raise located(refusal, place) from None


def decode_items(
    raw: Any, *, currency: str = "", status: Status = Status.UNSHIPPED
) -> tuple[ItemDocument, ...]:
    """The lines of a `getOrderItems` payload. Raises Refusal naming the item and the member."""
    said = sound(raw)
    return _items(objects(said, "OrderItems"), Purse(V0, currency), status, closed=status is Status.CANCELED)


def _decode(said: Any) -> OrderDocument:
    if not isinstance(said, dict):
        raise wrong("", said, "an order")
    core = {k: v for k, v in said.items() if k not in _BESIDE or (k == "BuyerInfo" and not v)}
    purse = Purse(V0)
    status = choice(said, "OrderStatus", Status)
    total = purse.charge(said, "OrderTotal")
    shipped = whole(said, "NumberOfItemsShipped", default=0)
    unshipped = whole(said, "NumberOfItemsUnshipped", default=0)
    # An order of which nothing is left to ship had the rest cancelled, if its own count says so too.
    counted = status in ALL_SHIPPED and said.get("NumberOfItemsUnshipped") == 0
    items = (
        _items(objects(said, "OrderItems"), purse, status, closed=counted or status is Status.CANCELED)
        or None
    )
    if items:
        agree(status, items, place="OrderStatus")
        shipped, unshipped = _units(items)
    document = OrderDocument(
        order_number=order_number(said, "AmazonOrderId"),
        marketplace_id=text(said, "MarketplaceId"),
        placed_at=times.parse(needed(said, "PurchaseDate"), place="PurchaseDate"),
        updated_at=times.parse(needed(said, "LastUpdateDate"), place="LastUpdateDate"),
        currency=purse.currency or currency_of(text(said, "MarketplaceId")),
        items=items,
        channel=choice(said, "FulfillmentChannel", Channel) if "FulfillmentChannel" in said else Channel.MFN,
        status=status,
        total=total,
        order_type=_order_type(said),
        is_business=flag(said, "IsBusinessOrder"),
        is_prime=flag(said, "IsPrime"),
        units_shipped=shipped,
        units_unshipped=unshipped,
        buyer=_buyer(said, status),
        address=_address(said, status),
        published={"v0": {k: v for k, v in core.items() if k not in _TYPED}},
        source="v0",
        **_texts(said),
        **_times(said),
    )
    return _remember(core, document)


def _items(raw: list[Json], purse: Purse, status: Status, *, closed: bool) -> tuple[ItemDocument, ...]:
    decoded = []
    for i, one in enumerate(raw, 1):
        try:
            decoded.append(items_v0.decode_item(one, purse, status, closed=closed))
        except Refusal as refusal:
            raise located(refusal, f"item {i}") from None
    items_v0.unique(tuple(decoded))
    return tuple(decoded)


def _units(items: tuple[ItemDocument, ...]) -> tuple[int, int]:
    shipped = sum(item.shipped for item in items)
    return shipped, sum(item.ordered - item.cancelled for item in items) - shipped


def _order_type(said: Json) -> str:
    kind = text(said, "OrderType") or "StandardOrder"
    if kind not in _ORDER_TYPES:
        raise wrong("OrderType", kind, ", ".join(_ORDER_TYPES))
    return kind


def _texts(said: Json) -> dict[str, Any]:
    return {ours: text(said, key) for key, ours in _TEXTS}


def _times(said: Json) -> dict[str, Any]:
    return {ours: times.parse(said[key], place=key) for key, ours in _TIMES if said.get(key)}


def _buyer(said: Json, status: Status) -> Buyer | None:
    info, tax, company = mapping(said, "BuyerInfo"), mapping(said, contacts.TAX), text(said, contacts.COMPANY)
    if not (info or tax or company):
        return None
    buyer = contacts.decode_buyer_v0(info, company=company, tax=tax)
    return buyer if status not in WAITING else replace(buyer, published=_shown(buyer.published, status))


def _address(said: Json, status: Status) -> Address | None:
    given, preferences = mapping(said, "ShippingAddress"), mapping(said, contacts.PREFERENCES)
    if not (given or preferences):
        return None
    address = contacts.decode_address_v0(given, preferences)
    gone = status in ALL_SHIPPED or said.get("FulfillmentChannel") == Channel.AFN
    address = contacts.with_phone_as_published(address, shipped=gone)
    return (
        address if status in WITH_ADDRESS else replace(address, published=_shown(address.published, status))
    )


def _shown(published: Json, status: Status) -> Json:
    """Mark a contact that was published in a status whose orders usually carry none."""
    return {"v0": {**published["v0"], wording.AT: status.value}}


def _remember(core: Json, document: OrderDocument) -> OrderDocument:
    found = wording.differences(core, _core(document))
    if not found:
        return document
    at = {}
    if any("o" not in entry and entry["p"][0] in _HIDDEN for entry in found):
        at = {wording.AT: document.status.value}
    return replace(document, published={"v0": {**document.published["v0"], wording.KEY: found, **at}})


# -- out -------------------------------------------------------------------------------------------


def encode_order(doc: OrderDocument, *, now: datetime, buyer: bool = False, address: bool = False) -> Json:
    """An `Order` as `getOrders` and `getOrder` give it. `buyer` and `address` add the restricted members.

    `now` decides whether the buyer's phone is still shown.
    """
    out = _core(doc)
    if buyer and doc.buyer is not None and buyer_visible(doc):
        if info := contacts.buyer_v0(doc.buyer):
            out["BuyerInfo"] = info
        if tax := contacts.buyer_tax_v0(doc.buyer):
            out[contacts.TAX] = tax
    if address and (place := _place(doc, now)):
        out["ShippingAddress"] = place
    return out


def _core(doc: OrderDocument) -> Json:
    rest = doc.published.get("v0")
    out: Json = {
        "AmazonOrderId": doc.order_number,
        "PurchaseDate": times.render(doc.placed_at),
        "LastUpdateDate": times.render(doc.updated_at or doc.placed_at),
        "OrderStatus": doc.status.value,
        "FulfillmentChannel": doc.channel.value,
    }
    out |= {key: value for key, ours in _TEXTS if (value := getattr(doc, ours))}
    if doc.status not in WAITING and (total := order_total(doc)) is not None:
        out["OrderTotal"] = V0.write(doc.currency, total)
    out |= {"NumberOfItemsShipped": doc.units_shipped, "NumberOfItemsUnshipped": doc.units_unshipped}
    if doc.marketplace_id:
        out["MarketplaceId"] = doc.marketplace_id
    out |= {"OrderType": doc.order_type, "IsBusinessOrder": doc.is_business, "IsPrime": doc.is_prime}
    delivery = doc.channel is Channel.MFN and doc.status not in WAITING | {Status.CANCELED}
    for key, ours in _TIMES:
        if (moment := getattr(doc, ours)) is not None and (delivery or key not in _DELIVERY):
            out[key] = times.render(moment)
    if rest is None:
        return out | _crossed(doc)
    out.update((k, v) for k, v in rest.items() if k not in wording.INNER)
    hidden = _HIDDEN if rest.get(wording.AT, doc.status.value) != doc.status.value else frozenset()
    return wording.reword(out, rest.get(wording.KEY, []), hidden=hidden)


def _crossed(doc: OrderDocument) -> Json:
    if "2026" not in doc.published:
        return {}
    out = crossing.order_to_v0(doc.published["2026"])
    if doc.address is not None:
        out["IsAccessPointOrder"] = contacts.is_pickup_point(doc.address)
    return out


def _place(doc: OrderDocument, now: datetime) -> Json:
    if doc.address is None or not address_visible(doc):
        return {}
    out = contacts.address_v0(doc.address)
    if not phone_visible(doc, now):
        out.pop("Phone", None)
    return out


def encode_items(doc: OrderDocument, *, buyer_info: bool = False) -> Json:
    """The payload of `getOrderItems`; without known lines its list is empty."""
    items = [encode_item(doc, item, buyer_info=buyer_info) for item in doc.items or ()]
    return {"AmazonOrderId": doc.order_number, "OrderItems": items}


def encode_item(doc: OrderDocument, item: ItemDocument, *, buyer_info: bool = False) -> Json:
    """An `OrderItem` of an order; `buyer_info` adds gift wrap, gift message and customisation."""
    out = items_v0.item_v0(item, doc.currency, doc.status)
    cancellations.add_v0(out, doc, item)
    if buyer_info and doc.status not in WAITING and (info := items_v0.buyer_info_v0(item, doc.currency)):
        out["BuyerInfo"] = info
    return out


def encode_buyer_info(doc: OrderDocument) -> Json:
    """The payload of `getOrderBuyerInfo`."""
    shown = contacts.buyer_v0(doc.buyer) if doc.buyer is not None and buyer_visible(doc) else {}
    return {"AmazonOrderId": doc.order_number, **shown}


def encode_address(doc: OrderDocument, *, now: datetime) -> Json:
    """The payload of `getOrderAddress`."""
    out: Json = {"AmazonOrderId": doc.order_number}
    if doc.buyer is not None and doc.buyer.company:
        out[contacts.COMPANY] = doc.buyer.company
    if place := _place(doc, now):
        out["ShippingAddress"] = place
    if doc.address is not None and address_visible(doc) and (wish := contacts.preferences_v0(doc.address)):
        out[contacts.PREFERENCES] = wish
    return out


def encode_items_buyer_info(doc: OrderDocument) -> Json:
    """The payload of `getOrderItemsBuyerInfo`."""
    hidden = doc.status in WAITING
    infos = [{} if hidden else items_v0.buyer_info_v0(item, doc.currency) for item in doc.items or ()]
    rows = [{"OrderItemId": item.item_number, **i} for item, i in zip(doc.items or (), infos, strict=True)]
    return {"AmazonOrderId": doc.order_number, "OrderItems": rows}
