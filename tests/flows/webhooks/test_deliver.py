"""Webhooks: every fact at least once under one id, in turns that nobody can hold up (P5, P6)."""

import json
import random
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook
from tests import build
from tests.adapters.web.receiver import answer, receiving
from tests.flows.webhooks.world import (
    LOOPBACK,
    NOW,
    STATES,
    KeptWeb,
    a_webhook,
    hand_over,
    happen,
    loopback,
)

from sellerdesk.adapters.web.base import NotAllowed, Unreachable
from sellerdesk.commands import deliveries as commands
from sellerdesk.commands.deliveries import replay_delivery, replay_since, reserve_turn, send_test
from sellerdesk.commands.receivers import (
    ReceiverDraft,
    change_receiver,
    create_receiver,
    delete_receiver,
    rotate_secret,
    switch_receiver,
)
from sellerdesk.config import clock
from sellerdesk.domain.actors import PERMISSIONS, Actor, Door, Party, Role
from sellerdesk.domain.events import EVENTS, TEST, TYPES, UNPUBLISHED
from sellerdesk.domain.receivers import FAILING_FOR, MOST_RECEIVERS, PAUSES, ReceiverKind
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.flows.webhooks import deliver as flow
from sellerdesk.interfaces.web.timeline import TITLES

Parallel = Callable[[int, Callable[[int], Any]], list[Any]]
DUE = "SELECT r.id, r.state, r.disabled_because FROM receivers r ORDER BY r.id"
RECEIVER_FACTS = (
    "SELECT kind, facts->>'because' FROM journal"
    " WHERE kind = ANY('{receiver_disabled,delivery_given_up}') ORDER BY id"
)


# --- What is told ----------------------------------------------------------------------------------------------------


def test_every_kind_of_the_journal_is_told_or_kept_on_purpose() -> None:
    published = {event.kind for event in EVENTS}
    assert published & UNPUBLISHED == set()
    assert set(TITLES) - published - UNPUBLISHED == set(), "say in domain/events.py whether this goes outside"
    assert len(published) == len(EVENTS)


def test_an_order_is_told_from_its_placing_on(committed: None) -> None:
    seller = build.a_seller()
    a_webhook(seller)
    number = build.a_shipped_order(seller)
    web = KeptWeb()
    assert hand_over(NOW, web).delivered == 3
    assert [body["type"] for body in web.bodies] == [
        "order.placed",
        "payment.authorized",
        "shipment.confirmed",
    ]
    assert [body["data"]["sequence"] for body in web.bodies] == [1, 2, 3]
    placed, _, shipped = web.bodies
    assert placed["timestamp"] == "2026-03-02T18:00:00Z"
    assert shipped["data"]["orderNumber"] == number
    assert shipped["data"]["status"] == "Shipped"
    assert shipped["data"]["packages"][0]["reference"] == "1"
    assert build.everything(STATES) == [("delivered", 1, 204, "")] * 3


def test_nothing_personal_and_no_text_of_a_message_is_told(committed: None) -> None:
    seller = build.a_seller()
    a_webhook(seller)
    number = build.a_shipped_order(seller, address=None)
    said = {"message": 7, "text": "call me: canary", "from": "canary@x.example"}
    happen(seller, "message_received", said, order=number)
    happen(seller, "cancellation_requested", {"words": "canary", "reason": "other", "units": 2}, order=number)
    web = KeptWeb()
    hand_over(NOW, web)
    told = b"".join(body for _, body, _ in web.sent)
    for personal in (b"canary", b"Quill", b"quill", b"Tacoma", b"206", b"Test"):
        assert personal not in told
    assert web.bodies[-2]["data"]["message"] == 7
    assert web.bodies[-1]["data"]["reason"] == "other"


