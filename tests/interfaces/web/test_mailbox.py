"""The operator's mailbox: complete, and closed to everybody else."""

from datetime import timedelta

import pytest
from django.test import Client
from tests import build

from sellerdesk.domain.notices import LETTERS
from sellerdesk.interfaces.web.pages.mailbox import KINDS, STATES
from sellerdesk.models.accounts import Membership, User

NOW = build.PLACED + timedelta(hours=1)


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
