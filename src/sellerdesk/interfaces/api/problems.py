"""Problem details (RFC 9457): the one shape of every answer that is not a success."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

from sellerdesk.domain.refusals import Refusal
from sellerdesk.interfaces.api.refusals import PASSING, WORDINGS, detail

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = "1"


@dataclass
class Problem(Exception):
    """A request that cannot be answered as asked; `facts` say it again for programs."""

    status: int
    code: str
    title: str
    detail: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)  # members beside the standard ones

    def members(self) -> dict[str, Any]:
        """The problem as a JSON object."""
        return {
            "type": f"urn:sellerdesk:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "facts": dict(self.facts),
            **self.extra,
        }


def of_refusal(refusal: Refusal) -> Problem:
    """A rule's no, in the words of this door."""
    wording = WORDINGS[refusal.code]
    headers = {"Retry-After": RETRY_AFTER_SECONDS} if refusal.code in PASSING else {}
    said = detail(refusal)
    return Problem(wording.status, refusal.code.value, wording.title, said, camel(refusal.facts), headers)


def malformed(place: str, reason: str, **facts: Any) -> Problem:
    """A request that cannot be read, with the place that is wrong."""
    said = f"{place}: {reason}." if place else f"{reason[:1].upper()}{reason[1:]}."
    return Problem(400, "malformed", "The request cannot be read", said, {"place": place, **facts})


def simple(status: int, code: str, words: str, **headers: str) -> Problem:
    """A problem that needs no facts."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Problem(status, code, HTTPStatus(status).phrase, words, headers=named)


def respond(problem: Problem) -> HttpResponse:
    """The answer to send."""
    answer = HttpResponse(render(problem.members()), status=problem.status, content_type=MEDIA_TYPE)
    for name, value in problem.headers.items():
        answer[name] = value
    return answer


def render(value: Any) -> bytes:
    """JSON as this door writes it; the same value gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain).encode()


def camel(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts with the names that programs know: order_number becomes orderNumber."""
    return {camel_name(name): value for name, value in facts.items()}


def camel_name(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def utc(moment: datetime) -> str:
    """An instant as this door writes it: ISO 8601 in UTC with a Z."""
    return moment.isoformat().replace("+00:00", "Z")


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return utc(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)
