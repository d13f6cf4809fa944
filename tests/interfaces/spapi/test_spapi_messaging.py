"""Messaging, Solicitations and Uploads (spapi 6): what an order allows, sending it, and the files it carries."""

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.http import HttpResponse
from tests.contracts.models import violations
from tests.interfaces.spapi.conftest import Caller, Clock
from tests.interfaces.spapi.world import NOW, US, a_document, a_program, a_seller, an_actor, paid, placed

from sellerdesk.commands.cleanup import UPLOADS_KEPT, remove_old
from sellerdesk.commands.messages import set_opt_out
from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.commands.shipments import confirm_shipments
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.attachments import STORED_MAX
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.domain.shipments import PackageRequest, ShipmentRequest
from sellerdesk.interfaces.spapi.messaging import ACTIONS, locale
from sellerdesk.interfaces.spapi.uploads import LIFETIME
from sellerdesk.models import JournalEntry, Solicitation, UploadDestination
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.api_messages import ThreadView, thread_of

pytestmark = pytest.mark.usefixtures("committed", "time", "plenty")
PDF = b"%PDF-1.7\nAn invoice."
AT_US = f"marketplaceIds={US}"
REVIEW = "productReviewAndSellerFeedback"
TEXTS = [
    "confirmCustomizationDetails",
    "confirmDeliveryDetails",
    "confirmOrderDetails",
    "confirmServiceDetails",
    "digitalAccessKey",
    "unexpectedProblem",
]
WITH_FILES = ["legalDisclosure", "invoice"]
WARRANTY = {"coverageStartDate": "2026-03-01T00:00:00Z", "coverageEndDate": "2027-03-01T00:00:00Z"}


def body_of(answer: HttpResponse) -> Any:
    return json.loads(answer.content)


class Desk:
    """A seller with a program; answers are checked against the models."""

    def __init__(self, call: Caller) -> None:
        self.call, self.seller = call, a_seller()
        self.token = call.token(a_program(self.seller))

    def order(self, **more: Any) -> str:
        (number,) = paid(self.seller, [a_document(**more)])
        return number

    def shipped(self, *, delivered_days: float | None = None, **more: Any) -> str:
        at = NOW - timedelta(days=delivered_days or 0, hours=5)
        (number,) = paid(self.seller, [a_document(at=at - timedelta(days=1), **more)], now=at)
        package = PackageRequest("UPS", "1Z999AA10123456784", at, reference="1")
        (outcome,) = confirm_shipments(an_actor(self.seller), [ShipmentRequest(number, (package,))], now=at)
        assert outcome.accepted, outcome.refusal
        if delivered_days is not None:
            delivered = ParcelReport(number, "1", "DELIVERED", NOW - timedelta(days=delivered_days), "", "")
            (outcome,) = report_parcel_events(an_actor(self.seller), [delivered], now=NOW)
            assert outcome.accepted, outcome.refusal
        return number

    def ask(self, family: str, number: str, part: str = "", query: str = AT_US) -> HttpResponse:
        answer = self.call.get(f"/{family}/v1/orders/{number}{part}", self.token, query)
        path = f"/{family}/v1/orders/{{amazonOrderId}}{part}"
        assert violations(family, path, "GET", answer.status_code, body_of(answer)) == []
        return answer

    def names(self, number: str, family: str = "messaging") -> list[str]:
        said = body_of(self.ask(family, number))
        embedded = [one["payload"]["name"] for one in said["_embedded"]["actions"]]
        links = [one["name"] for one in said["_links"]["actions"]]
        assert links == embedded
        return links

    def send(self, number: str, name: str, body: Any, query: str = AT_US) -> HttpResponse:
        part = f"/messages/{name}"
        answer = self.call.send(
            "POST", f"/messaging/v1/orders/{number}{part}", self.token, query=query, body=body
        )
        path = f"/messaging/v1/orders/{{amazonOrderId}}{part}"
        assert violations("messaging", path, "POST", answer.status_code, body_of(answer)) == []
        return answer

    def solicit(self, number: str, token: str = "") -> HttpResponse:
        part = f"/solicitations/{REVIEW}"
        path = f"/solicitations/v1/orders/{number}{part}"
        answer = self.call.send("POST", path, token or self.token, query=AT_US)
        model = f"/solicitations/v1/orders/{{amazonOrderId}}{part}"
        assert violations("solicitations", model, "POST", answer.status_code, body_of(answer)) == []
        return answer

    def place_for(self, number: str, name: str, content: bytes = PDF, query: str = "") -> HttpResponse:
        resource = f"messaging/v1/orders/{number}/messages/{name}"
        given = query or f"{AT_US}&contentMD5={quote(md5(content), safe='')}&contentType=application/pdf"
        path = f"/uploads/2020-11-01/uploadDestinations/{resource}"
        answer = self.call.send("POST", path, self.token, query=given)
        model = "/uploads/2020-11-01/uploadDestinations/{resource}"
        said = body_of(answer)
        assert violations("uploads_2020-11-01", model, "POST", answer.status_code, said) == []
        return answer

    def put(self, url: str, content: bytes = PDF) -> HttpResponse:
        return self.call.send("PUT", urlsplit(url).path, raw=content, content_type="application/pdf")

    def uploaded(self, number: str, name: str, content: bytes = PDF) -> str:
        payload = body_of(self.place_for(number, name, content))["payload"]
        assert self.put(payload["url"], content).status_code == 200
        return str(payload["uploadDestinationId"])

    def thread(self, number: str) -> ThreadView:
        found = thread_of(self.seller, number, NOW)
        assert found is not None
        return found


