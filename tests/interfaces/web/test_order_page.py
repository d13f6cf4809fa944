"""The page of one order: what it says of an order in each state, and what it keeps from whom."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from tests.build import (
    PLACED,
    a_document,
    a_paid_order,
    a_placed_order,
    a_seller,
    a_shipped_order,
    an_actor,
    everything,
    with_quantities,
)
from tests.interfaces.web.conftest import NOW, Staff, text

from sellerdesk.commands.deadlines import DueOrder, fire_deadlines
from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.commands.slips import SlipRequest, record_prints
from sellerdesk.domain.cancellations import Why
from sellerdesk.domain.deadlines import DeadlineKind
from sellerdesk.domain.lifecycle import PackageStatus
from sellerdesk.domain.orders import Buyer, Channel, Component, PaymentState
from sellerdesk.domain.parcels import EVENTS, ParcelReport
from sellerdesk.interfaces.web import order_words, timeline

PACKAGE = Path(timeline.__file__).resolve().parents[2]


def page(client: Client, number: str, query: str = "", status: int = 200) -> str:
    answer = client.get(f"/desk/orders/{number}/{query}")
    assert answer.status_code == status, text(answer)[:400]
    return plain(text(answer))


def plain(html: str) -> str:
    """What a person reads, blanks tidied; scripts and attributes are kept out."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("&nbsp;", " ").split())


