"""Keeping how a document said what we would say otherwise."""

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sellerdesk.wire import recase
from sellerdesk.wire.wording import differences, reword, same

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.sampled_from("abc"), JSON, max_size=3)


@given(OBJECTS, OBJECTS)
def test_any_difference_can_be_applied_again(said: dict[str, Any], ours: dict[str, Any]) -> None:
    kept = deepcopy(differences(said, ours))
    assert same(reword(deepcopy(ours), kept), said)


@given(OBJECTS, OBJECTS, OBJECTS)
def test_changed_facts_never_break_the_application(said: Any, ours: Any, now: Any) -> None:
    reword(now, differences(said, ours))


def test_a_difference_lasts_as_long_as_our_rendering() -> None:
    kept = differences({"a": "1.0", "c": 3}, {"a": "1", "b": 2})
    assert reword({"a": "1", "b": 2}, kept) == {"a": "1.0", "c": 3}
    assert reword({"a": "2", "b": 5}, kept) == {"a": "2", "b": 5, "c": 3}
    assert reword({"a": "1", "c": 4}, kept) == {"a": "1.0", "c": 4}
    assert reword({"a": "1"}, kept, hidden={"c"}) == {"a": "1.0"}


def test_types_count() -> None:
    assert not same(True, 1)
    assert not same(1, 1.0)
    assert same([{"a": 1}], [{"a": 1}])


def test_words_are_turned() -> None:
    words = {"FreeEconomy": "FREE_ECONOMY", "NextDay": "NEXT_DAY", "Very Good": "VERY_GOOD", "OEM": "OEM"}
    for calm, loud in words.items():
        assert recase.shout(calm) == loud
        assert recase.calm(loud, joint=" " if " " in calm else "") == calm
