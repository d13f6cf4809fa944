"""Say what came back: a grade, a note and photos; what it does to stock and to the fee (S4-18; screens 1.10)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sellerdesk.commands.returns import Inspect, grade_returns
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.photos import PHOTO_BYTES_MAX, PHOTOS_MAX, Photo
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_facts import RESTOCKED, Grade
from sellerdesk.domain.returns import RETURN
from sellerdesk.flows.photos import clean_photos
from sellerdesk.interfaces.web import return_words
from sellerdesk.interfaces.web.formats import money
from sellerdesk.interfaces.web.forms import returns as form
from sellerdesk.interfaces.web.forms.typed import FieldError
from sellerdesk.interfaces.web.order_access import missing, read_order
from sellerdesk.interfaces.web.return_access import kept, no_return, once_of, read_return, return_url
from sellerdesk.interfaces.web.return_view import form_context
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.order_detail import OrderDetail
from sellerdesk.queries.return_detail import ReturnDetail, fees_by_grade
from sellerdesk.queries.returns_list import LineView

OPERATION = "grade_returns"
_STATUS = {Code.BUSY: 409, Code.KEY_IN_USE: 409, Code.RETURN_STATE: 409, Code.FORBIDDEN: 403}


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.RETURNS_RECEIVE)
def grade(request: DeskRequest, rma: str) -> HttpResponseBase:
    """The form, and what is sent with it."""
    detail = read_return(request, rma)
    if detail is None:
        return no_return(request, rma)
    order = read_order(request, detail.view.order_number)
    if order is None:
        return missing(request, detail.view.order_number)
    here = [line for line in detail.view.lines if line.received]
    if request.method != "POST":
        draft = form.LinesDraft(
            form.first_head(detail, order.last_entry),
            grades={line.item_number: line.grade for line in here},
            notes={line.item_number: line.note for line in here},
        )
        return _answer(request, detail, order, draft)
    draft = form.read_lines(request.POST, [line.item_number for line in here])
    if draft.head.number != detail.view.version:
        return _stale(request, detail, order, draft)
    return _send(request, detail, order, draft)


def _send(
    request: DeskRequest, detail: ReturnDetail, order: OrderDetail, draft: form.LinesDraft
) -> HttpResponseBase:
    desk, view = request.desk, detail.view
    grades, notes, errors = form.check_grades(draft, list(draft.grades))
    photos: tuple[Photo, ...] = ()
    try:
        photos = clean_photos(_files(request))
    except Refusal as refusal:
        errors.append(FieldError("photos", refusal))
    if errors:
        return _answer(request, detail, order, draft, errors=errors, status=422)
    step = Inspect(
        view.order_number, view.rma, grades=grades, notes=notes, photos=photos, version=draft.head.number
    )
    said = [view.rma, draft.head.version, grades, notes, [one.sha256 for one in photos]]
    once = once_of(request, OPERATION, draft.head.key, said)
    [outcome] = grade_returns(desk.actor, [step], now=desk.now, once=once)
    if outcome.refusal is not None:
        fresh = read_return(request, view.rma) or detail
        if outcome.refusal.code is Code.STALE_VERSION:
            return _stale(request, fresh, read_order(request, view.order_number) or order, draft)
        status = _STATUS.get(outcome.refusal.code, 422)
        return _answer(request, fresh, order, draft, errors=[FieldError("", outcome.refusal)], status=status)
    count = int(outcome.facts.get("restocked", 0))
    text = _("Inspected.")
    if count:
        text += " " + ngettext("%(n)s unit is back in stock.", "%(n)s units are back in stock.", count) % {
            "n": count
        }
    messages.success(request, text, extra_tags="ok")
    return redirect(return_url(request, view.rma))


def _files(request: DeskRequest) -> list[Attachment]:
    """The photos as they were handed in. Raises Refusal before reading what nobody would keep."""
    given = request.FILES.getlist("photos")
    if len(given) > PHOTOS_MAX:
        raise refuse(Code.TOO_MANY_ATTACHMENTS, count=len(given), most=PHOTOS_MAX)
    return [
        Attachment(one.name or "photo", one.content_type or "", one.read(PHOTO_BYTES_MAX + 1))
        for one in given
    ]


def _stale(
    request: DeskRequest, detail: ReturnDetail, order: OrderDetail, draft: form.LinesDraft
) -> HttpResponseBase:
    """409; unless it is the same form once more, after it was accepted."""
    typed = {number: text for number, text in draft.grades.items() if text}
    known = {line.item_number: line.grade for line in detail.view.lines}
    if (
        typed
        and draft.head.number == detail.view.version - 1
        and all(known.get(n) == g for n, g in typed.items())
    ):
        messages.info(request, _("This inspection was saved already. Nothing was done twice."))
        return redirect(return_url(request, detail.view.rma))
    head = form.Head(str(detail.view.version), str(order.last_entry), draft.head.key)
    fresh = replace(draft, head=head)
    return _answer(request, detail, order, fresh, status=409, stale=draft.head.seen or "0")


def _answer(
    request: DeskRequest,
    detail: ReturnDetail,
    order: OrderDetail,
    draft: form.LinesDraft,
    *,
    errors: Sequence[FieldError] = (),
    status: int = 200,
    stale: str = "",
) -> HttpResponse:
    view = detail.view
    context: dict[str, Any] = form_context(request, detail, order, errors, stale=stale)
    here = [
        (item, line) for item, line in zip(context["card"].items, view.lines, strict=True) if line.received
    ]
    wrong = context["errors"]
    context |= {
        "draft": draft,
        "lines": [
            {
                "item": item,
                "number": line.item_number,
                "received": line.received,
                "grades": _grades(request, detail, line, draft),
                "note": draft.notes.get(line.item_number, ""),
                "error": wrong.get(f"grade-{line.item_number}", ""),
                "note_error": wrong.get(f"note-{line.item_number}", ""),
            }
            for item, line in here
        ],
        "can": bool(here) and view.state in RETURN.moves["grade"].sources,
        "most": PHOTOS_MAX,
    }
    return kept(render(request, "web/returns/grade.html", context, status=status))


def _grades(
    request: DeskRequest, detail: ReturnDetail, line: LineView, draft: form.LinesDraft
) -> list[tuple[str, str, str, bool]]:
    """Each grade with what it does: to the stock, and how much may be kept."""
    desk = request.desk
    fees = fees_by_grade(desk.seller.seller_id, detail, line.item_number, desk.now)
    found = []
    for one, label in return_words.GRADES.items():
        stock = _("back to stock") if one in RESTOCKED else _("not for sale")
        fee = fees[one]
        allowed = _("no fee allowed")
        if fee and desk.may(Permission.MONEY_READ):
            allowed = _("fee up to %(amount)s") % {"amount": money(fee, detail.view.currency)}
        elif fee:
            allowed = _("a fee is allowed")
        chosen = draft.grades.get(line.item_number) == one
        found.append((Grade(one).value, str(label), f"{stock} · {allowed}", chosen))
    return found


urls: list[URLPattern] = [path("returns/<path:rma>/grade/", grade, name="return_grade")]
