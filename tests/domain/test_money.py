from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerdesk.domain.money import Money, exponent, parse_amount, share, split
from sellerdesk.domain.refusals import Code, Refusal

AMOUNTS = st.integers(-(10**15) + 1, 10**15 - 1)


@pytest.mark.parametrize(("currency", "decimals"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("PLN", 2)])
def test_decimals_of_currencies(currency: str, decimals: int) -> None:
    assert exponent(currency) == decimals


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money("USD", 1101), "11.01"),
        (Money("USD", -5), "-0.05"),
        (Money("USD", 0), "0.00"),
        (Money("JPY", 999), "999"),
        (Money("KWD", 1250), "1.250"),
        (Money("USD", 10**15), "10000000000000.00"),
    ],
)
def test_amounts_as_programs_write_them(money: Money, text: str) -> None:
    assert money.text() == text
    assert money.decimal == Decimal(text)


def test_arithmetic_within_one_currency() -> None:
    assert Money("EUR", 5) + Money("EUR", 7) == Money("EUR", 12)
    assert Money("EUR", 5) - Money("EUR", 7) == -Money("EUR", 2)


def test_no_sum_across_currencies() -> None:  # I07
    with pytest.raises(ValueError, match="EUR"):
        Money("EUR", 5) + Money("USD", 5)
    with pytest.raises(ValueError, match="USD"):
        Money("EUR", 5) - Money("USD", 5)


@pytest.mark.parametrize("code", ["usd", "US", "USDX", "USD\n", ""])
def test_currency_codes(code: str) -> None:
    with pytest.raises(ValueError, match="currency code"):
        Money(code, 1)


@given(AMOUNTS, st.sampled_from(["USD", "JPY", "KWD"]))
def test_text_reads_back(minor: int, currency: str) -> None:
    assert parse_amount(Money(currency, minor).text(), currency, place="price") == minor


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("11.01", "USD", 1101),
        ("11", "USD", 1100),
        ("11.1", "USD", 1110),
        ("-0.05", "USD", -5),
        ("999", "JPY", 999),
        ("999.00", "JPY", 999),  # T13: zeros say nothing
        ("1.25", "KWD", 1250),
        ("007.50", "USD", 750),
    ],
)
def test_amounts_as_programs_send_them(text: str, currency: str, minor: int) -> None:
    assert parse_amount(text, currency, place="price") == minor


@pytest.mark.parametrize(("text", "currency"), [("0.5", "JPY"), ("999.5", "JPY"), ("1.001", "USD")])
def test_parts_of_the_smallest_coin_are_refused(text: str, currency: str) -> None:  # T13
    with pytest.raises(Refusal) as refused:
        parse_amount(text, currency, place="price")
    assert refused.value.code is Code.MONEY_PRECISION
    assert refused.value.facts["place"] == "price"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "+1",
        "1e3",
        "NaN",
        "Infinity",
        "1,000",
        ".5",
        "5.",
        "--1",
        "１２",
        "1\n",
        "1" * 16,
        "1.0000000",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_amount(text, "USD", place="price")
    assert refused.value.code is Code.INVALID_VALUE


def test_numbers_are_not_text() -> None:
    with pytest.raises(Refusal):
        parse_amount(1.1, "USD", place="price")  # type: ignore[arg-type]


def test_ten_dollars_over_three_units() -> None:  # T12
    assert split(1000, [1, 1, 1]) == [334, 333, 333]
    assert [share(1000, done=n, more=1, of=3) for n in range(3)] == [334, 333, 333]
    assert [share(100, done=n, more=1, of=3) for n in range(3)] == [34, 33, 33]


@given(AMOUNTS, st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_parts_sum_to_the_whole(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    whole = sum(weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * whole - total * weight) < whole  # less than one minor unit away from the exact part
        assert part * total >= 0


@given(AMOUNTS, st.lists(st.integers(0, 1000), min_size=1, max_size=20).filter(any))
def test_a_discount_is_split_like_a_price(total: int, weights: list[int]) -> None:
    assert split(-total, weights) == [-part for part in split(total, weights)]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [2, -1]])
def test_weights_that_make_no_sense(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(100, weights)


@given(AMOUNTS, st.lists(st.integers(0, 50), min_size=1, max_size=10).filter(any))
def test_steps_of_any_size_sum_to_the_whole(total: int, steps: list[int]) -> None:
    of, done, shares = sum(steps), 0, []
    for more in steps:
        shares.append(share(total, done=done, more=more, of=of))
        done += more
    assert sum(shares) == total


@given(AMOUNTS, st.integers(1, 60))
def test_single_units_share_as_split_deals(total: int, of: int) -> None:
    assert [share(total, done=n, more=1, of=of) for n in range(of)] == split(total, [1] * of)


@pytest.mark.parametrize(("done", "more", "of"), [(-1, 1, 3), (0, -1, 3), (2, 2, 3), (0, 0, 0)])
def test_more_units_than_there_are(done: int, more: int, of: int) -> None:
    with pytest.raises(ValueError, match="of"):
        share(100, done=done, more=more, of=of)
