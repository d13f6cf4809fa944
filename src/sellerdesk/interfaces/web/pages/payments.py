"""Payments: what the seller is owed, the statement, and differences to the payment side that somebody must settle; for
the operator also claims whose buyer could not be paid, to be paid again.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sellerdesk.commands.payment_breaks import REASON_LENGTH_MOST, SettleBreak, settle_breaks
from sellerdesk.commands.transfers import RetryPayout, retry_payouts
from sellerdesk.config import clock
from sellerdesk.domain.actors import Actor, Door, Party, Permission
from sellerdesk.domain.idempotency import Once, digest_of
from sellerdesk.domain.refusals import Code
from sellerdesk.domain.transfers import tries
from sellerdesk.interfaces.web.refusals import word
from sellerdesk.interfaces.web.staff import DeskRequest, person_name, staff
from sellerdesk.looks.amounts import money
from sellerdesk.looks.texts import visible
from sellerdesk.looks.when import moment
from sellerdesk.queries.claims import seller_of_claim
from sellerdesk.queries.ledger import Line, seller_balances, statement
from sellerdesk.queries.payment_breaks import BreakView, payment_breaks
from sellerdesk.queries.transfers import FailedPayoutView, failed_payouts

ROWS = 50
BREAKS: Final = {
    "missing_there": lazy("Paid here, unknown to the payment side"),
    "amount": lazy("Another amount"),
    "currency": lazy("Another currency"),
    "failed_there": lazy("Failed at the payment side after it was paid"),
    "not_settled": lazy("Sent off, and not paid for days"),
}
MOVEMENTS: Final = {
    "charge": lazy("Sales"),
    "refund": lazy("Refunds"),
    "refund_reversal": lazy("Refunds that could not be paid"),
    "concession": lazy("Concessions"),
    "claim": lazy("Claims"),
    "claim_reversal": lazy("Claims reversed"),
    "fee": lazy("Fees"),
    "payout": lazy("Payouts"),
}
STATES: Final = {
    "queued": lazy("not asked for yet"),
    "calling": lazy("being asked for"),
    "unknown": lazy("unknown"),
    "underway": lazy("under way"),
    "done": lazy("paid"),
    "failed": lazy("failed"),
}


@dataclass(frozen=True, slots=True)
class BreakRow:
    """A break in words."""

    view: BreakView
    kind: str
    ours: str
    theirs: str
    found: str
    settled: str


@require_safe
@staff(Permission.MONEY_READ)
def payments(request: DeskRequest) -> HttpResponseBase:
    """Balances and statement; `?before=` continues it. Breaks stand above, for those who may settle them."""
    desk = request.desk
    seller, language = desk.seller.seller_id, get_language() or "en"
    lines, following = statement(seller, before=_place(request.GET.get("before", "")), limit=ROWS)
    may_settle = desk.may(Permission.PAYMENTS_SETTLE)
    settled = may_settle and request.GET.get("breaks") == "settled"
    found = payment_breaks(seller, settled=settled, limit=ROWS) if may_settle else []
    context = {
        "balances": [
            (money(one.currency, one.owed, language), _parts(one.parts, one.currency, language))
            for one in seller_balances(seller)
        ],
        "lines": [_line(one, desk.zone, desk.now, language) for one in lines],
        "older": f"?before={following[0].isoformat().replace('+', '%2B')}~{following[1]}"
        if following
        else "",
        "breaks": [_break(one, desk.zone, desk.now, language) for one in found],
        "may_settle": may_settle,
        "settled": settled,
        "reason_most": REASON_LENGTH_MOST,
    }
    return render(request, "web/payments.html", context)


@require_POST
@staff(Permission.PAYMENTS_SETTLE)
def settle(request: DeskRequest, break_id: int) -> HttpResponseBase:
    """Settle a break with a reason."""
    asked = SettleBreak(break_id, request.POST.get("reason", "")[: 4 * REASON_LENGTH_MOST])
    (outcome,) = settle_breaks(request.desk.actor, [asked], now=request.desk.now)
    if outcome.refusal is not None:
        messages.error(request, word(outcome.refusal, now=request.desk.now, zone=request.desk.zone))
    else:
        messages.success(request, _("The difference is settled."))
    return redirect("desk:payments")


@require_safe
def all_breaks(request: HttpRequest) -> HttpResponseBase:
    """The operator's view of all sellers' open breaks."""
    user: Any = request.user
    if not user.is_authenticated:
        return redirect("account_login")
    if not user.is_operator:
        return render(request, "web/forbidden.html", status=403)
    found = payment_breaks(None, before=_after(request, "before"), limit=ROWS + 1)
    unpaid = failed_payouts(before=_after(request, "unpaid_before"), limit=ROWS + 1)
    zone, now, language = ZoneInfo(user.zone), clock.now(), get_language() or "en"
    context = {
        "breaks": [_break(one, zone, now, language) for one in found[:ROWS]],
        "older": f"?before={found[ROWS - 1].id}" if len(found) > ROWS else "",
        "unpaid": [_unpaid(one, zone, now, language) for one in unpaid[:ROWS]],
        "older_unpaid": f"?unpaid_before={unpaid[ROWS - 1].id}" if len(unpaid) > ROWS else "",
    }
    return render(request, "web/payment_breaks.html", context)


def _after(request: HttpRequest, name: str) -> int | None:
    """Where a list begins. Raises Http404 for what is no id."""
    text = request.GET.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return int(text) if text else None


@require_http_methods(["GET", "HEAD", "POST"])
def retry(request: HttpRequest, reference: str) -> HttpResponseBase:
    """What paying a claim's buyer again does; POST does it. The operator's."""
    user: Any = request.user
    if not user.is_authenticated:
        return redirect("account_login")
    if not user.is_operator:
        return render(request, "web/forbidden.html", status=403)
    zone, now, language = ZoneInfo(user.zone), clock.now(), get_language() or "en"
    seller_id = seller_of_claim(reference)
    if seller_id is None:
        raise Http404
    if request.method == "POST":
        _pay_again(request, seller_id, reference, now)
        return redirect("operator:payment_breaks")
    found = failed_payouts(reference=reference)
    context = {
        "one": _unpaid(found[0], zone, now, language) if found else None,
        "reference": reference,
        "key": secrets.token_urlsafe(16),
    }
    return render(request, "web/payout_retry.html", context)


def _pay_again(request: HttpRequest, seller_id: int, reference: str, now: datetime) -> None:
    user: Any = request.user
    said = request.POST
    expects = said.get("expects", "")
    asked = RetryPayout(
        said.get("order", "")[:40],
        reference,
        int(expects) if expects.isascii() and expects.isdigit() and len(expects) < 16 else -1,
    )
    key = said.get("key", "")[:64] or secrets.token_urlsafe(16)
    body = digest_of([reference, asked.order_number, asked.expects])
    once = Once(f"operator:{user.pk}", "operator.payouts", key, body, now)
    actor = Actor(Party.AMAZON, person_name(user), Door.WEB, seller_id)
    (outcome,) = retry_payouts(actor, [asked], now=now, once=once)
    if outcome.refusal is None:
        amount = money(outcome.facts["currency"], outcome.facts["total"], get_language() or "en")
        text = _("The payment side is asked again to pay %(amount)s for claim %(reference)s.")
        messages.success(request, text % {"amount": amount, "reference": reference}, extra_tags="ok")
        return
    if outcome.refusal.code is Code.CLAIM_STATE:
        text = _("Nothing was done: claim %(reference)s is not among those that could not be paid any more.")
        messages.info(request, text % {"reference": reference}, extra_tags="info")
        return
    messages.error(request, word(outcome.refusal, now=now, zone=ZoneInfo(user.zone)), extra_tags="bad")


def _unpaid(one: FailedPayoutView, zone: ZoneInfo, now: datetime, language: str) -> dict[str, Any]:
    return {
        "view": one,
        "amount": money(one.currency, one.amount, language),
        "error": visible(one.error),
        "failed": moment(one.failed_at, zone, now, language),
        "tries": len(tries(one.key)),
    }


def _break(one: BreakView, zone: ZoneInfo, now: datetime, language: str) -> BreakRow:
    settled = ""
    if one.resolved_at is not None:
        settled = f"{moment(one.resolved_at, zone, now, language)} · {one.resolved_by}"
    return BreakRow(
        one,
        str(BREAKS.get(one.kind, one.kind)),
        _side(one.ours, language),
        _side(one.theirs, language),
        moment(one.found_at, zone, now, language),
        settled,
    )


def _side(said: dict[str, Any], language: str) -> str:
    """What one side says: amount and state, or an error."""
    if "amount" not in said:
        return str(said.get("error") or _("nothing"))
    state = str(said.get("state", ""))
    words = (money(said["currency"], said["amount"], language), str(STATES.get(state, state)))
    return " · ".join(one for one in (*words, str(said.get("reference", ""))) if one)


def _parts(parts: dict[str, int], currency: str, language: str) -> list[tuple[str, str]]:
    return [
        (str(MOVEMENTS.get(name, name)), money(currency, amount, language)) for name, amount in parts.items()
    ]


def _line(one: Line, zone: ZoneInfo, now: datetime, language: str) -> dict[str, str]:
    return {
        "at": moment(one.at, zone, now, language),
        "kind": str(MOVEMENTS.get(one.kind, one.kind)),
        "url": reverse("desk:order", args=[one.order_number]) if one.order_number else "",
        "order": one.order_number,
        "amount": money(one.currency, one.amount, language),
    }


def _place(text: str) -> tuple[datetime, int] | None:
    """Where a page of the statement begins. Raises Http404 for what is no place."""
    if not text:
        return None
    at, _tilde, number = text.partition("~")
    try:
        begins = datetime.fromisoformat(at.replace(" ", "+"))
    except ValueError:
        raise Http404 from None
    if begins.tzinfo is None or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    return begins, int(number)


urls: list[URLPattern] = [
    path("payments/", payments, name="payments"),
    path("payments/breaks/<int:break_id>/", settle, name="settle_break"),
]
operator_urls: list[URLPattern] = [
    path("payments/", all_breaks, name="payment_breaks"),
    path("payments/claims/<slug:reference>/", retry, name="retry_payout"),
]
