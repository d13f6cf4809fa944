"""What every request of this door passes before and after its view: limits, negotiation, and one shape of errors."""

import functools
import logging
from collections.abc import Callable
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from psycopg_pool import PoolTimeout

from sellerdesk.domain.refusals import Refusal
from sellerdesk.interfaces.api.body import BYTES_MOST, check_text
from sellerdesk.interfaces.api.problems import Problem, malformed, of_refusal, respond, simple

View = Callable[..., HttpResponseBase]
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
_BODIES = frozenset({"POST", "PUT", "PATCH"})
_OUTAGE_RETRY_SECONDS = "5"
log = structlog.get_logger("sellerdesk.api")
failures = logging.getLogger("sellerdesk.api")  # whose tracebacks are written without values


def guarded(
    view: View,
    *,
    reads: tuple[str, ...] = (JSON,),
    writes: tuple[str, ...] = (JSON,),
    most: int = BYTES_MOST,
) -> View:
    """Wrap a view of this door; `reads` and `writes` are the media types of its requests and answers, `most` the bytes
    that a body may have.
    """

    @functools.wraps(view)
    def guard(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        method = request.method
        try:
            _check_request(request, reads, writes, most)
            request.method = "GET" if method == "HEAD" else method  # the server leaves the body out
            answer = view(request, *args, **kwargs)
        except Exception as error:  # every answer of this door has one shape, this one too
            answer = answer_to(error)
        request.method = method
        answer = _not_allowed(answer) if answer.status_code == 405 else answer
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    guard.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie means anything here
    return guard


def answer_to(error: Exception) -> HttpResponse:
    """The answer to anything that was raised."""
    if isinstance(error, Problem):
        return respond(error)
    if isinstance(error, Refusal):
        return respond(of_refusal(error))
    if isinstance(error, Http404):
        return respond(simple(404, "not_found", "There is nothing at this address."))
    if isinstance(error, RequestDataTooBig):
        return respond(_too_large())
    if isinstance(error, UnreadablePostError):
        return respond(malformed("body", "the connection ended before it was complete"))
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        log.warning("database unreachable", error=type(error).__qualname__)
        words = "The service is not available for a moment. Please try again."
        return respond(simple(503, "unavailable", words, Retry_After=_OUTAGE_RETRY_SECONDS))
    failures.error("an operation of the API failed", exc_info=error)
    return respond(simple(500, "internal", "Something went wrong here. It has been logged."))


def not_found(request: HttpRequest, rest: str = "") -> HttpResponse:  # noqa: ARG001
    """Whatever else lies under this door."""
    raise Http404


def _check_request(request: HttpRequest, reads: tuple[str, ...], writes: tuple[str, ...], most: int) -> None:
    check_text(request.path_info, place="path")
    for name, values in request.GET.lists():
        check_text(name, place="query")
        for value in values:
            check_text(value, place=name)
    if not _accepts(request.headers.get("Accept", ""), writes):
        raise simple(406, "not_acceptable", f"This address answers with {' or '.join(writes)}.")
    if request.method in _BODIES:
        _check_body(request, reads, most)


def _check_body(request: HttpRequest, reads: tuple[str, ...], most: int) -> None:
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        raise malformed("Content-Length", "expected a number") from None
    if length > most:
        raise _too_large(most)
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise simple(415, "unsupported_media_type", "Compressed bodies are not read.")
    if request.content_type not in reads:
        raise simple(415, "unsupported_media_type", f"The body must be {' or '.join(reads)}.")
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8"):
        raise simple(415, "unsupported_media_type", "The body must be UTF-8.")


def _too_large(most: int = BYTES_MOST) -> Problem:
    return simple(413, "too_large", f"A body may have {most} bytes at most.")


def _accepts(header: str, writes: tuple[str, ...]) -> bool:
    """Whether an Accept header admits one of our media types; a range with q=0 admits nothing."""
    if not header.strip():
        return True
    ranges = {"*/*"} | {kind for one in writes for kind in (one, f"{one.split('/')[0]}/*")}
    ranges.add("application/problem+json")
    for part in header.lower().split(","):
        kind, *params = (word.strip() for word in part.split(";"))
        refused = any(word.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000") for word in params)
        if kind in ranges and not refused:
            return True
    return False


def _not_allowed(answer: HttpResponseBase) -> HttpResponse:
    allowed = [name.strip() for name in answer.headers.get("Allow", "").split(",") if name.strip()]
    if "GET" in allowed:
        allowed.append("HEAD")
    listed = ", ".join(sorted(allowed))
    return respond(simple(405, "method_not_allowed", f"This address knows {listed}.", Allow=listed))
