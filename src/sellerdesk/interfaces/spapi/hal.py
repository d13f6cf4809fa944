"""Lists of what may be done with an order, as JSON Hypertext Application Language (spapi 1.3), and the marketplace that
Messaging and Solicitations ask for with every call.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sellerdesk.interfaces.spapi.errors import invalid, not_found
from sellerdesk.interfaces.spapi.orders_v0 import check_id
from sellerdesk.interfaces.spapi.protocol import Call
from sellerdesk.queries.spapi_orders import read_head

_PARAMETER = "marketplaceIds"
_DRAFT_4 = "http://json-schema.org/draft-04/schema#"


def one_marketplace(call: Call, body: Mapping[str, Any] | None = None) -> str:
    """The one marketplace of a call: in the address, or where a client puts it there, in the body.

    Raises ApiError 400 for none, for several, and for what is none.
    """
    given = call.query.listing(_PARAMETER)
    said = (body or {}).get(_PARAMETER, [])
    if not given and isinstance(said, str | list):
        given = tuple(str(one) for one in ([said] if isinstance(said, str) else said))
    if not given:
        raise invalid(f"Missing request parameter: {_PARAMETER}.")
    if len(given) > 1:
        raise invalid(f"{_PARAMETER} has too many values. Exactly one is supported.")
    return given[0]


def check_order(call: Call, order_id: str, body: Mapping[str, Any] | None = None) -> str:
    """The call's marketplace, once the order is known to be the seller's and placed there. Raises ApiError 400, 404."""
    check_id(order_id)
    head = read_head(call.seller_id, order_id)
    if head is None:
        raise not_found()
    marketplace_id = one_marketplace(call, body)
    if head.marketplace_id != marketplace_id:
        raise invalid(f"{_PARAMETER} {marketplace_id} does not match order {order_id}.")
    return marketplace_id


def actions(
    path: str, marketplace_id: str, found: Sequence[tuple[str, str, dict[str, Any]]]
) -> dict[str, Any]:
    """The list: for each action its name, its path below `path`, and the JSON schema of its body."""
    query = f"?{_PARAMETER}={marketplace_id}"
    here = {"href": path + query}
    links = [{"href": f"{path}/{part}{query}", "name": name} for name, part, _ in found]
    embedded = [
        {
            # The schema has no address of its own: it stands in this very answer.
            "_links": {"self": link, "schema": here},
            "_embedded": {"schema": {"_links": {"self": here}, "payload": {"$schema": _DRAFT_4} | schema}},
            "payload": {"name": name},
        }
        for (name, _, schema), link in zip(found, links, strict=True)
    ]
    return {"_links": {"self": here, "actions": links}, "_embedded": {"actions": embedded}}
