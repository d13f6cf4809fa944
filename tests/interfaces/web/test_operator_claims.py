"""The operator's claims: closed to everybody else, and every decision says what it does before the click."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from tests import build
from tests.commands.test_claims import FILED, a_claim, a_claimable_order, step, the_claim
from tests.interfaces.web.conftest import Staff, text

from sellerdesk.commands.claims import answer_claims, appeal_claims
from sellerdesk.config import clock
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
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def an_answered_claim(seller: int, at: datetime = FILED + timedelta(hours=1)) -> tuple[str, str]:
    number = a_claimable_order(seller)
    claim = a_claim(seller, number, text="<script>alert(1)</script> \u202egnp")
    step(answer_claims, build.an_actor(seller), number, claim, text="Signed for.", at=at)
    return number, claim


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
    answered = text(operator.post(path, sent, follow=True))
    assert "changed order" in answered or "meanwhile" in answered
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
    facts = page[: page.index("What was said")]
    assert re.search(r"Given back on appeal</th><td><bdi>\$43.18</bdi>", facts)
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
    assert page.count('<option value="">') == 2
    incomplete = text(operator.get(f"{path}?choice=grant&fault=&funding=seller"))
    assert "Choose first: At fault." in incomplete
    assert "effect-head" not in incomplete


def test_scans_are_told_in_words(seller: int, operator: Client) -> None:
    _, claim = an_answered_claim(seller)
    page = text(operator.get(f"/operator/claims/{claim}/"))
    assert "DELIVERED" not in page
    assert "Delivered" in page


def test_the_record_comes_as_a_file(seller: int, operator: Client) -> None:
    _, claim = an_answered_claim(seller)
    answer = operator.get(f"/operator/claims/{claim}/evidence.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content.startswith(b"%PDF")
    assert operator.get("/operator/claims/C-NONE-NONE/evidence.pdf").status_code == 404
