"""What carriers see of a parcel (S0-31, S1-19; the PACKAGE machine)."""

from dataclasses import dataclass
from datetime import datetime

from sellerdesk.domain.facts import OrderFacts, PackageFacts
from sellerdesk.domain.lifecycle import PACKAGE, PackageStatus
from sellerdesk.domain.refusals import Code, refuse

# What a carrier says → the verb of the machine and the detailed status that programs read (spapi 3).
EVENTS: dict[str, tuple[str, str]] = {
    "PICKED_UP": ("depart", "PICKED_UP"),
    "IN_TRANSIT": ("depart", ""),
    "OUT_FOR_DELIVERY": ("depart", "OUT_FOR_DELIVERY"),
    "DELIVERED": ("deliver", "DELIVERED"),
    "UNDELIVERABLE": ("fail", "UNDELIVERABLE"),
    "REFUSED": ("return_to_sender", "REJECTED_BY_BUYER"),
    "RETURNING": ("return_to_sender", "RETURNING_TO_SELLER"),
    "RETURNED": ("return_to_sender", "RETURNED_TO_SELLER"),
    "LOST": ("fail", "LOST"),
    "DAMAGED": ("fail", "DAMAGED"),
}


@dataclass(frozen=True, slots=True)
class ParcelReport:
    """One event of one parcel: `kind` is a key of EVENTS, `at` the carrier's moment (aware UTC)."""

    order_number: str
    reference: str
    kind: str
    at: datetime
    where: str = ""
    raw: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class ParcelDecision:
    facts: OrderFacts
    package: PackageFacts
    report: ParcelReport
    status: PackageStatus
    detailed_status: str


def observe(facts: OrderFacts, report: ParcelReport, *, now: datetime) -> ParcelDecision:
    """Decide what an event makes of its parcel. Scans on the way leave the status as it is once it is further.

    Raises Refusal PACKAGE_NOT_FOUND, INVALID_VALUE (unknown kind, a moment in the future), EVENT_OUT_OF_ORDER.
    """
    package = facts.package(report.reference)
    if package is None:
        raise refuse(Code.PACKAGE_NOT_FOUND, order_number=facts.order_number, reference=report.reference)
    if report.kind not in EVENTS:
        raise refuse(Code.INVALID_VALUE, place="kind", value=report.kind[:40], expected=", ".join(EVENTS))
    if report.at > now:
        raise refuse(
            Code.INVALID_VALUE, place="at", value=report.at.isoformat(), expected="not later than now"
        )
    verb, detailed = EVENTS[report.kind]
    current = PackageStatus(package.status)
    target = PACKAGE.moves[verb].target
    if current == target or (verb == "depart" and current is PackageStatus.IN_TRANSIT):
        return ParcelDecision(facts, package, report, current, detailed)
    if verb not in PACKAGE.verbs(current):
        raise refuse(
            Code.EVENT_OUT_OF_ORDER,
            order_number=facts.order_number,
            reference=report.reference,
            status=current.value,
            verb=report.kind,
        )
    return ParcelDecision(facts, package, report, PackageStatus(PACKAGE.after(current, verb)), detailed)
