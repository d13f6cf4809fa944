"""Movements of the ledger in the shapes of Finances v0 and 2024-06-19 (spapi 9). Amounts are JSON numbers there."""

from collections.abc import Iterable, Mapping
from typing import Any

from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.money import exponent
from sellerdesk.domain.postings import Group, Part, Posted
from sellerdesk.wire import times

_CHARGES = {
    "principal": "Principal",
    "tax": "Tax",
    "shipping": "ShippingCharge",
    "shipping_tax": "ShippingTax",
    "gift_wrap": "GiftWrap",
    "gift_wrap_tax": "GiftWrapTax",
    "cod_fee": "CODItemCharge",
    "cod_fee_discount": "Discount",
    "promotion_discount_tax": "TaxDiscount",
    "shipping_discount_tax": "TaxDiscount",
    "return_shipping": "ReturnShipping",
    "goodwill": "Goodwill",
}
_PROMOTIONS = {"promotion_discount", "shipping_discount"}
_FEES = {
    "commission": "Commission",
    "fixed_closing": "FixedClosingFee",
    "variable_closing": "VariableClosingFee",
    "fulfillment": "FBAPerUnitFulfillmentFee",
    "shipping_label": "ShippingServices",
    "refund_administration": "RefundCommission",
    "other": "Other",
}
# Movement → list in v0, transaction type and description in 2024-06-19.
_KINDS = {
    "charge": ("ShipmentEventList", "Shipment", "Order Payment"),
    "refund": ("RefundEventList", "Refund", "Refund Order"),
    "refund_reversal": ("RefundEventList", "Refund", "Refund Order Reversal"),
    "claim": ("GuaranteeClaimEventList", "GuaranteeClaim", "A-to-z Guarantee Claim"),
    "claim_reversal": ("GuaranteeClaimEventList", "GuaranteeClaim", "A-to-z Guarantee Claim Reversal"),
    "chargeback": ("ChargebackEventList", "Chargeback", "Chargeback"),
    "fee": ("ServiceFeeEventList", "ServiceFee", "Service Fee"),
    "payout": ("", "Transfer", "Transfer to bank account"),
}
LISTS = (
    "ShipmentEventList",
    "RefundEventList",
    "GuaranteeClaimEventList",
    "ChargebackEventList",
    "ServiceFeeEventList",
)


def amount(minor: int, currency: str) -> float:
    """Minor units as the number that the protocol wants; exact to the last digit of any amount there can be."""
    return round(minor / 10 ** exponent(currency), exponent(currency)) if exponent(currency) else minor


def currency_v0(minor: int, currency: str) -> dict[str, Any]:
    return {"CurrencyCode": currency, "CurrencyAmount": amount(minor, currency)}


