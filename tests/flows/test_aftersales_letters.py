"""Letters about refunds, returns and claims: who gets which, what they say, and what they never do (S2-14, S2-39,
S2-40, S0-32; T16).
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from tests import build
from tests.build import all_well, an_actor, everything
from tests.flows.aftersales_world import (
    ADA,
    HOLD,
    LABELLED,
    NOW,
    SHOP,
    TOLD,
    ask,
    asked,
    authorized,
    came,
    claimed,
    closed,
    delivered,
    everything_happens,
    inspected,
    journal,
    limit,
    paid_out,
    refunded,
    settle,
    undone,
)

from sellerdesk.adapters.mail.base import Letter
from sellerdesk.commands.claims import (
    answer_appeals,
    appeal_claims,
    ask_appeals,
    ask_claims,
    decide_appeals,
)
from sellerdesk.commands.mails import reserve_mails
from sellerdesk.commands.returns import Close, close_returns
from sellerdesk.domain.actors import Party
from sellerdesk.domain.claim_facts import ClaimKind, ClaimState
from sellerdesk.domain.claims import AppealVerdict, ClaimStep
from sellerdesk.domain.notices import BUYER, LETTERS, NOTICES
from sellerdesk.domain.orders import Buyer, Component
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.return_facts import ReturnKind, ReturnReason, ReturnState
from sellerdesk.domain.transfers import BreakKind
from sellerdesk.flows.notices import buyer_words, words
from sellerdesk.flows.notices.foreign import plain, quoted
from sellerdesk.flows.sweep import sweep

pytestmark = pytest.mark.usefixtures("committed")
OURS = [
    notice for notice in NOTICES if notice.event.startswith(("return_", "refund_", "claim_", "payment_break"))
]
LATER = NOW + timedelta(days=61)


def of_kind(letters: list[Letter], words: str) -> Letter:
    found = [one for one in letters if words in one.subject]
    assert len(found) == 1, [one.subject for one in letters]
    return found[0]


def to(letters: list[Letter], address: str) -> list[str]:
    return [one.subject for one in letters if address in one.to]


def speaks(language: str) -> None:
    """The buyer's own choice."""
    build.change(
        "INSERT INTO buyer_preferences (email, language, updated_at) VALUES (%s, %s, %s)",
        [ADA, language, NOW],
    )


def quiet(seller: int, **said: Any) -> str:
    """An order of which everything has been told that came before."""
    number = delivered(seller, **said)
    build.mails(NOW)
    return number


def kinds() -> list[tuple[str, str]]:
    return everything("SELECT kind, reader FROM mails WHERE kind <> ALL('{sold,shipped}') ORDER BY id")


@pytest.mark.parametrize(("language", "hello"), [("en", "Hello"), ("zh-Hans", "您好"), ("zh-TW", "您好")])
def test_every_letter_is_written_in_every_language(language: str, hello: str) -> None:
    seller = build.a_seller(language=language)
    everything_happens(seller)
    speaks(language)
    letters, report = build.mails(LATER)
    assert report.tried == report.sent
    owed = {kind for kind, _ in kinds()}
    assert {notice.letter for notice in OURS} - owed == set()
    assert owed <= set(LETTERS)
    for one in letters:
        said = f"{one.subject}\n{one.text}"
        assert one.subject
        assert one.text.count(hello) == 1
        if one.subject.startswith(
            ("Return", "On its way back", "Not answered", "退", "未按", "未提", "買家申請", "买家申请")
        ):
            assert "× Paper lantern" in one.text, said
        assert not re.search(r"\{|\}|\ue000|\n\n\n|None|^\| ", said, re.MULTILINE), said
        assert ADA not in said
        assert SHOP not in said


