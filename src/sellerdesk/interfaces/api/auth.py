"""Who calls: bearer tokens with scopes (trust P14, P15, P18)."""

import hashlib
from dataclasses import dataclass

from django.http import HttpRequest
from ninja.security import HttpBearer

from sellerdesk.commands.admission import begin_unseen
from sellerdesk.config import clock
from sellerdesk.domain.actors import Actor, Door, Party, Permission
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.interfaces.api.problems import Problem, simple
from sellerdesk.queries.api_clients import find_caller

_TOKEN_LENGTH_MOST = 2048


@dataclass(frozen=True, slots=True)
class Principal:
    """A program that showed a good token."""

    client_id: int
    name: str
    seller_id: int
    permissions: frozenset[Permission]

    @property
    def key_space(self) -> str:
        """Whose idempotency keys these are: the program's, whichever of its tokens it shows."""
        return f"client:{self.client_id}"

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def demand(self, permission: Permission) -> None:
        """Raises Refusal FORBIDDEN without the permission."""
        if not self.may(permission):
            raise refuse(Code.FORBIDDEN, permission=permission.value)

    def actor(self, key: str = "", party: Party = Party.SELLER) -> Actor:
        """The program as the journal will name it; `party` is on whose behalf it speaks."""
        who = f"client:{self.client_id}"
        return Actor(party, self.name, Door.API, self.seller_id, self.permissions, key, who)


class BearerToken(HttpBearer):
    """The access token of `POST /api/v1/token`."""

    def __call__(self, request: HttpRequest) -> Principal:
        kind, _, token = request.headers.get("Authorization", "").strip().partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise unauthorized("A bearer token is required.", "")
        return self.authenticate(request, token.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Principal:  # noqa: ARG002
        """The program behind the token. Raises Problem 401 for any token that is not good now."""
        if len(token) > _TOKEN_LENGTH_MOST or not token.isascii():
            raise _bad_token()
        begin_unseen()
        caller = find_caller(hashlib.sha256(token.encode()).hexdigest())
        # A restricted token is bound to a few paths of another door, one without a seller to no orders at all.
        if (
            caller is None
            or caller.seller_id is None
            or caller.kind != "access"
            or caller.expires_at <= clock.now()
        ):
            raise _bad_token()
        return Principal(caller.client_id, caller.client_name, caller.seller_id, caller.permissions)


def unauthorized(words: str, error: str) -> Problem:
    """401 with the challenge that RFC 6750 asks for."""
    challenge = 'Bearer realm="sellerdesk"' + (f', error="{error}"' if error else "")
    return simple(401, error or "unauthorized", words, WWW_Authenticate=challenge)


def _bad_token() -> Problem:
    # One answer for unknown, expired, revoked and restricted: nothing is to be learnt from it.
    return unauthorized("The token is not valid, or not any more.", "invalid_token")
