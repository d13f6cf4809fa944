"""Programs that call: who is behind a token, and how often it may ask (spapi 1.2, 1.4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Permission

_KNOWN = {permission.value: permission for permission in Permission}


@dataclass(frozen=True, slots=True)
class Caller:
    """A token that exists and whose program is not revoked. Whether it has expired is for the door to say."""

    client_id: int
    client_name: str
    seller_id: int | None  # None: a token that stands for the program alone ("grantless")
    kind: str  # access | restricted | grantless
    permissions: frozenset[Permission]  # the program's as they are now, within what the token was asked for
    scopes: tuple[str, ...]  # what the token itself was asked for
    resources: tuple[dict[str, Any], ...]  # of a restricted token: method, path, elements
    expires_at: datetime
    home_id: int  # the seller that the program was made for


def known_permissions(names: list[str]) -> frozenset[Permission]:
    """Permissions by name. A name that a later or an earlier version of the product knows grants nothing here."""
    return frozenset(_KNOWN[name] for name in names if name in _KNOWN)


def effective_permissions(kind: str, granted: list[str], asked: list[str]) -> frozenset[Permission]:
    """What a token opens: all that its program may do, narrowed to what an access token was asked for, if anything."""
    permissions = known_permissions(granted)
    return permissions & known_permissions(asked) if kind == "access" and asked else permissions
