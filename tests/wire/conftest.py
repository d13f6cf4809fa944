"""How long hostile input may keep us."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest


@pytest.fixture
def within() -> Callable[[float], AbstractContextManager[None]]:
    """`with within(2.0): …` fails when the block used more processor time than that."""

    @contextmanager
    def limit(seconds: float) -> Iterator[None]:
        began = time.process_time()
        yield
        used = time.process_time() - began
        assert used < seconds, f"{used:.2f} s"

    return limit
