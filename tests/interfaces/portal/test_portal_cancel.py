"""Cancelling in the portal: alone, by asking, and at the very boundary between the two (T07, U10; must show 3)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests import build
from tests.interfaces.portal.conftest import Clock, entered, form_of, order_url, text

from sellerdesk.commands.cancel_requests import decline_requests
from sellerdesk.domain.cancel_requests import DeclineCause, MoveRequest
from sellerdesk.domain.orders import Channel

SECOND = timedelta(seconds=1)


def items_of(number: str) -> list[str]:
    found = build.everything(
        "SELECT i.item_number FROM order_items i JOIN orders o ON o.id = i.order_id"
        " WHERE o.order_number = %s ORDER BY i.position",
        [number],
    )
    return [one for (one,) in found]


def state(number: str) -> tuple[str, int, str]:
    return build.everything(
        "SELECT status, units_cancelled, cancel_request FROM orders WHERE order_number = %s", [number]
    )[0]


def sent(client: Client, url: str, number: str, **said: str) -> Any:
    """Fill in the form that the page shows, and send it."""
    page = text(client.get(f"{url}cancel/"))
    form = form_of(page) | {f"q-{item}": "2" for item in items_of(number)} | said
    return client.post(f"{url}cancel/", form)


@pytest.fixture
def order(seller: int) -> tuple[str, str]:
    """An order that was placed at build.PLACED, and its address."""
    number = build.a_paid_order(seller)
    return number, order_url(seller, number)


def test_inside_the_window_a_buyer_cancels_alone(order: tuple[str, str]) -> None:
    number, url = order
    client = entered()
    page = text(client.get(url))
    assert "Cancel items" in page
    assert "10:30 PST" in page  # placed at 10:00 in Seattle
    answer = sent(client, url, number, reason="ordered_by_mistake")
    assert answer.headers["Location"] == f"{url}?done=cancelled"
    assert state(number) == ("Canceled", 2, "")
    page = text(client.get(answer.headers["Location"]))
    assert "Cancelled. You pay nothing" in page
    assert "2 units cancelled · by you" in page
    ((by, reason, counts, why),) = build.everything('SELECT "by", reason, counts, why FROM cancellations')
    assert (by, reason, counts, why) == ("BUYER", "ordered_by_mistake", False, "buyer_alone")


def test_a_pending_order_can_be_cancelled_too(seller: int) -> None:
    """C26: the platform holds the order back while the window runs."""
    number = build.a_placed_order(seller)
    assert sent(entered(), order_url(seller, number), number).status_code == 302
    assert state(number)[0] == "Canceled"


def test_some_units_can_be_cancelled(order: tuple[str, str]) -> None:
    number, url = order
    client = entered()
    assert sent(client, url, number, **{f"q-{items_of(number)[0]}": "1"}).status_code == 302
    assert state(number) == ("Unshipped", 1, "")
    assert "1 cancelled" in text(client.get(url))
    assert "Cancel items" in text(client.get(url))


@pytest.mark.parametrize(("country", "minutes"), [("US", 30), ("JP", 5)])
@pytest.mark.parametrize("before", [True, False])
def test_the_servers_clock_decides_at_the_boundary(
    seller: int, time: Clock, country: str, minutes: int, before: bool
) -> None:
    """T07: the last second before the end cancels; the end itself turns the click into a request."""
    seller = build.a_seller("Wide", countries=("US", "JP"))
    number = build.a_placed_order(seller, country=country)
    url = order_url(seller, number)
    time.now = build.PLACED + SECOND
    client = entered()
    form = form_of(text(client.get(f"{url}cancel/")))
    form |= {f"q-{items_of(number)[0]}": "1", "reason": "found_cheaper"}
    time.now = build.PLACED + timedelta(minutes=minutes) - (SECOND if before else SECOND * 0)
    answer = client.post(f"{url}cancel/", form)
    if before:
        assert answer.status_code == 302
        assert state(number)[1] == 1
        return
    page = text(answer)
    assert answer.status_code == 200  # explained, no error page
    assert state(number) == ("Pending", 0, "")
    assert "That time passed before you pressed the button" in page
    assert form_of(page) == form_of(page) | {"do": "request", "key": form["key"]}
    assert '<option value="found_cheaper" selected>' in page
    assert f'name="q-{items_of(number)[0]}" value="1" checked' in page


def test_a_late_click_is_one_press_away_from_a_request(order: tuple[str, str], time: Clock) -> None:
    number, url = order
    client = entered()
    form = form_of(text(client.get(f"{url}cancel/"))) | {f"q-{items_of(number)[0]}": "2", "reason": "other"}
    time.now = build.PLACED + timedelta(minutes=30)
    form |= form_of(text(client.post(f"{url}cancel/", form)))
    answer = client.post(f"{url}cancel/", form | {"words": "Wrong size."})
    assert answer.headers["Location"] == f"{url}?done=requested"
    assert state(number)[2] == "requested_formal"


def test_an_early_request_gets_the_other_form(order: tuple[str, str], time: Clock) -> None:
    """A marketplace's clock that was set back, or a kept page: there is no need to ask yet."""
    number, url = order
    time.now = build.PLACED + timedelta(minutes=40)
    client = entered()
    form = form_of(text(client.get(f"{url}cancel/")))
    form |= {f"q-{items_of(number)[0]}": "2", "reason": "other", "words": "Please, thanks"}
    time.now = build.PLACED + timedelta(minutes=20)
    answer = client.post(f"{url}cancel/", form)
    page = text(answer)
    assert answer.status_code == 200
    assert "You need not ask" in page
    assert form_of(page)["do"] == "cancel"
    assert form_of(page)["words"] == "Please, thanks"
    assert '<option value="2" selected>' in page
    assert state(number)[2] == ""


