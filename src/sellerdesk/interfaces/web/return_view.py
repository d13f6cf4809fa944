"""What the pages about one return show: its story, its money, advice, and what is wrong with a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.money import Money, parse_amount
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.return_actions import Action
from sellerdesk.domain.return_advice import Situation
from sellerdesk.domain.return_facts import BUYERS_FAULT, ENDED
from sellerdesk.interfaces.web import refusals
from sellerdesk.interfaces.web.formats import money, visible
from sellerdesk.interfaces.web.forms.typed import FieldError
from sellerdesk.interfaces.web.order_access import origin, reader_of
from sellerdesk.interfaces.web.return_rows import Card, Cards
from sellerdesk.interfaces.web.shipment_view import changes_since
from sellerdesk.interfaces.web.staff import DeskRequest
from sellerdesk.interfaces.web.timeline import Happening, happening
from sellerdesk.looks import when
from sellerdesk.queries.order_detail import JournalView, OrderDetail
from sellerdesk.queries.return_advice import Known, situations
from sellerdesk.queries.return_detail import ReturnDetail

_TALK = frozenset({"message_sent", "message_received", "message_blocked"})


def base_context(request: DeskRequest, detail: ReturnDetail, *, known: Known | None = None) -> dict[str, Any]:
    """What every page of one return needs."""
    listed = origin(request)
    cards = Cards(request.desk, listed)
    card = cards.card(detail.view, known, whole=True)
    return {
        "card": card,
        "detail": detail,
        "origin": listed,
        "back": f"{reverse('desk:returns')}?{listed}" if listed else reverse("desk:returns"),
        "clock": when.iso(request.desk.now),
        "may_see_buyer": request.desk.may(Permission.BUYERS_READ),
    }


def form_context(
    request: DeskRequest,
    detail: ReturnDetail,
    order: OrderDetail,
    errors: Sequence[FieldError] = (),
    *,
    stale: str = "",
) -> dict[str, Any]:
    """The same for a form. `stale`: the `seen` of a form that came too late."""
    context = base_context(request, detail)
    wrong = {error.field: sentence(request, error.refusal) for error in errors}
    labels = _labels(detail)
    context |= {
        "errors": wrong,
        "problems": [(field, labels.get(field, ""), text) for field, text in wrong.items()],
        "order": order,
        "is_done": detail.view.state in ENDED,
    }
    if stale:
        seen = int(stale) if stale.isascii() and stale.isdigit() and len(stale) < 19 else 0
        context |= {"is_stale": True, "changes": changes_since(request, order, seen)}
    return context


def sentence(request: DeskRequest, refusal: Refusal) -> str:
    """A refusal in words."""
    desk = request.desk
    if refusal.code is Code.RETURN_QUANTITY and "left" in refusal.facts:
        return _("At most %(left)s of this item can still come, not %(asked)s.") % {
            "left": refusal.facts["left"],
            "asked": refusal.facts["asked"],
        }
    if refusal.code is Code.MISSING_VALUE and refusal.facts.get("place") == "units":
        return _(
            "Every count is 0, so nothing would be received. Count what came, or go back if nothing did."
        )
    if refusal.code is Code.MISSING_VALUE and refusal.facts.get("place") == "grades":
        return _("Choose the condition of at least one item.")
    return refusals.word(refusal, now=desk.now, zone=desk.zone)


def _labels(detail: ReturnDetail) -> dict[str, str]:
    labels = {
        "name": _("Name"),
        "line1": _("Street"),
        "line2": _("Street, second line"),
        "line3": _("Street, third line"),
        "city": _("City"),
        "state": _("State or region"),
        "postal_code": _("Postal code"),
        "country": _("Country (two letters)"),
        "phone": _("Phone"),
        "label": _("Return label"),
        "file": _("Label file"),
        "carrier": _("Carrier"),
        "tracking": _("Tracking ID"),
        "cost": _("Cost of the label"),
        "own_rma": _("Your own RMA"),
        "instructions": _("Instructions for the buyer"),
        "reason": _("Closing reason"),
        "comment": _("Comment to the buyer"),
        "units": _("Units that came"),
        "grades": _("Condition"),
        "photos": _("Photos"),
    }
    for line in detail.view.lines:
        name = visible(line.sku or line.title)
        labels |= {f"units-{line.item_number}": name, f"grade-{line.item_number}": name}
        labels[f"note-{line.item_number}"] = name
    return labels


# --- The story ---


def story(order: OrderDetail, detail: ReturnDetail, request: DeskRequest) -> list[Happening]:
    """What happened to this return, the newest first: its own entries, its refunds, and what was said since."""
    names, refunds = _names(order.journal, detail.view.rma), set[str]()
    found = []
    for entry in order.journal:
        rma, reference = str(entry.facts.get("rma", "")), str(entry.facts.get("reference", ""))
        ours = rma in names
        if ours and entry.kind.startswith("refund_") and reference:
            refunds.add(reference)
        refund = entry.kind.startswith("refund_") and reference in refunds
        talk = entry.kind in _TALK and entry.at >= detail.view.requested_at
        if ours or refund or talk:
            found.append(happening(entry, order, reader_of(request)))
    return found[::-1]


def _names(journal: Sequence[JournalView], rma: str) -> set[str]:
    """The numbers that the return has had: the seller's own replaces ours when it is authorised."""
    names = {rma}
    for entry in reversed(journal):
        if entry.kind == "return_authorized" and entry.facts.get("rma") in names:
            names.add(str(entry.facts.get("was") or rma))
    return names