@pytest.fixture
def desk(call: Caller) -> Desk:
    return Desk(call)


def md5(content: bytes) -> str:
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


def details(answer: HttpResponse) -> str:
    (one,) = body_of(answer)["errors"]
    return str(one["details"] or one["message"])


def attached(*uploads: str) -> dict[str, Any]:
    return {
        "attachments": [{"fileName": f"{n}.pdf", "uploadDestinationId": one} for n, one in enumerate(uploads)]
    }


# -- what an order allows ----------------------------------------------------------------------------------------------


def test_the_actions_follow_the_orders_state(desk: Desk) -> None:
    (waiting,) = placed(desk.seller, [a_document()])
    assert desk.names(waiting) == ["attributes"]
    to_ship, shipped = desk.names(desk.order()), desk.names(desk.shipped())
    assert {"confirmCustomizationDetails", "confirmOrderDetails"} <= set(to_ship)
    assert "warranty" not in to_ship
    assert {"warranty", "invoice", "legalDisclosure"} <= set(shipped)
    assert "confirmOrderDetails" not in shipped


def test_links_lead_where_they_say(desk: Desk) -> None:
    number = desk.order()
    said = body_of(desk.ask("messaging", number))
    link = next(one for one in said["_links"]["actions"] if one["name"] == "confirmOrderDetails")
    assert link["href"] == f"/messaging/v1/orders/{number}/messages/confirmOrderDetails?{AT_US}"
    path, _, query = link["href"].partition("?")
    answer = desk.call.send("POST", path, desk.token, query=query, body={"text": "Is size M right?"})
    assert answer.status_code == 201
    schemas = {
        one["payload"]["name"]: one["_embedded"]["schema"]["payload"] for one in said["_embedded"]["actions"]
    }
    assert schemas["confirmOrderDetails"]["required"] == ["text"]
    assert schemas["invoice"]["required"] == ["attachments"]


def test_an_action_that_the_order_does_not_allow_is_403(desk: Desk) -> None:
    number = desk.order()
    answer = desk.send(number, "warranty", WARRANTY)
    assert (answer.status_code, body_of(answer)["errors"][0]["code"]) == (403, "Unauthorized")
    assert "Unshipped" in details(answer)
    assert "x-amzn-RateLimit-Limit" not in answer
    assert desk.thread(number).messages == ()


def test_too_long_after_completion_nothing_can_be_begun(desk: Desk) -> None:
    number = desk.shipped(delivered_days=31)
    assert "unexpectedProblem" not in desk.names(number)
    assert desk.send(number, "unexpectedProblem", {"text": "The key came late."}).status_code == 403


