import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerdesk.domain.orders import Status
from sellerdesk.domain.quantities import Line, derive_status, total
from sellerdesk.domain.refusals import Code, Refusal

S = Status


@st.composite
def lines(draw: st.DrawFn) -> Line:
    ordered = draw(st.integers(0, 9))
    shipped = draw(st.integers(0, ordered))
    return Line(ordered, shipped, draw(st.integers(0, ordered - shipped)))


@pytest.mark.parametrize("numbers", [(-1, 0, 0), (1, -1, 0), (1, 0, -1), (1, 1, 1), (0, 1, 0), (2, 0, 3)])
def test_impossible_quantities(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"quantity|more units"):
        Line(*numbers)


@given(lines())
def test_units_add_up(line: Line) -> None:  # I01
    assert line.shipped + line.cancelled + line.unshipped == line.ordered
    assert line.unshipped >= 0


@pytest.mark.parametrize(
    ("quantities", "payment_open", "status"),
    [
        ([(1, 0, 0)], None, S.UNSHIPPED),
        ([(1, 0, 0)], S.PENDING, S.PENDING),
        ([(1, 0, 0)], S.PENDING_AVAILABILITY, S.PENDING_AVAILABILITY),
        ([(1, 0, 1)], S.PENDING, S.CANCELED),
        ([(1, 0, 1), (2, 0, 2)], None, S.CANCELED),
        ([(1, 0, 1), (2, 0, 1)], None, S.UNSHIPPED),
        ([(1, 1, 0), (1, 0, 0)], None, S.PARTIALLY_SHIPPED),
        ([(3, 1, 1)], None, S.PARTIALLY_SHIPPED),
        ([(3, 1, 2)], None, S.SHIPPED),
        ([(3, 3, 0), (1, 0, 1)], None, S.SHIPPED),
        ([(3, 3, 0)], S.PENDING, S.SHIPPED),
        ([(0, 0, 0)], None, S.CANCELED),
    ],
)
def test_status_follows_from_quantities(
    quantities: list[tuple[int, int, int]], payment_open: Status | None, status: Status
) -> None:
    assert derive_status([Line(*numbers) for numbers in quantities], payment_open) is status


def test_without_lines_there_is_no_status() -> None:
    with pytest.raises(ValueError, match="without lines"):
        derive_status([], None)


OPEN = st.sampled_from([None, S.PENDING, S.PENDING_AVAILABILITY])


@given(st.lists(lines(), min_size=1, max_size=6), OPEN)
def test_sums_give_the_same_status(many: list[Line], payment_open: Status | None) -> None:
    assert derive_status(many, payment_open) is derive_status([total(many)], payment_open)


@given(st.lists(lines(), min_size=1, max_size=6), OPEN)
def test_each_status_means_what_it_says(many: list[Line], payment_open: Status | None) -> None:  # I02
    status = derive_status(many, payment_open)
    waiting = sum(line.unshipped for line in many)
    shipped = sum(line.shipped for line in many)
    assert (status is S.CANCELED) == (waiting == 0 and shipped == 0)
    assert (status is S.SHIPPED) == (waiting == 0 and shipped > 0)
    assert (status is S.PARTIALLY_SHIPPED) == (waiting > 0 and shipped > 0)
    assert (status is (payment_open or S.UNSHIPPED)) == (waiting > 0 and shipped == 0)


@given(lines(), st.integers(-2, 12), st.sampled_from(["ship", "cancel"]))
def test_units_are_shipped_or_cancelled_once(line: Line, quantity: int, what: str) -> None:  # I03
    if not 1 <= quantity <= line.unshipped:
        with pytest.raises(Refusal) as refused:
            getattr(line, what)(quantity)
        assert refused.value.code is (Code.INVALID_VALUE if quantity < 1 else Code.QUANTITY_EXCEEDED)
        return
    after: Line = getattr(line, what)(quantity)
    assert after.unshipped == line.unshipped - quantity
    assert after.ordered == line.ordered
    grown = (after.shipped - line.shipped, after.cancelled - line.cancelled)
    assert grown == ((quantity, 0) if what == "ship" else (0, quantity))


def test_a_refusal_says_whose_line_and_how_many_are_left() -> None:
    with pytest.raises(Refusal) as refused:
        Line(3, 1).ship(3, order_number="1", item_number="2")
    assert refused.value.facts == {"order_number": "1", "item_number": "2", "asked": 3, "left": 2}
    with pytest.raises(Refusal) as refused:
        Line(3, 1).cancel(0, place="item 4")
    assert refused.value.facts["place"] == "item 4"