# --- Money and advice ---


@dataclass(frozen=True, slots=True)
class Offer:
    """What refunding this return would give, one click each; "" where there is nothing."""

    full: str
    full_url: str
    less: str
    fee: str
    less_url: str
    why_no_fee: str


def offer(request: DeskRequest, detail: ReturnDetail) -> Offer | None:
    """The refund in full, and minus the fee that may be kept (rulebook 2.8)."""
    view, desk = detail.view, request.desk
    if view.state in ENDED or view.underway or not desk.may(Permission.REFUNDS_MAKE):
        return None
    full, fee = detail.proposal.full, detail.proposal.fee
    currency, url = view.currency, Cards(desk, origin(request)).refund_url(view)
    return Offer(
        money(full, currency) if full else "",
        f"{url}&fee=0",
        money(full - fee, currency) if fee else "",
        money(fee, currency) if fee else "",
        f"{url}&fee={Money(currency, fee).text()}",
        "" if fee else _why_no_fee(detail),
    )


def _why_no_fee(detail: ReturnDetail) -> str:
    if detail.view.reason not in BUYERS_FAULT:
        return _("No fee may be kept: the reason is not the buyer's.")
    if not all(line.grade for line in detail.view.lines):
        return _("A fee may be kept only after every line was inspected.")
    return _("The policy allows no fee for this condition.")


def helper_context(request: DeskRequest, detail: ReturnDetail) -> dict[str, Any]:
    """The decision helper, with what the reader knows besides: what it cost, what the way back would cost."""
    desk, currency = request.desk, detail.view.currency
    known = situations(desk.seller.seller_id, [detail.view.id], desk.now).get(detail.view.id)
    if known is None:
        return {}
    told, wrong = _told(request.GET, currency)
    insists = request.GET.get("insists") == "1"
    situation: Situation = replace(
        known.situation,
        insists=insists,
        value=detail.proposal.full or known.situation.value,
        cost=told.get("cost"),
        way_back=told.get("way_back"),
    )
    known = replace(known, situation=situation)
    cards = Cards(desk, origin(request))
    card = cards.card(detail.view, known, whole=True)
    said = [one for one in (card.advice, *card.more_advice) if one]
    return {
        "card": card,
        "hints": said,
        "may_answer": desk.may(Permission.RETURNS_HANDLE) or desk.may(Permission.REFUNDS_MAKE),
        "helper": {
            "cost": request.GET.get("cost", "")[:20],
            "way_back": request.GET.get("way_back", "")[:20],
            "insists": insists,
            "wrong": wrong,
            "currency": currency,
            "value": money(situation.value, currency) if desk.may(Permission.MONEY_READ) else "",
            "limit": money(situation.keep_limit, currency),
        },
    }


def _told(given: QueryDict, currency: str) -> tuple[dict[str, int], list[str]]:
    found, wrong = {}, []
    for name in ("cost", "way_back"):
        text = given.get(name, "").strip()
        if not text:
            continue
        try:
            amount = parse_amount(text, currency, place=name)
        except Refusal:
            wrong.append(name)
            continue
        if amount < 0:
            wrong.append(name)
        else:
            found[name] = amount
    return found, wrong


def address_lines(address: Mapping[str, Any]) -> list[str]:
    """An address as lines of a label."""
    parts = [str(address.get(name, "")) for name in ("name", "company", "line1", "line2", "line3")]
    place = ", ".join(
        str(address[name]) for name in ("city", "state", "postal_code", "country") if address.get(name)
    )
    phone = str(address.get("phone", ""))
    return [visible(line) for line in (*parts, place, phone) if line]


def button(card: Card, action: Action) -> str:
    """The address of one of a card's buttons, or ""."""
    return next((one.url for one in card.buttons if one.name == action), "")
