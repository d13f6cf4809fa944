"""Addresses of the native API, each behind the door's own edge."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.docs import Swagger

from sellerdesk.interfaces.api import (
    cancellations,
    claims,
    feedback,
    ledger,
    message_shapes,
    messages,
    orders,
    patterns,
    rates,
    refunds,
    return_files,
    return_settings,
    returns,
    steps,
    tokens,
)
from sellerdesk.interfaces.api.answer_shapes import ProblemAnswer
from sellerdesk.interfaces.api.auth import BearerToken
from sellerdesk.interfaces.api.body import BYTES_MOST, StrictParser, unwrapped
from sellerdesk.interfaces.api.edge import FORM, JSON, answer_to, guarded, not_found
from sellerdesk.interfaces.api.problems import MEDIA_TYPE, malformed, respond, simple

_TAGS = frozenset({"one", "many", "payload"})
_DESCRIPTION = """Place and follow orders. Money is text with a currency, times are ISO 8601 with an offset, and every
answer that is not a success is a problem (RFC 9457) with a stable `code`."""

api = NinjaAPI(
    title="Sellerdesk",
    version="1",
    description=_DESCRIPTION,
    urls_namespace="api-1",
    auth=BearerToken(),
    parser=StrictParser(),
    docs=Swagger({"tryItOutEnabled": False, "persistAuthorization": False}),
)
api.add_router("/token", tokens.router)
api.add_router("/orders", orders.router)
api.add_router("/orders", steps.router)
api.add_router("/orders", cancellations.router)
api.add_router("/orders", messages.router)
api.add_router("/orders", claims.router)
api.add_router("/orders", feedback.router)
api.add_router("/claims", claims.listed)
api.add_router("/cancellations", cancellations.bulk)
api.add_router("/cancellation-rate", rates.router)
api.add_router("/orders", ledger.fees)
api.add_router("", ledger.router)
api.add_router("/orders", refunds.router)
api.add_router("/refunds", refunds.bulk)
api.add_router("/orders", returns.router)
api.add_router("/orders", return_files.router)
api.add_router("/returns", returns.lists)
api.add_router("/return-settings", return_settings.settings)
api.add_router("/return-rules", return_settings.rules)


@api.exception_handler(Exception)
def on_error(request: HttpRequest, error: Exception) -> HttpResponse:  # noqa: ARG001
    return answer_to(error)


@api.exception_handler(HttpError)
def on_ninja_error(request: HttpRequest, error: HttpError) -> HttpResponse:  # noqa: ARG001
    words = str(error).rstrip(".") + "."
    return respond(unwrapped(error) or simple(error.status_code, "malformed", words))


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:  # noqa: ARG001
    """Name every place that is wrong; the first one stands in the detail."""
    found = [{"place": _place(one["loc"]), "reason": _reason(one)} for one in error.errors]
    return respond(malformed(found[0]["place"], found[0]["reason"], errors=found))


def _place(loc: tuple[Any, ...]) -> str:
    steps = [step for step in loc[1:] if step not in _TAGS or isinstance(step, int)]
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return place.lstrip(".") or "body"


def _reason(one: dict[str, Any]) -> str:
    if one["type"] == "extra_forbidden":
        return "unknown member"
    if one["type"] == "missing":
        return "it is missing"
    if one["type"] == "string_pattern_mismatch":
        return f"expected {patterns.WORDS[one['ctx']['pattern']]}"
    words = str(one["msg"]).removeprefix("Value error, ")
    return words[:1].lower() + words[1:]


def _problems() -> dict[str, Any]:
    schema = ProblemAnswer.model_json_schema(by_alias=True)
    return {"description": "A problem", "content": {MEDIA_TYPE: {"schema": schema}}}


_ROUTERS = (
    tokens.router,
    orders.router,
    steps.router,
    cancellations.router,
    messages.router,
    claims.router,
    feedback.router,
    claims.listed,
    cancellations.bulk,
    rates.router,
    ledger.fees,
    ledger.router,
    refunds.router,
    refunds.bulk,
    returns.router,
    returns.lists,
    return_files.router,
    return_settings.settings,
    return_settings.rules,
)


def _describe_problems() -> None:
    """Add the one shape of all problems to every operation of the OpenAPI document."""
    for router in _ROUTERS:
        for view in router.path_operations.values():
            for operation in view.operations:
                extra = operation.openapi_extra or {}
                responses = {**extra.get("responses", {}), "default": _problems()}
                operation.openapi_extra = extra | {"responses": responses}


# Addresses that take files, by their last word.
_MORE_BYTES = {
    "messages": message_shapes.BYTES_MOST,
    "buyer-messages": message_shapes.BYTES_MOST,
    "returns": return_files.BYTES_MOST,
    "authorization": return_files.BYTES_MOST,
    "inspection": return_files.BYTES_MOST,
}


def _wrapped(pattern: Any) -> URLPattern:
    reads = (FORM, JSON) if str(pattern.pattern).startswith("token") else (JSON,)
    writes = ("text/html",) if pattern.name == "openapi-view" else (JSON,)
    writes = (return_files.JPEG,) if str(pattern.pattern).endswith("<photo_id>") else writes
    view = not_found if pattern.name == "api-root" else pattern.callback
    most = _MORE_BYTES.get(str(pattern.pattern).rpartition("/")[2], BYTES_MOST)
    view = guarded(view, reads=reads, writes=writes, most=most)
    return path(str(pattern.pattern), view, pattern.default_args, pattern.name)


_describe_problems()
_patterns, _app, _namespace = api.urls
urlpatterns = [*(_wrapped(pattern) for pattern in _patterns), path("<path:rest>", guarded(not_found))]
app_name = _namespace
