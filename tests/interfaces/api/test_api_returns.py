"""Returns over the native API: asked for, authorised, on their way, received, graded, refunded, closed; and read."""

import base64
import io
import json
from datetime import datetime
from typing import Any

import pytest
from PIL import Image
from tests.interfaces.api.conftest import US, Maker, Program, item, usd
from tests.interfaces.api.test_api_problems import problem
from tests.interfaces.api.test_api_refunds import ITEM, NOW, PLAIN, Clock, Desk, all_is_well

from sellerdesk.commands.accounts import PROGRAM_SCOPES
from sellerdesk.config import clock
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.return_facts import ReturnState
from sellerdesk.models import JournalEntry
from sellerdesk.models.sql import run
from sellerdesk.models.tenancy import scoped

HOME = {"name": "Dock 4", "line1": "9 Canary Row", "city": "Tacoma", "postalCode": "98402", "country": "US"}
ONE = [{"itemNumber": ITEM, "units": 1}]
TWO = [{"itemNumber": ITEM, "units": 2}]
ASK = {"reason": "too_small", "lines": TWO}


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ours = Clock()
    monkeypatch.setattr(clock, "now", ours)
    return ours


class Counter(Desk):
    """The desk where returns are carried through."""

    def ask(self, number: str, **said: Any) -> Any:
        return self.call("POST", f"/orders/{number}/returns", "requestReturn", ASK | said)

    def take(self, verb: str, number: str, rma: str, body: Any = None, **more: Any) -> Any:
        path, operation = STEPS[verb]
        return self.call("POST", f"/orders/{number}/returns/{rma}/{path}", operation, body or {}, **more)

    def show(self, number: str, rma: str) -> dict[str, Any]:
        said: dict[str, Any] = self.call("GET", f"/orders/{number}/returns/{rma}", "getReturn").json()
        return said

    def listed(self, query: str = "") -> list[str]:
        found = self.call("GET", f"/returns?{query}", "listReturns").json()
        return [one["rma"] for one in found["returns"]]

    def manual(self) -> None:
        """The seller wants to decide on every return; goods go to its address."""
        with scoped(self.program.seller_id):
            run(
                "INSERT INTO return_settings (seller_id, marketplace_id, automatic, address, instructions)"
                " VALUES (%s, %s, 'manual', '{}', '')",
                [self.program.seller_id, US],
            )

    def journal(self, number: str) -> list[tuple[str, str]]:
        with scoped(self.program.seller_id):
            entries = JournalEntry.objects.filter(order__order_number=number).order_by("id")
            return [(one.kind, one.party) for one in entries if one.kind.startswith("return")]


STEPS = {
    "authorize": ("authorization", "authorizeReturn"),
    "close": ("closing", "closeReturn"),
    "withdraw": ("withdrawal", "withdrawReturn"),
    "scan": ("scans", "reportReturnScan"),
    "receive": ("receipt", "receiveReturn"),
    "grade": ("inspection", "gradeReturn"),
}


@pytest.fixture
def counter(program: Program) -> Counter:
    return Counter(program)


