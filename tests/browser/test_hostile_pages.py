"""Hostile words and files, kept in the record, in a real browser: shown as text on every page, run on none (issue "Must
show" 6; trust P19). Mail is read in the mailbox, and the evidence pack back from its PDF.
"""

import random
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader
from tests import build
from tests.browser.test_portal import Clock, enter, time
from tests.browser.test_stories import EMAIL, PASSWORD, a_member
from tests.interfaces.portal.conftest import public_id
from tests.stories.hostile_world import POLYGLOT

from sellerdesk.commands.claims import answer_claims, appeal_claims, decide_claims, file_claims
from sellerdesk.commands.messages import receive_messages
from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.commands.refunds import request_refunds
from sellerdesk.commands.return_requests import request_returns
from sellerdesk.commands.returns import (
    Authorize,
    Close,
    Inspect,
    Receive,
    authorize_returns,
    close_returns,
    grade_returns,
    receive_returns,
)
from sellerdesk.domain.actors import Party
from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.claim_facts import ClaimKind, Fault
from sellerdesk.domain.claims import ClaimStep, ClaimVerdict, FileClaim
from sellerdesk.domain.messages import BuyerMessage
from sellerdesk.domain.orders import Address, Buyer
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.domain.return_facts import Grade, ReturnReason
from sellerdesk.domain.return_ways import Label
from sellerdesk.domain.returns import CloseReason, ReturnAsked
from sellerdesk.flows.photos import clean_photos
from sellerdesk.models.accounts import User

__all__ = ["time"]  # the fixture
_DO = "document.documentElement.setAttribute('data-pwned',1);document.title='pwned'"
HOSTILE = (
    f'<script>{_DO}</script><img src=x onerror="{_DO}"><svg onload="{_DO}"></svg></textarea></bdi>'
    f'"\' onmouseover="{_DO}" autofocus onfocus="{_DO}" x=\'<a href="javascript:{_DO}">go</a>'
    '<style>*{display:none}</style>{{7*7}}${7*7}{%now%}\u202egnp.exe\u2066 =HYPERLINK("http://x") a'
    + "\u0301"
    * 60
)
# What a seller writes to a buyer passes the lint first, which refuses addresses.
NO_LINK = HOSTILE.replace("http://x", "x")
SHORT = f"<img src=x onerror={_DO}>"[:200]
_source = random.Random(66)


class Record:
    """An order about which everybody wrote what does harm elsewhere."""

    def __init__(self, clock: Clock) -> None:
        now = clock()
        self.seller = build.a_seller(name="Lantern <b onclick=alert(1)>")
        a_member(self.seller)
        User.objects.create_user("op@platform.example", PASSWORD, is_operator=True, date_joined=now)
        with build.scoped(self.seller):
            build.run(
                "INSERT INTO return_settings (seller_id, marketplace_id, automatic, address, instructions)"
                " VALUES (%s, 'ATVPDKIKX0DER', 'manual', '{}', %s)",
                [self.seller, HOSTILE],
            )
        self.number = self._order(now)
        self.actor = build.an_actor(self.seller, name=SHORT[:100])
        self.buyer = build.an_actor(self.seller, party=Party.BUYER)
        self.marketplace = build.an_actor(self.seller, party=Party.AMAZON, name=SHORT[:100])
        written = BuyerMessage(self.number, HOSTILE)
        build.all_well(receive_messages(self.buyer, [written], now=now - timedelta(days=5)))
        self._closed(now - timedelta(days=4))
        self.rma = self._returned(now - timedelta(days=3))
        note, words = HOSTILE[:255], NO_LINK
        refund = RefundRequest(
            self.number, RefundReason.GENERAL_ADJUSTMENT, amount=100, note=note, words=words, override=note
        )
        build.all_well(request_refunds(self.marketplace, [refund], now=now - timedelta(days=2, hours=12)))
        held = RefundRequest(
            self.number, RefundReason.GENERAL_ADJUSTMENT, amount=100, note=note, words=words, override=note
        )
        build.all_well(request_refunds(self.actor, [held], now=now - timedelta(minutes=5)))
        self.claim = self._claimed(now - timedelta(days=2))

    def _order(self, now: object) -> str:
        placed = now - timedelta(days=12)  # type: ignore[operator]
        number = build.a_shipped_order(
            self.seller,
            at=placed,
            items=[build.an_item(title=HOSTILE, sku="<b>SKU", ordered=4)],
            buyer=Buyer(name=SHORT, email="ada.quill@buyer.example"),
            address=Address(name=SHORT, line1=SHORT, city="<b>City", country="US"),
        )
        arrived = placed + timedelta(days=3)
        report = ParcelReport(number, "1", "DELIVERED", arrived, where="<i>Tacoma")
        build.all_well(report_parcel_events(build.an_actor(self.seller), [report], now=arrived))
        return number

    def _asked(self, at: object) -> str:
        found = "SELECT item_number FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.order_number = %s"
        ((self.item,),) = build.everything(found, [self.number])
        photos = clean_photos([Attachment("<img src=x onerror=alert(1)>.jpg", "image/jpeg", POLYGLOT)])
        asked = ReturnAsked(
            self.number, ReturnReason.DEFECTIVE, {self.item: 1}, HOSTILE, "refund", photos=photos
        )
        (one,) = build.all_well(request_returns(self.buyer, [asked], now=at, randomness=_source))  # type: ignore[arg-type]
        return str(one.facts["rma"])

    def _closed(self, at: object) -> None:
        rma = self._asked(at)
        step = Close(self.number, rma, reason=CloseReason.SOLVED.value, comment=NO_LINK)
        build.all_well(close_returns(self.actor, [step], now=at))  # type: ignore[arg-type]

    def _returned(self, at: object) -> str:
        rma = self._asked(at)
        address = {"name": SHORT, "line1": SHORT, "city": "<b>Reno", "country": "US"}
        step = Authorize(
            self.number, rma, address=address, label=Label.PREPAID, carrier="<b>UPS", tracking="<b>1Z",
            instructions=NO_LINK,
        )  # fmt: skip
        build.all_well(authorize_returns(self.actor, [step], now=at))  # type: ignore[arg-type]
        build.all_well(receive_returns(self.actor, [Receive(self.number, rma)], now=at))  # type: ignore[arg-type]
        seen = Inspect(self.number, rma, {self.item: Grade.DAMAGED}, notes={self.item: HOSTILE[:255]})
        build.all_well(grade_returns(self.actor, [seen], now=at))  # type: ignore[arg-type]
        return rma

    def _claimed(self, at: object) -> str:
        asked = FileClaim(self.number, ClaimKind.NOT_RECEIVED, HOSTILE)
        (one,) = build.all_well(file_claims(self.buyer, [asked], now=at, randomness=_source))  # type: ignore[arg-type]
        claim = str(one.facts["reference"])
        step = ClaimStep(self.number, claim, HOSTILE)
        build.all_well(answer_claims(self.actor, [step], now=at))  # type: ignore[arg-type]
        verdict = ClaimVerdict(self.number, claim, True, Fault.SELLER, text=HOSTILE)
        build.all_well(decide_claims(self.marketplace, [verdict], now=at))  # type: ignore[arg-type]
        build.all_well(appeal_claims(self.actor, [step], now=at))  # type: ignore[arg-type]
        return claim