@pytest.mark.parametrize(
    ("language", "place", "said"),
    [
        ("en-US", US, "en-US"),
        ("en", US, "en-US"),
        ("zh-hans", US, "zh-CN"),
        ("zh-Hant", US, "zh-TW"),
        ("fr_ca", US, "fr-CA"),
        ("ja", "A1VC38T7YXB528", "ja-JP"),
    ],
)
def test_the_locale_has_a_region(language: str, place: str, said: str) -> None:
    assert locale(language, place) == said


def test_attributes_tell_the_buyers_language(desk: Desk) -> None:
    number = desk.order(country="JP")
    answer = desk.ask("messaging", number, "/attributes", "marketplaceIds=A1VC38T7YXB528")
    assert body_of(answer) == {"buyer": {"locale": "ja-JP"}}


# -- sending -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TEXTS)
def test_texts_go_into_the_thread(desk: Desk, name: str) -> None:
    number = desk.order()
    answer = desk.send(number, name, {"text": "Is this the right engraving?", "unknown": 1})
    assert (answer.status_code, body_of(answer)) == (201, {})
    assert answer["x-amzn-RateLimit-Limit"]
    (one,) = desk.thread(number).messages
    assert (one.kind, one.text, one.via) == ("seller", "Is this the right engraving?", "spapi")
    assert one.reason == ACTIONS[name][1]
    assert desk.send(number, name, {}).status_code == 400


@pytest.mark.parametrize("name", WITH_FILES)
def test_files_go_into_the_thread(desk: Desk, name: str) -> None:
    number = desk.shipped()
    assert desk.send(number, name, attached(desk.uploaded(number, name))).status_code == 201
    (one,) = desk.thread(number).messages
    assert [(file.name, file.kind, file.size) for file in one.files] == [
        ("0.pdf", "application/pdf", len(PDF))
    ]
    assert desk.send(number, name, {"attachments": []}).status_code == 400


def test_a_warranty_says_its_period(desk: Desk) -> None:
    number = desk.shipped()
    body = WARRANTY | attached(desk.uploaded(number, "warranty"))
    assert desk.send(number, "warranty", body).status_code == 201
    (one,) = desk.thread(number).messages
    assert (one.text, len(one.files)) == ("2026-03-01 – 2027-03-01", 1)
    swapped = {
        "coverageStartDate": WARRANTY["coverageEndDate"],
        "coverageEndDate": WARRANTY["coverageStartDate"],
    }
    assert desk.send(number, "warranty", swapped).status_code == 400
    assert desk.send(number, "warranty", {"coverageStartDate": "soon"}).status_code == 400


def test_the_lint_holds_for_programs_too(desk: Desk) -> None:
    number = desk.order()
    answer = desk.send(number, "confirmOrderDetails", {"text": "Write to me@lantern.example instead."})
    assert answer.status_code == 400
    assert "communication guidelines" in body_of(answer)["errors"][0]["message"]
    assert desk.thread(number).messages == ()


def test_a_buyer_who_wants_no_messages_gets_critical_ones_only(desk: Desk) -> None:
    number = desk.order()
    set_opt_out("ada.quill@buyer.example", True, now=NOW)
    assert desk.send(number, "confirmOrderDetails", {"text": "Is size M right?"}).status_code == 403
    assert (
        desk.send(number, "confirmDeliveryDetails", {"text": "Is the gate open at noon?"}).status_code == 201
    )


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 400), ("marketplaceIds=A1VC38T7YXB528", 400), (f"{AT_US},A1VC38T7YXB528", 400), (AT_US, 201)],
)
def test_exactly_the_orders_marketplace_is_named(desk: Desk, query: str, status: int) -> None:
    number = desk.order()
    answer = desk.send(number, "confirmOrderDetails", {"text": "Is size M right?"}, query)
    assert answer.status_code == status
    assert desk.ask("messaging", number, query=query).status_code == (200 if status == 201 else 400)


