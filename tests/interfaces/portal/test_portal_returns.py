"""Sending back in the portal: what is asked, what the pages promise, and who sees what (S2-36, S2-42 to S2-45; S0-32;
T14; issue's hostile photos, comments and forged forms).
"""

import io
import random
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from PIL import Image
from tests import build
from tests.interfaces.portal.conftest import Clock, entered, order_url, public_id, text

from sellerdesk.commands.refunds import request_refunds
from sellerdesk.commands.return_requests import request_returns
from sellerdesk.commands.returns import (
    Authorize,
    Close,
    Receive,
    authorize_returns,
    close_returns,
    receive_returns,
)
from sellerdesk.domain.actors import Party
from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import RefundRequest, RefundState
from sellerdesk.domain.return_facts import ReturnKind, ReturnReason, ReturnState, payer_of
from sellerdesk.domain.return_ways import Label
from sellerdesk.domain.returns import CloseReason, ReturnAsked
from sellerdesk.flows.notices import buyer_words
from sellerdesk.flows.return_labels import clean_label
from sellerdesk.flows.sweep import sweep
from sellerdesk.interfaces.portal import return_words
from sellerdesk.models.sql import run
from sellerdesk.models.tenancy import scoped

DOCK = {"name": "Lantern & Loom", "line1": "5 Dock Street", "city": "Reno", "state": "NV", "country": "US"}
DELIVERED = build.PLACED + timedelta(days=5)
LATER = build.PLACED + timedelta(days=8)
ITEMS = (
    build.an_item(sku="MUG", title="Stoneware mug"),
    build.an_item(sku="LAN", title="Paper lantern", ordered=1, price=2499),
)
_numbers = random.Random(17)


class Ordered:
    """A delivered order of a buyer, with the addresses of its pages."""

    def __init__(self, seller: int, **said: Any) -> None:
        self.seller = seller
        self.number = build.a_shipped_order(seller, **({"items": ITEMS} | said))
        build.change("UPDATE packages SET status = 'DELIVERED', delivered_at = %s", [DELIVERED])
        self.url = order_url(seller, self.number)
        self.form = f"{self.url}return/"
        found = build.everything(
            "SELECT i.item_number FROM order_items i JOIN orders o ON o.id = i.order_id AND o.seller_id = i.seller_id"
            " WHERE o.order_number = %s ORDER BY i.position",
            [self.number],
        )
        self.items = [row[0] for row in found]

    def page(self, place: int = 1) -> str:
        return f"{self.url}returns/{place}/"

    def filled(self, client: Client, **said: Any) -> dict[str, Any]:
        """A form with one lantern on it, its key drawn by the page."""
        key = re.findall(r'name="key" value="([^"]+)"', text(client.get(self.form)))[0]
        lantern = {f"pick-{self.items[1]}": "1"}
        return {"key": key, "do": "submit", "reason": "too_small", **lantern} | said


@pytest.fixture
def ordered(seller: int, time: Clock) -> Ordered:
    time.now = LATER
    return Ordered(seller)


def setting(seller: int, automatic: str, address: str = "{}") -> None:
    with scoped(seller):
        run(
            "INSERT INTO return_settings (seller_id, marketplace_id, automatic, address, instructions)"
            " VALUES (%s, 'ATVPDKIKX0DER', %s, %s::jsonb, 'Ring twice.')",
            [seller, automatic, address],
        )


def returns() -> list[tuple[Any, ...]]:
    return build.everything("SELECT state, reason, comment, wish FROM return_requests ORDER BY id")


def rma() -> str:
    return str(build.everything("SELECT rma FROM return_requests ORDER BY id DESC LIMIT 1")[0][0])