def test_an_entry_owes_each_reader_one_mail_however_often_it_is_read() -> None:
    seller = build.a_seller()
    everything_happens(seller)
    build.drain(LATER)
    rows = "SELECT entry_id, reader, message_id FROM mails ORDER BY id"
    before = everything(rows)
    assert len({(entry, reader) for entry, reader, _ in before}) == len(before)
    build.change("UPDATE journal_readers SET txid = 0, entry_id = 0 WHERE name = 'mail'")
    build.drain(LATER)
    assert everything(rows) == before


def test_nothing_of_claims_or_refunds_is_written_twice_to_one_reader() -> None:
    """One kind of entry never leads to two letters for the same reader, whatever its facts."""
    for notice in OURS:
        for other in OURS:
            if notice is not other and (notice.event, notice.reader) == (other.event, other.reader):
                shared = set(notice.when) & set(other.when)
                assert any(notice.when[name] != other.when[name] for name in shared), notice


# --- Refunds ---------------------------------------------------------------------------------------------------------


def test_a_refund_is_told_when_it_goes_with_its_parts_and_its_days() -> None:
    """S0-32: Tuesday 10 March 2026, 18:00 UTC, is 10:00 in Los Angeles; business days are counted there."""
    seller = build.a_seller()
    number = quiet(seller)
    refunded(seller, number, return_shipping=500, goodwill=50, words="Sorry for the\n\ntrouble. <b>")
    assert build.mails(NOW)[0] == []
    sweep(NOW + HOLD)
    (one,) = build.mails(NOW + HOLD)[0]
    assert one.to == (ADA,)
    assert one.subject == f"Your refund of $48.68 for order {number} is on its way"
    lines = ["Item price: $39.98", "Tax: $3.20", "Return shipping, as a concession: $5.00"]
    for line in (*lines, "Goodwill, as a concession: $0.50"):
        assert f"- {line}\n" in one.text
        assert f"<li>{line}</li>" in one.html
    assert "In all: $48.68." in one.text
    assert "between March 13, 2026 and March 17, 2026" in one.text
    assert "> Sorry for the\n>\n> trouble. <b>" in one.text
    assert "<b>" not in one.html
    assert f"Number of the refund: {number}-R1" in one.text
    assert "fee" not in one.text


def test_the_days_are_counted_from_when_it_really_went() -> None:
    """A worker that was away for two days sends the refund late, and the letter says so by its days."""
    seller = build.a_seller()
    number = quiet(seller)
    refunded(seller, number)
    sweep(NOW + timedelta(days=2))
    (one,) = build.mails(NOW + timedelta(days=2))[0]
    assert "between March 17, 2026 and March 19, 2026" in one.text


def test_a_fee_that_was_kept_is_a_line_of_its_own() -> None:
    seller = build.a_seller()
    settle(seller, "manual")
    number = quiet(seller)
    rma = asked(seller, number, units=2)
    authorized(seller, number, rma)
    came(seller, number, rma)
    inspected(seller, number, rma)
    refunded(seller, number, rma=rma, fee=400, mode=Mode.ON_RECEIPT, reason=RefundReason.BUYER_RETURN)
    sweep(NOW + HOLD)
    one = of_kind(build.mails(NOW + HOLD)[0], "is on its way")
    assert "- Item price: $39.98\n- Tax: $3.20\n- Restocking fee, kept back: -$4.00\n" in one.text
    assert f"In all: $39.18. It belongs to your return {rma}." in one.text


def test_what_is_held_drafted_or_called_back_is_told_to_no_buyer() -> None:
    """T16: undone a second before the end of the hold, and nobody ever heard of it."""
    seller = build.a_seller()
    held, drafted, back = (quiet(seller) for _ in range(3))
    limit(20)
    refunded(seller, drafted)
    limit(0)
    refunded(seller, held)
    reference = refunded(seller, back)
    sweep(NOW + HOLD - timedelta(seconds=2))
    undone(seller, back, reference, at=NOW + HOLD - timedelta(seconds=1))
    letters = build.mails(NOW + HOLD - timedelta(seconds=1))[0]
    assert to(letters, ADA) == []
    assert to(letters, SHOP) == [f"Waits for your approval: refund for order {drafted}"]
    sweep(NOW + HOLD)
    assert to(build.mails(NOW + HOLD)[0], ADA) == [f"Your refund of $43.18 for order {held} is on its way"]
    heard = {
        notice.event for notice in NOTICES if notice.reader == BUYER and notice.event.startswith("refund")
    }
    assert heard == {"refund_released", "refund_rejected"}


