"""One return: what the buyer says, its story, its money, advice, photos (S2-04 to S2-09, S2-37; screens 1.10)."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from sellerdesk.domain.actors import Permission
from sellerdesk.interfaces.web.formats import moment, visible
from sellerdesk.interfaces.web.order_access import missing, read_order
from sellerdesk.interfaces.web.return_access import no_return, read_return
from sellerdesk.interfaces.web.return_view import (
    address_lines,
    base_context,
    helper_context,
    offer,
    story,
)
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.return_photos import photo, photos_of

PHOTO_KINDS = frozenset({"image/jpeg", "image/png", "image/webp"})


@require_safe
@staff()
def return_page(request: DeskRequest, rma: str) -> HttpResponseBase:
    """The page of a return."""
    detail = read_return(request, rma)
    if detail is None:
        return no_return(request, rma)
    order = read_order(request, detail.view.order_number)
    if order is None:
        return missing(request, detail.view.order_number)
    desk = request.desk
    may_see = desk.may(Permission.BUYERS_READ)
    photos = photos_of(desk.seller.seller_id, rma) if may_see else ()
    context = base_context(request, detail) | helper_context(request, detail)
    context |= {
        "story": story(order, detail, request),
        "offer": offer(request, detail),
        "address": address_lines(detail.address) if detail.view.authorized_at else [],
        "instructions": visible(detail.instructions) if detail.view.authorized_at else "",
        "close_comment": visible(detail.view.close_comment),
        "photos": [
            (one, visible(one.name), moment(one.at, detail.view.marketplace_id, desk.zone, desk.now))
            for one in photos
        ],
        "lines": list(zip(context["card"].items, detail.view.lines, strict=True)),
    }
    return render(request, "web/returns/detail.html", context)


@require_safe
@staff(Permission.BUYERS_READ)
def return_photo(request: DeskRequest, rma: str, photo_id: int) -> HttpResponseBase:
    """A photo, as a picture and never as anything that a browser would run."""
    found = photo(request.desk.seller.seller_id, rma, photo_id)
    if found is None or found.kind not in PHOTO_KINDS:
        raise Http404
    answer = HttpResponse(found.content, content_type=found.kind)
    name = visible(found.name)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


urls: list[URLPattern] = [
    path("returns/<path:rma>/photos/<int:photo_id>/", return_photo, name="return_photo"),
    path("returns/<path:rma>/", return_page, name="return"),
]