def a_picture(side: int = 8, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(out, kind)
    return out.getvalue()


def upload(content: bytes, name: str = "scratch.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


# --- words -----------------------------------------------------------------------------------------------------------


def test_every_reason_stands_once_under_who_pays() -> None:
    listed = [reason for _, reasons in return_words.GROUPS for reason in reasons]
    assert sorted(listed) == sorted(ReturnReason)
    for _, reasons in return_words.GROUPS:
        assert len({payer_of(reason) for reason in reasons}) == 1


def test_every_state_is_worded() -> None:
    assert set(return_words.STATES) == set(buyer_words.RETURN_NEXT) == set(ReturnState)
    assert set(buyer_words.RETURN_REASONS) == set(ReturnReason)
    assert set(buyer_words.CLOSE_REASONS) == set(CloseReason)
    assert set(return_words.REFUNDS) == {RefundState.RELEASED, RefundState.SETTLED, RefundState.REJECTED}
    assert all(len(wish) <= 12 for wish in return_words.WISHES)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_the_words_are_translated(language: str) -> None:
    with translation.override(language):
        said = [
            *buyer_words.RETURN_REASONS.values(),
            *return_words.WISHES.values(),
            *buyer_words.PAYERS.values(),
        ]
        said += [*buyer_words.CLOSE_REASONS.values(), *(one[0] for one in return_words.STATES.values())]
        said += [part for pair in buyer_words.RETURN_NEXT.values() for part in pair if part is not None]
        assert [str(one) for one in said if str(one).isascii()] == []


# --- the road --------------------------------------------------------------------------------------------------------


def test_a_request_is_asked_in_two_steps(ordered: Ordered) -> None:
    setting(ordered.seller, "manual")
    client = entered()
    page = text(client.get(ordered.url))
    assert "You can return it until <strong>Mon 6 Apr" in page
    assert page.count(f"{ordered.form}?item=") == 2
    first = text(client.get(f"{ordered.form}?item={ordered.items[1]}"))
    assert re.findall(r'name="pick-(\d+)" value="1" checked', first) == [ordered.items[1]]
    assert first.count("The seller pays for sending it back.") == 2
    form = ordered.filled(client, do="continue")
    second = text(client.post(ordered.form, form))
    assert "Submit return request, approval required" in second
    assert "You pay for sending it back." in second
    assert "The seller should answer by Wed 11 Mar" in second
    assert returns() == []
    form |= {"do": "submit", "comment": "Too <b>small</b> for my room.", "wish": "exchange"}
    answer = client.post(ordered.form, form)
    assert answer.headers["Location"] == f"{ordered.page()}?done=requested"
    assert returns() == [("PENDING_AUTHORIZATION", "too_small", "Too <b>small</b> for my room.", "exchange")]
    told = text(client.get(answer.headers["Location"]))
    assert "Waiting for the seller" in told
    assert "Too &lt;b&gt;small&lt;/b&gt; for my room." in told
    assert rma() in told
    assert "Another size or colour" in told
    order = text(client.get(ordered.url))
    assert ordered.page() in order
    assert order.count(f"{ordered.form}?item=") == 1


def test_what_is_in_policy_is_approved_at_once_and_says_where_to(ordered: Ordered) -> None:
    setting(
        ordered.seller, "in_policy", '{"name": "Lantern & Loom", "line1": "5 Dock Street", "country": "US"}'
    )
    client = entered()
    second = text(client.post(ordered.form, ordered.filled(client, do="continue")))
    assert "Approved at once" in second
    assert "approval required" not in second
    answer = client.post(ordered.form, ordered.filled(client))
    assert answer.headers["Location"].endswith("?done=authorized")
    page = text(client.get(ordered.page()))
    assert "5 Dock Street" in page
    assert "United States" in page
    assert "Ring twice." in page
    assert "Please send it by" in page


def test_what_the_buyer_keeps_is_refunded_at_once(ordered: Ordered) -> None:
    with scoped(ordered.seller):
        run(
            "INSERT INTO return_rules (seller_id, effect, marketplace_id, sku, category, reason, currency, active_from)"
            " VALUES (%s, 'returnless', '', 'LAN', '', '', '', %s)",
            [ordered.seller, build.PLACED - timedelta(days=1)],
        )
    client = entered()
    second = text(client.post(ordered.form, ordered.filled(client, do="continue")))
    assert "Get my money back" in second
    assert "sending it back" not in second
    answer = client.post(ordered.form, ordered.filled(client))
    assert answer.headers["Location"].endswith("?done=refunded")
    page = text(client.get(ordered.page()))
    assert "Yours to keep" in page
    assert "$26.59" in page
    assert "It should be there between" in page


def test_after_the_window_the_seller_decides(ordered: Ordered, time: Clock) -> None:
    time.now = build.PLACED + timedelta(days=60)
    client = entered()
    assert "The time for returning ended on Mon 6 Apr" in text(client.get(ordered.url))
    second = text(client.post(ordered.form, ordered.filled(client, do="continue")))
    assert "approval required" in second
    assert client.post(ordered.form, ordered.filled(client)).status_code == 302
    assert "The time for returning was over." in text(client.get(ordered.page()))


def test_nothing_can_go_back_before_it_was_sent(seller: int) -> None:
    number = build.a_paid_order(seller)
    client, url = entered(), order_url(seller, number)
    assert "Return items" not in text(client.get(url))
    page = text(client.get(f"{url}return/"))
    assert "nothing to send back" in page
    ((item,),) = build.everything("SELECT item_number FROM order_items")
    form = {"key": "k", "do": "submit", "reason": "too_small", f"pick-{item}": "1"}
    assert client.post(f"{url}return/", form).status_code == 422
    assert returns() == []


def test_the_road_of_an_approved_return(ordered: Ordered, time: Clock) -> None:
    setting(ordered.seller, "manual")
    client = entered()
    client.post(ordered.form, ordered.filled(client))
    clerk = build.an_actor(ordered.seller)
    step = Authorize(ordered.number, rma(), address=DOCK, label=Label.NONE, own_rma="OUR-7")
    build.all_well(authorize_returns(clerk, [step], now=time.now))
    page = text(client.get(ordered.page()))
    assert "Ready to send back" in page
    assert "5 Dock Street" in page
    assert "OUR-7" in page
    build.all_well(receive_returns(clerk, [Receive(ordered.number, "OUR-7")], now=time.now))
    page = text(client.get(ordered.page()))
    assert "Arrived at the seller" in page
    assert "should refund by Thu 12 Mar" in page
    assert "5 Dock Street" not in page
    assert "Withdraw" not in page


def test_a_return_that_the_seller_closed_says_why(ordered: Ordered, time: Clock) -> None:
    setting(ordered.seller, "manual")
    client = entered()
    client.post(ordered.form, ordered.filled(client))
    step = Close(ordered.number, rma(), reason="not_returnable", comment="It was <i>made</i> for you.")
    build.all_well(close_returns(build.an_actor(ordered.seller), [step], now=time.now))
    page = text(client.get(ordered.page()))
    assert "Closed by the seller" in page
    assert "This cannot be returned" in page
    assert "It was &lt;i&gt;made&lt;/i&gt; for you." in page
    # The units are free again: the buyer can ask anew.
    assert client.post(ordered.form, ordered.filled(client)).status_code == 302
    assert len(returns()) == 2


def test_a_parcel_that_was_not_accepted_goes_back_by_itself(ordered: Ordered, time: Clock) -> None:
    asked = ReturnAsked(
        ordered.number, ReturnReason.NOT_NEEDED, {ordered.items[0]: 2}, kind=ReturnKind.REFUSED
    )
    carrier = build.an_actor(ordered.seller, party=Party.CARRIER)
    build.all_well(request_returns(carrier, [asked], now=time.now, randomness=_numbers))
    page = text(entered().get(ordered.page()))
    assert "goes back by itself" in page
    assert "You pay" not in page


# --- money -----------------------------------------------------------------------------------------------------------


def test_a_held_refund_does_not_exist_for_the_buyer(ordered: Ordered, time: Clock) -> None:
    setting(ordered.seller, "in_policy", '{"name": "L", "line1": "5 Dock Street", "country": "US"}')
    client = entered()
    client.post(ordered.form, ordered.filled(client))
    paths = (ordered.url, ordered.page(), f"{ordered.page()}withdraw/", ordered.form, "/account/")

    def pages() -> list[str]:
        return [re.sub(r'value="[^"]{20,}"', "", text(client.get(path))) for path in paths]

    before = pages()
    request = RefundRequest(
        ordered.number,
        RefundReason.BUYER_RETURN,
        Mode.ADVANCE,
        rma=rma(),
        override="A good customer",
        note="secret",
        words="Sorry!",
    )
    outcome = build.all_well(request_refunds(build.an_actor(ordered.seller), [request], now=time.now))[0]
    assert outcome.state == "pending"
    assert pages() == before
    time.now += timedelta(hours=2)
    sweep(time.now)
    page = text(client.get(ordered.page()))
    assert "Completed" in page
    assert "Refund sent" in page
    assert "$26.59" in page
    assert "It should be there between <strong>Fri 13 Mar</strong> and <strong>Tue 17 Mar</strong>" in page
    assert "Sorry!" in page
    assert "secret" not in page
    assert "$26.59" in text(client.get(ordered.url))


def test_a_refund_that_should_have_arrived_is_not_promised_again(ordered: Ordered, time: Clock) -> None:
    request = RefundRequest(ordered.number, RefundReason.GENERAL_ADJUSTMENT, Mode.GOODWILL)
    build.all_well(request_refunds(build.an_actor(ordered.seller), [request], now=time.now))
    time.now += timedelta(hours=3)
    sweep(time.now)
    time.now += timedelta(days=30)
    page = text(entered().get(ordered.url))
    assert "It should have been there by Tue 17 Mar. If you do not see it, ask your bank" in page
    assert "It should be there" not in page


def test_a_refund_that_could_not_be_paid_is_told(ordered: Ordered, time: Clock) -> None:
    request = RefundRequest(ordered.number, RefundReason.GENERAL_ADJUSTMENT, Mode.GOODWILL)
    build.all_well(request_refunds(build.an_actor(ordered.seller), [request], now=time.now))
    time.now += timedelta(hours=3)
    sweep(time.now)
    client = entered()
    assert "Refund sent" in text(client.get(ordered.url))
    build.change("UPDATE refunds SET state = 'REJECTED', closed_at = %s", [time.now])
    page = text(client.get(ordered.url))
    assert "could not be paid out" in page
    assert "should be there" not in page


# --- once ------------------------------------------------------------------------------------------------------------


def test_a_form_sent_again_asks_once(ordered: Ordered) -> None:
    client = entered()
    form = ordered.filled(client, comment="Broken")
    places = [client.post(ordered.form, form).headers["Location"] for _ in range(3)]
    assert len(set(places)) == 1
    assert len(returns()) == 1
    # Back, another choice, and sent again: the key was used.
    changed = client.post(ordered.form, form | {"comment": "Quite broken"})
    assert changed.status_code == 409
    assert "was sent before" in text(changed) or "fewer units" in text(changed)
    assert len(returns()) == 1


def test_all_units_can_be_asked_for_once_only(ordered: Ordered) -> None:  # T14
    client = entered()
    mugs = {f"pick-{ordered.items[0]}": "1", f"q-{ordered.items[0]}": "2"}
    assert client.post(ordered.form, ordered.filled(client, **mugs)).status_code == 302
    page = text(client.get(ordered.form))
    assert "You have asked to return everything" in page
    assert ordered.page() in page
    form = {"key": "another", "do": "submit", "reason": "too_small", f"pick-{ordered.items[1]}": "1"}
    again = client.post(ordered.form, form | mugs)
    assert again.status_code == 422
    assert "fewer units can be returned" in text(again)
    assert len(returns()) == 1


# --- withdrawing -----------------------------------------------------------------------------------------------------


def test_a_buyer_withdraws_after_being_asked(ordered: Ordered) -> None:
    client = entered()
    client.post(ordered.form, ordered.filled(client))
    url = f"{ordered.page()}withdraw/"
    assert url in text(client.get(ordered.page()))
    page = text(client.get(url))
    form = dict(re.findall(r'name="(key|version)" value="([^"]*)"', page))
    assert [client.post(url, form).status_code for _ in range(2)] == [302, 302]
    assert [row[0] for row in returns()] == ["CLOSED_BY_BUYER"]
    kinds = build.everything("SELECT party FROM journal WHERE kind = 'return_withdrawn'")
    assert kinds == [("BUYER",)]
    assert "Withdrawn by you" in text(client.get(ordered.page()))
    late = client.post(url, {"key": "other", "version": "9"})
    assert late.status_code in (409, 422)
    assert "cannot be withdrawn" in text(late)


def test_withdrawing_says_before_the_click_what_it_does_to_a_refund(ordered: Ordered, time: Clock) -> None:
    """A held refund goes out although its return was withdrawn, unless the seller calls it back; buyers may not know
    of one, so everybody is told what would be.
    """
    setting(ordered.seller, "in_policy", '{"name": "L", "line1": "5 Dock Street", "country": "US"}')
    client = entered()
    client.post(ordered.form, ordered.filled(client))
    url = f"{ordered.page()}withdraw/"
    page = text(client.get(url))
    assert "You keep the items, and there is no refund for them." in page
    assert "This does not stop a refund that the seller has started already" in page
    assert "You can ask again as long as the time for returning runs." in page
    request = RefundRequest(
        ordered.number, RefundReason.BUYER_RETURN, Mode.ADVANCE, rma=rma(), override="A good customer"
    )
    build.all_well(request_refunds(build.an_actor(ordered.seller), [request], now=time.now))
    form = dict(re.findall(r'name="(key|version)" value="([^"]*)"', text(client.get(url))))
    assert client.post(url, form).status_code == 302
    time.now += timedelta(hours=2)
    sweep(time.now)
    page = text(client.get(ordered.page()))
    assert "Withdrawn by you" in page
    assert "Refund sent" in page


def test_withdrawing_what_has_changed_shows_it_anew(ordered: Ordered, time: Clock) -> None:
    setting(ordered.seller, "manual")
    client = entered()
    client.post(ordered.form, ordered.filled(client))
    url = f"{ordered.page()}withdraw/"
    form = dict(re.findall(r'name="(key|version)" value="([^"]*)"', text(client.get(url))))
    step = Authorize(ordered.number, rma(), address=DOCK, label=Label.NONE)
    build.all_well(authorize_returns(build.an_actor(ordered.seller), [step], now=time.now))
    answer = client.post(url, form)
    assert answer.status_code == 409
    assert "has changed" in text(answer)
    assert [row[0] for row in returns()] == ["AUTHORIZED"]


# --- photos ----------------------------------------------------------------------------------------------------------


def test_photos_are_shown_back_to_their_buyer_only(ordered: Ordered, seller: int) -> None:
    client = entered()
    form = ordered.filled(client, photos=[upload(a_picture()), upload(a_picture(kind="JPEG"), "b.jpg")])
    assert client.post(ordered.form, form).status_code == 302
    links = re.findall(r'<img src="([^"]+)"', text(client.get(ordered.page())))
    assert len(links) == 2
    got = client.get(links[0])
    assert got.headers["Content-Type"] == "image/jpeg"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Disposition"].startswith("inline")
    assert got.headers["Content-Security-Policy"].startswith("sandbox")
    assert got.headers["Cache-Control"] == "private, no-store"
    assert got.content.startswith(b"\xff\xd8\xff")
    build.a_shipped_order(seller, buyer=build.Buyer(name="Bo", email="bo@buyer.example"))
    assert entered("bo@buyer.example").get(links[0]).status_code == 404
    assert Client().get(links[0]).status_code == 302
    assert client.get(links[0].replace("/photos/", "/photos/9")).status_code == 404
    build.change("UPDATE return_photos SET by = 'warehouse'")
    assert client.get(links[0]).status_code == 404
    assert "<img" not in text(client.get(ordered.page()))


def test_a_label_is_handed_to_its_buyer_only(ordered: Ordered, seller: int, time: Clock) -> None:
    setting(ordered.seller, "manual")
    client = entered()
    client.post(ordered.form, ordered.filled(client))
    link = f"{ordered.page()}label/"
    assert client.get(link).status_code == 404
    pdf = clean_label(Attachment("label.pdf", "application/pdf", b"%PDF-1.7 <script>alert(1)</script>"))
    step = Authorize(ordered.number, rma(), address=DOCK, label=Label.UPLOADED, label_file=pdf)
    build.all_well(authorize_returns(build.an_actor(ordered.seller), [step], now=time.now))
    page = text(client.get(ordered.page()))
    assert link in page
    assert "Stick the label on it." in page
    assert "It is paid for." not in page  # the buyer's own reason
    got = client.get(link)
    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["Content-Security-Policy"].startswith("sandbox")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    build.a_shipped_order(seller, buyer=build.Buyer(name="Bo", email="bo@buyer.example"))
    assert entered("bo@buyer.example").get(link).status_code == 404


def test_over_a_border_the_seller_pays_for_every_reason(ordered: Ordered) -> None:
    setting(ordered.seller, "in_policy", '{"name": "L", "line1": "5 Dock Street", "country": "CN"}')
    client = entered()
    page = text(client.get(ordered.form))
    assert "You pay for sending it back." not in page
    assert page.count("The seller pays for sending it back.") == 3
    mugs = {
        f"pick-{ordered.items[0]}": "1",
        f"q-{ordered.items[0]}": "2",
    }  # worth more than what is left with buyers
    second = text(client.post(ordered.form, ordered.filled(client, do="continue", **mugs)))
    assert "The seller pays for sending it back." in second


HTML = b"<html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([HTML], "One of the photos cannot be used"),
        ([b"\x89PNG\r\n\x1a\n" + HTML], "One of the photos cannot be used"),
        ([b""], "One of the photos cannot be used"),
        ([b"\xff\xd8\xff" + b"0" * (10 * 2**20)], "too big"),
        ([b"\xff\xd8\xff"] * 7, "too many files: at most 6"),
    ],
)
def test_a_photo_that_is_none_changes_nothing_and_loses_nothing(
    ordered: Ordered, files: list[bytes], said: str
) -> None:
    client = entered()
    form = ordered.filled(client, comment="Keep my words", wish="exchange")
    answer = client.post(ordered.form, form | {"photos": [upload(one, "evil.png") for one in files]})
    assert answer.status_code == 422
    page = text(answer)
    assert said in page
    assert "Keep my words" in page
    assert 'value="exchange" selected' in page
    assert form["key"] in page
    assert "Please choose your photos again: evil.png" in page
    assert "<script>alert" not in page
    assert returns() == []
    assert build.everything("SELECT count(*) FROM stored_files") == [(0,)]


