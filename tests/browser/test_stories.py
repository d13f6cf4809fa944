"""The main road in a real browser: find an order, confirm a shipment in two packages, print the slip, read what happened."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from sellerdesk.models.accounts import Membership, User
from tests.browser.conftest import PASSWORD
from tests.build import a_paid_order, a_seller, a_shipped_order, an_item, everything

EMAIL = "li.wei@lantern.example"


def a_member(seller_id: int, **fields: object) -> None:
    """A member of staff with a password, in a zone of their own."""
    given = {"name": "Li Wei", "zone": "Asia/Shanghai", "date_joined": datetime.now(UTC)} | fields
    user = User.objects.create_user(EMAIL, PASSWORD, **given)
    Membership.objects.create(seller_id=seller_id, user=user, role="owner")


def sign_in(page: Page) -> None:
    """Through the form, with the keyboard."""
    page.goto("/")
    page.locator("input[name=login]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/desk/orders/**")
