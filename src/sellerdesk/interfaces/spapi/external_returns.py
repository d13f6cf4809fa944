"""External fulfilment returns 2024-09-11, the part that reads: one item a returned line (spapi 9)."""

from typing import Any

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.identifiers import tracking_key
from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.return_facts import ReturnKind
from sellerdesk.interfaces.spapi.errors import invalid, not_found
from sellerdesk.interfaces.spapi.finances import Pages
from sellerdesk.interfaces.spapi.parameters import Query
from sellerdesk.interfaces.spapi.protocol import Answer, Call, Operation, answer
from sellerdesk.queries.spapi_finances import merchant_token
from sellerdesk.queries.spapi_returns import ReturnedLine, ReturnSearch, returned_line, returned_lines
from sellerdesk.wire import times
from sellerdesk.wire.external_returns import states_of, status_of

PAGE, MOST = 10, 100
LOCATION = "DEFAULT"  # returns have no locations here: all of them come to the seller


def list_returns(call: Call) -> Answer:
    """Returned lines, the oldest request first."""
    query = call.query
    size = query.whole("maxResults", low=1, high=MOST) or PAGE
    pages = Pages("listReturns", call.seller_id, query, "nextToken")
    search, (_, since) = _search(query), pages.place()
    elsewhere = query.text("returnLocationId") not in ("", LOCATION)
    found, end = ([], None) if elsewhere else returned_lines(call.seller_id, search, since=since, limit=size)
    merchant = merchant_token(call.seller_id)
    said: dict[str, Any] = {"returns": [_return(one, merchant) for one in found]}
    if end is not None:
        said["nextToken"] = pages.token(end)
    return answer(said)


def get_return(call: Call, return_id: str) -> Answer:
    """One returned line."""
    found = (
        returned_line(call.seller_id, int(return_id)) if return_id.isdigit() and len(return_id) < 19 else None
    )
    if found is None:
        raise not_found()
    return answer(_return(found, merchant_token(call.seller_id)))


def _search(query: Query) -> ReturnSearch:
    status, states = query.text("status"), None
    if status:
        states = states_of(status)
        if states is None:
            raise invalid("status has an invalid value.")
    changed = query.instant("lastUpdatedSince"), query.instant("lastUpdatedUntil")
    if any(changed) and not (query.text("returnLocationId") and status):
        raise invalid("lastUpdatedSince and lastUpdatedUntil need returnLocationId and status.")
    tracking = query.text("reverseTrackingId", most=100)
    return ReturnSearch(
        rma=query.text("rmaId", most=40),
        states=states,
        tracking_key=tracking_key(tracking) if tracking else "",
        # The older names of the two bounds are still spoken.
        created_from=query.instant("createdSince") or query.instant("lastUpdatedAfter"),
        created_before=query.instant("createdUntil") or query.instant("lastUpdatedBefore"),
        changed_from=changed[0],
        changed_before=changed[1],
    )


def _return(one: ReturnedLine, merchant: str) -> dict[str, Any]:
    place = MARKETPLACES.get(one.marketplace_id)
    moments = {"deliveryDateTime": one.received_at, "pickupDateTime": one.in_transit_at}
    shipping: dict[str, Any] = {name: times.render(at) for name, at in moments.items() if at}
    shipping |= _tracking("forwardTrackingInfo", one.forward_carrier, one.forward_tracking)
    shipping |= _tracking("reverseTrackingInfo", one.carrier, one.tracking)
    return {
        "id": str(one.id),
        "returnLocationId": LOCATION,
        "merchantSku": one.sku,
        "returnType": "REJECT" if one.kind == ReturnKind.REFUSED else "CUSTOMER",
        "returnSubType": "NORMAL",
        "numberOfUnits": one.quantity,
        "status": status_of(one.state),
        "fulfillmentLocationId": LOCATION,
        "creationDateTime": times.render(one.requested_at),
        "lastUpdatedDateTime": times.render(one.changed_at),
        "returnMetadata": {
            "returnReason": one.reason.upper(),
            "rmaId": one.rma,
            "fulfillmentOrderId": one.order_number,
        },
        "returnShippingInfo": shipping,
        "marketplaceChannelDetails": {
            "marketplaceChannel": {"marketplaceName": place.name if place else "", "channelName": "MFN"},
            "merchantId": merchant,
            "shipmentId": one.parcel,
            "customerOrderId": one.order_number,
            "returnLocationId": LOCATION,
            "channelSku": one.sku,
        },
        "packageDeliveryMode": "WITHOUT_OTP",
    }


def _tracking(name: str, carrier: str, number: str) -> dict[str, Any]:
    return {name: {"carrierName": carrier, "trackingId": number}} if number else {}


LIST = Operation("externalReturns.listReturns", list_returns, Permission.ORDERS_READ)
GET = Operation("externalReturns.getReturn", get_return, Permission.ORDERS_READ)
