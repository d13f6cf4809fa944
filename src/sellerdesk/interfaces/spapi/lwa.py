"""The token endpoint that programs know as Login with Amazon: OAuth 2 in, bearer tokens out (spapi 1.1).

Its errors are OAuth's (`error`, `error_description`), not the `errors` of the other operations.
"""

import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from psycopg_pool import PoolTimeout

from sellerdesk.commands.tokens import NewToken, issue_token
from sellerdesk.config import clock
from sellerdesk.domain.refusals import Refusal
from sellerdesk.interfaces.spapi.access import ACCESS, LIFETIME, digest, new_token
from sellerdesk.interfaces.spapi.bodies import read_bytes
from sellerdesk.interfaces.spapi.errors import ApiError
from sellerdesk.queries.api_clients import ClientRecord, find_client
from sellerdesk.wire.strict_json import loads

BODY_LIMIT = 16 * 1024
MOST_CHARACTERS = 2048  # of one value
SCOPES = frozenset(
    {
        "sellingpartnerapi::notifications",
        "sellingpartnerapi::migration",
        "sellingpartnerapi::client_credential:rotation",
    }
)
_NOBODY = "0" * 64  # compared when the program is unknown, so that it takes as long as a wrong secret
log = structlog.get_logger("sellerdesk.spapi")


class OAuthError(Exception):
    """An OAuth error: its name, a sentence, and the HTTP status."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.body = {"error": error, "error_description": description}
        self.status = status


@dataclass(frozen=True, slots=True)
class _Grant:
    """What a token is asked for."""

    client: ClientRecord
    kind: str
    scopes: tuple[str, ...]
    extra: dict[str, str]  # members of the answer beside the token


def token(request: HttpRequest) -> HttpResponse:
    """POST /auth/o2/token, form-encoded or JSON."""
    headers = {"x-amzn-RequestId": str(uuid.uuid4()), "Cache-Control": "no-store", "Pragma": "no-cache"}
    status = 200
    try:
        body = _answer(request)
    except OAuthError as error:
        body, status = error.body, error.status
    except ApiError as error:
        body, status = _plain("invalid_request", error.problems[0].message), error.status
    except (OperationalError, InterfaceError, PoolTimeout):
        body, status = _plain("temporarily_unavailable", "The service is not available for a moment."), 503
    except Exception:
        log.exception("token request failed", request_id=headers["x-amzn-RequestId"])
        body, status = _plain("server_error", "The server encountered a runtime error."), 500
    if status == 405:
        headers["Allow"] = "POST"
    return HttpResponse(
        msgspec.json.encode(body),
        status=status,
        content_type="application/json;charset=UTF-8",
        headers=headers,
    )


token.csrf_exempt = True  # type: ignore[attr-defined]  # programs bring secrets, never cookies


def _plain(error: str, description: str) -> dict[str, Any]:
    return {"error": error, "error_description": description}


def _answer(request: HttpRequest) -> dict[str, Any]:
    if request.method != "POST":
        raise OAuthError("invalid_request", "The method is not allowed. Use POST.", 405)
    now = clock.now()
    grant = _grant(_parameters(request))
    return _issue(grant, now)


def _issue(grant: _Grant, now: datetime) -> dict[str, Any]:
    made = new_token(ACCESS)
    seller_id = grant.client.seller_id if grant.kind == "access" else None
    entry = NewToken(
        grant.client.id, seller_id, digest(made), grant.kind, now + LIFETIME, scopes=grant.scopes
    )
    if not issue_token(entry, now=now):
        raise _unknown_client()
    seconds = int(LIFETIME.total_seconds())
    return {"access_token": made, "token_type": "bearer", "expires_in": seconds} | grant.extra


def _grant(given: dict[str, str]) -> _Grant:
    kind = _needed(given, "grant_type")
    if kind not in ("refresh_token", "client_credentials", "authorization_code"):
        raise OAuthError(
            "unsupported_grant_type",
            "The authorization grant type is not supported by the authorization server",
        )
    client = _client(given)
    if kind == "client_credentials":
        scopes = tuple(dict.fromkeys(_needed(given, "scope").split()))
        if not scopes or not SCOPES.issuperset(scopes):
            raise OAuthError("invalid_scope", "The requested scope is invalid, unknown, or malformed")
        return _Grant(client, "grantless", scopes, {"scope": " ".join(scopes)})
    if kind == "authorization_code":
        _needed(given, "code")
        # Sellers are connected by their administrator; nobody is ever sent a code, so none can be right.
        raise _bad_grant("code")
    refresh = _needed(given, "refresh_token")
    if not hmac.compare_digest(digest(refresh), client.refresh_hash):
        raise _bad_grant("refresh_token")
    return _Grant(client, "access", (), {"refresh_token": refresh})


def _client(given: dict[str, str]) -> ClientRecord:
    """The program, if its secret is right. An unknown one, a wrong secret and a revoked one look the same."""
    client_id, secret = _needed(given, "client_id"), _needed(given, "client_secret")
    client = find_client(client_id) if client_id.isascii() and len(client_id) <= 80 else None
    right = hmac.compare_digest(digest(secret), client.secret_hash if client else _NOBODY)
    if client is None or not right or client.revoked_at is not None:
        raise _unknown_client()
    return client


def _unknown_client() -> OAuthError:
    return OAuthError("invalid_client", "Client authentication failed", 401)


def _bad_grant(name: str) -> OAuthError:
    return OAuthError("invalid_grant", f"The request has an invalid grant parameter : {name}")


def _needed(given: dict[str, str], name: str) -> str:
    value = given.get(name, "")
    if not value:
        raise OAuthError("invalid_request", f"The request is missing a required parameter : {name}")
    return value


def _parameters(request: HttpRequest) -> dict[str, str]:
    """The parameters of the body, whatever its form; what is not text counts as absent."""
    data = read_bytes(request, BODY_LIMIT)
    kind = (request.META.get("CONTENT_TYPE") or "").lower()
    try:
        if "json" in kind or data.lstrip().startswith(b"{"):
            value = loads(data)
            pairs = list(value.items()) if isinstance(value, dict) else []
        else:
            pairs = parse_qsl(
                data.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=50
            )
    except (Refusal, ValueError):
        raise OAuthError("invalid_request", "The request body cannot be read") from None
    return {name: value for name, value in pairs if isinstance(value, str) and _sound(value)}


def _sound(value: str) -> bool:
    return "\x00" not in value and len(value) <= MOST_CHARACTERS