def test_the_scope_and_the_plan_hold(desk: Desk, settings: Any) -> None:
    number = desk.order()
    desk.token = desk.call.token(a_program(desk.seller, permissions=[Permission.ORDERS_READ]))
    assert desk.ask("messaging", number).status_code == 403
    assert desk.send(number, "confirmOrderDetails", {"text": "Is size M right?"}).status_code == 403
    assert desk.solicit(number).status_code == 403
    settings.RATE_LIMIT_SCALE = 1
    desk.token = desk.call.token(a_program(desk.seller))
    answers = [desk.ask("messaging", number, "/attributes") for _ in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [429]


# -- solicitations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "why"),
    [(4.99, "too_early"), (5, None), (30, None), (30.01, "too_late")],
)
def test_a_buyer_is_asked_within_the_window_after_delivery(desk: Desk, days: float, why: str | None) -> None:
    number = desk.shipped(delivered_days=days)
    assert desk.names(number, "solicitations") == ([] if why else [REVIEW])
    answer = desk.solicit(number)
    assert answer.status_code == (403 if why else 201)
    if why:
        assert why in details(answer)
    else:
        assert body_of(answer) == {}


def test_a_buyer_is_asked_once(desk: Desk) -> None:
    number = desk.shipped(delivered_days=10)
    assert desk.solicit(number).status_code == 201
    assert desk.names(number, "solicitations") == []
    again = desk.solicit(number)
    assert (again.status_code, "already" in details(again)) == (403, True)
    with scoped(desk.seller):
        assert Solicitation.objects.count() == 1
        assert JournalEntry.objects.filter(kind="solicitation_sent").count() == 1


def test_the_marketplace_may_stand_in_a_body_that_nobody_asked_for(desk: Desk) -> None:
    number = desk.shipped(delivered_days=10)
    path = f"/solicitations/v1/orders/{number}/solicitations/{REVIEW}"
    said = {"marketplaceIds": [US], "MarketplaceIds": [US]}
    assert desk.call.send("POST", path, desk.token).status_code == 400
    assert desk.call.send("POST", path, desk.token, body=said).status_code == 201


def test_what_was_not_delivered_cannot_be_reviewed(desk: Desk) -> None:
    (promised,) = paid(desk.seller, [a_document(at=NOW - timedelta(days=20))], now=NOW - timedelta(days=20))
    package = PackageRequest("UPS", "1Z999AA10123456784", NOW - timedelta(days=19))
    confirm_shipments(
        an_actor(desk.seller), [ShipmentRequest(promised, (package,))], now=NOW - timedelta(days=19)
    )
    with scoped(desk.seller):
        ((until,),) = rows("SELECT latest_delivery_at FROM orders WHERE order_number = %s", [promised])
    asked = desk.solicit(promised)
    # No carrier said a word: the promised delivery counts, and it lies in the window or not.
    assert asked.status_code == (201 if until and NOW - until >= timedelta(days=5) else 403)
    for number in (desk.order(), desk.shipped()):
        assert desk.names(number, "solicitations") == []
        assert "not_delivered" in details(desk.solicit(number))


def test_an_opted_out_buyer_is_not_asked(desk: Desk) -> None:
    number = desk.shipped(delivered_days=10)
    set_opt_out("ada.quill@buyer.example", True, now=NOW)
    assert desk.names(number, "solicitations") == []
    assert "opted_out" in details(desk.solicit(number))


# -- uploads -----------------------------------------------------------------------------------------------------------


