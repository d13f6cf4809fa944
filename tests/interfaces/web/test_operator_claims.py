"""The operator's claims: closed to everybody else, and every decision says what it does before the click."""

import html
import random
import re
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader
from tests import build
from tests.commands.test_claims import (
    FILED,
    a_claim,
    a_claimable_order,
    deliver,
    step,
    the_claim,
    write,
)
from tests.interfaces.web.conftest import Staff, text

from sellerdesk.commands.claims import answer_claims, appeal_claims
from sellerdesk.commands.refunds import request_refunds
from sellerdesk.commands.return_requests import request_returns
from sellerdesk.config import clock
from sellerdesk.domain.actors import Party
from sellerdesk.domain.orders import Address
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.domain.return_facts import ReturnReason
from sellerdesk.domain.returns import ReturnAsked
from sellerdesk.flows.sweep import sweep

_WORDS = "It was signed for, see the record."
LATER = FILED + timedelta(days=1)


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: LATER)


@pytest.fixture
def operator(staff: Staff) -> Client:
    return staff(is_operator=True)


def hidden(page: str) -> dict[str, str]:
    form = page[page.index("effect-head") :]
    form = form[: form.index("</form>")]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def an_answered_claim(seller: int, at: datetime = FILED + timedelta(hours=1)) -> tuple[str, str]:
    number = a_claimable_order(seller)
    claim = a_claim(seller, number, text="<script>alert(1)</script> \u202egnp")
    step(answer_claims, build.an_actor(seller), number, claim, text="Signed for.", at=at)
    return number, claim


CODES = (
    "general_adjustment",
    "defective",
    "DELIVERED",
    "AUTHORIZED",
    "PENDING",
    "UNDER_REVIEW",
    "not_received",
)


def a_told_claim(seller: int) -> tuple[str, str]:
    """A claim whose order has a return and a refund besides."""
    place = Address(
        name="Ada Quill",
        line1="1 Canary Row",
        city="Seattle",
        state="WA",
        postal_code="98109",
        country="US",
    )
    number = build.a_shipped_order(seller, address=place)
    deliver(seller, number)
    write(seller, number)
    claim = a_claim(seller, number)
    step(answer_claims, build.an_actor(seller), number, claim, text="Signed for.")
    [(item,)] = build.everything("SELECT item_number FROM order_items")
    asked = ReturnAsked(number, ReturnReason.DEFECTIVE, {item: 1})
    buyer = build.an_actor(seller, party=Party.BUYER)
    build.all_well(request_returns(buyer, [asked], now=FILED, randomness=random.Random(1)))
    refund = RefundRequest(number, RefundReason.GENERAL_ADJUSTMENT, amount=100)
    build.all_well(request_refunds(build.an_actor(seller), [refund], now=FILED + timedelta(hours=2)))
    return number, claim


