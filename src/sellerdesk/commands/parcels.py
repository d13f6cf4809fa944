"""Record what carriers see (S0-31)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sellerdesk.commands import run_batch
from sellerdesk.domain import parcels
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.parcels import ParcelDecision, ParcelReport
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.facts import lock_by_number
from sellerdesk.models.parcel_writes import known_events, write_events


def report_parcel_events(
    actor: Actor, reports: Sequence[ParcelReport], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Record parcel events; the same event told twice is one.

    Outcome "recorded" or "unchanged" with facts status, detailed_status. Refusals: those of `domain.parcels.observe`,
    ORDER_NOT_FOUND, FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        known = lock_by_number(seller_id, {report.order_number for report in reports})
        told = known_events(seller_id, [package.id for facts in known.values() for package in facts.packages])
        outcomes: list[Outcome] = []
        decisions: list[ParcelDecision] = []
        for report in reports:
            try:
                facts = known.get(report.order_number)
                if facts is None:
                    raise refuse(Code.ORDER_NOT_FOUND, order_number=report.order_number)
                package = facts.package(report.reference)
                if package is not None and (package.id, report.kind, report.at) in told:
                    outcomes.append(Outcome(report.order_number, "unchanged", place=report.place))
                    continue
                decision = parcels.observe(facts, report, now=now)
            except Refusal as refusal:
                outcomes.append(refused(report.order_number, refusal, report.place))
                continue
            told.add((decision.package.id, report.kind, report.at))
            moved = replace(decision.package, status=decision.status.value)
            known[report.order_number] = replace(
                facts, packages=tuple(moved if one.id == moved.id else one for one in facts.packages)
            )
            decisions.append(decision)
            said = {"status": decision.status.value, "detailed_status": decision.detailed_status}
            outcomes.append(Outcome(report.order_number, "recorded", place=report.place, facts=said))
        if decisions:
            write_events(actor, seller_id, decisions, now)
        return outcomes

    return run_batch(actor, Permission.PARCELS_REPORT, reports, work, once)
