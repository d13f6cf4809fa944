"""Refunding one order in the console: what is said before, what happens, and every way in which it does not."""

import html
import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.build import (
    a_paid_order,
    a_seller,
    a_shipped_order,
    all_well,
    an_actor,
    an_item,
    change,
    everything,
)
from tests.interfaces.web.conftest import NOW, Staff, text

from sellerdesk.commands.claims import file_claims
from sellerdesk.commands.refunds import RefundChange, request_refunds, undo_refunds
from sellerdesk.commands.return_requests import request_returns
from sellerdesk.commands.returns import (
    Inspect,
    Receive,
    grade_returns,
    receive_returns,
)
from sellerdesk.config import clock
from sellerdesk.domain.actors import Party
from sellerdesk.domain.claim_facts import ClaimKind
from sellerdesk.domain.claims import FileClaim
from sellerdesk.domain.orders import Channel, Component, ItemDocument
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import LineRefund, RefundRequest
from sellerdesk.domain.return_facts import Grade, ReturnReason
from sellerdesk.domain.returns import ReturnAsked
from sellerdesk.interfaces.web.pages import refunds as refunds_page
from sellerdesk.models.accounts import Membership, User

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def url(number: str, what: str = "") -> str:
    return f"/desk/orders/{number}/refund/{what}"


