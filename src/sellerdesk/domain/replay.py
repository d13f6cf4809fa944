"""What the journal says an order has come to: a fold over its entries that knows no table (trust P10; rulebook 3.11).

Whoever doubts a table compares it with this. Orders that were placed here have their whole life in the journal;
imported ones had a life before, so their quantities are not told.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Facts = Mapping[str, Any]


@dataclass(slots=True)
class RefundStory:
    """One refund: its state, and (item number, component) → minor units that went back, or would."""

    state: str
    total: int
    parts: dict[tuple[str, str], int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class ReturnStory:
    """One return: its state, and item number → units asked to go back."""

    state: str
    lines: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class ClaimStory:
    """One claim: its state, and whether it counts as a defect."""

    state: str
    defect: bool = False


@dataclass(slots=True)
class OrderStory:
    """What an order has come to. Units over all lines; refunds by reference, returns by RMA, claims by reference."""

    units: int = 0
    shipped: int = 0
    cancelled: int = 0
    refunds: dict[str, RefundStory] = field(default_factory=dict)
    returns: dict[str, ReturnStory] = field(default_factory=dict)
    claims: dict[str, ClaimStory] = field(default_factory=dict)

    def money(self, *states: str) -> dict[tuple[str, str], int]:
        """(Item number, component) → what the refunds in these states make together."""
        sums: dict[tuple[str, str], int] = {}
        for refund in self.refunds.values():
            if refund.state in states:
                for key, amount in refund.parts.items():
                    sums[key] = sums.get(key, 0) + amount
        return {key: amount for key, amount in sums.items() if amount}


def replay(entries: Iterable[tuple[str, Facts]]) -> OrderStory:
    """Fold an order's entries, (kind, facts) in their order. Kinds that change nothing told here are passed over.

    Raises KeyError when an entry speaks of a refund, return or claim that none before it began.
    """
    story = OrderStory()
    for kind, facts in entries:
        step = _STEPS.get(kind)
        if step is not None:
            step(story, facts)
    return story


def _placed(story: OrderStory, facts: Facts) -> None:
    story.units += facts["units"]


def _shipped(story: OrderStory, facts: Facts) -> None:
    story.shipped += sum(package["units"] for package in facts["packages"])


def _cancelled(story: OrderStory, facts: Facts) -> None:
    story.cancelled += facts["units"]


def _refund_begun(state: str) -> Callable[[OrderStory, Facts], None]:
    def step(story: OrderStory, facts: Facts) -> None:
        parts = {(item, component): amount for item, component, amount in facts["parts"] if amount}
        story.refunds[facts["reference"]] = RefundStory(state, facts["total"], parts, dict(facts["units"]))

    return step


def _refund(state: str) -> Callable[[OrderStory, Facts], None]:
    def step(story: OrderStory, facts: Facts) -> None:
        story.refunds[facts["reference"]].state = state

    return step


def _return_begun(story: OrderStory, facts: Facts) -> None:
    story.returns[facts["rma"]] = ReturnStory(facts["state"], dict(facts["lines"]))


def _return(story: OrderStory, facts: Facts) -> None:
    one = story.returns.pop(facts.get("was") or facts["rma"])  # the seller may have given it another number
    one.state = facts.get("state", one.state)
    story.returns[facts.get("own_rma") or facts["rma"]] = one


def _claim_begun(story: OrderStory, facts: Facts) -> None:
    story.claims[facts["reference"]] = ClaimStory("FILED")


def _claim(state: str) -> Callable[[OrderStory, Facts], None]:
    def step(story: OrderStory, facts: Facts) -> None:
        one = story.claims[facts["reference"]]
        one.state = state
        one.defect = facts.get("defect", one.defect)

    return step


def _claim_reversed(story: OrderStory, facts: Facts) -> None:
    one = story.claims[facts["reference"]]
    one.state = "REVERSED"
    one.defect = one.defect and not facts["defect"]  # here it says what was taken back


_STEPS: Mapping[str, Callable[[OrderStory, Facts], None]] = {
    "order_placed": _placed,
    "shipment_confirmed": _shipped,
    "warehouse_shipped": _shipped,
    "order_cancelled": _cancelled,
    "buyer_cancelled": _cancelled,
    "marketplace_cancelled": _cancelled,
    "order_auto_cancelled": _cancelled,
    "refund_drafted": _refund_begun("DRAFT"),
    "refund_requested": _refund_begun("PENDING"),
    "refund_undone": _refund("CANCELLED"),
    "refund_approved": _refund("PENDING"),
    "refund_released": _refund("RELEASED"),
    "refund_settled": _refund("SETTLED"),
    "refund_rejected": _refund("REJECTED"),
    "return_requested": _return_begun,
    "return_authorized": _return,
    "return_departed": _return,
    "return_delivered": _return,
    "return_received": _return,
    "return_graded": _return,
    "return_closed": _return,
    "return_withdrawn": _return,
    "return_closed_auto": _return,
    "return_completed": _return,
    "claim_filed": _claim_begun,
    "claim_action_required": _claim("ACTION_REQUIRED"),
    "claim_answered": _claim("UNDER_REVIEW"),
    "claim_granted": _claim("GRANTED"),
    "claim_denied": _claim("DENIED"),
    "claim_withdrawn": _claim("WITHDRAWN"),
    "claim_refunded": _claim("REFUNDED_BY_SELLER"),
    "claim_appealed": _claim("APPEALED"),
    "claim_appeal_info_required": _claim("APPEAL_INFO_REQUIRED"),
    "claim_appeal_answered": _claim("APPEALED"),
    "claim_reopened": _claim("UNDER_REVIEW"),
    "claim_reversed": _claim_reversed,
    "claim_appeal_denied": _claim("APPEAL_DENIED"),
}
