"""What the SELLERDESK_* variables say of the payment side: who pays refunds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sellerdesk.config.mail_environment import SettingError

SIDES = ("folder", "stripe")
STRIPE_URL = "https://api.stripe.com"
_KEY = re.compile(r"(sk|rk)_(live|test)_[A-Za-z0-9_]{3,250}")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class StripeKey:
    """An account at Stripe. `is_test`: its money is play money."""

    key: str = field(repr=False)
    url: str

    @property
    def is_test(self) -> bool:
        return "_test_" in self.key[:9]


def stripe_key(given: Mapping[str, str]) -> StripeKey | None:
    """The account that pays refunds; None where the folder does.

    :raises SettingError: no side that we know, a key without its side or a side without its key, or an address over
        which a secret must not go. The message never repeats the key.
    """
    side = given.get("SELLERDESK_PAYMENTS", "folder")
    if side not in SIDES:
        raise SettingError(f"SELLERDESK_PAYMENTS must be one of {', '.join(SIDES)}, not {side!r}.")
    key, url = given.get("SELLERDESK_STRIPE_KEY", ""), given.get("SELLERDESK_STRIPE_URL", STRIPE_URL)
    if side == "folder":
        if key:
            raise SettingError("SELLERDESK_STRIPE_KEY is given, but SELLERDESK_PAYMENTS is not `stripe`.")
        return None
    if not _KEY.fullmatch(key):
        raise SettingError("SELLERDESK_STRIPE_KEY must be a key that begins with sk_ or rk_.")
    if not _is_safe(url):
        raise SettingError("SELLERDESK_STRIPE_URL must begin with https:// and name nothing but a host.")
    return StripeKey(key, url.rstrip("/"))


def _is_safe(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    bare = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    return bool((parts.scheme == "https" or plain) and parts.hostname and port != 0 and bare)
