"""The timeline tells refunds, returns and claims: each step in words, amounts only to those who may see money."""

import html
from datetime import datetime
from typing import Any

import pytest
from django.utils import translation
from django.utils.text import capfirst
from tests.build import everything
from tests.flows.aftersales_world import CLAIM, TOLD, everything_happens
from tests.interfaces.web.conftest import Staff, text
from tests.interfaces.web.test_order_page import plain

from sellerdesk.domain.claim_facts import ClaimCause, Fault
from sellerdesk.domain.return_facts import Grade
from sellerdesk.domain.returns import Label
from sellerdesk.flows.notices import words
from sellerdesk.interfaces.web import aftersales_timeline, return_words
from sellerdesk.interfaces.web.aftersales_timeline import Telling, details
from sellerdesk.interfaces.web.timeline import TITLES

PREFIXES = ("refund_", "return_", "claim_", "payment_break_", "feedback_", "chargeback_")


def day(at: datetime) -> str:
    return at.date().isoformat()


def telling(*, sees_money: bool = True) -> Telling:
    return Telling({"1": "SKU-1"}, day, sees_money=sees_money)


@pytest.mark.parametrize(
    ("kind", "facts", "lines"),
    [
        (
            "refund_requested",
            {
                "reference": "9-R1", "total": 4818, "currency": "USD", "reason": "buyer_return", "rma": "R-1",
                "fee": 400, "concessions": 500, "override": True, "release_at": "2026-03-10T20:00:00+00:00",
            },
            [
                "Refund 9-R1", "$48.18 in all", "Reason: the buyer returns it", "Return R-1",
                "$4.00 kept as a restocking fee", "$5.00 of it as a concession",
                "Before the goods were back, with a reason", "Can be called back until 2026-03-10",
            ],
        ),
        (
            "refund_undone",
            {"reference": "9-R1", "cause": "claim"},
            ["Refund 9-R1", "Overtaken by the decision of a claim"],
        ),
        (
            "return_requested",
            {"rma": "R-1", "reason": "defective", "lines": {"1": 2}, "returnless": True},
            ["Return R-1", "SKU-1 × 2", "Reason: Defective or does not work", "The buyer keeps the goods"],
        ),
        (
            "return_authorized",
            {"rma": "R-1", "own_rma": "SHOP-7", "label": "prepaid", "automatic": False},
            ["Return R-1", "From now on SHOP-7", "Label paid for"],
        ),
        (
            "return_closed",
            {"rma": "R-1", "reason": "out_of_policy", "contacted": False, "wrongly_rejected": True},
            [
                "Return R-1", "Reason: The return is outside the policy",
                "The policy allows this return: closing it counts against the account",
                "Nobody had written to the buyer before",
            ],
        ),
        (
            "return_graded",
            {"rma": "R-1", "grades": {"1": "repack"}, "restocked": 2},
            ["Return R-1", "SKU-1: Good, but opened or used", "Back to stock: 2 units"],
        ),
        (
            "claim_granted",
            TOLD["claim_granted"],
            [
                "Claim C-7K2M-9QXD", "No answer came in time", "Fault of the seller", "$43.18 to the buyer",
                "$43.18 taken from the seller", "Counts as a defect", "Can be appealed against until 2026-04-09",
            ],
        ),
        (
            "claim_reversed",
            CLAIM | {"money": True, "defect": False},
            ["Claim C-7K2M-9QXD", "The seller gets the money back", "Whether it is a defect has not changed"],
        ),
        ("feedback_received", {"rating": 1, "negative": True}, ["1 of 5 stars", "Counts as a defect"]),
        ("payment_break_found", {"reference": "9-R1", "kind": "amount"}, ["Refund 9-R1", "the amounts differ"]),
        ("order_placed", {"reference": "9-R1"}, []),
    ],
)  # fmt: skip
def test_an_entry_says_what_it_meant(kind: str, facts: dict[str, Any], lines: list[str]) -> None:
    with translation.override("en"):
        assert details(kind, facts, telling()) == lines
        poor = details(kind, facts, telling(sees_money=False))
    assert poor == [line for line in lines if "$" not in line]


def test_what_is_not_known_yet_breaks_nothing() -> None:
    for kind in (kind for kind in TITLES if kind.startswith(PREFIXES)):
        assert isinstance(details(kind, {}, telling()), list)
        odd = {
            "reason": "new",
            "grades": {"7": "odd"},
            "kind": "odd",
            "cause": "odd",
            "fault": "odd",
            "label": "odd",
        }
        assert isinstance(details(kind, odd, telling()), list)


def test_every_word_of_the_rules_is_worded() -> None:
    assert set(return_words.GRADES) == set(Grade)
    assert {str(one) for one in return_words.REASONS.values()} == {
        capfirst(str(one)) for one in words.RETURN_REASONS.values()
    }  # a seller reads both pages and letters
    assert set(aftersales_timeline.LABELS) == set(Label) - {Label.NONE}
    assert set(aftersales_timeline.CAUSES) == set(ClaimCause) - {ClaimCause.OPERATOR}
    assert set(aftersales_timeline.FAULTS) == set(Fault)


@pytest.mark.parametrize(("language", "words"), [("en", "Refund sent to the buyer"), ("zh-hans", "退款")])
def test_the_page_tells_the_story_and_no_buyers_words(
    staff: Staff, seller: int, language: str, words: str
) -> None:
    everything_happens(seller, "canary <script>alert(1)</script>")
    client = staff(seller, language=language)
    client.cookies["sellerdesk_language"] = language
    told = ""
    for (number,) in everything("SELECT order_number FROM orders ORDER BY id"):
        answer = client.get(f"/desk/orders/{number}/")
        assert answer.status_code == 200
        assert "<script>alert" not in text(answer)
        told += html.unescape(plain(text(answer)))
    assert words in told
    titles = {kind: title for kind, (title, _, _) in TITLES.items() if kind in TOLD}
    with translation.override(language):
        assert [str(title) for title in titles.values() if str(title) not in told] == []
    elsewhere = {"payment_break_found", "payment_break_settled", "return_method_missed", "return_delivered"}
    kinds = {row[0] for row in everything("SELECT DISTINCT kind FROM journal")}
    assert kinds - set(TITLES) <= elsewhere
    story = told.partition("C-7K2M-9QXD")[2]
    assert "canary" not in story