def test_afterwards_the_same_place_asks_the_seller(order: tuple[str, str], time: Clock) -> None:
    number, url = order
    time.now = build.PLACED + timedelta(minutes=30)
    client = entered()
    page = text(client.get(url))
    assert "Request cancellation" in page
    assert "Cancel items" not in page
    answer = sent(client, url, number, reason="arrives_too_late", words="It is <b>too</b> late \u202e")
    assert answer.headers["Location"] == f"{url}?done=requested"
    page = text(client.get(url))
    assert "You asked the seller to cancel" in page
    assert "It would arrive too late" in page
    assert "It is &lt;b&gt;too&lt;/b&gt; late ⟦U+202E⟧" in page
    assert "should answer by Tue 3 Mar, 10:30 PST" in page
    ((reason, words, numbers),) = build.everything(
        "SELECT reason, words, item_numbers::text FROM cancellation_requests"
    )
    assert (reason, words) == ("arrives_too_late", "It is <b>too</b> late \u202e")
    assert items_of(number)[0] in numbers
    assert "Cancellation requested" in text(client.get("/account/"))


def test_a_request_names_a_reason(order: tuple[str, str], time: Clock) -> None:
    number, url = order
    time.now = build.PLACED + timedelta(hours=1)
    answer = sent(entered(), url, number, reason="", words="Kept words")
    assert answer.status_code == 422
    assert "Please choose a reason" in text(answer)
    assert "Kept words" in text(answer)
    assert state(number)[2] == ""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"words": "x" * 501}, 422),
        ({"words": "x" * 500}, 302),
        ({"words": "字" * 500}, 302),
        ({"words": "a\x00b"}, 422),
    ],
)
def test_words_are_bounded(order: tuple[str, str], time: Clock, said: dict[str, str], expected: int) -> None:
    number, url = order
    time.now = build.PLACED + timedelta(hours=1)
    assert sent(entered(), url, number, reason="other", **said).status_code == expected


@pytest.mark.parametrize("quantity", ["0", "", "-1", "3", "1.5", "zwei", "9" * 30])
def test_impossible_quantities_change_nothing(order: tuple[str, str], quantity: str) -> None:
    number, url = order
    answer = sent(entered(), url, number, **{f"q-{items_of(number)[0]}": quantity})
    assert answer.status_code == 422
    assert state(number) == ("Unshipped", 0, "")


def test_items_of_other_orders_are_not_looked_for(order: tuple[str, str], seller: int) -> None:
    number, url = order
    other = build.a_paid_order(seller)
    form = {f"q-{items_of(other)[0]}": "1", "do": "cancel", "key": "k"}
    assert entered().post(f"{url}cancel/", form).status_code == 422
    assert state(other)[1] == state(number)[1] == 0


def test_pressing_twice_is_pressing_once(order: tuple[str, str]) -> None:
    number, url = order
    client = entered()
    form = form_of(text(client.get(f"{url}cancel/"))) | {f"q-{items_of(number)[0]}": "1"}
    answers = [client.post(f"{url}cancel/", form) for _ in range(3)]
    assert {one.headers["Location"] for one in answers} == {f"{url}?done=cancelled"}
    assert state(number)[1] == 1