def test_a_refund_that_cannot_be_paid_is_told_to_both() -> None:
    seller = build.a_seller()
    number = quiet(seller)
    refunded(seller, number)
    sweep(NOW + HOLD)
    build.mails(NOW + HOLD)
    paid_out(seller, "fail", at=NOW + HOLD)
    letters = build.mails(NOW + HOLD)[0]
    assert "Your bank or card did not take it" in of_kind(letters, "could not be paid out").text
    told = of_kind(letters, "Not paid out")
    assert f"the refund {number}-R1 of $43.18" in told.text
    assert "can be refunded again" in told.text
    assert "declined" not in "".join(one.text for one in letters)


def test_a_worker_killed_while_sending_sends_the_same_mail_again() -> None:
    seller = build.a_seller()
    number = quiet(seller)
    refunded(seller, number)
    sweep(NOW + HOLD)
    build.drain(NOW + HOLD)
    (reserved,) = reserve_mails(
        now=NOW + HOLD, lease=timedelta(minutes=3), limit=10
    )  # and then it was killed
    build.drain(NOW + HOLD)
    assert build.mails(NOW + HOLD)[0] == []
    again = build.mails(NOW + HOLD + timedelta(minutes=4))[0]
    owed = everything("SELECT id, message_id FROM mails WHERE kind = 'refund_sent'")
    assert owed == [(reserved.id, again[0].message_id)]
    assert len(again) == 1
    assert build.mails(NOW + timedelta(days=1))[0] == []


def test_whoever_was_erased_or_never_known_gets_nothing() -> None:
    seller = build.a_seller()
    erased, nameless = quiet(seller), quiet(seller, buyer=Buyer(name="Ada", email=""))
    refunded(seller, erased)
    refunded(seller, nameless)
    sweep(NOW + HOLD)
    build.change(
        "DELETE FROM buyer_contacts b USING orders o WHERE o.id = b.order_id AND o.order_number = %s",
        [erased],
    )
    letters, report = build.mails(NOW + HOLD)
    assert (letters, report.void) == ([], 2)
    assert build.mails(NOW + timedelta(days=1))[1].tried == 0


# --- Returns ---------------------------------------------------------------------------------------------------------


def test_the_guides_road_is_told_step_by_step(settings: Any) -> None:
    """S2-36 to S2-41, S2-14, S2-39, S2-40."""
    seller = build.a_seller()
    settle(seller, "manual")
    number = quiet(seller)
    rma = asked(seller, number, comment="Too dark\nfor my room.", units=2)
    letters = build.mails(NOW)[0]
    told, kept = of_kind(letters, "please answer"), of_kind(letters, "Your request to return")
    assert "Reason: not needed any more. The buyer pays the way back." in told.text
    assert "> Too dark\n> for my room." in told.text
    assert "wants to return:\n\n- 2 × Paper lantern (SKU SKU-1)\n" in told.text
    assert "Answer by March 11, 2026 11:00 (Pacific Daylight Time)" in told.text
    assert f"{settings.BASE_URL}/desk/orders/{number}/" in told.text
    assert f"Return number: {rma}. Reason: I do not need it any more." in kept.text
    assert "The seller should answer by March 11, 2026 11:00 (Pacific Daylight Time)." in kept.text
    assert "Too dark" not in kept.text

    authorized(seller, number, rma, own_rma="SHOP-77", instructions="Knock\ntwice.", **LABELLED)
    (one,) = build.mails(NOW)[0]
    assert one.to == (ADA,)
    assert "Lantern & Loom\n5 Dock Street\nReno, NV, 89501\nUnited States\n" in one.text
    assert "5 Dock Street<br>\nReno, NV, 89501<br>" in one.html
    assert "return number SHOP-77" in one.text
    assert "The seller has a label for you with UPS, tracking number 1Z9990000000000005." in one.text
    assert "Please send it by April 29, 2026" in one.text
    assert "> Knock\n> twice." in one.text
    assert "This mail is no refund" in one.text

    came(seller, number, "SHOP-77")
    letters = build.mails(NOW)[0]
    assert "UPS, tracking number 1Z9990000000000005" in of_kind(letters, "On its way back").text
    assert "refund by March 12, 2026 23:59" in of_kind(letters, "refund due").text
    assert of_kind(letters, "has arrived").to == (ADA,)
    sweep(NOW + timedelta(days=4))
    assert (
        "The marketplace has refunded $43.18"
        in of_kind(build.mails(NOW + timedelta(days=4))[0], "Overdue").text
    )


