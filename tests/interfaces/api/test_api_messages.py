"""Messages over the native API: the thread, the seller's messages, and what buyers wrote in a storefront."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import pytest
from tests.interfaces.api.conftest import Maker, Program
from tests.interfaces.api.test_api_cancellations import Clock
from tests.interfaces.api.test_api_description import described, schema_of
from tests.interfaces.api.test_api_problems import problem

from sellerdesk.commands.messages import add_notes, set_opt_out
from sellerdesk.config import clock
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.messages import ThreadRequest
from sellerdesk.interfaces.api.message_shapes import BYTES_MOST
from sellerdesk.models import JournalEntry
from sellerdesk.models.tenancy import scoped

NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\nA drawing."
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ours = Clock()
    monkeypatch.setattr(clock, "now", ours)
    return ours


class Shop:
    """A program with a paid order; answers are checked against the description."""

    def __init__(self, program: Program) -> None:
        self.program, self.count = program, 0
        self.described = described(program)
        self.number = program.paid(placedAt=None)
        self.path = f"/orders/{self.number}"

    def post(self, part: str, body: Any, operation: str, key: str = "") -> Any:
        self.count += 1
        answer = self.program.call("POST", f"{self.path}/{part}", body, key=key or f"m{self.count}")
        status = str(answer.status_code) if answer.status_code < 300 else "default"
        jsonschema.validate(answer.json(), schema_of(self.described, operation, status))
        return answer

    def write(self, text: str = "", reason: str = "other_order_question", **more: Any) -> Any:
        return self.post("messages", {"reason": reason, "text": text} | more, "sendMessage")

    def pass_on(self, text: str = "", **more: Any) -> Any:
        return self.post("buyer-messages", {"text": text} | more, "passOnMessage")

    def thread(self) -> dict[str, Any]:
        answer = self.program.call("GET", f"{self.path}/messages")
        jsonschema.validate(answer.json(), schema_of(self.described, "getMessages", "200"))
        said: dict[str, Any] = answer.json()
        return said


@pytest.fixture
def shop(program: Program) -> Shop:
    return Shop(program)


def file(name: str = "drawing.pdf", content: bytes = PDF, **more: Any) -> dict[str, Any]:
    return {"fileName": name, "content": base64.b64encode(content).decode()} | more


def test_a_buyers_message_and_the_answer_stand_in_one_thread(shop: Shop) -> None:
    empty = shop.thread()
    assert (empty["state"], empty["messages"], "answer" in empty["reasons"]) == ("", [], False)

    said = shop.pass_on("Which colour will it be?", topic="product")
    assert (said.status_code, said.json()["state"], said.json()["thread"]) == (
        201,
        "received",
        "open_needs_response",
    )
    assert said.json()["dueAt"] == "2026-03-03T18:00:00Z"
    waiting = shop.thread()
    assert (waiting["state"], waiting["dueAt"]) == ("open_needs_response", "2026-03-03T18:00:00Z")
    assert "answer" in waiting["reasons"]

    answered = shop.write("The red one.", "answer", version=waiting["version"], attachments=[file()])
    assert (answered.status_code, answered.json()["reply"]) == (201, True)
    after = shop.thread()
    assert (after["state"], after["dueAt"]) == ("answered", None)
    assert [(one["kind"], one["text"], one["via"]) for one in after["messages"]] == [
        ("buyer", "Which colour will it be?", "api"),
        ("seller", "The red one.", "api"),
    ]
    assert after["messages"][1]["attachments"] == [
        {"position": 1, "fileName": "drawing.pdf", "contentType": "application/pdf", "size": len(PDF)}
    ]
    with scoped(shop.program.seller_id):
        parties = (
            JournalEntry.objects.filter(kind__startswith="message_")
            .order_by("id")
            .values_list("kind", "party")
        )
        assert list(parties) == [("message_received", "BUYER"), ("message_sent", "SELLER")]


def test_a_wish_in_a_message_is_a_hint_and_nothing_else(shop: Shop) -> None:
    assert shop.pass_on("Please cancel my order.").json()["hint"] == "cancel"
    order = shop.program.call("GET", shop.path).json()
    assert (order["cancellationRequest"], order["items"][0]["cancelRequestedAt"]) == (None, None)


def test_guiding_the_buyer_is_a_message_with_its_reason(shop: Shop, time: Clock) -> None:
    shop.pass_on("Please cancel my order.")
    time.now += timedelta(minutes=40)
    text = "You can ask for it in your account: open the order and choose Request cancellation."
    assert shop.write(text, "cancel_guidance").status_code == 201
    wish = shop.program.call("GET", shop.path).json()["cancellationRequest"]
    assert (wish["kind"], wish["state"]) == ("informal", "guided")


def test_the_lint_names_the_places(shop: Shop) -> None:
    text = "Please write to me at ada@lantern.example about it."
    said = problem(shop.write(text), 422)
    (found,) = [one for one in said["facts"]["findings"] if "@" in text[one["start"] : one["end"]]]
    assert text[found["start"] : found["end"]] == "ada@lantern.example"
    assert said["code"] == "lint_refused"
    assert shop.thread()["messages"] == []


def test_the_external_id_makes_a_repeat_harmless_and_belongs_to_its_program(
    shop: Shop, make_program: Maker
) -> None:
    first = shop.pass_on("Hello?", externalId="m-1").json()
    again = shop.pass_on("Hello?", externalId="m-1").json()
    assert (first["state"], again["state"], again["messageId"]) == (
        "received",
        "unchanged",
        first["messageId"],
    )
    other = make_program(seller_id=shop.program.seller_id)
    body = {"text": "Hello, again?", "externalId": "m-1"}
    assert other.call("POST", f"{shop.path}/buyer-messages", body).json()["state"] == "received"
    assert len(shop.thread()["messages"]) == 2


def test_notes_of_staff_are_not_shown(shop: Shop) -> None:
    staff = Actor(Party.SELLER, "Lin", Door.WEB, shop.program.seller_id)
    (noted,) = add_notes(staff, [ThreadRequest(shop.number, "Difficult one.")], now=NOW)
    assert noted.accepted
    assert "Difficult" not in str(shop.thread())


def test_an_opted_out_buyer_is_reached_by_what_is_critical_only(shop: Shop) -> None:
    set_opt_out("ada@buyers.example", True, now=NOW)
    assert problem(shop.write("Which size do you mean?"), 409)["code"] == "blocked_opt_out"
    assert shop.write("Is your house number 12?", "address_problem").json()["critical"] is True


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([file()] * 6, "too_many_attachments"),
        ([file("run.exe", b"MZ\x00\x01")], "attachment_type"),
        ([file(content=PDF + b"\0" * 10 * MEGABYTE)], "attachment_too_big"),
        ([file() | {"content": "%%%"}], "invalid_value"),
    ],
    ids=["six", "program", "big", "not base64"],
)
def test_files_keep_to_the_limits(shop: Shop, files: Any, code: str) -> None:
    said = shop.write("Here it is.", attachments=files)
    assert said.json()["code"] == code
    assert said.status_code in (409, 413, 422)


def test_ten_megabytes_go_in_one_message_and_larger_bodies_are_stopped_at_the_door(shop: Shop) -> None:
    half = PDF + b"x" * (5 * MEGABYTE - len(PDF))
    assert (
        shop.write("Here it is.", attachments=[file("a.pdf", half), file("b.pdf", half)]).status_code == 201
    )
    assert [one["size"] for one in shop.thread()["messages"][0]["attachments"]] == [5 * MEGABYTE] * 2
    much = {"reason": "answer", "text": "x" * BYTES_MOST}
    assert (
        problem(shop.program.call("POST", f"{shop.path}/messages", much, key="much"), 413)["code"]
        == "too_large"
    )
    elsewhere = {"reason": "no_inventory", "labelOverride": "x" * 6 * MEGABYTE}
    stopped = shop.program.call("POST", f"{shop.path}/cancellation", elsewhere, key="much")
    assert problem(stopped, 413)["code"] == "too_large"


def test_the_same_key_sends_once(shop: Shop) -> None:
    body = {"reason": "other_order_question", "text": "Which size do you mean?"}
    first = shop.post("messages", body, "sendMessage", key="once")
    assert shop.post("messages", body, "sendMessage", key="once").content == first.content
    assert len(shop.thread()["messages"]) == 1
