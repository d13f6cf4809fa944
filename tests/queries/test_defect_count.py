"""How many orders have a defect: an order once, its own window and marketplace, and what one claim changes (T09)."""

from datetime import datetime, timedelta

import pytest
from tests import build
from tests.build import PLACED, all_well, an_actor
from tests.commands.test_claims import FILED, HOUR, a_claim, a_claimable_order, step, verdict

from sellerdesk.commands.claims import answer_claims
from sellerdesk.commands.feedback import record_chargebacks, record_feedback
from sellerdesk.domain.actors import Party
from sellerdesk.domain.claim_facts import Fault
from sellerdesk.domain.feedback import ChargebackKind, ChargebackReport, FeedbackReport
from sellerdesk.flows.tallies import add_up
from sellerdesk.queries.claims import claim_detail
from sellerdesk.queries.defect_count import DefectCount, defect_count

pytestmark = pytest.mark.usefixtures("committed")
NOW = FILED + timedelta(days=2)
DAYS = timedelta(days=60)


def counted(seller: int, claim: str, at: datetime = NOW) -> DefectCount:
    found = claim_detail(seller, claim, now=at, personal=False)
    assert found is not None
    return defect_count(seller, found.claim, found.order, at=at)


def rated(seller: int, number: str, stars: int) -> None:
    at = FILED - HOUR
    report = FeedbackReport(number, stars, at)
    all_well(record_feedback(an_actor(seller, party=Party.BUYER), [report], now=at))


def grant(seller: int, number: str, claim: str) -> None:
    step(answer_claims, an_actor(seller), number, claim)
    all_well([verdict(seller, number, claim, granted=True, fault=Fault.SELLER)])


def test_a_claim_changes_the_count_once_it_is_decided() -> None:
    seller = build.a_seller()
    number, other = a_claimable_order(seller), build.a_shipped_order(seller)
    claim = a_claim(seller, number)
    rated(seller, other, 1)
    assert counted(seller, claim) == DefectCount(60, 100, 2, now=1, with_it=2, without_it=1, covers=True)
    grant(seller, number, claim)
    assert counted(seller, claim) == DefectCount(60, 100, 2, now=2, with_it=2, without_it=1, covers=True)


def test_an_order_counts_once_however_many_defects_it_has() -> None:
    seller = build.a_seller()
    number = a_claimable_order(seller)
    claim = a_claim(seller, number)
    rated(seller, number, 2)
    found = counted(seller, claim)
    assert (found.now, found.with_it, found.without_it) == (1, 1, 1)


def test_good_ratings_other_marketplaces_and_warehouse_orders_do_not_count() -> None:
    seller = build.a_seller(countries=("US", "JP"))
    claim = a_claim(seller, a_claimable_order(seller))
    rated(seller, build.a_shipped_order(seller), 3)
    rated(seller, build.a_shipped_order(seller, country="JP"), 1)
    other = build.a_seller("Other")
    rated(other, build.a_shipped_order(other), 1)
    assert counted(seller, claim) == DefectCount(60, 100, 2, now=0, with_it=1, without_it=0, covers=True)


@pytest.mark.parametrize(("kind", "defects"), [(ChargebackKind.SERVICE, 1), (ChargebackKind.FRAUD, 0)])
def test_chargebacks_about_the_service_count(kind: ChargebackKind, defects: int) -> None:
    seller = build.a_seller()
    claim = a_claim(seller, a_claimable_order(seller))
    report = ChargebackReport(build.a_shipped_order(seller), "CB-1", kind, 100, "USD", FILED)
    all_well(record_chargebacks(an_actor(seller, party=Party.AMAZON), [report], now=FILED))
    assert counted(seller, claim).now == defects


def test_the_window_is_half_open_and_counted_from_tallies_too() -> None:
    seller = build.a_seller()
    number = a_claimable_order(seller)
    claim = a_claim(seller, number)
    grant(seller, number, claim)
    add_up()
    last = counted(seller, claim, PLACED + DAYS - timedelta(microseconds=1))
    assert (last.orders, last.now, last.covers) == (1, 1, True)
    over = counted(seller, claim, PLACED + DAYS)
    assert (over.orders, over.now, over.with_it, over.covers) == (0, 0, 0, False)
