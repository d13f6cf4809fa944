"""Authorise many returns that are in policy: a preview of each, one press, a result for each (screens 1.0, 1.10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sellerdesk.commands.returns import Authorize, authorize_returns
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.interfaces.web import refusals
from sellerdesk.interfaces.web.formats import visible
from sellerdesk.interfaces.web.forms.returns import read_head
from sellerdesk.interfaces.web.order_access import origin
from sellerdesk.interfaces.web.return_access import kept, once_of
from sellerdesk.interfaces.web.return_rows import Card, Cards, titles
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.authorize_preview import AuthorizePreview, preview_authorize
from sellerdesk.queries.kept_answers import kept_outcomes
from sellerdesk.queries.returns_list import MOST_AT_ONCE

OPERATION = "authorize_many_returns"


@dataclass(frozen=True, slots=True)
class Row:
    """One return of the preview. `sent` is what its box sends, "" when it cannot be authorised here; `why` not."""

    card: Card
    items: str
    sent: str
    ticked: bool
    why: str
    step: Authorize


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.RETURNS_HANDLE)
def returns_many(request: DeskRequest) -> HttpResponseBase:
    """GET shows what would happen, POST does it."""
    desk = request.desk
    asked = (request.POST if request.method == "POST" else request.GET).getlist("row")[:MOST_AT_ONCE]
    chosen = dict(one.rpartition(":")[::2] for one in asked if ":" in one)
    every = list(chosen)
    if request.method == "POST":
        every = list(
            dict.fromkeys([one for one in request.POST.getlist("all") if len(one) <= 60][:MOST_AT_ONCE])
        )
    rows = _rows(request, preview_authorize(desk.seller.seller_id, every), chosen)
    if request.method != "POST":
        return _answer(request, rows)
    key = read_head(request.POST).key
    if kept_outcomes(desk.seller.seller_id, f"staff:{desk.user_id}", OPERATION, key) is not None:
        return redirect(_results_url(request, key))
    steps = [row.step for row in rows if row.ticked]
    if not steps:
        return _answer(request, rows, problem=_("Tick at least one return that can be authorised."))
    once = once_of(request, OPERATION, key, [[step.rma, step.version] for step in steps])
    outcomes = authorize_returns(desk.actor, steps, now=desk.now, once=once)
    if not any(one.accepted for one in outcomes):
        return _results(request, outcomes, status=422)
    return redirect(_results_url(request, key))


@require_safe
@staff(Permission.RETURNS_HANDLE)
def results(request: DeskRequest, key: str) -> HttpResponseBase:
    """What became of each. The page can be opened again as long as the answer is kept."""
    desk = request.desk
    outcomes = kept_outcomes(desk.seller.seller_id, f"staff:{desk.user_id}", OPERATION, key)
    if outcomes is None:
        return redirect("desk:returns")
    return _results(request, outcomes)


def _rows(request: DeskRequest, found: Sequence[AuthorizePreview], chosen: dict[str, str]) -> list[Row]:
    cards = Cards(request.desk, origin(request))
    rows = []
    for one in found:
        view = one.view
        why = _why(request, one)
        given = chosen.get(view.rma, "")
        version = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1
        sent = "" if why else f"{view.rma}:{view.version if version < 0 else version}"
        card = cards.card(view, None)
        step = Authorize(view.order_number, view.rma, version=version)
        rows.append(Row(card, titles(card.items), sent, bool(sent) and view.rma in chosen, why, step))
    return rows


def _why(request: DeskRequest, one: AuthorizePreview) -> str:
    """Why a return is left out of what is done at once, or ""."""
    if one.refusal is not None:
        return _sentence(request, one.refusal)
    if not one.view.in_policy:
        return _("Outside the policy: decide it by itself.")
    return ""


def _sentence(request: DeskRequest, refusal: Refusal) -> str:
    if refusal.code is Code.MISSING_VALUE:
        return _("No return address is set for its marketplace: authorise it by itself.")
    if refusal.code is Code.RETURN_STATE:
        return _("It does not wait for an answer any more.")
    return refusals.word(refusal, now=request.desk.now, zone=request.desk.zone)


def _answer(request: DeskRequest, rows: Sequence[Row], problem: str = "") -> HttpResponse:
    possible = [row for row in rows if row.sent]
    context: dict[str, Any] = {
        "rows": rows,
        "possible": bool(possible),
        "groups": [
            ("ok", "check", _("Will be authorised"), possible),
            ("warn", "triangle-alert", _("Left out"), [row for row in rows if not row.sent]),
        ],
        "ticked": sum(1 for row in rows if row.ticked),
        "key": read_head(request.POST).key,
        "origin": origin(request),
        "problem": problem,
    }
    return kept(render(request, "web/returns/many.html", context, status=422 if problem else 200))


def _results(request: DeskRequest, outcomes: Sequence[Outcome], *, status: int = 200) -> HttpResponse:
    context = {
        "done": [
            (
                visible(str(one.facts["rma"])),
                one.order_number,
                reverse("desk:return", args=[one.facts["rma"]]),
            )
            for one in outcomes
            if one.accepted
        ],
        "refused": [
            (one.order_number, _sentence(request, one.refusal)) for one in outcomes if one.refusal is not None
        ],
        "origin": origin(request),
    }
    return render(request, "web/returns/many_results.html", context, status=status)


def _results_url(request: DeskRequest, key: str) -> str:
    url, listed = reverse("desk:returns_many_results", args=[key]), origin(request)
    return f"{url}?{urlencode({'from': listed})}" if listed else url


urls: list[URLPattern] = [
    path("returns/many/", returns_many, name="returns_many"),
    path("returns/many/<slug:key>/", results, name="returns_many_results"),
]
