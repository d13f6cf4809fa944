"""Signing in: what lets a buyer in, what does not, and that nothing tells which addresses are known."""

import re
import time as real
from datetime import timedelta
from statistics import median

import pytest
from django.test import Client
from tests import build
from tests.interfaces.portal.conftest import ADA, Clock, ask, codes_in, entered, mailed, order_url, text

from sellerdesk.domain.access_codes import LIFETIME, TRIES
from sellerdesk.models.accounts import Membership, User

WRONG = "2222-2222"


def type_code(client: Client, attempt: str, code: str) -> int:
    return client.post("/account/code/", {"attempt": attempt, "code": code}).status_code


def test_a_mailed_code_opens_all_orders_of_the_address_with_every_seller(seller: int) -> None:
    other = build.a_seller("Second Shop")
    mine = [build.a_paid_order(seller), build.a_paid_order(other)]
    strange = build.a_paid_order(seller, buyer=build.Buyer(name="Bo", email="bo@buyer.example"))
    page = text(entered().get("/account/"))
    assert all(number in page for number in mine)
    assert strange not in page


def test_an_order_number_opens_that_order_alone(seller: int) -> None:
    first, second = build.a_paid_order(seller), build.a_paid_order(seller)
    client = entered(ADA, first)
    assert client.get("/account/").headers["Location"] == order_url(seller, first)
    assert client.get(order_url(seller, first)).status_code == 200
    assert client.get(order_url(seller, second)).status_code == 404


def test_the_number_must_be_one_of_that_address(seller: int) -> None:
    number = build.a_paid_order(seller)
    build.a_paid_order(seller, buyer=build.Buyer(name="Bo", email="bo@buyer.example"))
    ask(Client(), "bo@buyer.example", number)
    letters, _ = build.mails(build.PLACED + timedelta(minutes=10))
    assert [letter for letter in letters if "code" in letter.subject] == []


def test_codes_are_typed_as_people_do(seller: int) -> None:
    build.a_paid_order(seller)
    client = Client()
    attempt = ask(client, "  Ada.Quill@BUYER.example ")
    typed = f" {mailed().lower().replace('-', ' ')} "
    assert type_code(client, attempt, typed) == 302


def test_a_code_works_once(seller: int) -> None:
    build.a_paid_order(seller)
    attempt = ask(Client(), ADA)
    code = mailed()
    assert type_code(Client(), attempt, code) == 302
    second = Client()
    assert type_code(second, attempt, code) == 422
    assert second.get("/account/").status_code == 302


def test_a_code_lives_fifteen_minutes(seller: int, time: Clock) -> None:
    build.a_paid_order(seller)
    early, late = ask(Client(), ADA), ask(Client(), ADA)
    letters, _ = build.mails(time.now)
    codes = codes_in(letters)
    asked = time.now
    time.now = asked + LIFETIME - timedelta(seconds=1)
    assert sorted(type_code(Client(), early, code) for code in codes) == [302, 422]
    time.now = asked + LIFETIME
    assert [type_code(Client(), late, code) for code in codes] == [422, 422]


def test_five_tries_spend_a_code(seller: int) -> None:
    build.a_paid_order(seller)
    client = Client()
    attempt = ask(client, ADA)
    said = [
        text(client.post("/account/code/", {"attempt": attempt, "code": WRONG})) for _ in range(TRIES + 1)
    ]
    assert "Tries left: 4" in said[0]
    assert "Tries left: 1" in said[3]
    assert "cannot be used any more" in said[4]
    assert type_code(client, attempt, mailed_late()) == 422


def mailed_late() -> str:
    """A spent code is not even sent; make it the way the letter would."""
    from django.conf import settings

    from sellerdesk.domain.access_codes import code_of

    ((seed,),) = build.everything("SELECT seed FROM access_codes")
    return code_of(settings.SECRET_KEY.encode(), seed)


def test_a_spent_code_is_not_mailed(seller: int) -> None:
    build.a_paid_order(seller)
    client = Client()
    attempt = ask(client, ADA)
    for _ in range(TRIES):
        type_code(client, attempt, WRONG)
    letters, report = build.mails(build.PLACED + timedelta(minutes=10))
    assert not [letter for letter in letters if letter.to == (ADA,)]
    assert report.void == 1


@pytest.mark.parametrize("order", ["", "111-1111111-1111111"])
def test_nothing_tells_whether_an_address_is_known(seller: int, order: str) -> None:
    """The same answers, step for step, to a known address, an unknown one, and a known one with a wrong number."""
    number = build.a_paid_order(seller)
    walks = [walk(ADA, number if order else ""), walk("nobody@buyer.example", order), walk(ADA, order)]
    if not order:
        walks[2] = walks[0]
    assert walks[0] == walks[1] == walks[2]


