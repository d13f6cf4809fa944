"""Refunds, returns and claims as others hear of them: news by right, bodies after their documented shapes (T16, P5)."""

import json
import re
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from tests import build
from tests.build import PLACED, everything
from tests.flows.aftersales_world import HOLD, NOW, delivered, everything_happens, limit, refunded, undone
from tests.flows.webhooks.world import KeptWeb, a_channel, a_webhook, hand_over

from sellerdesk.commands.notifications import save_notice_settings
from sellerdesk.domain.actors import PERMISSIONS, Permission, Role
from sellerdesk.domain.event_members import MEMBERS, schema_of, schemas
from sellerdesk.domain.events import EVENTS, TYPES
from sellerdesk.domain.notifications import HIDDEN, KINDS, NEWS
from sellerdesk.flows.sweep import sweep
from sellerdesk.flows.webhooks.words import WORDS, say
from sellerdesk.interfaces.web.pages.notice_settings import LABELS
from sellerdesk.models.accounts import Membership, User
from sellerdesk.queries.navigation import surroundings
from sellerdesk.queries.notifications import news_page

pytestmark = pytest.mark.usefixtures("committed")
LATER = NOW + timedelta(days=61)
AFTER = ("return", "refund", "claim", "payment.break", "feedback", "chargeback")


def member(seller: int, role: str) -> int:
    user = User.objects.create_user(f"{role}@shop.example", date_joined=PLACED)
    Membership.objects.create(seller_id=seller, user=user, role=role)
    return int(user.id)


def heard(seller: int, user_id: int) -> set[str]:
    return {one.kind for one in news_page(seller, user_id, limit=1000)}


# --- News ------------------------------------------------------------------------------------------------------------


def test_everything_that_happens_is_news_for_those_who_may_know() -> None:
    seller = build.a_seller()
    people = {role.value: member(seller, role.value) for role in Role}
    everything_happens(seller)
    build.drain_others(LATER)
    happened = {row[0] for row in everything("SELECT DISTINCT kind FROM notifications")}
    assert {kind for kind in KINDS if kind.startswith(("return_", "refund_", "claim_"))} <= happened
    for role, user in people.items():
        assert heard(seller, user) == happened - set(HIDDEN[role]), role
    assert "refund_drafted" in heard(seller, people["finance"])
    assert "refund_drafted" not in heard(seller, people["support"])
    assert "refund_released" in heard(seller, people["support"])
    assert "payment_break_found" not in heard(seller, people["support"])
    assert "refund_released" not in heard(seller, people["readonly"])
    assert "message_received" not in heard(seller, people["finance"])
    assert "return_requested" in heard(seller, people["readonly"])


def test_the_bell_counts_what_the_page_shows() -> None:
    seller = build.a_seller()
    number = delivered(seller)
    reads, decides = member(seller, "readonly"), member(seller, "finance")
    build.drain_others(NOW)
    limit(20)
    refunded(seller, number)
    build.drain_others(NOW)
    counts = [sum(one.unread for one in news_page(seller, user)) for user in (reads, decides)]
    assert counts == [0, 1]
    assert [surroundings(seller, user).unread for user in (reads, decides)] == counts


def test_a_wish_opens_nothing_that_a_role_may_not_see() -> None:
    seller = build.a_seller()
    user = member(seller, "readonly")
    save_notice_settings(build.an_actor(seller), user, "*", {("refund_drafted", "app"): True})
    save_notice_settings(build.an_actor(seller), user, "*", {("refund_drafted", "mail"): True})
    limit(20)
    refunded(seller, delivered(seller))
    build.drain_others(NOW)
    build.drain(NOW)
    assert heard(seller, user) == set()
    assert everything("SELECT 1 FROM mails WHERE reader = %s", [f"u{user}"]) == []


def test_what_is_hidden_follows_from_permissions() -> None:
    for news in NEWS:
        for role, permissions in PERMISSIONS.items():
            assert (news.kind in HIDDEN[role.value]) == (news.needs not in permissions)
    assert {news.kind for news in NEWS if news.needs is Permission.REFUNDS_APPROVE} == {"refund_drafted"}


