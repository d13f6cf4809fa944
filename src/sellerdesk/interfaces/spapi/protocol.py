"""The way of every request: token, bucket, handler, headers; and an answer of the protocol whatever happens."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from psycopg_pool import PoolTimeout

from sellerdesk.config import clock
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.callers import Caller
from sellerdesk.interfaces.spapi import access, bodies, errors, plans
from sellerdesk.interfaces.spapi.access import Access
from sellerdesk.interfaces.spapi.errors import ApiError
from sellerdesk.interfaces.spapi.parameters import Query

JSON = "application/json"
_WITH_RATE = frozenset({400, 404})  # beside every success; other errors carry no rate (spapi 1.4)
_encode = msgspec.json.Encoder().encode
log = structlog.get_logger("sellerdesk.spapi")


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way to its operation, with the one `now` that everything below it uses."""

    request: HttpRequest
    access: Access
    now: datetime

    @property
    def seller_id(self) -> int:
        return self.access.seller_id

    @property
    def query(self) -> Query:
        """The parameters in the address. Raises ApiError 400 when they are not sound text."""
        return Query(self.request.META.get("QUERY_STRING", ""))

    def body(self) -> dict[str, Any]:
        """The JSON object that was sent. Raises ApiError 400, 413 or 415."""
        return bodies.read_json(self.request)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answers: JSON that is ready to go."""

    body: bytes = b""
    status: int = 200


def answer(value: Any, status: int = 200) -> Answer:
    """An answer from plain values."""
    return Answer(_encode(value), status)


NO_CONTENT = Answer(status=204)
Handler = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its name in `plans.PLANS`, what it needs, and who does it."""

    name: str
    handler: Handler
    permission: Permission
    needs_restricted: bool = False  # answered to restricted data tokens only
    takes_restricted: bool = False  # answered to both; a restricted token opens more
    grantless: str = ""  # the scope of the token without a seller that it needs instead
    takes_access: bool = False  # beside a grantless token, a seller's will do


def endpoint(operations: Mapping[str, Operation]) -> Callable[..., HttpResponse]:
    """A view of one path: HTTP method → operation."""

    def view(request: HttpRequest, **path: str) -> HttpResponse:
        return _serve(request, operations, path)

    view.csrf_exempt = True  # type: ignore[attr-defined]  # programs bring tokens, never cookies
    view.operations = operations  # type: ignore[attr-defined]  # for the tests that walk all routes
    return view


def unknown(_request: HttpRequest, **_path: str) -> HttpResponse:
    """Any path of the protocol that is not served."""
    return _error(errors.not_found(), _headers())


unknown.csrf_exempt = True  # type: ignore[attr-defined]


def plain(work: Callable[[], Answer]) -> HttpResponse:
    """Answer a request that brings no token and belongs to no operation, in the protocol's form whatever happens."""
    return _answered(_headers(), work)


def _serve(request: HttpRequest, operations: Mapping[str, Operation], path: dict[str, str]) -> HttpResponse:
    headers = _headers()

    def work() -> Answer:
        operation = operations.get(request.method or "")
        if operation is None:
            raise errors.wrong_method(list(operations))
        now = clock.now()
        plan = plans.PLANS[operation.name].scaled(float(settings.RATE_LIMIT_SCALE))
        token = request.META.get("HTTP_X_AMZ_ACCESS_TOKEN")
        admission = access.knock(token, operation.name, plan, now)
        granted = _admit(admission.caller, operation, request)
        if admission.left is None:
            raise errors.over_quota()
        headers["x-amzn-RateLimit-Limit"] = plans.header(plan.rate)
        return operation.handler(Call(request, granted, now), **path)

    return _answered(headers, work)


def _answered(headers: dict[str, str], work: Callable[[], Answer]) -> HttpResponse:
    try:
        given = work()
        return HttpResponse(given.body, status=given.status, content_type=JSON, headers=headers)
    except ApiError as error:
        return _error(error, headers)
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        log.warning("database unreachable", error=type(error).__qualname__)
        return _error(errors.unavailable(), headers)
    except Exception:
        log.exception("spapi request failed", request_id=headers["x-amzn-RequestId"])
        return _error(errors.failed(), headers)


def _admit(caller: Caller, operation: Operation, request: HttpRequest) -> Access:
    if operation.grantless and not (operation.takes_access and caller.kind == "access"):
        return access.admit_grantless(caller, operation.grantless)
    if caller.kind == "restricted" and not (operation.needs_restricted or operation.takes_restricted):
        raise errors.denied()
    return access.admit(
        caller,
        operation.permission,
        request.method or "",
        request.path_info,
        needs_restricted=operation.needs_restricted,
    )


def _headers() -> dict[str, str]:
    return {"x-amzn-RequestId": str(uuid.uuid4())}


def _error(error: ApiError, headers: dict[str, str]) -> HttpResponse:
    if error.status not in _WITH_RATE:
        headers.pop("x-amzn-RateLimit-Limit", None)
    body = _encode({"errors": [problem.as_json() for problem in error.problems]})
    return HttpResponse(body, status=error.status, content_type=JSON, headers=headers | error.headers)
