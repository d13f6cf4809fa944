"""Orders in Orders API 2026-01-01: documents in, documents out (spapi 3).

The same division as in `orders_v0`; the remainder lies under `published["2026"]`, and the buyer's own tax
registrations with the buyer. A v0 remainder is translated by `wire.crossing` where the order never came in
this form.
"""

from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from typing import Any

from sellerdesk.domain.orders import WAITING, Address, Buyer, Channel, ItemDocument, OrderDocument, Status
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.wire import cancellations, contacts, crossing, items_2026, recase, times, wording
from sellerdesk.wire.fields import (
    Json,
    dig,
    located,
    mapping,
    merge,
    needed,
    objects,
    order_number,
    plant,
    prune,
    sound,
    text,
    wrong,
)
from sellerdesk.wire.items_v0 import unique
from sellerdesk.wire.money import V2026, Purse, currency_of
from sellerdesk.wire.packages_2026 import check_contents, decode_packages, encode_package
from sellerdesk.wire.quantities import agree
from sellerdesk.wire.visibility import (
    ALL_SHIPPED,
    WITH_ADDRESS,
    address_visible,
    buyer_visible,
    order_total,
    phone_visible,
)

INCLUDED = frozenset(
    {
        "BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES",
        "TAX", "PAYMENT", "FULFILLMENT_ORDERS",
    }
)  # fmt: skip
_STATUSES = {
    "PENDING_AVAILABILITY": Status.PENDING_AVAILABILITY,
    "PENDING": Status.PENDING,
    "UNSHIPPED": Status.UNSHIPPED,
    "PARTIALLY_SHIPPED": Status.PARTIALLY_SHIPPED,
    "SHIPPED": Status.SHIPPED,
    "CANCELLED": Status.CANCELED,
    "UNFULFILLABLE": Status.UNFULFILLABLE,
}
_WORDS = {status: word for word, status in _STATUSES.items()} | {Status.INVOICE_UNCONFIRMED: "SHIPPED"}
_CHANNELS = {"MERCHANT": Channel.MFN, "AMAZON": Channel.AFN}
_FULFILLED_BY = {channel: word for word, channel in _CHANNELS.items()}
_ALIAS = "SELLER_ORDER_ID"
_FOREIGN = "Non-Amazon"  # how v0 begins the name of a sales channel outside the marketplace
_WINDOWS = (
    (("shipByWindow", "earliestDateTime"), "earliest_ship_at"),
    (("shipByWindow", "latestDateTime"), "latest_ship_at"),
    (("deliverByWindow", "earliestDateTime"), "earliest_delivery_at"),
    (("deliverByWindow", "latestDateTime"), "latest_delivery_at"),
)
_TYPED = (
    ("orderId",),
    ("createdTime",),
    ("lastUpdatedTime",),
    ("salesChannel", "marketplaceId"),
    ("salesChannel", "marketplaceName"),
    ("orderAliases",),
    ("proceeds", "grandTotal"),
    ("fulfillment", "fulfillmentStatus"),
    ("fulfillment", "fulfilledBy"),
    ("fulfillment", "fulfillmentServiceLevel"),
    *(("fulfillment", *path) for path, _ in _WINDOWS),
)
_SECTIONS = ("buyer", "recipient", "orderItems", "packages")  # decoded on their own
_REGISTRATIONS = ("tax", "taxRegistrations")
# What is only given when it is asked for: member of the order or of a line → name in `includedData`.
_ORDER_PARTS = {
    "buyer": "BUYER", "recipient": "RECIPIENT", "proceeds": "PROCEEDS", "payment": "PAYMENT", "tax": "TAX",
    "fulfillment": "FULFILLMENT", "packages": "PACKAGES", "fulfillmentOrders": "FULFILLMENT_ORDERS",
}  # fmt: skip
_ITEM_PARTS = {
    "proceeds": "PROCEEDS", "expense": "EXPENSE", "promotion": "PROMOTION", "cancellation": "CANCELLATION",
    "fulfillment": "FULFILLMENT", "tax": "TAX",
}  # fmt: skip


# -- in --------------------------------------------------------------------------------------------


def decode_order(raw: Any, *, place: str = "") -> OrderDocument:
    """One order of a `searchOrders` or `getOrder` answer. Where no amount names a currency it is the
    marketplace's.

    Without `fulfillment` (it was not asked for) the order's status is unknown, and the document is refused.
    Raises Refusal naming `place`.
    """
    try:
        return replace(_decode(sound(raw)), place=place)
    except Refusal as refusal:
        raise located(refusal, place) from None


