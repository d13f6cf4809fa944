"""Writing to the seller in the portal, and what a buyer reads of a thread."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests import build
from tests.interfaces.portal.conftest import ADA, Clock, entered, form_of, order_url, text

from sellerdesk.commands.messages import add_notes, send_messages
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.messages import SellerMessage, ThreadRequest

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture
def thread(seller: int) -> tuple[str, str]:
    """An order's number and the address of its thread."""
    number = build.a_paid_order(seller)
    return number, f"{order_url(seller, number)}messages/"


def write(client: Client, url: str, words: str, **more: Any) -> Any:
    form = form_of(text(client.get(url))) | {"text": words} | more
    return client.post(url, form)


def test_a_message_lands_in_the_thread(thread: tuple[str, str]) -> None:
    _number, url = thread
    client = entered()
    answer = write(client, url, "Where <b>is</b> it? \u202e")
    assert answer.headers["Location"] == f"{url}?done=sent#latest"
    page = text(client.get(url))
    assert "Where &lt;b&gt;is&lt;/b&gt; it?" in page
    assert "\u202e" not in page
    ((kind, via, author),) = build.everything("SELECT kind, via, author FROM messages")
    assert (kind, via) == ("buyer", "portal")
    assert ADA not in author


def test_sent_twice_it_is_there_once(thread: tuple[str, str]) -> None:
    _number, url = thread
    client = entered()
    form = form_of(text(client.get(url))) | {"text": "Hello?"}
    assert [client.post(url, form).status_code for _ in range(2)] == [302, 302]
    assert build.everything("SELECT count(*) FROM messages") == [(1,)]


def test_the_seller_is_read_but_notes_are_not(thread: tuple[str, str], seller: int, time: Clock) -> None:
    number, url = thread
    client = entered()
    write(client, url, "Is it blue?")
    actor = build.an_actor(seller, name="Li Wei")
    reply = SellerMessage(number, ContactReason.ANSWER, "Yes, it is blue.")
    build.all_well(send_messages(actor, [reply], now=time.now))
    build.all_well(add_notes(actor, [ThreadRequest(number, "A difficult one")], now=time.now))
    page = text(client.get(url))
    assert "Yes, it is blue." in page
    assert "difficult" not in page
    assert "Li Wei" not in page


def test_files_travel_along_and_are_only_ever_saved(thread: tuple[str, str]) -> None:
    _number, url = thread
    client = entered()
    evil = SimpleUploadedFile("../<x>.html", b"<script>alert(1)</script>", "text/html")
    answer = write(client, url, "See", files=[SimpleUploadedFile("photo.png", PNG, "image/png"), evil])
    assert answer.status_code == 302
    links = re.findall(rf'href="({re.escape(url)}\d+/\d+/)"', text(client.get(url)))
    assert len(links) == 2
    for link in links:
        got = client.get(link)
        assert got.headers["Content-Disposition"].startswith("attachment")
        assert got.headers["Content-Type"] == "application/octet-stream"
        assert got.headers["Content-Security-Policy"].startswith("sandbox")
    assert client.get(links[0]).content == PNG


def test_a_file_of_a_note_is_not_handed_out(thread: tuple[str, str]) -> None:
    _number, url = thread
    client = entered()
    write(client, url, "See", files=[SimpleUploadedFile("photo.png", PNG, "image/png")])
    link = re.findall(rf'href="({re.escape(url)}\d+/\d+/)"', text(client.get(url)))[0]
    build.change("UPDATE messages SET kind = 'note'")
    assert client.get(link).status_code == 404
    assert client.get(f"{url}{2**63}/1/").status_code == 404


def test_a_stranger_gets_no_file(thread: tuple[str, str], seller: int) -> None:
    _number, url = thread
    client = entered()
    write(client, url, "See", files=[SimpleUploadedFile("photo.png", PNG, "image/png")])
    link = re.findall(rf'href="({re.escape(url)}\d+/\d+/)"', text(client.get(url)))[0]
    build.a_paid_order(seller, buyer=build.Buyer(name="Bo", email="bo@buyer.example"))
    assert entered("bo@buyer.example").get(link).status_code == 404
    assert Client().get(link).status_code == 302


@pytest.mark.parametrize(
    ("words", "size", "said"),
    [
        ("", 0, "Please write something"),
        ("x" * 4001, 0, "cannot be used"),
        ("ok", 10 * 2**20 + 1, "at most 10 MB"),
    ],
)
def test_what_cannot_be_sent_is_explained_and_kept(
    thread: tuple[str, str], words: str, size: int, said: str
) -> None:
    _number, url = thread
    client = entered()
    files = {"files": [SimpleUploadedFile("big.bin", b"0" * size)]} if size else {}
    answer = write(client, url, words, **files)
    assert answer.status_code == 422
    assert said in text(answer)
    assert words[:3] in text(answer)
    assert build.everything("SELECT count(*) FROM messages") == [(0,)]


def test_whoever_wants_to_cancel_is_shown_the_way(thread: tuple[str, str], time: Clock) -> None:
    """S3-28: words in a message cancel nothing, and nobody should find that out too late."""
    _number, url = thread
    page = text(entered().get(url))
    assert "A message alone cancels nothing" in page
    assert url.replace("messages/", "cancel/") in page


def test_a_buyer_chooses_to_hear_less(thread: tuple[str, str]) -> None:
    client = entered()
    assert "checked" not in text(client.get("/account/settings/"))
    client.post("/account/settings/", {"only_critical": "on"})
    assert "checked" in text(client.get("/account/settings/"))
    assert build.everything("SELECT email, opted_out_at IS NOT NULL FROM buyer_preferences") == [(ADA, True)]
    client.post("/account/settings/", {})
    assert build.everything("SELECT opted_out_at FROM buyer_preferences") == [(None,)]


def test_the_language_is_kept_for_those_who_write(thread: tuple[str, str]) -> None:
    client = entered()
    client.post("/account/settings/", {"only_critical": "on"})
    client.post("/account/language/", {"language": "zh-hans", "next": "/account/settings/"})
    assert build.everything("SELECT language, opted_out_at IS NOT NULL FROM buyer_preferences") == [
        ("zh-hans", True)
    ]