def test_the_md5_is_promised_and_kept(desk: Desk) -> None:
    number = desk.order()
    answer = desk.place_for(number, "invoice")
    assert answer.status_code == 201
    payload = body_of(answer)["payload"]
    assert payload["headers"] == {"Content-MD5": md5(PDF), "Content-Type": "application/pdf"}
    other = desk.put(payload["url"], PDF + b"!")
    assert (other.status_code, "contentMD5" in details(other)) == (400, True)
    assert [desk.put(payload["url"]).status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize("spelt", ["quoted", "twice", "bare"])
def test_clients_that_encode_the_md5_in_their_own_ways_are_understood(desk: Desk, spelt: str) -> None:
    content = next(c for n in range(999) if {"+", "/"} <= set(md5(c := PDF + b"%d" % n)))
    given = {
        "quoted": quote(md5(content), safe=""),
        "twice": quote(quote(md5(content)), safe=""),
        "bare": md5(content),
    }
    query = f"{AT_US}&contentMD5={given[spelt]}"
    payload = body_of(desk.place_for(desk.order(), "invoice", content, query))["payload"]
    assert desk.put(payload["url"], content).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        AT_US,
        f"{AT_US}&contentMD5=",
        f"{AT_US}&contentMD5=abc",
        f"{AT_US}&contentMD5={hashlib.md5(PDF, usedforsecurity=False).hexdigest()}",
        f"contentMD5={quote(md5(PDF))}",
        f"{AT_US}&contentMD5={quote(md5(PDF))}&contentType=a%0d%0ab",
    ],
)
def test_what_is_not_promised_well_is_refused(desk: Desk, query: str) -> None:
    assert desk.place_for(desk.order(), "invoice", query=query).status_code == 400


def test_only_operations_that_take_files_have_places(desk: Desk) -> None:
    number = desk.order()
    for resource in (
        f"messaging/v1/orders/{number}/messages/confirmOrderDetails",
        "aplus/2020-11-01/contentDocuments",
        "messaging/v1/orders/../messages/invoice",
    ):
        path = f"/uploads/2020-11-01/uploadDestinations/{resource}"
        answer = desk.call.send("POST", path, desk.token, query=f"{AT_US}&contentMD5={quote(md5(PDF))}")
        assert answer.status_code == 400
    path = f"/uploads/2020-11-01/uploadDestinations//messaging/v1/orders/{number}/messages/invoice"
    assert (
        desk.call.send("POST", path, desk.token, query=f"{AT_US}&contentMD5={quote(md5(PDF))}").status_code
        == 201
    )


def test_the_address_expires_cannot_be_guessed_and_takes_no_more_than_a_message_holds(
    desk: Desk, time: Clock
) -> None:
    url = body_of(desk.place_for(desk.order(), "invoice"))["payload"]["url"]
    assert desk.put(url + "x").status_code == 404
    assert desk.put(url.rpartition("/")[0] + "/guess").status_code == 404
    assert desk.call.get(urlsplit(url).path).status_code == 405
    assert desk.put(url, b"x" * (STORED_MAX + 1)).status_code == 413
    assert desk.put(url, b"").status_code == 400
    time.now += LIFETIME
    late = desk.put(url)
    assert (late.status_code, "expired" in details(late)) == (400, True)


def test_a_file_is_used_only_for_what_it_was_made_for(desk: Desk, call: Caller) -> None:
    first, second = desk.shipped(), desk.shipped()
    upload = desk.uploaded(first, "invoice")
    for number, name in ((second, "invoice"), (first, "legalDisclosure")):
        assert "uploadDestinationId is invalid" in details(desk.send(number, name, attached(upload)))
    empty = body_of(desk.place_for(first, "invoice"))["payload"]["uploadDestinationId"]
    assert "nothing has been uploaded" in details(desk.send(first, "invoice", attached(empty)))
    stranger = Desk(call)
    theirs = stranger.shipped()
    assert "uploadDestinationId is invalid" in details(stranger.send(theirs, "invoice", attached(upload)))
    assert desk.send(first, "invoice", attached(*[upload] * 6)).status_code == 400
    assert desk.send(first, "invoice", attached(upload)).status_code == 201


def test_a_program_in_a_pdfs_clothes_is_refused(desk: Desk) -> None:
    number = desk.shipped()
    upload = desk.uploaded(number, "invoice", b"MZ\x00\x01 program")
    assert desk.send(number, "invoice", attached(upload)).status_code == 400


def test_places_are_forgotten_with_their_bytes(desk: Desk) -> None:
    desk.uploaded(desk.order(), "invoice")
    end = NOW + LIFETIME + UPLOADS_KEPT
    assert remove_old("uploads", now=end, limit=10) == 0
    assert remove_old("uploads", now=end + timedelta(seconds=1), limit=10) == 1
    with scoped(desk.seller):
        assert not UploadDestination.objects.exists()
