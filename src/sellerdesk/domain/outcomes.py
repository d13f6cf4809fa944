"""What a command answers for each request of its batch."""

from dataclasses import dataclass, field
from typing import Any

from sellerdesk.domain.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one request, at the same position as the request.

    `state` is a stable word of the command ("placed", "imported", "updated", "unchanged", "confirmed", …) or "refused";
    then `refusal` says why and nothing of the request was done. `facts` are what a door may want to show.
    """

    order_number: str
    state: str
    refusal: Refusal | None = None
    place: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        return self.refusal is None


def refused(order_number: str, refusal: Refusal, place: str = "") -> Outcome:
    return Outcome(order_number, "refused", refusal, place)
