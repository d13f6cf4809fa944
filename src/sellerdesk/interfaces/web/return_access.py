"""What every page of one return begins with: the return for its reader, or the page that says there is none."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.idempotency import Once, digest_of
from sellerdesk.interfaces.web.order_access import origin
from sellerdesk.interfaces.web.staff import DeskRequest
from sellerdesk.queries.return_detail import ReturnDetail, return_detail


def read_return(request: DeskRequest, rma: str) -> ReturnDetail | None:
    """The return as far as the person may see it."""
    desk = request.desk
    return return_detail(desk.seller.seller_id, rma, personal=desk.may(Permission.BUYERS_READ), now=desk.now)


def no_return(request: DeskRequest, rma: str) -> HttpResponse:
    """The page for a return that this seller does not have. Another seller's looks the same."""
    return render(request, "web/returns/missing.html", {"rma": rma[:60]}, status=404)


def return_url(request: DeskRequest, rma: str) -> str:
    """The page of a return, remembering the list that the person came from."""
    listed = origin(request)
    url = reverse("desk:return", args=[rma])
    return f"{url}?{urlencode({'from': listed})}" if listed else url


def kept(answer: HttpResponse) -> HttpResponse:
    """A form that going back brings as it was sent, with its key, instead of a fresh one or the browser's error."""
    answer.headers["Cache-Control"] = "private, max-age=0"
    return answer


def once_of(request: DeskRequest, operation: str, key: str, said: object) -> Once:
    """What makes a form that is sent twice take effect once."""
    desk = request.desk
    return Once(f"staff:{desk.user_id}", operation, key, digest_of(said), desk.now)
