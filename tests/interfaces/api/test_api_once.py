"""The same call again: one effect, the same answer (trust P1)."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.interfaces.api.conftest import MADE, Maker, Program, order, package, usd

from sellerdesk.commands.idempotency import KEPT, forget_keys
from sellerdesk.models import IdempotencyKey, JournalEntry, LedgerTransaction, Order
from sellerdesk.models.tenancy import scoped

Parallel = Callable[[int, Callable[[int], Any]], list[Any]]


def counts(program: Program) -> tuple[int, int, int]:
    """Orders, journal entries of orders, movements of money."""
    with scoped(program.seller_id):
        entries = JournalEntry.objects.filter(order__isnull=False).count()
        return Order.objects.count(), entries, LedgerTransaction.objects.count()


def in_parallel(
    program: Program, run: Parallel, method: str, path: str, body: Any, keys: list[str]
) -> list[Any]:
    def work(number: int) -> Any:
        return Program(program.seller_id, program.credentials, program.token, Client()).call(
            method, path, body, key=keys[number]
        )

    return run(len(keys), work)


@pytest.mark.serial
def test_eight_at_once_with_one_key_place_one_order(program: Program, run_parallel: Parallel) -> None:
    answers = in_parallel(program, run_parallel, "POST", "/orders", order(), ["same"] * 8)
    assert {answer.status_code for answer in answers} == {201}
    assert len({(answer.content, answer["Location"]) for answer in answers}) == 1
    assert counts(program) == (1, 1, 0)


@pytest.mark.serial
def test_eight_at_once_with_one_key_ship_once(program: Program, run_parallel: Parallel) -> None:
    number = program.paid()
    before = counts(program)
    body = {"packages": [package(items=[{"itemNumber": "12345678901234", "quantity": 1}])]}
    answers = in_parallel(program, run_parallel, "POST", f"/orders/{number}/shipments", body, ["same"] * 8)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert counts(program) == (1, before[1] + 1, before[2] + 1)
    assert program.call("GET", f"/orders/{number}").json()["charged"] == usd("10.41")


@pytest.mark.serial
def test_eight_at_once_with_eight_keys_share_what_is_left(program: Program, run_parallel: Parallel) -> None:
    number = program.paid()
    body = {"packages": [package(items=[{"itemNumber": "12345678901234", "quantity": 1}])]}
    keys = [f"k{n}" for n in range(8)]
    answers = in_parallel(program, run_parallel, "POST", f"/orders/{number}/shipments", body, keys)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201] * 2 + [409] * 6
    assert program.call("GET", f"/orders/{number}").json()["charged"] == usd("20.81")


def test_a_repeat_is_answered_byte_for_byte_whatever_happened_meanwhile(program: Program) -> None:
    number = program.place(key="first")
    paid = program.call("POST", f"/orders/{number}/payments", {"state": "authorized"}, key="pay")
    program.call("POST", f"/orders/{number}/shipments", {"packages": [package()]}, key="ship")
    before = counts(program)
    again = program.call("POST", f"/orders/{number}/payments", {"state": "authorized"}, key="pay")
    assert again.content == paid.content
    assert counts(program) == before
    assert program.place(key="first") == number


def test_blanks_and_the_order_of_members_make_no_difference(program: Program) -> None:
    number = program.place()
    path = f"/orders/{number}/payments"
    one = program.call("POST", path, {"state": "waiting", "reason": "PREORDER"}, key="k")
    other = program.call("POST", path, {"reason": "PREORDER", "state": "waiting"}, key="k")
    assert (other.status_code, other.content) == (200, one.content)


def test_the_key_of_another_request_is_refused(program: Program) -> None:
    number = program.place(key="k")
    for path, body in (
        ("/orders", order(sellerOrderId="other")),
        ("/orders", {"orders": [order(), order()]}),
    ):
        answer = program.call("POST", path, body, key="k")
        assert (answer.status_code, answer.json()["code"]) == (422, "key_reused"), body
    other = program.place(key="k2")
    assert (
        program.call("POST", f"/orders/{number}/payments", {"state": "authorized"}, key="k").status_code
        == 200
    )
    reused = program.call("POST", f"/orders/{other}/payments", {"state": "authorized"}, key="k")
    assert (reused.status_code, reused.json()["facts"]["key"]) == (422, "k")


def test_keys_belong_to_one_program(program: Program, make_program: Maker) -> None:
    colleague = make_program(seller_id=program.seller_id)
    assert program.place(key="k") != colleague.place(key="k")


def test_a_refused_call_frees_its_key(program: Program) -> None:
    number = program.place()
    path = f"/orders/{number}/shipments"
    assert program.call("POST", path, {"packages": [package()]}, key="k").json()["code"] == "order_pending"
    with scoped(program.seller_id):
        assert not IdempotencyKey.objects.filter(key="k").exists()
    program.call("POST", f"/orders/{number}/payments", {"state": "authorized"}, key="pay")
    assert program.call("POST", path, {"packages": [package()]}, key="k").status_code == 201


def test_a_failed_call_frees_its_key(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("sellerdesk.commands.keep", lambda *_given: 1 / 0)
        assert program.call("POST", "/orders", order(), key="k").status_code == 500
    assert counts(program) == (0, 0, 0)
    assert program.call("POST", "/orders", order(), key="k").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "ключ", "x" * 256, "a\tb"])
def test_calls_that_move_money_need_a_key(program: Program, key: str) -> None:
    for path, body in (
        ("/orders", order()),
        ("/orders/111-1111111-1111111/payments", {"state": "authorized"}),
        ("/orders/111-1111111-1111111/shipments", {"packages": [package()]}),
        ("/orders/111-1111111-1111111/warehouse-shipments", {"packages": [package()]}),
    ):
        answer = program.call("POST", path, body, key=key)
        assert (answer.status_code, answer.json()["facts"]["place"]) == (400, "Idempotency-Key")


@pytest.mark.serial
def test_a_call_whose_twin_still_runs_is_told_to_come_again(program: Program) -> None:
    """A transaction of somebody else holds the key; waiting for it ends with the lock time-out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM api_clients WHERE client_id = %s", [program.credentials.client_id])
        client = cursor.fetchone()[0]
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT set_config('sellerdesk.seller', '0', true)")
            cursor.execute(
                "INSERT INTO idempotency_keys (seller_id, principal, operation, key, body_hash, at)"
                " VALUES (%s, %s, 'orders.place', 'k', '', now())",
                [program.seller_id, f"client:{client}"],
            )
            held.set()
            done.wait(30)
            cursor.execute("ROLLBACK")
        connection.close()

    twin = threading.Thread(target=hold)
    twin.start()
    held.wait(30)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    started = time.monotonic()
    answer = program.call("POST", "/orders", order(), key="k")
    done.set()
    twin.join()
    assert (answer.status_code, answer.json()["code"]) == (409, "key_in_use")
    assert answer["Retry-After"] == "1"
    assert time.monotonic() - started < 3
    assert program.call("POST", "/orders", order(), key="k").status_code == 201


def test_the_journal_names_the_key(program: Program) -> None:
    program.place(key="my-key")
    with scoped(program.seller_id):
        entry = JournalEntry.objects.get(order__isnull=False)
    assert (entry.key, entry.door, entry.party, entry.actor) == ("my-key", "api", "SELLER", "Northwind shop")


def test_old_keys_are_forgotten(program: Program) -> None:
    program.place(key="k")
    with scoped(program.seller_id):
        at = IdempotencyKey.objects.get(key="k").at
    assert at > MADE
    assert forget_keys(now=at + KEPT) == 0
    assert forget_keys(now=at + KEPT + timedelta(seconds=1)) == 1
    assert program.place(key="k")
