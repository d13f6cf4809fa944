"""What a rule of `verify` is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A statement that finds (seller_id, order_id, what is wrong); `invariant` is its number in the rulebook."""

    name: str
    invariant: str
    sql: str
