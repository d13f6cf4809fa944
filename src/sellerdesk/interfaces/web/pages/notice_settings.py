"""How a person hears of what: a table of kinds and ways, for all marketplaces or for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from sellerdesk.commands.notifications import save_notice_settings
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.notices import NOTICES, SELLER
from sellerdesk.domain.notifications import APP, CHANNELS, EVERY, KINDS, MAIL, Setting, is_wanted
from sellerdesk.interfaces.web.staff import Desk, DeskRequest, staff
from sellerdesk.queries.notifications import notice_settings as settings_of

LABELS: Final[dict[str, Any]] = {
    "payment_authorized": lazy("Sold: an order is ready to ship"),
    "cancellation_requested": lazy("A buyer asks to cancel"),
    "cancel_answer_passed": lazy("A request to cancel was not answered in time"),
    "message_received": lazy("A buyer writes"),
    "message_answer_missed": lazy("A message was not answered in time"),
    "message_blocked": lazy("A message was not delivered: the buyer wants none"),
    "guide_unanswered": lazy("A buyer did not react to the guidance"),
    "ship_by_reminded": lazy("An order must be shipped soon"),
    "ship_by_passed": lazy("An order is late"),
    "auto_cancel_warned": lazy("An order will soon be cancelled automatically"),
    "order_auto_cancelled": lazy("An order was cancelled automatically"),
    "order_cancelled": lazy("The seller cancelled an order"),
    "buyer_cancelled": lazy("A buyer cancelled an order"),
    "marketplace_cancelled": lazy("The marketplace cancelled an order"),
    "cancelled_elsewhere": lazy("An order was cancelled on its own platform"),
    "cancellation_superseded": lazy("An order was shipped although the buyer had asked to cancel it"),
    "return_requested": lazy("A buyer asks to return goods"),
    "return_answer_passed": lazy("A request to return goods was not answered in time"),
    "return_withdrawn": lazy("A buyer gives up a return"),
    "return_closed_auto": lazy("A return closed itself"),
    "return_departed": lazy("A return is on its way back"),
    "return_method_missed": lazy("No way back was given in time"),
    "return_delivered": lazy("The carrier delivered a return"),
    "return_received": lazy("A return has arrived: the refund is due"),
    "return_refund_overdue": lazy("A refund for a return is overdue"),
    "refund_drafted": lazy("A refund waits for a second person"),
    "refund_requested": lazy("A refund was requested and is held"),
    "refund_undone": lazy("A refund was called back"),
    "refund_released": lazy("A refund is on its way to the buyer"),
    "refund_settled": lazy("A refund was paid out"),
    "refund_rejected": lazy("A refund could not be paid out"),
    "payment_break_found": lazy("The payment side’s books differ from ours"),
    "claim_filed": lazy("A buyer files a claim"),
    "claim_action_required": lazy("A claim must be answered"),
    "claim_granted": lazy("A claim was decided for the buyer"),
    "claim_denied": lazy("A claim was decided for the seller"),
    "claim_withdrawn": lazy("A buyer withdraws a claim"),
    "claim_refunded": lazy("A claim was closed by a refund"),
    "claim_reopened": lazy("A claim is open again"),
    "claim_payout_failed": lazy("A claim could not be paid out"),
    "claim_appeal_info_required": lazy("An appeal must be answered"),
    "claim_reversed": lazy("An appeal was granted"),
    "claim_appeal_denied": lazy("An appeal was denied"),
    "claim_appeal_over": lazy("The time to appeal has ended"),
    "feedback_received": lazy("A buyer leaves a bad rating"),
    "chargeback_opened": lazy("A buyer’s bank takes money back"),
    "chargeback_closed": lazy("A chargeback has ended"),
    "receiver_disabled": lazy("A webhook or chat channel was switched off"),
    "delivery_given_up": lazy("Deliveries to a webhook or chat channel were given up"),
}
BY_MAIL: Final = frozenset(notice.event for notice in NOTICES if notice.reader == SELLER)
_WAYS: Final[dict[str, Any]] = {MAIL: lazy("by mail"), APP: lazy("here")}


@dataclass(frozen=True, slots=True)
class Cell:
    """A box: what it is called in the form, "" where there is no such way."""

    name: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def notice_settings(request: DeskRequest) -> HttpResponseBase:
    """Show and save one person's wishes for `?marketplace=`, or for all."""
    desk = request.desk
    chosen = request.GET.get("marketplace", "") or EVERY
    if chosen != EVERY and chosen not in desk.around.marketplaces:
        raise Http404
    if request.method == "POST":
        on = set(request.POST.getlist("on"))
        wishes = {(kind, way): f"{kind}.{way}" in on for kind, way in _ways()}
        save_notice_settings(desk.actor, desk.user_id, chosen, wishes)
        messages.success(request, _("Your settings are saved."))
        return redirect(_url(chosen))
    held = settings_of(desk.seller.seller_id, desk.user_id, chosen)
    context = {"rows": [_row(kind, held, chosen) for kind in _kinds()], "tabs": _tabs(desk, chosen)}
    return render(request, "web/notice_settings.html", context)


def _kinds() -> list[str]:
    known = BY_MAIL | set(KINDS)
    return [*(kind for kind in LABELS if kind in known), *sorted(known - set(LABELS))]


def _ways() -> list[tuple[str, str]]:
    mail = [(kind, MAIL) for kind in BY_MAIL]
    return mail + [(kind, APP) for kind in KINDS]


def _row(kind: str, held: Sequence[Setting], place: str) -> Row:
    ways = set(_ways())
    label = str(LABELS.get(kind, kind.replace("_", " ")))
    cells = []
    for way in CHANNELS:
        name = f"{kind}.{way}" if (kind, way) in ways else ""
        on = bool(name) and is_wanted(held, kind=kind, marketplace_id=place, channel=way)
        cells.append(Cell(name, f"{label}: {_WAYS[way]}", on))
    return Row(label, tuple(cells))


def _tabs(desk: Desk, chosen: str) -> list[Tab]:
    every = Tab(_("All marketplaces"), _url(EVERY), chosen == EVERY)
    return [
        every,
        *(Tab(by_id(one).name, _url(one), chosen == one) for one in desk.around.marketplaces),
    ]


def _url(place: str) -> str:
    url = reverse("desk:notice_settings")
    return url if place == EVERY else f"{url}?marketplace={place}"


urls: list[URLPattern] = [path("settings/notifications/", notice_settings, name="notice_settings")]
