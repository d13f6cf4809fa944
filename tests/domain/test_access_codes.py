"""Codes by which buyers sign in: how they look, what is taken for one, when they are over."""

from datetime import UTC, datetime, timedelta

import pytest

from sellerdesk.domain import access_codes

KEY = b"k" * 32
AT = datetime(2026, 3, 2, 18, 15, tzinfo=UTC)


def test_a_code_follows_from_key_and_seed_alone() -> None:
    code = access_codes.code_of(KEY, "seed")
    assert code == access_codes.code_of(KEY, "seed")
    assert len(code) == access_codes.LENGTH
    assert set(code) <= set(access_codes.ALPHABET)
    assert code not in (access_codes.code_of(b"x" * 32, "seed"), access_codes.code_of(KEY, "seed2"))


def test_codes_use_all_their_letters() -> None:
    used = {letter for n in range(200) for letter in access_codes.code_of(KEY, str(n))}
    assert used == set(access_codes.ALPHABET)
    assert len(access_codes.ALPHABET) == 32
    assert not used & set("01IO")


@pytest.mark.parametrize("turned", [str.lower, access_codes.spoken, lambda c: f" {c[:2]} {c[2:]} ", str])
def test_a_code_is_taken_as_people_type_it(turned: object) -> None:
    code = access_codes.code_of(KEY, "seed")
    assert access_codes.matches(KEY, "seed", turned(code))  # type: ignore[operator]


@pytest.mark.parametrize("typed", ["", "x", "ÄÖÜ", "2" * 100, "\u202e", "2222-2222"])
def test_anything_else_is_not(typed: str) -> None:
    assert not access_codes.matches(KEY, "seed", typed)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        (" Ada.Quill@Buyer.Example ", "ada.quill@buyer.example"),
        ("王@例子.example", "王@例子.example"),
        ("ada", ""),
        ("a@b@c", ""),
        ("a b@c.example", ""),
        ("a@b.example\r\nBcc: x@y.example", ""),
        ("a" * 250 + "@b.example", ""),
        ("", ""),
    ],
)
def test_addresses(typed: str, clean: str) -> None:
    assert access_codes.clean_address(typed) == clean


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        (" 111-2222222-3333333 ", "111-2222222-3333333"),
        ("111–2222222–3333333", "111-2222222-3333333"),
        ("111-2222222-333333", ""),
        ("١١١-٢٢٢٢٢٢٢-٣٣٣٣٣٣٣", ""),
        ("", ""),
    ],
)
def test_order_numbers(typed: str, clean: str) -> None:
    assert access_codes.clean_order_number(typed) == clean


def test_a_code_is_over_at_its_instant_after_five_tries_or_when_used() -> None:
    alive = access_codes.is_alive
    assert alive(AT, 4, None, AT - timedelta(microseconds=1))
    assert not alive(AT, 0, None, AT)
    assert not alive(AT, 5, None, AT - timedelta(minutes=1))
    assert not alive(AT, 1, AT, AT - timedelta(minutes=1))


def test_digests_are_keyed_and_of_one_kind() -> None:
    assert access_codes.address_digest(KEY, "A@b.example") == access_codes.address_digest(KEY, "a@b.example")
    assert access_codes.digest_of(KEY, "client", "x") != access_codes.digest_of(KEY, "buyer address", "x")
    assert access_codes.digest_of(KEY, "client", "x") != access_codes.digest_of(b"y", "client", "x")