def test_every_piece_of_news_has_words() -> None:
    assert set(KINDS) <= set(WORDS)
    assert set(KINDS) <= set(LABELS)


# --- Webhooks --------------------------------------------------------------------------------------------------------


def test_every_body_has_its_documented_shape_and_nothing_personal() -> None:
    seller = build.a_seller()
    a_webhook(seller)
    everything_happens(seller, "canary <b>comment</b>")
    web = KeptWeb()
    hand_over(LATER, web)
    told = {body["type"] for body in web.bodies}
    assert {type_ for type_ in TYPES if type_.startswith(AFTER)} - told == set()
    for body in web.bodies:
        jsonschema.validate(body, schema_of(body["type"]))
    everything_said = b"".join(body for _, body, _ in web.sent)
    for personal in (
        b"canary",
        b"Quill",
        b"quill",
        b"Tacoma",
        b"Dock Street",
        b"declined",
        b"lantern.example",
    ):
        assert personal not in everything_said


def test_a_refund_is_told_pending_then_undone_or_released() -> None:
    seller = build.a_seller()
    first, second = delivered(seller), delivered(seller)
    a_webhook(seller, events=("refund.pending", "refund.undone", "refund.released"), at=NOW)
    refunded(seller, first, goodwill=50)
    undone(seller, second, refunded(seller, second))
    sweep(NOW + HOLD)
    web = KeptWeb()
    hand_over(NOW + HOLD, web)
    said = [(body["type"], body["data"]["reference"]) for body in web.bodies]
    assert said == [
        ("refund.pending", f"{first}-R1"),
        ("refund.pending", f"{second}-R1"),
        ("refund.undone", f"{second}-R1"),
        ("refund.released", f"{first}-R1"),
    ]
    pending = web.bodies[0]["data"]
    assert (pending["total"], pending["concessions"], pending["currency"]) == (4368, 50, "USD")
    assert pending["releaseAt"] == (NOW + HOLD).isoformat().replace("+00:00", "Z")


def test_the_schema_of_a_body_refuses_what_is_not_documented() -> None:
    at = "2026-03-10T18:00:00Z"
    data: dict[str, Any] = {
        "sellerId": "A1", "orderNumber": "1", "marketplaceId": "M", "sequence": 1, "party": "SELLER",
        "reference": "1-R1", "total": 100, "currency": "USD",
    }  # fmt: skip
    body = {"type": "refund.released", "timestamp": at, "data": data}
    jsonschema.validate(body, schema_of("refund.released"))
    for wrong in ({"total": "1.00"}, {"currency": "usd"}, {"comment": "x"}, {"party": "ADA"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(body | {"data": data | wrong}, schema_of("refund.released"))


def test_every_member_is_documented_once() -> None:
    assert {name for event in EVENTS for name in event.facts} - set(MEMBERS) == set()
    assert set(MEMBERS) - {name for event in EVENTS for name in event.facts} == set()
    for schema in schemas().values():
        jsonschema.Draft202012Validator.check_schema(schema)
    assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+", type_) for type_ in TYPES)


# --- Chat ------------------------------------------------------------------------------------------------------------


def test_chat_says_it_in_words_without_amounts_or_names() -> None:
    seller = build.a_seller()
    a_channel(seller, language="zh-hans")
    everything_happens(seller, "canary")
    build.drain_others(LATER)
    kinds = {row[0] for row in everything("SELECT DISTINCT type FROM deliveries")}
    assert {kind for kind in KINDS if kind.startswith(("return_", "refund_", "claim_"))} <= kinds
    rows = everything(
        "SELECT j.kind, j.facts::text FROM deliveries d JOIN journal j ON j.id = d.entry_id ORDER BY d.id"
    )
    for kind, facts in rows:
        said = say(kind, "903-1", json.loads(facts))
        assert "903-1" in said
        assert not re.search(r"\{|canary|Ada|USD|4318", said)