@pytest.fixture
def record(committed: None, time: Clock) -> Record:
    return Record(time)


def visit(page: Page, paths: list[str]) -> str:
    """Open pages one after another; answers their text. Anything that runs, asks or is refused fails the test."""
    alarms: list[str] = []
    page.on("dialog", lambda dialog: (alarms.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on(
        "console",
        lambda told: (
            alarms.append(told.text) if re.search("Content.Security|Refused to", told.text) else None
        ),
    )
    texts = []
    for path in paths:
        answer = page.goto(path)
        assert answer is not None, path
        assert answer.status == 200, (path, answer.status)
        page.wait_for_load_state("networkidle")
        for target in page.locator("main details:not([open]) > summary").all():
            if target.is_visible():
                target.click()
        page.mouse.move(300, 300)
        html = page.locator("html")
        assert html.get_attribute("data-pwned") is None, path
        assert "pwned" not in page.title().replace(_DO, ""), path
        # Nothing of the words became a part of the page.
        assert page.locator("[onerror], [onload], [onmouseover], [onfocus], [onclick]").count() == 0, path
        assert page.locator("a[href^='javascript']").count() == 0, path
        assert page.locator("main script, main style, bdi img, b[onclick]").count() == 0, path
        shown = page.locator("body").inner_text()
        assert "\u202e" not in shown, path
        assert "\u2066g" not in shown, path
        texts.append(shown)
    assert alarms == []
    return "\n".join(texts)


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def test_the_console_shows_it_as_text(page: Page, record: Record) -> None:
    sign_in(page, EMAIL)
    number = record.number
    said = visit(
        page,
        [
            "/desk/orders/?tab=all&days=365",
            f"/desk/orders/{number}/",
            f"/desk/orders/{number}/refund/",
            f"/desk/orders/{number}/refund/partial/",
            f"/desk/orders/refund/?order={number}",
            "/desk/refunds/?show=all",
            f"/desk/messages/{number}/",
            "/desk/messages/?show=all",
            "/desk/returns/settings/",
            "/desk/payments/",
            "/desk/notifications/",
            f"/desk/search/?q={number}%0Ax",
        ],
    )
    assert "<script>" in said  # shown, and nothing more
    assert "onerror" in said


def test_the_operators_pages_show_it_as_text(page: Page, record: Record, time: Clock, tmp_path: Path) -> None:
    build.mails(time())
    mails = build.everything("SELECT id FROM mails ORDER BY id")
    assert len(mails) >= 5
    sign_in(page, "op@platform.example")
    claim = f"/operator/claims/{record.claim}/"
    pages = ["/operator/claims/?tab=all", claim, f"{claim}?choice=appeal", "/mailbox", "/operator/payments/"]
    said = visit(page, pages + [f"/mailbox/{mail}" for (mail,) in mails])
    assert "<script>" in said
    with page.expect_download() as given:
        page.evaluate("path => { window.location.href = path }", f"{claim}evidence.pdf")
    kept = tmp_path / "evidence.pdf"
    given.value.save_as(kept)
    document = kept.read_bytes()
    read = re.sub(r"\s", "", "".join(one.extract_text() for one in PdfReader(BytesIO(document)).pages))
    assert "<script>document" in read  # printed, and nothing more
    assert "\u202e" not in read
    assert not {b"/JavaScript", b"/JS", b"/OpenAction", b"/AA", b"/URI", b"/Launch"} & set(
        re.findall(rb"/[A-Za-z]+", document)
    )


def test_the_portal_shows_it_as_text(page: Page, record: Record) -> None:
    enter(page)
    base = f"/account/orders/{public_id(record.seller)}/{record.number}/"
    said = visit(
        page,
        [
            "/account/",
            base,
            f"{base}messages/",
            f"{base}return/",
            f"{base}returns/1/",
            f"{base}returns/2/",
            f"{base}claim/",
            f"{base}claims/1/",
        ],
    )
    assert "<script>" in said
    ((photo,),) = build.everything("SELECT min(id) FROM return_photos")
    answer = page.request.get(f"{base}returns/1/photos/{photo}/")
    assert answer.status == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert b"pwned" not in answer.body()
