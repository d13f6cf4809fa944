"""Relay addresses lead to one side of one order's thread, and cannot be guessed (S3-10)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerdesk.domain.relay import (
    RelayPoint,
    Side,
    address,
    host_of,
    is_aligned,
    local_part,
    relay_key,
    resolve,
    resolve_address,
    thread_id,
)

KEY = relay_key("a secret of this installation, long enough")
OTHER = relay_key("another secret")
IDS = st.integers(min_value=1, max_value=2**63 - 1)


@given(IDS, st.sampled_from(Side), st.randoms())
def test_an_address_leads_back_in_any_case(order_id: int, side: Side, chance: object) -> None:
    local = local_part(side, order_id, KEY)
    mixed = "".join(chance.choice((c.lower(), c.upper())) for c in local)  # type: ignore[attr-defined]
    assert resolve(local, KEY) == resolve(mixed, KEY) == RelayPoint(side, order_id)
    assert len(local) <= 64
    assert resolve(local, OTHER) is None


def test_the_two_sides_differ_in_more_than_their_name() -> None:
    shop, buyer = local_part(Side.SHOP, 7, KEY), local_part(Side.BUYER, 7, KEY)
    assert shop.partition("-")[2] != buyer.partition("-")[2]
    assert resolve("buyer" + shop.removeprefix("shop"), KEY) is None


def test_one_changed_character_leads_nowhere() -> None:
    local = local_part(Side.SHOP, 123_456_789, KEY)
    for place in range(len(local)):
        for other in "abc234xyz-@.":
            if other != local[place]:
                assert resolve(local[:place] + other + local[place + 1 :], KEY) is None


@pytest.mark.parametrize(
    "nasty",
    [
        "",
        "shop",
        "shop--",
        "shop-0-aaaaaaaaaaaaaaaa",
        "shop-zzzzzzzzzzzzz-aaaaaaaaaaaaaaaa",
        "shop-1-\u0130aaaaaaaaaaaaaaa",
        "x" * 10_000,
        "shop-1-aaaaaaaaaaaaaaaa\n",
    ],
)
def test_what_is_no_address_leads_nowhere(nasty: str) -> None:
    assert resolve(nasty, KEY) is None


@pytest.mark.parametrize("wrong", [0, -1, 2**63])
def test_what_is_no_id_gets_no_address(wrong: int) -> None:
    with pytest.raises(ValueError, match="id"):
        local_part(Side.SHOP, wrong, KEY)


def test_the_host_must_be_ours() -> None:
    ours = address(Side.BUYER, 42, KEY, "desk.example")
    assert resolve_address(ours, KEY, "desk.example") == RelayPoint(Side.BUYER, 42)
    assert resolve_address(ours.upper() + ".", KEY, "Desk.Example") == RelayPoint(Side.BUYER, 42)
    assert resolve_address(ours, KEY, "example") is None
    assert resolve_address(ours + ".evil.example", KEY, "desk.example") is None
    assert resolve_address("nobody", KEY, "desk.example") is None


def test_the_tag_has_80_bits_and_the_key_is_not_the_secret() -> None:
    assert len(local_part(Side.SHOP, 1, KEY).rsplit("-", 1)[1]) * 5 >= 80
    assert KEY != b"a secret of this installation, long enough"
    assert len(KEY) == 32


def test_a_thread_has_one_name() -> None:
    assert thread_id(7, KEY, "desk.example") == thread_id(7, KEY, "desk.example")
    assert thread_id(7, KEY, "desk.example") != thread_id(8, KEY, "desk.example")
    assert thread_id(7, KEY, "desk.example").endswith("@desk.example")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://desk.example.com", "desk.example.com"),
        ("http://127.0.0.1:8000", "localhost"),
        ("http://[::1]:8000", "localhost"),
    ],
)
def test_numbers_are_no_mail_hosts(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("envelope", "fits"),
    [
        (None, True),
        ("Ada@Buyer.Example", True),
        ("bounce+7=x@buyer.example", True),
        ("bounce@mail.buyer.example", True),
        ("", False),
        ("ada@evil.example", False),
        ("ada@notbuyer.example", False),
        ("ada@example", False),
        ("nobody", False),
    ],
)
def test_the_envelope_must_fit_the_sender(envelope: str | None, fits: bool) -> None:
    assert is_aligned(envelope, "ada@buyer.example") is fits
    assert is_aligned("ada@buyer.example", "ada@news.buyer.example")