def test_the_whole_road(counter: Counter) -> None:
    counter.manual()
    number = counter.shipped()
    asked = counter.ask(number, comment="Half a size.", wish="refund")
    said = asked.json()
    assert (asked.status_code, said["state"], said["payer"], said["verdict"]) == (
        201, "requested", "buyer", "not_delivered",
    )  # fmt: skip
    rma = said["rma"]
    assert asked["Location"] == f"/api/v1/orders/{number}/returns/{rma}"
    before = counter.show(number, rma)
    assert (before["state"], before["comment"], before["version"]) == (
        "PENDING_AUTHORIZATION",
        "Half a size.",
        1,
    )
    assert before["answerBy"] == "2026-03-03T18:00:00Z"

    missing = problem(counter.take("authorize", number, rma), 422)
    assert (missing["code"], missing["facts"]["place"]) == ("missing_value", "address")
    stale = counter.take("authorize", number, rma, {"address": HOME}, If_Match='"7"')
    assert problem(stale, 412)["code"] == "stale_version"
    body = {
        "address": HOME,
        "label": "uploaded",
        "carrier": "UPS",
        "tracking": "1Z999AA10123456784",
        "ownRma": "RW-7",
    }
    given = counter.take("authorize", number, rma, body, If_Match='"1"')
    assert (given.json()["state"], given.json()["rma"], given["ETag"]) == ("authorized", "RW-7", '"2"')
    rma = "RW-7"
    allowed = counter.show(number, rma)
    assert allowed["address"] == HOME
    assert (allowed["label"], allowed["tracking"], allowed["answerBy"]) == (
        "uploaded",
        "1Z999AA10123456784",
        None,
    )

    seen = {"kind": "IN_TRANSIT", "at": "2026-03-02T17:00:00Z"}
    scanned = counter.take("scan", number, rma, seen).json()
    assert (scanned["state"], scanned["returnState"], scanned["refunded"]) == (
        "recorded", "in_transit_back", usd("0.00"),
    )  # fmt: skip
    assert counter.take("scan", number, rma, seen).json()["state"] == "unchanged"
    early = PLAIN | {"mode": "on_receipt", "reason": "buyer_return", "rma": rma}
    assert problem(counter.refund(number, early), 409)["code"] == "goods_not_back"
    came = counter.take("receive", number, rma, {"lines": TWO}).json()
    assert (came["state"], came["units"]) == ("received", 2)
    assert came["dueAt"] == counter.show(number, rma)["refundBy"] > "2026-03-03"
    graded = counter.take(
        "grade", number, rma, {"grades": [{"itemNumber": ITEM, "grade": "sellable"}]}
    ).json()
    assert (graded["state"], graded["restocked"]) == ("pending_refund", 2)

    made = counter.refund(number, early).json()
    assert (made["total"], made["completes"]) == (usd("20.81"), rma)
    end = counter.show(number, rma)
    assert end["refunds"] == [{"reference": made["reference"], "state": "PENDING", "total": usd("20.81")}]
    assert [(one["received"], one["grade"], one["refunded"]) for one in end["lines"]] == [(2, "sellable", 2)]
    assert counter.call("GET", f"/refunds?rma={rma}", "listRefunds").json()["refunds"][0]["rma"] == rma
    assert counter.journal(number) == [
        ("return_requested", "BUYER"), ("return_authorized", "SELLER"), ("return_departed", "CARRIER"),
        ("return_received", "SELLER"), ("return_graded", "SELLER"),
    ]  # fmt: skip
    all_is_well()


def test_a_retry_asks_once_and_says_the_same(counter: Counter) -> None:  # P1
    number = counter.shipped()
    path = f"/orders/{number}/returns"
    first = counter.call("POST", path, "requestReturn", ASK, key="k")
    again = counter.call("POST", path, "requestReturn", ASK, key="k")
    assert (again.status_code, again.content, again["Location"]) == (201, first.content, first["Location"])
    other = counter.call("POST", path, "requestReturn", ASK | {"reason": "quality"}, key="k")
    assert problem(other, 422)["code"] == "key_reused"
    missing = counter.program.call("POST", path, ASK)
    assert problem(missing, 400)["facts"]["place"] == "Idempotency-Key"
    assert len(counter.listed()) == 1
    rma = first.json()["rma"]
    taken = counter.take("receive", number, rma, key="r")
    assert counter.take("receive", number, rma, key="r").content == taken.content
    assert (
        problem(counter.take("receive", number, rma, key="r2"), 422)["facts"]["place"] == "lines"
    )  # all came


def test_the_first_scan_of_a_prepaid_label_refunds_at_once(counter: Counter) -> None:
    counter.manual()
    number = counter.shipped()
    rma = counter.ask(number).json()["rma"]
    body = {"address": HOME, "label": "prepaid", "carrier": "UPS", "tracking": "1Z999AA10123456784"}
    counter.take("authorize", number, rma, body)
    seen = {"kind": "IN_TRANSIT", "at": "2026-03-02T17:00:00Z"}
    first = counter.take("scan", number, rma, seen, key="s")
    assert (first.json()["state"], first.json()["refunded"]) == ("recorded", usd("20.81"))
    assert counter.take("scan", number, rma, seen, key="s").content == first.content
    assert counter.take("scan", number, rma, seen).json()["state"] == "unchanged"
    assert [one["state"] for one in counter.refunds(number)["refunds"]] == ["RELEASED"]
    all_is_well()


