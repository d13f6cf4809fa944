"""Times as people read them; the words themselves are shared with the portal, in `looks.when`."""

from sellerdesk.looks.when import (
    Names,
    age,
    both,
    countdown,
    countdown_patterns,
    day,
    iso,
    locale_of,
    marketplace_zone,
    moment,
    names,
)

__all__ = [
    "Names",
    "age",
    "both",
    "countdown",
    "countdown_patterns",
    "day",
    "iso",
    "locale_of",
    "marketplace_zone",
    "moment",
    "names",
]