def test_a_letter_sent_late_finds_a_return_that_was_renumbered() -> None:
    seller = build.a_seller()
    settle(seller, "manual")
    number = quiet(seller)
    rma = asked(seller, number, comment="Too dark.")
    authorized(seller, number, rma, own_rma="SHOP-77")
    told = of_kind(build.mails(NOW)[0], "please answer")
    assert "Return number: SHOP-77" in told.text
    assert "> Too dark." in told.text


def test_a_closed_request_says_why_in_the_sellers_words() -> None:
    seller = build.a_seller()
    settle(seller, "manual")
    number = quiet(seller)
    closed(seller, number, asked(seller, number), "Thirty days are over.\n\nSorry.")
    one = of_kind(build.mails(NOW)[0], "was closed")
    assert one.to == (ADA,)
    assert "Reason: The time for returning is over." in one.text
    assert "> Thirty days are over.\n>\n> Sorry." in one.text


@pytest.mark.parametrize(
    ("state", "to_seller", "to_buyer"),
    [
        ("AUTHORIZED", "Return authorised automatically", ["You may return goods"]),
        ("IN_TRANSIT_BACK", "Delivery refused", []),
    ],
)
def test_what_needs_no_answer_is_told_so(state: str, to_seller: str, to_buyer: list[str]) -> None:
    seller = build.a_seller()
    settle(seller, "all")
    number = quiet(seller)
    kind = ReturnKind.REFUSED if state == "IN_TRANSIT_BACK" else ReturnKind.CUSTOMER
    ask(seller, number, kind=kind)
    letters = build.mails(NOW)[0]
    assert "Answer by" not in of_kind(letters, to_seller).text
    assert [one.split(" of order")[0] for one in to(letters, ADA)] == to_buyer


def test_what_the_portal_says_is_next_stands_in_the_letter() -> None:
    """Pages and letters never word the same condition twice."""
    seller = build.a_seller()
    everything_happens(seller)
    texts = [one.text for one in build.mails(LATER)[0] if ADA in one.to]
    said = [buyer_words.KEEP, buyer_words.NOT_STOPPED, buyer_words.NOT_PAID_OUT]
    said += [
        buyer_words.RETURN_NEXT[one][0] for one in (ReturnState.CLOSED_BY_SELLER, ReturnState.CLOSED_AUTO)
    ]
    said += [
        buyer_words.CLAIM_NEXT[one] for one in (ClaimState.GRANTED, ClaimState.DENIED, ClaimState.WITHDRAWN)
    ]
    said += [buyer_words.CLAIM_NEXT[ClaimState.REFUNDED_BY_SELLER]]
    assert [str(one) for one in said if not any(str(one) in text for text in texts)] == []