def test_units_that_were_asked_for_cannot_be_asked_for_again(counter: Counter) -> None:  # T14
    number = counter.shipped()
    rma = counter.ask(number, lines=ONE).json()["rma"]
    said = problem(counter.ask(number), 409)
    assert (said["code"], said["facts"]["left"]) == ("return_quantity", 1)
    assert counter.take("withdraw", number, rma).json()["state"] == "closed_by_buyer"
    assert counter.ask(number).status_code == 201
    unshipped = counter.program.paid(placedAt=None)
    assert problem(counter.ask(unshipped), 409)["code"] == "not_shipped"
    assert problem(counter.ask("111-1111111-1111111"), 404)["code"] == "order_not_found"
    assert (
        problem(counter.ask(number, lines=[{"itemNumber": "x", "units": 1}]), 422)["code"] == "item_not_found"
    )
    said = problem(counter.ask(number, lines=ONE + ONE), 422)
    assert (said["code"], said["facts"]["place"]) == ("duplicate_request", "lines[1].itemNumber")


def test_part_of_it_came(counter: Counter) -> None:
    second = "12345678901235"
    number = counter.shipped([item(), item(itemNumber=second, quantity=1)])
    rma = counter.ask(number, lines=[*TWO, {"itemNumber": second, "units": 1}]).json()["rma"]
    said = problem(counter.take("receive", number, rma, {"lines": [{"itemNumber": ITEM, "units": 3}]}), 409)
    assert (said["code"], said["facts"]["left"]) == ("return_quantity", 2)
    assert counter.take("receive", number, rma, {"lines": ONE}).json()["units"] == 1
    assert [line["received"] for line in counter.show(number, rma)["lines"]] == [1, 0]
    grades = {"grades": [{"itemNumber": ITEM, "grade": "damaged"}]}
    assert counter.take("grade", number, rma, grades).json()["state"] == "pending_refund"
    twice = {"grades": grades["grades"] * 2}
    assert problem(counter.take("grade", number, rma, twice), 422)["facts"]["place"] == "grades[1].itemNumber"


def test_a_refused_delivery_is_on_its_way_back(counter: Counter) -> None:
    number = counter.shipped()
    said = counter.ask(number, kind="refused", reason="not_needed").json()
    assert said["state"] == "returning"
    shown = counter.show(number, said["rma"])
    assert (shown["kind"], shown["state"]) == ("refused", "IN_TRANSIT_BACK")
    assert counter.journal(number) == [("return_requested", "CARRIER")]


def test_closing_says_why_and_is_flagged_where_it_is_wrong(counter: Counter) -> None:
    counter.manual()
    number = counter.shipped()
    rma = counter.ask(number).json()["rma"]
    for body in (
        {"reason": "solved"},
        {"reason": "solved", "comment": ""},
        {"reason": "tired", "comment": "x"},
    ):
        assert problem(counter.take("close", number, rma, body), 400)["code"] == "malformed"
    blank = {"reason": "solved", "comment": "  "}
    assert problem(counter.take("close", number, rma, blank), 422)["code"] == "missing_value"
    done = counter.take("close", number, rma, {"reason": "out_of_policy", "comment": "Too late."}).json()
    assert (done["state"], done["wronglyRejected"], done["contacted"]) == ("closed_by_seller", True, False)
    shown = counter.show(number, rma)
    assert (shown["closeReason"], shown["closeComment"], shown["wronglyRejected"]) == (
        "out_of_policy", "Too late.", True,
    )  # fmt: skip
    assert problem(counter.take("authorize", number, rma, {"address": HOME}), 409)["code"] == "return_state"
    assert problem(counter.take("receive", number, "NOPE"), 404)["code"] == "return_not_found"


