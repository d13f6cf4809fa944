"""Who may do what: bearer tokens, and what restricted data tokens are bound to (spapi 1.2, 1.6; trust P18)."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sellerdesk.commands import admission as commands
from sellerdesk.commands.admission import Admission, Knock
from sellerdesk.domain.actors import Actor, Door, Party, Permission
from sellerdesk.domain.callers import Caller
from sellerdesk.interfaces.spapi.errors import BAD_TOKEN, EXPIRED_TOKEN, MISSING_TOKEN, denied
from sellerdesk.interfaces.spapi.plans import Plan

LIFETIME = timedelta(hours=1)  # of every token, as the protocol promises: expires_in 3600
ACCESS, RESTRICTED, REFRESH = "Atza|", "Atz.sprdt|", "Atzr|"
ELEMENTS = ("buyerInfo", "shippingAddress", "buyerTaxInformation")
_TOKEN = re.compile(r"[\x21-\x7e]{1,2048}\Z")


def new_token(prefix: str) -> str:
    """A fresh token of 256 random bits."""
    return prefix + secrets.token_urlsafe(48)


def digest(token: str) -> str:
    """What is kept of a token: its SHA-256, hexadecimal."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Access:
    """A caller who may go on. `elements` are the parts of personal data that its restricted token opens."""

    caller: Caller
    seller_id: int
    restricted: bool
    elements: frozenset[str] = frozenset()

    def may(self, permission: Permission) -> bool:
        return permission in self.caller.permissions

    @property
    def actor(self) -> Actor:
        """The program as the journal will name it."""
        caller = self.caller
        return Actor(Party.SELLER, caller.client_name, Door.SPAPI, self.seller_id, caller.permissions)


def knock(token: str | None, operation: str, plan: Plan, now: datetime) -> Admission:
    """The caller behind the header x-amz-access-token, and what is left of its bucket for an operation.

    Raises ApiError 403 with the protocol's literal texts.
    """
    if not token:
        raise denied(MISSING_TOKEN)
    asked = Knock(digest(token), operation, plan.rate, plan.burst)
    admission = commands.admit(asked, now=now) if _TOKEN.match(token) else None
    if admission is None:
        raise denied(BAD_TOKEN)
    if admission.caller.expires_at <= now:
        raise denied(EXPIRED_TOKEN)
    return admission


def admit(
    caller: Caller, permission: Permission, method: str, path: str, *, needs_restricted: bool
) -> Access:
    """Let a caller pass to one operation, or raise ApiError 403.

    A restricted token opens only what it was made for; a plain one never opens what is restricted; a token that
    stands for no seller opens nothing here.
    """
    if caller.seller_id is None or permission not in caller.permissions:
        raise denied()
    if caller.kind != "restricted":
        if needs_restricted:
            raise denied()
        return Access(caller, caller.seller_id, restricted=False)
    matching = [one for one in caller.resources if covers(one, method, path)]
    if not matching or Permission.BUYERS_READ not in caller.permissions:
        raise denied()
    elements = frozenset(name for one in matching for name in one.get("elements", ()))
    return Access(caller, caller.seller_id, restricted=True, elements=elements)


def admit_grantless(caller: Caller, scope: str) -> Access:
    """Let a program pass to an operation that concerns the program alone, or raise ApiError 403 (spapi 1.1)."""
    if caller.kind != "grantless" or scope not in caller.scopes:
        raise denied()
    return Access(caller, caller.home_id, restricted=False)


def covers(resource: dict[str, Any], method: str, path: str) -> bool:
    """Whether a resource of a restricted token means this request; `{name}` stands for any one segment."""
    if resource["method"] != method:
        return False
    wanted, given = resource["path"].split("/"), path.split("/")
    return len(wanted) == len(given) and all(
        want == have or (want.startswith("{") and want.endswith("}") and bool(have))
        for want, have in zip(wanted, given, strict=True)
    )
