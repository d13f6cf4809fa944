"""Forms of the settings of returns: what holds for a marketplace, and a new rule."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from sellerdesk.commands.return_settings import SettingDraft
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.money import Money, parse_amount
from sellerdesk.domain.return_settings import INSTRUCTIONS_MOST, SKU_MOST, Automatic, Effect, RuleDraft
from sellerdesk.interfaces.web import return_setting_words as words
from sellerdesk.queries.return_settings import SettingView

_PART = 200


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
    country = forms.CharField(
        label=lazy("Country"), max_length=2, required=False, help_text=lazy("Two letters, such as US or DE.")
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
    return [("", lazy("Any reason")), *((one.value, label) for one, label in words.REASONS.items())]


class RuleForm(forms.Form):
    """A new rule for one marketplace, whose currency the prices are in."""

    effect = forms.ChoiceField(
        label=lazy("What happens"),
        choices=[(one.value, label) for one, label in words.EFFECTS.items()],
        initial=Effect.RETURNLESS.value,
    )
    sku = forms.CharField(label=lazy("SKU"), max_length=SKU_MOST, required=False)
    reason = forms.ChoiceField(label=lazy("Reason"), choices=_reasons, required=False)
    price_from = forms.CharField(label=lazy("Price of one piece, from"), max_length=20, required=False)
    price_to = forms.CharField(label=lazy("Price of one piece, up to"), max_length=20, required=False)

    def draft(self, marketplace_id: str) -> RuleDraft:
        """Raises Refusal INVALID_VALUE, MONEY_PRECISION for amounts that are none."""
        said, currency = self.cleaned_data, by_id(marketplace_id).currency
        low, high = (
            parse_amount(said[name], currency, place=name) if said[name] else None
            for name in ("price_from", "price_to")
        )
        priced = currency if (low, high) != (None, None) else ""
        effect = Effect(said["effect"])
        return RuleDraft(effect, marketplace_id, said["sku"], said["reason"], low, high, priced)


def price_range(low: int | None, high: int | None, currency: str) -> str:
    """A rule's prices as amounts, without words."""
    amounts = [Money(currency, one).text() if one is not None else "" for one in (low, high)]
    return f"{amounts[0]} – {amounts[1]} {currency}".strip() if currency else ""
