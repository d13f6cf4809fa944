"""Packing slips: look at them, print them, fetch them as PDF (S1-10, S4-08; screens 1.5).

Looking changes nothing. Printing is a POST: it counts the print and puts it on record, then answers the sheets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.identifiers import is_order_number
from sellerdesk.domain.lifecycle import actions
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.slips import PaperSize
from sellerdesk.flows.slips import barcode, print_slips, slips_pdf
from sellerdesk.interfaces.web import refusals
from sellerdesk.interfaces.web.formats import language
from sellerdesk.interfaces.web.order_access import origin
from sellerdesk.interfaces.web.order_choice import read_choice
from sellerdesk.interfaces.web.slip_sheets import SlipLanguages, compose
from sellerdesk.interfaces.web.staff import Desk, DeskRequest, staff
from sellerdesk.queries.slips import SlipOrder, slip_orders

MOST = 500  # sheets of one print


@dataclass(frozen=True, slots=True)
class Options:
    """What the person chose: orders, paper, languages."""

    order_numbers: tuple[str, ...]
    size: PaperSize
    languages: SlipLanguages
    wants_pdf: bool
    with_held: bool  # also orders whose buyer has requested to cancel


def read_options(data: QueryDict, desk: Desk) -> Options:
    """From the address or the form; what makes no sense falls back to the default."""
    if "matching" in data:
        numbers = read_choice(data, desk).numbers
    else:
        ticked = (number for number in data.getlist("order") if is_order_number(number))
        numbers = tuple(dict.fromkeys(ticked))[:MOST]
    size = data.get("size", "")
    known = dict(settings.LANGUAGES)
    chosen, second = data.get("language", ""), data.get("second", "")
    return Options(
        numbers,
        PaperSize(size) if size in set(PaperSize) else PaperSize.A4,
        SlipLanguages(language(), chosen if chosen in known else "", second if second in known else ""),
        data.get("format", "") == "pdf",
        bool(data.get("held")),
    )


def _held_back(found: Sequence[SlipOrder], options: Options) -> tuple[str, ...]:
    """Orders that are not packed with the others, because their buyers have requested to cancel (screens 1.8)."""
    if options.with_held or len(options.order_numbers) < 2:
        return ()
    return tuple(one.order_number for one in found if one.is_held)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.ORDERS_SHIP)
def slips(request: DeskRequest) -> HttpResponseBase:
    """GET shows the sheets, POST prints them."""
    desk = request.desk
    if request.method == "POST":
        options = read_options(request.POST, desk)
        held = _held_back(slip_orders(desk.seller.seller_id, options.order_numbers, personal=False), options)
        asked = [number for number in options.order_numbers if number not in held]
        printed = print_slips(desk.actor, asked, now=desk.now)
        refused = [one for one in printed.outcomes if not one.accepted]
        return _answer(request, options, printed.orders, refused, held=held, is_printed=True)
    options = read_options(request.GET, desk)
    personal = desk.may(Permission.BUYERS_READ)
    found = slip_orders(desk.seller.seller_id, options.order_numbers, personal=personal)
    held = _held_back(found, options)
    printable = [
        one
        for one in found
        if one.order_number not in held and "print_packing_slip" in actions(one.status, one.channel)
    ]
    return _answer(request, options, printable, [], held=held, is_printed=False)


def _answer(
    request: DeskRequest,
    options: Options,
    orders: Sequence[SlipOrder],
    refused: Sequence[Outcome],
    *,
    held: Sequence[str],
    is_printed: bool,
) -> HttpResponse:
    sheets = compose(orders, options.languages)
    if options.wants_pdf and sheets:
        return _pdf(slips_pdf(sheets, options.size), options.order_numbers)
    desk = request.desk
    there = {one.order_number for one in orders}
    context: dict[str, Any] = {
        "options": options,
        "sheets": [(sheet, _bars(sheet.order_number)) for sheet in sheets],
        "sizes": [
            (PaperSize.A4, "A4"),
            (PaperSize.LETTER, "Letter"),
            (PaperSize.A5, "A5"),
            (PaperSize.LABEL, "10 × 15 cm"),
        ],
        "languages": settings.LANGUAGES,
        "refused": [
            (one.order_number, refusals.word(one.refusal, now=desk.now, zone=desk.zone))
            for one in refused
            if one.refusal
        ],
        "left_out": [
            number for number in options.order_numbers if number not in there and number not in held
        ],
        "held": held,
        "shown_held": [one.order_number for one in orders if one.is_held],
        "again": [(one.order_number, one.slips_printed) for one in orders if one.slips_printed],
        "is_printed": is_printed,
        "origin": origin(request),
    }
    status = 200 if sheets or not is_printed else 422
    return render(request, "web/order/slips.html", context, status=status)


def _bars(order_number: str) -> dict[str, Any]:
    """The barcode as bars of an SVG picture: x and width of each bar, and the width of all."""
    x, bars = 0, []
    for position, width in enumerate(barcode(order_number)):
        if position % 2 == 0:
            bars.append((x, width))
        x += width
    return {"bars": bars, "width": x}


def _pdf(document: bytes, order_numbers: Sequence[str]) -> HttpResponse:
    name = (
        f"packing-slip-{order_numbers[0]}"
        if len(order_numbers) == 1
        else f"packing-slips-{len(order_numbers)}"
    )
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(document, content_type="application/pdf", headers=headers)


urls: list[URLPattern] = [path("orders/slips/", slips, name="slips")]
