"""Giving something up: the buyer is asked first whether that is meant. The same steps for a return and for a claim."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.http import HttpResponseBase
from django.shortcuts import redirect

from sellerdesk.domain.outcomes import Outcome
from sellerdesk.interfaces.portal.drafts import new_key
from sellerdesk.interfaces.portal.frame import missing, page
from sellerdesk.interfaces.portal.gate import BuyerRequest
from sellerdesk.interfaces.portal.order_view import order_view
from sellerdesk.interfaces.portal.refusals import status_of, word
from sellerdesk.queries.portal_orders import PortalOrder


class _Placed(Protocol):
    @property
    def place(self) -> int: ...


T = TypeVar("T", bound=_Placed)


@dataclass(frozen=True, slots=True)
class Withdrawing(Generic[T]):
    """`act` gives it up; `says` is what the page that asks, `template`, must know; `route` is the page after it."""

    template: str
    route: str
    act: Callable[[BuyerRequest, PortalOrder, T], Outcome]
    says: Callable[[BuyerRequest, PortalOrder, T], dict[str, Any]]

    def answer(self, request: BuyerRequest, found: tuple[PortalOrder, T] | None) -> HttpResponseBase:
        """Ask whether the buyer means it, and then do it; what could not be done is said on the page that asks."""
        if found is None:
            return missing(request)
        order, one = found
        refusal = self.act(request, order, one).refusal if request.method == "POST" else None
        if request.method == "POST" and refusal is None:
            return redirect(self.route, order.seller, order.order_number, one.place)
        context = {
            "order": order_view(order, request.now),
            "key": new_key(),
            "refusal": word(refusal) if refusal else "",
        }
        return page(request, self.template, context | self.says(request, order, one), status_of(refusal))