def test_fifty_megapixels_are_not_drawn(ordered: Ordered) -> None:
    out = io.BytesIO()
    Image.new("1", (10_000, 5_000)).save(out, "PNG")
    client = entered()
    answer = client.post(ordered.form, ordered.filled(client, photos=[upload(out.getvalue())]))
    assert answer.status_code == 422
    assert "megapixels" in text(answer)
    assert returns() == []


# --- hostile forms ---------------------------------------------------------------------------------------------------

EVIL = "<script>alert(1)</script>\u202egnp.exe"


def test_words_are_shown_and_never_obeyed(ordered: Ordered) -> None:
    client = entered()
    assert client.post(ordered.form, ordered.filled(client, comment=EVIL)).status_code == 302
    page = text(client.get(ordered.page()))
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "⟦U+202E⟧" in page


@pytest.mark.parametrize("comment", ["a\x00b", "x" * 100_000, "\x1b[2J", "x" * 1001])
def test_a_comment_that_cannot_be_sent_is_explained_and_kept(ordered: Ordered, comment: str) -> None:
    client = entered()
    answer = client.post(ordered.form, ordered.filled(client, comment=comment))
    assert answer.status_code == 422
    page = text(answer)
    assert "This comment cannot be sent" in page
    assert (comment[0] if comment[0].isprintable() else "⟦U+001B⟧") in page.split("<textarea")[1]
    assert "\x00" not in page
    assert returns() == []


