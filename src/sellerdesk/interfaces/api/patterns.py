"""The shapes of texts that programs send, each with the words that say it to people.

A schema needs a regular expression; whoever sent something else is told in words what is expected, never the expression
(`interfaces.api.urls`). A test demands words for every expression of the published document.
"""

AMOUNT = r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"
COUNTRY = r"^[A-Z]{2}$"
CURRENCY = r"^[A-Z]{3}$"
ITEM_NUMBER_OR_NONE = r"^([0-9]{14})?$"
ORDER_NUMBER = r"^[0-9]{3}-[0-9]{7}-[0-9]{7}$"
ORDER_NUMBER_OR_NONE = r"^([0-9]{3}-[0-9]{7}-[0-9]{7})?$"
OWN_RMA_OR_NONE = r"^([A-Za-z0-9][A-Za-z0-9._-]{0,39})?$"
PRINTABLE = r"^[!-~]+$"

_ORDER = "an order number of 3, 7 and 7 digits, such as 123-1234567-1234567"
WORDS = {
    AMOUNT: "an amount in plain digits as text, such as 12.34",
    COUNTRY: "a country as two capital letters, such as US",
    CURRENCY: "a currency as three capital letters, such as USD",
    ITEM_NUMBER_OR_NONE: "an item number of 14 digits, or nothing to have one made",
    ORDER_NUMBER: _ORDER,
    ORDER_NUMBER_OR_NONE: f"{_ORDER}, or nothing to have one made",
    OWN_RMA_OR_NONE: "an RMA number such as RMA-2026.17: at most 40 letters, digits, dots, dashes and underlines, the"
    " first of them a letter or a digit",
    PRINTABLE: "letters, digits and signs of ASCII, without spaces",
}
