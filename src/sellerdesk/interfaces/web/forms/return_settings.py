"""Forms of the settings of returns: what holds for a marketplace, and a new rule."""

from collections.abc import Iterable
from typing import Any

from babel import Locale
from django import forms
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as lazy

from sellerdesk.commands.return_settings import SettingDraft
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.money import Money, parse_amount
from sellerdesk.domain.return_settings import INSTRUCTIONS_MOST, SKU_MOST, Automatic, Effect, RuleDraft
from sellerdesk.interfaces.web import return_setting_words as words
from sellerdesk.interfaces.web import return_words
from sellerdesk.queries.return_settings import SettingView

_PART = 200


# CLDR names these beside the countries of ISO 3166; nothing can be sent to a union of states or to a test.
_NO_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
)


def _countries() -> Iterable[tuple[str, str]]:
    """The countries of ISO 3166, by their names in the active language."""
    named = Locale.parse(to_locale(get_language() or "en")).territories
    found = [(code, name) for code, name in named.items() if len(code) == 2 and code not in _NO_COUNTRIES]
    return [("", "–"), *sorted(found, key=lambda one: one[1])]


class SettingForm(forms.Form):
    """What holds for one marketplace. The address is optional, but half of one is refused."""

    automatic = forms.ChoiceField(
        label=lazy("Requests that are authorised by themselves"),
        choices=[(one.value, label) for one, label in words.AUTOMATIC.items()],
    )
    name = forms.CharField(label=lazy("Name"), max_length=_PART, required=False)
    line1 = forms.CharField(label=lazy("Street and number"), max_length=_PART, required=False)
    line2 = forms.CharField(label=lazy("Address line 2"), max_length=_PART, required=False)
    city = forms.CharField(label=lazy("City"), max_length=_PART, required=False)
    state = forms.CharField(label=lazy("State or province"), max_length=_PART, required=False)
    postal_code = forms.CharField(label=lazy("Postal code"), max_length=_PART, required=False)
    country = forms.ChoiceField(
        label=lazy("Country"),
        choices=_countries,
        required=False,
        help_text=lazy("Fill in the address wholly (name, street, city, country), or leave it empty."),
    )
    phone = forms.CharField(label=lazy("Phone"), max_length=_PART, required=False)
    instructions = forms.CharField(
        label=lazy("Instructions to the buyer"),
        max_length=INSTRUCTIONS_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    @classmethod
    def of(cls, view: SettingView) -> "SettingForm":
        held: dict[str, Any] = {"automatic": view.automatic.value, "instructions": view.instructions}
        return cls(initial=held | dict(view.address))

    def draft(self, marketplace_id: str) -> SettingDraft:
        said = self.cleaned_data
        parts = (name for name in self.fields if name not in ("automatic", "instructions"))
        address = {name: said[name] for name in parts}
        return SettingDraft(marketplace_id, Automatic(said["automatic"]), address, said["instructions"])


def _reasons() -> Iterable[tuple[str, Any]]:
    return [("", lazy("Any reason")), *((one.value, label) for one, label in return_words.REASONS.items())]


class RuleForm(forms.Form):
    """A new rule for one marketplace, whose currency the prices are in."""

    effect = forms.ChoiceField(
        label=lazy("What happens"),
        choices=[("", lazy("Choose")), *((one.value, label) for one, label in words.EFFECTS.items())],
    )
    sku = forms.CharField(label=lazy("SKU"), max_length=SKU_MOST, required=False)
    reason = forms.ChoiceField(label=lazy("Reason"), choices=_reasons, required=False)
    price_from = forms.CharField(label=lazy("Price of one piece, from"), max_length=20, required=False)
    price_to = forms.CharField(label=lazy("Price of one piece, up to"), max_length=20, required=False)

    sure = forms.BooleanField(
        label=lazy("I know that buyers keep goods of this worth and get their money back."),
        required=False,
        help_text=lazy(
            "Needed where goods are given away without a price limit, or above what the marketplace's policy advises."
        ),
    )

    def draft(self, marketplace_id: str) -> RuleDraft:
        """Raises Refusal INVALID_VALUE, MONEY_PRECISION for amounts that are none."""
        said, currency = self.cleaned_data, by_id(marketplace_id).currency
        low, high = (
            parse_amount(said[name], currency, place=name) if said[name] else None
            for name in ("price_from", "price_to")
        )
        priced = currency if (low, high) != (None, None) else ""
        effect = Effect(said["effect"])
        return RuleDraft(effect, marketplace_id, said["sku"], said["reason"], low, high, priced, said["sure"])


def price_range(low: int | None, high: int | None, currency: str) -> str:
    """A rule's prices as amounts, without words."""
    amounts = [Money(currency, one).text() if one is not None else "" for one in (low, high)]
    return f"{amounts[0]} – {amounts[1]} {currency}".strip() if currency else ""