def encode_events(events: Iterable[Posted]) -> dict[str, Any]:
    """Events of v0, by the lists that hold them."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in LISTS}
    for event in events:
        place = _KINDS[event.kind][0]
        if place:
            found[place].append(_fee_event(event) if event.kind == "fee" else _shipment_event(event))
    return found


def encode_group(group: Group) -> dict[str, Any]:
    """A financial event group of v0. What was paid is named as the payout was."""
    said: dict[str, Any] = {
        "FinancialEventGroupId": group.id,
        "ProcessingStatus": "Closed" if group.end else "Open",
        "OriginalTotal": currency_v0(group.total, group.currency),
        "FinancialEventGroupStart": times.render(group.start),
    }
    if group.end and group.paid_at:
        said |= {
            "FundTransferStatus": "Succeeded",
            "FundTransferDate": times.render(group.paid_at),
            "TraceId": group.reference,
            "ConvertedTotal": currency_v0(group.total, group.currency),
            "FinancialEventGroupEnd": times.render(group.end),
        }
    return said


def _place(event: Posted) -> str:
    place = MARKETPLACES.get(event.marketplace_id)
    return place.name if place else ""


def _shipment_event(event: Posted) -> dict[str, Any]:
    """A shipment, or what was taken back: the lists of the one are not those of the other."""
    after = "" if event.kind == "charge" else "Adjustment"
    said: dict[str, Any] = {
        "AmazonOrderId": event.order_number,
        "SellerOrderId": event.seller_order_id,
        "MarketplaceName": _place(event),
        "PostedDate": times.render(event.at),
    }
    lines: dict[str, list[Part]] = {}
    for part in event.parts:
        lines.setdefault(part.item_number, []).append(part)
    if whole := lines.pop("", []):
        said[f"OrderCharge{after}List"] = [_charge(part, event.currency) for part in whole]
    said[f"ShipmentItem{after}List"] = [_item(event, number, parts, after) for number, parts in lines.items()]
    return said


def _item(event: Posted, number: str, parts: list[Part], after: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "SellerSKU": parts[0].sku,
        "OrderItemId": number,
        "QuantityShipped": parts[0].units,
    }
    if after:
        said["OrderAdjustmentItemId"] = f"{event.id}-{number}"
    charges = [part for part in parts if part.component not in _PROMOTIONS]
    promotions = [part for part in parts if part.component in _PROMOTIONS]
    said[f"ItemCharge{after}List"] = [_charge(part, event.currency) for part in charges]
    if promotions:
        said[f"Promotion{after}List"] = [
            {
                "PromotionType": "PromotionMetaDataDefinitionValue",
                "PromotionId": part.component,
                "PromotionAmount": currency_v0(part.amount, event.currency),
            }
            for part in promotions
        ]
    return said


def _charge(part: Part, currency: str) -> dict[str, Any]:
    kind = _CHARGES.get(part.component, part.component)
    return {"ChargeType": kind, "ChargeAmount": currency_v0(part.amount, currency)}


def _fee_event(event: Posted) -> dict[str, Any]:
    fees = [
        {"FeeType": _FEES.get(part.component, "Other"), "FeeAmount": currency_v0(part.amount, event.currency)}
        for part in event.parts
    ]
    return {"AmazonOrderId": event.order_number, "FeeReason": fees[0]["FeeType"], "FeeList": fees}


def encode_transaction(event: Posted, seller: str, group_id: str) -> dict[str, Any]:
    """A transaction of 2024-06-19."""
    _, kind, words = _KINDS[event.kind]
    related = {"ORDER_ID": event.order_number, "FINANCIAL_EVENT_GROUP_ID": group_id}
    said: dict[str, Any] = {
        "sellingPartnerMetadata": {"sellingPartnerId": seller, "accountType": "PAYABLE"}
        | ({"marketplaceId": event.marketplace_id} if event.marketplace_id else {}),
        "relatedIdentifiers": _related(related, "relatedIdentifier"),
        "transactionType": kind,
        "transactionId": str(event.id),
        "transactionStatus": "RELEASED",
        "description": words,
        "postedDate": times.render(event.at),
        "totalAmount": _money(sum(part.amount for part in event.parts), event.currency),
        "items": _items(event),
        "breakdowns": _breakdowns(event, event.parts),
    }
    if event.marketplace_id:
        said["marketplaceDetails"] = {
            "marketplaceId": event.marketplace_id,
            "marketplaceName": _place(event),
        }
    return said


def _items(event: Posted) -> list[dict[str, Any]]:
    lines: dict[str, list[Part]] = {}
    for part in event.parts:
        if part.item_number:
            lines.setdefault(part.item_number, []).append(part)
    adjustment = "" if event.kind == "charge" else f"{event.id}-{{}}"
    return [
        {
            "description": parts[0].sku,
            "relatedIdentifiers": _related(
                {"ORDER_ADJUSTMENT_ITEM_ID": adjustment.format(number), "TRANSACTION_ID": str(event.id)},
                "itemRelatedIdentifier",
            ),
            "totalAmount": _money(sum(part.amount for part in parts), event.currency),
            "breakdowns": _breakdowns(event, parts),
            "contexts": [
                {
                    "contextType": "ProductContext",
                    "asin": parts[0].asin,
                    "sku": parts[0].sku,
                    "quantityShipped": parts[0].units,
                    "fulfillmentNetwork": event.channel,
                }
            ],
        }
        for number, parts in lines.items()
    ]


def _related(values: Mapping[str, str], name: str) -> list[dict[str, str]]:
    return [{f"{name}Name": key, f"{name}Value": value} for key, value in values.items() if value]


def _breakdowns(event: Posted, parts: Iterable[Part]) -> list[dict[str, Any]]:
    names = _FEES if event.kind == "fee" else _CHARGES
    sums: dict[str, int] = {}
    for part in parts:
        kind = names.get(part.component, part.component or "Transfer")
        sums[kind] = sums.get(kind, 0) + part.amount
    return [
        {"breakdownType": kind, "breakdownAmount": _money(sum_, event.currency)}
        for kind, sum_ in sums.items()
    ]


def _money(minor: int, currency: str) -> dict[str, Any]:
    return {"currencyCode": currency, "currencyAmount": amount(minor, currency)}