def test_lists_are_steady_and_narrowed(counter: Counter, make_program: Maker, time: Clock) -> None:
    counter.manual()
    rmas, numbers = [], []
    for _ in range(4):
        number = counter.shipped()
        rmas.append(counter.ask(number).json()["rma"])
        numbers.append(number)
        counter.later(time, minutes=1)
    assert counter.listed() == rmas[::-1]
    first = counter.call("GET", "/returns?limit=3", "listReturns").json()
    counter.take("authorize", numbers[0], rmas[0], {"address": HOME})
    following = f"limit=3&cursor={first['nextCursor']}"
    assert counter.listed(following) == [rmas[0]]
    assert counter.listed("sort=updated") == [*rmas[1:], rmas[0]]
    page = counter.call("GET", "/returns?sort=updated&limit=2", "listReturns").json()
    assert counter.listed(f"sort=updated&limit=2&cursor={page['nextCursor']}") == [rmas[3], rmas[0]]
    assert counter.listed("state=AUTHORIZED") == [rmas[0]]
    assert counter.listed(f"state=AUTHORIZED,PENDING_AUTHORIZATION&orderNumber={numbers[1]}") == [rmas[1]]
    assert counter.listed(f"updatedAfter={at(time.now)}") == [rmas[0]]
    assert counter.listed(f"requestedBefore={at(NOW)}") == []
    assert counter.listed(f"requestedAfter={at(NOW)}&marketplaceId={US}&withClaim=false") == rmas[::-1]
    assert counter.listed("withClaim=true") == []
    for bad in (
        "state=GONE",
        "withClaim=maybe",
        "sort=rma",
        "limit=201",
        "cursor=x",
        "colour=red",
        f"sort=updated&{following}",
    ):
        assert problem(counter.program.call("GET", f"/returns?{bad}"), 400)["code"] == "malformed"
    other = make_program("Southwind")
    assert problem(other.call("GET", f"/returns?{following}"), 400)["facts"]["place"] == "cursor"
    assert other.call("GET", "/returns").json() == {"returns": [], "nextCursor": None}
    assert (
        problem(other.call("GET", f"/orders/{numbers[0]}/returns/{rmas[0]}"), 404)["code"]
        == "return_not_found"
    )


