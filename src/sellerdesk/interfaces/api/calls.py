"""What the operations share: the key of a call, the version it expects, and the answer to its outcomes."""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from sellerdesk.config import clock
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.idempotency import Once, digest_of, parse_key
from sellerdesk.domain.identifiers import is_order_number
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.interfaces.api.answers import outcome
from sellerdesk.interfaces.api.auth import Principal
from sellerdesk.interfaces.api.body import check_text, load
from sellerdesk.interfaces.api.edge import JSON
from sellerdesk.interfaces.api.problems import malformed, of_refusal, render
from sellerdesk.queries.api_orders import Sight

KEY_HEADER = "Idempotency-Key"
_VERSION = re.compile(r'"([0-9]{1,9})"\Z')
# Refusals that concern the call and not one of its requests.
_WHOLE = frozenset({Code.FORBIDDEN, Code.BUSY, Code.KEY_REUSED, Code.KEY_IN_USE})
_KEY_WORDS = "Chosen by you, once for each thing you want done; the same key again gets the same answer."


def key_parameter(*, required: bool) -> dict[str, Any]:
    """The header as OpenAPI describes it."""
    return _header(KEY_HEADER, _KEY_WORDS, required=required)


def version_parameter() -> dict[str, Any]:
    return _header("If-Match", 'The version of the order that you saw, as its ETag: "3".', required=False)


def return_version_parameter() -> dict[str, Any]:
    return _header("If-Match", 'The version of the return that you saw, as its ETag: "3".', required=False)


def principal(request: HttpRequest) -> Principal:
    """Who calls, as the door's authentication found out."""
    found = getattr(request, "auth", None)
    assert isinstance(found, Principal)  # noqa: S101  (ninja sets it before any view)
    return found


def sight_of(who: Principal) -> Sight:
    """What the program may see beside orders."""
    return Sight(buyers=who.may(Permission.BUYERS_READ), money=who.may(Permission.MONEY_READ))


def once(request: HttpRequest, operation: str, *, required: bool = True) -> Once | None:
    """The call's key, bound to who calls, what for, and what was said. Raises Problem 400 without a good one."""
    text = request.headers.get(KEY_HEADER, "").strip()
    if not text and not required:
        return None
    try:
        key = parse_key(text, place=KEY_HEADER)
    except Refusal as refusal:
        reason = (
            "it is required here" if refusal.code is Code.MISSING_VALUE else str(refusal.facts["expected"])
        )
        raise malformed(KEY_HEADER, reason) from refusal
    said = {"path": request.path_info, "match": request.headers.get("If-Match"), "body": load(request.body)}
    return Once(principal(request).key_space, operation, key, digest_of(said), clock.now())


def expected_version(request: HttpRequest) -> int | None:
    """The version in If-Match; None when any will do. Raises Problem 400 for anything else."""
    text = request.headers.get("If-Match", "").strip()
    if text in ("", "*"):
        return None
    match = _VERSION.match(text)
    if match is None:
        raise malformed("If-Match", "expected one ETag as this API gives it")
    return int(match[1])


def known_form(order_number: str) -> str:
    """An order number from a path. Raises Refusal ORDER_NOT_FOUND for what cannot be one."""
    check_text(order_number, place="path")
    if not is_order_number(order_number):
        raise refuse(Code.ORDER_NOT_FOUND, order_number=order_number[:40])
    return order_number


def answer(value: Any, *, status: int = 200, **headers: str) -> HttpResponse:
    """A success. `headers` are named with underscores."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return HttpResponse(render(value), status=status, content_type=JSON, headers=named)


Write = Callable[[Outcome], dict[str, Any]]


def one_outcome(
    outcomes: list[Outcome], *, status: int = 200, location: str = "", write: Write = outcome
) -> HttpResponse:
    """The answer to a call with one request; `location` is a template over the order's number and the facts. Raises
    Problem when it was refused.
    """
    (one,) = outcomes
    if one.refusal is not None:
        raise of_refusal(one.refusal)
    extra = {"Location": location.format(one.order_number, **one.facts)} if location else {}
    if "version" in one.facts:
        extra["ETag"] = f'"{one.facts["version"]}"'
    return answer(write(one), status=status, **extra)


def many_outcomes(outcomes: list[Outcome], *, write: Write = outcome) -> HttpResponse:
    """The answer to a call with several requests. Raises Problem when the call as a whole was refused."""
    reasons = {one.refusal.code if one.refusal else None for one in outcomes}
    if len(reasons) == 1 and reasons & _WHOLE:
        raise of_refusal(outcomes[0].refusal)  # type: ignore[arg-type]  # all of them have one
    return answer({"outcomes": [write(one) for one in outcomes]})


def _header(name: str, words: str, *, required: bool) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "maxLength": 255}
    return {"in": "header", "name": name, "required": required, "schema": schema, "description": words}
