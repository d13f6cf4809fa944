"""Who stands at the desk: the person, the seller they work for at the moment, and what they may do.

Every page of the console is a view under `@staff(permission)`. It asks the database afresh whether the person still
works for the seller that the session remembers, so that a removed colleague is out with the next click.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from sellerdesk.config import clock
from sellerdesk.domain.actors import PERMISSIONS, Actor, Door, Party, Permission
from sellerdesk.queries.navigation import Surroundings, surroundings
from sellerdesk.queries.people import Workplace, workplaces

SELLER_KEY = "seller"  # of the session: public id of the seller that the person has chosen
P = ParamSpec("P")


@dataclass(frozen=True)
class Desk:
    """One request's view of who works here. `now` is the request's instant, aware UTC."""

    user_id: int
    name: str
    zone: ZoneInfo
    shortcuts_on: bool
    seller: Workplace
    others: tuple[Workplace, ...]
    now: datetime
    language: str

    @cached_property
    def actor(self) -> Actor:
        """The person as commands know them."""
        return Actor(
            party=Party.SELLER,
            name=self.name,
            door=Door.WEB,
            seller_id=self.seller.seller_id,
            permissions=PERMISSIONS[self.seller.role],
            who=f"user:{self.user_id}",
        )

    @cached_property
    def around(self) -> Surroundings:
        """Marketplaces and saved views, read once a request and only where they are shown."""
        return surroundings(self.seller.seller_id, self.user_id)

    def may(self, permission: Permission) -> bool:
        """Whether the person's role allows it."""
        return self.actor.may(permission)


class DeskRequest(HttpRequest):
    """A request that has passed `staff`."""

    desk: Desk


def desk_of(request: HttpRequest) -> Desk | None:
    """The desk of a signed-in person, or None when they work for no seller."""
    user: Any = request.user
    places = workplaces(user.pk)
    if not places:
        return None
    chosen = request.session.get(SELLER_KEY)
    seller = next((place for place in places if place.public_id == chosen), places[0])
    return Desk(
        user_id=user.pk,
        name=person_name(user),
        zone=_zone(user.zone),
        shortcuts_on=user.shortcuts_on,
        seller=seller,
        others=tuple(place for place in places if place != seller),
        now=clock.now(),
        language=get_language() or "en",
    )


def person_name(user: Any) -> str:
    """What a person is called on pages and in timelines."""
    return str(user.name or user.email.partition("@")[0])


def staff(
    permission: Permission = Permission.ORDERS_READ,
) -> Callable[
    [Callable[Concatenate[DeskRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Let only staff with a permission in: others sign in (302), have no seller (to `/`), or may not (403)."""

    def gate(
        view: Callable[Concatenate[DeskRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            desk = desk_of(request)
            if desk is None:
                return redirect("home")
            staffed: Any = request
            staffed.desk = desk
            if not desk.may(permission):
                return forbidden(request)
            answer = view(staffed, *args, **kwargs)
            answer.headers.setdefault("Cache-Control", "private, no-store")
            return answer

        return cast(Callable[Concatenate[HttpRequest, P], HttpResponseBase], guarded)

    return gate


def forbidden(request: HttpRequest) -> HttpResponse:
    """The page for somebody whose role does not allow what was asked."""
    return render(request, "web/forbidden.html", status=403)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