def words(answer: object) -> str:
    """A page without its tags, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text(answer))).split())


def pdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_only_operators_come_in(seller: int, owner: Client) -> None:
    _, claim = an_answered_claim(seller)
    for path in ("/operator/claims/", f"/operator/claims/{claim}/", f"/operator/claims/{claim}/evidence.pdf"):
        assert owner.get(path).status_code == 403
        assert Client().get(path).status_code == 302
    assert owner.post(f"/operator/claims/{claim}/", {"do": "deny", "fault": "buyer"}).status_code == 403
    assert the_claim()[0] == "UNDER_REVIEW"


def test_what_waits_is_listed_and_a_grant_says_what_it_does(seller: int, operator: Client) -> None:
    number, claim = an_answered_claim(seller)
    page = text(operator.get("/operator/claims/"))
    assert claim in page
    assert number in page
    assert claim not in text(operator.get("/operator/claims/?tab=closed"))
    assert operator.get("/operator/claims/?tab=nonsense").status_code == 404
    path = f"/operator/claims/{claim}/"
    page = text(operator.get(path))
    assert "<script>alert" not in page
    assert "Signed for." in page
    shown = text(operator.get(f"{path}?choice=grant&fault=seller&funding=seller"))
    assert "The seller is debited $43.18" in shown
    assert "It counts in the seller&#x27;s order defect rate." in shown
    free = text(operator.get(f"{path}?choice=grant&fault=carrier&funding=marketplace"))
    assert "the seller is debited nothing" in free
    assert the_claim()[0] == "UNDER_REVIEW"  # looking decides nothing
    sent = hidden(shown) | {"text": "No proof."}
    assert operator.post(path, sent).status_code == 302
    assert the_claim()[:4] == ("GRANTED", 4318, 4318, True)
    operator.post(path, sent)  # the same form again
    assert len(build.everything("SELECT 1 FROM journal WHERE kind = 'claim_granted'")) == 1


def test_an_old_form_decides_nothing(seller: int, operator: Client) -> None:
    number, claim = an_answered_claim(seller)
    path = f"/operator/claims/{claim}/"
    sent = hidden(text(operator.get(f"{path}?choice=deny&fault=buyer&funding=seller")))
    operator.post(path, {"do": "ask", "text": "Who signed?"})
    assert the_claim()[0] == "ACTION_REQUIRED"
    page = text(operator.get(path))
    assert "it cannot be granted yet" in page
    refused = operator.post(path, sent | {"text": "Nobody proved it."})
    assert refused.status_code == 409
    answered = text(refused)
    assert "changed order" in answered or "meanwhile" in answered
    assert 'name="choice" value="deny" checked' in answered
    assert 'name="fault" value="buyer" checked' in answered
    assert ">Nobody proved it.</textarea>" in answered
    assert the_claim()[0] == "ACTION_REQUIRED"
    assert number in page


def test_an_appeal_is_decided_in_two_parts(seller: int, operator: Client, staff: Staff) -> None:
    number = a_claimable_order(seller)
    claim = a_claim(seller, number, at=FILED - timedelta(days=0))
    sweep(FILED + timedelta(hours=72))
    step(appeal_claims, build.an_actor(seller), number, claim, at=FILED + timedelta(hours=73), text=_WORDS)
    path = f"/operator/claims/{claim}/"
    shown = text(operator.get(f"{path}?choice=appeal&money=1"))
    assert "The seller gets $43.18 back; the buyer keeps the money." in shown
    assert "no longer counts" not in shown
    operator.post(path, hidden(shown))
    assert the_claim() == ("REVERSED", 4318, 4318, True, True, False)
    page = text(operator.get(path))
    assert "Given back on appeal: $43.18. The buyer keeps the money." in page
    assert "It was signed for, see the record." in page  # what the appeal asked for
    shown = text(staff(seller).get(f"/desk/claims/{claim}/"))
    assert "Reversed: the debit. You have $43.18 back" in shown
    assert "Not reversed: the defect." in shown
    assert "You were debited" not in shown


def test_nothing_is_chosen_for_the_operator(seller: int, operator: Client) -> None:
    _, claim = an_answered_claim(seller)
    path = f"/operator/claims/{claim}/"
    page = text(operator.get(path))
    assert " checked" not in page
    incomplete = text(operator.get(f"{path}?choice=grant&fault=&funding=seller"))
    assert "Choose first: At fault." in incomplete
    assert "effect-head" not in incomplete


def test_scans_are_told_in_words(seller: int, operator: Client) -> None:
    _, claim = an_answered_claim(seller)
    page = text(operator.get(f"/operator/claims/{claim}/"))
    assert "DELIVERED" not in page
    assert "Delivered" in page


def test_each_choice_says_what_it_does(seller: int, operator: Client) -> None:
    for _ in range(2):
        build.a_shipped_order(seller)
    _, claim = an_answered_claim(seller)
    page = words(operator.get(f"/operator/claims/{claim}/"))
    assert "Grant The buyer gets $43.18: everything that is left of the order." in page
    assert "Deny No money moves and nothing counts." in page
    assert "The seller Granted, it counts as a defect. That makes 1 of 3 orders of the last 60 days." in page
    assert "The carrier It does not count as a defect." in page
    assert "The seller The seller is debited $43.18 and can appeal." in page
    assert "Now 0 of 3 orders of the last 60 days at Amazon.com have a defect. It must stay below 1%." in page
    assert "The seller has 72 hours to answer; silence grants the claim." in page
    shown = words(operator.get(f"/operator/claims/{claim}/?choice=grant&fault=seller&funding=seller"))
    assert "That makes 1 of 3 orders of the last 60 days. Next" in shown
    assert "The seller can appeal for 30 days." in shown
    denied = words(operator.get(f"/operator/claims/{claim}/?decide=1&choice=deny&fault=buyer"))
    assert "The claim becomes “Denied”." in denied  # who pays is no question then
    assert "That makes" not in denied[denied.index("What this decision does") :]
    nothing = words(operator.get(f"/operator/claims/{claim}/?decide=1"))
    assert "Choose first: Decision, At fault, Paid by." in nothing


def test_a_question_that_is_too_long_is_kept(seller: int, operator: Client) -> None:
    _, claim = an_answered_claim(seller)
    refused = operator.post(f"/operator/claims/{claim}/", {"do": "ask", "text": "Who? " + "x" * 6_000})
    assert refused.status_code == 422
    assert "Who? xxx" in text(refused)
    assert the_claim()[0] == "UNDER_REVIEW"


def test_the_record_stands_on_the_page_in_words(seller: int, operator: Client) -> None:
    number, claim = a_told_claim(seller)
    page = words(operator.get(f"/operator/claims/{claim}/"))
    assert "Seattle, WA, 98109 United States" in page
    for said in ("UPS", "Delivered", "General adjustment", "Defective", "Authorised, not sent yet", number):
        assert said in page, said
    for code in CODES:
        assert not re.search(rf"\b{code}\b", page), code


def test_the_file_is_worded_and_written_in_one_way(seller: int, operator: Client) -> None:
    number, claim = a_told_claim(seller)
    answer = operator.get(f"/operator/claims/{claim}/evidence.pdf")
    found = pdf(answer.content)
    for said in (
        number,
        "All times are those of Amazon.com (America/Los_Angeles).",
        "Under review",
        "Seattle, WA, 98109",
        "United States",
        "UPS",
        "Delivered",
        "General adjustment · Held",
        "Defective or does not work · Authorised, not sent yet",
        "0 of 1 came back",
        "$1.00",
        "$43.18",
    ):
        assert said in found, said
    for code in CODES:
        assert not re.search(rf"\b{code}\b", found), code
    # One way to write a time, with its year and zone; and one to write an amount.
    times = re.findall(r"\b\d{1,2}:\d{2}\b[^·\n]{0,6}", found)
    assert times
    assert [one for one in times if not re.match(r"\d\d:\d\d P[SD]T", one)] == []
    assert re.findall(r"\d{4}-\d{2}-\d{2}|\bUTC\b|\bUSD\b", found) == []
    assert re.findall(r"(?:Jan|Feb|Mar|Apr)(?! \d{4})", found) == []


def test_the_file_speaks_chinese(seller: int, operator: Client) -> None:
    _, claim = a_told_claim(seller)
    operator.cookies["sellerdesk_language"] = "zh-hans"
    found = pdf(operator.get(f"/operator/claims/{claim}/evidence.pdf").content).replace("\n", "")
    for said in ("所有时间均为", "已送达", "2026年", "美国"):
        assert said in found, said
    for english in ("General adjustment", "Defective", "Delivered", "Authorised"):
        assert english not in found, english


def test_the_record_comes_as_a_file(seller: int, operator: Client) -> None:
    _, claim = an_answered_claim(seller)
    answer = operator.get(f"/operator/claims/{claim}/evidence.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content.startswith(b"%PDF")
    assert operator.get("/operator/claims/C-NONE-NONE/evidence.pdf").status_code == 404