def test_an_unshipped_order_shows_what_to_do(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    html = text(owner.get(f"/desk/orders/{number}/"))
    assert f'href="/desk/orders/{number}/confirm/' in html
    assert "/desk/orders/slips/?order=" in html
    assert "Buy shipping" not in html  # a capability that is not there has no dead button
    assert f'href="/desk/orders/{number}/cancel/' in html
    words = plain(html)
    assert "Ada Quill" in words
    assert "1 Canary Row" in words
    assert "Payment authorised" in words
    assert "$43.18" in words  # 2 × (19.99 + 1.60)
    assert "Name and address are complete." in words


def test_a_pending_order_hides_the_buyer_and_says_how_long(owner: Client, seller: int) -> None:
    number = a_placed_order(seller, at=NOW - timedelta(hours=5, minutes=10))
    words = page(owner, number)
    assert "Pending for 5 h 10 min." in words
    assert "Nothing to do until the payment is authorised." in words
    assert "Canary Row" not in words
    assert "Quill" not in words
    assert "Confirm shipment" not in words


def test_a_warehouse_order_says_that_there_is_nothing_to_do(owner: Client, seller: int) -> None:
    number = a_shipped_order(seller, channel=Channel.AFN)
    words = page(owner, number)
    assert "Amazon ships this" in words
    assert "Edit shipment" not in words
    assert "Print packing slip" not in words
    assert "Shipped by the marketplace's warehouse" in words.replace("&#x27;", "'")


def test_who_may_not_see_buyers_sees_none(seller: int, staff: Staff) -> None:
    number = a_paid_order(seller)
    words = page(staff(seller, role="readonly"), number)
    assert "Quill" not in words
    assert "Canary" not in words
    assert "$43.18" not in words
    assert "Confirm shipment" not in words
    assert "Your role does not show" in words
    shipper = page(staff(seller, role="shipper"), number)
    assert "Ada Quill" in shipper
    assert "$43.18" not in shipper


def test_the_warning_names_the_date_in_the_marketplaces_zone(owner: Client, seller: int) -> None:
    number = a_paid_order(seller, at=NOW - timedelta(days=9))
    sql = "SELECT d.order_id, d.due_at FROM deadlines d JOIN orders o ON o.id = d.order_id WHERE d.kind = %s"
    [(order_id, due)] = everything(sql, ["auto_cancel_warning"])
    assert due < NOW
    kinds = (DeadlineKind.SHIP_BY_REMINDER, DeadlineKind.SHIP_BY, DeadlineKind.AUTO_CANCEL_WARNING)
    for kind in kinds:
        [outcome] = fire_deadlines(an_actor(seller), kind, [DueOrder(order_id, number)], now=NOW)
        assert outcome.state == "fired", kind
    words = page(owner, number)
    assert re.search(r"Confirm shipment before \w+ .*? P[SD]T to avoid order cancellation", words)
    assert "Warning before automatic cancellation" in words


def test_late_is_said(owner: Client, seller: int) -> None:
    number = a_paid_order(seller, at=NOW - timedelta(days=9))
    assert re.search(r"Late by \d+ d", page(owner, number))


def test_packages_show_scans_and_what_an_edit_changed(owner: Client, seller: int) -> None:
    number = a_shipped_order(seller)
    report = ParcelReport(number, "1", "DELIVERED", NOW - timedelta(hours=1), where="Tacoma, WA")
    outcomes = report_parcel_events(an_actor(seller), [report], now=NOW)
    assert outcomes[0].accepted, outcomes
    words = page(owner, number)
    assert "Tacoma, WA" in words
    assert "Confirmed on time" in words
    assert "UPS" in words
    assert "Charged so far $43.18" in words


def test_another_sellers_order_looks_like_none(owner: Client, staff: Staff, seller: int) -> None:
    other = a_seller("Other")
    number = a_paid_order(other)
    theirs = owner.get(f"/desk/orders/{number}/")
    none = owner.get("/desk/orders/999-0000000-0000000/")
    assert theirs.status_code == none.status_code == 404
    assert plain(text(theirs)).replace(number, "") == plain(text(none)).replace("999-0000000-0000000", "")


def test_the_same_buyers_other_order_is_named_before_shipping(owner: Client, seller: int) -> None:
    first, second = a_paid_order(seller), a_paid_order(seller)
    assert f"twice? {second}" in page(owner, first)
    namesake = a_paid_order(seller, buyer=Buyer(name="Ada Quill", email="another@buyer.example"))
    assert namesake not in page(owner, first)


def test_bad_characters_are_shown_and_not_obeyed(owner: Client, seller: int) -> None:
    document = a_document(buyer=Buyer(name="Ada \u202egnp.exe", email="a@b.example"))
    number = a_paid_order(seller, buyer=document.buyer)
    html = text(owner.get(f"/desk/orders/{number}/"))
    assert "\u202e" not in html
    assert "⟦U+202E⟧" in html


def test_prints_are_counted_on_the_page(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    for _time in range(2):
        record_prints(an_actor(seller), [SlipRequest(number)], now=NOW)
    assert "printed 2×" in page(owner, number)


def test_the_list_that_one_came_from_leads_on(owner: Client, seller: int) -> None:
    numbers = [a_paid_order(seller, at=PLACED - timedelta(hours=hour)) for hour in range(3)]
    html = text(owner.get(f"/desk/orders/{numbers[1]}/?from=tab%3Dall%26sort%3Dnewest"))
    around = re.findall(r'data-key="[\[\]]" href="/desk/orders/([\d-]+)/', html)
    assert around == [numbers[0], numbers[2]]


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_every_kind_in_the_journal_is_worded_in_every_language(language: str) -> None:
    kinds = written_kinds()
    assert len(kinds) > 10
    assert kinds - timeline.TITLES.keys() == set()
    assert timeline.TITLES.keys() - kinds - named() == set(), "words for what nobody writes"
    with translation.override(language):
        for kind, (title, _icon, _tone) in timeline.TITLES.items():
            assert re.search("[一-鿿]", str(title)), f"{kind} is not translated into {language}"


_TABLES = ("_SAYS", "_KINDS", "KINDS")  # tables whose values are kinds


def written_kinds() -> set[str]:
    """Every kind that the source gives to a journal entry."""
    kinds: set[str] = set()
    for path in [
        *(PACKAGE / "commands").glob("*.py"),
        *(PACKAGE / "models").glob("*.py"),
        *(PACKAGE / "flows").rglob("*.py"),
    ]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                kinds |= _kinds_of(node)
            if isinstance(node, ast.FunctionDef) and node.name in ("_kind", "kind_of"):
                kinds |= {
                    one.value
                    for one in ast.walk(node)
                    if isinstance(one, ast.Constant) and re.fullmatch("[a-z]+_[a-z_]+", str(one.value))
                }
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in _TABLES:
                kinds |= {
                    one.value for one in getattr(node.value, "values", ()) if isinstance(one, ast.Constant)
                }
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "event":
                kinds |= {
                    one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant) and one.value
                }
        kinds |= set(re.findall(r"%\(now\)s, '([a-z]+_[a-z_]+)', %\(party\)s", path.read_text()))
    return {kind for kind in kinds if isinstance(kind, str)} - {Why.CONFIRMATION_MISSING.value}


def named() -> set[str]:
    """Every text of the floors that write, whole: kinds that `written_kinds` cannot tell from other texts are there."""
    return {
        node.value
        for floor in ("commands", "models", "flows")
        for path in (PACKAGE / floor).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _kinds_of(call: ast.Call) -> set[str]:
    name = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
    position = {"Entry": 1, "OrderRow": 2, "HeldChange": 2, "ReturnMove": 3}.get(name)
    if position is None or len(call.args) <= position:
        return set()
    first = call.args[0]
    if name == "Entry" and isinstance(first, ast.Constant) and first.value is None:
        return set()  # it concerns no order, so no order's timeline shows it
    given = call.args[position]
    if isinstance(given, ast.Constant):
        return {given.value}
    if isinstance(given, ast.JoinedStr) and isinstance(given.values[0], ast.Constant):
        assert given.values[0].value == "payment_"
        return {f"payment_{state.value}" for state in PaymentState}
    return set()


def test_every_code_on_the_page_has_a_word() -> None:
    assert set(order_words.COMPONENTS) == set(Component)
    assert set(order_words.DEADLINES) == set(DeadlineKind)
    assert set(order_words.PARCEL_EVENTS) == set(EVENTS)
    assert set(order_words.PACKAGE_TONES) <= set(PackageStatus)


def test_the_page_asks_the_database_a_constant_number_of_times(
    owner: Client, seller: int, django_assert_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    small = a_paid_order(seller)
    large = a_paid_order(seller, items=with_quantities(a_document(), *range(1, 9)).items)
    counts = []
    for number in (small, large):
        owner.get(f"/desk/orders/{number}/")
        with CaptureQueriesContext(connection) as captured:
            owner.get(f"/desk/orders/{number}/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] < 30
