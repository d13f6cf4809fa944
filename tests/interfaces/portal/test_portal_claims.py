"""Claims in the portal: when they may be filed, what the buyer is told, and who sees what (rulebook 2.9; T17)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from tests import build
from tests.interfaces.portal.conftest import Clock, entered, order_url, public_id, text

from sellerdesk.commands.claims import answer_claims, decide_claims
from sellerdesk.commands.messages import receive_messages, send_messages
from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.domain.actors import Door, Party
from sellerdesk.domain.claim_facts import ClaimKind, ClaimState, Fault
from sellerdesk.domain.claim_filing import Why
from sellerdesk.domain.claims import ClaimStep, ClaimVerdict
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.messages import BuyerMessage, SellerMessage
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.flows.notices import buyer_words
from sellerdesk.interfaces.portal import claim_words

DELIVERED = build.PLACED + timedelta(days=5)
ASKED = DELIVERED + timedelta(days=1)
LATER = ASKED + timedelta(hours=48)


class Ordered:
    """A delivered order whose buyer wrote to the seller, with the addresses of its pages."""

    def __init__(self, seller: int, *, wrote: bool = True) -> None:
        self.seller = seller
        self.number = build.a_shipped_order(seller)
        actor = build.an_actor(seller)
        report = ParcelReport(self.number, "1", "DELIVERED", DELIVERED)
        build.all_well(report_parcel_events(actor, [report], now=DELIVERED))
        if wrote:
            build.all_well(receive_messages(actor, [BuyerMessage(self.number, "Where is it?")], now=ASKED))
        self.url = order_url(seller, self.number)
        self.form = f"{self.url}claim/"

    def page(self, place: int = 1) -> str:
        return f"{self.url}claims/{place}/"


@pytest.fixture
def ordered(seller: int, time: Clock) -> Ordered:
    time.now = LATER
    return Ordered(seller)


def filled(client: Client, url: str, **said: Any) -> dict[str, Any]:
    found = dict(re.findall(r'name="(key|version)" value="([^"]*)"', text(client.get(url))))
    return found | {"kind": "not_received", "text": "Nothing was at my door."} | said


def claims() -> list[tuple[Any, ...]]:
    return build.everything("SELECT kind, state FROM claims ORDER BY id")


def test_everything_is_worded() -> None:
    assert set(buyer_words.CLAIM_KINDS) == set(claim_words.HELP) == set(ClaimKind)
    assert set(claim_words.STATES) == set(buyer_words.CLAIM_NEXT) == set(ClaimState)
    assert set(claim_words._LATER) | set(claim_words._NEVER) == set(Why)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_the_words_are_translated(language: str) -> None:
    with translation.override(language):
        said = [*buyer_words.CLAIM_NEXT.values(), *claim_words._LATER.values(), *claim_words._NEVER.values()]
        said += [*buyer_words.CLAIM_KINDS.values(), *claim_words.HELP.values()]
        said += [buyer_words.ANSWER_OVER, buyer_words.NOTHING_CHARGED]
        said += [one[0] for one in claim_words.STATES.values()]
        assert [str(one) for one in said if str(one).isascii()] == []


def test_the_clock_decides_what_can_be_filed(ordered: Ordered, time: Clock) -> None:  # T17
    client = entered()
    time.now = LATER - timedelta(seconds=1)
    assert "From Tue 10 Mar, 11:00 PDT on the marketplace can step in" in text(client.get(ordered.url))
    page = text(client.get(ordered.form))
    said = "Sellers get time to help first: you can file a claim from Tue 10 Mar, 11:00 PDT on."
    assert page.count(said) == 1  # of every kind, and said once
    assert "It has not arrived" not in page
    assert "<textarea" not in page
    early = client.post(ordered.form, {"key": "k", "kind": "not_received", "text": "My words"})
    assert early.status_code == 422
    assert "My words" in text(early)
    assert claims() == []
    time.now = LATER
    assert f'<a href="{ordered.form}">File a claim</a>' in text(client.get(ordered.url))
    page = text(client.get(ordered.form))
    assert 'value="not_received" required checked' in page
    assert "Ask for a return first." in page
    assert "Nothing has been sent back yet." in page
    time.now = LATER + timedelta(days=400)
    assert "This was possible until" in text(entered().get(ordered.form))


def test_the_seller_is_written_to_first(seller: int, time: Clock) -> None:
    time.now = LATER
    ordered = Ordered(seller, wrote=False)
    client = entered()
    assert "Write first" in text(client.get(ordered.url))
    page = text(client.get(ordered.form))
    assert "Please write to the seller first." in page
    assert f'href="{ordered.url}messages/"' in page


def test_a_seller_who_has_answered_is_not_said_to_have_time_for_it(ordered: Ordered, time: Clock) -> None:
    time.now = LATER - timedelta(hours=1)
    reply = SellerMessage(ordered.number, ContactReason.ANSWER, "It is on your porch.")
    seller = build.an_actor(ordered.seller, door=Door.WEB)
    build.all_well(send_messages(seller, [reply], now=time.now))
    page = text(entered().get(ordered.form))
    assert "time to answer" not in page
    assert "you can file a claim from Tue 10 Mar, 11:00 PDT on" in page


def test_a_seller_who_let_the_time_pass_is_not_waited_for(ordered: Ordered, time: Clock) -> None:
    """Half-open: at the instant itself silence has won, also before the clock has fired."""
    client = entered()
    client.post(ordered.form, filled(client, ordered.form))
    time.now = LATER + timedelta(hours=72) - timedelta(seconds=1)
    client = entered()
    assert "The seller has to answer by Fri 13 Mar, 11:00 PDT" in text(client.get(ordered.page()))
    time.now = LATER + timedelta(hours=72)
    page = text(client.get(ordered.page()))
    assert "The seller had until Fri 13 Mar, 11:00 PDT to answer." in page
    assert "has to answer" not in page


def test_orders_without_claims_say_so_in_one_sentence(seller: int, time: Clock) -> None:
    number = build.a_paid_order(seller, channel=build.Channel.AFN)
    page = text(entered().get(f"{order_url(seller, number)}claim/"))
    assert page.count("There is nothing to claim about this order.") == 1
    assert "cancelled" not in page


def test_a_claim_is_filed_once_and_followed(ordered: Ordered, time: Clock) -> None:
    client = entered()
    form = filled(client, ordered.form, text="Nothing <b>was</b> there. \u202e")
    places = [client.post(ordered.form, form).headers["Location"] for _ in range(2)]
    assert places == [f"{ordered.page()}?done=filed"] * 2
    assert claims() == [("not_received", "ACTION_REQUIRED")]
    page = text(client.get(places[0]))
    assert "Your claim has been filed." in page
    assert (
        "The seller has to answer by Fri 13 Mar, 11:00 PDT; without an answer it is decided for you." in page
    )
    assert "Nothing &lt;b&gt;was&lt;/b&gt; there." in page
    assert "\u202e" not in page
    assert ordered.page() in text(client.get(ordered.url))
    again = client.post(ordered.form, form | {"key": "other"})
    assert again.status_code == 422
    assert "You have a claim for this order already." in text(again)
    ((reference,),) = build.everything("SELECT reference FROM claims")
    step = ClaimStep(ordered.number, reference, "SECRET proof of the seller")
    build.all_well(answer_claims(build.an_actor(ordered.seller), [step], now=time.now))
    page = text(client.get(ordered.page()))
    assert "Being decided" in page
    assert "SECRET" not in page
    verdict = ClaimVerdict(ordered.number, reference, True, Fault.SELLER, text="We believe you.")
    judge = build.an_actor(ordered.seller, party=Party.AMAZON)
    build.all_well(decide_claims(judge, [verdict], now=time.now))
    page = text(client.get(ordered.page()))
    assert "Granted" in page
    assert "$43.18" in page
    assert "between <strong>Fri 13 Mar</strong> and <strong>Tue 17 Mar</strong>" in page
    assert "We believe you." in page
    assert "Withdraw" not in page


def test_a_buyer_takes_a_claim_back(ordered: Ordered) -> None:
    client = entered()
    client.post(ordered.form, filled(client, ordered.form))
    url = f"{ordered.page()}withdraw/"
    assert url in text(client.get(ordered.page()))
    stale = client.post(url, filled(client, url) | {"version": "7"})
    assert stale.status_code == 409
    form = filled(client, url)
    assert [client.post(url, form).status_code for _ in range(2)] == [302, 302]
    assert [state for _, state in claims()] == ["WITHDRAWN"]
    assert "Withdrawn by you" in text(client.get(ordered.page()))
    assert "cannot be withdrawn" in text(client.get(url))


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ({"kind": "no_such"}, "Please choose what is the matter."),
        ({"kind": ""}, "Please choose what is the matter."),
        ({"text": "a\x00b"}, "This comment cannot be sent"),
        ({"text": "x" * 100_000}, "This comment cannot be sent"),
        ({"kind": "not_refunded"}, "This claim cannot be filed"),
    ],
)
def test_forged_forms_change_nothing(ordered: Ordered, said: dict[str, str], seen: str) -> None:
    client = entered()
    answer = client.post(ordered.form, filled(client, ordered.form, **said))
    assert answer.status_code == 422
    assert seen in text(answer)
    assert claims() == []


def test_nobody_else_comes_to_a_claim(ordered: Ordered, seller: int) -> None:
    client = entered()
    form = filled(client, ordered.form)
    bo = build.a_shipped_order(seller, buyer=build.Buyer(name="Bo", email="bo@buyer.example"))
    other = public_id(build.a_seller("Second Shop"))
    stranger, guest = entered("bo@buyer.example"), entered("bo@buyer.example", bo)
    for somebody in (stranger, guest):
        assert somebody.post(ordered.form, form).status_code == 404
    client.post(ordered.form, form)
    for path in (ordered.form, ordered.page(), f"{ordered.page()}withdraw/"):
        assert [somebody.get(path).status_code for somebody in (stranger, guest)] == [404, 404], path
        assert Client().get(path).status_code == 302
        assert client.get(path.replace(public_id(seller), other)).status_code == 404
        assert stranger.post(path, {"key": "k", "version": "1"}).status_code in (404, 405)
    assert [state for _, state in claims()] == ["ACTION_REQUIRED"]
    assert client.get(ordered.page(2)).status_code == 404
