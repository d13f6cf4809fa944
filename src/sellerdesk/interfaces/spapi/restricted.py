"""Tokens 2021-03-01: restricted data tokens, bound to paths and to parts of personal data (spapi 1.6)."""

from typing import Any

from sellerdesk.commands.tokens import NewToken, issue_token
from sellerdesk.domain.actors import Permission
from sellerdesk.interfaces.spapi.access import ELEMENTS, LIFETIME, RESTRICTED, covers, digest, new_token
from sellerdesk.interfaces.spapi.bodies import Members
from sellerdesk.interfaces.spapi.errors import BAD_TOKEN, ApiError, denied, invalid
from sellerdesk.interfaces.spapi.protocol import Answer, Call, Operation, answer

MOST_RESOURCES = 50
_METHODS = ("GET", "PUT", "POST", "DELETE")
_ORDER = "/orders/v0/orders/{orderId}"
# What can be restricted here, and whether parts of personal data are chosen for it.
_RESOURCES = {
    "/orders/v0/orders": True,
    _ORDER: True,
    f"{_ORDER}/orderItems": True,
    f"{_ORDER}/buyerInfo": False,
    f"{_ORDER}/address": False,
    f"{_ORDER}/orderItems/buyerInfo": False,
    f"{_ORDER}/regulatedInfo": False,
}


def create_restricted_data_token(call: Call) -> Answer:
    """Hand out a token for the resources that the body lists. Whether those orders exist is not looked at."""
    body = Members(call.body())
    body.text("targetApplication")
    listed = body.objects("restrictedResources", needed=True)
    if body.missing or body.mistyped:
        raise _bad("Resource not provided.")
    if len(listed) > MOST_RESOURCES:
        raise _bad(f"At most {MOST_RESOURCES} resources are supported.")
    resources = [_resource(one) for one in listed]
    token = new_token(RESTRICTED)
    made = NewToken(
        call.access.caller.client_id,
        call.seller_id,
        digest(token),
        "restricted",
        call.now + LIFETIME,
        resources=resources,
    )
    if not issue_token(made, now=call.now):
        raise denied(BAD_TOKEN)
    return answer({"restrictedDataToken": token, "expiresIn": int(LIFETIME.total_seconds())})


def _resource(one: Members) -> dict[str, Any]:
    method, path, elements = one.text("method"), one.text("path"), one.texts("dataElements")
    if one.mistyped or method not in _METHODS or not path.startswith("/"):
        raise _bad("Resource not provided.")
    known = [template for template in _RESOURCES if covers({"method": "GET", "path": template}, method, path)]
    if not known:
        raise _bad(f"{method} {path} is not a restricted resource.")
    for name in elements:
        if name not in ELEMENTS:
            raise _bad(f"Data element {name} is not supported.")
    # Where nothing is to be chosen the whole resource is meant; elements that a program names all the same are ignored.
    return {"method": method, "path": path, "elements": list(elements) if _RESOURCES[known[0]] else []}


def _bad(details: str) -> ApiError:
    return invalid("Request is missing or has invalid parameters", details, code="InvalidRequest")


CREATE = Operation("tokens.createRestrictedDataToken", create_restricted_data_token, Permission.BUYERS_READ)
