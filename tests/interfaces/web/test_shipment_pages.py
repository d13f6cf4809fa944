"""Confirming and re-confirming shipments: what is said before, what happens, and what becomes of what was typed."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.build import (
    a_document,
    a_paid_order,
    a_placed_order,
    a_shipped_order,
    an_actor,
    everything,
    ship,
    with_quantities,
)
from tests.interfaces.web.conftest import NOW, Staff, text

from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.domain.orders import Channel
from sellerdesk.domain.parcels import ParcelReport

UPS = "1Z999AA10123456784"  # a right check digit


def url(number: str, what: str = "confirm/") -> str:
    return f"/desk/orders/{number}/{what}"


def form_of(page: str) -> dict[str, Any]:
    """The fields of the shipment form as a browser would send them."""
    body = page.partition('id="ship-form"')[2].partition("</form>")[0]
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", body):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in attributes and (attributes.get("type") != "checkbox" or " checked" in tag):
            fields[attributes["name"]] = html.unescape(attributes.get("value", ""))
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        fields[name] = html.unescape(chosen.group(1)) if chosen else ""
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', body, re.DOTALL):
        fields[name] = html.unescape(inner)
    del fields["csrfmiddlewaretoken"]
    return {**fields, "do": "confirm"}


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])).split())


def packages(number: str) -> list[tuple[Any, ...]]:
    return everything(
        "SELECT p.reference, p.carrier_code, p.tracking,"
        " (SELECT sum(quantity) FROM package_items l WHERE l.package_id = p.id)"
        " FROM packages p JOIN orders o ON o.id = p.order_id WHERE o.order_number = %s ORDER BY p.id",
        [number],
    )


def quantities(form: dict[str, Any], prefix: str = "p0") -> list[str]:
    return [name for name in form if name.startswith(f"{prefix}-qty-")]


# --- Confirming ---


def test_one_package_is_confirmed_with_what_the_page_announced(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    page = text(owner.get(url(number)))
    said = words(page)
    assert re.search(r"Counts as on time \(.* left\)", said)
    assert "Confirming charges the buyer $43.18 now" in said
    assert "Nothing is left to ship after this." in said
    assert "The order becomes “Shipped”." in said
    sent = form_of(page) | {
        "p0-tracking": UPS,
        "p0-carrier": "UPS",
        "p0-service": "Ground",
        "p0-memo": "托盘 7",
    }
    answer = owner.post(url(number), sent, follow=True)
    assert answer.redirect_chain == [(url(number, ""), 302)]
    after = words(text(answer))
    assert "Shipment confirmed on time. Buyer charged $43.18." in after
    assert packages(number) == [("1", "UPS", UPS, 2)]
    assert "托盘 7" in after
    [(charged,)] = everything("SELECT sum(charged) FROM charges")
    assert charged == 4318


def test_late_is_said_before_and_is_so_after(owner: Client, seller: int) -> None:
    number = a_paid_order(seller, at=NOW - timedelta(days=9))
    page = text(owner.get(url(number)))
    assert re.search(r"Late by \d+ d", words(page))
    owner.post(url(number), form_of(page) | {"p0-tracking": UPS, "p0-carrier": "UPS"})
    assert everything("SELECT is_late FROM orders") == [(True,)]


def test_a_second_package_gets_what_is_left_and_keeps_what_was_typed(owner: Client, seller: int) -> None:
    number = a_paid_order(seller, items=with_quantities(a_document(), 3, 2).items)
    form = form_of(text(owner.get(url(number))))
    first, second = quantities(form)
    typed = form | {"p0-tracking": UPS, "p0-carrier": "UPS", first: "2", second: "0", "p0-memo": "a < b & c"}
    page = text(owner.post(url(number), typed | {"do": "add"}))
    grown = form_of(page)
    assert (grown["p0-tracking"], grown["p0-memo"], grown[first]) == (UPS, "a < b & c", "2")
    assert [grown[name] for name in quantities(grown, "p1")] == ["1", "2"]
    assert grown["p1-carrier"] == "UPS"
    assert packages(number) == []
    owner.post(url(number), grown | {"p1-tracking": "1Z999AA10123456775"})
    assert [(reference, units) for reference, _c, _t, units in packages(number)] == [("1", 2), ("2", 3)]


def test_a_package_can_be_taken_off_again(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    form = form_of(text(owner.get(url(number))))
    [quantity] = quantities(form)
    two = form_of(text(owner.post(url(number), form | {quantity: "1", "do": "add"})))
    one = form_of(text(owner.post(url(number), two | {"do": "remove:1"})))
    assert one["packages"] == "1"
    assert one[quantity] == "2"


def test_part_of_an_order_says_what_remains(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    form = form_of(text(owner.get(url(number))))
    [quantity] = quantities(form)
    answer = text(owner.post(url(number, "confirm/preview/"), form | {quantity: "1"}))
    said = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer)).split())
    assert "$21.59" in said
    assert "Left to ship after this: 1 unit (SKU-1 × 1)." in said
    assert "“Partly shipped”" in said
    assert packages(number) == []


def test_every_wrong_field_is_named_and_nothing_typed_is_lost(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    form = form_of(text(owner.get(url(number))))
    [quantity] = quantities(form)
    wrong = form | {"p0-carrier": "Other", "p0-ship_date": "2031-01-01", quantity: "7", "p0-service": "Löwe"}
    answer = owner.post(url(number), wrong)
    page = text(answer)
    assert answer.status_code == 422
    kept = form_of(page)
    assert {name: kept[name] for name in wrong} == wrong
    for field in ("p0-carrier_name", "p0-ship_date", "p0-tracking", quantity):
        assert f'href="#{field}"' in page, field
        assert f'id="{field}-error"' in page, field
    assert 'id="problems" role="alert" tabindex="-1"' in page
    assert "dict_items" not in page
    assert packages(number) == []


def test_an_empty_package_is_named(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    form = form_of(text(owner.get(url(number)))) | {"p0-tracking": UPS, "p0-carrier": "UPS"}
    [quantity] = quantities(form)
    answer = owner.post(url(number), form | {quantity: ""})
    assert answer.status_code == 422
    assert 'id="p0-items-error">This is needed' in text(answer)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("p0-tracking", "x\x00y"), ("p0-tracking", "9" * 200), ("p0-memo", "\ud800"), ("p0-memo", "m" * 256),
        ("p0-carrier", "Nobody"), ("p0-ship_date", "yesterday"), ("p0-ship_date", ""), ("version", "x"),
        ("version", ""),
        ("packages", "-1"), ("packages", "99999999999"), ("packages", "²"), ("do", "remove:99"), ("do", "use:0:Nobody"),
    ],
)  # fmt: skip
def test_no_input_is_a_server_error(owner: Client, seller: int, field: str, value: str) -> None:
    number = a_paid_order(seller)
    form = form_of(text(owner.get(url(number)))) | {"p0-tracking": UPS, "p0-carrier": "UPS"}
    sent = {**form, field: value}
    if "\ud800" in value:
        from urllib.parse import urlencode

        body = urlencode({**form}) + f"&{field}=%ED%A0%80"
        answer = owner.post(url(number), body, content_type="application/x-www-form-urlencoded")
    else:
        answer = owner.post(url(number), sent)
    assert answer.status_code in (200, 302, 409, 422)
    if field not in ("packages", "p0-memo"):
        assert packages(number) == []


def test_sent_twice_is_done_once_and_says_so(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    form = form_of(text(owner.get(url(number)))) | {"p0-tracking": UPS, "p0-carrier": "UPS"}
    owner.post(url(number), form)
    again = owner.post(url(number), form, follow=True)
    assert "confirmed already. Nothing was done twice." in words(text(again))
    assert len(packages(number)) == 1
    assert everything("SELECT count(*) FROM ledger_transactions") == [(1,)]


def test_somebody_elses_change_is_shown_and_the_input_kept(owner: Client, staff: Staff, seller: int) -> None:
    number = a_paid_order(seller)
    form = form_of(text(owner.get(url(number))))
    [quantity] = quantities(form)
    colleague = staff(seller, name="Zhang San")
    theirs = form | {"p0-tracking": "1Z999AA10123456775", "p0-carrier": "UPS", quantity: "1"}
    assert colleague.post(url(number), theirs).status_code == 302
    mine = form | {"p0-tracking": UPS, "p0-carrier": "UPS", "p0-memo": "mine", quantity: "1"}
    answer = owner.post(url(number), mine)
    assert answer.status_code == 409
    said = words(text(answer))
    assert "Zhang San (Console)" in said
    assert "Shipment confirmed" in said
    kept = form_of(text(answer))
    assert (kept["p0-tracking"], kept["p0-memo"]) == (UPS, "mine")
    assert len(packages(number)) == 1
    assert owner.post(url(number), kept).status_code == 302  # looked at, and sent again
    assert len(packages(number)) == 2


def test_a_form_that_lost_its_version_changes_nothing(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    form = form_of(text(owner.get(url(number)))) | {"p0-tracking": UPS, "p0-carrier": "UPS"}
    del form["version"]
    assert owner.post(url(number), form).status_code == 409
    assert packages(number) == []


def test_numbers_warn_and_suggest_but_never_block(owner: Client, seller: int) -> None:
    other = a_shipped_order(seller)
    [(_ref, _carrier, taken, _units)] = packages(other)
    number = a_paid_order(seller)
    form = form_of(text(owner.get(url(number))))
    twice = text(
        owner.post(
            url(number, "confirm/preview/"), form | {"p0-tracking": taken.lower(), "p0-carrier": "UPS"}
        )
    )
    assert "already on another order" in twice
    assert url(other, "") in twice
    guessed = text(owner.post(url(number, "confirm/preview/"), form | {"p0-tracking": "SF1234567890123"}))
    assert 'data-use-carrier="SF Express"' in guessed
    used = form_of(
        text(owner.post(url(number), form | {"p0-tracking": "SF1234567890123", "do": "use:0:SF Express"}))
    )
    assert used["p0-carrier"] == "SF Express"
    mistyped = text(
        owner.post(
            url(number, "confirm/preview/"), form | {"p0-tracking": UPS[:-1] + "5", "p0-carrier": "UPS"}
        )
    )
    assert "check digit" in mistyped
    assert owner.post(url(number), form | {"p0-tracking": taken, "p0-carrier": "UPS"}).status_code == 302


def test_a_service_without_tracking_needs_no_number(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    form = form_of(text(owner.get(url(number)))) | {"p0-carrier": "USPS"}
    assert owner.post(url(number), form).status_code == 422
    assert owner.post(url(number), form | {"p0-untracked": "1"}).status_code == 302


def test_orders_that_cannot_be_confirmed_say_why(owner: Client, seller: int) -> None:
    pending = words(text(owner.get(url(a_placed_order(seller)))))
    assert "still pending" in pending
    warehouse = words(text(owner.get(url(a_shipped_order(seller, channel=Channel.AFN)))))
    assert "from its warehouse" in warehouse
    done = text(owner.get(url(a_shipped_order(seller))))
    assert "has been shipped already" in words(done)
    assert "ship-form" not in done


def test_money_is_not_said_to_who_may_not_see_it(seller: int, staff: Staff) -> None:
    number = a_paid_order(seller)
    shipper = staff(seller, role="shipper")
    page = text(shipper.get(url(number)))
    assert "$43.18" not in page
    answer = shipper.post(url(number), form_of(page) | {"p0-tracking": UPS, "p0-carrier": "UPS"}, follow=True)
    assert "$" not in words(text(answer))


def test_only_who_ships_may_confirm(seller: int, staff: Staff) -> None:
    number = a_paid_order(seller)
    reader = staff(seller, role="support")
    assert reader.get(url(number)).status_code == 403
    assert reader.post(url(number), {}).status_code == 403
    assert reader.post(url(number, "confirm/preview/"), {}).status_code == 403


# --- Editing ---


def test_an_edit_shows_old_and_new_and_keeps_the_record(owner: Client, seller: int) -> None:
    number = a_shipped_order(seller, shipped_at=NOW - timedelta(hours=2))
    [(_r, _c, old, _u)] = packages(number)
    page = text(owner.get(url(number, "packages/1/edit/")))
    assert "Avoid editing when you can." in page
    form = form_of(page)
    assert form["p0-tracking"] == old
    preview = text(owner.post(url(number, "packages/1/edit/preview/"), form | {"p0-tracking": UPS}))
    assert f"<del><bdi>{old}</bdi></del>" in preview
    assert f"<ins><bdi>{UPS}</bdi></ins>" in preview
    before = everything("SELECT confirmed_at, is_late FROM orders")
    answer = owner.post(url(number, "packages/1/edit/"), form | {"p0-tracking": UPS}, follow=True)
    said = words(text(answer))
    assert "Shipment re-confirmed." in said
    assert f"Tracking ID : {old} → {UPS}".replace(" :", ":") in said
    assert everything("SELECT confirmed_at, is_late FROM orders") == before
    assert everything("SELECT version, facts->>'tracking' FROM package_versions ORDER BY version") == [
        (1, old),
        (2, UPS),
    ]


def test_an_edit_without_a_change_changes_nothing(owner: Client, seller: int) -> None:
    number = a_shipped_order(seller, shipped_at=NOW - timedelta(hours=2))
    form = form_of(text(owner.get(url(number, "packages/1/edit/"))))
    assert "Nothing was changed." in words(
        text(owner.post(url(number, "packages/1/edit/"), form, follow=True))
    )
    assert everything("SELECT count(*) FROM package_versions") == [(1,)]


def test_an_edit_may_add_units_but_not_take_them_back(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    [(item,)] = everything("SELECT item_number FROM order_items")
    ship(seller, number, at=NOW - timedelta(hours=2), lines={item: 1})
    form = form_of(text(owner.get(url(number, "packages/1/edit/"))))
    assert form[f"p0-qty-{item}"] == "1"
    less = owner.post(url(number, "packages/1/edit/"), form | {f"p0-qty-{item}": "0"})
    assert less.status_code == 422
    assert owner.post(url(number, "packages/1/edit/"), form | {f"p0-qty-{item}": "2"}).status_code == 302
    assert packages(number)[0][3] == 2


def test_a_delivered_package_is_closed(owner: Client, seller: int) -> None:
    number = a_shipped_order(seller, shipped_at=NOW - timedelta(hours=5))
    form = form_of(text(owner.get(url(number, "packages/1/edit/"))))
    report_parcel_events(
        an_actor(seller), [ParcelReport(number, "1", "DELIVERED", NOW - timedelta(hours=1))], now=NOW
    )
    assert "can no longer be changed" in words(text(owner.get(url(number, "packages/1/edit/"))))
    assert owner.post(url(number, "packages/1/edit/"), form | {"p0-tracking": UPS}).status_code in (409, 422)
    assert everything("SELECT count(*) FROM package_versions") == [(1,)]


def test_an_old_edit_form_is_refused_with_the_news(owner: Client, seller: int) -> None:
    number = a_shipped_order(seller, shipped_at=NOW - timedelta(hours=2))
    form = form_of(text(owner.get(url(number, "packages/1/edit/"))))
    owner.post(url(number, "packages/1/edit/"), form | {"p0-service": "Ground"})
    answer = owner.post(url(number, "packages/1/edit/"), form | {"p0-tracking": UPS})
    assert answer.status_code == 409
    assert "Li Wei (Console)" in words(text(answer))
    assert form_of(text(answer))["p0-tracking"] == UPS


def test_an_unknown_package_is_not_found(owner: Client, seller: int) -> None:
    number = a_shipped_order(seller)
    for reference in ("9", "a/b", "x%00y"):
        assert owner.get(url(number, f"packages/{reference}/edit/")).status_code == 404
