"""Order lines in Orders 2026-01-01 (`OrderItem`)."""

from copy import deepcopy
from dataclasses import replace

from sellerdesk.domain.orders import WAITING, Component, ItemDocument, Status
from sellerdesk.wire import crossing, recase, wording
from sellerdesk.wire.cancel_marks import marks_2026
from sellerdesk.wire.fields import (
    Json,
    dig,
    mapping,
    merge,
    needed,
    objects,
    plant,
    prune,
    text,
    whole,
    wrong,
)
from sellerdesk.wire.money import V2026, Purse

_TYPED: tuple[tuple[str, ...], ...] = (
    ("orderItemId",),
    ("quantityOrdered",),
    ("product", "asin"),
    ("product", "title"),
    ("product", "sellerSku"),
    ("product", "condition", "conditionType"),
    ("product", "price", "unitPrice"),
    ("proceeds",),
    ("fulfillment", "quantityFulfilled"),
    ("fulfillment", "quantityUnfulfilled"),
)
_GIFT = ("fulfillment", "packing", "giftOption")
_PERSONAL: tuple[tuple[str, ...], ...] = ((*_GIFT, "giftMessage"), ("product", "customization"))
_OTHERS = "otherProceeds"  # breakdowns of kinds that are no component of ours, kept under a name of our own
# Each kind of proceeds with its parts: which component stands under which subtype.
_PLAIN = {
    "ITEM": Component.PRINCIPAL,
    "SHIPPING": Component.SHIPPING,
    "GIFT_WRAP": Component.GIFT_WRAP,
    "COD_FEE": Component.COD_FEE,
}
_TAX: dict[str, tuple[Component, ...]] = {
    "ITEM": (Component.TAX,),
    "SHIPPING": (Component.SHIPPING_TAX,),
    "GIFT_WRAP": (Component.GIFT_WRAP_TAX,),
    "DISCOUNT": (Component.PROMOTION_DISCOUNT_TAX, Component.SHIPPING_DISCOUNT_TAX),
}
_DISCOUNT: dict[str, tuple[Component, ...]] = {
    "ITEM": (Component.PROMOTION_DISCOUNT,),
    "SHIPPING": (Component.SHIPPING_DISCOUNT,),
    "COD_FEE": (Component.COD_FEE_DISCOUNT,),
}


# -- in --------------------------------------------------------------------------------------------


def decode_item(said: Json, purse: Purse, status: Status) -> ItemDocument:
    """One line: fulfilled units are shipped ones, ordered less both fulfilled and unfulfilled are cancelled
    ones.

    Without its quantities (`FULFILLMENT` was not asked for) a line is read by the order's status.
    """
    product, packing = mapping(said, "product"), dig(said, ("fulfillment", "packing"))
    ordered = whole(said, "quantityOrdered")
    shipped, cancelled = _quantities(said, ordered, status)
    rest = deepcopy(said)
    personal: Json = {}
    for path in _PERSONAL:
        if (value := dig(rest, path)) is not None:
            plant(personal, path, value)
            prune(rest, path)
    amounts, others = _proceeds(mapping(said, "proceeds"), purse)
    unit = purse.charge(mapping(product, "price"), "unitPrice")
    if unit is not None and Component.PRINCIPAL not in amounts:
        amounts[Component.PRINCIPAL] = unit * ordered
    for path in _TYPED:
        prune(rest, path)
    item = ItemDocument(
        item_number=needed(said, "orderItemId"),
        sku=text(product, "sellerSku"),
        title=text(product, "title"),
        ordered=ordered,
        shipped=shipped,
        cancelled=cancelled,
        asin=text(product, "asin"),
        condition=recase.calm(text(mapping(product, "condition"), "conditionType")),
        is_gift=isinstance(packing, dict) and "giftOption" in packing,
        amounts=amounts,
        published={"2026": {**rest, **({_OTHERS: others} if others else {})}},
        personal={"2026": personal} if personal else {},
        **marks_2026(said),
    )
    return _remember(said, item, purse.currency, status)


def _quantities(said: Json, ordered: int, status: Status) -> tuple[int, int]:
    fulfillment = mapping(said, "fulfillment")
    if "quantityFulfilled" not in fulfillment and "quantityUnfulfilled" not in fulfillment:
        done = status in (Status.SHIPPED, Status.INVOICE_UNCONFIRMED)
        return (ordered if done else 0), (ordered if status is Status.CANCELED else 0)
    shipped = whole(fulfillment, "quantityFulfilled", default=0)
    rest = ordered - shipped if status is not Status.CANCELED else 0
    left = whole(fulfillment, "quantityUnfulfilled", default=max(rest, 0))
    if shipped + left > ordered:
        raise wrong("fulfillment", f"{shipped} fulfilled, {left} unfulfilled", f"at most {ordered} in all")
    return shipped, ordered - shipped - left


def _proceeds(proceeds: Json, purse: Purse) -> tuple[dict[Component, int], list[Json]]:
    amounts: dict[Component, int] = {}
    others: list[Json] = []
    for entry in objects(proceeds, "breakdowns"):
        kind = needed(entry, "type")
        if kind in _PLAIN and (minor := purse.charge(entry, "subtotal")) is not None:
            amounts[_PLAIN[kind]] = amounts.get(_PLAIN[kind], 0) + minor
        elif kind in ("TAX", "DISCOUNT"):
            _add_parts(entry, purse, amounts)
        else:
            others.append(entry)
    purse.read(proceeds, "proceedsTotal")
    return amounts, others


