"""The evidence pack of a claim as a download, with the order's timeline as the console words it."""

from collections.abc import Sequence
from datetime import datetime

from django.http import Http404, HttpResponse

from sellerdesk.flows.evidence import evidence_pack
from sellerdesk.interfaces.web.formats import language
from sellerdesk.interfaces.web.record_words import document_reader, telling
from sellerdesk.interfaces.web.timeline import Reader, happening
from sellerdesk.queries.order_detail import OrderDetail


def evidence_file(seller_id: int, reference: str, order: OrderDetail, reader: Reader) -> HttpResponse:
    """The pack as PDF. Raises Http404 when the seller has no such claim."""
    history = history_of(order, document_reader(reader))
    told = telling(order.marketplace_id)
    made = evidence_pack(seller_id, reference, told, now=reader.now, language=language(), history=history)
    if made is None:
        raise Http404
    answer = HttpResponse(made, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="claim-{reference}.pdf"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def history_of(order: OrderDetail, reader: Reader) -> Sequence[tuple[datetime, str]]:
    """What happened to the order, oldest first: what, by whom, and its details."""
    told = []
    for entry in order.journal:
        one = happening(entry, order, reader)
        told.append((entry.at, " · ".join((one.title, one.who, *one.details))))
    return told
