"""Money as integer minor units with a currency (design 2.8)."""

import re
from dataclasses import dataclass
from decimal import Decimal

from sellerdesk.domain.refusals import Code, refuse

# ISO 4217 exponents that are not 2, for the currencies that can occur here.
_EXPONENTS = {
    "JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "XAF": 0, "XOF": 0, "PYG": 0, "UGX": 0, "RWF": 0,
    "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3, "IQD": 3, "LYD": 3,
}  # fmt: skip
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?\Z")


def exponent(currency: str) -> int:
    """Number of decimals of a currency (ISO 4217): 2 unless listed otherwise."""
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units (cents, yen, fils) of one currency (ISO 4217 code)."""

    currency: str
    minor: int

    def __post_init__(self) -> None:
        if not _CURRENCY.match(self.currency):
            raise ValueError(f"not a currency code: {self.currency!r}")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.currency, self.minor + self._same(other))

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.currency, self.minor - self._same(other))

    def __neg__(self) -> "Money":
        return Money(self.currency, -self.minor)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"{other.currency} cannot be added to {self.currency}")
        return other.minor

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, with the currency's own number of decimals."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def text(self) -> str:
        """The amount as programs write it: `11.01`, `999` (JPY), `1.250` (KWD)."""
        return f"{self.decimal:f}"


def parse_amount(text: str, currency: str, *, place: str) -> int:
    """Read a decimal string as minor units. ASCII digits only: no exponent, blank, sign `+`, `NaN` or
    full-width digit.

    Trailing zeros beyond the currency's decimals are accepted (`999.00` JPY); any other digit there is
    refused. Raises Refusal INVALID_VALUE or MONEY_PRECISION, naming `place`.
    """
    if not isinstance(text, str) or not _AMOUNT.match(text):
        raise refuse(Code.INVALID_VALUE, place=place, value=str(text)[:40], expected="decimal amount")
    decimals = exponent(currency)
    whole, _, fraction = text.partition(".")
    kept, dropped = fraction[:decimals], fraction[decimals:]
    if dropped.strip("0"):
        raise refuse(Code.MONEY_PRECISION, place=place, value=text, currency=currency, decimals=decimals)
    return int(whole + kept.ljust(decimals, "0"))


def split(total_minor: int, weights: list[int]) -> list[int]:
    """Split an amount by weights so that the parts sum exactly to it: largest remainder, earlier part first
    (rulebook 3.1).

    Weights are integers >= 0 with a sum > 0; the total may be negative (a discount).
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be >= 0 and not all zero")
    sign, amount = (-1, -total_minor) if total_minor < 0 else (1, total_minor)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for i in by_remainder[: amount - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]


def share(total_minor: int, *, done: int, more: int, of: int) -> int:
    """What falls to the units `done+1 … done+more` of a line of `of` units.

    However a line is cut into steps, the steps' shares sum to the whole amount exactly (T12): the share of
    a step is the difference of two cumulative splits.
    """
    if min(done, more) < 0 or of <= 0 or done + more > of:
        raise ValueError(f"{done}+{more} of {of}")
    sign, amount = (-1, -total_minor) if total_minor < 0 else (1, total_minor)
    # The first `extra` units carry one minor unit more, exactly as split() deals them.
    base, extra = divmod(amount, of)
    return sign * (base * more + max(0, min(done + more, extra) - min(done, extra)))
