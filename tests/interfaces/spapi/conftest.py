"""Fixtures of the SP-API door: a clock that stands still, and a caller that speaks its protocol."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.interfaces.spapi.world import NOW, Program

from sellerdesk.config import clock


class Clock:
    """The door's clock, to be set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **steps: float) -> None:
        self.now += timedelta(**steps)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The door's clock; it stands still at NOW until it is moved."""
    ours = Clock()
    monkeypatch.setattr(clock, "now", ours)
    return ours


class Caller:
    """Speaks to the door over Django's test client."""

    def __init__(self) -> None:
        self.client = Client()

    def send(
        self,
        method: str,
        path: str,
        token: str | None = None,
        *,
        query: str = "",
        body: Any = None,
        raw: bytes | None = None,
        content_type: str = "application/json",
    ) -> HttpResponse:
        data = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
        headers = {} if token is None else {"x-amz-access-token": token}
        return self.client.generic(  # type: ignore[return-value]
            method, path, data, content_type=content_type, QUERY_STRING=query, headers=headers
        )

    def get(self, path: str, token: str | None = None, query: str = "") -> HttpResponse:
        return self.send("GET", path, token, query=query)

    def token(self, program: Program) -> str:
        answer = self.send(
            "POST",
            "/auth/o2/token",
            body={
                "grant_type": "refresh_token",
                "refresh_token": program.refresh_token,
                "client_id": program.client_id,
                "client_secret": program.secret,
            },
        )
        assert answer.status_code == 200, answer.content
        return str(json.loads(answer.content)["access_token"])

    def restricted(self, token: str, *resources: tuple[str, list[str]]) -> str:
        listed = [{"method": "GET", "path": path, "dataElements": parts} for path, parts in resources]
        answer = self.send(
            "POST", "/tokens/2021-03-01/restrictedDataToken", token, body={"restrictedResources": listed}
        )
        assert answer.status_code == 200, answer.content
        return str(json.loads(answer.content)["restrictedDataToken"])


@pytest.fixture
def call() -> Caller:
    return Caller()


Body = Callable[[HttpResponse], dict[str, Any]]


@pytest.fixture
def plenty(settings: Any) -> None:
    """Buckets that no test can empty."""
    settings.RATE_LIMIT_SCALE = 100_000
