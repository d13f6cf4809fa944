"""The operator's mailbox: complete, and closed to everybody else."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests import build

from sellerdesk.config import clock
from sellerdesk.config.mail_environment import SmtpAddress
from sellerdesk.domain.notices import LETTERS
from sellerdesk.interfaces.web.pages.mailbox import KINDS, STATES
from sellerdesk.models.accounts import Membership, User

NOW = build.PLACED + timedelta(hours=1)
CODE = re.compile(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}")


def signed_in(email: str, *, is_operator: bool) -> Client:
    user = User.objects.create_user(email, is_operator=is_operator, date_joined=NOW)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def operator(committed: None) -> Client:
    return signed_in("op@platform.example", is_operator=True)


def first_mail() -> int:
    return int(build.everything("SELECT min(id) FROM mails")[0][0])


def test_a_slash_too_many_leads_to_the_mailbox(operator: Client) -> None:
    assert operator.get("/mailbox/?state=sent").headers["Location"] == "/mailbox?state=sent"


def test_mails_are_listed_by_state(operator: Client) -> None:
    number = build.a_shipped_order(build.a_seller())
    build.mails(NOW)
    build.a_paid_order(build.a_seller("Second"))
    build.drain(NOW)
    page = operator.get("/mailbox").content.decode()
    assert number in page
    assert page.count("/mailbox/") == 3
    assert operator.get("/mailbox?state=sent").content.decode().count("/mailbox/") == 2
    assert "Second" in operator.get("/mailbox?state=queued").content.decode()
    assert "No mail here" in operator.get("/mailbox?state=dead").content.decode()
    assert operator.get("/mailbox?state=nonsense").status_code == 404
    assert operator.get("/mailbox?before=x").status_code == 404


def test_a_long_list_is_paged(operator: Client) -> None:
    build.paid_orders(build.a_seller(), [build.a_document() for _ in range(60)])
    build.drain(NOW)
    page = operator.get("/mailbox").content.decode()
    assert page.count("/mailbox/") == 50
    older = page.split('class="btn" href="')[1].split('"')[0].replace("&amp;", "&")
    assert operator.get(f"/mailbox{older}").content.decode().count("/mailbox/") == 10


def test_a_letter_is_shown_as_its_reader_gets_it(operator: Client) -> None:
    number = build.a_paid_order(build.a_seller(), items=[build.an_item(title="<b>Lamp</b>")])
    build.drain(NOW)
    page = operator.get(f"/mailbox/{first_mail()}").content.decode()
    assert f"Sold, ship now: order {number}" in page
    assert "seller@lantern.example" in page
    assert "&lt;b&gt;Lamp" in page
    assert "Send again" not in page
    assert operator.get("/mailbox/999999").status_code == 404


def test_a_mail_that_was_given_up_can_be_sent_again(operator: Client) -> None:
    build.a_paid_order(build.a_seller())
    build.drain(NOW)
    build.change("UPDATE mails SET state = 'dead', attempts = 10, error = 'the mail server answered 550'")
    url = f"/mailbox/{first_mail()}"
    assert "the mail server answered 550" in operator.get("/mailbox").content.decode()
    assert "Send again" in operator.get(url).content.decode()
    assert operator.post(url).status_code == 302
    assert build.everything("SELECT state, attempts FROM mails") == [("queued", 0)]


def test_nobody_else_gets_in(committed: None) -> None:
    seller = build.a_seller()
    build.a_shipped_order(seller)
    build.drain(NOW)
    staff = signed_in("owner@lantern.example", is_operator=False)
    Membership.objects.create(seller_id=seller, user=User.objects.get(), role="owner")
    for url in ("/mailbox", f"/mailbox/{first_mail()}"):
        assert Client().get(url).status_code == 302
        answer = staff.get(url)
        assert answer.status_code == 403
        assert "ada.quill" not in answer.content.decode()
        assert staff.post(url).status_code in (403, 405)


def test_every_kind_and_state_has_its_word() -> None:
    assert set(KINDS) == set(LETTERS)
    assert set(STATES) == {"queued", "sent", "dead", "void"}


def test_a_sign_in_code_is_filed_under_no_seller_and_shown_to_none(
    operator: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """It opens the orders of an address, whichever sellers they are at; only the operator of an installation without
    a mail server reads it, because nobody else could hand it over.
    """
    monkeypatch.setattr(clock, "now", lambda: NOW)
    first, second = build.a_seller(), build.a_seller("Second")
    numbers = [build.a_paid_order(seller) for seller in (first, second)]
    build.change("UPDATE mails SET state = 'sent', sent_at = next_at")
    Client().post("/account/sign-in/", {"email": "ada.quill@buyer.example", "order": ""})
    build.drain(NOW)
    ((mail,),) = build.everything("SELECT id FROM mails WHERE kind = 'portal_code'")
    row = operator.get("/mailbox").content.decode().split(f"/mailbox/{mail}")[1].split("</tr>")[0]
    assert "None: a matter of the platform" in row
    assert not any(one in row for one in ("Lantern", "Second", *numbers))
    page = operator.get(f"/mailbox/{mail}").content.decode()
    assert CODE.search(page)
    assert not any(one in page for one in numbers)
    smtp = SmtpAddress("mail.example", 25, "", "", tls=False, starttls=False)
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, smtp=smtp)
    assert not CODE.search(operator.get(f"/mailbox/{mail}").content.decode())
    for seller, email in ((first, "owner@lantern.example"), (second, "owner@second.example")):
        staff = signed_in(email, is_operator=False)
        Membership.objects.create(seller_id=seller, user=User.objects.get(email=email), role="owner")
        for path in (f"/mailbox/{mail}", "/mailbox"):
            answer = staff.get(path)
            assert answer.status_code == 403
            assert not CODE.search(answer.content.decode())
