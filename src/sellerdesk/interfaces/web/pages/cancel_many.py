"""Cancel many orders: a preview in groups, one press, a result for each row (screens 1.0, 1.7)."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sellerdesk.commands.cancellations import cancel_orders
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.cancellations import CancelReason
from sellerdesk.domain.idempotency import Once, digest_of
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.interfaces.web import cancel_words, refusals
from sellerdesk.interfaces.web.cancel_batch import Batch, Wanted, batch
from sellerdesk.interfaces.web.forms.cancel import new_key
from sellerdesk.interfaces.web.forms.typed import typed
from sellerdesk.interfaces.web.order_access import origin
from sellerdesk.interfaces.web.order_choice import Choice, by_numbers, read_choice
from sellerdesk.interfaces.web.staff import Desk, DeskRequest, staff
from sellerdesk.queries.kept_answers import kept_outcomes

OPERATION = "cancel_many_orders"


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.ORDERS_CANCEL)
def cancel_many(request: DeskRequest) -> HttpResponseBase:
    """GET shows what would happen, POST does it."""
    desk = request.desk
    if request.method != "POST":
        choice = read_choice(request.GET, desk)
        return _answer(request, choice, Wanted(None, follow=True, ticked=None))
    choice = by_numbers(typed(request.POST, "all").split(","), desk)
    wanted = _wanted(request.POST)
    if request.POST.get("do") != "cancel":
        return _answer(request, choice, wanted)
    key = _key(request.POST)
    if kept_outcomes(desk.seller.seller_id, _principal(desk), OPERATION, key) is not None:
        return redirect(_results_url(key, origin(request)))
    found = batch(desk, choice.lines, wanted)
    if problem := _problem(found, wanted):
        return _answer(request, choice, wanted, found=found, problem=problem)
    outcomes = cancel_orders(desk.actor, found.requests, now=desk.now, once=_once(desk, key, found))
    if not any(one.accepted for one in outcomes):
        return _results(request, outcomes, status=422)
    return redirect(_results_url(key, origin(request)))


@require_safe
@staff(Permission.ORDERS_CANCEL)
def results(request: DeskRequest, key: str) -> HttpResponseBase:
    """What became of each row. The page can be opened again as long as the answer is kept."""
    desk = request.desk
    outcomes = kept_outcomes(desk.seller.seller_id, _principal(desk), OPERATION, key)
    if outcomes is None:
        return render(request, "web/cancel_gone.html", status=404)
    return _results(request, outcomes)


def _wanted(data: QueryDict) -> Wanted:
    text = typed(data, "reason")
    reason = CancelReason(text) if text in set(CancelReason) else None
    boxes = [box for box in data.getlist("row") if box.count(":") == 2]
    ticked = {box.partition(":")[0]: box for box in boxes}
    return Wanted(reason, bool(typed(data, "follow")), ticked, bool(typed(data, "accepts_limit")))


def _problem(found: Batch, wanted: Wanted) -> tuple[str, str] | None:
    """The field that is wrong and the sentence about it, or None."""
    if not found.requests:
        return "rows", _("Tick at least one order that can be cancelled.")
    if found.needs_reason:
        return "reason", _("Choose a reason.")
    if found.exceeds and not wanted.accepts_limit:
        return "accepts_limit", _(
            "This brings the cancellation rate to its limit or over it. Confirm that you want this."
        )
    return None


def _answer(
    request: DeskRequest,
    choice: Choice,
    wanted: Wanted,
    *,
    found: Batch | None = None,
    problem: tuple[str, str] | None = None,
) -> HttpResponse:
    shown = found or batch(request.desk, choice.lines, wanted)
    context: dict[str, Any] = {
        "batch": shown,
        "choice": choice,
        "all": ",".join(choice.numbers),
        "wanted": wanted,
        "reasons": [
            (one.value, str(label), one is wanted.reason) for one, label in cancel_words.REASONS.items()
        ],
        "key": typed(request.POST, "key") or new_key(),
        "problem": problem,
        "origin": origin(request),
    }
    return render(request, "web/cancel_many.html", context, status=422 if problem else 200)


def _results(request: DeskRequest, outcomes: Sequence[Outcome], *, status: int = 200) -> HttpResponse:
    desk = request.desk
    done = [one for one in outcomes if one.accepted]
    context = {
        "done": [(one, cancel_words.why(one.facts["why"])) for one in done],
        "refused": [
            (one.order_number, refusals.word(one.refusal, now=desk.now, zone=desk.zone))
            for one in outcomes
            if one.refusal is not None
        ],
        "counted": sum(1 for one in done if one.facts["counts"]),
        "units": sum(int(one.facts["units"]) for one in done),
        "origin": origin(request),
    }
    return render(request, "web/cancel_results.html", context, status=status)


def _once(desk: Desk, key: str, found: Batch) -> Once:
    said = [[one.order_number, one.reason.value, one.version] for one in found.requests]
    return Once(_principal(desk), OPERATION, key, digest_of(said), desk.now)


def _principal(desk: Desk) -> str:
    return f"staff:{desk.user_id}"


def _key(data: QueryDict) -> str:
    key = typed(data, "key")
    return key if key.isascii() and key.isalnum() and len(key) <= 64 else new_key()


def _results_url(key: str, origin_query: str) -> str:
    url = reverse("desk:cancel_results", args=[key])
    return f"{url}?{urlencode({'from': origin_query})}" if origin_query else url


urls: list[URLPattern] = [
    path("orders/cancel/", cancel_many, name="cancel_many"),
    path("orders/cancel/results/<slug:key>/", results, name="cancel_results"),
]