def walk(email: str, order: str) -> list[tuple[int, str, str]]:
    client = Client()
    answers = [client.post("/account/sign-in/", {"email": email, "order": order})]
    place = answers[0].headers["Location"]
    attempt = place.split("attempt=")[1]
    answers.append(client.get(place))
    answers += [client.post("/account/code/", {"attempt": attempt, "code": WRONG}) for _ in range(TRIES + 1)]
    hidden = re.compile(rf"{re.escape(attempt)}|csrfmiddlewaretoken\" value=\"[^\"]+")
    return [
        (one.status_code, hidden.sub("…", one.headers.get("Location", "")), hidden.sub("…", text(one)))
        for one in answers
    ]


@pytest.mark.serial
def test_known_and_unknown_addresses_take_about_the_same_time(
    seller: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Medians of interleaved requests; a mail sent, or a row not written, would be far outside of this."""
    from sellerdesk.commands import portal_access
    from sellerdesk.domain.access_codes import Limit

    for name in ("ASKS_OF_ADDRESS", "ASKS_OF_CLIENT"):
        monkeypatch.setattr(portal_access, name, Limit(10_000, timedelta(seconds=1)))
    build.paid_orders(seller, [build.a_document() for _ in range(20)])
    client = Client()
    taken: dict[str, list[float]] = {ADA: [], "nobody.quill@buyer.example": []}
    for _ in range(60):
        for email, times in taken.items():
            began = real.perf_counter()
            client.post("/account/sign-in/", {"email": email})
            times.append(real.perf_counter() - began)
    known, unknown = (median(times[10:]) for times in taken.values())
    assert abs(known - unknown) < max(0.003, 0.5 * unknown), (known, unknown)


def test_an_address_gets_a_few_codes_at_a_time(seller: int, time: Clock) -> None:
    build.a_paid_order(seller)
    for email in (ADA, "nobody@buyer.example"):
        said = [Client().post("/account/sign-in/", {"email": email}).status_code for _ in range(6)]
        assert said == [302] * 5 + [429], email
    time.now += timedelta(minutes=5)
    assert Client().post("/account/sign-in/", {"email": ADA}).status_code == 302


def test_a_client_asks_for_some_addresses_at_a_time(seller: int) -> None:
    said = [
        Client().post("/account/sign-in/", {"email": f"a{n}@buyer.example"}).status_code for n in range(32)
    ]
    assert said[:30] == [302] * 30
    assert said[30:] == [429] * 2
    elsewhere = Client(REMOTE_ADDR="203.0.113.7").post("/account/sign-in/", {"email": "x@buyer.example"})
    assert elsewhere.status_code == 302


def test_a_network_of_one_house_counts_as_one_client(seller: int) -> None:
    said = [
        Client(REMOTE_ADDR=f"2001:db8:1:1::{n:x}").post("/account/sign-in/", {"email": f"a{n}@b.example"})
        for n in range(31)
    ]
    assert said[-1].status_code == 429


def test_a_client_types_some_codes_at_a_time(seller: int) -> None:
    said = [type_code(Client(), "none", WRONG) for _ in range(61)]
    assert set(said[:60]) == {422}
    assert said[60] == 429


def test_neither_code_nor_address_is_kept(seller: int) -> None:
    build.a_paid_order(seller)
    client = entered()
    code = mailed_late()
    for table in ("access_codes", "access_sessions", "journal", "mails", "request_budgets"):
        kept = str(build.everything(f"SELECT t::text FROM {table} t"))
        assert ADA not in kept, table
        assert code not in kept, table
        assert client.cookies["sellerdesk_buyer"].value not in kept, table


def test_the_letter_goes_to_no_other_address(seller: int) -> None:
    """Whoever may edit the order between asking and sending gets no code."""
    build.a_paid_order(seller)
    ask(Client(), ADA)
    build.change("UPDATE buyer_contacts SET email = 'thief@buyer.example'")
    letters, report = build.mails(build.PLACED + timedelta(minutes=10))
    assert not [letter for letter in letters if "code" in letter.subject]
    assert report.void == 1


def test_a_session_ends_when_its_order_says_another_address(seller: int) -> None:
    """Else a seller could turn a session of their own order into one of somebody else's address."""
    build.a_paid_order(seller)
    client = entered()
    build.change("UPDATE buyer_contacts SET email = 'victim@buyer.example'")
    assert client.get("/account/").status_code == 302


def test_the_letter_speaks_the_language_of_the_page(seller: int) -> None:
    build.a_paid_order(seller)
    client = Client(headers={"Accept-Language": "zh-TW"})
    ask(client, ADA)
    letters, _ = build.mails(build.PLACED + timedelta(minutes=10))
    letter = next(one for one in letters if one.to == (ADA,))
    assert "登入驗證碼" in letter.subject
    assert letter.language == "zh-hant"
    assert letter.sender_name == "Sellerdesk"


def test_signing_in_makes_a_new_cookie_and_ends_the_old_one(seller: int) -> None:
    build.a_paid_order(seller)
    client = Client()
    client.cookies["sellerdesk_buyer"] = "given-from-outside"
    attempt = ask(client, ADA)
    client.post("/account/code/", {"attempt": attempt, "code": mailed()})
    first = client.cookies["sellerdesk_buyer"].value
    assert first != "given-from-outside"
    attempt = ask(client, ADA)
    client.post("/account/code/", {"attempt": attempt, "code": mailed()})
    stale = Client()
    stale.cookies["sellerdesk_buyer"] = first
    assert stale.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200


def test_the_cookie_is_for_this_door_alone(seller: int) -> None:
    build.a_paid_order(seller)
    cookie = entered().cookies["sellerdesk_buyer"]
    assert cookie["path"] == "/account/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]


def test_signing_out_ends_the_session(seller: int) -> None:
    build.a_paid_order(seller)
    client = entered()
    token = client.cookies["sellerdesk_buyer"].value
    assert client.post("/account/sign-out/").status_code == 302
    again = Client()
    again.cookies["sellerdesk_buyer"] = token
    assert again.get("/account/").status_code == 302
    assert build.everything("SELECT count(*) FROM access_sessions") == [(0,)]


def test_a_session_ends_by_itself(seller: int, time: Clock) -> None:
    build.a_paid_order(seller)
    client = entered()
    time.now += timedelta(hours=12) - timedelta(seconds=1)
    assert client.get("/account/").status_code == 200
    time.now += timedelta(seconds=1)
    assert client.get("/account/").status_code == 302


def test_pages_are_kept_by_nobody(seller: int) -> None:
    number = build.a_paid_order(seller)
    client = entered()
    for path in ("/account/", order_url(seller, number), "/account/sign-in/", "/account/code/"):
        assert client.get(path).headers["Cache-Control"] == "private, no-store", path


def test_where_one_wanted_to_go_is_kept_if_it_is_here(seller: int) -> None:
    number = build.a_paid_order(seller)
    wanted = order_url(seller, number)
    client = Client()
    place = client.get(wanted).headers["Location"]
    assert wanted in text(client.get(place))
    code_page = client.post("/account/sign-in/", {"email": ADA, "next": wanted}).headers["Location"]
    attempt = code_page.split("attempt=")[1].split("&")[0]
    form = {"attempt": attempt, "code": mailed(), "next": wanted}
    assert client.post("/account/code/", form).headers["Location"] == wanted
    for evil in ("https://evil.example/", "//evil.example/", "/desk/", "/account/\\evil", "javascript:1"):
        assert f'value="{evil}"' not in text(client.get("/account/sign-in/", {"next": evil}))


def staff_client(seller: int, email: str) -> Client:
    from allauth.account.models import EmailAddress

    user = User.objects.create_user(email, "correct horse battery", date_joined=build.PLACED)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    Membership.objects.create(seller_id=seller, user=user, role="owner")
    client = Client()
    client.force_login(user)
    return client


def test_an_account_at_the_desk_opens_nothing_here(seller: int) -> None:
    """Whoever makes accounts could give one a stranger's address; only the mailed code proves whose it is."""
    number = build.a_paid_order(seller)
    client = staff_client(seller, ADA)
    assert client.get("/account/").status_code == 302
    assert number not in text(client.get("/account/sign-in/"))
    assert client.get(order_url(seller, number)).status_code == 302


def test_a_buyer_is_nobody_at_the_desk(seller: int) -> None:
    number = build.a_paid_order(seller)
    client = entered()
    token = client.cookies["sellerdesk_buyer"].value
    for cookie in ("sellerdesk_buyer", "sellerdesk_session"):
        client.cookies[cookie] = token
        for path in ("/desk/orders/", f"/desk/orders/{number}/", "/operator/", "/mailbox"):
            answer = client.get(path)
            assert answer.status_code in (302, 403), path
            assert number not in text(answer)


def test_staff_are_nobody_in_the_portal(seller: int) -> None:
    number = build.a_paid_order(seller)
    client = staff_client(seller, "staff@lantern.example")
    client.cookies["sellerdesk_buyer"] = client.cookies["sellerdesk_session"].value
    for path in ("/account/", order_url(seller, number)):
        assert client.get(path).status_code == 302, path


def test_typing_errors_are_named_and_kept(seller: int) -> None:
    answer = Client().post("/account/sign-in/", {"email": "ada<at>x", "order": "12"})
    page = text(answer)
    assert answer.status_code == 422
    assert "does not look like an e-mail address" in page
    assert "17 digits" in page
    assert 'value="ada&lt;at&gt;x"' in page


def test_the_demonstration_says_where_codes_are(seller: int, settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    assert "/mailbox" in text(Client().get("/account/sign-in/"))
    settings.DEMO = False  # type: ignore[attr-defined]
    assert "/mailbox" not in text(Client().get("/account/sign-in/"))


def test_old_codes_and_sessions_are_removed(seller: int, time: Clock) -> None:
    from sellerdesk.flows.cleanup import clean_up

    build.a_paid_order(seller)
    entered()
    assert clean_up(time.now)["codes"] == 0
    removed = clean_up(time.now + timedelta(days=2))
    assert (removed["codes"], removed["buyers"]) == (1, 1)
