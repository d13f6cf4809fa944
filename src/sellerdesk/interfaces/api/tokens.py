"""The token endpoint: OAuth 2.0 client credentials (RFC 6749 4.4) for the native API."""

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from sellerdesk.commands.tokens import NewToken, issue_token
from sellerdesk.config import clock
from sellerdesk.domain.actors import Permission
from sellerdesk.interfaces.api.body import check, load
from sellerdesk.interfaces.api.edge import JSON
from sellerdesk.interfaces.api.problems import Problem, malformed, render
from sellerdesk.interfaces.api.shapes import TokenAnswer, TokenRequest
from sellerdesk.queries.api_clients import ClientRecord, find_client

router = Router(tags=["Tokens"])
LIFETIME = timedelta(hours=1)
_MEMBERS = frozenset({"grant_type", "client_id", "client_secret", "scope"})
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": TokenRequest.model_json_schema()}
            for kind in ("application/x-www-form-urlencoded", JSON)
        },
    }
}


@router.post("", auth=None, response=TokenAnswer, openapi_extra=_BODY, operation_id="createToken")
def create_token(request: HttpRequest) -> HttpResponse:
    """Get an access token for a program, valid for an hour. Credentials may also come as HTTP Basic."""
    given = _given(request)
    if given.get("grant_type") != "client_credentials":
        raise _error("unsupported_grant_type", "grant_type must be client_credentials.")
    client = _client(request, given)
    scopes = _scopes(given.get("scope", ""), client)
    moment = clock.now()
    token = f"Atza|{secrets.token_urlsafe(48)}"
    made = issue_token(
        NewToken(client.id, client.seller_id, _sha256(token), "access", moment + LIFETIME, scopes), now=moment
    )
    if not made:
        raise _bad_client()
    said = {
        "access_token": token,
        "token_type": "bearer",
        "expires_in": int(LIFETIME.total_seconds()),
        "scope": " ".join(scopes),
    }
    return HttpResponse(render(said), content_type=JSON, headers={"Pragma": "no-cache"})


def _given(request: HttpRequest) -> dict[str, str]:
    value: dict[str, Any] = {}
    if request.content_type == JSON:
        read = load(request.body)
        if not isinstance(read, dict):
            raise malformed("body", "expected an object")
        value |= read
    for name, several in request.POST.lists():  # empty for JSON
        if len(several) > 1:
            raise malformed(name, "given more than once")
        value[name] = several[0]
    check(value)
    for name, one in value.items():
        if name not in _MEMBERS:
            raise malformed(name, "unknown member")
        if not isinstance(one, str):
            raise malformed(name, "expected a text")
    return value


def _client(request: HttpRequest, given: dict[str, str]) -> ClientRecord:
    client_id, secret = given.get("client_id", ""), given.get("client_secret", "")
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic" and not client_id:
        try:
            client_id, _, secret = base64.b64decode(encoded, validate=True).decode("ascii").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise _bad_client() from None
    check({"client_id": client_id})
    client = find_client(client_id)
    # The comparison is made in any case, so that its time does not tell whether the program exists.
    good = hmac.compare_digest(_sha256(secret), client.secret_hash if client else _sha256(""))
    if client is None or not good or not secret or client.revoked_at is not None:
        raise _bad_client()
    return client


def _scopes(asked: str, client: ClientRecord) -> tuple[str, ...]:
    """The scopes to grant: what is asked for within what the program has; all of that when nothing is asked for."""
    names = asked.split()
    known = {permission.value for permission in Permission}
    granted = {permission.value for permission in client.permissions}
    for name in names:
        if name not in known or name not in granted:
            raise _error("invalid_scope", "The program does not have one of the scopes asked for.")
    if not granted:
        raise _error("invalid_scope", "The program has no scope at all.")
    return tuple(sorted(set(names) or granted))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _bad_client() -> Problem:
    problem = _error("invalid_client", "client_id or client_secret is wrong.", status=401)
    problem.headers = {"WWW-Authenticate": 'Basic realm="sellerdesk"'}
    return problem


def _error(code: str, words: str, *, status: int = 400) -> Problem:
    # The members `error` and `error_description` are what OAuth libraries look for.
    return Problem(status, code, "No token", words, extra={"error": code, "error_description": words})