def test_a_seller_hears_that_a_refund_is_held_for_what_was_withdrawn() -> None:
    seller = build.a_seller()
    settle(seller, "all")
    number, quiet_one = quiet(seller), quiet(seller)
    for order, held in ((number, True), (quiet_one, False)):
        rma = asked(seller, order)
        if held:
            refunded(
                seller,
                order,
                rma=rma,
                mode=Mode.ADVANCE,
                override="Trusted",
                reason=RefundReason.BUYER_RETURN,
            )
        build.mails(NOW)
        buyer = an_actor(seller, party=Party.BUYER)
        all_well(close_returns(buyer, [Close(order, rma)], now=NOW))
        letters = build.mails(NOW)[0]
        told, mine = of_kind(letters, "The buyer withdrew"), of_kind(letters, "You have withdrawn")
        assert ("A refund for it is held and goes out at March 10, 2026" in told.text) is held
        assert ("There is nothing to do" in told.text) is not held
        assert "This does not stop a refund that the seller has started already" in mine.text


# --- Claims ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "subject", "says"),
    [
        ("claim_action_required", "Answer by March 13, 2026 11:00", "not received, $43.18"),
        ("claim_granted", "Claim granted", "because no answer came in time"),
        ("claim_granted", "Claim granted", "$43.18 was taken from you. It counts as a defect."),
        ("claim_granted", "Claim granted", "you can appeal once, until April 9, 2026"),
        ("claim_reversed", "Appeal granted", "granted in part"),
        ("claim_reversed", "Appeal granted", "You get back what was taken from you, $43.18."),
    ],
)
def test_a_seller_reads_what_a_claim_does(kind: str, subject: str, says: str) -> None:
    seller = build.a_seller()
    number = quiet(seller)
    journal(seller, kind, number, TOLD[kind])
    assert says in of_kind(build.mails(NOW)[0], subject).text


def test_a_claim_is_told_from_its_filing_to_its_appeal() -> None:
    """Asked as it is filed: one letter with the deadline; silence grants; the money comes back on appeal."""
    seller = build.a_seller()
    number = delivered(seller)
    reference = claimed(seller, number, "It never came.\nI waited. שלום")
    letters = [one for one in build.mails(NOW)[0] if "claim" in one.subject]
    assert sorted(one.subject for one in letters) == [
        f"A-to-z claim about order {number}",
        f"Your claim about order {number}",
    ]
    told, mine = of_kind(letters, "A-to-z"), of_kind(letters, "Your claim")
    assert "Answer by March 13, 2026 11:00 (Pacific Daylight Time)" in told.text
    assert "> It never came.\n> \u2068I waited. שלום\u2069" in told.text
    assert "never came" not in mine.text
    assert f"It has not arrived. Number of the claim: {reference}" in mine.text
    assert "The seller has to answer by March 13, 2026 11:00 (Pacific Daylight Time);" in mine.text

    silence = NOW + timedelta(hours=72)
    sweep(silence)
    letters = build.mails(silence)[0]
    assert "$43.18 was taken from you. It counts as a defect." in of_kind(letters, "Claim granted").text
    assert "You get $43.18, the way you paid." in of_kind(letters, "was granted").text

    step = ClaimStep(number, reference, "The tracking shows it.")
    all_well(appeal_claims(an_actor(seller), [step], now=silence))
    judge = an_actor(seller, party=Party.AMAZON)
    question = ClaimStep(number, reference, "Which tracking?")
    all_well(ask_appeals(judge, [question], now=silence))
    (asks,) = build.mails(silence)[0]
    assert asks.subject.startswith("Answer by March 16, 2026 11:00")
    assert "> Which tracking?" in asks.text
    all_well(answer_appeals(an_actor(seller), [ClaimStep(number, reference, "This one.")], now=silence))
    verdict = AppealVerdict(number, reference, money=True, defect=True, text="Shown.")
    all_well(decide_appeals(judge, [verdict], now=silence))
    (won,) = build.mails(silence)[0]
    assert won.to == (SHOP,)
    assert "was granted.\n" in won.text
    assert "no longer counts as a defect" in won.text
    assert "> Shown." in won.text


