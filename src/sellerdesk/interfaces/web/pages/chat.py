"""Chat alerts: channels that are told the news. A channel's address is a secret and is never shown."""

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
from sellerdesk.domain.chat import SERVICES, service_of
from sellerdesk.domain.notifications import KINDS
from sellerdesk.domain.receivers import NAME_LENGTH, ReceiverKind
from sellerdesk.domain.refusals import Refusal
from sellerdesk.domain.web_addresses import LENGTH_MAX
from sellerdesk.interfaces.web import receiver_pages
from sellerdesk.interfaces.web.pages.notice_settings import LABELS
from sellerdesk.interfaces.web.refusals import word
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.receivers import ReceiverView, receiver, receivers


class ChannelForm(forms.Form):
    """Where to, what of, and in which language."""

    name = forms.CharField(label=lazy("Name"), max_length=NAME_LENGTH)
    url = forms.CharField(
        label=lazy("Address of the channel"),
        max_length=LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=lazy(
            "As the service gives it, for example https://hooks.slack.com/services/…; it stays secret."
        ),
    )
    language = forms.ChoiceField(label=lazy("Language"), choices=settings.LANGUAGES)
    events = forms.MultipleChoiceField(
        label=lazy("News"),
        required=False,
        choices=[(kind, LABELS[kind]) for kind in KINDS],
        widget=forms.CheckboxSelectMultiple,
        help_text=lazy("Choose none to hear of all."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.WEBHOOKS_MANAGE)
def channels(request: DeskRequest) -> HttpResponseBase:
    """The list, and a form for a new one."""
    desk = request.desk
    form = ChannelForm(request.POST or None, initial={"language": desk.language})
    if request.method == "POST" and form.is_valid():
        try:
            made = create_receiver(desk.actor, _draft(form), now=desk.now)
        except Refusal as refusal:
            form.add_error(_field(refusal), word(refusal, now=desk.now, zone=desk.zone))
        else:
            return redirect("desk:channel", made.id)
    found = receivers(desk.seller.seller_id, ReceiverKind.CHAT)
    context = {
        "title": _("Chat alerts"),
        "intro": _("News for your team’s chat: {services}.").format(services=", ".join(SERVICES.values())),
        "new_title": _("Add channel"),
        "rows": [receiver_pages.row(one, _url(one.id), service_of(one.address), desk) for one in found],
        "form": form,
    }
    return render(request, "web/receivers.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.WEBHOOKS_MANAGE)
def channel(request: DeskRequest, receiver_id: int) -> HttpResponseBase:
    """One channel: its state, its alerts, and everything that can be done with it."""
    desk = request.desk
    view = receiver(desk.seller.seller_id, ReceiverKind.CHAT, receiver_id)
    if view is None:
        raise Http404
    given = request.POST if request.POST.get("do") == "change" else None
    held = {"name": view.name, "events": view.events, "language": view.language}
    form = ChannelForm(given, initial=held)
    form.fields["url"].required = False  # an empty field leaves the address as it is
    if request.method == "POST":
        answer = receiver_pages.act(request, receiver_id, _url(receiver_id), reverse("desk:channels"))
        if answer is None and _saved(request, receiver_id, form):
            answer = redirect("desk:channel", receiver_id)
        if answer is not None:
            return answer
    context = _context(request, view) | {"form": form}
    return render(request, "web/receiver.html", context, status=422 if form.errors else 200)


def _context(request: DeskRequest, view: ReceiverView) -> dict[str, Any]:
    return receiver_pages.listing(request, view.id, lambda kind: str(LABELS.get(kind, kind))) | {
        "row": receiver_pages.row(view, _url(view.id), service_of(view.address), request.desk),
        "reason": receiver_pages.REASONS.get(view.disabled_because, ""),
        "back": reverse("desk:channels"),
        "back_label": _("All channels"),
        "can_test": True,
        "can_delete": True,
        "can_rotate": False,
    }


def _saved(request: DeskRequest, receiver_id: int, form: ChannelForm) -> bool:
    desk = request.desk
    if not form.is_valid():
        return False
    try:
        change_receiver(desk.actor, receiver_id, _draft(form), now=desk.now)
    except Refusal as refusal:
        form.add_error(_field(refusal), word(refusal, now=desk.now, zone=desk.zone))
        return False
    return True


def _draft(form: ChannelForm) -> ReceiverDraft:
    said = form.cleaned_data
    return ReceiverDraft(
        ReceiverKind.CHAT, said["name"], said["url"], tuple(said["events"]), said["language"]
    )


def _field(refusal: Refusal) -> str | None:
    place = refusal.facts.get("place")
    return str(place) if place in ChannelForm.base_fields else None


def _url(receiver_id: int) -> str:
    return reverse("desk:channel", args=[receiver_id])


urls: list[URLPattern] = [
    path("settings/chat/", channels, name="channels"),
    path("settings/chat/<int:receiver_id>/", channel, name="channel"),
]
