"""Buyers, a clock that tests set, and browsers that have signed in the way buyers do: through the mail."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation
from tests import build

from sellerdesk.adapters.mail.base import Letter
from sellerdesk.config import clock

ADA = "ada.quill@buyer.example"
NOW = build.PLACED + timedelta(minutes=10)
CODE = re.compile(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}")


class Clock:
    """The one clock, standing still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """Every page is asked for at `time.now`."""
    standing = Clock()
    monkeypatch.setattr(clock, "now", standing)
    with translation.override("en"):
        yield standing


@pytest.fixture
def seller(committed: None) -> int:
    """A seller in the United States."""
    return build.a_seller()


def ask(client: Client, email: str, order: str = "") -> str:
    """Ask for a code; answers the attempt."""
    answer = client.post("/account/sign-in/", {"email": email, "order": order})
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"].split("attempt=")[1].split("&")[0]


def mailed(email: str = ADA) -> str:
    """The code of the newest letter to an address."""
    letters, _ = build.mails(clock.now())
    return codes_in(letters, email)[-1]


def codes_in(letters: Sequence[Letter], email: str = ADA) -> list[str]:
    """The codes in letters to an address, in the order they were sent: they begin the subject."""
    found = [CODE.match(letter.subject) for letter in letters if letter.to == (email,)]
    return [one[0] for one in found if one]


def entered(email: str = ADA, order: str = "", **headers: str) -> Client:
    """A browser that has signed in with a mailed code."""
    client = Client(headers={"Accept-Language": "en", **headers})
    attempt = ask(client, email, order)
    answer = client.post("/account/code/", {"attempt": attempt, "code": mailed(email)})
    assert answer.status_code == 302, answer.content.decode()
    return client


Enter = Callable[..., Client]


def public_id(seller_id: int) -> str:
    return str(build.everything("SELECT public_id FROM sellers WHERE id = %s", [seller_id])[0][0])


def order_url(seller_id: int, number: str) -> str:
    return f"/account/orders/{public_id(seller_id)}/{number}/"


def text(answer: object) -> str:
    """A page as text."""
    return answer.content.decode()  # type: ignore[attr-defined]


def form_of(page: str) -> dict[str, str]:
    """The hidden fields of the page's form in the middle."""
    return dict(re.findall(r'name="(key|do|words)" value="([^"]*)"', page))
