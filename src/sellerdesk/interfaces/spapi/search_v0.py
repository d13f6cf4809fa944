"""The parameters of getOrders, and the token that carries them from page to page (spapi 2.2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.orders import Channel, Status
from sellerdesk.interfaces.spapi import paging, relaying
from sellerdesk.interfaces.spapi.errors import invalid
from sellerdesk.interfaces.spapi.parameters import Query
from sellerdesk.interfaces.spapi.windows import V0, read_window
from sellerdesk.queries.spapi_orders import Cursor, OrderSearch

MOST_ORDERS = 100  # of a page
MOST_IDS = 50
TOKEN = "NextToken"  # noqa: S105  (a parameter's name)
_OPERATION = "ordersV0.getOrders"
_PAYMENT_METHODS = ("COD", "CVS", "Other")
_EASY_SHIP = (
    "PendingSchedule", "PendingPickUp", "PendingDropOff", "LabelCanceled", "PickedUp", "DroppedOff", "AtOriginFC",
    "AtDestinationFC", "Delivered", "RejectedByBuyer", "Undeliverable", "ReturningToSeller", "ReturnedToSeller",
    "Lost", "OutForDelivery", "Damaged",
)  # fmt: skip
_INVOICES = ("NotRequired", "NotFound", "Processing", "Errored", "Accepted")
_NOT_WITH_SELLER_ORDER_ID = (
    "FulfillmentChannels",
    "OrderStatuses",
    "PaymentMethods",
    "LastUpdatedAfter",
    "LastUpdatedBefore",
    "BuyerEmail",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page of getOrders is asked for."""

    search: OrderSearch
    size: int
    since: Cursor | None = None


def read(query: Query, seller_id: int, now: datetime) -> Asked:
    """The request, from its token if it has one, else from its parameters. Raises ApiError 400."""
    if token := query.text(TOKEN, most=8192):
        return _continued(token, seller_id)
    return Asked(
        _search(query, now), query.whole("MaxResultsPerPage", low=1, high=MOST_ORDERS) or MOST_ORDERS
    )


def next_token(asked: Asked, seller_id: int, cursor: Cursor) -> str:
    """The token of the page after `cursor`. All filters travel in it, so they may be sent again or left out."""
    content: dict[str, Any] = {"n": asked.size, "c": [cursor.at.isoformat(), cursor.order_id]}
    given = {name: value for name, value in msgspec.to_builtins(asked.search).items() if value}
    if asked.search.is_pickup is False:
        given["is_pickup"] = False
    return paging.seal(_OPERATION, seller_id, content | {"s": given})


def _continued(token: str, seller_id: int) -> Asked:
    content = paging.unseal(token, _OPERATION, seller_id, name=TOKEN)
    at, order_id = content["c"]
    search = msgspec.convert(content["s"], OrderSearch)
    return Asked(search, content["n"], Cursor(datetime.fromisoformat(at), order_id))


def _search(query: Query, now: datetime) -> OrderSearch:
    marketplaces = _marketplaces(query)
    seller_order_id = query.text("SellerOrderId", most=100)
    if seller_order_id:
        for name in _NOT_WITH_SELLER_ORDER_ID:
            if query.text(name, most=8192):
                raise invalid(f"{name} cannot be used together with SellerOrderId.")
    window = read_window(query, V0, now)
    email = query.text("BuyerEmail", most=254)
    order_of_email = relaying.order_of(email)
    return OrderSearch(
        clock=window.clock,
        after=window.after,
        before=window.before,
        marketplaces=marketplaces,
        statuses=query.listing("OrderStatuses", allowed=tuple(Status)),
        channels=query.listing("FulfillmentChannels", allowed=tuple(Channel)),
        payment_methods=query.listing("PaymentMethods", allowed=_PAYMENT_METHODS),
        buyer_email="" if order_of_email else email,
        buyer_order=order_of_email,
        seller_order_id=seller_order_id,
        order_numbers=query.listing("AmazonOrderIds", most=MOST_IDS),
        easy_ship_statuses=query.listing("EasyShipShipmentStatuses", allowed=_EASY_SHIP),
        invoice_statuses=query.listing("ElectronicInvoiceStatuses", allowed=_INVOICES),
        supply_source=query.text("ActualFulfillmentSupplySourceId"),
        store=query.text("StoreChainStoreId"),
        is_pickup=query.flag("IsISPU"),
        earliest_delivery_after=query.instant("EarliestDeliveryDateAfter"),
        earliest_delivery_before=query.instant("EarliestDeliveryDateBefore"),
        latest_delivery_after=query.instant("LatestDeliveryDateAfter"),
        latest_delivery_before=query.instant("LatestDeliveryDateBefore"),
    )


def _marketplaces(query: Query) -> tuple[str, ...]:
    given = query.listing("MarketplaceIds", most=50)
    if not given:
        raise invalid("MarketplaceIds is required.")
    return known_marketplaces(given)


def known_marketplaces(given: tuple[str, ...]) -> tuple[str, ...]:
    """The ids themselves. Raises ApiError 400 for one that no marketplace has."""
    for one in given:
        if one not in MARKETPLACES:
            raise invalid(f"Marketplace ID is not defined: {one}.")
    return given
