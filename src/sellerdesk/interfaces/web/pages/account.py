"""A person's own settings: language, zone, shortcuts; which seller they work for now."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, override
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from sellerdesk.commands.people import Preferences, save_language, save_preferences
from sellerdesk.interfaces.web.staff import SELLER_KEY, DeskRequest, staff

_COMMON_ZONES = (
    "UTC", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Kolkata",
    "Asia/Dubai", "Europe/Istanbul", "Europe/Berlin", "Europe/London", "America/Sao_Paulo", "America/New_York",
    "America/Chicago", "America/Denver", "America/Los_Angeles", "Australia/Sydney",
)  # fmt: skip


class ProfileForm(forms.Form):
    """What a person chooses for themselves."""

    name = forms.CharField(
        label=lazy("Name"),
        max_length=100,
        required=False,
        help_text=lazy("Shown to your colleagues in the timeline of orders."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=lazy("Language"), choices=settings.LANGUAGES)
    zone = forms.CharField(
        label=lazy("Your time zone"),
        max_length=40,
        help_text=lazy("Times are shown in the zone of the marketplace and in yours."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}),
    )
    shortcuts_on = forms.BooleanField(
        label=lazy("Single-key shortcuts"),
        required=False,
        help_text=lazy("Switch them off if they get in the way of speech input or other tools."),
    )

    def clean_zone(self) -> str:
        """The zone, in its own spelling."""
        typed = self.cleaned_data["zone"].strip().replace(" ", "_").casefold()
        for zone in available_timezones():
            if zone.casefold() == typed:
                return zone
        raise forms.ValidationError(
            _("No such time zone. Choose one from the list, for example Asia/Shanghai.")
        )


@login_required
def profile(request: HttpRequest) -> HttpResponseBase:
    """Show and save the form."""
    user: Any = request.user
    given = {name: getattr(user, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        save_preferences(user.pk, Preferences(**form.cleaned_data))
        chosen = form.cleaned_data["language"]
        with override(chosen):
            messages.success(request, _("Your settings are saved."))
        return remember_language(redirect("desk:profile"), chosen)
    zones = (*_COMMON_ZONES, *sorted(available_timezones() - set(_COMMON_ZONES)))
    return render(
        request, "web/profile.html", {"form": form, "zones": zones}, status=422 if form.errors else 200
    )


@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Switch the language and stay where one is: page, filters and search are kept."""
    answer = redirect(safe_next(request, "/"))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        if request.user.is_authenticated:
            save_language(request.user.pk, chosen)
        remember_language(answer, chosen)
    return answer


@require_POST
@staff()
def choose_seller(request: DeskRequest) -> HttpResponseBase:
    """Work for another seller from now on. A seller that the person does not work for changes nothing."""
    chosen = request.POST.get("seller", "")
    if any(place.public_id == chosen for place in request.desk.others):
        request.session[SELLER_KEY] = chosen
    return redirect("desk:orders")


def remember_language(answer: HttpResponse, language: str) -> HttpResponse:
    """Set the language's cookie."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
    return answer


def safe_next(request: HttpRequest, default: str) -> str:
    """Where a form wants to go afterwards, if that is a page of ours."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else default


urls: list[URLPattern] = [
    path("account/", profile, name="profile"),
    path("seller/", choose_seller, name="choose_seller"),
]
