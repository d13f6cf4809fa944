"""Who stands at the buyers' door: the cookie, and the decorator that every page behind it wears.

The cookie is not the console's session and is sent to /account/ only; its text is random, and only its SHA-256 is kept.
A new one is made whenever somebody signs in, so that nobody can be given a session from outside.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from sellerdesk.commands.portal_access import BUYER, Guest, end_session, session_hash
from sellerdesk.config import clock
from sellerdesk.domain.access_codes import digest_of
from sellerdesk.domain.actors import Actor, Door, Party, Permission
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.notices import letter_language
from sellerdesk.queries.portal_access import Buyer, buyer_of

COOKIE = "sellerdesk_buyer"
PATH = "/account/"
_TOKEN_BYTES = 32
_PRINCIPAL_DIGEST = 40
_RIGHTS = frozenset(
    {
        Permission.CANCELLATIONS_FILE,
        Permission.MESSAGES_RECEIVE,
        Permission.RETURNS_REQUEST,
        Permission.CLAIMS_FILE,
    }
)
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class BuyerRequest(HttpRequest):
    """A request that has passed `buyers`. `now` is its instant, aware UTC."""

    buyer: Buyer
    now: datetime


def key() -> bytes:
    """The installation's key, from which codes and digests follow."""
    return settings.SECRET_KEY.encode()


def guest_of(request: HttpRequest) -> Guest:
    """Who knocks, as the limits know them."""
    return Guest(key(), digest_of(key(), "client", _client(request)))


def _client(request: HttpRequest) -> str:
    """Where a request comes from; of an IPv6 address the network, of which everybody has a whole one."""
    said = str(request.META.get("REMOTE_ADDR", ""))
    proxies = int(settings.ALLAUTH_TRUSTED_PROXY_COUNT)
    if proxies:
        named = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        said = named[-proxies].strip() if len(named) >= proxies else said
    try:
        address = ip_address(said)
    except ValueError:
        return "unknown"
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)


def buyer_behind(request: HttpRequest, now: datetime) -> Buyer | None:
    """The buyer whose cookie a request carries, if it still opens anything."""
    token = request.COOKIES.get(COOKIE, "")
    return buyer_of(session_hash(token), key(), now=now) if token else None


def buyers(view: Callable[Concatenate[BuyerRequest, P], HttpResponseBase]) -> View[P]:
    """Let only signed-in buyers in; others are asked to sign in and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        now = clock.now()
        buyer = buyer_behind(request, now)
        if buyer is None:
            return redirect(f"{reverse('portal:sign_in')}?{urlencode({'next': request.get_full_path()})}")
        known: Any = request
        known.buyer, known.now = buyer, now
        _speak(request, buyer)
        return private(view(known, *args, **kwargs))

    return cast(View[P], guarded)


def strangers(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase]) -> View[P]:
    """A page that needs no buyer; it is kept by nobody either."""

    @wraps(view)
    def open_door(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return private(view(request, *args, **kwargs))

    return cast(View[P], open_door)


def private(answer: HttpResponseBase) -> HttpResponseBase:
    """Nothing of this door stays in any cache."""
    answer.headers.setdefault("Cache-Control", "private, no-store")
    return answer


def _speak(request: HttpRequest, buyer: Buyer) -> None:
    """Where neither the buyer nor the browser says a language, the marketplace's counts."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or request.META.get("HTTP_ACCEPT_LANGUAGE"):
        return
    language = letter_language(by_id(buyer.marketplace_id).language)
    translation.activate(language)
    request.LANGUAGE_CODE = language


def actor_for(seller_id: int) -> Actor:
    """The buyer as commands know them: never by name, and with a buyer's rights only."""
    return Actor(Party.BUYER, BUYER, Door.PORTAL, seller_id, permissions=_RIGHTS)


def principal(request: BuyerRequest) -> str:
    """The buyer's name in idempotency keys: a digest of the address."""
    return f"buyer:{request.buyer.address_digest[:_PRINCIPAL_DIGEST]}"


def new_token() -> str:
    """Random text for a cookie."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def let_in(request: HttpRequest, answer: HttpResponse, token: str) -> HttpResponse:
    """Give the browser its new cookie; the one it came with opens nothing any more."""
    old = request.COOKIES.get(COOKIE, "")
    if old:
        end_session(old)
    rotate_token(request)
    answer.set_cookie(
        COOKIE, token, path=PATH, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return answer


def let_out(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Sign out."""
    old = request.COOKIES.get(COOKIE, "")
    if old:
        end_session(old)
    answer.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return answer


def way_back(wanted: str) -> str:
    """Where somebody wanted to go, if that is a page of this door; else ""."""
    good = wanted.startswith(PATH) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if good and "\\" not in wanted else ""
