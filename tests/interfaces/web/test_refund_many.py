"""Refunding many orders from the list: what would happen, one press, what became of each row."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.build import a_paid_order, a_seller, a_shipped_order, all_well, an_actor, an_item, everything
from tests.interfaces.web.conftest import NOW, Staff, text
from tests.interfaces.web.test_refund_pages import refunds, returned, words

from sellerdesk.commands.refunds import request_refunds
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.interfaces.web.pages import refund_many as page_of_many

DAY = timedelta(days=1)
MANY = "/desk/orders/refund/"


def chosen(*numbers: str) -> str:
    return MANY + "?" + "&".join(f"order={number}" for number in numbers)


def form_of(page: str, **change: Any) -> dict[str, Any]:
    """The form as a browser would send it: ticked rows, hidden fields, the choices."""
    body = page.partition('id="refund-form"')[2].partition("</form>")[0]
    fields: dict[str, Any] = {"row": []}
    for tag in re.findall(r"<input[^>]*>", body):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if said.get("type") == "checkbox" and " checked" not in tag:
            continue
        if said["name"] == "row":
            fields["row"].append(html.unescape(said["value"]))
        else:
            fields[said["name"]] = html.unescape(said.get("value", ""))
    for name, options in re.findall(r'<select[^>]* name="(\w+)".*?>(.*?)</select>', body, re.DOTALL):
        found = re.search(r'<option value="([^"]*)" selected', options)
        fields[name] = found.group(1) if found else ""
    del fields["csrfmiddlewaretoken"]
    return fields | {"do": "refund", "reason": "late_by_carrier"} | change


def groups(page: str) -> dict[str, list[str]]:
    """Name of each group → the orders in it."""
    parts = re.split(r'id="g-(\w+)"', page)[1:]
    return {
        name: re.findall(r'<tr id="r-([\d-]+)"', body.split("</table>")[0])
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def of_order(number: str) -> list[tuple[Any, ...]]:
    return everything(
        "SELECT r.state, r.total FROM refunds r JOIN orders o ON o.id = r.order_id WHERE o.order_number = %s"
        " ORDER BY r.id",
        [number],
    )


@pytest.fixture
def kinds(seller: int) -> dict[str, str]:
    """One order of each kind."""
    shipped = [a_shipped_order(seller, at=NOW - 2 * DAY) for _ in range(2)]
    dear = a_shipped_order(seller, at=NOW - 2 * DAY, items=[an_item(ordered=1, price=60_000, tax=0)])
    part = a_shipped_order(seller, at=NOW - 2 * DAY)
    request = RefundRequest(part, RefundReason.PRICING_ERROR, amount=1000)
    all_well(request_refunds(an_actor(seller), [request], now=NOW - DAY))
    done = a_shipped_order(seller, at=NOW - 2 * DAY)
    all_well(
        request_refunds(an_actor(seller), [RefundRequest(done, RefundReason.PRICING_ERROR)], now=NOW - DAY)
    )
    return {
        "one": shipped[0], "two": shipped[1], "dear": dear, "part": part, "done": done,
        "open": a_paid_order(seller, at=NOW - DAY),
    }  # fmt: skip


def test_a_preview_says_what_goes_and_what_is_skipped(owner: Client, kinds: dict[str, str]) -> None:
    page = text(owner.get(chosen(*kinds.values(), "111-1111111-1111111")))
    found = groups(page)
    assert set(found["ok"]) == {kinds[name] for name in ("one", "two", "dear", "part")}
    assert set(found["cannot"]) == {kinds["done"], kinds["open"]}
    said = words(page)
    assert "4 orders will be refunded 2 are skipped." in said
    assert "$719.54" in said  # 43.18 × 2, 600.00, and what is left of the partly refunded one
    assert "1 of them waits for somebody else to approve it." in said
    assert "Nothing that was charged is left to refund" in said
    assert "nothing was charged. Cancel it instead." in said
    assert "Not found: 111-1111111-1111111" in said
    assert "Can be undone until Wed 4 Mar, 14:30 PST · Wed 4 Mar, 22:30 UTC (2 hours)." in said
    assert "What waits for approval can be undone until somebody has approved it." in said
    assert "Paper lantern × 2 SKU-1" in said
    assert len(refunds()) == 2  # a look changes nothing


def test_one_press_and_a_result_for_each_row(owner: Client, kinds: dict[str, str]) -> None:
    page = text(owner.get(chosen(*kinds.values())))
    fields = form_of(page, note="storm week")
    fields["row"] = [one for one in fields["row"] if kinds["two"] not in one]
    answer = owner.post(MANY, fields)
    assert answer.status_code == 302
    listed = text(owner.get(answer["Location"]))
    assert "3 refunds made: $676.36" in words(listed)
    assert "Waiting for approval" in words(listed)
    assert "Held refunds can be called back in the list of refunds." in words(listed)
    skipped = listed.partition('id="g-skipped"')[2].partition("</table>")[0]
    assert re.findall(r'href="/desk/orders/([\d-]+)/"', skipped) == [
        kinds["two"], kinds["done"], kinds["open"],
    ]  # fmt: skip
    said = words(skipped)
    assert f"{kinds['two']} Not ticked." in said
    assert f"{kinds['done']} Nothing that was charged is left to refund" in said
    assert "nothing was charged. Cancel it instead." in said
    assert of_order(kinds["one"]) == [("PENDING", 4318)]
    assert of_order(kinds["two"]) == []
    assert of_order(kinds["dear"]) == [("DRAFT", 60_000)]
    assert of_order(kinds["part"])[1] == ("PENDING", 3318)
    assert everything("SELECT count(*) FROM refunds WHERE note = 'storm week'") == [(3,)]
    # The same form again: the same answer, and nothing happens.
    again = owner.post(MANY, fields)
    assert (again.status_code, again["Location"]) == (302, answer["Location"])
    assert len(refunds()) == 5


def test_the_same_form_with_other_rows_is_refused(owner: Client, kinds: dict[str, str]) -> None:
    fields = form_of(text(owner.get(chosen(kinds["one"], kinds["two"]))))
    first = fields | {"row": fields["row"][:1]}
    assert owner.post(MANY, first).status_code == 302
    before = len(refunds())
    answer = owner.post(MANY, fields)
    assert answer.status_code == 409
    assert "This form was sent before with other content. Nothing was done now." in words(text(answer))
    assert len(refunds()) == before


def test_a_row_that_changed_meanwhile_is_refused_alone(
    owner: Client, seller: int, kinds: dict[str, str]
) -> None:
    fields = form_of(text(owner.get(chosen(kinds["one"], kinds["two"]))))
    request = RefundRequest(kinds["one"], RefundReason.PRICING_ERROR, amount=100)
    all_well(request_refunds(an_actor(seller), [request], now=NOW))
    listed = text(owner.post(MANY, fields, follow=True))
    assert "1 refund made: $43.18" in words(listed)
    assert "Not refunded 1" in words(listed)
    assert f"Somebody has changed order {kinds['one']} meanwhile." in words(listed)
    assert len(of_order(kinds["one"])) == 1


def test_nothing_happens_without_a_reason_or_a_row(owner: Client, kinds: dict[str, str]) -> None:
    fields = form_of(text(owner.get(chosen(kinds["one"]))))
    for wrong, says in (
        ({"reason": ""}, "Choose a reason."),
        ({"reason": "<b>"}, "Choose a reason."),
        ({"row": []}, "Tick at least one order that can be refunded."),
        ({"row": ["garbage", "1:2"]}, "Tick at least one order that can be refunded."),
        ({"note": "x" * 256}, "This is too long"),
    ):
        answer = owner.post(MANY, fields | wrong)
        assert answer.status_code == 422, wrong
        assert says in words(text(answer)), wrong
    for row in (f"{kinds['one']}:x:y", f"{kinds['one']}:999:4318", f"{kinds['one']}:-1:-1"):
        assert owner.post(MANY, fields | {"row": [row]}).status_code == 422
    assert of_order(kinds["one"]) == []
    assert "No orders were chosen" in words(text(owner.get(MANY)))


def test_goods_that_are_not_back_take_a_reason(owner: Client, seller: int) -> None:
    number = a_shipped_order(seller, at=NOW - 2 * DAY)
    returned(seller, number, grade=None)
    page = text(owner.get(chosen(number)))
    assert "A return was asked for. With this, nothing comes back." in words(page)
    fields = form_of(page, mode="on_receipt", do="update")
    assert groups(text(owner.post(MANY, fields)))["cannot"] == [number]
    page = text(owner.post(MANY, fields | {"mode": "advance"}))
    assert "The goods are not back." in words(page)
    sent = form_of(page, mode="advance")
    assert sent["override"] == ""
    answer = owner.post(MANY, sent)
    assert answer.status_code == 422
    assert "Say why you refund before the goods are back." in words(text(answer))
    assert owner.post(MANY, sent | {"override": "Known buyer"}).status_code == 302
    assert of_order(number) == [("PENDING", 4318)]


def test_too_many_skipped_rows_are_counted(
    owner: Client, kinds: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_of_many, "NAMED_MOST", 1)
    fields = form_of(text(owner.get(chosen(*kinds.values()))))
    answer = owner.post(MANY, fields)
    listed = text(owner.get(answer["Location"]))
    assert "Skipped 2" in words(listed)
    assert "and 1 more order" in words(listed)
    for odd in ("?skipped=x,1&more=-4&mode=no", "?skipped=111-1111111-1111111&more=99999"):
        assert owner.get(answer["Location"].partition("?")[0] + odd).status_code == 200


def test_where_nothing_is_held_it_says_so(staff: Staff) -> None:
    north = a_seller("North Wind", countries=["JP"])
    numbers = [
        a_shipped_order(north, country="JP", at=NOW - 2 * DAY, items=[an_item(price=1200, tax=120)])
        for _ in range(2)
    ]
    client = staff(north)
    page = text(client.get(chosen(*numbers)))
    assert "Goes at once, cannot be undone." in words(page)
    assert "Can be undone" not in words(page)
    listed = text(client.post(MANY, form_of(page), follow=True))
    assert "They went at once and cannot be called back." in words(listed)


def test_results_are_for_who_made_them(
    owner: Client, seller: int, staff: Staff, kinds: dict[str, str]
) -> None:
    answer = owner.post(MANY, form_of(text(owner.get(chosen(kinds["one"])))))
    assert staff(seller, name="Other").get(answer["Location"]).status_code == 404
    assert staff(a_seller("Tide Pool")).get(answer["Location"]).status_code == 404
    assert owner.get(f"{MANY}results/nothing/").status_code == 404
    shipper = staff(seller, role="shipper")
    assert shipper.get(chosen(kinds["one"])).status_code == 403


def test_another_sellers_orders_are_unknown(seller: int, staff: Staff, kinds: dict[str, str]) -> None:
    stranger = staff(a_seller("Tide Pool"))
    page = text(stranger.get(chosen(kinds["one"])))
    assert "No orders were chosen" in words(page)
    row = f"{kinds['one']}:3:4318"
    answer = stranger.post(
        MANY, {"do": "refund", "reason": "pricing_error", "mode": "goodwill", "row": row, "key": "k"}
    )
    assert answer.status_code == 422
    assert of_order(kinds["one"]) == []


def test_the_list_offers_it_to_who_may(
    owner: Client, seller: int, staff: Staff, kinds: dict[str, str]
) -> None:
    page = text(owner.get("/desk/orders/?tab=shipped"))
    assert f'formaction="{MANY}"' in page
    assert f'href="/desk/orders/{kinds["one"]}/refund/?from=' in page
    assert 'data-key="f"' in page
    page = text(staff(seller, role="shipper").get("/desk/orders/?tab=shipped"))
    assert "/refund/" not in page


def test_ten_orders_cost_as_many_statements_as_two(owner: Client, seller: int) -> None:
    numbers = [a_shipped_order(seller, at=NOW - 2 * DAY) for _ in range(12)]
    counts = []
    for some in (numbers[:2], numbers[2:]):
        fields = form_of(text(owner.get(chosen(*some))))
        with CaptureQueriesContext(connection) as captured:
            assert owner.post(MANY, fields).status_code == 302
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert len(refunds()) == 12