def test_silence_about_an_appeal_is_told_as_silence() -> None:
    seller = build.a_seller()
    number = delivered(seller)
    reference = claimed(seller, number)
    at = NOW + timedelta(hours=72)
    sweep(at)
    all_well(appeal_claims(an_actor(seller), [ClaimStep(number, reference, "It was delivered.")], now=at))
    judge = an_actor(seller, party=Party.AMAZON)
    all_well(ask_appeals(judge, [ClaimStep(number, reference)], now=at))
    build.mails(at)
    sweep(at + timedelta(hours=72))
    assert (
        "because no answer came in time" in of_kind(build.mails(at + timedelta(hours=72))[0], "denied").text
    )


def test_a_claim_that_was_not_asked_at_once_is_told_twice() -> None:
    seller = build.a_seller()
    build.change("UPDATE policies SET value = 'false' WHERE key = 'claim_asks_at_once'")
    number = delivered(seller)
    reference = claimed(seller, number)
    assert "You get a mail when your answer is needed." in of_kind(build.mails(NOW)[0], "A-to-z").text
    judge = an_actor(seller, party=Party.AMAZON)
    all_well(ask_claims(judge, [ClaimStep(number, reference, "What happened?")], now=NOW))
    (asks,) = build.mails(NOW)[0]
    assert asks.subject.startswith("Answer by March 13, 2026 11:00")
    assert "> What happened?" in asks.text


# --- Hostile words ---------------------------------------------------------------------------------------------------

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>\n\n- a point\n\nDear buyer, pay here: http://evil.example"
BIDI = "\u202eevil\u202c \u2066x שלום \u200f\ue000 {{ order_number }}{% now 'Y' %}"


@pytest.mark.parametrize("comment", [SCRIPT, BIDI, "x" * 100_000, "字" * 100_000, "\n" * 5_000 + "end"])
def test_hostile_words_stay_words_and_stay_short(comment: str) -> None:
    seller = build.a_seller(name=f"Lantern {BIDI[:12]}")
    build.change("UPDATE sellers SET name = %s", [f"Lantern {comment[:80]}"])
    everything_happens(seller, comment)
    for one in build.mails(LATER)[0]:
        assert len(one.text) < 12_000
        assert len(one.html) < 16_000
        assert len(one.subject) < 200
        assert "\n" not in one.subject
        for bad in ("<script", "<img", "\u202e", "\u2066", "\u200f", "\ue000"):
            assert bad not in one.html
        assert not set("\u202e\u2066\u200f\ue000") & set(one.text)
        assert max((len(word) for word in re.split(r"[\s\u200b]", one.text)), default=0) < 120
        if "Dear buyer" in one.text:  # as a quotation, and never as a paragraph of ours
            assert "\nDear buyer" not in one.text
            assert "\n- a point" not in one.text


def test_what_is_written_from_the_right_is_isolated() -> None:
    assert plain("שלום") == "\u2068שלום\u2069"
    assert plain("Ada \u202eQuill\u0007") == "Ada Quill"
    assert plain("a\n\n- b") == "a - b"
    assert plain("y" * 500) == "\u200b".join(["y" * 60] * 4 + ["y" * 59 + "…"])
    assert quoted("a\n\nb", 100) == ("a", "", "b")
    assert quoted("abcdef", 3) == ("abc", "…")
    assert quoted(" \u200b\n", 100) == ()


# --- Words -----------------------------------------------------------------------------------------------------------


def test_everything_that_a_letter_can_name_has_words() -> None:
    assert set(words.RETURN_REASONS) == set(ReturnReason)
    assert set(words.REFUND_REASONS) == set(RefundReason)
    assert set(words.COMPONENTS) == set(Component)
    assert set(words.CLAIM_KINDS) == set(ClaimKind)
    assert set(words.BREAKS) == set(BreakKind)
    assert words.word(words.CLAIM_KINDS, "new_kind") == "new kind"