def form_of(page: str) -> dict[str, Any]:
    """The fields of the refund form as a browser would send them."""
    body = page.partition('id="refund-form"')[2].partition("</form>")[0]
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", body):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in said and (said.get("type") not in ("checkbox", "radio") or " checked" in tag):
            fields[said["name"]] = html.unescape(said.get("value", ""))
    for name, options in re.findall(r'<select[^>]* name="(\w+)".*?>(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        fields[name] = html.unescape(chosen.group(1)) if chosen else ""
    for name, words_ in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', body, re.DOTALL):
        fields[name] = html.unescape(words_)
    del fields["csrfmiddlewaretoken"]
    return {**fields, "do": "refund"}


def words(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0] or page
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def refunds() -> list[tuple[Any, ...]]:
    return everything("SELECT state, total, reason, mode FROM refunds ORDER BY id")


def items_of(number: str) -> list[str]:
    found = everything(
        "SELECT i.item_number FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.order_number = %s"
        " ORDER BY i.position",
        [number],
    )
    return [one for (one,) in found]


@pytest.fixture
def number(seller: int) -> str:
    """Two pieces for 19.99 and 1.60 tax each, shipped yesterday."""
    return a_shipped_order(seller, at=NOW - 2 * DAY)


def returned(
    seller: int,
    number: str,
    *,
    reason: ReturnReason = ReturnReason.NOT_NEEDED,
    grade: Grade | None = Grade.DAMAGED,
) -> str:
    """Both pieces came back, and were inspected unless `grade` is None. Answers the RMA."""
    actor, [item] = an_actor(seller), items_of(number)
    change("UPDATE packages SET status = 'DELIVERED', delivered_at = %s", [NOW - DAY])
    asked = [ReturnAsked(number, reason, {item: 2})]
    [made] = request_returns(
        an_actor(seller, party=Party.BUYER), asked, now=NOW - DAY, randomness=random.Random(number)
    )
    rma = str(made.facts["rma"])
    if grade is not None:
        all_well(receive_returns(actor, [Receive(number, rma)], now=NOW - HOUR))
        all_well(grade_returns(actor, [Inspect(number, rma, grades={item: grade})], now=NOW - HOUR))
    return rma


def panel_of(client: Client, number: str, fields: dict[str, Any]) -> str:
    return words(text(client.post(url(number, "preview/"), fields)))


# --- What is said before the click ---


def test_a_full_refund_is_filled_in_and_says_what_it_does(owner: Client, number: str) -> None:
    page = text(owner.get(url(number)))
    said = words(page)
    assert (
        "The buyer gets $43.18 Between Mon 9 Mar and Wed 11 Mar: 3 to 5 business days after it goes." in said
    )
    assert "Paper lantern SKU-1 2 $43.18 $0.00" in said
    assert "Can be undone until Wed 4 Mar, 14:30 PST · Wed 4 Mar, 22:30 UTC (2 hours)." in said
    assert '<span class="only-js">Refund $43.18</span>' in page
    assert "$0.00 stays refundable." in said
    assert "Choose a reason." in said
    fields = form_of(page) | {"reason": "not_received", "return_shipping": "5", "goodwill": "1.50"}
    panel = panel_of(owner, number, fields)
    assert "The buyer gets $49.68" in panel
    assert "Return shipping concession $5.00" in panel
    assert "Other concession $1.50" in panel
    assert "Choose a reason." not in panel
    assert refunds() == []  # a look changes nothing


def test_an_empty_partial_refund_asks_for_an_amount_and_is_no_mistake(owner: Client, number: str) -> None:
    page = text(owner.get(url(number, "partial/")))
    assert "Give an amount, units, or a concession to see what it does." in words(page)
    assert 'aria-current="page">Partial refund' in page
    assert "of $43.18, shared among the lines in proportion" in words(page)
    panel = panel_of(owner, number, form_of(page) | {"amount": "5"})
    assert "The buyer gets $5.00" in panel
    assert "$38.18 stays refundable." in panel


def test_a_refund_before_the_goods_are_back_takes_a_reason_of_its_own(
    owner: Client, seller: int, number: str
) -> None:  # S2-11, S0-30, C8
    rma = returned(seller, number, grade=None)
    page = text(owner.get(url(number)))
    fields = form_of(page) | {"reason": "buyer_return"}
    assert fields["mode"] == "on_receipt"
    said = words(page)
    assert "Waiting can end in bad feedback or an A-to-z claim." in said
    assert "You may lose both the goods and the money." in said
    assert f"Return {rma} has not been received." in said
    answer = owner.post(url(number), fields)
    assert answer.status_code == 422
    fields["mode"] = "advance"
    panel = panel_of(owner, number, fields)
    assert f"The goods of return {rma} are not back (authorised, not back yet). You may lose both" in panel
    assert "Say why you refund before the goods are back." in panel
    answer = owner.post(url(number), fields)
    assert answer.status_code == 422
    assert 'href="#override">Why before the goods are back</a>' in text(answer)
    assert refunds() == []
    answer = owner.post(url(number), fields | {"override": "The buyer is known to us"}, follow=True)
    assert "Refund of $43.18 recorded." in words(text(answer))
    assert everything("SELECT mode, override FROM refunds") == [("advance", "The buyer is known to us")]


def test_what_the_buyer_keeps_is_warned_of(owner: Client, seller: int, number: str) -> None:
    returned(seller, number, grade=None)
    fields = form_of(text(owner.get(url(number)))) | {"reason": "buyer_return", "mode": "returnless"}
    assert "A return was asked for. With this, nothing comes back." in panel_of(owner, number, fields)


def test_a_claim_counts_all_the_same(owner: Client, seller: int, number: str) -> None:
    returned(seller, number)
    claim = FileClaim(number, ClaimKind.NOT_AS_DESCRIBED, "It is not what I ordered.")
    buyer = an_actor(seller, party=Party.BUYER)
    all_well(file_claims(buyer, [claim], now=NOW + 2 * DAY, randomness=random.Random(number)))
    assert "A claim is open. Refunding settles it, but it counts against you all the same." in words(
        text(owner.get(url(number)))
    )


def test_orders_that_cannot_be_refunded_say_what_to_do(owner: Client, seller: int) -> None:
    number = a_paid_order(seller, at=NOW - DAY)
    page = text(owner.get(url(number)))
    assert "nothing was charged. Cancel it instead." in words(page)
    assert f'href="/desk/orders/{number}/cancel/' in page.partition("<main")[2]
    assert "data-submit" not in page
    assert owner.get(url("111-1111111-1111111")).status_code == 404
    warehouse = a_shipped_order(seller, at=NOW - 2 * DAY, channel=Channel.AFN)
    assert "This order cannot be refunded" in words(text(owner.get(url(warehouse, "partial/"))))


# --- What happens ---


def test_a_full_refund_is_held_and_undone_in_one_click(owner: Client, number: str) -> None:
    fields = form_of(text(owner.get(url(number)))) | {"reason": "pricing_error", "note": "rang up 王"}
    page = text(owner.post(url(number), fields, follow=True))
    said = words(page)
    assert refunds() == [("PENDING", 4318, "pricing_error", "goodwill")]
    assert "A refund of $43.18 is held until Wed 4 Mar, 14:30 PST · Wed 4 Mar, 22:30 UTC." in said
    assert "The buyer does not know of it yet." in said
    assert "Refunds held or waiting $43.18 Refundable left $0.00" in said
    assert "Asked for by Li Wei" in said
    assert "Buyer has it Mon 9 Mar – Wed 11 Mar" in said
    assert "Note to yourself rang up 王" in said
    assert 'data-key="u"' in page
    again = {"reference": f"{number}-R1"}
    page = text(owner.post(url(number, "undo/"), again, follow=True))
    assert "The refund of $43.18 was called back. The buyer hears nothing of it." in words(page)
    assert refunds()[0][0] == "CANCELLED"
    assert "Refundable left $43.18" in words(page)
    page = text(owner.post(url(number, "undo/"), again, follow=True))
    assert f"Nothing was changed: refund {number}-R1 is already “Called back”." in words(page)


def test_after_the_hold_it_cannot_be_called_back(
    owner: Client, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # T16
    fields = form_of(text(owner.get(url(number)))) | {"reason": "pricing_error"}
    owner.post(url(number), fields)
    monkeypatch.setattr(clock, "now", lambda: NOW + 2 * HOUR)
    page = text(owner.get(f"/desk/orders/{number}/"))
    assert "Call back" not in words(page)
    page = text(owner.post(url(number, "undo/"), {"reference": f"{number}-R1"}, follow=True))
    assert "cannot be called back any more: its hold ended at Wed 4 Mar, 22:30 UTC" in words(page)
    assert refunds()[0][0] == "PENDING"


@pytest.mark.parametrize(
    ("typed", "total", "parts"),
    [
        ({"product-{item}": "5.00"}, 500, [("principal", 463), ("tax", 37)]),
        ({"units-{item}": "1"}, 2159, [("principal", 1999), ("tax", 160)]),
        ({"amount": "10"}, 1000, [("principal", 926), ("tax", 74)]),
        ({"return_shipping": "4.20"}, 420, []),
        ({"goodwill": "0.80", "product-{item}": "1"}, 180, [("principal", 93), ("tax", 7)]),
    ],
)
def test_a_partial_refund_in_each_way(
    owner: Client, number: str, typed: dict[str, str], total: int, parts: list[tuple[str, int]]
) -> None:
    [item] = items_of(number)
    given = {name.format(item=item): value for name, value in typed.items()}
    fields = form_of(text(owner.get(url(number, "partial/")))) | {"reason": "not_as_described", **given}
    answer = owner.post(url(number, "partial/"), fields)
    assert answer.status_code == 302
    assert refunds() == [("PENDING", total, "not_as_described", "goodwill")]
    assert everything("SELECT component, amount FROM refund_lines ORDER BY component") == parts


def test_quick_buttons_type_for_the_person(owner: Client, seller: int) -> None:
    number = a_shipped_order(seller, at=NOW - 2 * DAY, items=[_with_shipping()])
    [item] = items_of(number)
    fields = form_of(text(owner.get(url(number, "partial/")))) | {"reason": "pricing_error", "amount": "3"}
    for button, product, shipping in (
        ("p10", "1.00", ""),
        ("p20", "2.00", ""),
        ("p50", "5.01", ""),
        ("shipping", "", "4.99"),
        ("max", "10.03", "4.99"),
        ("none", "", ""),
        (f"max-{item}", "10.03", "4.99"),
        ("max-no-such-item", "", ""),
    ):
        page = text(owner.post(url(number, "partial/"), fields | {"do": button}))
        found = form_of(page)
        assert (found[f"product-{item}"], found[f"shipping-{item}"]) == (product, shipping), button
        assert found["reason"] == "pricing_error"
        assert found["key"] == fields["key"]
    # What went back already is not offered again.
    sent = fields | {"amount": "", f"product-{item}": "9.00"}
    assert owner.post(url(number, "partial/"), sent).status_code == 302
    page = text(
        owner.post(url(number, "partial/"), form_of(text(owner.get(url(number, "partial/")))) | {"do": "p50"})
    )
    assert form_of(page)[f"product-{item}"] == "1.03"
    assert "Product USD of $1.03" in words(page)
    assert len(refunds()) == 1


def _with_shipping() -> ItemDocument:
    amounts = {Component.PRINCIPAL: 1003, Component.SHIPPING: 499}
    return replace(an_item(ordered=1), amounts=amounts)


# --- Returns ---


def test_a_return_fills_in_its_units_and_its_fee(owner: Client, seller: int, number: str) -> None:  # U7
    rma = returned(seller, number)
    assert form_of(text(owner.get(f"{url(number)}?rma={rma}")))["fee"] == ""  # none that nobody named
    page = text(owner.get(f"{url(number)}?rma={rma}&fee=19.99"))
    fields = form_of(page)
    assert (fields["rma"], fields["reason"], fields["mode"]) == (rma, "buyer_return", "on_receipt")
    assert fields["fee"] == "19.99"  # half of the item price: damaged by a buyer at fault
    said = words(page)
    assert "Inspected: Damaged or used up." in said
    assert "Highest allowed: $19.99" in said
    assert "Restocking fee that you keep -$19.99" in said
    assert "The buyer gets $23.19, you keep $19.99" in said
    assert '<span class="only-js">Refund $23.19</span>' in page
    assert f"Return {rma} is completed with it." in said
    answer = owner.post(url(number), fields | {"fee": "20.00"})
    assert answer.status_code == 422
    assert "A restocking fee of $20.00 is too high: $19.99 is allowed." in words(text(answer))
    assert form_of(text(answer))["fee"] == "20.00"
    answer = owner.post(url(number), fields | {"fee": "20.00", "do": "fee"})
    assert form_of(text(answer))["fee"] == "19.99"
    page = text(owner.post(url(number), fields, follow=True))
    assert "Restocking fee kept $19.99" in words(page)
    assert refunds() == [("PENDING", 2319, "buyer_return", "on_receipt")]
    assert everything("SELECT q.rma FROM refunds r JOIN return_requests q ON q.id = r.return_request_id") == [
        (rma,)
    ]


def test_a_part_of_a_return_leaves_it_open(owner: Client, seller: int, number: str) -> None:
    rma, [item] = returned(seller, number), items_of(number)
    page = text(owner.get(f"{url(number, 'partial/')}?rma={rma}"))
    fields = form_of(page)
    assert fields[f"units-{item}"] == "2"
    panel = panel_of(owner, number, fields | {f"units-{item}": "1", "fee": ""})
    assert f"Return {rma} stays open: this does not cover it." in panel
    assert "The buyer gets $21.59" in panel


def test_no_fee_where_the_rule_allows_none(owner: Client, seller: int) -> None:
    fault = a_shipped_order(seller, at=NOW - 2 * DAY)
    rma = returned(seller, fault, reason=ReturnReason.DEFECTIVE)
    page = text(owner.get(f"{url(fault)}?rma={rma}"))
    assert "the buyer is not at fault" in words(page)
    assert 'name="fee"' not in page
    answer = owner.post(url(fault), form_of(page) | {"fee": "1"})
    assert answer.status_code == 422
    assert "No restocking fee may be kept" in words(text(answer))
    early = a_shipped_order(seller, at=NOW - 2 * DAY)
    rma = returned(seller, early, grade=None)
    assert "before the goods were inspected" in words(text(owner.get(f"{url(early)}?rma={rma}")))
    plain = a_shipped_order(seller, at=NOW - 2 * DAY)
    assert "restocking" not in words(text(owner.get(url(plain)))).lower()


def test_an_unknown_return_is_refused(owner: Client, number: str) -> None:
    page = text(owner.get(f"{url(number)}?rma=D-guess"))
    assert "The buyer gets $43.18" in words(page)  # nothing to link: an ordinary refund
    answer = owner.post(url(number), form_of(page) | {"reason": "buyer_return", "rma": "<b>D-guess"})
    assert answer.status_code == 422
    assert "There is no return &lt;b&gt;D-guess" in text(answer)
    assert refunds() == []


# --- Hostile input ---

AMOUNTS = [
    "-1",
    "0.001",
    "NaN",
    "1e2",
    "５",
    "€5",
    "$5",
    "1" * 20,
    "5,00",
    "+5",
    "0x5",
    "٥",
    "5\u202e",
    "Infinity",
    "''",
]


@pytest.mark.parametrize("typed", AMOUNTS)
@pytest.mark.parametrize("field", ["product", "amount", "goodwill", "fee"])
def test_a_hostile_amount_is_refused_by_name_and_kept(
    owner: Client, number: str, typed: str, field: str
) -> None:
    [item] = items_of(number)
    name = f"product-{item}" if field == "product" else field
    fields = form_of(text(owner.get(url(number, "partial/")))) | {"reason": "pricing_error", "note": "mine"}
    answer = owner.post(url(number, "partial/"), fields | {name: typed})
    page = text(answer)
    assert answer.status_code == 422
    label = {"product": "Product of SKU-1", "amount": "Amount without a line", "goodwill": "Other concession",
             "fee": "Restocking fee"}[field]  # fmt: skip
    assert f'<a href="#{name}">{label}</a>: ' in page
    assert form_of(page)[name] == typed
    assert form_of(page)["note"] == "mine"
    assert "\u202e" not in words(page)
    panel = panel_of(owner, number, fields | {name: typed})
    assert "The buyer gets" not in panel
    assert refunds() == []
    assert everything("SELECT refund_pending FROM charges WHERE refund_pending <> 0") == []


@pytest.mark.parametrize(
    ("country", "currency", "good", "minor", "bad"),
    [
        ("US", "USD", "10.50", 1050, "10.505"),
        ("JP", "JPY", "10", 10, "10.5"),
        ("JP", "JPY", "10.00", 10, "0.1"),
        ("US", "KWD", "10.505", 10505, "10.5051"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    owner: Client, seller: int, country: str, currency: str, good: str, minor: int, bad: str
) -> None:
    seller_id = seller if country == "US" else a_seller("North Wind", countries=[country])
    client = owner if country == "US" else _owner_of(seller_id)
    items = [an_item(ordered=1, price=50_000, tax=0)]
    number = a_shipped_order(seller_id, country=country, at=NOW - 2 * DAY, items=items)
    change("UPDATE orders SET currency = %s WHERE order_number = %s", [currency, number])
    fields = form_of(text(client.get(url(number, "partial/")))) | {"reason": "pricing_error"}
    answer = client.post(url(number, "partial/"), fields | {"amount": bad})
    assert answer.status_code == 422
    assert f"{bad} has too many decimals: {currency} has" in words(text(answer))
    assert refunds() == []
    assert client.post(url(number, "partial/"), fields | {"amount": good}).status_code == 302
    assert everything("SELECT total, currency FROM refunds") == [(minor, currency)]


def _owner_of(seller_id: int) -> Client:
    user = User.objects.create_user(
        "o@north.example", "correct horse battery", name="O", zone="UTC", date_joined=NOW
    )
    Membership.objects.create(seller_id=seller_id, user=user, role="owner")
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"reason": ""}, "reason", "Choose a reason."),
        ({"reason": "<script>"}, "reason", "Choose a reason."),
        ({"mode": "tomorrow"}, "mode", "Choose one of these."),
        ({"note": "x" * 256}, "note", "At most 255 characters."),
        ({"words": "x" * 2001}, "words", "2000 characters are allowed"),
        ({"override": "a\x00b"}, "override", "characters that no text has"),
        ({"amount": "", "goodwill": ""}, "lines", "Give an amount, units, or a concession to refund."),
        ({"amount": "43.19"}, "amount", "$43.19 is more than can still be refunded: $43.18."),
        ({"amount": "999999999999999"}, "amount", "$999,999,999,999,999.00 is more than can still be"),
        ({"amount": "", "product-{item}": "50"}, "product-{item}", "$50.00 is more than can still be refunded"),
        ({"amount": "", "shipping-{item}": "1"}, "shipping-{item}", "$1.00 is more than can still be refunded"),
        ({"amount": "", "units-{item}": "3"}, "units-{item}", "Of SKU-1 only 2 can still be refunded, not 3."),
        ({"amount": "", "units-{item}": "-1"}, "units-{item}", "“-1” is not a number of units."),
        ({"units-{item}": "1"}, "amount", "Give amounts for lines or one amount without a line, not both."),
        ({"amount": "", "units-{item}": "1", "product-{item}": "1"}, "units-{item}", "not both."),
        ({"goodwill": "43.19"}, "return_shipping", "$43.19 is more than may be given beyond the charges: $43.18."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_of_its_field(
    owner: Client, number: str, typed: dict[str, str], field: str, says: str
) -> None:
    [item] = items_of(number)
    given = {name.format(item=item): value for name, value in typed.items()}
    fields = (
        form_of(text(owner.get(url(number, "partial/")))) | {"reason": "pricing_error", "amount": "1"} | given
    )
    answer = owner.post(url(number, "partial/"), fields)
    page = text(answer)
    assert answer.status_code == 422
    assert f'href="#{field.format(item=item)}"' in page
    assert f'id="{field.format(item=item)}"' in page
    assert says in words(page)
    assert "<script>" not in page.partition("<main")[2].partition("</main>")[0]
    assert form_of(page)["key"] == fields["key"]
    assert refunds() == []


def test_what_people_write_is_shown_as_text(owner: Client, number: str) -> None:
    hostile = "<img src=x onerror=alert(1)>\u202egnp"
    fields = form_of(text(owner.get(url(number)))) | {
        "reason": "pricing_error",
        "note": hostile,
        "words": hostile,
    }
    page = text(owner.post(url(number), fields, follow=True))
    assert "<img" not in page
    assert "⟦U+202E⟧gnp" in page


# --- Once, and only as it was seen ---


def test_a_second_click_does_nothing(owner: Client, number: str) -> None:
    fields = form_of(text(owner.get(url(number, "partial/")))) | {"reason": "pricing_error", "amount": "5"}
    owner.post(url(number, "partial/"), fields)
    page = text(owner.post(url(number, "partial/"), fields, follow=True))
    assert f"This was sent already, as refund {number}-R1. Nothing was done twice." in words(page)
    assert refunds() == [("PENDING", 500, "pricing_error", "goodwill")]
    # Also after it was called back: the form is spent.
    owner.post(url(number, "undo/"), {"reference": f"{number}-R1"})
    owner.post(url(number, "partial/"), fields)
    assert [one[0] for one in refunds()] == ["CANCELLED"]


def test_the_same_form_with_another_amount_is_refused(owner: Client, number: str) -> None:
    fields = form_of(text(owner.get(url(number, "partial/")))) | {"reason": "pricing_error", "amount": "5"}
    owner.post(url(number, "partial/"), fields)
    answer = owner.post(url(number, "partial/"), fields | {"amount": "7"})
    said = words(text(answer))
    assert answer.status_code == 409
    assert f"This form was sent before and made refund {number}-R1 of $5.00. Nothing was done now." in said
    assert len(refunds()) == 1
    fresh = form_of(text(answer))
    assert fresh["amount"] == "7"
    assert fresh["key"] != fields["key"]
    assert owner.post(url(number, "partial/"), fresh).status_code == 302  # meant as a further one
    assert [one[1] for one in refunds()] == [500, 700]


def test_somebody_else_was_quicker(owner: Client, seller: int, staff: Staff, number: str) -> None:
    fields = form_of(text(owner.get(url(number, "partial/")))) | {"reason": "pricing_error", "amount": "5"}
    other = staff(seller, name="Ana Souza")
    theirs = form_of(text(other.get(url(number, "partial/")))) | {"reason": "late_by_carrier", "amount": "20"}
    other.post(url(number, "partial/"), theirs)
    answer = owner.post(url(number, "partial/"), fields)
    said = words(text(answer))
    assert answer.status_code == 409
    assert "The order changed while you were typing. Nothing of yours was saved." in said
    assert "Ana Souza (Console)" in said
    assert "Carrier was late" in said
    assert "What can still be refunded is now $23.18." in said
    kept = form_of(text(answer))
    assert (kept["amount"], kept["reason"], kept["key"]) == ("5", "pricing_error", fields["key"])
    assert len(refunds()) == 1
    assert owner.post(url(number, "partial/"), kept).status_code == 302
    assert sorted(one[1] for one in refunds()) == [500, 2000]


def test_what_was_left_is_a_promise_of_its_own(owner: Client, number: str) -> None:
    fields = form_of(text(owner.get(url(number)))) | {"reason": "pricing_error", "left": "9999"}
    answer = owner.post(url(number), fields)
    assert answer.status_code == 409
    assert "What can still be refunded is now $43.18." in words(text(answer))
    for name, value in (
        ("version", "1"),
        ("version", ""),
        ("version", "9" * 30),
        ("left", "-5"),
        ("left", "x"),
    ):
        assert owner.post(url(number), fields | {"left": "4318", name: value}).status_code == 409, name
    assert refunds() == []


def test_two_forms_at_once_never_give_more_than_was_charged(
    seller: int, staff: Staff, number: str, run_parallel: Callable[..., list[Any]]
) -> None:
    clients = [staff(seller, name=f"Clerk {n}") for n in range(4)]
    forms = [
        form_of(text(one.get(url(number, "partial/")))) | {"reason": "pricing_error", "amount": "30"}
        for one in clients
    ]
    answers = run_parallel(4, lambda n: clients[n].post(url(number, "partial/"), forms[n]).status_code)
    assert sorted(answers) == [302, 409, 409, 409]
    assert refunds() == [("PENDING", 3000, "pricing_error", "goodwill")]


def test_one_form_sent_at_once_makes_one_refund(
    owner: Client, number: str, run_parallel: Callable[..., list[Any]]
) -> None:
    fields = form_of(text(owner.get(url(number, "partial/")))) | {"reason": "pricing_error", "amount": "5"}
    cookies = owner.cookies

    def send(_: int) -> int:
        client = Client()
        client.cookies = cookies
        return client.post(url(number, "partial/"), fields).status_code

    assert set(run_parallel(4, send)) <= {302, 409}
    assert refunds() == [("PENDING", 500, "pricing_error", "goodwill")]


def test_the_order_page_says_by_line_what_came_back(owner: Client, seller: int, staff: Staff) -> None:
    two = [an_item(), an_item(sku="SKU-2", title="Brass bell", ordered=1, price=500, tax=0)]
    number = a_shipped_order(seller, at=NOW - 2 * DAY, items=two)
    page = f"/desk/orders/{number}/"

    def heads(client: Client) -> list[str]:
        table = text(client.get(page)).partition('id="items-title"')[2].partition("</table>")[0]
        return re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', table)

    def rows(client: Client) -> list[str]:
        table = text(client.get(page)).partition('id="items-title"')[2].partition("</table>")[0]
        body = re.sub(r"<details.*?</details>", "", table.partition("<tbody>")[2], flags=re.DOTALL)
        return [words(row).partition(" SKU ")[2] for row in body.split("</tr>")[:-1]]

    assert heads(owner) == ["Product", "Ordered", "Shipped", "Price"]
    change("UPDATE packages SET status = 'DELIVERED', delivered_at = %s", [NOW - DAY])
    first, _second = items_of(number)
    actor = an_actor(seller)
    asked = [ReturnAsked(number, ReturnReason.NOT_NEEDED, {first: 1})]
    [made] = request_returns(
        an_actor(seller, party=Party.BUYER), asked, now=NOW - DAY, randomness=random.Random(number)
    )
    rma = str(made.facts["rma"])
    all_well(receive_returns(actor, [Receive(number, rma)], now=NOW - HOUR))
    one = (LineRefund(first, units=1),)
    marketplace = an_actor(seller, party=Party.AMAZON)
    went = RefundRequest(number, RefundReason.BUYER_RETURN, lines=one, rma=rma)
    all_well(request_refunds(marketplace, [went], now=NOW - HOUR))
    held = RefundRequest(
        number, RefundReason.PRICING_ERROR, lines=(LineRefund(first, amounts={"product": 300}),)
    )
    all_well(request_refunds(actor, [held], now=NOW))
    assert heads(owner) == ["Product", "Ordered", "Shipped", "Returned", "Refunded", "Price"]
    lantern, bell = rows(owner)
    assert lantern.endswith("2 2 1 1 $21.59 $3.00 not gone yet $43.18")
    assert bell.endswith("1 1 0 0 $5.00")
    assert "In the ledger" not in text(owner.get(page))  # what was charged is there, whatever went back since
    shipper = staff(seller, role="shipper")
    assert heads(shipper) == ["Product", "Ordered", "Shipped", "Returned", "Refunded"]
    assert rows(shipper)[0].endswith("2 2 1 1")  # units are no money


# --- Who may ---


def test_above_the_limit_somebody_else_agrees(seller: int, staff: Staff) -> None:
    number = a_shipped_order(seller, at=NOW - 2 * DAY, items=[an_item(ordered=1, price=60_000, tax=0)])
    clerk, finance = (
        staff(seller, role="support", name="Clerk"),
        staff(seller, role="finance", name="Finance"),
    )
    page = text(clerk.get(url(number)))
    assert "Above $500.00 somebody else has to approve it before it goes." in words(page)
    assert "Can be undone until somebody has approved it, and for 2 hours after that." in words(page)
    assert "Ask for approval of $600.00" in words(page)
    page = text(clerk.post(url(number), form_of(page) | {"reason": "pricing_error"}, follow=True))
    assert "Somebody else has to approve it." in words(page)
    assert "You asked for it, so somebody else must approve it." in words(page)
    reference = {"reference": f"{number}-R1", "show": "waiting"}
    assert clerk.post(url(number, "approve/"), reference).status_code == 403
    listed = text(finance.get("/desk/refunds/?show=waiting"))
    counted = '<span class="count" title="refunds that wait for a second person">1'
    assert f"Refunds {counted}" in listed
    assert counted not in text(clerk.get("/desk/refunds/"))  # nothing that the clerk could do
    assert f'action="{url(number, "approve/")}"' in listed
    page = text(finance.post(url(number, "approve/"), reference, follow=True))
    assert "The refund of $600.00 is approved. Its hold has begun." in words(page)
    assert everything("SELECT state, author, approved_by FROM refunds") == [("PENDING", "Clerk", "Finance")]
    page = text(finance.post(url(number, "approve/"), reference, follow=True))
    assert "is already “Held”" in words(page)


def test_nobody_approves_their_own(owner: Client, seller: int) -> None:
    number = a_shipped_order(seller, at=NOW - 2 * DAY, items=[an_item(ordered=1, price=60_000, tax=0)])
    owner.post(url(number), form_of(text(owner.get(url(number)))) | {"reason": "pricing_error"})
    page = text(owner.get("/desk/refunds/?show=waiting"))
    assert "approve/" not in page
    assert "You asked for it, so somebody else must approve it." in words(page)
    page = text(owner.post(url(number, "approve/"), {"reference": f"{number}-R1"}, follow=True))
    assert "Li Wei asked for this refund; somebody else must approve it." in words(page)
    assert refunds()[0][0] == "DRAFT"


def test_where_nothing_is_held_it_goes_at_once(staff: Staff) -> None:
    seller = a_seller("North Wind", countries=["JP"])
    number = a_shipped_order(seller, country="JP", at=NOW - 2 * DAY, items=[an_item(price=1200, tax=120)])
    client = staff(seller)
    page = text(client.get(url(number)))
    assert "At once. This marketplace holds no refunds." in words(page)
    assert "Goes at once, cannot be undone." in words(page)
    assert "Can be undone" not in words(page)
    page = text(client.post(url(number), form_of(page) | {"reason": "pricing_error"}, follow=True))
    assert "The refund of ¥2,640 is on its way to the buyer." in words(page)
    assert "Call back" not in words(page)
    assert refunds()[0][:2] == ("RELEASED", 2640)


@pytest.mark.parametrize("role", ["shipper", "readonly", "integrator"])
def test_roles_without_the_right_see_no_way_in(seller: int, staff: Staff, number: str, role: str) -> None:
    client = staff(seller, role=role)
    page = text(client.get(f"/desk/orders/{number}/"))
    assert f"/{number}/refund/" not in page
    assert "/desk/refunds/" not in page
    for what in ("", "partial/"):
        assert client.get(url(number, what)).status_code == 403
    for what in ("preview/", "undo/", "approve/"):
        assert client.post(url(number, what), {"reference": f"{number}-R1"}).status_code == 403
    assert client.get("/desk/refunds/").status_code == 403


def test_support_refunds_without_seeing_the_order_s_money(seller: int, staff: Staff, number: str) -> None:
    client = staff(seller, role="support")
    page = text(client.get(url(number)))
    assert "The buyer gets $43.18" in words(page)
    page = text(client.post(url(number), form_of(page) | {"reason": "pricing_error"}, follow=True))
    assert "A refund of $43.18 is held" in words(page)
    assert "Charged so far" not in words(page)


# --- The list ---


def test_the_list_has_tabs_pages_and_undo(
    owner: Client, seller: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = a_shipped_order(seller, at=NOW - 2 * DAY)
    actor = an_actor(seller, name="Test")
    for n in range(5):
        request = RefundRequest(number, RefundReason.PRICING_ERROR, only_concessions=True, goodwill=100 + n)
        all_well(request_refunds(actor, [request], now=NOW - timedelta(minutes=10 - n)))
    undo_refunds(actor, [RefundChange(number, f"{number}-R1")], now=NOW)
    monkeypatch.setattr(refunds_page, "SIZE", 3)
    page = text(owner.get("/desk/refunds/"))
    shown = re.findall(r'id="f-[-0-9]+-R(\d)"', page)
    assert shown == ["2", "3", "4"]  # the first to go comes first
    assert "Held 4" in words(page)
    assert "All 5" in words(page)
    following = html.unescape(re.search(r'rel="next" href="([^"]+)"', page).group(1))  # type: ignore[union-attr]
    assert re.findall(r'id="f-[-0-9]+-R(\d)"', text(owner.get(following))) == ["5"]
    page = text(owner.get("/desk/refunds/?show=all"))
    assert re.findall(r'id="f-[-0-9]+-R(\d)"', page) == ["5", "4", "3"]
    following = html.unescape(re.search(r'rel="next" href="([^"]+)"', page).group(1))  # type: ignore[union-attr]
    assert re.findall(r'id="f-[-0-9]+-R(\d)"', text(owner.get(following))) == ["2", "1"]
    answer = owner.post(url(number, "undo/"), {"reference": f"{number}-R2", "show": "held"}, follow=True)
    assert answer.redirect_chain[0][0] == "/desk/refunds/"
    assert "The refund of $1.01 was called back." in words(text(answer))
    for odd in (
        "?show=nonsense",
        "?after=1~2",
        "?after=2026-01-01~x",
        "?show=all&after=2026-01-01T00:00:00~1",
    ):
        assert owner.get(f"/desk/refunds/{odd}").status_code == 200
    assert "No refunds here" in words(text(owner.get("/desk/refunds/?show=on_the_way")))


def test_another_sellers_refunds_are_not_there(seller: int, staff: Staff, number: str) -> None:
    all_well(request_refunds(an_actor(seller), [RefundRequest(number, RefundReason.PRICING_ERROR)], now=NOW))
    stranger = staff(a_seller("Tide Pool"))
    assert stranger.get(url(number)).status_code == 404
    assert stranger.post(url(number, "undo/"), {"reference": f"{number}-R1"}).status_code == 404
    assert number not in text(stranger.get("/desk/refunds/?show=all"))
    assert refunds()[0][0] == "PENDING"


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("zh-hans", ["全额退款", "买家将收到", "退货运费补偿", "其他补偿"]),
        ("zh-hant", ["全額退款", "買家將收到", "退貨運費補償"]),
    ],
)
def test_in_chinese(owner: Client, number: str, language: str, says: list[str]) -> None:
    owner.cookies["sellerdesk_language"] = language
    said = words(text(owner.get(url(number))))
    for one in says:
        assert one in said


def test_the_page_costs_a_constant_number_of_statements(owner: Client, seller: int) -> None:
    few = a_shipped_order(seller, at=NOW - 2 * DAY)
    many = a_shipped_order(seller, at=NOW - 2 * DAY, items=[an_item(sku=f"S-{n}") for n in range(12)])
    counts = []
    for number in (few, many):
        with CaptureQueriesContext(connection) as captured:
            owner.get(url(number, "partial/"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