def _add_parts(entry: Json, purse: Purse, amounts: dict[Component, int]) -> None:
    """Taxes and discounts by their parts; what the parts leave open falls to the item itself."""
    tax = entry["type"] == "TAX"
    table = _TAX if tax else _DISCOUNT
    total = abs(purse.read(entry, "subtotal") or 0)
    for part in objects(entry, "detailedBreakdowns"):
        components = table.get(text(part, "subtype"), table["ITEM"])
        value = abs(purse.read(part, "value") or 0)
        lowers = not tax or text(part, "subtype") == "DISCOUNT"
        total -= -value if tax and lowers else value
        amounts[components[0]] = amounts.get(components[0], 0) + (-value if lowers else value)
    if total or not entry.get("detailedBreakdowns"):
        home = table["ITEM"][0]
        amounts[home] = amounts.get(home, 0) + (total if tax else -total)


def _remember(said: Json, item: ItemDocument, currency: str, status: Status) -> ItemDocument:
    public = deepcopy(said)
    for path in _PERSONAL:
        prune(public, path)
    published = item.published
    if found := wording.differences(public, _public(item, currency, status)):
        at = {wording.AT: status.value} if status in WAITING else {}
        published = {"2026": {**published["2026"], wording.KEY: found, **at}}
    return replace(item, published=published)


# -- out -------------------------------------------------------------------------------------------


def item_2026(item: ItemDocument, currency: str, status: Status, *, personal: bool) -> Json:
    """The members of an `OrderItem`; `personal` adds the gift message and the customisation."""
    out = _public(item, currency, status)
    if not personal:
        return out
    own = item.personal.get("2026")
    given = crossing.personal_to_2026(item.personal.get("v0", {})) if own is None else own
    return merge(out, deepcopy(given))


def _public(item: ItemDocument, currency: str, status: Status) -> Json:
    rest = item.published.get("2026")
    given = crossing.item_to_2026(item.published.get("v0", {})) if rest is None else rest
    out: Json = {"orderItemId": item.item_number, "quantityOrdered": item.ordered, "product": _product(item)}
    if currency and status not in WAITING:
        principal = item.amounts.get(Component.PRINCIPAL)
        if principal is not None and item.ordered:
            unit = V2026.write(currency, _unit_price(principal, item.ordered))
            out["product"]["price"] = {"unitPrice": unit}
        if proceeds := _proceeds_2026(item, currency, given.get(_OTHERS, [])):
            out["proceeds"] = proceeds
    left = item.ordered - item.shipped - item.cancelled
    out["fulfillment"] = {"quantityFulfilled": item.shipped, "quantityUnfulfilled": left}
    if item.is_gift and status not in WAITING:
        plant(out, _GIFT, {})
    more = {k: v for k, v in given.items() if k != _OTHERS and k not in wording.INNER}
    merge(out, deepcopy(more))
    if rest is None and status in WAITING:
        out.pop("promotion", None)
    hidden = {"product", "proceeds"} if rest and rest.get(wording.AT, status.value) != status.value else set()
    return wording.reword(out, (rest or {}).get(wording.KEY, []), hidden=hidden)


def _product(item: ItemDocument) -> Json:
    pairs = (("asin", item.asin), ("title", item.title), ("sellerSku", item.sku))
    product: Json = {key: value for key, value in pairs if value}
    if item.condition:
        product["condition"] = {"conditionType": recase.shout(item.condition)}
    return product


def _unit_price(principal: int, ordered: int) -> int:
    """The price of one unit, rounded half up where the line's price does not divide."""
    return (2 * principal + ordered) // (2 * ordered)


def _proceeds_2026(item: ItemDocument, currency: str, others: list[Json]) -> Json:
    breakdowns: list[Json] = [
        {"type": kind, "subtotal": V2026.write(currency, item.amounts[component])}
        for kind, component in _PLAIN.items()
        if component in item.amounts
    ]
    for kind, table, sign in (("TAX", _TAX, 1), ("DISCOUNT", _DISCOUNT, -1)):
        if entry := _parts_2026(item, currency, table, sign):
            breakdowns.append({"type": kind, **entry})
    if not breakdowns and not others:
        return {}
    total = V2026.write(currency, sum(item.amounts.values()))
    return {"proceedsTotal": total, "breakdowns": breakdowns + others}


def _parts_2026(
    item: ItemDocument, currency: str, table: dict[str, tuple[Component, ...]], sign: int
) -> Json:
    """A subtotal and, unless all of it belongs to the item itself, its parts.

    Discounts are written as positive amounts.
    """
    parts = {
        subtype: sum(item.amounts.get(component, 0) for component in components)
        for subtype, components in table.items()
        if any(component in item.amounts for component in components)
    }
    if not parts:
        return {}
    entry: Json = {"subtotal": V2026.write(currency, sign * sum(parts.values()))}
    if parts.keys() != {"ITEM"}:
        entry["detailedBreakdowns"] = [
            {"subtype": subtype, "value": V2026.write(currency, -minor if _lowers(subtype, sign) else minor)}
            for subtype, minor in parts.items()
        ]
    return entry


def _lowers(subtype: str, sign: int) -> bool:
    return sign < 0 or subtype == "DISCOUNT"
