import contextlib
import copy
import pickle
from collections.abc import Iterator

import pytest

from sellerdesk.domain.refusals import Code, Refusal, refuse


def test_a_refusal_is_a_value() -> None:
    refusal = refuse(Code.ORDER_NOT_FOUND, order_number="1")
    assert refusal == Refusal(Code.ORDER_NOT_FOUND, {"order_number": "1"})
    assert refusal != Refusal(Code.ORDER_NOT_FOUND, {"order_number": "2"})
    assert len({refusal, Refusal(Code.ORDER_NOT_FOUND, {"order_number": "1"})}) == 1
    assert copy.deepcopy(refusal) == refusal
    assert pickle.loads(pickle.dumps(refusal)) == refusal


def test_it_prints_its_code_and_facts() -> None:
    assert str(refuse(Code.BUSY)) == "busy"
    assert str(refuse(Code.BUSY, order_number="1")) == "busy {'order_number': '1'}"


def test_it_passes_through_context_managers() -> None:
    @contextlib.contextmanager
    def guarded() -> Iterator[None]:
        yield

    with pytest.raises(Refusal), guarded():
        raise refuse(Code.BUSY)


def test_codes_are_stable_names() -> None:
    assert all(code.value == code.name.lower() for code in Code)
