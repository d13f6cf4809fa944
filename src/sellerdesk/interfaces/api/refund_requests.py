"""From what programs send about refunds to what the command takes, and its refusals back to the places of the body."""

from collections.abc import Iterator
from dataclasses import replace

from sellerdesk.domain.money import parse_amount
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import LineRefund, RefundRequest
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.interfaces.api.problems import camel_name
from sellerdesk.interfaces.api.refund_shapes import NewRefund, NewRefunds, RefundAmounts
from sellerdesk.interfaces.api.shapes import Money

_WHOLE = ("amount", "return_shipping", "goodwill", "fee", "expects_left")
_PLACED = frozenset({Code.INVALID_VALUE, Code.MISSING_VALUE, Code.CURRENCY_MISMATCH, Code.DUPLICATE_REQUEST})


def refund_request(order_number: str, said: NewRefund, version: int | None, place: str = "") -> RefundRequest:
    """A refund as the command takes it; `place` is a prefix such as `refunds[2].`.

    Raises Refusal MONEY_PRECISION, CURRENCY_MISMATCH, INVALID_VALUE (nought, or below), DUPLICATE_REQUEST, naming the
    place.
    """
    amounts = _Amounts(said, place)
    lines = None if said.lines is None else tuple(amounts.lines())
    whole = {name: amounts.above_zero(getattr(said, name), name) for name in _WHOLE if name != "expects_left"}
    return RefundRequest(
        order_number,
        RefundReason(said.reason),
        Mode(said.mode),
        lines=lines,
        amount=whole["amount"],
        only_concessions=said.only_concessions,
        return_shipping=whole["return_shipping"] or 0,
        goodwill=whole["goodwill"] or 0,
        fee=whole["fee"] or 0,
        rma=said.rma,
        override=said.override,
        currency=amounts.currency,
        version=version,
        expects_left=amounts.not_below_zero(said.expects_left, "expects_left"),
        note=said.note,
        words=said.words,
        place=place.rstrip("."),
    )


def refund_requests(said: NewRefunds) -> list[RefundRequest]:
    """The refunds of a call with several. Raises as `refund_request`."""
    return [
        refund_request(one.order_number, one, one.version, f"refunds[{index}].")
        for index, one in enumerate(said.refunds)
    ]


def placed(outcome: Outcome, said: NewRefund, place: str = "") -> Outcome:
    """The outcome with a refusal's place in the words of the body."""
    return (
        outcome
        if outcome.refusal is None
        else replace(outcome, refusal=refused_at(outcome.refusal, said, place))
    )


def refused_at(refusal: Refusal, said: NewRefund, place: str = "") -> Refusal:
    """The refusal with its place in the words of the body, where it has one."""
    named = str(refusal.facts.get("place", ""))
    if refusal.code not in _PLACED or not named:
        return refusal
    if refusal.code is Code.CURRENCY_MISMATCH:
        first = next(iter(_moneys(said)), None)
        where = f"{first[0]}.currencyCode" if first else "currency"
    else:
        where = _where(named, str(refusal.facts.get("item_number", "")), said)
    return refuse(refusal.code, **{**refusal.facts, "place": place + where})


def _where(named: str, item_number: str, said: NewRefund) -> str:
    if named in _WHOLE:
        return camel_name(named) if getattr(said, named) is None else f"{camel_name(named)}.amount"
    for index, line in enumerate(said.lines or ()):
        if line.item_number == named:
            return f"lines[{index}]"
        if line.item_number == (item_number or line.item_number) and getattr(line.amounts, named, None):
            return f"lines[{index}].amounts.{camel_name(named)}.amount"
    return camel_name(named)


class _Amounts:
    """Reads the amounts of one refund, which must all have the currency of the first."""

    def __init__(self, said: NewRefund, place: str) -> None:
        self.said, self.place, self.currency = said, place, ""
        for where, money in _moneys(said):
            self.currency = self.currency or money.currency_code
            if money.currency_code != self.currency:
                where = f"{place}{where}.currencyCode"
                raise refuse(
                    Code.CURRENCY_MISMATCH, place=where, currency=money.currency_code, expected=self.currency
                )

    def above_zero(self, money: Money | None, name: str) -> int | None:
        minor = self.not_below_zero(money, name)
        if money is not None and minor == 0:
            raise _wrong(f"{self.place}{camel_name(name)}.amount", money, "an amount above zero")
        return minor

    def not_below_zero(self, money: Money | None, name: str) -> int | None:
        if money is None:
            return None
        place = f"{self.place}{camel_name(name)}.amount"
        minor = parse_amount(money.amount, money.currency_code, place=place)
        if minor < 0:
            raise _wrong(place, money, "an amount above zero")
        return minor

    def lines(self) -> Iterator[LineRefund]:
        seen: set[str] = set()
        for index, line in enumerate(self.said.lines or ()):
            place = f"{self.place}lines[{index}]"
            if line.item_number in seen:
                raise refuse(Code.DUPLICATE_REQUEST, place=f"{place}.itemNumber")
            seen.add(line.item_number)
            given = line.amounts and self._components(line.amounts, f"{place}.amounts")
            yield LineRefund(line.item_number, line.units or 0, given or {})

    def _components(self, amounts: RefundAmounts, place: str) -> dict[str, int]:
        found = {}
        for name, money in amounts:
            if money is None:
                continue
            where = f"{place}.{camel_name(name)}.amount"
            minor = parse_amount(money.amount, money.currency_code, place=where)
            if minor == 0 or (minor > 0) is ("discount" in name):
                expected = "an amount below zero" if "discount" in name else "an amount above zero"
                raise _wrong(where, money, expected)
            found[name] = minor
        return found


def _moneys(said: NewRefund) -> Iterator[tuple[str, Money]]:
    """Every amount of a refund with its place."""
    for name in _WHOLE:
        money = getattr(said, name)
        if money is not None:
            yield camel_name(name), money
    for index, line in enumerate(said.lines or ()):
        for name, money in line.amounts or ():
            if money is not None:
                yield f"lines[{index}].amounts.{camel_name(name)}", money


def _wrong(place: str, money: Money, expected: str) -> Refusal:
    return refuse(Code.INVALID_VALUE, place=place, value=money.amount, expected=expected)
