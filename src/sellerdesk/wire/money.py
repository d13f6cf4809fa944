"""Money as the Orders APIs write it: an object of a currency code and a decimal string."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.money import Money, parse_amount
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.wire.fields import Json, wrong

_CODE = re.compile(r"[A-Z]{3}\Z")


@dataclass(frozen=True, slots=True)
class Shape:
    """The member names of a money object in one protocol."""

    currency: str
    amount: str

    def write(self, currency: str, minor: int) -> Json:
        return {self.currency: currency, self.amount: Money(currency, minor).text()}


V0 = Shape("CurrencyCode", "Amount")
V2026 = Shape("currencyCode", "amount")


def currency_of(marketplace_id: str) -> str:
    """The currency of a marketplace, for orders whose document names none; "" for an unknown marketplace."""
    place = MARKETPLACES.get(marketplace_id)
    return place.currency if place else ""


class Purse:
    """Reads the amounts of one order and holds them to one currency, the first that is read."""

    def __init__(self, shape: Shape, currency: str = "") -> None:
        self.shape = shape
        self.currency = currency

    def read(self, source: Mapping[str, Any], key: str) -> int | None:
        """Minor units of a money member; None when absent.

        Raises Refusal INVALID_VALUE, MONEY_PRECISION or CURRENCY_MISMATCH naming the member.
        """
        money = source.get(key)
        if money is None:
            return None
        if not isinstance(money, dict):
            raise wrong(key, money, "an amount of money")
        code = money.get(self.shape.currency)
        if not isinstance(code, str) or not _CODE.match(code):
            raise wrong(f"{key}.{self.shape.currency}", code, "a currency code")
        if self.currency and code != self.currency:
            raise refuse(Code.CURRENCY_MISMATCH, place=key, currency=code, expected=self.currency)
        amount = money.get(self.shape.amount)
        if amount is None:
            raise refuse(Code.MISSING_VALUE, place=f"{key}.{self.shape.amount}")
        if not isinstance(amount, str):
            raise wrong(f"{key}.{self.shape.amount}", amount, "decimal amount as text")
        minor = parse_amount(amount, code, place=f"{key}.{self.shape.amount}")
        self.currency = code
        return minor

    def charge(self, source: Mapping[str, Any], key: str) -> int | None:
        """The same for a charge, which cannot be negative."""
        minor = self.read(source, key)
        if minor is not None and minor < 0:
            raise wrong(
                f"{key}.{self.shape.amount}", source[key][self.shape.amount], "an amount of 0 or more"
            )
        return minor

    def discount(self, source: Mapping[str, Any], key: str) -> int | None:
        """A discount as a negative amount, whichever sign the document writes."""
        minor = self.read(source, key)
        return None if minor is None else -abs(minor)
