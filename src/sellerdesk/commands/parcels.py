"""Record what carriers see (S0-31)."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sellerdesk.commands import run_batch
from sellerdesk.domain import parcels, return_scans, returns
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.identifiers import new_rma
from sellerdesk.domain.lifecycle import PackageStatus
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.parcels import ParcelDecision, ParcelReport
from sellerdesk.domain.refunds import RefundFacts
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_facts import ReturnFacts, ReturnKind
from sellerdesk.domain.returns import ReturnAsked
from sellerdesk.models.facts import lock_by_number
from sellerdesk.models.parcel_writes import known_events, write_events
from sellerdesk.models.return_facts import SellerSetting
from sellerdesk.models.return_terms import ReturnWorld
from sellerdesk.models.return_writes import NewReturn, ReturnMove, write_moves, write_requests

_RANDOM = random.SystemRandom()


def report_parcel_events(
    actor: Actor, reports: Sequence[ParcelReport], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Record parcel events; the same event told twice is one.

    A seller's parcel that turns round becomes a return on its way back, of its units that no return names yet, and
    moves on the open returns that name the others.

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
            _take_back(actor, seller_id, decisions, now)
        return outcomes

    return run_batch(actor, Permission.PARCELS_REPORT, reports, work, once)


def _take_back(actor: Actor, seller_id: int, decisions: Sequence[ParcelDecision], now: datetime) -> None:
    """What turned round comes back: by a return of its own, or by one that waited for it (S0-31)."""
    turned = [
        one
        for one in decisions
        if one.status is PackageStatus.RETURNING and return_scans.is_sellers(one.facts) and one.package.lines
    ]
    if not turned:
        return
    world = ReturnWorld.read(seller_id, {one.facts.order_number for one in turned}, now)
    news: dict[int, list[ParcelDecision]] = {}
    for one in turned:
        news.setdefault(one.package.id, []).append(one)
    new: list[NewReturn] = []
    moves: list[ReturnMove] = []
    for told in news.values():
        facts = world.known[told[0].facts.order_number]
        back = next((one.report.at for one in told if one.report.kind == "RETURNED"), None)
        known = return_scans.returns_of(facts, told[0].package)
        if known:
            waits = [one for one in known if one.delivered_back_at is None and one.received_at is None]
            moves += [_delivered_back(facts, one, back) for one in waits if back]
            continue
        shares = return_scans.turned_round(facts, told[0].package)
        moved = [_turned(facts, one, told[0], back) for one in shares.moved]
        moves += moved
        facts = _after(facts, moved)
        if shares.fresh:
            made = replace(_refused_return(world, facts, told[0], shares.fresh), delivered_back_at=back)
            new.append(made)
            facts = returns.with_return(made.decision, made.rma, now)
        world.known[facts.order.order_number] = facts
    write_requests(actor, seller_id, new, now)
    write_moves(actor, seller_id, moves, now)


def _after(facts: RefundFacts, moves: Sequence[ReturnMove]) -> RefundFacts:
    """The facts as the next parcel of the same order finds them."""
    states = {one.facts.id: one.state for one in moves}
    moved = (replace(one, state=states.get(one.id, one.state)) for one in facts.returns)
    return replace(facts, returns=tuple(moved))


def _refused_return(
    world: ReturnWorld, facts: RefundFacts, told: ParcelDecision, units: Mapping[str, int]
) -> NewReturn:
    kind = told.report.kind
    asked = ReturnAsked(
        facts.order.order_number,
        return_scans.reason_of(kind),
        units,
        raw_reason=kind,
        kind=ReturnKind.REFUSED,
    )
    decision = returns.request(facts, asked, world.how(facts, asked))
    setting = world.settings.get(facts.order.marketplace_id, SellerSetting())
    return NewReturn(decision, new_rma(_RANDOM), setting.address, "", told.package.id)


def _turned(
    facts: RefundFacts, known: ReturnFacts, told: ParcelDecision, back: datetime | None
) -> ReturnMove:
    state = returns.after(known, "turn_round", facts.order.order_number)
    values = {"in_transit_at": told.report.at, "package_id": told.package.id, "delivered_back_at": back}
    said = {"at": told.report.at, "kind": told.report.kind, "reference": told.report.reference}
    voids = ("return_idle", "return_answer", "return_method")
    return ReturnMove(facts.order.id, known, state, "return_departed", values, voids=voids, said=said)


def _delivered_back(facts: RefundFacts, known: ReturnFacts, at: datetime) -> ReturnMove:
    said = {"at": at, "kind": "RETURNED"}
    values = {"delivered_back_at": at}
    return ReturnMove(facts.order.id, known, known.state, "return_delivered", values, said=said)
