"""Errors of the protocol: an HTTP status and one or more entries of `errors` (spapi 1.2 to 1.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

DENIED = "Access to requested resource is denied."
MISSING_TOKEN = "Access token is missing in the request header."  # noqa: S105  (a text, not a secret)
BAD_TOKEN = "The access token you provided is revoked, malformed or invalid."  # noqa: S105
EXPIRED_TOKEN = "The access token you provided has expired."  # noqa: S105


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of `errors`."""

    message: str
    code: str = "InvalidInput"
    details: str = ""

    def as_json(self) -> dict[str, Any]:
        """The entry with the members of the models' `Error`."""
        return {"code": self.code, "message": self.message, "details": self.details}


class ApiError(Exception):
    """An answer that is not a success."""

    def __init__(
        self, status: int, problems: Sequence[Problem], headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(problems[0].message)
        self.status = status
        self.problems = tuple(problems)
        self.headers = headers or {}


def invalid(message: str, details: str = "", *, code: str = "InvalidInput") -> ApiError:
    """400 with one entry."""
    return ApiError(400, [Problem(message, code, details)])


def denied(details: str = "") -> ApiError:
    """403 with the protocol's own sentence; an expired token is 403 too, never 401."""
    return ApiError(403, [Problem(DENIED, "Unauthorized", details)])


def not_found() -> ApiError:
    """404 for what is not there, and for what is another seller's: the two cannot be told apart."""
    return ApiError(404, [Problem("The specified resource does not exist.", "NotFound")])


def over_quota() -> ApiError:
    """429; clients look for this code."""
    return ApiError(429, [Problem("You exceeded your quota for the requested resource.", "QuotaExceeded")])


def wrong_method(allowed: Sequence[str]) -> ApiError:
    """405 with Allow."""
    names = ", ".join(sorted(allowed))
    problem = Problem("The method is not allowed for the requested resource.", "MethodNotAllowed")
    return ApiError(405, [problem], {"Allow": names})


def too_large() -> ApiError:
    """413."""
    return ApiError(413, [Problem("The request size exceeded the maximum accepted size.", "RequestTooLarge")])


def wrong_media_type() -> ApiError:
    """415."""
    return ApiError(
        415, [Problem("The request payload is in an unsupported format.", "UnsupportedMediaType")]
    )


def failed() -> ApiError:
    """500: our fault, and nothing about it leaves the house."""
    return ApiError(500, [Problem("We encountered an internal error. Please try again.", "InternalFailure")])


def unavailable() -> ApiError:
    """503: the database is away for a moment, or the order is being changed by somebody else right now."""
    problem = Problem("Temporary overloading or maintenance of the server.", "ServiceUnavailable")
    return ApiError(503, [problem], {"Retry-After": "5"})
