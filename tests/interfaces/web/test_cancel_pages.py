"""Cancelling one order in the console: what is said before, what happens, and every way in which it does not."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.build import (
    a_document,
    a_paid_order,
    a_placed_order,
    a_seller,
    a_shipped_order,
    an_actor,
    an_item,
    everything,
    paid_orders,
    ship,
    with_quantities,
)
from tests.interfaces.web.conftest import NOW, Staff, text

from sellerdesk.commands.cancel_requests import file_requests, note_requests
from sellerdesk.commands.cancellations import cancel_orders
from sellerdesk.domain.cancel_requests import FilingRequest, MoveRequest, Reason
from sellerdesk.domain.cancellations import CancelReason, CancelRequest
from sellerdesk.domain.orders import Channel

HOUR = timedelta(hours=1)


def url(number: str, what: str = "cancel/") -> str:
    return f"/desk/orders/{number}/{what}"


def form_of(page: str) -> dict[str, Any]:
    """The fields of the cancel form as a browser would send them."""
    body = page.partition('id="cancel-form"')[2].partition("</form>")[0]
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", body):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in said and (said.get("type") not in ("checkbox", "radio") or " checked" in tag):
            fields[said["name"]] = html.unescape(said.get("value", ""))
    del fields["csrfmiddlewaretoken"]
    return {**fields, "do": "cancel"}


def words(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0] or page
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def state(number: str) -> tuple[Any, ...]:
    """Status, units cancelled, by whom, why, whether it counts."""
    [found] = everything(
        "SELECT status, units_cancelled, cancelled_by, cancel_reason, counts_in_cr FROM orders WHERE order_number = %s",
        [number],
    )
    return found


def items_of(number: str) -> list[str]:
    found = everything(
        "SELECT i.item_number FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.order_number = %s"
        " ORDER BY i.position",
        [number],
    )
    return [one for (one,) in found]


def requested(seller: int, number: str, *, said: str = "Ordered twice", only: tuple[str, ...] = ()) -> str:
    """The buyer files a request two hours before NOW."""
    filing = FilingRequest(number, Reason.ORDERED_BY_MISTAKE, said, only)
    [outcome] = file_requests(an_actor(seller), [filing], now=NOW - 2 * HOUR)
    assert outcome.accepted, outcome.refusal
    return number


def others(seller: int, count: int) -> list[str]:
    """Orders of the same window, so that there is a rate."""
    return paid_orders(seller, [a_document(at=NOW - 30 * HOUR) for _ in range(count)])


@pytest.fixture
def number(seller: int) -> str:
    """An order of six hours ago among 99 others of the same week."""
    others(seller, 99)
    return a_paid_order(seller, at=NOW - 6 * HOUR)


# --- What is said before the click -----------------------------------------------------------------------------------


def test_a_filed_request_preselects_everything_and_does_not_count(
    owner: Client, seller: int, number: str
) -> None:
    requested(seller, number)
    page = text(owner.get(url(number)))
    fields = form_of(page)
    assert fields["reason"] == "buyer_cancelled"
    assert fields["expects-buyer_cancelled"] == "0"
    assert fields["expects-no_inventory"] == "1"
    said = words(page)
    assert "The buyer has requested to cancel this order." in said
    assert "Does not count in your cancellation rate" in said
    assert "0.00 % (0/100)" in said
    assert "0.00 % (0/99)" in said  # the buyer's wish leaves the total too
    assert "Must stay below 2.50 %." in said
    assert "+2 back to SKU-1" in said
    assert "the authorisation of $43.18 is released" in said
    assert "You and the buyer each get a confirmation." in said
    assert "None: a cancellation is final" in said


def test_three_clicks_from_the_list(owner: Client, seller: int, number: str) -> None:
    requested(seller, number)
    listed = text(owner.get("/desk/orders/?wish=requested"))
    link = re.search(rf'<tr class="banner wish info">.*?href="({url(number)}[^"]*)"', listed)
    assert link
    page = text(owner.get(html.unescape(link.group(1))))
    answer = owner.post(url(number), form_of(page), follow=True)
    assert "Order cancelled. It does not count" in words(text(answer))
    assert state(number) == ("Canceled", 2, "MERCHANT", "buyer_cancelled", False)
    assert everything("SELECT state FROM cancellation_requests") == [("accepted",)]


def test_without_a_choice_each_reason_says_what_it_would_do(owner: Client, number: str) -> None:
    page = text(owner.get(url(number)))
    assert "reason" not in form_of(page)
    for reason in CancelReason:
        effect = words(page.partition(f'id="effect-{reason}"')[2].partition("</label>")[0])
        assert "Counts" in effect
        assert "1.00 % (1/100)" in effect
        assert ("Stock not restored" in effect) == (reason is CancelReason.NO_INVENTORY)
    assert "Choose a reason." in words(page)


@pytest.mark.parametrize(
    ("reason", "says", "stock"),
    [
        ("no_inventory", "Do not ask the buyer to request a cancellation", "Not restored"),
        ("buyer_cancelled", "The buyer filed no request in their account.", "+2 back to SKU-1"),
        ("pricing_error", "The reason is the seller's own.", "+2 back to SKU-1"),
    ],
)
def test_the_panel_follows_the_reason(owner: Client, number: str, reason: str, says: str, stock: str) -> None:
    fields = form_of(text(owner.get(url(number)))) | {"reason": reason}
    panel = text(owner.post(url(number, "cancel/preview/"), fields))
    assert says in words(panel)
    assert stock in words(panel)
    assert "Counts in your cancellation rate" in words(panel)
    assert 'class="card panel warn"' in panel
    assert state(number)[0] == "Unshipped"  # a look changes nothing


def test_a_wish_in_a_message_is_guided_in_one_press(owner: Client, seller: int, number: str) -> None:
    assert note_requests(an_actor(seller), [MoveRequest(number)], now=NOW - HOUR)[0].accepted
    page = text(owner.get(url(number)))
    assert "has filed no request" in words(page)
    fields = form_of(page) | {"reason": "buyer_cancelled"}
    panel = text(owner.post(url(number, "cancel/preview/"), fields))
    assert "The buyer only wrote a message and filed no request." in words(panel)
    assert f'formaction="{url(number, "cancel/guide/")}"' in panel
    assert "Request cancellation" in words(panel)  # the text is there to be read before
    for _ in range(2):  # a second press does nothing
        answer = owner.post(url(number, "cancel/guide/"), fields | {"guide": "cancel_guidance"}, follow=True)
        assert "The buyer was told how to request the cancellation." in words(text(answer))
    assert everything("SELECT kind, reason FROM messages") == [("seller", "cancel_guidance")]
    assert state(number)[0] == "Unshipped"
    assert everything("SELECT cancel_request FROM orders WHERE order_number = %s", [number]) == [("guided",)]
    panel = text(owner.post(url(number, "cancel/preview/"), fields))
    assert 'value="cancel_important"' in panel


def test_who_may_not_write_is_offered_no_message(seller: int, staff: Staff, number: str) -> None:
    shipper = staff(seller, role="shipper")
    fields = form_of(text(shipper.get(url(number)))) | {"reason": "buyer_cancelled"}
    assert "guide" not in text(shipper.post(url(number, "cancel/preview/"), fields))
    assert shipper.post(url(number, "cancel/guide/"), {"guide": "cancel_guidance"}).status_code == 403


def test_money_is_named_only_to_who_may_see_it(seller: int, staff: Staff, number: str) -> None:
    fields = {"reason": "no_inventory"}
    client = staff(seller, role="support")
    panel = words(
        text(client.post(url(number, "cancel/preview/"), form_of(text(client.get(url(number)))) | fields))
    )
    assert "$" not in panel
    assert "their authorisation is released" in panel


# --- Doing it --------------------------------------------------------------------------------------------------------


def test_some_units_of_some_items(owner: Client, seller: int) -> None:
    others(seller, 60)
    number = a_paid_order(seller, at=NOW - HOUR, items=with_quantities(a_document(), 3, 2).items)
    first, second = items_of(number)
    fields = form_of(text(owner.get(url(number)))) | {
        "reason": "no_inventory",
        f"qty-{first}": "1",
        f"qty-{second}": "0",
    }
    panel = words(text(owner.post(url(number, "cancel/preview/"), fields)))
    assert "Left to ship after this: 4 units." in panel
    assert "Cancel these units" in panel
    answer = owner.post(url(number), fields, follow=True)
    assert "1 unit cancelled. It counts in your cancellation rate, which is now 1/61." in words(text(answer))
    assert state(number) == ("Unshipped", 1, "", "", True)


def test_a_request_for_one_item_preselects_that_item(owner: Client, seller: int) -> None:
    number = a_paid_order(seller, at=NOW - 6 * HOUR, items=with_quantities(a_document(), 3, 2).items)
    first, second = items_of(number)
    requested(seller, number, only=(second,))
    page = text(owner.get(url(number)))
    fields = form_of(page)
    assert (fields[f"qty-{first}"], fields[f"qty-{second}"]) == ("0", "2")
    assert "Concerns only: SKU-2" in words(page)
    # The whole order with the buyer's reason would count: the request does not name all of it.
    panel = words(text(owner.post(url(number, "cancel/preview/"), fields | {f"qty-{first}": "3"})))
    assert "The buyer's request does not name all of these items." in panel
    owner.post(url(number), fields)
    assert state(number) == ("Unshipped", 2, "", "", False)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"reason": ""}, "Choose a reason."),
        ({"reason": "nonsense"}, "Choose a reason."),
        ({"qty": "0"}, "Give at least one unit to cancel."),
        ({"qty": "9"}, "only 2 can still be shipped, not 9"),
        ({"qty": "two"}, "not valid here"),
    ],
)
def test_mistakes_are_named_and_nothing_happens(
    owner: Client, number: str, change: dict[str, str], says: str
) -> None:
    [item] = items_of(number)
    given = {f"qty-{item}" if name == "qty" else name: value for name, value in change.items()}
    fields = form_of(text(owner.get(url(number)))) | {"reason": "no_inventory"} | given
    answer = owner.post(url(number), fields)
    assert answer.status_code == 422
    assert says in words(text(answer))
    assert state(number)[0] == "Unshipped"


def test_sent_twice_it_happens_once(owner: Client, number: str) -> None:
    fields = form_of(text(owner.get(url(number)))) | {"reason": "no_inventory"}
    owner.post(url(number), fields)
    answer = owner.post(url(number), fields, follow=True)
    assert "This was cancelled already. Nothing was done twice." in words(text(answer))
    assert everything("SELECT count(*) FROM cancellations") == [(1,)]


def test_a_stale_form_is_refused_with_the_news_and_keeps_what_was_typed(
    owner: Client, seller: int, number: str
) -> None:
    fields = form_of(text(owner.get(url(number)))) | {"reason": "buyer_cancelled"}
    requested(seller, number)
    answer = owner.post(url(number), fields)
    page = text(answer)
    assert answer.status_code == 409
    assert "Cancellation requested by the buyer" in words(page)
    fresh = form_of(page)
    assert fresh["reason"] == "buyer_cancelled"
    assert fresh["expects-buyer_cancelled"] == "0"
    assert owner.post(url(number), fresh).status_code == 302
    assert state(number)[4] is False


def test_another_effect_than_shown_is_asked_for_again(owner: Client, seller: int) -> None:
    """Without scripts the units change and the panel does not: the server notices."""
    number = a_paid_order(seller, at=NOW - 6 * HOUR, items=with_quantities(a_document(), 3, 2).items)
    first, second = items_of(number)
    requested(seller, number, only=(second,))
    others(seller, 90)
    fields = form_of(text(owner.get(url(number)))) | {f"qty-{first}": "3"}
    answer = owner.post(url(number), fields)
    assert answer.status_code == 409
    assert "Read it again, then decide." in words(text(answer))
    assert form_of(text(answer))[f"qty-{first}"] == "3"
    assert state(number)[0] == "Unshipped"
    assert owner.post(url(number), form_of(text(answer))).status_code == 302


# --- The limit -------------------------------------------------------------------------------------------------------


def test_reaching_the_limit_takes_a_second_press(owner: Client, seller: int) -> None:
    number = a_paid_order(seller, at=NOW - HOUR)
    fields = form_of(text(owner.get(url(number)))) | {"reason": "no_inventory"}
    panel = text(owner.post(url(number, "cancel/preview/"), fields))
    assert 'class="card panel bad"' in panel
    assert 'name="accepts_limit"' in panel
    answer = owner.post(url(number), fields)
    assert answer.status_code == 422
    assert state(number)[0] == "Unshipped"
    assert owner.post(url(number), form_of(text(answer)) | {"accepts_limit": "1"}).status_code == 302
    assert state(number) == ("Canceled", 2, "MERCHANT", "no_inventory", True)


def test_who_may_not_exceed_has_no_button(seller: int, staff: Staff) -> None:
    number = a_paid_order(seller, at=NOW - HOUR)
    client = staff(seller, role="support")
    fields = form_of(text(client.get(url(number)))) | {"reason": "no_inventory"}
    panel = text(client.post(url(number, "cancel/preview/"), fields))
    assert "Your role may not cancel over the limit." in words(panel)
    assert "data-submit" not in panel
    assert client.post(url(number), fields | {"accepts_limit": "1"}).status_code == 403
    assert state(number)[0] == "Unshipped"


# --- Labels, shipped orders, and what cannot be cancelled ------------------------------------------------------------


def with_label(number: str) -> None:
    """A parcel that was announced and that no carrier has seen: what buying a label will leave behind."""
    everything(
        "INSERT INTO packages (seller_id, order_id, reference, version, carrier_code, carrier_name, service, tracking,"
        " tracking_key, confirmed_at, is_late, status, detailed_status, memo, ship_from, published)"
        " SELECT seller_id, id, 'L1', 1, 'UPS', '', '', '1Z', '1Z', %s, false, 'PENDING', '', '', '{}', '{}'"
        " FROM orders WHERE order_number = %s RETURNING id",
        [NOW - HOUR, number],
    )
    everything(
        "INSERT INTO package_items (seller_id, package_id, item_id, quantity, transparency_codes)"
        " SELECT p.seller_id, p.id, i.id, i.ordered, '[]' FROM packages p JOIN order_items i ON i.order_id = p.order_id"
        " JOIN orders o ON o.id = p.order_id WHERE o.order_number = %s RETURNING id",
        [number],
    )


def test_a_label_stands_in_the_way_until_somebody_says_why_not(
    owner: Client, seller: int, number: str
) -> None:
    requested(seller, number)
    with_label(number)
    page = text(owner.get(url(number)))
    assert "Package L1 has a shipping label already." in words(page)
    assert url(number, "cancel/decline/") in page
    answer = owner.post(url(number), form_of(page))
    assert answer.status_code == 422
    assert "override-error" in text(answer)
    assert (
        owner.post(
            url(number), form_of(text(answer)) | {"label_override": "Label voided by hand"}
        ).status_code
        == 302
    )
    assert state(number)[0] == "Canceled"


def test_declining_because_of_a_label_tells_the_buyer(owner: Client, seller: int, number: str) -> None:
    requested(seller, number)
    with_label(number)
    page = text(owner.get(url(number, "cancel/decline/")))
    assert "cannot be cancelled at this stage" in words(page)
    fields = form_of(page)
    assert fields["cause"] == "label"
    answer = owner.post(url(number, "cancel/decline/"), fields, follow=True)
    assert "The request is declined, and the buyer was told." in words(text(answer))
    assert everything("SELECT state FROM cancellation_requests") == [("declined",)]
    assert everything("SELECT reason FROM messages") == [("cancel_declined",)]
    assert owner.post(url(number, "cancel/decline/"), fields).status_code == 409


def test_a_request_is_not_declined_without_a_cause(owner: Client, seller: int, number: str) -> None:
    requested(seller, number)
    assert "Nothing stands in the way of cancelling." in words(
        text(owner.get(url(number, "cancel/decline/")))
    )
    answer = owner.post(url(number, "cancel/decline/"), {"cause": "shipped", "version": "3"})
    assert answer.status_code == 409
    assert everything("SELECT state FROM cancellation_requests") == [("requested_formal",)]


def test_who_may_not_write_declines_and_is_told_that_nobody_knows(
    seller: int, staff: Staff, number: str
) -> None:
    requested(seller, number)
    with_label(number)
    client = staff(seller, role="shipper")
    page = text(client.get(url(number, "cancel/decline/")))
    assert "Your role may not write to buyers." in words(page)
    answer = client.post(url(number, "cancel/decline/"), form_of(page), follow=True)
    assert "The buyer still has to be told." in words(text(answer))
    assert everything("SELECT count(*) FROM messages") == [(0,)]


def test_a_wish_that_was_none_rests(owner: Client, seller: int, number: str) -> None:
    assert note_requests(an_actor(seller), [MoveRequest(number)], now=NOW - HOUR)[0].accepted
    [(version,)] = everything("SELECT version FROM orders WHERE order_number = %s", [number])
    owner.post(url(number, "cancel/dismiss/"), {"version": str(version)})
    assert everything("SELECT state FROM cancellation_requests") == [("expired",)]
    answer = owner.post(url(number, "cancel/dismiss/"), {"version": str(version)}, follow=True)
    assert "meanwhile" in words(text(answer))


def test_a_shipped_order_leads_to_a_return(owner: Client, seller: int) -> None:
    number = a_shipped_order(seller, at=NOW - 3 * 24 * HOUR, shipped_at=NOW - HOUR)
    page = text(owner.get(url(number)))
    assert "It has been shipped: it can no longer be cancelled" in words(page)
    assert "you refund it then" in words(page)
    assert 'id="cancel-form"' not in page
    assert owner.post(url(number), {"version": "3", "reason": "no_inventory"}).status_code in (409, 422)


def test_the_rest_of_a_partly_shipped_order(owner: Client, seller: int) -> None:
    others(seller, 90)
    number = a_paid_order(seller, at=NOW - 6 * HOUR, items=with_quantities(a_document(), 2, 2).items)
    first, _ = items_of(number)
    ship(seller, number, at=NOW - HOUR, lines={first: 2})
    page = text(owner.get(url(number)))
    assert "Cancel the rest" in words(page)
    assert "what was shipped stays shipped and charged" in words(page)
    fields = form_of(page)
    assert f"qty-{first}" not in fields
    owner.post(url(number), fields | {"reason": "no_inventory"})
    assert state(number)[:2] == ("Shipped", 2)


@pytest.mark.parametrize("kind", ["pending", "warehouse", "cancelled"])
def test_what_cannot_be_cancelled_says_why(owner: Client, seller: int, kind: str) -> None:
    if kind == "pending":
        number = a_placed_order(seller, at=NOW - HOUR)
    else:
        number = a_paid_order(
            seller, at=NOW - HOUR, channel=Channel.AFN if kind == "warehouse" else Channel.MFN
        )
    if kind == "cancelled":
        done = CancelRequest(number, CancelReason.NO_INVENTORY, accepts_limit=True)
        assert cancel_orders(an_actor(seller), [done], now=NOW)[0].accepted
    page = text(owner.get(url(number)))
    assert "This order cannot be cancelled" in words(page)
    assert 'id="cancel-form"' not in page


# --- Who may, and whose ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [
        *(("manager", 200), ("shipper", 200), ("support", 200)),
        *(("finance", 403), ("readonly", 403), ("integrator", 403)),
    ],
)
def test_only_who_cancels_may_open_it(seller: int, staff: Staff, number: str, role: str, status: int) -> None:
    client = staff(seller, role=role)
    for what in ("cancel/", "cancel/decline/"):
        assert client.get(url(number, what)).status_code == status
    assert ("cancel/" in text(client.get(url(number, "")))) == (status == 200)


def test_another_sellers_order_is_none(owner: Client) -> None:
    other = a_paid_order(a_seller("Other"), at=NOW - HOUR)
    for what in ("cancel/", "cancel/decline/"):
        assert owner.get(url(other, what)).status_code == 404
    assert owner.post(url(other), {"reason": "no_inventory", "version": "2"}).status_code == 404
    assert state(other)[0] == "Unshipped"


def test_the_buyers_words_are_shown_harmless(owner: Client, seller: int, number: str, staff: Staff) -> None:
    requested(seller, number, said="<script>alert(1)</script> \u202egnp.exe")
    for page in (text(owner.get(url(number))), text(owner.get(url(number, "")))):
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
        assert "⟦U+202E⟧" in page
    assert "script&gt;" not in text(staff(seller, role="readonly").get(url(number, "")))


def test_the_dialog_asks_the_database_a_constant_number_of_times(owner: Client, seller: int) -> None:
    others(seller, 5)
    counts = []
    for pieces in (1, 8):
        number = a_paid_order(
            seller, at=NOW - HOUR, items=with_quantities(a_document(), *range(1, pieces + 1)).items
        )
        owner.get(url(number))
        with CaptureQueriesContext(connection) as captured:
            owner.get(url(number))
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] < 30


# --- The order's own page, and the hold ------------------------------------------------------------------------------


def test_who_why_and_under_which_rule(owner: Client, seller: int, number: str, staff: Staff) -> None:
    requested(seller, number)
    owner.post(url(number), form_of(text(owner.get(url(number)))))
    said = words(text(owner.get(url(number, ""))))
    assert "2 units cancelled by the seller" in said
    assert "Does not count in the cancellation rate" in said
    assert "The buyer requested it in their account." in said
    assert "Orders that the buyer wanted cancelled leave the total too." in said
    assert "Reason: Buyer cancelled." in said
    assert "Cancellation rate 0/100 → 0/99" in said
    assert "Authorisation of $43.18 released" in said
    assert "$43.18" not in words(text(staff(seller, role="readonly").get(url(number, ""))))


def test_a_held_order_ships_only_with_an_explicit_tick(owner: Client, seller: int, number: str) -> None:
    requested(seller, number)
    page = text(owner.get(url(number, "confirm/")))
    assert "Do not pack" in words(page)
    [item] = items_of(number)
    package = {
        "p0-carrier": "UPS",
        "p0-tracking": "1Z999AA10123456784",
        "p0-ship_date": NOW.date().isoformat(),
    }
    fields = {"do": "confirm", "packages": "1", "version": "3", "seen": "0", f"p0-qty-{item}": "2", **package}
    answer = owner.post(url(number, "confirm/"), fields)
    assert answer.status_code == 422
    assert "Nothing was confirmed." in words(text(answer))
    assert state(number)[0] == "Unshipped"
    assert owner.post(url(number, "confirm/"), fields | {"ship_anyway": "1"}).status_code == 302
    assert state(number)[0] == "Shipped"
    assert "Shipped although the buyer wanted to cancel" in words(text(owner.get(url(number, ""))))


def test_slips_of_held_orders_are_left_out_by_name(owner: Client, seller: int) -> None:
    held, free = (
        a_paid_order(seller, at=NOW - 6 * HOUR, items=[an_item(sku=sku)]) for sku in ("HELD", "FREE")
    )
    requested(seller, held)
    asked = f"/desk/orders/slips/?order={held}&order={free}"
    page = text(owner.get(asked))
    assert "Left out: do not pack." in words(page)
    assert "HELD" not in words(page)
    printed = text(owner.post("/desk/orders/slips/", {"order": [held, free], "format": "print"}))
    assert "HELD" not in words(printed)
    prints = "SELECT order_number, slips_printed FROM orders ORDER BY slips_printed, order_number"
    assert dict(everything(prints)) == {held: 0, free: 1}
    assert "HELD" in words(text(owner.get(asked + "&held=1")))
    owner.post("/desk/orders/slips/", {"order": [held, free], "format": "print", "held": "1"})
    assert dict(everything(prints)) == {held: 1, free: 2}
    alone = words(text(owner.get(f"/desk/orders/slips/?order={held}")))
    assert "HELD" in alone
    assert "Do not pack" in alone
