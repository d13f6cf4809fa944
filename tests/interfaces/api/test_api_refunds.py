"""Refunds over the native API: preview, make, undo, approve, read; hostile amounts; exactly once (P1, P3; T12, T16)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import pytest
from tests import build
from tests.interfaces.api.conftest import Maker, Program, item, package, token_of, usd
from tests.interfaces.api.test_api_description import described, schema_of
from tests.interfaces.api.test_api_problems import problem

from sellerdesk.commands.accounts import PROGRAM_SCOPES
from sellerdesk.config import clock
from sellerdesk.domain.actors import Permission
from sellerdesk.flows.sweep import sweep
from sellerdesk.interfaces.api.describing import listed_codes
from sellerdesk.queries.verify import verify

NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
ITEM = "12345678901234"
PLAIN = {"reason": "general_adjustment", "mode": "goodwill"}
HUNDRED = [item(quantity=1, amounts={"principal": usd("100.00")})]


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ours = Clock()
    monkeypatch.setattr(clock, "now", ours)
    return ours


class Desk:
    """A program whose answers are checked against the description, refusals included."""

    def __init__(self, program: Program) -> None:
        self.program, self.count, self.described = program, 0, described(program)

    def shipped(self, items: Any = None, **more: Any) -> str:
        said = {"placedAt": None, "items": items or [item()]} | more
        number = self.program.paid(**said)
        body = {"packages": [package(shippedAt="2026-03-02T18:00:00Z", tracking=f"1Z{number}")]}
        answer = self.program.call("POST", f"/orders/{number}/shipments", body, key=f"ship-{number}")
        assert answer.status_code == 201, answer.content
        return number

    def later(self, time: Clock, **steps: float) -> None:
        """Tokens do not live as long as refunds are held: get another one."""
        time.now += timedelta(**steps)
        self.program.token = token_of(self.program)

    def call(self, method: str, path: str, operation: str, body: Any = None, **more: Any) -> Any:
        self.count += 1
        if method == "POST":
            more = {"key": f"r{self.count}"} | more
        answer = self.program.call(method, path, body, **more)
        status = str(answer.status_code)
        said = "default" if answer.status_code >= 300 else status
        jsonschema.validate(answer.json(), schema_of(self.described, operation, said))
        if answer.status_code >= 401:
            assert answer.json()["code"] in self.codes(operation, status), answer.content
        return answer

    def codes(self, operation: str, status: str) -> list[str]:
        for methods in self.described["paths"].values():
            for one in methods.values():
                if one["operationId"] == operation:
                    return listed_codes(one["responses"], status)
        raise AssertionError(operation)

    def refund(self, number: str, body: Any = None, **more: Any) -> Any:
        return self.call("POST", f"/orders/{number}/refunds", "makeRefund", PLAIN | (body or {}), **more)

    def preview(self, number: str, body: Any = None, **more: Any) -> dict[str, Any]:
        path = f"/orders/{number}/refunds/preview"
        said: dict[str, Any] = self.call("POST", path, "previewRefund", PLAIN | (body or {}), **more).json()
        return said

    def refunds(self, number: str) -> dict[str, Any]:
        said: dict[str, Any] = self.call("GET", f"/orders/{number}/refunds", "listRefundsOfOrder").json()
        return said

    def left(self, number: str) -> str:
        return str(self.refunds(number)["balance"]["left"]["amount"])

    def step(self, verb: str, number: str, reference: str, **more: Any) -> Any:
        path = f"/orders/{number}/refunds/{reference}/{verb}"
        return self.call("POST", path, f"{verb}Refund", {}, **more)


@pytest.fixture
def desk(program: Program) -> Desk:
    return Desk(program)


def all_is_well() -> None:
    assert [violation for finding in verify() for violation in finding.violations] == []


def amount(text: Any, currency: Any = "USD") -> dict[str, Any]:
    return {"amount": text, "currencyCode": currency}


def test_the_preview_is_what_happens_and_it_is_held_until_its_end(desk: Desk, time: Clock) -> None:
    number = desk.shipped()  # 20.00 and 0.81 tax for two
    body = {
        "lines": [{"itemNumber": ITEM, "units": 1}],
        "goodwill": usd("1.00"),
        "note": "n",
        "words": "Sorry.",
    }
    before = desk.preview(number, body)
    assert (before["accepted"], before["left"], before["leftAfter"]) == (True, usd("20.81"), usd("10.40"))
    assert (before["state"], before["total"], before["holdMinutes"]) == ("pending", usd("11.41"), 120)
    parts = {one["component"]: one["amount"] for one in before["parts"]}
    assert parts == {"principal": usd("10.00"), "tax": usd("0.41")}
    assert desk.refunds(number)["refunds"] == []  # looking does nothing

    body["expectsLeft"] = before["left"]
    made = desk.refund(number, body, If_Match=f'"{before["version"]}"')
    assert made.status_code == 201
    said = made.json()
    assert (said["state"], said["total"], said["left"]) == ("pending", usd("11.41"), usd("10.40"))
    assert (said["releaseAt"], made["ETag"]) == ("2026-03-02T20:00:00Z", f'"{said["version"]}"')
    assert made["Location"] == f"/api/v1/orders/{number}/refunds/{said['reference']}"

    held = desk.call("GET", made["Location"].removeprefix("/api/v1"), "getRefund").json()
    assert (held["state"], held["releaseAt"], held["fee"]) == ("PENDING", said["releaseAt"], usd("0.00"))
    assert (held["note"], held["words"], held["author"]) == ("n", "Sorry.", "Northwind shop")
    assert held["units"] == [{"itemNumber": ITEM, "units": 1}]
    balance = desk.refunds(number)["balance"]
    assert (balance["pending"], balance["refunded"], balance["concessionsPending"]) == (
        usd("10.41"), usd("0.00"), usd("1.00"),
    )  # fmt: skip
    desk.later(time, hours=2)
    over = problem(desk.step("undo", number, said["reference"]), 409)
    assert (over["code"], over["facts"]["ended"]) == ("hold_over", "2026-03-02T20:00:00+00:00")
    sweep(time.now)
    after = desk.refunds(number)
    assert after["refunds"][0]["state"] == "RELEASED"
    assert (after["balance"]["refunded"], after["balance"]["pending"]) == (usd("10.41"), usd("0.00"))
    all_is_well()


def test_it_can_be_undone_while_it_is_held(desk: Desk, time: Clock) -> None:  # T16
    number = desk.shipped()
    reference = desk.refund(number).json()["reference"]
    assert desk.left(number) == "0.00"
    desk.later(time, hours=1, minutes=59, seconds=59)
    done = desk.step("undo", number, reference, key="undo")
    assert (done.json()["state"], done.json()["total"]) == ("cancelled", usd("20.81"))
    assert desk.step("undo", number, reference, key="undo").content == done.content
    assert problem(desk.step("undo", number, reference), 409)["code"] == "refund_state"
    assert desk.left(number) == "20.81"
    assert problem(desk.step("undo", number, f"{number}-R9"), 404)["code"] == "refund_not_found"
    all_is_well()


def test_above_the_limit_another_program_agrees(desk: Desk, make_program: Maker, time: Clock) -> None:
    number = desk.shipped([item(quantity=1, amounts={"principal": usd("600.00")})])
    drafted = desk.refund(number).json()
    assert (drafted["state"], drafted["releaseAt"], drafted["warnings"]) == (
        "drafted",
        None,
        ["needs_approval"],
    )
    assert problem(desk.step("approve", number, drafted["reference"]), 409)["code"] == "approval_needed"
    second = Desk(make_program("Ledger", seller_id=desk.program.seller_id))
    second.later(time, hours=5)
    agreed = second.step("approve", number, drafted["reference"]).json()
    assert (agreed["state"], agreed["releaseAt"]) == ("pending", "2026-03-03T01:00:00Z")
    held = second.refunds(number)["refunds"][0]
    assert (held["state"], held["author"], held["approvedBy"]) == ("PENDING", "Northwind shop", "Ledger shop")


def test_who_asks_for_more_hears_what_is_left(desk: Desk) -> None:
    number = desk.shipped(HUNDRED)
    assert desk.refund(number, {"amount": usd("60.00")}).status_code == 201
    said = problem(desk.refund(number, {"amount": usd("60.00")}), 409)
    assert said["code"] == "refund_exceeded"
    assert (said["facts"]["left"], said["facts"]["currency"]) == ("40.00", "USD")
    assert said["detail"] == "60.00 USD was asked, 40.00 USD is left to refund."
    seen = {"amount": usd("40.00"), "expectsLeft": usd("100.00")}
    said = problem(desk.refund(number, seen), 409)
    assert (said["code"], said["facts"]["left"]) == ("left_changed", "40.00")
    assert problem(desk.refund(number, If_Match='"1"'), 412)["code"] == "stale_version"
    assert desk.preview(number, {"amount": usd("41.00")})["problem"]["code"] == "refund_exceeded"
    assert desk.refund(number, {"amount": usd("40.00")}).json()["left"] == usd("0.00")
    assert problem(desk.refund(number), 409)["code"] == "nothing_to_refund"


def test_a_lost_reply_and_a_retry_are_one_refund(desk: Desk) -> None:  # P1
    number = desk.shipped(HUNDRED)
    body = {"amount": usd("60.00")}
    first = desk.refund(number, body, key="k")
    again = desk.refund(number, body, key="k")
    assert (again.status_code, again.content, again["Location"]) == (201, first.content, first["Location"])
    assert problem(desk.refund(number, {"amount": usd("30.00")}, key="k"), 422)["code"] == "key_reused"
    assert problem(desk.refund(number, body, key="k", If_Match='"9"'), 422)["code"] == "key_reused"
    assert desk.left(number) == "40.00"
    refused = problem(desk.refund(number, body, key="free"), 409)
    assert refused["code"] == "refund_exceeded"
    assert (
        desk.refund(number, {"amount": usd("40.00")}, key="free").status_code == 201
    )  # a refusal frees its key
    missing = desk.program.call("POST", f"/orders/{number}/refunds", PLAIN)
    assert problem(missing, 400)["facts"]["place"] == "Idempotency-Key"
    all_is_well()


@pytest.mark.serial
def test_the_same_call_eight_times_at_once_refunds_once(
    desk: Desk, run_parallel: Callable[[int, Callable[[int], Any]], list[Any]]
) -> None:
    number = desk.shipped(HUNDRED)
    body = PLAIN | {"amount": usd("10.00")}

    def send(_: int) -> Any:
        mine = Program(desk.program.seller_id, desk.program.credentials, desk.program.token)
        return mine.call("POST", f"/orders/{number}/refunds", body, key="same")

    answers = run_parallel(8, send)
    assert {one.status_code for one in answers} == {201}
    assert len({one.content for one in answers}) == 1
    assert desk.left(number) == "90.00"


BAD_AMOUNTS = [
    # amount, currency, status, code, where it stands
    ("-1", "USD", 422, "invalid_value", "amount"),
    ("-0.01", "USD", 422, "invalid_value", "amount"),
    ("0.00", "USD", 422, "invalid_value", "amount"),
    ("0.001", "USD", 422, "money_precision", "amount"),
    ("10.005", "USD", 422, "money_precision", "amount"),
    ("10.5", "JPY", 422, "money_precision", "amount"),
    ("NaN", "USD", 400, "malformed", "amount"),
    ("Infinity", "USD", 400, "malformed", "amount"),
    ("1e2", "USD", 400, "malformed", "amount"),
    ("+1", "USD", 400, "malformed", "amount"),
    (" 1", "USD", 400, "malformed", "amount"),
    ("1\n", "USD", 400, "malformed", "amount"),
    ("1,00", "USD", 400, "malformed", "amount"),
    ("0x10", "USD", 400, "malformed", "amount"),
    ("１０", "USD", 400, "malformed", "amount"),
    ("١٠", "USD", 400, "malformed", "amount"),
    ("", "USD", 400, "malformed", "amount"),
    ("9" * 16, "USD", 400, "malformed", "amount"),
    (10, "USD", 400, "malformed", "amount"),
    (10.5, "USD", 400, "malformed", "amount"),
    (None, "USD", 400, "malformed", "amount"),
    ("10.00", "EUR", 422, "currency_mismatch", "currencyCode"),
    ("10", "JPY", 422, "currency_mismatch", "currencyCode"),
    ("10.00", "usd", 400, "malformed", "currencyCode"),
    ("10.00", "ＵＳＤ", 400, "malformed", "currencyCode"),
    ("999999999999999.99", "USD", 409, "refund_exceeded", ""),
]


@pytest.mark.parametrize(("text", "currency", "status", "code", "member"), BAD_AMOUNTS)
def test_hostile_amounts_are_named_and_change_nothing(
    desk: Desk, text: Any, currency: str, status: int, code: str, member: str
) -> None:
    number = desk.shipped(HUNDRED)
    bad = amount(text, currency)
    places = {
        "amount": {"amount": bad},
        "lines[0].amounts.product": {"lines": [{"itemNumber": ITEM, "amounts": {"product": bad}}]},
        "lines[0].amounts.principal": {"lines": [{"itemNumber": ITEM, "amounts": {"principal": bad}}]},
    }
    if status != 409:
        places |= {name: {"onlyConcessions": True, name: bad} for name in ("goodwill", "returnShipping")}
        places["fee"] = {"fee": bad}
    for place, body in places.items():
        said = problem(desk.refund(number, body), status)
        assert said["code"] == code, (place, said)
        if member:
            assert said["facts"]["place"] == f"{place}.{member}", said
        several = [{"orderNumber": number} | PLAIN | one for one in ({"amount": usd("1.00")}, body)]
        path = "/refunds/preview" if status == 409 or code == "currency_mismatch" else "/refunds"
        batch = desk.program.call("POST", path, {"refunds": several}, key=f"b-{place}")
        if path == "/refunds":
            said = problem(batch, status)
            assert said["facts"]["place"] == f"refunds[1].{place}.{member}", said
        else:
            assert batch.json()["previews"][1]["problem"]["code"] == code
    after = desk.refunds(number)
    assert (after["refunds"], after["balance"]["left"]) == ([], usd("100.00"))


@pytest.mark.parametrize(
    "body",
    [
        {"amount": usd("1.00"), "lines": [{"itemNumber": ITEM, "units": 1}]},
        {"amount": usd("1.00"), "onlyConcessions": True},
        {"lines": []},
        {"lines": [{"itemNumber": ITEM}]},
        {"lines": [{"itemNumber": ITEM, "units": 1, "amounts": {"tax": usd("0.01")}}]},
        {"lines": [{"itemNumber": ITEM, "amounts": {}}]},
        {"lines": [{"itemNumber": ITEM, "units": 0}]},
        {"lines": [{"itemNumber": ITEM, "units": True}]},
        {"reason": "because"},
        {"mode": None},
        {"goodwil": usd("1.00")},
        {"note": "x" * 256},
    ],
)
def test_what_cannot_be_read_is_refused(desk: Desk, body: Any) -> None:
    number = desk.shipped()
    assert problem(desk.refund(number, body), 400)["code"] == "malformed"
    assert desk.left(number) == "20.81"


def test_places_of_refusals_are_those_of_the_body(desk: Desk) -> None:
    number = desk.shipped()
    line = {"itemNumber": ITEM, "units": 1}
    said = problem(desk.refund(number, {"lines": [line, line]}), 422)
    assert (said["code"], said["facts"]["place"]) == ("duplicate_request", "lines[1].itemNumber")
    mixed = {"amount": usd("1.00"), "goodwill": amount("1", "JPY")}
    said = problem(desk.refund(number, mixed), 422)
    assert (said["code"], said["facts"]["place"]) == ("currency_mismatch", "goodwill.currencyCode")
    both = {"lines": [{"itemNumber": ITEM, "amounts": {"product": usd("1.00"), "tax": usd("0.10")}}]}
    assert problem(desk.refund(number, both), 422)["facts"]["place"] == "lines[0].amounts.product.amount"
    assert problem(desk.refund(number, {"onlyConcessions": True}), 422)["facts"]["place"] == "returnShipping"
    positive = {"lines": [{"itemNumber": ITEM, "amounts": {"promotionDiscount": usd("1.00")}}]}
    said = problem(desk.refund(number, positive), 422)
    assert said["facts"]["place"] == "lines[0].amounts.promotionDiscount.amount"
    assert problem(desk.refund(number, {"fee": usd("1.00")}), 409)["code"] == "deduction_not_allowed"
    assert problem(desk.refund(number, {"goodwill": usd("999.00")}), 409)["code"] == "concession_exceeded"
    assert problem(desk.refund(number, {"rma": "NOPE"}), 404)["code"] == "return_not_found"
    early = {"mode": "advance", "reason": "buyer_return"}
    assert problem(desk.refund(number, early), 409)["code"] == "override_needed"
    assert desk.preview(number, early)["questions"][0]["code"] == "override_needed"
    assert desk.refund(number, early | {"override": "A good customer."}).status_code == 201


def test_several_orders_in_one_call(desk: Desk) -> None:
    first, second, unpaid = desk.shipped(), desk.shipped(), desk.program.place()
    numbers = [first, second, first, unpaid, "111-1111111-1111111"]
    body = {"refunds": [{"orderNumber": number} | PLAIN for number in numbers]}
    seen = desk.call("POST", "/refunds/preview", "previewRefunds", body).json()["previews"]
    assert [one["accepted"] for one in seen] == [True, True, False, False, False]
    made = desk.call("POST", "/refunds", "makeRefunds", body, key="many")
    outcomes = made.json()["outcomes"]
    assert [one["state"] for one in outcomes] == ["pending", "pending", "refused", "refused", "refused"]
    assert [one["problem"]["code"] for one in outcomes[2:]] == [
        "nothing_to_refund", "order_pending", "order_not_found",
    ]  # fmt: skip
    assert desk.call("POST", "/refunds", "makeRefunds", body, key="many").content == made.content
    body["refunds"].pop()
    assert (
        problem(desk.call("POST", "/refunds", "makeRefunds", body, key="many"), 422)["code"] == "key_reused"
    )
    assert (desk.left(first), desk.left(second)) == ("0.00", "0.00")
    all_is_well()


def test_pages_of_refunds_never_shift(desk: Desk, make_program: Maker) -> None:
    numbers = [desk.shipped(HUNDRED) for _ in range(3)]
    made = [desk.refund(number, {"amount": usd("1.00")}).json()["reference"] for number in numbers]
    first = desk.call("GET", "/refunds?limit=2&state=PENDING,DRAFT", "listRefunds").json()
    assert [one["reference"] for one in first["refunds"]] == [made[2], made[1]]
    desk.refund(numbers[0], {"amount": usd("2.00")})
    path = f"/refunds?limit=2&state=PENDING,DRAFT&cursor={first['nextCursor']}"
    rest = desk.call("GET", path, "listRefunds").json()
    assert ([one["reference"] for one in rest["refunds"]], rest["nextCursor"]) == ([made[0]], None)
    of_one = desk.call("GET", f"/refunds?orderNumber={numbers[0]}", "listRefunds").json()["refunds"]
    assert [one["reference"] for one in of_one] == [f"{numbers[0]}-R2", f"{numbers[0]}-R1"]
    assert desk.call("GET", "/refunds?state=SETTLED", "listRefunds").json()["refunds"] == []
    assert (
        desk.call("GET", "/refunds?requestedBefore=2026-03-02T18:00:00Z", "listRefunds").json()["refunds"]
        == []
    )
    for bad in ("state=GONE", "limit=0", "cursor=x", "colour=red", "requestedAfter=today", "state=&x=1"):
        assert problem(desk.program.call("GET", f"/refunds?{bad}"), 400)["code"] == "malformed"
    other = make_program("Southwind")
    assert problem(other.call("GET", path), 400)["facts"]["place"] == "cursor"
    assert other.call("GET", "/refunds").json()["refunds"] == []


def test_amounts_and_words_need_their_scopes(desk: Desk, make_program: Maker) -> None:
    number = desk.shipped()
    reference = desk.refund(number, {"words": "Sorry."}).json()["reference"]
    plain = Desk(make_program("Plain", seller_id=desk.program.seller_id, scopes=["orders.read"]))
    said = plain.refunds(number)
    assert "balance" not in said
    assert not {"total", "parts", "fee", "goodwill", "words"} & said["refunds"][0].keys()
    path = f"/orders/{number}/refunds/{reference}"
    assert "total" not in plain.call("GET", path, "getRefund").json()


SCOPES = [
    ("POST", "/orders/{number}/refunds", PLAIN, Permission.REFUNDS_MAKE),
    ("POST", "/orders/{number}/refunds/preview", PLAIN, Permission.REFUNDS_MAKE),
    ("POST", "/orders/{number}/refunds/{number}-R1/undo", {}, Permission.REFUNDS_MAKE),
    ("POST", "/orders/{number}/refunds/{number}-R1/approve", {}, Permission.REFUNDS_APPROVE),
    ("GET", "/orders/{number}/refunds", None, Permission.ORDERS_READ),
    ("GET", "/orders/{number}/refunds/{number}-R1", None, Permission.ORDERS_READ),
    ("GET", "/refunds", None, Permission.ORDERS_READ),
    (
        "POST",
        "/refunds",
        {"refunds": [PLAIN | {"orderNumber": "111-1111111-1111111"}]},
        Permission.REFUNDS_MAKE,
    ),
    (
        "POST",
        "/refunds/preview",
        {"refunds": [PLAIN | {"orderNumber": "111-1111111-1111111"}]},
        Permission.REFUNDS_MAKE,
    ),
]


def test_each_operation_needs_its_scope_and_no_other(desk: Desk, make_program: Maker) -> None:
    number = desk.shipped()
    seller = desk.program.seller_id
    for needed in {one[3] for one in SCOPES}:
        others = make_program("Others", seller_id=seller, scopes=PROGRAM_SCOPES - {needed})
        only = make_program("Only", seller_id=seller, scopes=[needed])
        for method, path, body, scope in SCOPES:
            if scope is not needed:
                continue
            path = path.format(number=number)
            refused = problem(others.call(method, path, body, key=f"s{path}"), 403)
            assert (refused["code"], refused["facts"]["permission"]) == ("forbidden", needed.value)
            assert only.call(method, path, body, key=f"s{path}").status_code != 403, path


CURRENCIES = [
    # country's order is placed in USD and JPY; the tables are told that it was dinars
    ("USD", "100.00", "33.33", "66.67"),
    ("JPY", "10000", "3333", "6667"),
    ("KWD", "10.000", "3.333", "6.667"),
]


@pytest.mark.parametrize(("currency", "charged", "part", "rest"), CURRENCIES)
def test_decimals_are_those_of_the_currency(
    desk: Desk, currency: str, charged: str, part: str, rest: str
) -> None:
    place = "A1VC38T7YXB528" if currency == "JPY" else "ATVPDKIKX0DER"
    stated = "JPY" if currency == "JPY" else "USD"
    text = (
        charged if currency != "KWD" else "100.00"
    )  # ten thousand of the smallest unit, whatever it is called
    items = [item(quantity=3, amounts={"principal": amount(text, stated)})]
    number = desk.program.paid(placedAt=None, items=items, marketplaceId=place)
    if currency == "KWD":
        build.change("UPDATE orders SET currency = 'KWD' WHERE order_number = %s", [number])
        build.change("UPDATE charges SET currency = 'KWD'")
    body = {"packages": [package(shippedAt="2026-03-02T18:00:00Z")]}
    assert desk.program.call("POST", f"/orders/{number}/shipments", body, key="s").status_code == 201
    first = desk.refund(number, {"amount": amount(part, currency)}).json()
    assert (first["total"], first["left"]) == (amount(part, currency), amount(rest, currency))
    too_fine = part + ("1" if "." in part else ".1")
    assert (
        problem(desk.refund(number, {"amount": amount(too_fine, currency)}), 422)["code"] == "money_precision"
    )
    said = problem(desk.refund(number, {"amount": amount(charged, currency)}), 409)
    assert (said["facts"]["left"], said["facts"]["currency"]) == (rest, currency)
    assert desk.refund(number, {"amount": amount(rest, currency)}).json()["left"] == amount(
        "0." + "0" * len(rest.partition(".")[2]) if "." in rest else "0", currency
    )


def test_reading_takes_the_same_statements_however_much_there_is(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    number = desk.shipped(HUNDRED)
    for path in (f"/orders/{number}/refunds", "/refunds?limit=200"):
        counts = []
        for _ in range(2):
            with django_assert_max_num_queries(60) as seen:
                assert desk.program.call("GET", path).status_code == 200
            counts.append(len(seen.captured_queries))
            for _ in range(4):
                desk.refund(number, {"amount": usd("0.50")})
        assert counts[0] == counts[1], path