def _decode(said: Any) -> OrderDocument:
    if not isinstance(said, dict):
        raise wrong("", said, "an order")
    purse = Purse(V2026)
    channel, fulfillment = mapping(said, "salesChannel"), mapping(said, "fulfillment")
    status = _word(fulfillment, "fulfillmentStatus", _STATUSES)
    total = purse.charge(mapping(said, "proceeds"), "grandTotal")
    items = _items(objects(said, "orderItems"), purse, status) or None
    if items:
        agree(status, items, place="fulfillment.fulfillmentStatus")
    packages = decode_packages(objects(said, "packages"))
    if items:
        check_contents(packages, items)
    programs = said.get("programs", [])
    core = {k: v for k, v in said.items() if k not in _SECTIONS}
    registrations = _split_registrations(core)
    by = _word(fulfillment, "fulfilledBy", _CHANNELS) if "fulfilledBy" in fulfillment else Channel.MFN
    document = OrderDocument(
        order_number=order_number(said, "orderId"),
        marketplace_id=text(channel, "marketplaceId"),
        placed_at=times.parse(needed(said, "createdTime"), place="createdTime"),
        updated_at=times.parse(needed(said, "lastUpdatedTime"), place="lastUpdatedTime"),
        currency=purse.currency or currency_of(text(channel, "marketplaceId")),
        items=items,
        channel=by,
        status=status,
        total=total,
        seller_order_id=_alias(said),
        order_type="Preorder" if "PREORDER" in programs else "StandardOrder",
        sales_channel=text(channel, "marketplaceName"),
        service_category=recase.calm(text(fulfillment, "fulfillmentServiceLevel")),
        is_business="AMAZON_BUSINESS" in programs,
        is_prime="PRIME" in programs,
        units_shipped=sum(item.shipped for item in items or ()),
        units_unshipped=sum(item.ordered - item.shipped - item.cancelled for item in items or ()),
        buyer=_buyer(said, registrations, status),
        address=_recipient(said, status, by),
        packages=packages,
        source="2026",
        **_windows(fulfillment),
    )
    return _remember(core, document)


def _word(source: Json, key: str, table: dict[str, Any]) -> Any:
    if not (value := text(source, key)):
        raise refuse(Code.MISSING_VALUE, place=f"fulfillment.{key}")
    if value not in table:
        raise wrong(f"fulfillment.{key}", value, ", ".join(table))
    return table[value]


def _items(raw: list[Json], purse: Purse, status: Status) -> tuple[ItemDocument, ...]:
    decoded = []
    for i, one in enumerate(raw, 1):
        try:
            decoded.append(items_2026.decode_item(one, purse, status))
        except Refusal as refusal:
            raise located(refusal, f"item {i}") from None
    unique(tuple(decoded))
    return tuple(decoded)


def _alias(said: Json) -> str:
    found = [a for a in objects(said, "orderAliases") if a.get("aliasType") == _ALIAS]
    return text(found[0], "aliasId") if found else ""


def _windows(fulfillment: Json) -> dict[str, Any]:
    found = {ours: (".".join(path), dig(fulfillment, path)) for path, ours in _WINDOWS}
    return {ours: times.parse(value, place=place) for ours, (place, value) in found.items() if value}


def _split_registrations(core: Json) -> list[Any]:
    """Take the buyer's tax registrations out of the order's members, each with its position."""
    tax = mapping(core, "tax")
    entries = list(enumerate(objects(tax, "taxRegistrations")))
    known = ("MARKETPLACE", "MERCHANT")
    personal = [[i, entry] for i, entry in entries if entry.get("entityType") not in known]
    if personal:
        core["tax"] = {**tax, "taxRegistrations": [e for _, e in entries if e.get("entityType") in known]}
        if not core["tax"]["taxRegistrations"]:
            prune(core, _REGISTRATIONS)
    return personal


def _buyer(said: Json, registrations: list[Any], status: Status) -> Buyer | None:
    given = mapping(said, "buyer")
    if not (given or registrations):
        return None
    buyer = contacts.decode_buyer_2026(given, registrations)
    return buyer if status not in WAITING else replace(buyer, published=_shown(buyer.published, status))


def _recipient(said: Json, status: Status, channel: Channel) -> Address | None:
    given = mapping(said, "recipient")
    if not given:
        return None
    gone = status in ALL_SHIPPED or channel is Channel.AFN
    address = contacts.with_phone_as_published(contacts.decode_recipient_2026(given), shipped=gone)
    return (
        address if status in WITH_ADDRESS else replace(address, published=_shown(address.published, status))
    )


def _shown(published: Json, status: Status) -> Json:
    return {"2026": {**published["2026"], wording.AT: status.value}}


def _remember(core: Json, document: OrderDocument) -> OrderDocument:
    rest = deepcopy(core)
    for path in _TYPED:
        prune(rest, path)
    document = replace(document, published={"2026": rest})
    if found := wording.differences(core, _core(document)):
        at = {wording.AT: document.status.value} if document.status in WAITING else {}
        document = replace(document, published={"2026": {**rest, wording.KEY: found, **at}})
    return document