def test_going_back_and_choosing_otherwise_is_a_new_form(order: tuple[str, str]) -> None:
    """A kept page has a key that was used: nothing happens, and the same choices come with a new one."""
    number, url = order
    client = entered()
    form = form_of(text(client.get(f"{url}cancel/"))) | {"reason": "other"}
    item = f"q-{items_of(number)[0]}"
    client.post(f"{url}cancel/", form | {item: "1"})
    answer = client.post(f"{url}cancel/", form | {item: "1", "reason": "not_needed"})
    assert answer.status_code == 409
    assert form_of(text(answer))["key"] != form["key"]
    assert state(number)[1] == 1


def test_asking_twice_is_asking_once(order: tuple[str, str], time: Clock) -> None:
    number, url = order
    time.now = build.PLACED + timedelta(hours=1)
    client = entered()
    form = form_of(text(client.get(f"{url}cancel/"))) | {f"q-{items_of(number)[0]}": "2", "reason": "other"}
    answers = [client.post(f"{url}cancel/", form) for _ in range(2)]
    assert {one.headers["Location"] for one in answers} == {f"{url}?done=requested"}
    second = client.post(f"{url}cancel/", form | {"key": "another-tab"})
    assert "You have asked for this already" in text(second)
    assert build.everything("SELECT count(*) FROM cancellation_requests") == [(1,)]


def test_the_sellers_no_is_told_with_what_to_do(order: tuple[str, str], seller: int, time: Clock) -> None:
    number, url = order
    time.now = build.PLACED + timedelta(hours=1)
    client = entered()
    sent(client, url, number, reason="other")
    build.ship(seller, number, at=time.now, lines={items_of(number)[0]: 1})
    if state(number)[2]:  # a part was sent; the rest is declined because of it
        asked = MoveRequest(number, DeclineCause.SHIPPED)
        build.all_well(decline_requests(build.an_actor(seller), [asked], now=time.now))
    page = text(client.get(url))
    assert "could not cancel any more" in page or "was sent before" in page
    assert "return it after it has arrived" in page


def test_a_request_that_the_parcel_overtook_says_so(order: tuple[str, str], seller: int, time: Clock) -> None:
    number, url = order
    time.now = build.PLACED + timedelta(hours=1)
    client = entered()
    sent(client, url, number, reason="other")
    build.ship(seller, number, at=time.now)
    page = text(client.get(url))
    assert "It was sent before the seller could cancel" in page
    page = text(client.get(f"{url}cancel/"))
    assert "cannot be cancelled any more" in page
    assert form_of(page) == {}


def test_shipped_inside_the_window_cannot_be_cancelled_alone(
    order: tuple[str, str], seller: int, time: Clock
) -> None:
    number, url = order
    client = entered()
    form = form_of(text(client.get(f"{url}cancel/"))) | {f"q-{items_of(number)[0]}": "2"}
    build.ship(seller, number, at=time.now)
    answer = client.post(f"{url}cancel/", form)
    assert answer.status_code == 422
    assert "on its way already" in text(answer)
    assert state(number)[1] == 0


def test_the_warehouses_orders_are_not_asked_for(seller: int, time: Clock) -> None:
    number = build.a_paid_order(seller, channel=Channel.AFN)
    time.now = build.PLACED + timedelta(hours=1)
    client, url = entered(), order_url(seller, number)
    assert "Request cancellation" not in text(client.get(url))
    assert "warehouse" in text(client.get(f"{url}cancel/"))


def test_another_buyers_order_answers_like_none(order: tuple[str, str], seller: int) -> None:
    number, url = order
    build.a_paid_order(seller, buyer=build.Buyer(name="Bo", email="bo@buyer.example"))
    stranger = entered("bo@buyer.example")
    form = {"do": "cancel", "key": "k", f"q-{items_of(number)[0]}": "2"}
    for path in (url, f"{url}cancel/"):
        ghost = path.replace(number, "999-0000000-0000001")
        for method in (stranger.get, stranger.post):
            found, none = method(path, form), method(ghost, form)
            assert found.status_code == none.status_code
            assert text(found).replace(number, "") == text(none).replace("999-0000000-0000001", "") or (
                scrubbed(found, number) == scrubbed(none, "999-0000000-0000001")
            )
    assert state(number) == ("Unshipped", 0, "")


def scrubbed(answer: Any, number: str) -> str:
    import re

    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", text(answer)).replace(number, "")


def test_a_forged_form_is_refused(order: tuple[str, str]) -> None:
    number, url = order
    client = entered()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["sellerdesk_buyer"] = client.cookies["sellerdesk_buyer"].value
    form = {"do": "cancel", "key": "k", f"q-{items_of(number)[0]}": "2"}
    assert strict.post(f"{url}cancel/", form).status_code == 403
    assert state(number)[1] == 0
