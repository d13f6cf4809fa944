"""Order lines in Orders v0 (`OrderItem`, `ItemBuyerInfo`)."""

from dataclasses import replace

from sellerdesk.domain.orders import WAITING, Component, ItemDocument, Status
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.wire import crossing, wording
from sellerdesk.wire.cancel_marks import marks_v0
from sellerdesk.wire.fields import Json, flag, mapping, needed, text, whole, wrong
from sellerdesk.wire.money import V0, Purse

_CHARGES = (
    ("ItemPrice", Component.PRINCIPAL),
    ("ShippingPrice", Component.SHIPPING),
    ("ItemTax", Component.TAX),
    ("ShippingTax", Component.SHIPPING_TAX),
    ("CODFee", Component.COD_FEE),
)
_DISCOUNTS = (
    ("ShippingDiscount", Component.SHIPPING_DISCOUNT),
    ("ShippingDiscountTax", Component.SHIPPING_DISCOUNT_TAX),
    ("PromotionDiscount", Component.PROMOTION_DISCOUNT),
    ("PromotionDiscountTax", Component.PROMOTION_DISCOUNT_TAX),
    ("CODFeeDiscount", Component.COD_FEE_DISCOUNT),
)
_GIFT = (("GiftWrapPrice", Component.GIFT_WRAP), ("GiftWrapTax", Component.GIFT_WRAP_TAX))
_PERSONAL = ("GiftMessageText", "BuyerCustomizedInfo")
_TYPED = {
    "ASIN",
    "SellerSKU",
    "OrderItemId",
    "Title",
    "QuantityOrdered",
    "QuantityShipped",
    "IsGift",
    "ConditionId",
}
_TYPED |= {key for key, _ in (*_CHARGES, *_DISCOUNTS)}
# What getOrderItems leaves out while an order waits for its payment (spapi 2.4).
_HIDDEN_WAITING = {key for key, _ in (*_CHARGES, *_DISCOUNTS)} | {"IsGift", "PromotionIds"}


def decode_item(said: Json, purse: Purse, status: Status, *, closed: bool) -> ItemDocument:
    """One line. `closed`: nothing of the order is left to ship, so that what was not shipped was cancelled.

    v0 does not publish cancelled quantities; they follow from the order's status.
    """
    info = mapping(said, "BuyerInfo")
    ordered, shipped = whole(said, "QuantityOrdered"), whole(said, "QuantityShipped", default=0)
    if shipped > ordered:
        raise wrong("QuantityShipped", shipped, f"at most QuantityOrdered ({ordered})")
    rest = {k: v for k, v in said.items() if k not in _TYPED and (k != "BuyerInfo" or not v)}
    if "GiftWrapLevel" in info:
        rest["GiftWrapLevel"] = info["GiftWrapLevel"]
    known = {"GiftWrapLevel", *(key for key, _ in _GIFT)}
    item = ItemDocument(
        item_number=needed(said, "OrderItemId"),
        sku=text(said, "SellerSKU"),
        title=text(said, "Title"),
        ordered=ordered,
        shipped=shipped,
        cancelled=ordered - shipped if closed else 0,
        asin=text(said, "ASIN"),
        condition=text(said, "ConditionId"),
        is_gift=flag(said, "IsGift"),
        amounts=_amounts(said, info, purse),
        published={"v0": rest},
        personal=_named({k: v for k, v in info.items() if k not in known}),
        **marks_v0(said),
    )
    return _remember(said, item, purse.currency, status)


def _named(personal: Json) -> Json:
    """Nothing personal leaves nothing behind: most lines then need no row beside the order."""
    return {"v0": personal} if personal else {}


def _amounts(said: Json, info: Json, purse: Purse) -> dict[Component, int]:
    read = [(component, purse.charge(said, key)) for key, component in _CHARGES]
    read += [(component, purse.discount(said, key)) for key, component in _DISCOUNTS]
    read += [(component, purse.charge(info, key)) for key, component in _GIFT]
    return {component: minor for component, minor in read if minor is not None}


def _remember(said: Json, item: ItemDocument, currency: str, status: Status) -> ItemDocument:
    public = {k: v for k, v in said.items() if k != "BuyerInfo" or not v}
    published, personal = item.published, item.personal
    if found := wording.differences(public, item_v0(item, currency, status)):
        at = {wording.AT: status.value} if status in WAITING else {}
        published = {"v0": {**published["v0"], wording.KEY: found, **at}}
    if found := wording.differences(mapping(said, "BuyerInfo"), buyer_info_v0(item, currency)):
        personal = {"v0": {**personal.get("v0", {}), wording.KEY: found}}
    return replace(item, published=published, personal=personal)


def item_v0(item: ItemDocument, currency: str, status: Status) -> Json:
    """The members of `OrderItem` but `BuyerInfo`.

    Prices, gift and promotions are hidden while the order is Pending.
    """
    rest = item.published.get("v0")
    given = crossing.item_to_v0(item.published.get("2026", {})) if rest is None else rest
    out: Json = {"ASIN": item.asin, "OrderItemId": item.item_number}
    out |= {k: v for k, v in (("SellerSKU", item.sku), ("Title", item.title)) if v}
    out |= {"QuantityOrdered": item.ordered, "QuantityShipped": item.shipped}
    if currency:
        pairs = [(key, item.amounts.get(c)) for key, c in _CHARGES]
        pairs += [(key, -item.amounts[c]) for key, c in _DISCOUNTS if c in item.amounts]
        out |= {key: V0.write(currency, minor) for key, minor in pairs if minor is not None}
    out["IsGift"] = "true" if item.is_gift else "false"
    if item.condition:
        out["ConditionId"] = item.condition
    out.update((k, v) for k, v in given.items() if k != "GiftWrapLevel" and k not in wording.INNER)
    hidden: set[str] = set()
    if status in WAITING:
        for key in _HIDDEN_WAITING:
            out.pop(key, None)
    if rest and rest.get(wording.AT, status.value) != status.value:
        hidden = _HIDDEN_WAITING
    return wording.reword(out, (rest or {}).get(wording.KEY, []), hidden=hidden)


def buyer_info_v0(item: ItemDocument, currency: str) -> Json:
    """The members of an item's `BuyerInfo`: gift wrap, gift message, customisation."""
    rest = item.personal.get("v0")
    given = crossing.personal_to_v0(item.personal.get("2026", {})) if rest is None else rest
    level = item.published.get("v0", {}).get("GiftWrapLevel")
    if level is None and "v0" not in item.published:
        level = crossing.item_to_v0(item.published.get("2026", {})).get("GiftWrapLevel")
    out: Json = {}
    if currency:
        out |= {key: V0.write(currency, item.amounts[c]) for key, c in _GIFT if c in item.amounts}
    if level is not None:
        out["GiftWrapLevel"] = level
    out.update((k, v) for k, v in given.items() if k != wording.KEY)
    return wording.reword(out, (rest or {}).get(wording.KEY, []))


def unique(items: tuple[ItemDocument, ...]) -> None:
    """Raises Refusal DUPLICATE_REQUEST when two lines of an order carry the same number."""
    seen: set[str] = set()
    for i, item in enumerate(items, 1):
        if item.item_number in seen:
            raise refuse(Code.DUPLICATE_REQUEST, place=f"item {i}", value=item.item_number)
        seen.add(item.item_number)
