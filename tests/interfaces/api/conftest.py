"""A seller with programs that call the native API."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from tests.build import the_terms

from sellerdesk.commands import accounts
from sellerdesk.domain.actors import Actor, Door, Party, Permission

MADE = datetime(2026, 1, 1, tzinfo=UTC)
US = "ATVPDKIKX0DER"


@dataclass
class Program:
    """A program of one seller, with a token; `call` answers Django's response."""

    seller_id: int
    credentials: accounts.ClientMade
    token: str = ""
    http: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def call(self, method: str, path: str, body: Any = None, *, key: str = "", **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if key:
            sent["Idempotency-Key"] = key
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return self.http.generic(method, "/api/v1" + path, headers=sent, **content)

    def place(self, key: str = "", **changes: Any) -> str:
        """Place an order; answers its number."""
        answer = self.call("POST", "/orders", order(**changes), key=key or f"place-{random.random()}")
        assert answer.status_code == 201, answer.content
        return str(answer.json()["orderNumber"])

    def paid(self, **changes: Any) -> str:
        """Place an order and have it paid; answers its number."""
        number = self.place(**changes)
        answer = self.call("POST", f"/orders/{number}/payments", {"state": "authorized"}, key=f"pay-{number}")
        assert answer.status_code == 200, answer.content
        return number


def order(**changes: Any) -> dict[str, Any]:
    """An order that can be placed on the American marketplace: two units at 10.00, tax 0.81."""
    return {
        "marketplaceId": US,
        "placedAt": "2026-01-02T10:00:00Z",
        "buyer": {"name": "Ada Buyer", "email": "ada@buyers.example"},
        "shipTo": {"name": "Ada Buyer", "line1": "1 Long Road", "city": "Springfield", "country": "US"},
        "items": [item()],
    } | changes


def item(**changes: Any) -> dict[str, Any]:
    return {
        "itemNumber": "12345678901234",
        "sku": "MUG-RED",
        "title": "Mug",
        "quantity": 2,
        "amounts": {"principal": usd("20.00"), "tax": usd("0.81")},
    } | changes


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currencyCode": "USD"}


def package(**changes: Any) -> dict[str, Any]:
    return {
        "carrierCode": "UPS",
        "tracking": "1Z999AA10123456784",
        "shippedAt": "2026-01-03T10:00:00Z",
    } | changes


Maker = Callable[..., Program]


@pytest.fixture
def make_program(committed: None) -> Maker:
    """Make a seller, or take one that is there, and a program of it with the given scopes and a token."""

    the_terms()

    def make(
        name: str = "Northwind", *, seller_id: int | None = None, scopes: Any = accounts.PROGRAM_SCOPES
    ) -> Program:
        admin = Actor(Party.AMAZON, "administrator", Door.CLI, None)
        if seller_id is None:
            made = accounts.create_seller(
                admin, name, ["US", "JP"], now=MADE, randomness=random.SystemRandom()
            )
            seller_id = made.id
        actor = Actor(Party.AMAZON, "administrator", Door.CLI, seller_id)
        chosen = [Permission(scope) for scope in scopes]
        client = accounts.create_client(
            actor, f"{name} shop", now=MADE, randomness=random.SystemRandom(), scopes=chosen
        )
        program = Program(seller_id, client)
        program.token = token_of(program)
        return program

    return make


def token_of(program: Program, **more: str) -> str:
    said = {
        "grant_type": "client_credentials",
        "client_id": program.credentials.client_id,
        "client_secret": program.credentials.client_secret,
    } | more
    answer = program.http.post("/api/v1/token", said, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return str(answer.json()["access_token"])


@pytest.fixture
def program(make_program: Maker) -> Program:
    return make_program()
