"""Refunds from all doors at the same instant, and refunds of any size one after the other (trust P1, P3; T12, T13).

Never more goes back than was charged, of any line and component, and whoever comes too late hears what is left.
"""

import html
import json
import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import typer
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import build
from tests.interfaces.api.conftest import Program, token_of
from tests.interfaces.web.test_refund_pages import form_of, url

from sellerdesk.commands import accounts
from sellerdesk.commands.refunds import request_refunds
from sellerdesk.config import clock
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.money import Money
from sellerdesk.domain.orders import Component, ItemDocument
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import LineRefund, RefundRequest
from sellerdesk.interfaces.cli import refunds
from sellerdesk.models.accounts import Membership, User
from sellerdesk.queries.verify import verify

Parallel = Callable[[int, Callable[[int], Any]], list[Any]]
Said = tuple[str, str, str]  # order number, "pending" or the refusal's code, what is left
CONNECTIONS, SINGLE, TOGETHER, CHARGES = 64, 8, 48, 200
PEOPLE = 4  # of the connections are signed-in persons, who refund order by order; programs refund many with one call
NOW = build.PLACED + timedelta(days=3)
SIXTY = {"amount": "60.00", "currencyCode": "USD"}
WHY = {"reason": "general_adjustment", "mode": "goodwill", "amount": SIXTY}
PATIENCE = 200


def all_is_well() -> None:
    assert [violation for finding in verify() for violation in finding.violations] == []


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


