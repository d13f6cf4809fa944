"""Say in one Orders API what a document of the other one said beyond our own fields.

A table of pairs: a member of v0, the path of its counterpart in 2026-01-01, and how the value changes on the
way there and back. Members without a counterpart are not carried over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sellerdesk.wire import recase
from sellerdesk.wire.fields import Json, dig, plant

Turn = Callable[[Any], Any]


def _as_is(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Pair:
    """One member in both APIs. A turn that answers None means that the other API cannot say it."""

    v0: tuple[str, ...]
    new: tuple[str, ...]
    forth: Turn = _as_is
    back: Turn = _as_is


def _calm_words(word: Any) -> Any:
    return recase.calm(str(word), joint=" ")


def _shout(word: Any) -> Any:
    return recase.shout(str(word))


def _calm(word: Any) -> Any:
    return recase.calm(str(word))


def _promotions(ids: Any) -> Any:
    return [{"promotionId": i} for i in ids] if isinstance(ids, list) else None


def _promotion_ids(breakdowns: Any) -> Any:
    return (
        [b["promotionId"] for b in breakdowns if "promotionId" in b] if isinstance(breakdowns, list) else None
    )


_FACILITATOR = "Amazon Services, Inc."  # the only responsible party that v0 can name


def _collections(collection: Any) -> Any:
    party = {"responsibleParty": p} if (p := collection.get("ResponsibleParty")) else {}
    return [{"model": recase.shout(collection.get("Model", "MarketplaceFacilitator")), **party}]


def _collection(collections: Any) -> Any:
    for entry in collections if isinstance(collections, list) else []:
        if entry.get("model") == "MARKETPLACE_FACILITATOR":
            party = (
                {"ResponsibleParty": _FACILITATOR} if entry.get("responsibleParty") == _FACILITATOR else {}
            )
            return {"Model": "MarketplaceFacilitator", **party}
    return None


def _scheme(category: Any) -> Any:
    return [{"reportingScheme": category}]


def _category(breakdowns: Any) -> Any:
    schemes = [b.get("reportingScheme") for b in breakdowns] if isinstance(breakdowns, list) else []
    return next((s for s in schemes if s in ("IOSS", "UOSS")), None)


def _request(wish: Any) -> Any:
    if str(wish.get("IsBuyerRequestedCancel", "")).lower() != "true":
        return None
    reason = {"cancelReason": r} if (r := wish.get("BuyerCancelReason")) else {}
    return {"requester": "BUYER", **reason}


def _wish(request: Any) -> Any:
    if request.get("requester") != "BUYER":
        return None
    reason = {"BuyerCancelReason": r} if (r := request.get("cancelReason")) else {}
    return {"IsBuyerRequestedCancel": "true", **reason}


def _constraints(constraints: Any) -> Any:
    return recase.to_v0({k: v for k, v in constraints.items() if k != "cashOnDelivery"}) or None


_SHIPPING = ("fulfillment", "shipping")
_PACKING = ("fulfillment", "packing")
_CONDITION = ("product", "condition")
_WINDOW = (*_SHIPPING, "scheduledDeliveryWindow")
ITEM = (
    Pair(("AssociatedItems",), ("associatedOrderItems",), recase.to_2026, recase.to_v0),
    Pair(("PointsGranted",), ("expense", "pointsCost", "pointsGranted"), recase.to_2026, recase.to_v0),
    Pair(("PromotionIds",), ("promotion", "breakdowns"), _promotions, _promotion_ids),
    Pair(("ConditionNote",), (*_CONDITION, "conditionNote")),
    Pair(("ConditionSubtypeId",), (*_CONDITION, "conditionSubtype"), _shout, _calm_words),
    Pair(("ScheduledDeliveryStartDate",), (*_WINDOW, "earliestDateTime")),
    Pair(("ScheduledDeliveryEndDate",), (*_WINDOW, "latestDateTime")),
    Pair(("PriceDesignation",), ("product", "price", "priceDesignation"), _shout, _calm),
    Pair(("TaxCollection",), ("tax", "taxCollections"), _collections, _collection),
    Pair(("DeemedResellerCategory",), ("tax", "taxCalculationBreakdowns"), _scheme, _category),
    Pair(("IossNumber",), (*_SHIPPING, "internationalShipping", "iossNumber")),
    Pair(("BuyerRequestedCancel",), ("cancellation", "cancellationRequest"), _request, _wish),
    Pair(("SerialNumbers",), ("product", "serialNumbers")),
    Pair(
        ("SubstitutionPreferences",),
        ("fulfillment", "picking", "substitutionPreference"),
        recase.to_2026,
        recase.to_v0,
    ),
    Pair(("Measurement",), ("measurement",), recase.to_2026, recase.to_v0),
    Pair(("ShippingConstraints",), (*_SHIPPING, "shippingConstraints"), recase.to_2026, _constraints),
    Pair(("GiftWrapLevel",), (*_PACKING, "giftOption", "giftWrapLevel")),
)
PERSONAL = (
    Pair(("GiftMessageText",), (*_PACKING, "giftOption", "giftMessage")),
    Pair(("BuyerCustomizedInfo", "CustomizedURL"), ("product", "customization", "customizedUrl")),
)
ORDER = (
    Pair(("PaymentExecutionDetail",), ("payment", "paymentExecutions"), recase.to_2026, recase.to_v0),
    Pair(("ElectronicInvoiceStatus",), ("tax", "taxInvoicing", "invoiceStatus"), _shout, _calm),
    Pair(("BuyerInvoicePreference",), ("tax", "taxInvoicing", "buyerInvoicePreference")),
)
# Programs that v0 says as flags of the order. PRIME, AMAZON_BUSINESS and PREORDER are fields of our own.
_FLAGS = (
    ("IsPremiumOrder", "PREMIUM"),
    ("IsISPU", "IN_STORE_PICK_UP"),
    ("IsIBA", "INVOICE_BY_AMAZON"),
)
_ORIGINALS = ("REPLACEMENT_ORIGINAL_ID", "EXCHANGE_ORIGINAL_ID")


def _forth(rest: Mapping[str, Any], pairs: tuple[Pair, ...]) -> Json:
    out: Json = {}
    for pair in pairs:
        value = dig(rest, pair.v0)
        if value not in (None, "") and (turned := pair.forth(value)) is not None:
            plant(out, pair.new, turned)
    return out


def _back(rest: Mapping[str, Any], pairs: tuple[Pair, ...]) -> Json:
    out: Json = {}
    for pair in pairs:
        value = dig(rest, pair.new)
        if value not in (None, "") and (turned := pair.back(value)) is not None:
            plant(out, pair.v0, turned)
    return out


def item_to_2026(rest: Json) -> Json:
    """The impersonal remainder of a v0 line as members of a 2026 line."""
    out = _forth(rest, ITEM)
    programs = ["TRANSPARENCY"] if rest.get("IsTransparency") is True else []
    programs += [p for p in dig(rest, ("AmazonPrograms", "Programs")) or [] if p not in programs]
    if programs:
        out["programs"] = programs
    if rest.get("SerialNumberRequired") is True:
        plant(out, (*_PACKING, "serialNumberRequirement", "requirementType"), "REQUIRED")
    return out


def item_to_v0(rest: Json) -> Json:
    """The impersonal remainder of a 2026 line as members of a v0 line."""
    out = _back(rest, ITEM)
    programs = [p for p in rest.get("programs", []) if p != "TRANSPARENCY"]
    if "TRANSPARENCY" in rest.get("programs", []):
        out["IsTransparency"] = True
    if programs:
        out["AmazonPrograms"] = {"Programs": programs}
    if dig(rest, (*_PACKING, "serialNumberRequirement", "requirementType")) == "REQUIRED":
        out["SerialNumberRequired"] = True
    return out


def personal_to_2026(rest: Json) -> Json:
    """The personal remainder of a v0 line as members of a 2026 line."""
    return _forth(rest, PERSONAL)


def personal_to_v0(rest: Json) -> Json:
    """The personal remainder of a 2026 line as members of a v0 line's `BuyerInfo`."""
    return _back(rest, PERSONAL)


