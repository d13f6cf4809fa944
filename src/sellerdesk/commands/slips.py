"""Record that packing slips were printed (S1-10, screens 1.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sellerdesk.commands import run_batch
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.slips import check_printable
from sellerdesk.models.facts import lock_by_number
from sellerdesk.models.slip_writes import count_prints


@dataclass(frozen=True, slots=True)
class SlipRequest:
    """The packing slip of one order."""

    order_number: str
    place: str = ""


def record_prints(actor: Actor, requests: Sequence[SlipRequest], *, now: datetime) -> list[Outcome]:
    """Count a print of each order's slip and journal it ("slip_printed").

    Outcome "printed" with fact times (prints so far, this one included). An order asked for twice in a batch is counted
    once. Refusals: those of `domain.slips.check_printable`, ORDER_NOT_FOUND, FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        known = lock_by_number(seller_id, {request.order_number for request in requests})
        outcomes: list[Outcome] = []
        for request in requests:
            try:
                facts = known.get(request.order_number)
                if facts is None:
                    raise refuse(Code.ORDER_NOT_FOUND, order_number=request.order_number)
                check_printable(facts)
            except Refusal as refusal:
                outcomes.append(refused(request.order_number, refusal, request.place))
                continue
            outcomes.append(Outcome(request.order_number, "printed", place=request.place))
        printable = sorted({known[one.order_number].id for one in outcomes if one.accepted})
        times = count_prints(actor, seller_id, printable, now) if printable else {}
        for outcome in outcomes:
            if outcome.accepted:
                outcome.facts["times"] = times[known[outcome.order_number].id]
        return outcomes

    return run_batch(actor, Permission.ORDERS_SHIP, requests, work)
