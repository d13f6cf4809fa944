"""The seller's claims: what waits, what is at stake, answers and appeals that take effect once, and hostile texts."""

import html
import random
import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from tests import build
from tests.commands.test_claims import (
    DAY,
    FILED,
    HOUR,
    a_claim,
    a_claimable_order,
    judge,
    step,
    the_claim,
    verdict,
)
from tests.interfaces.web.conftest import Staff, text

from sellerdesk.commands.claims import answer_claims, ask_appeals
from sellerdesk.commands.refunds import request_refunds
from sellerdesk.commands.return_requests import request_returns
from sellerdesk.config import clock
from sellerdesk.domain.actors import Party
from sellerdesk.domain.claim_facts import ClaimKind
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.domain.return_facts import ReturnReason
from sellerdesk.domain.returns import ReturnAsked
from sellerdesk.flows.sweep import sweep

NASTY = "<script>alert(1)</script> \u202egnp.exe & <b>bold</b>"
DAYS = 30 * DAY


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`at(moment)` sets the one clock."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_clock(FILED + HOUR)
    return set_clock


@pytest.fixture
def claimed(seller: int, at: Any) -> tuple[str, str]:
    """An order with a claim that waits for the seller's answer; the clock stands an hour later."""
    number = a_claimable_order(seller)
    return number, a_claim(seller, number, text=NASTY)


def form(page: str) -> dict[str, str]:
    """The hidden fields of the claim's form."""
    part = page[page.index('id="claim-form"') :]
    return dict(re.findall(r'type="hidden" name="(key|version|seen|verb)" value="([^"]*)"', part))


def path(reference: str) -> str:
    return f"/desk/claims/{reference}/"


