"""Claims for pages: tabs with counts, keyset, one claim with what bears on it, and what a buyer may file when."""

from datetime import timedelta

import pytest
from tests import build
from tests.build import PLACED
from tests.commands.test_claims import (
    ASKED,
    DAY,
    FILED,
    HOUR,
    TOTAL,
    a_claim,
    a_claimable_order,
    deliver,
    file,
    step,
    verdict,
    write,
)

from sellerdesk.commands.claims import answer_claims
from sellerdesk.domain.claim_facts import ClaimKind, Fault, TextKind
from sellerdesk.domain.claims import ClaimVerdict
from sellerdesk.domain.refusals import Code
from sellerdesk.flows.sweep import sweep
from sellerdesk.queries.claims import (
    Tab,
    claim_detail,
    claim_options,
    claims_of_order,
    claims_page,
    operator_claims,
    preview_verdict,
    seller_of_claim,
)

pytestmark = pytest.mark.usefixtures("committed")


def test_tabs_count_and_page() -> None:
    seller, other = build.a_seller(), build.a_seller("Other")
    numbers = [a_claimable_order(seller) for _ in range(4)]
    claims = [a_claim(seller, number, at=FILED + place * HOUR) for place, number in enumerate(numbers)]
    step(answer_claims, build.an_actor(seller), numbers[0], claims[0], at=FILED + 5 * HOUR)
    verdict(seller, numbers[1], claims[1], granted=False, fault=Fault.BUYER, at=FILED + 5 * HOUR)
    granted = FILED + 74 * HOUR  # the third claim, and not yet the fourth
    sweep(granted)
    page = claims_page(seller, Tab.ACTION_REQUIRED, now=granted)
    assert [line.reference for line in page.lines] == [claims[3]]
    assert page.counts == {
        Tab.ACTION_REQUIRED: 1, Tab.UNDER_REVIEW: 1, Tab.APPEAL: 1, Tab.CLOSED: 1, Tab.ALL: 4,
    }  # fmt: skip
    assert claims_page(seller, Tab.APPEAL, now=granted + 31 * DAY).counts[Tab.CLOSED] == 2
    first = claims_page(seller, Tab.ALL, now=granted, size=3)
    assert [line.reference for line in first.lines] == claims[:0:-1]
    second = claims_page(seller, Tab.ALL, now=granted, size=3, after=first.older)
    assert [line.reference for line in second.lines] == claims[:1]
    assert second.older is None
    assert claims_page(seller, Tab.ALL, now=granted, marketplace_ids=["A1PA6795UKMFR9"]).lines == ()
    assert claims_page(other, Tab.ALL, now=granted).lines == ()
    assert [line.reference for line in operator_claims(Tab.UNDER_REVIEW, now=granted)] == claims[:1]
    assert seller_of_claim(claims[2]) == seller


def test_one_claim_with_what_bears_on_it() -> None:
    seller = build.a_seller()
    number = a_claimable_order(seller)
    claim = a_claim(seller, number, text="Nothing here.")
    step(answer_claims, build.an_actor(seller), number, claim, text="The carrier has a signature.")
    found = claim_detail(seller, claim, now=FILED + DAY, personal=True)
    assert found is not None
    assert [(one.kind, one.text) for one in found.texts] == [
        (TextKind.FILED, "Nothing here."),
        (TextKind.ANSWER, "The carrier has a signature."),
    ]
    assert [one.text for one in found.letters] == ["Where is it?"]
    assert [event.kind for package in found.order.packages for event in package.events] == ["DELIVERED"]
    assert (found.left, found.payout) == (TOTAL, "")
    blind = claim_detail(seller, claim, now=FILED + DAY, personal=False)
    assert blind is not None
    assert (blind.texts, blind.letters) == ((), ())
    assert claim_detail(build.a_seller("Other"), claim, now=FILED, personal=True) is None
    assert [one.reference for one in claims_of_order(seller, number)] == [claim]


def test_a_preview_is_what_the_decision_does() -> None:
    seller = build.a_seller()
    number = a_claimable_order(seller)
    claim = a_claim(seller, number)
    asked = ClaimVerdict(number, claim, True, Fault.SELLER)
    early = preview_verdict(seller, asked, now=FILED).refusal
    assert early is not None
    assert early.code is Code.CLAIM_STATE
    step(answer_claims, build.an_actor(seller), number, claim)
    shown = preview_verdict(seller, asked, now=FILED + DAY).step
    assert shown is not None
    assert shown.grant is not None
    done = verdict(seller, number, claim, granted=True, expects=shown.grant.debit, at=FILED + DAY)
    assert (done.facts["debited"], done.facts["defect"]) == (shown.grant.debit, shown.grant.defect)


def test_options_say_when_and_why() -> None:
    seller = build.a_seller()
    number = build.a_shipped_order(seller)
    assert {one.refusal.code for one in claim_options(seller, number, now=ASKED) if one.refusal} == {
        Code.CLAIM_CONTACT_FIRST
    }
    write(seller, number, at=PLACED + DAY)
    kinds = {one.kind: one for one in claim_options(seller, number, now=ASKED)}
    missing = kinds[ClaimKind.NOT_RECEIVED]
    assert missing.refusal is not None
    assert missing.refusal.facts["why"] == "estimate"
    opens = missing.opens_at
    assert opens is not None
    assert file(seller, number, at=opens - timedelta(seconds=1)).refusal == missing.refusal
    (kinds_at_opening, *_) = claim_options(seller, number, now=opens)
    assert kinds_at_opening.refusal is None
    unasked = kinds[ClaimKind.NOT_AS_DESCRIBED].refusal
    assert unasked is not None
    assert unasked.facts["why"] == "no_return"
    deliver(seller, number)
    assert file(seller, number, at=ASKED).accepted
    assert claim_options(seller, "111-1111111-1111111", now=ASKED) == ()