class Terminal:
    """The command line as many people use it at once: what each thread prints is its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.own = threading.local()
        self.command = typer.main.get_command(refunds.app)
        monkeypatch.setattr(typer, "echo", self.print)

    def print(self, words: str = "", *, err: bool = False, **_: Any) -> None:
        if not err:
            self.own.lines.append(words)

    def refund(self, seller: int, numbers: Sequence[str], key: str) -> Iterator[Said]:
        self.own.lines = []
        words = [
            "make",
            *numbers,
            "--seller",
            str(seller),
            "--reason",
            "general_adjustment",
            "--amount",
            "60.00",
        ]
        self.command.main([*words, "--yes", "--json", "--key", key], standalone_mode=False)
        for line in self.own.lines:
            said = json.loads(line)
            facts = said.get("facts") or said["refusal"]["facts"]
            yield (
                said["order_number"],
                said.get("refusal", {}).get("code", said["state"]),
                facts.get("left", ""),
            )


def a_program(seller: int) -> Program:
    actor = Actor(Party.AMAZON, "administrator", Door.CLI, seller)
    made = accounts.create_client(actor, "Shop", now=NOW, randomness=random.SystemRandom())
    program = Program(seller, made)
    program.token = token_of(program)
    return program


def over_the_api(program: Program, numbers: Sequence[str], key: str) -> Iterator[Said]:
    """One order with a call of its own, several with one call."""
    mine = Program(program.seller_id, program.credentials, program.token)
    if len(numbers) == 1:
        answer = mine.call("POST", f"/orders/{numbers[0]}/refunds", WHY, key=key).json()
        yield said_of(numbers[0], answer)
        return
    body = {"refunds": [{"orderNumber": number} | WHY for number in numbers]}
    answer = mine.call("POST", "/refunds", body, key=key).json()
    for number, one in zip(numbers, answer.get("outcomes", [answer] * len(numbers)), strict=True):
        yield said_of(number, one.get("problem") or one)


class Person:
    """Somebody at the console, whose refund forms were drawn before anybody sent one."""

    def __init__(self, seller: int, name: str) -> None:
        user = User.objects.create_user(
            f"{name}@lantern.example", "correct horse battery", name=name, zone="UTC", date_joined=NOW
        )
        Membership.objects.create(seller_id=seller, user=user, role="owner")
        self.name, self.client = name, Client()
        self.client.force_login(user)

    def draw(self, number: str) -> dict[str, Any]:
        """The form of a partial refund, filled in."""
        page = self.client.get(url(number, "partial/")).content.decode()
        return form_of(page) | {"amount": "60.00", "reason": "general_adjustment"}

    def refund(self, number: str, fields: dict[str, Any]) -> Said:
        """Press the button; a page that says what has changed is sent again, as it stands then."""
        sent = fields | {"key": f"{self.name}-{number}"}
        for _ in range(PATIENCE):
            answer = self.client.post(url(number, "partial/"), sent)
            page = html.unescape(answer.content.decode())
            if answer.status_code == 302:
                return number, "pending", ""
            changed = re.search(r"What can still be refunded is now \$([\d]+\.\d\d)", page)
            if answer.status_code == 409 and changed:
                return number, "stale_version", changed[1]
            assert answer.status_code == 409, page  # somebody else is writing: the same form again
        raise AssertionError("never free")

    def insist(self, number: str) -> Said:
        """Draw the form again and ask for as much again: too much, and the page says what there is."""
        answer = self.client.post(url(number, "partial/"), self.draw(number))
        assert answer.status_code == 422
        told = re.search(r"is more than can still be refunded: \$([\d]+\.\d\d)", answer.content.decode())
        return number, "refund_exceeded", told[1] if told else "not told"


def said_of(number: str, said: dict[str, Any]) -> Said:
    if "code" in said:
        return number, said["code"], said["facts"].get("left", "")
    return number, said["state"], said["left"]["amount"]


def until_it_is_free(ask: Callable[[], Iterator[Said]]) -> list[Said]:
    """Ask again with the same key while somebody else holds the orders, as the refusal advises."""
    for _ in range(PATIENCE):
        said = list(ask())
        if {code for _, code, _ in said} != {"busy"}:
            return said
    raise AssertionError("never free")


@pytest.mark.serial
def test_64_connections_refund_60_of_100_by_all_doors(
    run_parallel: Parallel, monkeypatch: pytest.MonkeyPatch
) -> None:
    seller = build.a_seller()
    line = build.an_item(ordered=1, price=10_000, tax=0)
    numbers = build.paid_orders(seller, [build.a_document(items=[line]) for _ in range(CHARGES)])
    for number in numbers:
        build.ship(seller, number, at=build.PLACED + timedelta(days=1))
    program, terminal = a_program(seller), Terminal(monkeypatch)
    people = [Person(seller, f"clerk{n}") for n in range(PEOPLE)]
    forms = {number: people[at % PEOPLE].draw(number) for at, number in enumerate(numbers)}
    groups = [[number] for number in numbers[:SINGLE]]
    groups += [numbers[at : at + TOGETHER] for at in range(SINGLE, CHARGES, TOGETHER)]
    gate = threading.Barrier(CONNECTIONS, timeout=120)

    def work(worker: int) -> list[tuple[str, Said]]:
        found: list[tuple[str, Said]] = []
        for index, group in enumerate(groups):
            key = f"{worker}-{index}"
            gate.wait()  # all of them reach for the same charges at the same instant
            if worker < PEOPLE:
                said = [people[worker].refund(number, forms[number]) for number in reversed(group)]
                found += [("console", one) for one in said]
            elif (worker + index) % 2:
                said = until_it_is_free(partial(terminal.refund, seller, group, key))
                found += [("terminal", one) for one in said]
            else:
                said = until_it_is_free(partial(over_the_api, program, group, key))
                found += [("api", one) for one in said]
        return found

    heard = [one for found in run_parallel(CONNECTIONS, work) for one in found]
    answers = [said for _door, said in heard]
    assert len(answers) == CONNECTIONS * CHARGES
    accepted = Counter(number for number, state, _ in answers if state == "pending")
    assert accepted == dict.fromkeys(numbers, 1)
    left_by_winners = {left for _, state, left in answers if state == "pending"}
    assert left_by_winners <= {"", "40.00"}  # the console's redirect says no amount
    refused = {(door, state, left) for door, (_, state, left) in heard if state != "pending"}
    assert refused == {  # whoever came first, every door has turned somebody away, and said what is left
        ("console", "stale_version", "40.00"),
        ("terminal", "refund_exceeded", "40.00"),
        ("api", "refund_exceeded", "40.00"),
    }
    assert {people[0].insist(number)[1:] for number in numbers[:SINGLE]} == {("refund_exceeded", "40.00")}
    assert build.everything("SELECT DISTINCT charged, refunded, refund_pending FROM charges") == [
        (10_000, 0, 6_000)
    ]
    all_is_well()


# --- Refunds of any size -------------------------------------------------------------------------------------------

COMPONENTS = (Component.PRINCIPAL, Component.TAX, Component.SHIPPING, Component.GIFT_WRAP)


@st.composite
def lines(draw: st.DrawFn) -> list[ItemDocument]:
    """One to three lines; amounts that do not divide by their quantity, and sometimes a discount."""
    made = []
    for index in range(draw(st.integers(1, 3))):
        amounts = {one: draw(st.integers(0, 5000)) for one in COMPONENTS}
        amounts[Component.PRINCIPAL] += 1
        amounts[Component.PROMOTION_DISCOUNT] = -draw(st.integers(0, amounts[Component.PRINCIPAL] - 1))
        kept = {one: amount for one, amount in amounts.items() if amount}
        made.append(ItemDocument("", f"S{index}", "Thing", draw(st.integers(1, 4)), amounts=kept))
    return made


def a_refund(draw: st.DrawFn, number: str, items: list[tuple[str, int]]) -> RefundRequest:
    """A partial refund of some kind; many are more than is left."""
    kind = draw(st.sampled_from(["units", "group", "component", "amount", "several"]))
    item, ordered = draw(st.sampled_from(items))
    minor = draw(st.integers(1, 6000))
    reason = RefundReason.GENERAL_ADJUSTMENT
    if kind == "amount":
        return RefundRequest(number, reason, amount=minor)
    if kind == "several":
        return RefundRequest(number, reason, lines=tuple(LineRefund(one, units=1) for one, _ in items))
    if kind == "units":
        line = LineRefund(item, units=draw(st.integers(1, ordered)))
    else:
        names = ["product", "shipping"] if kind == "group" else ["tax", "gift_wrap", "principal"]
        line = LineRefund(item, amounts={draw(st.sampled_from(names)): minor})
    return RefundRequest(number, reason, lines=(line,))


def money_of(number: str) -> list[tuple[str, int, int]]:
    return build.everything(
        "SELECT c.component, c.charged, c.refunded + c.refund_pending + c.claimed FROM charges c"
        " JOIN order_items i ON i.id = c.item_id JOIN orders o ON o.id = i.order_id WHERE o.order_number = %s",
        [number],
    )


def a_charged_order(seller: int, currency: str, items: list[ItemDocument]) -> str:
    country = "JP" if currency == "JPY" else "US"
    number = build.a_paid_order(seller, country=country, items=items)
    if currency == "KWD":  # no marketplace counts in thousandths; the tables and rules do not mind
        build.change("UPDATE orders SET currency = 'KWD' WHERE order_number = %s", [number])
        build.change(
            "UPDATE charges c SET currency = 'KWD' FROM order_items i, orders o"
            " WHERE i.id = c.item_id AND o.id = i.order_id AND o.order_number = %s",
            [number],
        )
    build.ship(seller, number, at=build.PLACED + timedelta(days=1))
    return number


def ask(seller: int, request: RefundRequest, at: datetime = NOW) -> Outcome:
    return request_refunds(build.an_actor(seller, party=Party.AMAZON), [request], now=at)[0]


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_partial_refunds_never_exceed_what_was_charged(currency: str, data: st.DataObject) -> None:
    seller = a_seller_once()
    number = a_charged_order(seller, currency, data.draw(lines()))
    items = build.everything(
        "SELECT i.item_number, i.ordered FROM order_items i JOIN orders o ON o.id = i.order_id"
        " WHERE o.order_number = %s ORDER BY i.position",
        [number],
    )
    charged = sum(amount for _, amount, _ in money_of(number))
    given_back = 0
    for _ in range(data.draw(st.integers(1, 6))):
        outcome = ask(seller, data.draw(refunds_of(number, items)))
        before = given_back
        if outcome.accepted:
            given_back += outcome.facts["total"]
            assert outcome.facts["left"] == charged - given_back
        for component, of, gone in money_of(number):
            assert abs(gone) <= abs(of), component
            assert gone * of >= 0, component
        assert sum(gone for _, _, gone in money_of(number)) == given_back >= before
    rest = ask(seller, RefundRequest(number, RefundReason.GENERAL_ADJUSTMENT))
    if given_back < charged:
        assert rest.facts["total"] == charged - given_back  # to the last minor unit
        assert (
            Money(currency, rest.facts["left"]).text()
            == {"USD": "0.00", "JPY": "0", "KWD": "0.000"}[currency]
        )
    assert all(gone == of for _, of, gone in money_of(number)) or not rest.accepted
    more = ask(seller, RefundRequest(number, RefundReason.GENERAL_ADJUSTMENT, amount=1))
    assert not more.accepted
    all_is_well()


def refunds_of(number: str, items: list[tuple[str, int]]) -> st.SearchStrategy[RefundRequest]:
    return st.composite(lambda draw: a_refund(draw, number, items))()


def a_seller_once() -> int:
    """The seller of this test; its examples share it."""
    found = build.everything("SELECT id FROM sellers LIMIT 1")
    return int(found[0][0]) if found else build.a_seller(countries=("US", "JP"))