def order_to_2026(rest: Json) -> Json:
    """The impersonal remainder of a v0 order as members of a 2026 order."""
    out = _forth(rest, ORDER)
    programs = [program for key, program in _FLAGS if rest.get(key) is True]
    if programs:
        out["programs"] = programs
    if replaced := rest.get("ReplacedOrderId"):
        out["associatedOrders"] = [{"orderId": replaced, "associationType": _ORIGINALS[0]}]
    registrations = []
    for entry in dig(rest, ("MarketplaceTaxInfo", "TaxClassifications")) or []:
        kind = {"taxRegistrationType": entry.get("Name", ""), "taxRegistrationNumber": entry.get("Value", "")}
        registrations.append({"entityType": "MARKETPLACE", **kind})
    if name := rest.get("SellerDisplayName"):
        registrations.append({"entityType": "MERCHANT", "legalName": name})
    if registrations:
        plant(out, ("tax", "taxRegistrations"), registrations)
    return out


def order_to_v0(rest: Json) -> Json:
    """The impersonal remainder of a 2026 order as members of a v0 order."""
    out = _back(rest, ORDER)
    if out.get("PaymentExecutionDetail") and any(
        "PaymentMethod" not in p for p in out["PaymentExecutionDetail"]
    ):
        del out["PaymentExecutionDetail"]  # v0 demands a method
    programs = rest.get("programs", [])
    out.update((key, program in programs) for key, program in _FLAGS)
    originals = [a for a in rest.get("associatedOrders", []) if a.get("associationType") in _ORIGINALS]
    out["IsReplacementOrder"] = bool(originals)
    if originals and originals[0].get("orderId"):
        out["ReplacedOrderId"] = originals[0]["orderId"]
    out.update(_tax_to_v0(dig(rest, ("tax", "taxRegistrations")) or []))
    return out


def _tax_to_v0(registrations: list[Json]) -> Json:
    out: Json = {}
    for entry in registrations:
        if entry.get("entityType") == "MARKETPLACE" and entry.get("taxRegistrationType"):
            pair = {"Name": entry["taxRegistrationType"], "Value": entry.get("taxRegistrationNumber", "")}
            out.setdefault("MarketplaceTaxInfo", {"TaxClassifications": []})["TaxClassifications"].append(
                pair
            )
        elif entry.get("entityType") == "MERCHANT" and entry.get("legalName"):
            out["SellerDisplayName"] = entry["legalName"]
    return out
