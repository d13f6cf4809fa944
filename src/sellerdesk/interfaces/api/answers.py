"""Orders and outcomes as this door writes them: an allow list, so that nothing gets out by accident (trust P16)."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sellerdesk.domain.money import Money
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.interfaces.api.problems import camel_name, of_refusal, utc
from sellerdesk.queries.api_cancellations import CancellationView, WishView
from sellerdesk.queries.api_orders import ItemView, OrderView, PackageView, Sight, TimelineEntry

_HEAD = (
    *(
        "order_number",
        "seller_order_id",
        "marketplace_id",
        "channel",
        "order_type",
        "sales_channel",
        "status",
    ),
    *("payment_state", "pending_reason", "source", "placed_at", "updated_at", "ready_at", "earliest_ship_at"),
    *(
        "latest_ship_at",
        "earliest_delivery_at",
        "latest_delivery_at",
        "confirmed_at",
        "is_late",
        "auto_cancel_at",
    ),
    *("cancelled_at", "cancelled_by", "cancel_reason", "ship_service", "service_category", "is_business"),
    *("is_prime", "items_known", "units_ordered", "units_shipped", "units_cancelled", "version"),
    *("cancel_requested_at", "counts_in_cr"),
)
_ITEM = (
    *("item_number", "sku", "asin", "title", "condition", "is_gift", "ordered", "shipped", "cancelled"),
    "cancel_requested_at",
)
_PACKAGE = (
    *(
        "reference",
        "version",
        "carrier_code",
        "carrier_name",
        "service",
        "tracking",
        "shipped_at",
        "confirmed_at",
    ),
    *("is_late", "status", "detailed_status", "delivered_at", "memo"),
)
_WISH = ("kind", "state", "reason", "requested_at", "filed_at", "guided_at", "closed_at", "closed_because")
_CANCELLATION = ("at", "by", "reason", "counts", "leaves", "why", "units", "restocked")
# What a command's outcome says to programs; ids of ours are not among it.
_OUTCOME = (
    *(
        "status",
        "pending_reason",
        "latest_ship_at",
        "auto_cancel_at",
        "late",
        "late_by_seconds",
        "references",
    ),
    *("reference", "changes", "detailed_status", "version"),
    *("units", "whole", "counts", "why", "restocked", "items", "answer_by"),
    *("message_id", "thread", "critical", "reply", "hint", "due_at"),
    *("cause", "fault", "funding", "defect", "appeal_until", "rating", "negative", "outcome"),
)
_OUTCOME_MONEY = ("total", "charged", "released", "amount", "paid", "debited")
# Facts of the journal that are minor units of its fact `currency`: for those who may see money.
_JOURNAL_MONEY = ("total", "charged", "released", "amount", "paid", "debited")


def money(minor: int, currency: str) -> dict[str, str]:
    return {"amount": Money(currency, minor).text(), "currencyCode": currency}


def order(view: OrderView, sight: Sight) -> dict[str, Any]:
    """An order; money, buyer and address only stand in it when the caller may see them."""
    head, currency = view.head, view.head.currency
    said = _named(head, _HEAD)
    said["items"] = [_item(item, currency, sight) for item in view.items]
    said["packages"] = [_package(package) for package in view.packages]
    said["cancellationRequest"] = view.wish and wish(view.wish, sight)
    said["cancellations"] = [_cancellation(one, currency, sight) for one in view.cancellations]
    if sight.money:
        said["total"] = None if head.total is None else money(head.total, currency)
        said["charged"] = money(sum(sum(item.charged.values()) for item in view.items), currency)
    if sight.buyers:
        said["buyer"] = view.buyer and {camel_name(name): value for name, value in view.buyer.items()}
        said["shipTo"] = view.address and {camel_name(name): value for name, value in view.address.items()}
    return said


def entry(one: TimelineEntry, sight: Sight) -> dict[str, Any]:
    """An entry of the timeline. Its facts hold nothing personal by the rule of the journal."""
    said = {name: _plain(value) for name, value in asdict(one).items() if name != "facts"}
    facts = {name: value for name, value in one.facts.items() if not name.endswith("_id")}
    currency = facts.pop("currency", None)
    for name in _JOURNAL_MONEY:
        minor = facts.pop(name, None)
        if sight.money and minor is not None and currency:
            facts[name] = money(minor, currency)
    return said | {"facts": {camel_name(name): value for name, value in facts.items()}}


def outcome(one: Outcome) -> dict[str, Any]:
    """What became of one request of a call."""
    said: dict[str, Any] = {"orderNumber": one.order_number, "state": one.state}
    if one.refusal is not None:
        return said | {"problem": of_refusal(one.refusal).members()}
    for name in _OUTCOME:
        if name in one.facts:
            said[camel_name("is_late" if name == "late" else name)] = _spoken(name, one.facts[name])
    if one.facts.get("rate"):
        said["rate"] = {camel_name(name): value for name, value in one.facts["rate"].items()}
    if "changes" in one.facts:
        said["changes"] = sorted(_MEMBERS.get(name, camel_name(name)) for name in one.facts["changes"])
    for name in _OUTCOME_MONEY:
        if one.facts.get(name) is not None and "currency" in one.facts:
            said[name] = money(one.facts[name], one.facts["currency"])
    return said


# What the commands call by another name than this door.
_MEMBERS = {"lines": "items", "transparency_codes": "items"}


def _item(item: ItemView, currency: str, sight: Sight) -> dict[str, Any]:
    said = _named(item, _ITEM)
    if sight.money:
        said["amounts"] = {camel_name(name): money(amount, currency) for name, amount in item.amounts.items()}
        said["charged"] = {camel_name(name): money(amount, currency) for name, amount in item.charged.items()}
    return said


def wish(view: WishView, sight: Sight) -> dict[str, Any]:
    """A buyer's wish to cancel; the buyer's own words stand in it for those who may see buyers."""
    said = _named(view, _WISH) | {"itemNumbers": list(view.item_numbers)}
    return said | ({"words": view.words} if sight.buyers else {})


def _cancellation(view: CancellationView, currency: str, sight: Sight) -> dict[str, Any]:
    said = _named(view, _CANCELLATION) | {"items": units(view.lines), "policy": policy(view)}
    return said | ({"released": money(view.released, currency)} if sight.money else {})


def policy(view: CancellationView) -> dict[str, Any] | None:
    """The policy row that decided, where one did."""
    return {"key": view.policy_key, "value": view.policy_value} if view.policy_key else None


def units(lines: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"itemNumber": number, "quantity": quantity} for number, quantity in lines.items()]


def _package(package: PackageView) -> dict[str, Any]:
    said = _named(package, _PACKAGE)
    said["items"] = [
        {"itemNumber": number, "quantity": quantity, "transparencyCodes": list(codes)}
        for number, quantity, codes in package.lines
    ]
    said["events"] = [
        {"kind": kind, "at": _plain(at), "toldAt": _plain(told_at), "where": where, "raw": raw}
        for kind, at, told_at, where, raw in package.events
    ]
    return said


def _named(view: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {camel_name(name): _plain(getattr(view, name)) for name in names}


def _spoken(name: str, value: Any) -> Any:
    """A fact of an outcome; its instants are text already, in the spelling of Python."""
    return (
        value.replace("+00:00", "Z")
        if name.endswith(("_at", "_by", "_until")) and isinstance(value, str)
        else _plain(value)
    )


def _plain(value: Any) -> Any:
    return utc(value) if isinstance(value, datetime) else value
