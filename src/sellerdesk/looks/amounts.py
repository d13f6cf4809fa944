"""Money as people write it."""

from functools import cache

from babel.numbers import get_currency_symbol

from sellerdesk.domain.money import Money
from sellerdesk.looks.when import locale_of


@cache
def _symbol(currency: str, language: str) -> str:
    symbol = str(get_currency_symbol(currency, locale=locale_of(language)))
    return f"{symbol} " if symbol == currency else symbol  # "SAR 12.00", but "$12.00"


def money(currency: str, minor: int, language: str) -> str:
    """An amount in minor units with its currency: "$1,234.50", "¥999"."""
    amount = Money(currency, abs(minor)).decimal
    return f"{'-' if minor < 0 else ''}{_symbol(currency, language)}{amount:,f}"
