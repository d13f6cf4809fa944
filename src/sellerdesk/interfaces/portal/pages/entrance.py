"""Signing in with a mailed code, signing out, choosing a language.

Nothing here tells whether an address is known: asking for a code answers the same, at the same cost, either way.
"""

import secrets
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import check_for_language, get_language
from django.views.decorators.http import require_http_methods, require_POST

from sellerdesk.commands.portal_access import (
    AskForCode,
    Redemption,
    choose_language,
    send_code,
    take_code,
)
from sellerdesk.config import clock
from sellerdesk.domain.access_codes import LIFETIME, clean_address, clean_order_number
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.interfaces.portal import gate
from sellerdesk.interfaces.portal.frame import page
from sellerdesk.interfaces.portal.gate import strangers
from sellerdesk.interfaces.portal.refusals import word

_RANDOM_BYTES = 24
_STATUSES = {Code.TOO_OFTEN: 429}


@require_http_methods(["GET", "HEAD", "POST"])
@strangers
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Ask for a code: by e-mail address, or by order number and e-mail address."""
    given = request.POST if request.method == "POST" else request.GET
    after = gate.way_back(given.get("next", ""))
    shown: dict[str, Any] = {"next": after}
    if request.method != "POST":
        return page(request, "sign_in", shown | {"gone": request.GET.get("gone", "")})
    typed = request.POST.get("email", "").strip(), request.POST.get("order", "").strip()
    address, number = clean_address(typed[0]), clean_order_number(typed[1])
    shown |= {"email": typed[0][:254], "order": typed[1][:40]}
    wrong = {"email_wrong": not address, "order_wrong": bool(typed[1]) and not number}
    if any(wrong.values()):
        return page(request, "sign_in", shown | wrong, status=422)
    handle = secrets.token_urlsafe(_RANDOM_BYTES)
    seed = secrets.token_urlsafe(_RANDOM_BYTES)
    ask = AskForCode(address, number, handle, seed, get_language() or "en")
    try:
        send_code(gate.guest_of(request), ask, now=clock.now())
    except Refusal as refusal:
        return page(request, "sign_in", shown | {"refusal": word(refusal)}, _STATUSES.get(refusal.code, 422))
    query = {"attempt": handle} | ({"next": after} if after else {})
    return redirect(f"{reverse('portal:code')}?{urlencode(query)}")


@require_http_methods(["GET", "HEAD", "POST"])
@strangers
def code(request: HttpRequest) -> HttpResponseBase:
    """Type the code. The page is the same for every attempt, real or not."""
    given = request.POST if request.method == "POST" else request.GET
    after = gate.way_back(given.get("next", ""))
    attempt = given.get("attempt", "")[:43]
    shown = {"attempt": attempt, "next": after, "minutes": int(LIFETIME.total_seconds() // 60)}
    if request.method != "POST":
        return page(request, "code", shown)
    token = gate.new_token()
    try:
        asked = Redemption(attempt, request.POST.get("code", ""), token)
        take_code(gate.guest_of(request), asked, now=clock.now())
    except Refusal as refusal:
        spent = refusal.code is Code.CODE_SPENT
        shown |= {"refusal": word(refusal), "spent": spent}
        return page(request, "code", shown, _STATUSES.get(refusal.code, 422))
    return gate.let_in(request, redirect(after or "portal:orders"), token)


@require_POST
@strangers
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session, here and in the database."""
    return gate.let_out(request, redirect(f"{reverse('portal:sign_in')}?gone=out"))


@require_POST
@strangers
def language(request: HttpRequest) -> HttpResponseBase:
    """Switch the language and stay where one is; sellers write in it from now on."""
    answer = redirect(gate.way_back(request.POST.get("next", "")) or "portal:orders")
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        now = clock.now()
        buyer = gate.buyer_behind(request, now)
        if buyer is not None:
            choose_language(buyer.address, chosen, now=now)
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            httponly=True,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return answer


urls: list[URLPattern] = [
    path("sign-in/", sign_in, name="sign_in"),
    path("code/", code, name="code"),
    path("sign-out/", sign_out, name="sign_out"),
    path("language/", language, name="language"),
]
