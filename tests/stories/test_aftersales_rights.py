"""Who may do what about refunds, returns and claims, role by operation and buyer by buyer (I13, I23, P14, P20; T16)."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests import build
from tests.conftest import restore_tables
from tests.stories.hostile_world import Untouched, World, make_world, token_with

from sellerdesk.commands import accounts
from sellerdesk.commands.portal_access import session_hash
from sellerdesk.config import clock
from sellerdesk.domain import access_codes
from sellerdesk.domain.actors import PERMISSIONS, Permission, Role
from sellerdesk.domain.orders import Buyer
from sellerdesk.models import Membership, User, access_writes
from sellerdesk.models.tenancy import scoped

NOW = build.PLACED.replace(day=4)
P = Permission
_MONEY = {"amount": "0.01", "currencyCode": "USD"}
_REFUND = {"reason": "general_adjustment", "mode": "goodwill", "amount": _MONEY}
_AT = "2026-03-03T00:00:00Z"
_VERDICT = {"granted": True, "fault": "seller"}
# Operation → the right it needs and what is sent; names in braces are ids of the world.
API: dict[str, tuple[Permission, dict[str, Any]]] = {
    "/orders/{refunded}/refunds": (P.REFUNDS_MAKE, _REFUND),
    "/orders/{refunded}/refunds/preview": (P.REFUNDS_MAKE, _REFUND),
    "/orders/{refunded}/refunds/{refund}/undo": (P.REFUNDS_MAKE, {}),
    "/orders/{refunded}/refunds/{refund}/approve": (P.REFUNDS_APPROVE, {}),
    "/orders/{refunded}/returns": (
        P.RETURNS_REQUEST,
        {"reason": "quality", "lines": [{"itemNumber": "1", "units": 1}]},
    ),
    "/orders/{refunded}/returns/{rma}/authorization": (P.RETURNS_HANDLE, {}),
    "/orders/{refunded}/returns/{rma}/closing": (P.RETURNS_HANDLE, {"reason": "solved", "comment": "x"}),
    "/orders/{refunded}/returns/{rma}/withdrawal": (P.RETURNS_REQUEST, {}),
    "/orders/{refunded}/returns/{rma}/receipt": (P.RETURNS_RECEIVE, {}),
    "/orders/{refunded}/returns/{rma}/inspection": (
        P.RETURNS_RECEIVE,
        {"grades": [{"itemNumber": "1", "grade": "repack"}]},
    ),
    "/orders/{refunded}/returns/{rma}/scans": (P.PARCELS_REPORT, {"kind": "IN_TRANSIT", "at": _AT}),
    "/return-rules": (P.RETURN_SETTINGS, {"effect": "manual"}),
    "/orders/{shipped}/claims": (P.CLAIMS_FILE, {"kind": "not_received"}),
    "/orders/{order}/claims/{claim}/withdrawal": (P.CLAIMS_FILE, {}),
    "/orders/{order}/claims/{claim}/answer": (P.CLAIMS_HANDLE, {"text": "Here."}),
    "/orders/{order}/claims/{claim}/appeal": (P.CLAIMS_HANDLE, {"text": "Here."}),
    "/orders/{order}/claims/{claim}/appeal/answer": (P.CLAIMS_HANDLE, {"text": "Here."}),
    "/orders/{order}/claims/{claim}/ask": (P.CLAIMS_DECIDE, {}),
    "/orders/{order}/claims/{claim}/appeal/ask": (P.CLAIMS_DECIDE, {}),
    "/orders/{order}/claims/{claim}/decision": (P.CLAIMS_DECIDE, _VERDICT),
    "/orders/{order}/claims/{claim}/decision/preview": (P.CLAIMS_DECIDE, _VERDICT),
    "/orders/{order}/claims/{claim}/appeal/decision": (P.CLAIMS_DECIDE, {"money": True, "defect": True}),
    "/orders/{order}/feedback": (P.FEEDBACK_REPORT, {"rating": 1, "at": _AT}),
    "/orders/{order}/chargebacks": (
        P.FEEDBACK_REPORT,
        {"reference": "CB", "kind": "fraud", "amount": _MONEY, "at": _AT},
    ),
    "/orders/{shipped}/fees": (
        P.PAYMENTS_REPORT,
        {"reference": "f", "kind": "commission", "amount": _MONEY},
    ),
    "/payouts": (P.PAYMENTS_REPORT, {"reference": "p", "currencyCode": "USD"}),
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patched, django_db_blocker.unblock():
        patched.setattr(clock, "now", lambda: NOW)
        patched.setattr(settings, "RATE_LIMIT_SCALE", 1e6)
        try:
            yield make_world()
        finally:
            from django.db import connections

            for connection in connections.all(initialized_only=True):
                connection.close()
            restore_tables()


def test_a_program_may_only_what_it_was_given(world: World) -> None:
    """With every right but one, just the operations of that one are refused, before anything is looked up."""
    needed = {right for right, _ in API.values()}
    for missing in sorted(needed):
        token = token_with(world.caller.seller_id, accounts.PROGRAM_SCOPES - {missing})
        with Untouched():
            for path, (right, body) in API.items():
                if right is missing:
                    answer = world.api("POST", world.caller.ids.fill(path), body, token=token)
                    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), path


def test_the_usual_program_judges_nobody(world: World) -> None:
    token = token_with(world.caller.seller_id, accounts.USUAL_SCOPES)
    judging = [path for path, (right, _) in API.items() if right in (P.CLAIMS_DECIDE, P.FEEDBACK_REPORT)]
    assert len(judging) == 7
    with Untouched():
        for path in judging:
            answer = world.api("POST", world.caller.ids.fill(path), API[path][1], token=token)
            assert answer.status_code == 403, path


def test_reading_orders_shows_neither_money_nor_words(world: World) -> None:
    """Of refunds, returns and claims, a program that reads orders alone sees how far they are."""
    token, ids = token_with(world.caller.seller_id, [P.ORDERS_READ]), world.caller.ids
    for path in (
        f"/orders/{ids.returned}/refunds",
        f"/orders/{ids.refunded}/refunds/{ids.refund}",
        f"/orders/{ids.refunded}/returns/{ids.rma}",
        "/returns",
        "/refunds",
        "/claims",
        f"/orders/{ids.order}/claims/{ids.claim}",
    ):
        answer = world.api("GET", path, token=token)
        assert answer.status_code in (200, 403), path
        said = answer.content.decode()
        for hidden in ("The comment of a buyer", "is broken", "claims", "has nothing"):
            words = said.replace('"claims":', "").replace("/claims", "")
            assert hidden not in words or answer.status_code == 403, (path, hidden)
        assert '"amount":{' not in said, path
        assert '"total":{' not in said, path
    returned = world.api("GET", f"/orders/{ids.returned}/returns/x/photos/{ids.photo}", token=token)
    assert returned.status_code == 403


# --- people ----------------------------------------------------------------------------------------------------------


def member(world: World, role: Role) -> Client:
    email = f"{role.value}@rights.example"
    user, is_new = User.objects.get_or_create(email=email, defaults={"date_joined": NOW})
    if is_new:
        Membership.objects.create(seller_id=world.caller.seller_id, user=user, role=role.value)
    browser = Client()
    browser.force_login(user)
    return browser


CONSOLE = {
    "/desk/orders/{shipped}/refund/": P.REFUNDS_MAKE,
    "/desk/orders/{shipped}/refund/partial/": P.REFUNDS_MAKE,
    "/desk/orders/{shipped}/refund/preview/": P.REFUNDS_MAKE,
    "/desk/orders/{refunded}/refund/undo/": P.REFUNDS_MAKE,
    "/desk/orders/{refunded}/refund/approve/": P.REFUNDS_APPROVE,
    "/desk/orders/refund/": P.REFUNDS_MAKE,
    "/desk/refunds/": P.REFUNDS_MAKE,
    "/desk/returns/settings/": P.RETURN_SETTINGS,
    "/desk/payments/": P.MONEY_READ,
    "/desk/payments/breaks/{payment_break}/": P.PAYMENTS_SETTLE,
}


@pytest.mark.parametrize("role", Role)
def test_staff_may_only_what_their_role_may(world: World, role: Role) -> None:
    browser = member(world, role)
    form = {"do": "refund", "version": "3", "seen": "0", "left": "1", "key": "k", "reference": "x"}
    with Untouched():
        for path, needed in CONSOLE.items():
            if needed in PERMISSIONS[role]:
                continue
            page = world.caller.ids.fill(path)
            told = {browser.get(page).status_code, browser.post(page, form).status_code}
            assert 403 in told, (role, page)
            assert told <= {403, 405}, (role, page)


@pytest.mark.parametrize("role", Role)
def test_no_role_of_a_seller_judges_claims(world: World, role: Role) -> None:
    browser, claim = member(world, role), world.caller.ids.claim
    with Untouched():
        for do in ("grant", "deny", "ask", "appeal", "ask_appeal"):
            answer = browser.post(f"/operator/claims/{claim}/", {"do": do, "fault": "buyer", "key": "k"})
            assert answer.status_code == 403, do
        for page in ("", f"{claim}/", f"{claim}/evidence.pdf"):
            assert browser.get(f"/operator/claims/{page}").status_code == 403


def test_the_readonly_role_sees_nothing_that_it_may_not(world: World) -> None:
    browser, ids = member(world, Role.READONLY), world.caller.ids
    for number in (ids.refunded, ids.returned, ids.order, ids.claimed):
        page = browser.get(f"/desk/orders/{number}/").content.decode()
        for hidden in (
            ids.buyer,
            ids.email,
            "The comment of a buyer",
            "is broken",
            f"{world.caller.mark} claims",
            "has nothing",
        ):
            assert hidden not in page, (number, hidden)
        assert "$" not in page, number


# --- a second person -------------------------------------------------------------------------------------------------


def test_nobody_approves_a_refund_of_ones_own(world: World) -> None:
    """T16: above the limit it waits for somebody else, whatever rights the first one has."""
    ids, owner = world.caller.ids, world.caller.browser()
    drawn = build.everything("SELECT id FROM refunds WHERE reference = %s", [ids.refund])
    build.change(
        "UPDATE refunds SET state = 'DRAFT', author_id = %s WHERE id = %s",
        [f"user:{world.caller.user.pk}", drawn[0][0]],
    )
    with Untouched():
        form = {"reference": ids.refund, "version": "1", "key": "k"}
        answer = owner.post(f"/desk/orders/{ids.refunded}/refund/approve/", form)
        assert answer.status_code == 302  # with the reason above the list
    state = build.everything("SELECT state FROM refunds WHERE reference = %s", [ids.refund])
    assert state == [("DRAFT",)]


# --- buyers ----------------------------------------------------------------------------------------------------------


def buyer_of(email: str) -> Client:
    """A browser that is signed in to the portal with an address."""
    client, token = Client(), secrets.token_urlsafe(16)
    with scoped(None):
        order = access_writes.newest_order(email)
        assert order is not None
        digest = access_codes.address_digest(settings.SECRET_KEY.encode(), email)
        ends = session_hash(token), NOW - timedelta(hours=1) + access_codes.SESSION_LIFETIME
        access_writes.keep_session([ends[0], digest, *order, False, NOW - timedelta(hours=1), ends[1]])
    client.cookies["sellerdesk_buyer"] = token
    return client


def test_a_buyer_reaches_nothing_of_another(world: World) -> None:
    """Two buyers of one seller: not the seller's wall keeps them apart, but whose order it is."""
    build.a_shipped_order(world.caller.seller_id, buyer=Buyer(name="Eve", email="eve@buyers.example"))
    eve, ada, ids = buyer_of("eve@buyers.example"), world.caller.buyer(), world.caller.ids
    base = f"/account/orders/{ids.seller}"
    pages = [
        f"{base}/{ids.returned}/",
        f"{base}/{ids.returned}/return/",
        f"{base}/{ids.returned}/returns/1/",
        f"{base}/{ids.returned}/returns/1/withdraw/",
        f"{base}/{ids.returned}/returns/1/label/",
        f"{base}/{ids.returned}/returns/1/photos/{ids.photo}/",
        f"{base}/{ids.claimed}/claim/",
        f"{base}/{ids.claimed}/claims/1/",
        f"{base}/{ids.claimed}/claims/1/withdraw/",
        f"{base}/{ids.order}/messages/",
        f"{base}/{ids.order}/messages/{ids.message}/1/",
    ]
    form = {
        "key": "k",
        "version": "1",
        "do": "submit",
        "reason": "defective",
        "kind": "not_received",
        "text": "x",
    }
    for page in pages:
        assert ada.get(page).status_code == 200, page
    with Untouched():
        for page in pages:
            answers = [eve.get(page), eve.post(page, form)]
            assert [one.status_code for one in answers if one.status_code != 405] in ([404, 404], [404]), page
            for one in answers:
                assert world.caller.mark not in one.content.decode().replace(ids.seller, ""), page
