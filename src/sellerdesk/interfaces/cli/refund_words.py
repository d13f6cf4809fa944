"""What people type about a refund, as requests: lines and amounts are read in the currency of the order."""

from collections.abc import Iterable
from dataclasses import dataclass

from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.money import parse_amount
from sellerdesk.domain.orders import Component
from sellerdesk.domain.refund_amounts import GROUPS
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import LineRefund, RefundRequest
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.interfaces.cli.refusals import printable
from sellerdesk.queries.api_refunds import currencies_of
from sellerdesk.wire import fields

_COMPONENTS = frozenset({*GROUPS, *(one.value for one in Component)})


@dataclass(frozen=True, slots=True)
class Words:
    """A refund of one or more orders as it was typed."""

    orders: tuple[str, ...]
    reason: RefundReason
    mode: Mode
    lines: tuple[str, ...] = ()
    amount: str = ""
    goodwill: str = ""
    return_shipping: str = ""
    only_concessions: bool = False
    fee: str = ""
    rma: str = ""
    override: str = ""
    note: str = ""
    words: str = ""
    expects_left: str = ""


def requests_of(seller_id: int, words: Words) -> list[RefundRequest]:
    """The refunds that are meant, one for each order.

    Raises Refusal INVALID_VALUE, MONEY_PRECISION, DUPLICATE_REQUEST, naming the option.
    """
    ways = (bool(words.lines), bool(words.amount), words.only_concessions)
    if sum(ways) > 1:
        raise _wrong("--amount", "more", "only one of --line, --amount and --only-concessions")
    if words.lines and len(words.orders) > 1:
        raise _wrong("--line", words.lines[0], "for a single order")
    numbers = [printable(number) for number in dict.fromkeys(words.orders)]
    known = currencies_of(seller_id, numbers)
    # An order that is not there is refused by the command, whatever currency its amounts are read in.
    usual = next(iter(known.values()), next(iter(MARKETPLACES.values())).currency)
    return [_request(number, words, known.get(number, usual)) for number in numbers]


def _request(number: str, words: Words, currency: str) -> RefundRequest:
    return RefundRequest(
        number,
        words.reason,
        words.mode,
        lines=_lines(words.lines, currency) if words.lines else None,
        amount=_positive(words.amount, currency, "--amount"),
        only_concessions=words.only_concessions,
        return_shipping=_positive(words.return_shipping, currency, "--return-shipping") or 0,
        goodwill=_positive(words.goodwill, currency, "--goodwill") or 0,
        fee=_positive(words.fee, currency, "--fee") or 0,
        rma=printable(words.rma),
        override=words.override,
        currency=currency,
        expects_left=parse_amount(words.expects_left, currency, place="--expects-left")
        if words.expects_left
        else None,
        note=words.note,
        words=words.words,
        place=number,
    )


def _positive(text: str, currency: str, place: str) -> int | None:
    if not text:
        return None
    minor = parse_amount(text, currency, place=place)
    if minor <= 0:
        raise _wrong(place, text, "an amount above zero")
    return minor


def _lines(given: Iterable[str], currency: str) -> tuple[LineRefund, ...]:
    """`ITEM=UNITS` or `ITEM:COMPONENT=AMOUNT` each; a line has units or amounts."""
    units: dict[str, int] = {}
    amounts: dict[str, dict[str, int]] = {}
    for word in given:
        left, _, right = word.rpartition("=")
        number, _, component = left.partition(":")
        if not number or not right:
            raise _wrong("--line", word, "ITEM=UNITS or ITEM:COMPONENT=AMOUNT")
        if number in units or component in amounts.get(number, {}):
            raise refuse(Code.DUPLICATE_REQUEST, place=f"--line {word}")
        if not component:
            units[number] = _whole(right, word)
        elif component not in _COMPONENTS:
            raise _wrong("--line", word, f"one of {', '.join(sorted(_COMPONENTS))}")
        else:
            amounts.setdefault(number, {})[component] = parse_amount(right, currency, place=f"--line {word}")
    if both := units.keys() & amounts.keys():
        raise _wrong("--line", min(both), "either units or amounts of an item")
    lines = [LineRefund(number, units=count) for number, count in units.items()]
    return tuple(lines + [LineRefund(number, amounts=parts) for number, parts in amounts.items()])


def _whole(text: str, word: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < len(str(fields.WHOLE)) and int(text)):
        raise _wrong("--line", word, "ITEM=UNITS with a whole number above zero")
    return int(text)


def _wrong(place: str, value: str, expected: str) -> Refusal:
    return refuse(Code.INVALID_VALUE, place=place, value=value, expected=expected)
