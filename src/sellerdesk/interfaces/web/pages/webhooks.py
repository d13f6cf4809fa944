"""Webhooks: who is told what happens, and what became of it. SP-API subscriptions are shown beside them."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from sellerdesk.commands.receivers import ReceiverDraft, change_receiver, create_receiver
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.events import TYPES
from sellerdesk.domain.receivers import NAME_LENGTH, ReceiverKind
from sellerdesk.domain.refusals import Refusal
from sellerdesk.domain.web_addresses import LENGTH_MAX
from sellerdesk.interfaces.web import receiver_pages
from sellerdesk.interfaces.web.refusals import word
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.receivers import ReceiverView, receiver, receivers


class WebhookForm(forms.Form):
    """Where to, and what of."""

    name = forms.CharField(label=lazy("Name"), max_length=NAME_LENGTH)
    url = forms.CharField(
        label=lazy("Address"),
        max_length=LENGTH_MAX,
        help_text=lazy("For example https://example.com/hooks. Ports 443, 80 and 8443."),
    )
    events = forms.MultipleChoiceField(
        label=lazy("Events"),
        required=False,
        choices=[(one, one) for one in TYPES],
        widget=forms.CheckboxSelectMultiple,
        help_text=lazy("Choose none to hear of all, also of those that later versions add."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.WEBHOOKS_MANAGE)
def webhooks(request: DeskRequest) -> HttpResponseBase:
    """The list, and a form for a new one, whose secret its page shows once."""
    desk = request.desk
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_receiver(desk.actor, _draft(form), now=desk.now)
        except Refusal as refusal:
            form.add_error(_field(refusal), word(refusal, now=desk.now, zone=desk.zone))
        else:
            receiver_pages.keep_secret(request, made.id, made.secret)
            return redirect("desk:webhook", made.id)
    seller = desk.seller.seller_id
    found = [*receivers(seller, ReceiverKind.WEBHOOK), *receivers(seller, ReceiverKind.SPAPI)]
    context = {
        "title": _("Webhooks"),
        "intro": _("Signed messages to your own programs, as Standard Webhooks describes them."),
        "new_title": _("Add webhook"),
        "rows": [receiver_pages.row(one, _url(one.id), _place(one), desk) for one in found],
        "form": form,
    }
    return render(request, "web/receivers.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.WEBHOOKS_MANAGE)
def webhook(request: DeskRequest, receiver_id: int) -> HttpResponseBase:
    """One webhook: its state, its deliveries, and everything that can be done with it."""
    desk = request.desk
    seller = desk.seller.seller_id
    view = receiver(seller, ReceiverKind.WEBHOOK, receiver_id) or receiver(
        seller, ReceiverKind.SPAPI, receiver_id
    )
    if view is None:
        raise Http404
    form = None
    if view.kind == ReceiverKind.WEBHOOK:
        given = request.POST if request.POST.get("do") == "change" else None
        form = WebhookForm(given, initial={"name": view.name, "url": view.address, "events": view.events})
    if request.method == "POST":
        answer = receiver_pages.act(request, receiver_id, _url(receiver_id), reverse("desk:webhooks"))
        if answer is None and form is not None and _saved(request, receiver_id, form):
            answer = redirect("desk:webhook", receiver_id)
        if answer is not None:
            return answer
    context = _context(request, view) | {"form": form}
    return render(request, "web/receiver.html", context, status=422 if form and form.errors else 200)


def _context(request: DeskRequest, view: ReceiverView) -> dict[str, Any]:
    own = view.kind == ReceiverKind.WEBHOOK
    return receiver_pages.listing(request, view.id, str) | {
        "row": receiver_pages.row(view, _url(view.id), _place(view), request.desk),
        "reason": receiver_pages.REASONS.get(view.disabled_because, ""),
        "secret": receiver_pages.shown_secret(request, view.id),
        "back": reverse("desk:webhooks"),
        "back_label": _("All webhooks"),
        "can_test": own,
        "can_delete": own,
        "can_rotate": True,
    }


def _saved(request: DeskRequest, receiver_id: int, form: WebhookForm) -> bool:
    desk = request.desk
    if not form.is_valid():
        return False
    try:
        change_receiver(desk.actor, receiver_id, _draft(form), now=desk.now)
    except Refusal as refusal:
        form.add_error(_field(refusal), word(refusal, now=desk.now, zone=desk.zone))
        return False
    return True


def _draft(form: WebhookForm) -> ReceiverDraft:
    said = form.cleaned_data
    return ReceiverDraft(
        ReceiverKind.WEBHOOK,
        said["name"],
        said["url"],
        tuple(said["events"]),
        allowed=settings.OUTBOUND_ALLOW,
    )


def _field(refusal: Refusal) -> str | None:
    place = refusal.facts.get("place")
    return str(place) if place in WebhookForm.base_fields else None


def _place(view: ReceiverView) -> str:
    return f"SP-API · {view.address}" if view.kind == ReceiverKind.SPAPI else view.address


def _url(receiver_id: int) -> str:
    return reverse("desk:webhook", args=[receiver_id])


urls: list[URLPattern] = [
    path("settings/webhooks/", webhooks, name="webhooks"),
    path("settings/webhooks/<int:receiver_id>/", webhook, name="webhook"),
]
