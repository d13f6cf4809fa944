import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerdesk.domain.identifiers import (
    SearchKind,
    classify,
    is_item_number,
    is_order_number,
    is_seller_id,
    new_item_number,
    new_order_number,
    new_seller_id,
    order_number_key,
    parse_order_number,
    split_terms,
)
from sellerdesk.domain.refusals import Code, Refusal

ORDER = "111-1234567-7654321"
K = SearchKind


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        (ORDER, True),
        ("111-1234567-765432", False),
        ("111 1234567 7654321", False),
        (ORDER + "\n", False),
        ("１１１-1234567-7654321", False),
        ("S01-1234567-7654321", False),
        ("", False),
    ],
)
def test_order_numbers(text: str, yes: bool) -> None:
    assert is_order_number(text) is yes
    if yes:
        assert parse_order_number(text, place="order-id") == text
    else:
        with pytest.raises(Refusal) as refused:
            parse_order_number(text, place="order-id")
        assert refused.value.code is Code.INVALID_VALUE
        assert refused.value.facts["place"] == "order-id"


@given(st.randoms(use_true_random=False))
def test_new_identifiers_have_their_form(source: random.Random) -> None:
    assert is_order_number(new_order_number(source))
    assert is_item_number(new_item_number(source))
    assert new_item_number(source)[0] != "0"
    assert is_seller_id(new_seller_id(source))
    assert classify(new_order_number(source)) is K.ORDER_NUMBER
    assert classify(new_item_number(source)) is K.ITEM_NUMBER


def test_small_numbers_keep_their_zeros() -> None:
    class Least:
        def randrange(self, start: int, stop: int, /) -> int:
            return start

    assert new_order_number(Least()) == "000-0000000-0000000"
    assert new_item_number(Least()) == "10000000000000"
    assert new_seller_id(Least()) == "A0000000000000"


@pytest.mark.parametrize(
    ("text", "yes"),
    [("A1B2C3D4E5F6G", True), ("B1B2C3D4E5F6G", False), ("A1", False), ("a1b2c3d4e5f6g", False)],
)
def test_seller_ids(text: str, yes: bool) -> None:
    assert is_seller_id(text) is yes


@pytest.mark.parametrize(
    ("term", "meant"),
    [
        (ORDER, ORDER),
        ("11112345677654321", ORDER),
        (" 111 1234567 7654321 ", ORDER),
        ("111–1234567–7654321", ORDER),
        ("１１１－１２３４５６７－７６５４３２１", ORDER),
        ("111-1234567-76543210", None),
        ("hello", None),
    ],
)
def test_order_numbers_as_people_type_them(term: str, meant: str | None) -> None:
    assert order_number_key(term) == meant


@pytest.mark.parametrize(
    ("term", "kind"),
    [
        (ORDER, K.ORDER_NUMBER),
        ("11112345677654321", K.ORDER_NUMBER),
        ("12345678901234", K.ITEM_NUMBER),
        ("1z 999aa1 0123456784", K.TRACKING),
        ("9400 1112 0108 0805 4830 16", K.TRACKING),
        ("986578788855", K.TRACKING),
        ("ra473124829us", K.TRACKING),
        ("b0abcd1234", K.ASIN),
        ("li.wei@example.com", K.EMAIL),
        ("@example", K.TEXT),
        ("MUG-RED-01", K.TEXT),
        ("李伟", K.TEXT),
        ("Li Wei", K.TEXT),
        ("12345", K.TEXT),
        ("", K.TEXT),
    ],
)
def test_what_a_search_term_looks_like(term: str, kind: SearchKind) -> None:
    assert classify(term) is kind


OTHER_ORDER = "222-1234567-7654321"


@pytest.mark.parametrize(
    ("pasted", "terms"),
    [
        ("", ()),
        ("  \n ", ()),
        ("Li Wei", ("Li Wei",)),
        (f"{ORDER}\n{OTHER_ORDER}", (ORDER, OTHER_ORDER)),
        (f"{ORDER}, {OTHER_ORDER}; {ORDER}", (ORDER, OTHER_ORDER)),
        (f"{ORDER}，{OTHER_ORDER}", (ORDER, OTHER_ORDER)),
        (f"{ORDER} MUG-RED", (ORDER, "MUG-RED")),
        ("111 1234567 7654321", ("111 1234567 7654321",)),
        ("9400 1112 0108 0805 4830 16", ("9400 1112 0108 0805 4830 16",)),
        ("986578788855 986578788856", ("986578788855", "986578788856")),
        ("MUG-RED-01", ("MUG-RED-01",)),
    ],
)
def test_pasted_lists(pasted: str, terms: tuple[str, ...]) -> None:
    assert split_terms(pasted) == terms


@given(st.text(max_size=60))
def test_any_text_may_be_searched(text: str) -> None:
    assert classify(text) in SearchKind
    assert all(split_terms(text)) or not text.strip()