def words(page: str) -> str:
    """A page without its tags, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def kinds(number: str) -> list[str]:
    found = build.everything(
        "SELECT j.kind FROM journal j JOIN orders o ON o.id = j.order_id WHERE o.order_number = %s"
        " AND j.kind LIKE 'claim%%' ORDER BY j.id",
        [number],
    )
    return [kind for (kind,) in found]


def test_what_waits_is_first_and_counted_in_the_navigation(
    claimed: tuple[str, str], owner: Client, at: Any
) -> None:
    number, claim = claimed
    page = text(owner.get("/desk/claims/"))
    said = words(page)
    assert claim in page
    assert number in page
    assert "Not received" in said
    assert "$43.18" in said
    assert "Counts if you lose it" in said
    assert "in 2 d 23 h Answer before" in said
    assert re.search(
        r'href="/desk/claims/"[^>]*>.*?A-to-z claims.*?<span class="count[^>]*>\s*1\b', page, re.S
    )
    assert "<script>alert" not in page
    assert "\u202e" not in page
    at(FILED + 73 * HOUR)
    sweep(FILED + 73 * HOUR)
    page = text(owner.get("/desk/claims/"))
    assert "No claim waits for you" in page
    assert claim in text(owner.get("/desk/claims/?show=appeal"))
    assert claim not in text(owner.get("/desk/claims/?show=closed"))
    at(FILED + 73 * HOUR + DAYS)
    assert claim in text(owner.get("/desk/claims/?show=closed"))
    assert "Nothing to appeal against" in text(owner.get("/desk/claims/?show=appeal"))


def test_pages_go_on_by_key_and_narrow_to_a_marketplace(
    seller: int, owner: Client, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = [a_claim(seller, a_claimable_order(seller), at=FILED + place * HOUR / 2) for place in range(3)]
    monkeypatch.setattr("sellerdesk.interfaces.web.pages.claims.SIZE", 2)
    first = text(owner.get("/desk/claims/"))
    assert [one in first for one in claims] == [True, True, False]
    [older] = re.findall(r'rel="next" href="([^"]+)"', first)
    second = text(owner.get(html.unescape(older)))
    assert [one in second for one in claims] == [False, False, True]
    other = text(owner.get("/desk/claims/?marketplace=A1F83G8C2ARO7P&show=all"))  # not one of the seller's
    assert claims[2] in other
    assert owner.get("/desk/claims/?show=nonsense&after=x~y").status_code == 200


def test_before_any_click_the_page_says_what_happens(claimed: tuple[str, str], owner: Client) -> None:
    number, claim = claimed
    page = text(owner.get(path(claim)))
    said = words(page)
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "gnp.exe" in page
    assert "Without an answer in time the claim is granted by itself." in said
    assert "The buyer then gets $43.18, and you are debited $43.18." in said
    assert "It then counts in your order defect rate." in said
    assert "That makes 1 of 1 orders of the last 60 days." in said
    assert "Now 0 of 1 orders of the last 60 days at Amazon.com have a defect." in said
    assert "The claim becomes “Under review”" in said
    assert "The buyer gets $43.18, everything that is left of the order." in said
    assert f'href="/desk/orders/{number}/refund/"' in page
    assert "On record: The carrier has delivered every parcel" in said
    assert "Missing: Somebody signed for it" in said
    assert "PST" in said  # deadlines name the zone of the marketplace
    assert the_claim()[0] == "ACTION_REQUIRED"


def test_beside_a_refund_stands_what_goes_on_meanwhile(
    seller: int, claimed: tuple[str, str], owner: Client
) -> None:
    number, claim = claimed
    asked = words(text(owner.get(path(claim))))
    assert "Or refund now" in asked
    assert "The time to answer runs on until then." in asked
    assert step(answer_claims, build.an_actor(seller), number, claim).accepted
    reviewed = words(text(owner.get(path(claim))))
    assert "The marketplace is deciding." in reviewed
    assert "Refund before the decision" in reviewed
    assert "The marketplace may decide before." in reviewed
    assert "time to answer" not in reviewed
    assert "Or refund now" not in reviewed


def test_an_answer_goes_once_however_often_it_is_sent(claimed: tuple[str, str], owner: Client) -> None:
    number, claim = claimed
    sent = form(text(owner.get(path(claim)))) | {"do": "answer", "text": "Signed for by M. Quill."}
    answer = owner.post(path(claim), sent, follow=True)
    assert "Your answer is with the marketplace" in text(answer)
    assert the_claim()[0] == "UNDER_REVIEW"
    again = owner.post(path(claim), sent, follow=True)
    assert again.status_code == 200
    assert kinds(number).count("claim_answered") == 1
    other = owner.post(path(claim), sent | {"text": "Something else"})
    assert other.status_code == 409
    assert "Something else" in text(other)
    page = text(owner.get(path(claim)))
    assert "Signed for by M. Quill." in page
    assert 'id="claim-form"' not in page
    assert "The marketplace is deciding" in page


def test_an_empty_or_too_long_answer_is_refused_and_kept(claimed: tuple[str, str], owner: Client) -> None:
    _, claim = claimed
    sent = form(text(owner.get(path(claim)))) | {"do": "answer"}
    empty = owner.post(path(claim), sent | {"text": " \n "})
    assert empty.status_code == 422
    assert "Write an answer first" in text(empty)
    long = owner.post(path(claim), sent | {"text": "x" * 100_000})
    assert long.status_code == 422
    assert "too long: at most 5000 characters" in text(long)
    assert the_claim()[0] == "ACTION_REQUIRED"


def test_a_late_answer_meets_the_decision_and_is_kept_for_the_appeal(
    claimed: tuple[str, str], owner: Client, at: Any
) -> None:
    _, claim = claimed
    sent = form(text(owner.get(path(claim)))) | {"do": "answer", "text": "We did send it."}
    at(FILED + 72 * HOUR)  # due at this instant: silence has won, although the clock has not fired yet
    late = owner.post(path(claim), sent)
    assert late.status_code == 422
    assert "had to be answered before" in text(late)
    sweep(FILED + 72 * HOUR)
    stale = owner.post(path(claim), sent)
    assert stale.status_code == 409
    said = words(text(stale))
    assert "The claim changed while you were writing" in said
    assert "Claim granted" in said
    assert ">We did send it.</textarea>" in text(stale)
    assert 'value="appeal"' in text(stale)


def test_silence_then_an_appeal_that_says_what_it_asks_for(
    seller: int, claimed: tuple[str, str], owner: Client, at: Any
) -> None:
    number, claim = claimed
    at(FILED + 80 * HOUR)
    sweep(FILED + 72 * HOUR)
    page = text(owner.get(path(claim)))
    said = words(page)
    assert "You were debited $43.18." in said
    assert "It counts in your order defect rate." in said
    assert "Granted because nobody answered in time." in said
    assert "Appeal until" in said
    sent = form(page) | {"do": "appeal", "text": "It was signed for.", "money": "1"}
    for lacking, why in (
        (sent, "the only appeal"),
        (sent | {"only": "1", "text": "No."}, "at least 10 characters"),
        (
            {name: value for name, value in sent.items() if name != "money"} | {"only": "1"},
            "Choose what should be",
        ),
    ):
        refused = owner.post(path(claim), lacking)
        assert refused.status_code == 422
        assert why in text(refused)
    assert the_claim()[0] == "GRANTED"
    sent["only"] = "1"
    assert owner.post(path(claim), sent).status_code == 302
    assert the_claim()[0] == "APPEALED"
    [(kept,)] = build.everything("SELECT text FROM claim_texts WHERE kind = 'appeal'")
    assert kept == "We ask to reverse: the debit.\n\nIt was signed for."
    step(ask_appeals, judge(seller), number, claim, text="By whom?", at=FILED + 81 * HOUR)
    at(FILED + 82 * HOUR)
    assert claim in text(owner.get("/desk/claims/"))
    page = text(owner.get(path(claim)))
    assert "Without an answer in time the appeal ends" in page
    assert "By whom?" in page
    sent = form(page) | {"do": "answer_appeal", "text": "By M. Quill."}
    assert owner.post(path(claim), sent).status_code == 302
    assert the_claim()[0] == "APPEALED"


def test_no_appeal_after_its_time(claimed: tuple[str, str], owner: Client, at: Any) -> None:
    _, claim = claimed
    sweep(FILED + 72 * HOUR)
    at(FILED + 72 * HOUR + DAYS - HOUR)
    sent = form(text(owner.get(path(claim)))) | {
        "do": "appeal",
        "text": "Please look at it again.",
        "money": "1",
        "only": "1",
    }
    at(FILED + 73 * HOUR + DAYS)
    assert owner.post(path(claim), sent).status_code == 422
    page = text(owner.get(path(claim)))
    assert 'id="claim-form"' not in page
    assert the_claim()[0] == "GRANTED"


def test_facts_of_the_record_go_into_the_answer(claimed: tuple[str, str], owner: Client) -> None:
    _, claim = claimed
    sent = form(text(owner.get(path(claim)))) | {"do": "facts", "text": "Dear team,"}
    page = text(owner.post(path(claim), sent))
    [typed] = re.findall(r"<textarea id=\"text\"[^>]*>(.*?)</textarea>", page, re.S)
    assert typed.startswith("Dear team,")
    assert "tracking ID" in typed
    assert "Last scan: Delivered" in typed
    assert the_claim()[0] == "ACTION_REQUIRED"


def test_roles_see_and_do_what_they_may(seller: int, claimed: tuple[str, str], staff: Staff) -> None:
    number, claim = claimed
    reader = staff(seller, role="readonly")
    page = text(reader.get(path(claim)))
    assert "$43.18" not in page
    assert "gnp.exe" not in page
    assert 'id="claim-form"' not in page
    assert (
        reader.post(path(claim), {"do": "answer", "text": "x", "version": "1", "key": "k"}).status_code == 403
    )
    assert reader.get(path(claim) + "evidence.pdf").status_code == 403
    assert "gnp.exe" not in text(reader.get("/desk/claims/"))
    support = text(staff(seller, role="support").get(path(claim)))
    assert "$43.18" in support
    assert 'id="claim-form"' in support
    stranger = staff(build.a_seller("Other"))
    assert stranger.get(path(claim)).status_code == 404
    assert stranger.post(path(claim), {"do": "answer", "text": "x"}).status_code == 404
    assert stranger.get(path(claim) + "evidence.pdf").status_code == 404
    assert Client().get("/desk/claims/").status_code == 302
    assert "claim_answered" not in kinds(number)


def test_the_order_says_that_a_claim_is_open(claimed: tuple[str, str], owner: Client, at: Any) -> None:
    number, claim = claimed
    page = text(owner.get(f"/desk/orders/{number}/"))
    assert f"A-to-z claim {claim} (Not received): Action required" in page
    assert f'href="{path(claim)}"' in page
    assert "Answer before" in page
    sweep(FILED + 72 * HOUR)
    at(FILED + 73 * HOUR + DAYS)
    assert f"A-to-z claim {claim} (" not in text(owner.get(f"/desk/orders/{number}/"))


def test_the_record_comes_as_a_file_with_its_history(
    seller: int, claimed: tuple[str, str], owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    packs: list[Any] = []

    def kept(pack: Any) -> bytes:
        packs.append(pack)
        return b"%PDF-1.7"

    monkeypatch.setattr("sellerdesk.flows.evidence.render_evidence", kept)
    _, claim = claimed
    answer = owner.get(path(claim) + "evidence.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="claim-{claim}.pdf"'
    [timeline] = [one for one in packs[0].sections if one.heading == "Timeline"]
    assert any(value.startswith("A-to-z claim filed by the buyer") for _, value in timeline.lines)


def test_a_refund_that_settles_it_counts(
    seller: int, claimed: tuple[str, str], owner: Client, at: Any
) -> None:
    number, claim = claimed
    asked = RefundRequest(number, RefundReason.NOT_RECEIVED)
    build.all_well(request_refunds(build.an_actor(seller), [asked], now=FILED + HOUR))
    page = words(text(owner.get(path(claim))))
    assert "Refunds held $43.18" in page
    at(FILED + 4 * HOUR)
    sweep(FILED + 4 * HOUR)
    page = words(text(owner.get(path(claim))))
    assert "You refunded everything, which settled this claim." in page
    assert "It counts in your order defect rate." in page
    listed = words(text(owner.get("/desk/claims/?show=closed")))
    assert "$43.18 refunded" in listed


def test_returns_stand_in_the_list_and_on_the_page(seller: int, owner: Client, at: Any) -> None:
    number = a_claimable_order(seller)
    ((item,),) = build.everything("SELECT item_number FROM order_items")
    asked = ReturnAsked(number, ReturnReason.DEFECTIVE, {item: 1}, comment=NASTY)
    buyer = build.an_actor(seller, party=Party.BUYER)
    build.all_well(request_returns(buyer, [asked], now=FILED - 2 * DAY, randomness=random.Random(1)))
    claim = a_claim(seller, number, kind=ClaimKind.NOT_AS_DESCRIBED)
    listed = words(text(owner.get("/desk/claims/")))
    assert "Return: " in listed
    page = text(owner.get(path(claim)))
    assert "<script>alert" not in page
    assert "The goods have not come back" in words(page)
    assert "A return was authorised" in words(page)


def test_a_denied_claim_costs_nothing(seller: int, claimed: tuple[str, str], owner: Client) -> None:
    number, claim = claimed
    verdict(seller, number, claim, granted=False)
    page = words(text(owner.get(path(claim))))
    assert "This claim was denied: it costs you nothing." in page
    assert "Does not count" in page
    assert owner.get(path("C-NONE-NONE")).status_code == 404


def test_claims_are_spoken_of_in_chinese(claimed: tuple[str, str], seller: int, staff: Staff) -> None:
    _, claim = claimed
    client = staff(seller)
    for tag, listed, asked in (
        ("zh-hans", "A-to-z 索赔", "平台正在等待您的回复。"),
        ("zh-hant", "A-to-z 索賠", "平台正在等待您的回覆。"),
    ):
        client.cookies["sellerdesk_language"] = tag
        assert listed in text(client.get("/desk/claims/"))
        page = text(client.get(path(claim)))
        assert asked in page
        assert "Answer before" not in page