def test_it_is_signed_so_that_the_standards_library_believes_it(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seller = build.a_seller()
    now = clock.now()  # the library compares with the real one
    made = a_webhook(seller, at=now - timedelta(hours=1))
    build.a_placed_order(seller, at=now - timedelta(minutes=1))
    web = KeptWeb()
    hand_over(now, web)
    ((_, body, headers),) = web.sent
    assert Webhook(made.secret).verify(body, headers)["type"] == "order.placed"
    with pytest.raises(Exception, match="signature"):
        Webhook(made.secret).verify(body + b" ", headers)


def test_two_secrets_sign_while_one_replaces_the_other(committed: None) -> None:
    seller = build.a_seller()
    now = clock.now()
    made = a_webhook(seller, at=now - timedelta(days=9))
    fresh = rotate_secret(build.an_actor(seller), made.id, now=now)
    assert fresh is not None
    build.a_placed_order(seller, at=now)
    web = KeptWeb()
    hand_over(now, web)
    _, body, headers = web.sent[-1]
    for secret in (made.secret, fresh):
        Webhook(secret).verify(body, headers)
    build.a_placed_order(seller, at=now)
    hand_over(now + timedelta(hours=25), web)
    assert len(web.sent[-1][2]["webhook-signature"].split(" ")) == 1


def test_a_receiver_hears_what_it_chose_of_its_own_seller_since_it_was_made(committed: None) -> None:
    seller, other = build.a_seller(), build.a_seller("Other", email="o@x.example")
    early = build.a_placed_order(seller, at=build.PLACED - timedelta(hours=1))
    a_webhook(seller, "https://one.example/", events=("shipment.confirmed",))
    a_webhook(seller, "https://all.example/")
    a_webhook(other, "https://other.example/")
    number = build.a_shipped_order(seller)
    web = KeptWeb()
    hand_over(NOW, web)
    pairs = zip(web.sent, web.bodies, strict=True)
    told = [(url, body["type"], body["data"]["orderNumber"]) for (url, _, _), body in pairs]
    assert sorted(told) == [
        ("https://all.example/", "order.placed", number),
        ("https://all.example/", "payment.authorized", number),
        ("https://all.example/", "shipment.confirmed", number),
        ("https://one.example/", "shipment.confirmed", number),
    ]
    assert early not in str(told)


def test_reading_the_journal_again_owes_nothing_again(committed: None) -> None:
    seller = build.a_seller()
    a_webhook(seller)
    build.a_shipped_order(seller)
    build.drain_others(NOW)
    first = build.everything("SELECT id, webhook_id FROM deliveries ORDER BY id")
    build.change("UPDATE journal_readers SET txid = 0, entry_id = 0")
    build.drain_others(NOW)
    assert build.everything("SELECT id, webhook_id FROM deliveries ORDER BY id") == first
    assert len(first) == 3


# --- Trying again ----------------------------------------------------------------------------------------------------


def one_delivery(seller: int, **said: Any) -> None:
    a_webhook(seller, events=("order.placed",), **said)
    build.a_placed_order(seller)
    build.drain_others(NOW)


@pytest.mark.parametrize(
    ("answered", "error"),
    [(500, "HTTP 500"), (302, "redirect, not followed"), (404, "HTTP 404"), (NotAllowed("port"), "port")],
)
def test_failures_are_tried_again_by_the_schedule_and_then_given_up(
    committed: None, answered: Any, error: str
) -> None:
    one_delivery(build.a_seller())
    web, moment = KeptWeb(answered), NOW
    slack = timedelta(seconds=5)  # a round's own duration is added to each pause
    for attempt, pause in enumerate(PAUSES, 1):
        assert hand_over(moment, web).again == 1
        assert hand_over(moment + pause - timedelta(seconds=1), web).turns == 0
        assert build.everything(STATES)[0][:2] == ("queued", attempt)
        moment += pause + slack
    assert hand_over(moment, web).dead == 1
    assert build.everything("SELECT state, error FROM deliveries") == [("dead", error)]
    assert len(set(web.ids)) == 1
    assert len(web.ids) == len(PAUSES) + 1
    assert hand_over(moment + timedelta(days=9), web).turns == 0
    assert "delivery_given_up" in str(build.everything(RECEIVER_FACTS))


def test_410_switches_the_receiver_off_and_says_so(committed: None) -> None:
    seller = build.a_seller()
    one_delivery(seller)
    web = KeptWeb(410)
    hand_over(NOW, web)
    assert build.everything(DUE)[0][1:] == ("disabled", "gone")
    assert build.everything(RECEIVER_FACTS) == [("receiver_disabled", "gone")]
    assert hand_over(NOW + timedelta(days=1), web).turns == 0
    ((receiver,),) = build.everything("SELECT id FROM receivers")
    switch_receiver(build.an_actor(seller), receiver, on=True, now=NOW)
    assert hand_over(NOW + timedelta(minutes=1), KeptWeb()).delivered == 1


def test_one_that_takes_nothing_for_days_is_switched_off(committed: None) -> None:
    one_delivery(build.a_seller())
    moment = NOW
    for pause in (*PAUSES, FAILING_FOR):
        hand_over(moment, KeptWeb(Unreachable("refused")))
        moment += pause + timedelta(minutes=2)
    assert build.everything(RECEIVER_FACTS) == [("delivery_given_up", None), ("receiver_disabled", "failing")]


def test_replaying_keeps_the_id_and_since_brings_what_was_missed(committed: None) -> None:
    seller = build.a_seller()
    actor = build.an_actor(seller)
    made = a_webhook(seller, events=("order.placed",))
    build.a_placed_order(seller)
    web = KeptWeb()
    hand_over(NOW, web)
    switch_receiver(actor, made.id, on=False, now=NOW)
    missed = build.a_placed_order(seller, at=NOW)
    assert hand_over(NOW, web).turns == 0
    switch_receiver(actor, made.id, on=True, now=NOW)
    assert replay_since(actor, made.id, build.PLACED, now=NOW) == 2
    assert hand_over(NOW, web).delivered == 2
    first, again, other = web.ids
    assert first == again != other
    assert web.bodies[2]["data"]["orderNumber"] == missed
    ((delivery,),) = build.everything("SELECT min(id) FROM deliveries")
    assert replay_delivery(actor, made.id, delivery, now=NOW)
    hand_over(NOW, web)
    assert web.ids[-1] == first
    assert web.sent[-1][1] == web.sent[0][1]


def test_a_test_event_goes_out(committed: None) -> None:
    seller = build.a_seller()
    made = a_webhook(seller)
    assert send_test(build.an_actor(seller), made.id, now=NOW)
    web = KeptWeb()
    hand_over(NOW, web)
    assert web.bodies[0]["type"] == TEST


def test_poison_does_not_stop_the_queue(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """P6: one that cannot be packed dies alone; the 40 behind it arrive."""
    seller = build.a_seller()
    a_webhook(seller, events=("order.placed",))
    first, *_ = build.placed_orders(seller, [build.a_document() for _ in range(41)])
    real = flow.pack.__globals__["webhooks"].encode

    def poisoned(event: Any, told: Any) -> bytes:
        if told.order_number == first:
            raise ValueError("poison")
        return bytes(real(event, told))

    monkeypatch.setattr("sellerdesk.flows.webhooks.bodies.webhooks.encode", poisoned)
    report = hand_over(NOW)
    assert (report.delivered, report.dead) == (40, 1)


# --- Crashes and races -----------------------------------------------------------------------------------------------


def test_killed_after_reserving_it_is_sent_when_the_lease_ends(committed: None) -> None:
    one_delivery(build.a_seller())
    turn = reserve_turn(now=NOW, lease=flow.LEASE, limit=10)  # and then it is killed
    assert turn is not None
    assert len(turn.deliveries) == 1
    web = KeptWeb()
    assert hand_over(NOW + flow.LEASE - timedelta(seconds=5), web).turns == 0
    assert hand_over(NOW + flow.LEASE, web).delivered == 1


def test_killed_after_sending_it_is_sent_again_under_its_id(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_delivery(build.a_seller())
    web = KeptWeb()

    def killed(*_args: Any, **_named: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(flow, "record_turn", killed)
    with pytest.raises(KeyboardInterrupt):
        hand_over(NOW, web)
    monkeypatch.undo()
    assert hand_over(NOW + flow.LEASE + timedelta(seconds=5), web).delivered == 1
    assert len(web.ids) == 2
    assert len(set(web.ids)) == 1
    assert web.sent[0][1] == web.sent[1][1]


@pytest.mark.serial
def test_many_workers_at_once_deliver_everything_once(run_parallel: Parallel) -> None:
    seller = build.a_seller()
    for number in range(4):
        a_webhook(seller, f"https://h{number}.example/", events=("order.placed",))
    build.placed_orders(seller, [build.a_document() for _ in range(50)])
    build.drain_others(NOW)
    web = KeptWeb()
    run_parallel(4, lambda _: flow.deliver(NOW, outside=flow.Outside(web, None)))  # type: ignore[arg-type]
    assert len(web.ids) == len(set(web.ids)) == 200
    assert build.everything("SELECT state, count(*) FROM deliveries GROUP BY 1") == [("delivered", 200)]


@pytest.mark.serial
def test_what_is_owed_while_a_turn_is_recorded_is_not_forgotten(run_parallel: Parallel) -> None:
    """The queue's next moment is worked out under a lock: an order placed in between wakes the receiver again."""
    seller = build.a_seller()
    a_webhook(seller, events=("order.placed",))
    web = KeptWeb()
    rounds = 25

    def work(number: int) -> None:
        for _ in range(rounds):
            if number == 0:
                build.a_placed_order(seller)
            elif number == 1:
                flow.read_journal(NOW)
            else:
                flow.deliver(NOW, outside=flow.Outside(web, None))  # type: ignore[arg-type]

    run_parallel(3, work)
    hand_over(NOW, web)
    assert len(set(web.ids)) == rounds


# --- Turns -----------------------------------------------------------------------------------------------------------


def test_one_sellers_flood_and_one_dead_receiver_hold_up_nobody(committed: None) -> None:
    """The small seller's delivery goes out within a turn of each receiver, not behind the flood."""
    flooding, small = build.a_seller(), build.a_seller("Small", email="s@x.example")
    a_webhook(flooding, "https://flood.example/", events=("order.placed",))
    a_webhook(flooding, "https://dead.example/", events=("order.placed",))
    a_webhook(small, "https://small.example/", events=("order.placed",))
    build.placed_orders(flooding, [build.a_document() for _ in range(60)])
    build.a_placed_order(small)
    web = KeptWeb({"https://dead.example/": Unreachable("timed out")})
    hand_over(NOW, web, turns=3)
    urls = [url for url, _, _ in web.sent]
    assert urls.count("https://small.example/") == 1
    assert urls.count("https://dead.example/") == 1  # then it rests
    assert urls.count("https://flood.example/") == 10
    hand_over(NOW, web)
    urls = [url for url, _, _ in web.sent]
    assert urls.count("https://flood.example/") == 60
    assert urls.count("https://dead.example/") == 1


def test_a_slow_receiver_holds_up_nobody(committed: None) -> None:
    """Real sockets: one receiver hangs at every call while another gets everything."""
    seller = build.a_seller()
    with receiving() as slow, receiving() as quick:
        slow.answers = [slow.hang]
        a_webhook(seller, slow.url, events=("order.placed",))
        a_webhook(seller, quick.url, events=("order.placed",))
        build.placed_orders(seller, [build.a_document() for _ in range(30)])
        order: list[str] = []
        web = loopback()
        post = web.post

        def noted(url: str, body: bytes, headers: Any) -> Any:
            try:
                return post(url, body, headers)
            finally:
                order.append(url)

        web.post = noted  # type: ignore[method-assign]
        hand_over(NOW, web)
        slow.stopping.set()
        assert len(set(quick.ids)) == 30
        assert order.index(slow.url) > 10  # others went on while it hung


# --- A receiver that misbehaves --------------------------------------------------------------------------------------


def test_every_fact_arrives_at_least_once_under_one_id_and_nothing_else_is_reached(committed: None) -> None:
    """Must show 4: it times out after storing, refuses, answers 500, redirects inside, sends without end."""
    seller = build.a_seller()
    with receiving() as inside, receiving() as there:
        redirect = answer(307, f"Location: {inside.url}\r\n")
        there.answers = [there.hang, answer(500), redirect, b"", there.endless, answer(503), answer(204)]
        a_webhook(seller, there.url, events=("order.placed", "payment.authorized", "shipment.confirmed"))
        number = build.a_shipped_order(seller)
        moment = NOW
        web = loopback()
        for _ in range(12):
            hand_over(moment, web)
            moment += timedelta(hours=3)
        owed = {row[0] for row in build.everything("SELECT webhook_id FROM deliveries")}
        assert set(there.ids) == owed
        assert len(owed) == 3
        assert len(there.ids) > 3  # some came more than once, and can be told to be the same
        assert {json.loads(got.body)["data"]["orderNumber"] for got in there.got} == {number}
        bodies: dict[str, set[bytes]] = {}
        for got in there.got:
            bodies.setdefault(got.headers["webhook-id"], set()).add(got.body)
        assert {len(one) for one in bodies.values()} == {1}
        assert inside.got == []
        assert {row[0] for row in build.everything("SELECT state FROM deliveries")} == {"delivered"}


def test_killed_at_random_moments_nothing_is_lost(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps fail at random, ten lives; in the end received ids are the owed ids and none is foreign."""
    seller = build.a_seller()
    a_webhook(seller, events=("order.placed",))
    build.placed_orders(seller, [build.a_document() for _ in range(30)])
    web, chance = KeptWeb(), random.Random(7)

    class KilledError(BaseException):
        pass

    def fragile(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **named: Any) -> Any:
            if chance.random() < 0.3:
                raise KilledError
            answer = real(*args, **named)
            if chance.random() < 0.3:
                raise KilledError
            return answer

        return step

    moment = NOW
    for _ in range(10):
        with monkeypatch.context() as patched:
            for name in ("owe_deliveries", "reserve_turn", "record_turn", "pack"):
                patched.setattr(flow, name, fragile(getattr(flow, name)))
            try:
                flow.read_journal(moment)
                flow.deliver(moment, outside=flow.Outside(web, None))  # type: ignore[arg-type]
            except KilledError:
                pass
        moment += flow.LEASE
    hand_over(moment, web)
    hand_over(moment + flow.LEASE + timedelta(hours=1), web)
    owed = {row[0] for row in build.everything("SELECT webhook_id FROM deliveries")}
    assert len(owed) == 30
    assert set(web.ids) == owed


# --- Looking after receivers -----------------------------------------------------------------------------------------


def test_only_some_roles_may() -> None:
    from sellerdesk.domain.actors import Permission

    may = {role for role in Role if Permission.WEBHOOKS_MANAGE in PERMISSIONS[role]}
    assert may == {Role.OWNER, Role.MANAGER, Role.INTEGRATOR}


def test_what_is_refused(committed: None) -> None:
    seller = build.a_seller()
    actor = build.an_actor(seller)
    shipper = Actor(Party.SELLER, "S", Door.WEB, seller, PERMISSIONS[Role.SHIPPER])

    def code(draft: ReceiverDraft, who: Actor = actor) -> Code:
        with pytest.raises(Refusal) as raised:
            create_receiver(who, draft, now=NOW)
        return raised.value.code

    hook = ReceiverKind.WEBHOOK
    assert code(ReceiverDraft(hook, "x", "https://a.example/"), shipper) is Code.FORBIDDEN
    assert code(ReceiverDraft(hook, "x", "http://10.0.0.1/")) is Code.ADDRESS_REFUSED
    assert code(ReceiverDraft(hook, "x", "http://127.0.0.1/")) is Code.ADDRESS_REFUSED
    assert code(ReceiverDraft(hook, " ", "https://a.example/")) is Code.MISSING_VALUE
    assert code(ReceiverDraft(hook, "x", "https://a.example/", ("nonsense",))) is Code.INVALID_VALUE
    assert code(ReceiverDraft(ReceiverKind.CHAT, "x", "json://127.0.0.1/")) is Code.ADDRESS_REFUSED
    for number in range(MOST_RECEIVERS):
        a_webhook(seller, f"https://h{number}.example/")
    assert code(ReceiverDraft(hook, "x", "https://a.example/", allowed=LOOPBACK)) is Code.TOO_MANY


def test_changing_and_deleting_reach_ones_own_only(committed: None) -> None:
    seller, other = build.a_seller(), build.a_seller("Other", email="o@x.example")
    made = a_webhook(seller)
    draft = ReceiverDraft(ReceiverKind.WEBHOOK, "New", "https://new.example/", TYPES[:1])
    for actor, reached in ((build.an_actor(other), False), (build.an_actor(seller), True)):
        assert change_receiver(actor, made.id, draft, now=NOW) is reached
        assert (rotate_secret(actor, made.id, now=NOW) is not None) is reached
        assert switch_receiver(actor, made.id, on=False, now=NOW) is reached
        assert send_test(actor, made.id, now=NOW) is reached
        assert replay_since(actor, made.id, build.PLACED, now=NOW) == 0
    assert not replay_delivery(build.an_actor(other), made.id, 1, now=NOW)
    assert not delete_receiver(build.an_actor(other), made.id, now=NOW)
    assert delete_receiver(build.an_actor(seller), made.id, now=NOW)
    assert build.everything("SELECT 1 FROM deliveries") == []


def test_a_receiver_deleted_during_its_turn_troubles_nobody(committed: None) -> None:
    seller = build.a_seller()
    one_delivery(seller)
    turn = reserve_turn(now=NOW, lease=flow.LEASE, limit=10)
    assert turn is not None
    delete_receiver(build.an_actor(seller), turn.receiver_id, now=NOW)
    results = [commands.DeliveryResult(one.id, "delivered") for one in turn.deliveries]
    commands.record_turn(turn, results, now=NOW, rests_until=NOW, gone=False)
    assert build.everything(DUE) == []
    assert threading.active_count() >= 1