def test_a_lone_surrogate_is_no_text(ordered: Ordered) -> None:
    client = entered()
    raw = "&".join(f"{name}={value}" for name, value in ordered.filled(client).items())
    answer = client.post(
        ordered.form, f"{raw}&comment=%ED%A0%80", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in (302, 422)
    assert all("\ud800" not in row[2] for row in returns())


@pytest.mark.parametrize("quantity", ["0", "-1", "3", "1.5", "1e2", "99999999999", "x", "２２２", "NaN"])
def test_forged_quantities_change_nothing(ordered: Ordered, quantity: str) -> None:
    client = entered()
    mug = ordered.items[0]
    for do in ("continue", "submit"):
        forged = {f"pick-{mug}": "1", f"q-{mug}": quantity}
        answer = client.post(ordered.form, ordered.filled(client, do=do, **forged))
        assert answer.status_code == 422, do
    assert returns() == []


def test_items_of_other_orders_are_nobodys(ordered: Ordered, seller: int) -> None:
    other = Ordered(seller)
    client = entered()
    for number in (other.items[0], "999", "' OR 1=1", "x" * 300):
        answer = client.post(ordered.form, ordered.filled(client, **{f"pick-{number}": "1"}))
        assert answer.status_code == 422
        assert "changed in the meantime" in text(answer)
    assert returns() == []


@pytest.mark.parametrize("reason", ["", "no_such", "TOO_SMALL", "<script>"])
def test_a_reason_must_be_chosen(ordered: Ordered, reason: str) -> None:
    client = entered()
    answer = client.post(ordered.form, ordered.filled(client, reason=reason))
    assert answer.status_code == 422
    assert "Please choose a reason" in text(answer)
    assert f'name="pick-{ordered.items[1]}" value="1" checked' in text(answer)
    assert returns() == []


def test_going_back_a_step_keeps_the_words(ordered: Ordered) -> None:
    client = entered()
    form = ordered.filled(client, do="change", comment="My <words>", wish="repair")
    page = text(client.post(ordered.form, form))
    assert 'name="comment" value="My &lt;words&gt;"' in page
    assert 'name="wish" value="repair"' in page
    assert 'value="too_small" required checked' in page
    assert form["key"] in page


# --- walls -----------------------------------------------------------------------------------------------------------


def test_nobody_else_comes_to_a_return(ordered: Ordered, seller: int) -> None:
    client = entered()
    client.post(ordered.form, ordered.filled(client))
    bo = build.a_shipped_order(seller, buyer=build.Buyer(name="Bo", email="bo@buyer.example"))
    other = build.a_seller("Second Shop")
    paths = [ordered.form, ordered.page(), f"{ordered.page()}withdraw/", f"{ordered.page()}photos/1/"]
    stranger = entered("bo@buyer.example")
    guest = entered("bo@buyer.example", bo)
    for path in paths:
        assert stranger.get(path).status_code == 404, path
        assert guest.get(path).status_code == 404, path
        assert Client().get(path).status_code == 302, path
        elsewhere = path.replace(public_id(seller), public_id(other))
        assert client.get(elsewhere).status_code == 404, elsewhere
    form = ordered.filled(client)
    for somebody in (stranger, guest):
        assert somebody.post(ordered.form, form).status_code == 404
        assert somebody.post(f"{ordered.page()}withdraw/", {"key": "k", "version": "1"}).status_code == 404
    assert [row[0] for row in returns()] == ["AUTHORIZED"]
    for place in (0, 2, 10**30):
        assert client.get(ordered.page(place)).status_code == 404


def test_a_guest_returns_the_one_order(ordered: Ordered, seller: int, time: Clock) -> None:
    other = Ordered(seller)
    guest = entered(order=ordered.number)
    assert guest.post(ordered.form, ordered.filled(guest)).status_code == 302
    assert guest.get(ordered.page()).status_code == 200
    assert guest.get(other.form).status_code == 404
    assert guest.post(other.form, {"key": "k", "do": "submit"}).status_code == 404
