"""Advanced Search: everything that narrows the order list, on one form (S1-06, S1-07)."""

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.carriers import CARRIERS
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.orders import Channel
from sellerdesk.interfaces.web import words
from sellerdesk.interfaces.web.order_filter import Asked, read, to_url
from sellerdesk.interfaces.web.pages.orders_list import SORTS, WISH_CHOICES
from sellerdesk.interfaces.web.staff import DeskRequest, staff


class AdvancedForm(forms.Form):
    """Everything that narrows the list. Days are meant in the zone that the page names."""

    channel = forms.ChoiceField(
        label=lazy("Shipped by"),
        required=False,
        choices=[
            ("any", lazy("Both")),
            ("", words.CHANNELS[Channel.MFN]),
            ("afn", words.CHANNELS[Channel.AFN]),
        ],
    )
    marketplace = forms.MultipleChoiceField(
        label=lazy("Marketplace"), required=False, widget=forms.CheckboxSelectMultiple
    )
    status = forms.MultipleChoiceField(
        label=lazy("Order status"),
        required=False,
        choices=[(one.value, label) for one, (label, _icon, _tone) in words.STATUSES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    from_ = forms.DateField(label=lazy("Ordered from"), required=False)
    until = forms.DateField(label=lazy("Ordered until"), required=False)
    ship_from = forms.DateField(label=lazy("Latest ship date from"), required=False)
    ship_until = forms.DateField(label=lazy("Latest ship date until"), required=False)
    wish = forms.ChoiceField(
        label=lazy("Cancellation"), required=False, choices=[("", lazy("Any")), *WISH_CHOICES.items()]
    )
    service = forms.CharField(
        label=lazy("Ship service"),
        required=False,
        max_length=100,
        help_text=lazy("For example Standard or Expedited."),
    )
    carrier = forms.ChoiceField(label=lazy("Carrier"), required=False)
    tracking = forms.CharField(label=lazy("Tracking ID"), required=False, max_length=100)
    sku = forms.CharField(label=lazy("SKU"), required=False, max_length=100)
    asin = forms.CharField(label=lazy("ASIN"), required=False, max_length=20)
    buyer = forms.CharField(
        label=lazy("Buyer"),
        required=False,
        max_length=200,
        help_text=lazy("E-mail address, or the beginning of the name or of its last word."),
    )
    country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=lazy("Ship-to country/region"),
        required=False,
        help_text=lazy("Two letters, for example US."),
    )
    sort = forms.ChoiceField(
        label=lazy("Sort by"),
        required=False,
        choices=[("", lazy("Order date, newest first")), *list(SORTS.items())[2:]],
    )

    def clean(self) -> dict[str, object]:
        """Ranges run forward."""
        found = super().clean() or {}
        for start, end in (("from_", "until"), ("ship_from", "ship_until")):
            if found.get(start) and found.get(end) and found[start] > found[end]:
                self.add_error(end, forms.ValidationError(_("This day lies before the first one.")))
        return found


@require_safe
@staff()
def advanced(request: DeskRequest) -> HttpResponseBase:
    """The form; sent, it leads to the list with everything in its address."""
    asked = read(request.GET, request.desk)
    sent = "go" in request.GET
    form = AdvancedForm(request.GET if sent else None, initial=_initial(asked), use_required_attribute=False)
    places = request.desk.around.marketplaces
    form.fields["marketplace"].choices = [(one, by_id(one).name) for one in places]  # type: ignore[attr-defined]
    form.fields["carrier"].choices = [("", _("Any")), *((one.code, one.name) for one in CARRIERS.values())]  # type: ignore[attr-defined]
    if not request.desk.may(Permission.BUYERS_READ):
        del form.fields["buyer"]
    for name in ("from_", "until", "ship_from", "ship_until"):
        form.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    if sent and form.is_valid():
        return redirect(to_url(_query_of(form, asked)))
    context = {"form": form, "asked": asked, "zone": asked.zone.key}
    return render(request, "web/advanced.html", context, status=422 if form.errors else 200)


def _initial(asked: Asked) -> dict[str, object]:
    found: dict[str, object] = dict(asked.params)
    single = {
        name: values[0] for name, values in asked.params.items() if name not in ("marketplace", "status")
    }
    return found | single | {"from_": asked.get("from"), "channel": asked.get("channel")}


def _query_of(form: AdvancedForm, asked: Asked) -> str:
    changes: dict[str, object] = {}
    for name, value in form.cleaned_data.items():
        changes[name] = [str(one) for one in value] if isinstance(value, list) else str(value or "")
    changes |= {
        "tab": "all",
        "days": "" if changes["from_"] or changes["until"] else "all",
        "q": "",
        "ids": "",
    }
    return asked.with_(**changes)  # type: ignore[arg-type]


urls: list[URLPattern] = [path("orders/advanced/", advanced, name="advanced")]
