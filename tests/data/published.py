"""The answers that Amazon publishes with its models (Apache-2.0, see spapi/LICENSE), as Python values."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "spapi"
V0, V2026 = HERE / "orders_v0", HERE / "orders_2026-01-01"


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def model(name: str) -> Any:
    return load(HERE / "models" / f"{name}.json")


def orders_v0() -> list[dict[str, Any]]:
    """Every published v0 order; the one whose items, buyer and address stand apart comes joined with them."""
    found = []
    for path in sorted(V0.glob("getOrders-*.json")) + sorted(V0.glob("getOrder-*.json")):
        payload = load(path)["payload"]
        found += payload.get("Orders", [payload])
    return [*found, joined_v0()]


def joined_v0() -> dict[str, Any]:
    order = load(V0 / "getOrder-1.json")["payload"]
    items = load(V0 / "getOrderItems-1.json")["payload"]["OrderItems"]
    buyer = load(V0 / "getOrderBuyerInfo-1.json")["payload"]
    address = load(V0 / "getOrderAddress-1.json")["payload"]
    info = {key: value for key, value in buyer.items() if key != "AmazonOrderId"}
    return {**order, "OrderItems": items, "BuyerInfo": info, "ShippingAddress": address["ShippingAddress"]}


def orders_2026() -> list[dict[str, Any]]:
    """Every published 2026-01-01 order."""
    found = []
    for path in sorted(V2026.glob("*.json")):
        answer = load(path)
        found += answer.get("orders") or [answer["order"]]
    return found


def full_v0() -> dict[str, Any]:
    """An order that says nearly everything that v0 can say."""
    money = lambda amount: {"CurrencyCode": "USD", "Amount": amount}  # noqa: E731
    order = joined_v0()
    order.update(
        SellerOrderId="shop-17",
        OrderChannel="WebsiteOrderChannel",
        IsReplacementOrder=True,
        ReplacedOrderId="902-1111111-2222222",
        IsPremiumOrder=True,
        IsISPU=True,
        IsIBA=True,
        IsPrime=True,
        IsBusinessOrder=True,
        SellerDisplayName="TechStore",
        BuyerInvoicePreference="BUSINESS",
        ElectronicInvoiceStatus="Processing",
        MarketplaceTaxInfo={"TaxClassifications": [{"Name": "CNPJ", "Value": "15436940"}]},
        BuyerTaxInformation={
            "BuyerLegalCompanyName": "Acme",
            "BuyerTaxRegistrationId": "TR1",
            "BuyerTaxOffice": "office",
        },
        PaymentExecutionDetail=[{"Payment": money("11.01"), "PaymentMethod": "GC"}],
        OrderTotal=money("41.07"),
        NumberOfItemsUnshipped=2,
    )
    order["BuyerInfo"] |= {
        "PurchaseOrderNumber": "PO-9",
        "BuyerTaxInfo": {"CompanyLegalName": "Acme", "TaxClassifications": [{"Name": "VAT", "Value": "7"}]},
    }
    order["OrderItems"][0].update(
        QuantityOrdered=2,
        ItemPrice=money("30.00"),
        ShippingPrice=money("5.00"),
        ItemTax=money("3.00"),
        ShippingTax=money("0.50"),
        PromotionDiscount=money("2.00"),
        PromotionDiscountTax=money("0.10"),
        ShippingDiscount=money("1.00"),
        CODFee=money("1.50"),
        CODFeeDiscount=money("0.25"),
        PromotionIds=["SUMMER", "SHIP"],
        IsGift="true",
        ConditionNote="as new",
        ConditionId="Used",
        ConditionSubtypeId="Very Good",
        ScheduledDeliveryStartDate="1970-01-19T04:06:39Z",
        ScheduledDeliveryEndDate="1970-01-19T04:15:17Z",
        PriceDesignation="BusinessPrice",
        TaxCollection={"Model": "MarketplaceFacilitator", "ResponsibleParty": "Amazon Services, Inc."},
        SerialNumberRequired=True,
        IsTransparency=True,
        IossNumber="IM123",
        SerialNumbers=["S1", "S2"],
        AmazonPrograms={"Programs": ["SUBSCRIBE_AND_SAVE"]},
        ShippingConstraints={"SignatureConfirmation": "MANDATORY"},
        Measurement={"Unit": "OUNCES", "Value": 1.5},
        PointsGranted={"PointsNumber": 3, "PointsMonetaryValue": money("0.03")},
        AssociatedItems=[
            {"OrderId": "902-1111111-2222222", "OrderItemId": "9", "AssociationType": "VALUE_ADD_SERVICE"}
        ],
        SubstitutionPreferences={
            "SubstitutionType": "CUSTOMER_PREFERENCE",
            "SubstitutionOptions": [{"ASIN": "B1", "QuantityOrdered": 1, "SellerSKU": "S", "Title": "T"}],
        },
        BuyerInfo={
            "BuyerCustomizedInfo": {"CustomizedURL": "https://example.com/z.zip"},
            "GiftMessageText": "Et toi!",
            "GiftWrapPrice": money("3.99"),
            "GiftWrapTax": money("0.43"),
            "GiftWrapLevel": "Classic",
        },
    )
    return order