# -- out -------------------------------------------------------------------------------------------


def encode_order(
    doc: OrderDocument, included: frozenset[str] = INCLUDED, *, now: datetime, personal: bool = True
) -> Json:
    """An `Order` as `searchOrders` and `getOrder` give it, with the parts that `included` names
    (`includedData`).

    `personal` False leaves out every personal member whatever `included` says. `now` decides about the
    buyer's phone.
    """
    out = _core(doc)
    out["orderItems"] = [_item(doc, item, included, personal) for item in doc.items or ()]
    if doc.packages:
        out["packages"] = [encode_package(package) for package in doc.packages]
    if personal:
        _add_personal(out, doc, now)
    for key, part in _ORDER_PARTS.items():
        if part not in included:
            out.pop(key, None)
    return out


def _add_personal(out: Json, doc: OrderDocument, now: datetime) -> None:
    if doc.buyer is not None and buyer_visible(doc):
        if buyer := contacts.buyer_2026(doc.buyer):
            out["buyer"] = buyer
        for i, entry in contacts.registrations_2026(doc.buyer):
            if not dig(out, _REGISTRATIONS):
                plant(out, _REGISTRATIONS, [])
            out["tax"]["taxRegistrations"].insert(i, entry)
    if doc.address is not None and address_visible(doc):
        recipient = contacts.recipient_2026(doc.address)
        if not phone_visible(doc, now):
            prune(recipient, ("deliveryAddress", "phone"))
        if recipient:
            out["recipient"] = recipient


def _item(doc: OrderDocument, item: ItemDocument, included: frozenset[str], personal: bool) -> Json:
    shown = personal and doc.status not in WAITING
    out = items_2026.item_2026(item, doc.currency, doc.status, personal=shown)
    cancellations.add_2026(out, doc, item)
    for key, part in _ITEM_PARTS.items():
        if part not in included:
            out.pop(key, None)
    return out


def _core(doc: OrderDocument) -> Json:
    rest = doc.published.get("2026")
    given = deepcopy(_crossed(doc) if rest is None else rest)
    out: Json = {
        "orderId": doc.order_number,
        "createdTime": times.render(doc.placed_at),
        "lastUpdatedTime": times.render(doc.updated_at or doc.placed_at),
        "salesChannel": _sales_channel(doc),
        "fulfillment": _fulfillment(doc),
    }
    if doc.seller_order_id:
        out["orderAliases"] = [{"aliasId": doc.seller_order_id, "aliasType": _ALIAS}]
    if programs := _programs(doc, given.pop("programs", [])):
        out["programs"] = programs
    if doc.status not in WAITING and (total := order_total(doc)) is not None:
        out["proceeds"] = {"grandTotal": V2026.write(doc.currency, total)}
    merge(out, {k: v for k, v in given.items() if k not in wording.INNER})
    known = rest or {}
    hidden = {"proceeds"} if known.get(wording.AT, doc.status.value) != doc.status.value else set()
    return wording.reword(out, known.get(wording.KEY, []), hidden=hidden)


def _crossed(doc: OrderDocument) -> Json:
    return crossing.order_to_2026(doc.published["v0"]) if "v0" in doc.published else {}


def _sales_channel(doc: OrderDocument) -> Json:
    name = "NON_AMAZON" if doc.sales_channel.startswith(_FOREIGN) else "AMAZON"
    pairs = (("marketplaceId", doc.marketplace_id), ("marketplaceName", doc.sales_channel))
    return {"channelName": name, **{key: value for key, value in pairs if value}}


def _fulfillment(doc: OrderDocument) -> Json:
    out: Json = {"fulfillmentStatus": _WORDS[doc.status], "fulfilledBy": _FULFILLED_BY[doc.channel]}
    if doc.service_category:
        out["fulfillmentServiceLevel"] = recase.shout(doc.service_category)
    delivery = doc.channel is Channel.MFN and doc.status not in WAITING | {Status.CANCELED}
    for path, ours in _WINDOWS:
        if (moment := getattr(doc, ours)) is not None and (delivery or path[0] != "deliverByWindow"):
            plant(out, path, times.render(moment))
    return out


def _programs(doc: OrderDocument, given: list[str]) -> list[str]:
    """The programs as published, held to what our own fields say of PRIME, AMAZON_BUSINESS and PREORDER."""
    ours = {
        "PRIME": doc.is_prime,
        "AMAZON_BUSINESS": doc.is_business,
        "PREORDER": doc.order_type == "Preorder",
    }
    kept = [program for program in given if ours.get(program, True)]
    return kept + [program for program, on in ours.items() if on and program not in kept]
