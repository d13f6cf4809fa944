"""What the pages of webhooks and of chat channels share: states in words, deliveries, and what can be done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from sellerdesk.commands.deliveries import replay_delivery, replay_since, send_test
from sellerdesk.commands.receivers import delete_receiver, rotate_secret, switch_receiver
from sellerdesk.interfaces.web.staff import Desk, DeskRequest
from sellerdesk.interfaces.web.when import moment
from sellerdesk.queries.receivers import DeliveryView, ReceiverView, deliveries

ROWS = 50
SECRET_KEY = "receiver_secret"  # noqa: S105  (of the session: id and secret, until they are shown)
STATES: Final[dict[str, tuple[Any, str]]] = {
    "queued": (lazy("Waiting"), "info"),
    "delivered": (lazy("Delivered"), "ok"),
    "dead": (lazy("Given up"), "bad"),
}
REASONS: Final[dict[str, Any]] = {
    "person": lazy("Somebody switched it off. Nothing is sent until it is switched on again."),
    "gone": lazy("The receiver answered 410 Gone, so nothing is sent there any more."),
    "failing": lazy(
        "Nothing arrived for days, so it was switched off. Repair it, switch it on, and send again."
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A receiver in words."""

    view: ReceiverView
    url: str
    place: str
    state: str
    tone: str
    delivered_at: str
    old_secret_until: str


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery in words."""

    view: DeliveryView
    type: str
    state: str
    tone: str
    at: str


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool


def row(view: ReceiverView, url: str, place: str, desk: Desk) -> Row:
    """A receiver in words; `place`: where it is, as may be shown."""
    state, tone = _("Active"), "ok"
    if view.state == "disabled":
        state, tone = _("Switched off"), "bad"
    elif view.failing_since is not None:
        state, tone = _("Failing"), "warn"
    until = view.old_secret_until if view.old_secret_until and view.old_secret_until > desk.now else None
    return Row(view, url, place, state, tone, said(view.delivered_at, desk), said(until, desk))


def said(at: datetime | None, desk: Desk) -> str:
    return moment(at, desk.zone, desk.now, get_language() or "en") if at else ""


def listing(request: DeskRequest, receiver_id: int, words: Callable[[str], str]) -> dict[str, Any]:
    """The deliveries of a receiver, by `?state=` and `?before=`. Raises Http404 for what cannot be."""
    desk = request.desk
    state, before = request.GET.get("state", ""), request.GET.get("before", "")
    if state not in ("", *STATES) or (
        before and not (before.isascii() and before.isdigit() and len(before) < 19)
    ):
        raise Http404
    found = deliveries(
        desk.seller.seller_id,
        receiver_id,
        state=state,
        before=int(before) if before else None,
        limit=ROWS + 1,
    )
    tabs = [Tab(_("All"), "?", not state)]
    tabs += [Tab(str(label), f"?state={name}", state == name) for name, (label, _tone) in STATES.items()]
    return {
        "deliveries": [_delivery(one, words(one.type), desk) for one in found[:ROWS]],
        "older": f"?state={state}&before={found[ROWS - 1].id}" if len(found) > ROWS else "",
        "tabs": tabs,
        "today": desk.now.astimezone(desk.zone).date().isoformat(),
    }


def _delivery(one: DeliveryView, words: str, desk: Desk) -> DeliveryRow:
    label, tone = STATES[one.state]
    at = one.next_at if one.state == "queued" else one.tried_at
    return DeliveryRow(one, words, str(label), tone, said(at, desk))


def act(request: DeskRequest, receiver_id: int, here: str, back: str) -> HttpResponseBase | None:
    """Do what a button asks for; None when the form asks for something else."""
    action = _ACTIONS.get(request.POST.get("do", ""))
    return redirect(here if action(request, receiver_id) else back) if action else None


def _test(request: DeskRequest, receiver_id: int) -> bool:
    if send_test(request.desk.actor, receiver_id, now=request.desk.now):
        messages.success(request, _("A test is on its way. Look at the list in a moment."))
    return True


def _switch(on: bool) -> Callable[[DeskRequest, int], bool]:
    def switch(request: DeskRequest, receiver_id: int) -> bool:
        switch_receiver(request.desk.actor, receiver_id, on=on, now=request.desk.now)
        messages.success(request, _("It is switched on.") if on else _("It is switched off."))
        return True

    return switch


def _rotate(request: DeskRequest, receiver_id: int) -> bool:
    secret = rotate_secret(request.desk.actor, receiver_id, now=request.desk.now)
    if secret:
        keep_secret(request, receiver_id, secret)
    return True


def _delete(request: DeskRequest, receiver_id: int) -> bool:
    delete_receiver(request.desk.actor, receiver_id, now=request.desk.now)
    messages.success(request, _("It is deleted."))
    return False


def _replay(request: DeskRequest, receiver_id: int) -> bool:
    chosen = request.POST.get("delivery", "")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 19:
        replay_delivery(request.desk.actor, receiver_id, int(chosen), now=request.desk.now)
        messages.success(request, _("It is sent again, under the same id."))
    return True


def _replay_since(request: DeskRequest, receiver_id: int) -> bool:
    desk = request.desk
    try:
        day = parse_date(request.POST.get("since", ""))
    except ValueError:
        day = None
    if day is None:
        messages.error(request, _("Name a day."))
        return True
    since = datetime.combine(day, time(), tzinfo=desk.zone)
    number = replay_since(desk.actor, receiver_id, since, now=desk.now)
    text = ngettext("%(n)s delivery is sent again.", "%(n)s deliveries are sent again.", number)
    messages.success(request, text % {"n": number})
    return True


_ACTIONS: Final[dict[str, Callable[[DeskRequest, int], bool]]] = {
    "test": _test,
    "on": _switch(True),
    "off": _switch(False),
    "rotate": _rotate,
    "delete": _delete,
    "replay": _replay,
    "replay_since": _replay_since,
}


def keep_secret(request: DeskRequest, receiver_id: int, secret: str) -> None:
    """Keep a secret in the session until the receiver's page shows it, once."""
    request.session[SECRET_KEY] = [receiver_id, secret]


def shown_secret(request: DeskRequest, receiver_id: int) -> str:
    """The secret that was made a moment ago, forgotten with this call; "" without one."""
    held = request.session.get(SECRET_KEY)
    if not held or held[0] != receiver_id:
        return ""
    del request.session[SECRET_KEY]
    return str(held[1])