def at(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def test_every_state_can_be_asked_for(counter: Counter) -> None:
    for state in ReturnState:
        assert counter.listed(f"state={state.value}") == []


SCOPES = [
    ("POST", "/orders/{number}/returns", ASK, Permission.RETURNS_REQUEST),
    ("POST", "/orders/{number}/returns/X/withdrawal", {}, Permission.RETURNS_REQUEST),
    ("GET", "/returns", None, Permission.ORDERS_READ),
    ("GET", "/orders/{number}/returns/X", None, Permission.ORDERS_READ),
    ("POST", "/orders/{number}/returns/X/authorization", {}, Permission.RETURNS_HANDLE),
    (
        "POST",
        "/orders/{number}/returns/X/closing",
        {"reason": "solved", "comment": "x"},
        Permission.RETURNS_HANDLE,
    ),
    (
        "POST",
        "/orders/{number}/returns/X/scans",
        {"kind": "DELIVERED", "at": "2026-03-02T17:00:00Z"},
        Permission.PARCELS_REPORT,
    ),
    ("GET", "/return-settings", None, Permission.RETURN_SETTINGS),
    ("PUT", f"/return-settings/{US}", {"automatic": "all"}, Permission.RETURN_SETTINGS),
    ("GET", "/return-rules", None, Permission.RETURN_SETTINGS),
    ("POST", "/return-rules", {"effect": "manual", "sku": "X"}, Permission.RETURN_SETTINGS),
    ("DELETE", "/return-rules/1", None, Permission.RETURN_SETTINGS),
    ("POST", "/orders/{number}/returns/X/receipt", {}, Permission.RETURNS_RECEIVE),
    (
        "POST",
        "/orders/{number}/returns/X/inspection",
        {"grades": [{"itemNumber": ITEM, "grade": "repack"}]},
        Permission.RETURNS_RECEIVE,
    ),
]


def test_each_operation_needs_its_scope_and_no_other(counter: Counter, make_program: Maker) -> None:
    number, seller = counter.shipped(), counter.program.seller_id
    for needed in {one[3] for one in SCOPES}:
        others = make_program("Others", seller_id=seller, scopes=PROGRAM_SCOPES - {needed})
        only = make_program("Only", seller_id=seller, scopes=[needed])
        for method, path, body, scope in SCOPES:
            if scope is needed:
                path = path.format(number=number)
                refused = problem(others.call(method, path, body, key=f"s{path}"), 403)
                assert (refused["code"], refused["facts"]["permission"]) == ("forbidden", needed.value)
                assert only.call(method, path, body, key=f"s{path}").status_code != 403, path


def test_the_buyers_words_need_a_scope(counter: Counter, make_program: Maker) -> None:
    number = counter.shipped()
    rma = counter.ask(number, comment="Half a size.").json()["rma"]
    plain = Counter(make_program("Plain", seller_id=counter.program.seller_id, scopes=["orders.read"]))
    assert "comment" not in plain.show(number, rma)
    assert "Half a size" not in plain.program.call("GET", "/returns").content.decode()


def test_reading_takes_the_same_statements_however_much_there_is(
    counter: Counter, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            counter.ask(counter.shipped())
        with django_assert_max_num_queries(60) as seen:
            assert counter.program.call("GET", "/returns?limit=200").status_code == 200
        counts.append(len(seen.captured_queries))
    assert counts[0] == counts[1]


def test_what_cannot_be_read_is_refused(counter: Counter) -> None:
    number = counter.shipped()
    for wrong in (
        {"reason": "because"}, {"lines": []}, {"lines": [{"itemNumber": ITEM, "units": 0}]}, {"kind": "stolen"},
        {"lines": [{"itemNumber": ITEM, "units": "1"}]}, {"comment": "x" * 2001}, {"comment": "\x00"},
        {"wish": "a pony"}, {"photo": "x"},
    ):  # fmt: skip
        assert problem(counter.ask(number, **wrong), 400)["code"] == "malformed"
    assert counter.listed() == []


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "red").save(drawn, kind)
    return drawn.getvalue()


def file(content: bytes, name: str = "side.png") -> dict[str, str]:
    return {"fileName": name, "content": base64.b64encode(content).decode()}


def test_photos_are_drawn_anew_and_handed_out_as_jpeg(counter: Counter, make_program: Maker) -> None:
    number = counter.shipped()
    rma = counter.ask(number, photos=[file(picture())], lines=ONE).json()["rma"]
    (one,) = counter.show(number, rma)["photos"]
    assert (one["by"], one["fileName"], one["width"], one["height"]) == ("buyer", "side.jpg", 40, 30)
    path = f"/orders/{number}/returns/{rma}/photos/{one['photoId']}"
    got = counter.program.call("GET", path, Accept="image/jpeg")
    assert (got.status_code, got["Content-Type"], got["X-Content-Type-Options"]) == (
        200,
        "image/jpeg",
        "nosniff",
    )
    assert got["Content-Disposition"].startswith("attachment;")
    assert got.content.startswith(b"\xff\xd8\xff")
    other = counter.shipped()
    for wrong in (
        f"{path}9",
        path.replace(number, other),
        f"{path}x",
        f"{path[: -len(str(one['photoId']))]}-1",
    ):
        assert problem(counter.program.call("GET", wrong), 404)["code"] == "not_found"
    assert problem(make_program("Southwind").call("GET", path), 404)["code"] == "not_found"
    blind = make_program("Blind", seller_id=counter.program.seller_id, scopes=["orders.read"])
    assert problem(blind.call("GET", path), 403)["facts"]["permission"] == "buyers.read"
    said: Any = blind.call("GET", f"/orders/{number}/returns/{rma}").json()
    assert "photos" not in said


def test_hostile_photos_are_refused_and_nothing_is_asked(counter: Counter) -> None:
    number = counter.shipped()
    html = b"<html><script>alert(1)</script></html>"
    huge = picture("PNG", (7100, 7100))
    for bad, status, code in (
        (file(html), 422, "photo_refused"),
        (file(picture()[:60]), 422, "photo_refused"),
        (file(huge), 422, "photo_refused"),
        ({"fileName": "a.png", "content": "not base64!"}, 422, "invalid_value"),
        ({"fileName": "a.png", "content": ""}, 400, "malformed"),
    ):
        said = problem(counter.ask(number, photos=[bad]), status)
        assert said["code"] == code, bad["fileName"]
    assert problem(counter.ask(number, photos=[file(picture())] * 7), 400)["code"] == "malformed"
    assert counter.listed() == []


def test_the_warehouse_says_what_it_saw(counter: Counter) -> None:
    number = counter.shipped()
    rma = counter.ask(number).json()["rma"]
    counter.take("receive", number, rma)
    grades = [{"itemNumber": ITEM, "grade": "repack", "sellable": 1, "note": "Opened."}]
    done = counter.take("grade", number, rma, {"grades": grades, "photos": [file(picture())]}).json()
    assert (done["state"], done["restocked"]) == ("pending_refund", 1)
    shown = counter.show(number, rma)
    assert (shown["lines"][0]["note"], shown["photos"][0]["by"]) == ("Opened.", "warehouse")


def test_a_label_of_ones_own(counter: Counter) -> None:
    counter.manual()
    number = counter.shipped()
    rma = counter.ask(number).json()["rma"]
    body = {"address": HOME, "label": "uploaded", "labelCost": usd("4.50"), "labelPayer": "seller"}
    bad = body | {"labelFile": file(b"<html>", "label.pdf")}
    assert problem(counter.take("authorize", number, rma, bad), 422)["code"] == "attachment_type"
    for cost, code in ((usd("-1"), "invalid_value"), (usd("0.001"), "money_precision")):
        said = problem(counter.take("authorize", number, rma, body | {"labelCost": cost}), 422)
        assert (said["code"], said["facts"]["place"]) == (code, "labelCost.amount")
    good = body | {"labelFile": file(picture(), "label.png")}
    assert counter.take("authorize", number, rma, good).json()["state"] == "authorized"


def test_settings_and_rules_decide_what_becomes_of_a_request(counter: Counter) -> None:
    def call(method: str, path: str, operation: str, body: Any = None) -> Any:
        return counter.call(method, path, operation, body, **({"key": ""} if method == "POST" else {}))

    (us, _) = call("GET", "/return-settings", "listReturnSettings").json()["settings"]
    assert (us["marketplaceId"], us["automatic"], us["address"]) == (US, "in_policy", {})
    body = {"automatic": "manual", "address": HOME, "instructions": "Use the dock."}
    saved = call("PUT", f"/return-settings/{US}", "putReturnSetting", body).json()
    assert (saved["automatic"], saved["address"]) == ("manual", HOME)
    assert counter.ask(counter.shipped()).json()["state"] == "requested"
    assert (
        problem(call("PUT", "/return-settings/NOWHERE", "putReturnSetting", body), 422)["code"]
        == "not_participating"
    )

    rule = {"effect": "returnless", "priceTo": usd("10.00")}
    added = call("POST", "/return-rules", "addReturnRule", rule)
    assert (added.status_code, added.json()["priceTo"], added.json()["activeUntil"]) == (
        201,
        usd("10.00"),
        None,
    )
    assert counter.ask(counter.shipped()).json()["state"] == "refunded"
    ended = call("DELETE", f"/return-rules/{added.json()['ruleId']}", "endReturnRule").json()
    assert ended["rules"][0]["activeUntil"] == at(NOW)
    again = counter.program.call("DELETE", f"/return-rules/{added.json()['ruleId']}")
    assert problem(again, 404)["code"] == "not_found"
    for bad, status, code, place in (
        ({"priceTo": usd("-1")}, 422, "invalid_value", "priceTo"),
        ({"priceTo": usd("0.001")}, 422, "money_precision", "priceTo.amount"),
        ({"priceTo": usd("1"), "priceFrom": usd("2")}, 422, "invalid_value", "priceTo"),
        (
            {"priceFrom": {"amount": "1", "currencyCode": "JPY"}},
            422,
            "currency_mismatch",
            "priceTo.currencyCode",
        ),
        ({"priceTo": None}, 422, "missing_value", "priceTo"),
        ({"priceTo": usd("１")}, 400, "malformed", "priceTo.amount"),
    ):
        said = problem(call("POST", "/return-rules", "addReturnRule", rule | bad), status)
        assert (said["code"], said["facts"]["place"]) == (code, place)
    for wide in ({"priceTo": usd("10.01")}, {"priceTo": None, "reason": "defective"}):
        said = problem(call("POST", "/return-rules", "addReturnRule", rule | wide), 422)
        assert (said["code"], said["facts"]["place"]) == ("rule_too_wide", "confirmWide")
        assert "Send confirmWide: true" in said["detail"]
    assert len(call("GET", "/return-rules", "listReturnRules").json()["rules"]) == 1
    sure = rule | {"priceTo": usd("25.00"), "confirmWide": True}
    assert call("POST", "/return-rules", "addReturnRule", sure).status_code == 201


def test_what_a_text_must_look_like_is_said_in_words(counter: Counter) -> None:
    number = counter.shipped()
    path = f"/orders/{number}/returns/RMA-2345678923/authorization"
    for body, place, words in (
        ({"ownRma": "#7 of today"}, "ownRma", "an RMA number such as RMA-2026.17"),
        ({"address": HOME | {"country": "usa"}}, "address.country", "a country as two capital letters"),
        ({"labelCost": usd("1e2")}, "labelCost.amount", "an amount in plain digits as text, such as 12.34"),
    ):
        said = problem(counter.program.call("POST", path, body, key=f"odd-{place}"), 400)
        assert said["facts"]["place"] == place
        assert f"{place}: expected {words}" in said["detail"]
        assert "^" not in json.dumps(said)
