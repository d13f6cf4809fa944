"""Reading personal data for pages: addresses and what buyers wrote (kept in tables of their own, design 2.13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_GIFT_KEYS = ("GiftMessageText", "giftMessage", "gift_message")


@dataclass(frozen=True, slots=True)
class AddressView:
    """Where the order goes; `lines` are the filled ones of line 1 to 3."""

    name: str
    company: str
    lines: tuple[str, ...]
    city: str
    district: str
    county: str
    state: str
    municipality: str
    postal_code: str
    country: str
    phone: str
    kind: str

    @property
    def is_complete(self) -> bool:
        """Whether a carrier could deliver: a name, a street, a place and a country (S1-18, S1-19)."""
        place = self.city or self.district or self.county or self.municipality or self.postal_code
        return bool((self.name or self.company) and self.lines and place and self.country)

    @property
    def block(self) -> tuple[str, ...]:
        """The address as lines of a label, without the country's name and without the phone."""
        regions = (self.district, self.city, self.municipality, self.county, self.state, self.postal_code)
        written: list[str] = []
        for part in regions:
            if part and part not in written:
                written.append(part)
        head = [self.name, self.company] if self.company != self.name else [self.name]
        return tuple(line for line in (*head, *self.lines, ", ".join(written)) if line)


def address_view(columns: Sequence[str]) -> AddressView:
    """An address from the columns name, company, line1 … line3, city, district, county, state, municipality,
    postal_code, country, phone, kind.
    """
    name, company, line1, line2, line3, *rest = columns
    return AddressView(name, company, tuple(line for line in (line1, line2, line3) if line), *rest)


def gift_message(texts: Any) -> str:
    """The gift message among an item's personal texts, whichever protocol it came by; "" when there is none."""
    if not isinstance(texts, Mapping):
        return ""
    for name, value in texts.items():
        if name in _GIFT_KEYS and isinstance(value, str):
            return value
        if deeper := gift_message(value):
            return deeper
    return ""
