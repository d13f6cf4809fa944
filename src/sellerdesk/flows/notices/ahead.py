"""Letters before they are owed: what the buyer would get, written by the code that will write it (design 2.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sellerdesk.flows.notices.letters import Written, write
from sellerdesk.queries.mails import letter_ahead


@dataclass(frozen=True, slots=True)
class WayAhead:
    """The way back as it stands in a form that nobody has sent yet; `own_rma` "": the number stays."""

    address: Mapping[str, str]
    label: str
    carrier: str = ""
    tracking: str = ""
    own_rma: str = ""
    instructions: str = ""


def authorisation_ahead(
    seller_id: int,
    order_number: str,
    rma: str,
    way: WayAhead,
    *,
    now: datetime,
    personal: bool,
    language: str = "",
) -> Written | None:
    """The letter that authorising this return now would send, or None when the seller has no such return.

    In the buyer's language, unless another is asked for. Without `personal` the buyer's name is left out.
    """
    said = {"rma": rma} | ({"language": language} if language else {})
    facts = letter_ahead(seller_id, order_number, "return_authorized", said, at=now)
    if facts is None or facts.after.returned is None:
        return None
    back = replace(
        facts.after.returned,
        rma=way.own_rma or rma,
        address=way.address,
        label=way.label,
        carrier=way.carrier,
        tracking=way.tracking,
        instructions=way.instructions,
    )
    name = facts.buyer_name if personal else ""
    return write(replace(facts, buyer_name=name, after=replace(facts.after, returned=back)))
