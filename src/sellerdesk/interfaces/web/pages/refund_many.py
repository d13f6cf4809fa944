"""Refund many orders: a preview, one press, a result for each row (screens 1.0, 1.9)."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sellerdesk.commands.refunds import request_refunds
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refusals import Code
from sellerdesk.interfaces.web import refund_words
from sellerdesk.interfaces.web.formats import money
from sellerdesk.interfaces.web.forms.refund import tidy_key
from sellerdesk.interfaces.web.forms.typed import typed
from sellerdesk.interfaces.web.order_access import origin
from sellerdesk.interfaces.web.order_choice import Choice, by_numbers, read_choice
from sellerdesk.interfaces.web.refund_batch import (
    Skipped,
    WantedRefunds,
    digest,
    read_rows,
    refund_batch,
    skipped_of,
    tidied,
    too_long,
    wanted_requests,
)
from sellerdesk.interfaces.web.staff import Desk, DeskRequest, staff
from sellerdesk.queries.kept_answers import kept_outcomes

OPERATION = "refund_many_orders"
NAMED_MOST = 100  # rows that were skipped; more would not fit into every proxy's address line
_COUNT = re.compile(r"[0-9]{1,4}\Z")


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.REFUNDS_MAKE)
def refund_many(request: DeskRequest) -> HttpResponseBase:
    """GET shows what would happen, POST does it."""
    desk = request.desk
    if request.method != "POST":
        return _answer(request, read_choice(request.GET, desk), WantedRefunds())
    choice = by_numbers(typed(request.POST, "all").split(","), desk)
    wanted = _wanted(request.POST)
    if request.POST.get("do") != "refund":
        return _answer(request, choice, wanted)
    if problem := _problem(wanted):
        return _answer(request, choice, wanted, problem=problem)
    key, wanted = tidy_key(typed(request.POST, "key")), tidied(wanted)
    once = Once(_principal(desk), OPERATION, key, digest(wanted), desk.now)
    outcomes = request_refunds(desk.actor, wanted_requests(wanted), now=desk.now, once=once)
    refusal = outcomes[0].refusal
    if refusal is not None and refusal.code is Code.KEY_REUSED:
        said = _(
            "This form was sent before with other content. Nothing was done now. Open the list again to go on."
        )
        return _answer(request, choice, wanted, problem=("rows", said), status=409)
    if refusal is not None and refusal.code is Code.OVERRIDE_NEEDED and not any(o.accepted for o in outcomes):
        said = _("Say why you refund before the goods are back.")
        return _answer(request, choice, wanted, problem=("override", said))
    left_out = [number for number in choice.numbers if number not in (wanted.ticked or {})]
    if not any(one.accepted for one in outcomes):
        return _results(request, outcomes, skipped_of(desk, left_out, wanted.mode, 0), status=422)
    return redirect(_results_url(request, key, left_out, wanted.mode))


@require_safe
@staff(Permission.REFUNDS_MAKE)
def results(request: DeskRequest, key: str) -> HttpResponseBase:
    """What became of each row. The page can be opened again as long as the answer is kept."""
    desk = request.desk
    outcomes = kept_outcomes(desk.seller.seller_id, _principal(desk), OPERATION, key)
    if outcomes is None:
        return render(request, "web/refund/gone.html", status=404)
    numbers, more = request.GET.get("skipped", "").split(","), request.GET.get("more", "")
    left_out = skipped_of(
        desk, numbers[:NAMED_MOST], _mode(request.GET.get("mode", "")), int(more) if _COUNT.match(more) else 0
    )
    return _results(request, outcomes, left_out)


def _wanted(data: QueryDict) -> WantedRefunds:
    reason = typed(data, "reason")
    return WantedRefunds(
        RefundReason(reason) if reason in set(RefundReason) else None,
        _mode(typed(data, "mode")),
        typed(data, "override"),
        typed(data, "note"),
        read_rows(data.getlist("row")),
    )


def _mode(text: str) -> Mode:
    return Mode(text) if text in set(Mode) else Mode.GOODWILL


def _problem(wanted: WantedRefunds) -> tuple[str, str] | None:
    """The field that is wrong and the sentence about it, or None."""
    if not wanted.ticked:
        return "rows", _("Tick at least one order that can be refunded.")
    if wanted.reason is None:
        return "reason", _("Choose a reason.")
    if place := too_long(wanted):
        return place, _("This is too long, or contains characters that no text has.")
    return None


def _answer(
    request: DeskRequest,
    choice: Choice,
    wanted: WantedRefunds,
    *,
    problem: tuple[str, str] | None = None,
    status: int = 422,
) -> HttpResponse:
    context: dict[str, Any] = {
        "batch": refund_batch(request.desk, choice.lines, wanted),
        "choice": choice,
        "all": ",".join(choice.numbers),
        "wanted": wanted,
        "reasons": [(one.value, label, one is wanted.reason) for one, label in refund_words.REASONS.items()],
        "modes": [
            (one.value, label, risk, one is wanted.mode)
            for one, (label, _text, risk) in refund_words.MODES.items()
        ],
        "key": tidy_key(typed(request.POST, "key")),
        "problem": problem,
        "origin": origin(request),
    }
    return render(request, "web/refund/many.html", context, status=status if problem else 200)


def _results(
    request: DeskRequest, outcomes: Sequence[Outcome], skipped: Skipped, *, status: int = 200
) -> HttpResponse:
    desk = request.desk
    sums: dict[str, int] = {}
    for one in outcomes:
        if one.accepted:
            currency = str(one.facts["currency"])
            sums[currency] = sums.get(currency, 0) + int(one.facts["total"])
    context = {
        "done": [
            (one, money(one.facts["total"], one.facts["currency"]), one.state == "drafted")
            for one in outcomes
            if one.accepted
        ],
        "refused": [
            (one.order_number, refund_words.sentence(desk, "", one.refusal, currency="", names={}))
            for one in outcomes
            if one.refusal is not None
        ],
        "can_undo": any(one.state in ("pending", "drafted") for one in outcomes),
        "skipped": skipped,
        "skipped_count": len(skipped.rows) + skipped.more,
        "sums": [money(minor, currency) for currency, minor in sorted(sums.items())],
        "origin": origin(request),
    }
    return render(request, "web/refund/results.html", context, status=status)


def _principal(desk: Desk) -> str:
    return f"staff:{desk.user_id}"


def _results_url(request: DeskRequest, key: str, left_out: Sequence[str], mode: Mode) -> str:
    """The page of results. What was not asked for stands in its address: no answer of the command tells of it."""
    named, more = left_out[:NAMED_MOST], len(left_out) - NAMED_MOST
    query = {"from": origin(request)} if origin(request) else {}
    if named:
        query |= {"skipped": ",".join(named), "mode": mode.value}
    if more > 0:
        query["more"] = str(more)
    url = reverse("desk:refund_results", args=[key])
    return f"{url}?{urlencode(query, safe=',')}" if query else url


urls: list[URLPattern] = [
    path("orders/refund/", refund_many, name="refund_many"),
    path("orders/refund/results/<slug:key>/", results, name="refund_results"),
]
