"""Payments in the console: balances, the statement, and breaks that somebody settles (P4)."""

import re
from datetime import timedelta

import pytest
from tests import build
from tests.build import an_actor, everything
from tests.commands.test_claims import FILED, a_claim, a_claimable_order
from tests.flows.test_payouts import Provider
from tests.interfaces.web.conftest import NOW, Staff

from sellerdesk.commands.ledger import record_fees
from sellerdesk.commands.refunds import request_refunds
from sellerdesk.config import clock
from sellerdesk.domain.actors import Party
from sellerdesk.domain.ledger import FeeKind, FeeReport
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.flows.payouts import miss_unsettled, pay_refunds
from sellerdesk.flows.sweep import sweep

PAGE = "/desk/payments/"


def a_refund(seller: int) -> str:
    number = build.a_shipped_order(seller)
    asked = [RefundRequest(number, RefundReason.NOT_RECEIVED, amount=1000)]
    build.all_well(request_refunds(an_actor(seller, party=Party.AMAZON), asked, now=NOW - timedelta(days=9)))
    return number


def test_balances_and_statement(seller: int, staff: Staff) -> None:
    number = a_refund(seller)
    fees = [FeeReport(number, f"f-{index}", FeeKind.COMMISSION, 100, "USD") for index in range(60)]
    build.all_well(record_fees(an_actor(seller), fees, now=NOW))
    client = staff(seller, role="finance")
    page = client.get(PAGE).content.decode()
    assert "-$60.00" in page
    assert page.count("Fees") == 51
    following = re.search(r'href="(\?before=[^"]+)"', page)
    assert following is not None
    rest = client.get(PAGE + following[1].replace("&amp;", "&")).content.decode()
    assert rest.count("Fees") == 1 + 10
    assert "-$10.00" in rest
    assert "Older" not in rest


def test_a_break_is_seen_and_settled(seller: int, staff: Staff) -> None:
    a_refund(seller)
    assert miss_unsettled(NOW) == 1
    ((number,),) = everything("SELECT id FROM payment_breaks")
    client = staff(seller, role="finance")
    page = client.get(PAGE).content.decode()
    assert "Sent off, and not paid for days" in page
    assert "$10.00 · not asked for yet" in page
    stranger = staff(build.a_seller(), role="finance")
    assert "Sent off" not in stranger.get(PAGE).content.decode()
    stranger.post(f"{PAGE}breaks/{number}/", {"reason": "mine now"})
    client.post(f"{PAGE}breaks/{number}/", {"reason": " "})
    assert everything("SELECT resolved_at FROM payment_breaks") == [(None,)]
    words = "<script>alert(1)</script> \u202eby hand"
    answer = client.post(f"{PAGE}breaks/{number}/", {"reason": words}, follow=True).content.decode()
    assert "The difference is settled." in answer
    assert "Both books agree." in answer
    settled = client.get(f"{PAGE}?breaks=settled").content.decode()
    assert "&lt;script&gt;" in settled
    assert "<script>alert" not in settled
    assert "Li Wei" in settled


@pytest.mark.parametrize(
    ("role", "status", "heading"), [("finance", 200, True), ("owner", 200, True), ("support", 403, False)]
)
def test_who_may_look(seller: int, staff: Staff, role: str, status: int, heading: bool) -> None:
    answer = staff(seller, role=role).get(PAGE)
    assert answer.status_code == status
    assert ("Differences to the payment side" in answer.content.decode()) == heading


def test_a_support_person_may_not_settle(seller: int, staff: Staff) -> None:
    assert staff(seller, role="support").post(f"{PAGE}breaks/1/", {"reason": "x"}).status_code == 403


@pytest.mark.parametrize("before", ["x", "2026-01-01~1", "2026-01-01T00:00:00Z~x", "2026-01-01T00:00:00Z"])
def test_places_that_are_none(seller: int, staff: Staff, before: str) -> None:
    assert staff(seller).get(PAGE, {"before": before}).status_code == 404


def test_the_operator_sees_all_sellers(seller: int, staff: Staff) -> None:
    a_refund(seller)
    miss_unsettled(NOW)
    assert staff(seller).get("/operator/payments/").status_code == 403
    page = staff(is_operator=True).get("/operator/payments/").content.decode()
    assert "Sent off, and not paid for days" in page
    assert "refund-" in page


def test_in_both_chinese_scripts(seller: int, staff: Staff) -> None:
    a_refund(seller)
    miss_unsettled(NOW)
    for language, title in (("zh-hans", "与支付机构的差异"), ("zh-hant", "與金流業者的差異")):
        client = staff(seller, role="finance")
        client.post("/language/", {"language": language, "next": PAGE})
        assert title in client.get(PAGE).content.decode()


def an_unpaid_claim(seller: int) -> tuple[str, str, Provider]:
    number = a_claimable_order(seller)
    claim, provider = a_claim(seller, number), Provider("no")
    sweep(FILED + timedelta(hours=72))
    assert pay_refunds(FILED + timedelta(hours=72), provider) == {"failed": 1}
    return number, claim, provider


def test_the_operator_pays_a_claim_again(seller: int, staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    number, claim, provider = an_unpaid_claim(seller)
    later = FILED + timedelta(days=4)
    monkeypatch.setattr(clock, "now", lambda: later)
    path = f"/operator/payments/claims/{claim}/"
    assert staff(seller).get(path).status_code == 403
    assert staff(seller).post(path, {"order": number, "expects": "4318"}).status_code == 403
    operator = staff(is_operator=True)
    for where in ("/operator/payments/", f"/operator/claims/{claim}/"):
        assert f'href="{path}"' in operator.get(where).content.decode()
    claim_page = operator.get(f"/operator/claims/{claim}/").content.decode()
    assert "The buyer was granted $43.18; payment: failed." in claim_page
    page = operator.get(path).content.decode()
    assert "The buyer gets $43.18" in page
    assert "Earlier tries are looked up first." in page
    assert "Goes at once, cannot be undone." in page
    fields = dict(re.findall(r'type="hidden" name="(key|order|expects)" value="([^"]*)"', page))
    wrong = operator.post(path, fields | {"expects": "1", "key": "other"}, follow=True).content.decode()
    assert "has changed to $43.18" in wrong
    for _ in range(2):  # the second press of the same form is answered as the first was
        told = operator.post(path, fields, follow=True).content.decode()
        assert f"The payment side is asked again to pay $43.18 for claim {claim}." in told
    assert everything("SELECT count(*) FROM journal WHERE kind = 'claim_payout_retried'") == [(1,)]
    assert path not in told
    assert path not in operator.get(f"/operator/claims/{claim}/").content.decode()
    told = operator.post(path, fields | {"key": "another"}, follow=True).content.decode()
    assert "is not among those that could not be paid any more" in told
    assert "Nothing to pay again" in operator.get(path).content.decode()
    assert pay_refunds(later, provider) == {"done": 1}
    assert pay_refunds(later + timedelta(days=1), provider) == {}
    assert sum(one.amount for one in provider.book.values() if one.state == "done") == 4318
    assert operator.get("/operator/payments/claims/C-NONE/").status_code == 404
    assert operator.get("/operator/payments/?unpaid_before=x").status_code == 404
