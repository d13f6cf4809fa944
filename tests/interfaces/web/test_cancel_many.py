"""Cancelling many orders from the list: what is chosen, what is said before, what became of each row."""

import html
import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.build import (
    a_document,
    a_paid_order,
    a_seller,
    a_shipped_order,
    an_actor,
    everything,
    paid_orders,
    with_quantities,
)
from tests.interfaces.web.conftest import NOW, Staff, text
from tests.interfaces.web.test_cancel_pages import items_of, others, requested, with_label, words

from sellerdesk.commands.cancellations import cancel_orders
from sellerdesk.domain.cancellations import CancelReason, CancelRequest

HOUR = timedelta(hours=1)
MANY = "/desk/orders/cancel/"


def chosen(*numbers: str) -> str:
    return MANY + "?" + "&".join(f"order={number}" for number in numbers)


def form_of(page: str, **change: Any) -> dict[str, Any]:
    """The form as a browser would send it: ticked rows, hidden fields, the reason."""
    body = page.partition('id="cancel-form"')[2].partition("</form>")[0]
    fields: dict[str, Any] = {"row": []}
    for tag in re.findall(r"<input[^>]*>", body):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if said.get("type") == "checkbox" and " checked" not in tag:
            continue
        if said["name"] == "row":
            fields["row"].append(html.unescape(said["value"]))
        else:
            fields[said["name"]] = html.unescape(said.get("value", ""))
    del fields["csrfmiddlewaretoken"]
    return fields | {"do": "cancel"} | change


