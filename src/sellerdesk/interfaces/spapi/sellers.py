"""Sellers v1: where the seller sells, and who it is."""

from typing import Any

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.interfaces.spapi.protocol import Answer, Call, Operation, answer
from sellerdesk.queries.participations import AccountView, ParticipationView, account, participations

# Nothing here depends on the legal form or the selling plan, so neither is asked for; the protocol wants a word.
_BUSINESS_TYPE = "PRIVATE_LIMITED"
_SELLING_PLAN = "PROFESSIONAL"
_ADDRESS = (
    ("addressLine1", "line1"),
    ("addressLine2", "line2"),
    ("city", "city"),
    ("stateOrProvinceCode", "state"),
    ("postalCode", "postal_code"),
)


def get_marketplace_participations(call: Call) -> Answer:
    """The seller's marketplaces."""
    return answer({"payload": [_participation(one) for one in participations(call.seller_id)]})


def get_account(call: Call) -> Answer:
    """The seller's account: its marketplaces and its business."""
    held = account(call.seller_id)
    payload: dict[str, Any] = {
        "marketplaceParticipationList": [_participation(one) for one in participations(call.seller_id)],
        "businessType": _BUSINESS_TYPE,
        "sellingPlan": _SELLING_PLAN,
    }
    if business := _business(held):
        payload["business"] = business
    return answer({"payload": payload})


def _participation(one: ParticipationView) -> dict[str, Any]:
    place = MARKETPLACES[one.marketplace_id]
    return {
        "marketplace": {
            "id": place.id,
            "countryCode": place.country,
            "name": place.name,
            "defaultCurrencyCode": place.currency,
            "defaultLanguageCode": place.language.replace("-", "_"),
            "domainName": f"www.{place.name.lower()}",
        },
        "participation": {
            "isParticipating": one.is_participating,
            "hasSuspendedListings": one.has_suspended_listings,
        },
        "storeName": one.store_name,
    }


def _business(held: AccountView) -> dict[str, Any]:
    """The business, once its address is known: the protocol has no business without one."""
    address = {name: held.address[ours] for name, ours in _ADDRESS if held.address.get(ours)}
    if "addressLine1" not in address:
        return {}
    country = held.address.get("country") or held.country
    return {"name": held.name, "registeredBusinessAddress": address | {"countryCode": country}}


GET_PARTICIPATIONS = Operation(
    "sellers.getMarketplaceParticipations", get_marketplace_participations, Permission.ORDERS_READ
)
GET_ACCOUNT = Operation("sellers.getAccount", get_account, Permission.ORDERS_READ)
