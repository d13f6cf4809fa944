"""Orders that another platform sent: the answer of its Orders API as it came over the wire, read from a file."""

import json
from datetime import datetime, timedelta
from typing import Any

from sellerdesk.demo.buyers import contact
from sellerdesk.demo.catalogue import pick, price
from sellerdesk.demo.orders import Pen
from sellerdesk.domain.identifiers import new_item_number, new_order_number
from sellerdesk.domain.marketplaces import by_country
from sellerdesk.domain.money import Money
from sellerdesk.domain.orders import Address

# Status, days since it was placed, days since it changed.
_STATES = (
    ("Unshipped", 0.6, 0.5),
    ("Unshipped", 0.8, 0.7),
    ("Unshipped", 0.3, 0.2),
    ("PartiallyShipped", 1.5, 0.9),
    ("Shipped", 8, 6),
    ("Shipped", 15, 13),
    ("Shipped", 21, 19),
    ("Canceled", 5, 4),
    ("Pending", 0.1, 0.1),
)


def bring_foreign_orders(pen: Pen) -> None:
    """One file of a few orders, imported half an hour ago."""
    orders = [_order(pen, *state) for state in _STATES]
    file = json.dumps({"payload": {"Orders": orders}}, ensure_ascii=False).encode()
    pen.bring(pen.now - timedelta(minutes=30), file)


def _order(pen: Pen, status: str, placed_days: float, changed_days: float) -> dict[str, Any]:
    market = by_country(pen.source.choice(("US", "CA")))
    placed, changed = (pen.now - timedelta(days=days) for days in (placed_days, changed_days))
    buyer, address = contact(pen.source, market.country)
    product = pick(pen.source, pen.products)
    shipped = {"Shipped": 2, "PartiallyShipped": 1}.get(status, 0)
    amount = Money(market.currency, price(product.cents, market.currency) * 2)
    money = {"CurrencyCode": amount.currency, "Amount": amount.text()}
    order: dict[str, Any] = {
        "AmazonOrderId": new_order_number(pen.source),
        "SellerOrderId": f"HP-{pen.source.randrange(10_000, 99_999)}",
        "PurchaseDate": _moment(placed),
        "LastUpdateDate": _moment(changed),
        "OrderStatus": status,
        "FulfillmentChannel": "MFN",
        "SalesChannel": market.name,
        "ShipServiceLevel": "Std US D2D Dom",
        "ShipmentServiceLevelCategory": "Standard",
        "MarketplaceId": market.id,
        "OrderType": "StandardOrder",
        "IsBusinessOrder": False,
        "IsPrime": False,
        "NumberOfItemsShipped": shipped,
        "NumberOfItemsUnshipped": 2 - shipped if status not in ("Canceled", "Pending") else 0,
        "EarliestShipDate": _moment(placed),
        "LatestShipDate": _moment(placed + timedelta(days=3)),
    }
    item: dict[str, Any] = {
        "ASIN": product.asin,
        "SellerSKU": product.sku,
        "OrderItemId": new_item_number(pen.source),
        "Title": product.title(market.language),
        "QuantityOrdered": 2,
        "QuantityShipped": shipped,
        "ConditionId": "New",
        "IsGift": "false",
    }
    if status != "Pending":
        order |= {
            "OrderTotal": money,
            "BuyerInfo": {"BuyerEmail": buyer.email, "BuyerName": buyer.name},
            "ShippingAddress": _address(address),
        }
        item["ItemPrice"] = money
    return order | {"OrderItems": [item]}


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _address(address: Address) -> dict[str, str]:
    said = {
        "Name": address.name,
        "AddressLine1": address.line1,
        "AddressLine2": address.line2,
        "City": address.city,
        "StateOrRegion": address.state,
        "PostalCode": address.postal_code,
        "CountryCode": address.country,
        "Phone": address.phone,
    }
    return {key: value for key, value in said.items() if value}