def groups(page: str) -> dict[str, list[str]]:
    """Name of each group → the orders in it."""
    parts = re.split(r'id="g-(\w+)"', page)[1:]
    return {
        name: re.findall(r'<tr id="r-([\d-]+)"', body.split("</table>")[0])
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def statuses(*numbers: str) -> list[str]:
    found = dict(everything("SELECT order_number, status FROM orders"))
    return [found[number] for number in numbers]


@pytest.fixture
def kinds(seller: int) -> dict[str, str]:
    """One order of each kind among enough others to have room in the rate."""
    others(seller, 100)
    made = {
        "formal": requested(seller, a_paid_order(seller, at=NOW - 6 * HOUR)),
        "plain": a_paid_order(seller, at=NOW - 7 * HOUR),
        "shipped": a_shipped_order(seller, at=NOW - 30 * HOUR, shipped_at=NOW - HOUR),
        "labelled": a_paid_order(seller, at=NOW - 8 * HOUR),
    }
    with_label(made["labelled"])
    return made


def test_a_preview_in_groups_with_the_rate_at_the_end(owner: Client, kinds: dict[str, str]) -> None:
    page = text(owner.get(chosen(*kinds.values())))
    assert groups(page) == {
        "free": [kinds["formal"]],
        "counts": [kinds["plain"]],
        "cannot": [kinds["shipped"], kinds["labelled"]],
    }
    said = words(page)
    assert "2 orders will be cancelled" in said
    assert "1 of them will count in your cancellation rate." in said
    assert "0.00 % (0/104)" in said
    assert "0.97 % (1/103)" in said
    assert "A shipping label exists. Look at this order on its own." in said
    assert statuses(*kinds.values()) == ["Unshipped", "Unshipped", "Shipped", "Unshipped"]


def test_one_press_and_a_result_for_each_row(owner: Client, kinds: dict[str, str]) -> None:
    page = text(owner.get(chosen(*kinds.values())))
    answer = owner.post(MANY, form_of(page), follow=True)
    assert answer.status_code == 422  # nobody has said why the others are cancelled
    assert "Choose a reason." in words(text(answer))
    fields = form_of(text(answer), reason="no_inventory")
    answer = owner.post(MANY, fields)
    assert answer.status_code == 302
    assert "/desk/orders/cancel/results/" in answer["Location"]
    result = text(owner.get(answer["Location"]))
    assert "2 orders cancelled." in words(result)
    assert statuses(kinds["formal"], kinds["plain"]) == ["Canceled", "Canceled"]
    reasons = dict(
        everything("SELECT o.order_number, c.reason FROM cancellations c JOIN orders o ON o.id = c.order_id")
    )
    assert reasons == {kinds["formal"]: "buyer_cancelled", kinds["plain"]: "no_inventory"}
    again = owner.post(MANY, fields)  # the same form again leads to the same result
    assert again["Location"] == answer["Location"]
    assert everything("SELECT count(*) FROM cancellations") == [(2,)]


def test_unticked_rows_stay_and_leave_the_rate(owner: Client, kinds: dict[str, str]) -> None:
    page = text(owner.get(chosen(kinds["formal"], kinds["plain"])))
    fields = form_of(page, do="update")
    fields["row"] = [row for row in fields["row"] if row.startswith(kinds["formal"])]
    page = text(owner.post(MANY, fields))
    assert "1 order will be cancelled" in words(page)
    assert "0.00 % (0/103)" in words(page)
    assert groups(page)["counts"] == [kinds["plain"]]  # still there, to be ticked again
    owner.post(MANY, form_of(page))
    assert statuses(kinds["formal"], kinds["plain"]) == ["Canceled", "Unshipped"]


def test_one_reason_for_all_when_suggestions_are_not_followed(owner: Client, kinds: dict[str, str]) -> None:
    page = text(owner.get(chosen(kinds["formal"], kinds["plain"])))
    fields = form_of(page, do="update", reason="pricing_error")
    del fields["follow"]
    page = text(owner.post(MANY, fields))
    assert groups(page) == {"counts": [kinds["formal"], kinds["plain"]]}
    assert "another reason was given" in words(page)


def test_over_the_limit_takes_a_second_press(owner: Client, seller: int) -> None:
    numbers = paid_orders(seller, [a_document(at=NOW - 5 * HOUR) for _ in range(5)])
    page = text(owner.get(chosen(*numbers)))
    assert 'name="accepts_limit"' in page
    fields = form_of(page, reason="no_inventory")
    answer = owner.post(MANY, fields)
    assert answer.status_code == 422
    assert "Nothing was cancelled yet." in words(text(answer))
    assert set(statuses(*numbers)) == {"Unshipped"}
    owner.post(MANY, form_of(text(answer), accepts_limit="1", reason="no_inventory"))
    assert set(statuses(*numbers)) == {"Canceled"}


def test_who_may_not_exceed_sees_those_rows_as_impossible(seller: int, staff: Staff) -> None:
    others(seller, 75)
    numbers = paid_orders(seller, [a_document(at=NOW - 5 * HOUR) for _ in range(3)])
    client = staff(seller, role="support")
    page = text(client.get(chosen(*numbers)))
    assert groups(page) == {"counts": numbers[:1], "cannot": numbers[1:]}
    assert "your role may not do that" in words(page)
    sent = form_of(page, reason="no_inventory", accepts_limit="1")
    sent["row"] += [f"{number}:2:1" for number in numbers[1:]]
    client.post(MANY, sent)
    assert statuses(*numbers) == ["Canceled", "Unshipped", "Unshipped"]


def test_a_row_that_changed_meanwhile_is_refused_alone(
    owner: Client, seller: int, kinds: dict[str, str]
) -> None:
    more = a_paid_order(seller, at=NOW - 5 * HOUR)
    page = text(owner.get(chosen(kinds["plain"], more)))
    requested(seller, kinds["plain"])
    answer = owner.post(MANY, form_of(page, reason="no_inventory"), follow=True)
    said = words(text(answer))
    assert "1 order cancelled." in said
    assert "Not cancelled 1" in said
    assert "Somebody has changed order" in said
    assert statuses(kinds["plain"], more) == ["Unshipped", "Canceled"]


def test_a_partial_request_cancels_only_its_items(owner: Client, seller: int) -> None:
    others(seller, 10)
    number = a_paid_order(seller, at=NOW - 6 * HOUR, items=with_quantities(a_document(), 3, 2).items)
    requested(seller, number, only=(items_of(number)[1],))
    page = text(owner.get(chosen(number)))
    assert groups(page) == {"free": [number]}
    owner.post(MANY, form_of(page))
    assert everything(
        "SELECT units_cancelled, counts_in_cr FROM orders WHERE order_number = %s", [number]
    ) == [(2, False)]


def test_nothing_chosen_and_nothing_possible(owner: Client, seller: int, kinds: dict[str, str]) -> None:
    assert "No orders were chosen" in words(text(owner.get(MANY)))
    other = a_paid_order(a_seller("Other"), at=NOW - HOUR)
    assert f"Not found: {other}" in words(text(owner.get(chosen(other))))
    page = text(owner.get(chosen(kinds["shipped"])))
    assert "data-submit" not in page
    assert owner.post(MANY, form_of(page)).status_code == 422
    done = CancelRequest(kinds["plain"], CancelReason.NO_INVENTORY)
    page = text(owner.get(chosen(kinds["plain"])))
    assert cancel_orders(an_actor(seller), [done], now=NOW)[0].accepted
    assert owner.post(MANY, form_of(page, reason="no_inventory")).status_code == 422


def test_results_are_for_who_made_them(
    owner: Client, seller: int, staff: Staff, kinds: dict[str, str]
) -> None:
    answer = owner.post(MANY, form_of(text(owner.get(chosen(kinds["plain"]))), reason="no_inventory"))
    assert owner.get(answer["Location"]).status_code == 200
    assert staff(seller).get(answer["Location"]).status_code == 404
    assert staff(a_seller("Other")).get(answer["Location"]).status_code == 404
    assert staff(seller, role="readonly").get(MANY).status_code == 403


# --- From the list ---------------------------------------------------------------------------------------------------


def test_this_page_then_all_that_match(owner: Client, seller: int) -> None:
    paid_orders(seller, [a_document(at=NOW - 5 * HOUR) for _ in range(30)])
    page = text(owner.get("/desk/orders/?size=25"))
    assert "Select all 30 that match" in page
    assert f'formaction="{MANY}"' in page
    box = re.search(r'name="matching" value="([^"]+)"', page)
    assert box
    page = text(owner.get(MANY, {"matching": html.unescape(box.group(1)), "order": "701-0000000-0000001"}))
    assert len(groups(page)["counts"]) == 30
    assert "matching" not in text(owner.get("/desk/orders/?size=50"))  # one page holds them all
    a_paid_order(seller, at=NOW - 4 * HOUR)  # the list is looked up again, not remembered
    assert len(groups(text(owner.get(MANY, {"matching": "size=25"})))["counts"]) == 31


def test_the_list_names_wishes_and_who_cancelled(owner: Client, seller: int, kinds: dict[str, str]) -> None:
    page = text(owner.get("/desk/orders/"))
    assert "1 buyer requests to cancel" in words(page)
    only = text(owner.get("/desk/orders/?wish=requested"))
    assert re.findall(r'<tr id="o-([\d-]+)"', only) == [kinds["formal"]]
    assert "Do not pack" in words(only)
    assert (
        "The buyer has requested to cancel this order. Cancelling it will not affect your cancellation rate."
        in words(only)
    )
    assert 'class="chip">Cancellation requested<a' in only
    owner.post(MANY, form_of(text(owner.get(chosen(kinds["formal"], kinds["plain"]))), reason="no_inventory"))
    tab = text(owner.get("/desk/orders/?tab=cancelled"))
    for number, says in (
        (kinds["formal"], "does not count in the rate"),
        (kinds["plain"], "counts in the rate"),
    ):
        row = words(tab[tab.index(f'<tr id="o-{number}"') :].split("</tr>")[0])
        assert "by the seller" in row
        assert says in row


def test_five_hundred_orders_in_one_go(owner: Client, seller: int) -> None:
    """Must show 7: one preview, a result for each row, under ten seconds; and a constant number of queries."""
    paid_orders(seller, [a_document(at=NOW - 5 * HOUR) for _ in range(505)])
    counts = []
    start = time.monotonic()
    for listed in ("size=25&days=all&q=SKU-1", "size=25"):
        with CaptureQueriesContext(connection) as captured:
            page = text(owner.get(MANY, {"matching": listed}))
        counts.append(len(captured))
    assert "These are the first 500." in words(page)
    fields = form_of(page, reason="no_inventory", accepts_limit="1")
    assert len(fields["row"]) == 500
    with CaptureQueriesContext(connection) as captured:
        answer = owner.post(MANY, fields)
    assert len(captured) < 40
    result = text(owner.get(answer["Location"]))
    took = time.monotonic() - start
    assert "500 orders cancelled. 500 of them" in words(result)
    assert result.count("<tr><td><a") == 500
    assert everything("SELECT count(*) FROM orders WHERE status = 'Canceled'") == [(500,)]
    assert max(counts) < 30
    assert took < 10, f"{took:.1f} s"
