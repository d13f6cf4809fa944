"""Messages in the console: the inbox, a thread with its forms and files, templates (screens 1.11; S3-28, S3-29)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.build import PLACED, a_paid_order, a_seller, a_shipped_order, all_well, an_actor, everything
from tests.interfaces.web.conftest import NOW, Staff, text

from sellerdesk.commands import messages
from sellerdesk.config import clock
from sellerdesk.domain.actors import Door, Party
from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.message_lint import LintCode
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.message_templates import BUILT_IN, VARIABLES
from sellerdesk.domain.message_threads import ThreadState
from sellerdesk.domain.messages import BuyerMessage, SellerMessage
from sellerdesk.interfaces.web import message_words
from sellerdesk.interfaces.web.pages.messages import read_place

HOUR = timedelta(hours=1)
HOSTILE = "<script>alert(1)</script> \u202egnp & <b>hi</b>\nsecond line"
PDF = b"%PDF-1.7 test"


def receive(seller: int, number: str, said: str = "Where is my parcel?", **more: Any) -> None:
    actor = an_actor(seller, party=Party.BUYER, name="buyer")
    now = more.pop("now", NOW - HOUR)
    all_well(messages.receive_messages(actor, [BuyerMessage(number, said, **more)], now=now))


def answer(seller: int, number: str) -> None:
    request = SellerMessage(number, ContactReason.ANSWER, "It arrives on Friday, as the carrier says.")
    all_well(messages.send_messages(an_actor(seller, door=Door.WEB), [request], now=NOW))


def plain(html: str) -> str:
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("&nbsp;", " ").split())


def page(client: Client, path: str, status: int = 200) -> str:
    found = client.get(path)
    assert found.status_code == status, text(found)[:300]
    return text(found)


def post(client: Client, number: str, **form: object) -> Any:
    return client.post(f"/desk/messages/{number}/", {"do": "send", **form})


def state(number: str) -> str:
    found = everything(
        "SELECT t.state FROM message_threads t JOIN orders o ON o.id = t.order_id WHERE o.order_number = %s",
        [number],
    )
    return str(found[0][0])


def test_everything_has_words() -> None:
    assert set(message_words.REASONS) == set(ContactReason)
    assert set(message_words.THREADS) == set(ThreadState)
    assert set(message_words.FINDINGS) == set(LintCode)
    assert set(message_words.BUILT_IN) == {one.key for one in BUILT_IN}
    assert set(message_words.VARIABLES) == set(VARIABLES)


def test_the_inbox_shows_who_waits_the_most_urgent_first(owner: Client, seller: int) -> None:
    late, soon, done = (a_paid_order(seller) for _ in range(3))
    receive(seller, soon, now=NOW - HOUR)
    receive(seller, late, "Hello??", now=NOW - 25 * HOUR)
    receive(seller, done)
    answer(seller, done)
    html = page(owner, "/desk/messages/")
    assert re.findall(r'class="mono nowrap">([\d-]+)<', html) == [late, soon]
    assert "Hello??" in html
    assert re.search(r'<a class="tab"[^>]*aria-current="page">Needs reply <span class="count">2<', html)
    assert re.search(r'<span class="count" title="[^"]+">2<span class="sr">', html)
    assert re.search(r'class="badge bad">.{,400}late by 1 h 0 min</time>', html, re.S)
    everybody = page(owner, "/desk/messages/?show=all")
    assert set(re.findall(r'class="mono nowrap">([\d-]+)<', everybody)) == {late, soon, done}
    answered = page(owner, "/desk/messages/?show=answered")
    assert re.findall(r'class="mono nowrap">([\d-]+)<', answered) == [done]
    assert "You:" in plain(answered)
    assert "Nobody waits" not in html
    assert page(owner, "/desk/messages/?show=none&after=x")


def test_an_inbox_without_messages_says_what_it_is_for(owner: Client, seller: int) -> None:
    assert "Nobody waits for a reply" in page(owner, "/desk/messages/")


def test_pages_of_the_inbox_hang_together(
    owner: Client, seller: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sellerdesk.interfaces.web.pages.messages.SIZE", 2)
    for tab in ("needs", "all"):
        numbers = {a_paid_order(seller) for _ in range(5)} if tab == "needs" else numbers  # noqa: F821
        if tab == "needs":
            for number in numbers:
                receive(seller, number)  # all at the same instant: the id decides
        seen: list[str] = []
        path = f"/desk/messages/?show={tab}"
        while path:
            html = page(owner, path)
            seen += re.findall(r'class="mono nowrap">([\d-]+)<', html)
            found = re.search(r'rel="next" href="([^"]+)"', html)
            path = found[1].replace("&amp;", "&") if found else ""
        assert len(seen) == 5
        assert set(seen) == numbers


@pytest.mark.parametrize("given", ["", "~", "2026-01-01~1", "x~1", "2026-01-01T00:00:00+00:00~x", "~" * 90])
def test_a_place_that_is_none_is_the_first_page(given: str) -> None:
    assert read_place(given) is None


def test_an_inbox_costs_the_same_queries_however_many_threads(
    owner: Client, seller: int, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    receive(seller, a_paid_order(seller))
    page(owner, "/desk/messages/")
    with django_assert_max_num_queries(14) as one:
        page(owner, "/desk/messages/")
    for _ in range(8):
        receive(seller, a_paid_order(seller))
    with django_assert_max_num_queries(14) as many:
        page(owner, "/desk/messages/")
    assert len(one) == len(many)


def test_what_a_buyer_writes_is_shown_and_never_run(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    receive(seller, number, HOSTILE)
    for path in ("/desk/messages/", f"/desk/messages/{number}/"):
        html = page(owner, path)
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert "\u202e" not in html
        assert "<b>hi" not in html


def test_answering_closes_the_wait(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    receive(seller, number)
    html = page(owner, f"/desk/messages/{number}/")
    assert "Reply due" in plain(html)
    assert 'value="answer" selected' in html
    version = re.search(r'name="version" value="(\d+)"', html)
    assert version
    form = {"reason": "answer", "text": "It arrives on Friday, the carrier says.", "version": version[1]}
    sent = post(owner, number, **form)
    assert sent.status_code == 302
    assert state(number) == "answered"
    assert "It arrives on Friday" in page(owner, f"/desk/messages/{number}/")
    again = owner.post(f"/desk/messages/{number}/", {"do": "send", **form}, follow=True)
    assert "Nothing was sent twice" in text(again)
    other = post(owner, number, **form | {"text": "Another text, typed meanwhile."})
    assert other.status_code == 409
    assert "Another text, typed meanwhile." in text(other)
    assert everything("SELECT count(*) FROM messages WHERE kind = 'seller'") == [(1,)]


def test_the_lint_marks_the_words_with_and_without_a_script(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    receive(seller, number)
    typed = "Please write to ada@lantern.example & leave us a review <now>"
    refused = post(owner, number, reason="answer", text=typed)
    assert refused.status_code == 422
    html = text(refused)
    assert re.search(r"<mark title=[^>]+>ada@lantern.example</mark>", html)
    assert re.search(r"<mark title=[^>]+>leave us a review</mark>", html)
    assert "&lt;now&gt;" in html
    assert "An e-mail address." in plain(html)
    assert state(number) == "open_needs_response"
    live = owner.post(f"/desk/messages/{number}/lint/", {"reason": "answer", "text": typed})
    assert "<mark" in text(live)
    assert "<html" not in text(live)
    fine = owner.post(
        f"/desk/messages/{number}/lint/", {"reason": "answer", "text": "It comes on Friday, we think."}
    )
    assert "Nothing in it breaks the rules" in text(fine)
    too_long = owner.post(
        f"/desk/messages/{number}/lint/", {"reason": "confirm_customization_details", "text": "a " * 500}
    )
    assert "of 800 characters" in text(too_long)


def test_a_wish_by_message_is_guided_with_one_press(owner: Client, seller: int) -> None:
    """S3-28 and S3-29: hint, guide, important message, each one press; the timeline tells it."""
    number = a_paid_order(seller)
    receive(seller, number, "I want to cancel this order please")
    inbox = plain(page(owner, "/desk/messages/"))
    assert "Buyer seems to ask for cancellation" in inbox
    html = page(owner, f"/desk/messages/{number}/")
    assert "Buyer seems to ask for cancellation" in plain(html)
    assert "counts against your cancellation rate" in plain(html)
    assert 'value="important"' not in html
    assert post(owner, number, do="guide").status_code == 302
    assert everything("SELECT cancel_request FROM orders") == [("guided",)]
    ((said, reason, critical),) = everything(
        "SELECT x.text, m.reason, m.critical FROM messages m JOIN message_texts x ON x.message_id = m.id"
        " WHERE m.kind = 'seller'"
    )
    assert (reason, critical) == ("cancel_guidance", True)
    assert number in said
    assert "Ada Quill" in said
    html = page(owner, f"/desk/messages/{number}/")
    assert '<button class="btn" name="do" value="important">' in html
    with pytest.MonkeyPatch.context() as later:
        later.setattr(clock, "now", lambda: NOW + 24 * HOUR)
        html = page(owner, f"/desk/messages/{number}/")
    assert "The buyer did not react to the guidance" in html
    assert '<button class="btn primary" name="do" value="important">' in html
    assert post(owner, number, do="important").status_code == 302
    timeline = plain(page(owner, f"/desk/orders/{number}/"))
    assert "Message sent to the buyer" in timeline
    assert "Message from the buyer" in timeline
    assert "I want to cancel" not in timeline


def test_a_message_can_be_taken_for_a_wish_without_writing(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    receive(seller, number, "please cancel")
    assert post(owner, number, do="wish").status_code == 302
    assert everything("SELECT kind, state FROM cancellation_requests") == [("informal", "requested_informal")]
    assert 'value="wish"' not in page(owner, f"/desk/messages/{number}/")


def test_marking_noting_and_reopening(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    receive(seller, number, "Thanks!")
    assert post(owner, number, do="note", note="Called the depot").status_code == 302
    assert state(number) == "open_needs_response"
    html = page(owner, f"/desk/messages/{number}/")
    assert "Called the depot" in html
    assert post(owner, number, do="note", note="").status_code == 422
    assert post(owner, number, do="mark").status_code == 302
    assert state(number) == "no_response_needed"
    assert post(owner, number, do="mark").status_code == 422
    assert post(owner, number, do="reopen").status_code == 302
    assert state(number) == "open_needs_response"


def test_a_ready_text_is_inserted_without_a_script(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    filled = post(
        owner, number, do="insert", template="address_question:zh-hans", reason="confirm_order_details"
    )
    assert filled.status_code == 200
    html = text(filled)
    assert f"订单 {number} 的收货地址" in html
    assert 'value="address_problem" selected' in html
    typed = post(
        owner, number, do="insert", template="nonsense:xx", reason="confirm_order_details", text="Mine"
    )
    assert ">Mine</textarea>" in text(typed)


def test_files_go_out_and_come_back_as_downloads(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    page_file = Attachment("x.html", "text/html", b"<html><script>alert(1)</script>")
    receive(seller, number, attachments=(Attachment('we"ird\r\nname.pdf', "application/pdf", PDF), page_file))
    html = page(owner, f"/desk/messages/{number}/")
    first, second = re.findall(r'href="(/desk/messages/[^"]+/files/\d+/\d+/)"', html)
    got = owner.get(first)
    assert got.content == PDF
    assert got["Content-Type"] == "application/pdf"
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Disposition"].startswith("attachment;")
    assert "\n" not in got["Content-Disposition"]
    unsafe = owner.get(second)
    assert unsafe["Content-Type"] == "application/octet-stream"
    assert unsafe["Content-Disposition"].startswith("attachment;")
    assert owner.get(first.replace("/1/", "/9/")).status_code == 404
    upload = SimpleUploadedFile("manual.pdf", PDF, "application/pdf")
    sent = post(owner, number, reason="answer", text="The manual is attached, page three.", files=upload)
    assert sent.status_code == 302
    assert "manual.pdf" in page(owner, f"/desk/messages/{number}/")
    bad = SimpleUploadedFile("x.exe", b"MZ\x90", "application/pdf")
    assert post(owner, number, reason="answer", text="Look at this please.", files=bad).status_code == 422


def test_what_a_buyer_does_not_want_is_said_and_kept_as_not_delivered(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    messages.set_opt_out("ada.quill@buyer.example", True, now=NOW)
    assert "wants no messages that are not critical" in page(owner, f"/desk/messages/{number}/")
    form = {"reason": "confirm_order_details", "text": "Red or blue, which do you want?"}
    blocked = owner.post(f"/desk/messages/{number}/", {"do": "send", **form}, follow=True)
    assert "so this one was not delivered" in text(blocked)
    assert "Not delivered: the buyer wants none" in text(blocked)
    assert state(number) == "no_response_needed"


@pytest.mark.parametrize("words", ["", "  \r\n ", "\u200b\u00a0"])
def test_an_empty_message_is_not_sent_and_the_field_says_so(owner: Client, seller: int, words: str) -> None:
    number = a_paid_order(seller)
    receive(seller, number)
    for do, field in (("send", "text"), ("note", "note")):
        answered = post(owner, number, do=do, reason="answer", text=words, note=words)
        assert answered.status_code == 422
        html = text(answered)
        assert f'id="{field}-error">This is needed and was left empty.</span>' in html
        assert re.search(rf'<textarea id="{field}"[^>]*aria-invalid="true"', html)
        assert html.count("autofocus") == 1
    assert everything("SELECT count(*) FROM messages WHERE kind <> 'buyer'") == [(0,)]
    assert state(number) == "open_needs_response"


def test_a_new_thread_begins_with_no_critical_reason(owner: Client, seller: int) -> None:
    html = page(owner, f"/desk/messages/{a_paid_order(seller)}/")
    assert re.findall(r'<option value="(\w+)" selected', html) == ["other_order_question"]


def test_old_orders_offer_answers_only(owner: Client, seller: int) -> None:
    number = a_shipped_order(seller, at=PLACED - timedelta(days=60))
    html = page(owner, f"/desk/messages/{number}/")
    assert "Nobody may write to the buyer about this order now" in html
    assert 'id="reply-form"' not in html
    late = post(owner, number, reason="warranty", text="The warranty card follows.")
    assert late.status_code == 422
    assert "more than 30 days ago" in text(late)


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("shipper", True, False),
        ("support", True, True),
        ("finance", False, False),
        ("readonly", False, False),
    ],
)
def test_who_reads_and_who_writes(seller: int, staff: Staff, role: str, reads: bool, writes: bool) -> None:
    number = a_paid_order(seller)
    receive(seller, number)
    client = staff(seller, role=role)
    assert client.get("/desk/messages/").status_code == (200 if reads else 403)
    found = client.get(f"/desk/messages/{number}/")
    assert found.status_code == (200 if reads else 403)
    assert ('id="reply-form"' in text(found)) is writes
    order = page(client, f"/desk/orders/{number}/")
    assert ("Contact buyer" in order) is writes
    sent = post(client, number, reason="answer", text="It arrives on Friday, we think.")
    assert sent.status_code == (302 if writes else 403)


def test_another_sellers_thread_looks_like_none(owner: Client, seller: int) -> None:
    other = a_seller("Other")
    number = a_paid_order(other)
    receive(other, number)
    assert owner.get(f"/desk/messages/{number}/").status_code == 404
    assert post(owner, number, do="mark").status_code == 404
    (message,) = everything("SELECT id FROM messages")
    assert owner.get(f"/desk/messages/{number}/files/{message[0]}/1/").status_code == 404


def test_templates_of_ones_own(owner: Client, seller: int) -> None:
    form = {"name": "Colour?", "language": "en", "reason": "confirm_order_details"}
    new = "/desk/messages/templates/new/"
    assert owner.post(new, form | {"text": "Hello {buyer_name}, red or blue?"}).status_code == 302
    assert owner.post(new, form | {"text": "Other"}).status_code == 422, "the name is taken"
    for bad in ("Hi {secret}", "Visit our store www.lantern.example", ""):
        assert owner.post(new, form | {"name": "B", "text": bad}).status_code == 422
    html = page(owner, "/desk/messages/templates/")
    assert "Colour?" in html
    (found,) = re.findall(r'href="(/desk/messages/templates/\d+/)"', html)
    assert owner.post(found, form | {"text": "Red or blue, {buyer_name}?"}).status_code == 302
    number = a_paid_order(seller)
    own = found.rstrip("/").rpartition("/")[2]
    filled = post(owner, number, do="insert", template=f"own:{own}", reason="confirm_order_details")
    assert "Red or blue, Ada Quill?" in text(filled)
    assert owner.post(found, {"delete": "1"}).status_code == 302
    assert owner.get(found).status_code == 404
    assert "Hello" in page(owner, f"{new}?copy=cancel_guidance")


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_pages_speak_chinese(owner: Client, seller: int, language: str) -> None:
    number = a_paid_order(seller)
    receive(seller, number, "请取消")
    owner.post("/language/", {"language": language, "next": "/desk/orders/"})
    wanted = {"zh-hans": ("消息", "需要回复"), "zh-hant": ("訊息", "需要回覆")}[language]
    html = page(owner, "/desk/messages/")
    for word in wanted:
        assert word in html
    assert "Buyer seems" not in page(owner, f"/desk/messages/{number}/")
