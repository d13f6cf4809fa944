"""Error pages: in the house's look and the reader's language, with a way back, and without Django's hints."""

from typing import Any

import pytest
from django.db import connections
from django.test import Client, RequestFactory

from sellerdesk.interfaces.ops import errors


@pytest.mark.parametrize(
    ("language", "lost", "late"),
    [
        ("en", "Page not found", "This form has expired"),
        ("zh-hans", "找不到页面", "此表单已过期"),
        ("zh-hant", "找不到頁面", "此表單已過期"),
    ],
)
@pytest.mark.parametrize(
    ("path", "back"), [("/desk/", "/desk/"), ("/account/", "/account/"), ("/", "/desk/")]
)
@pytest.mark.django_db
def test_people_are_told_in_their_language(language: str, lost: str, late: str, path: str, back: str) -> None:
    client = Client(headers={"Accept-Language": language}, enforce_csrf_checks=True)
    answer = client.get(f"{path}no/such/page")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert lost in page
    assert f'class="btn" href="{back}"' in page
    if path == "/account/":
        answer = client.post("/account/sign-in/", {"email": "ada@buyer.example"})
        assert answer.status_code == 403
        page = answer.content.decode()
        assert late in page
        assert 'href="/account/"' in page
        assert "DEBUG" not in page


def test_a_fault_is_told_without_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("broken")

    for connection in connections.all():
        monkeypatch.setattr(connection, "cursor", broken)
    answer = errors.fault(RequestFactory().get("/desk/"))
    page = answer.content.decode()
    assert answer.status_code == 500
    assert all(word in page for word in ("Something went wrong", "出错了", "發生錯誤", "/desk/", "/account/"))


def test_the_fault_page_is_what_django_asks_for(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr("sellerdesk.interfaces.ops.edge.metrics.count_request", broken)
    client.raise_request_exception = False
    answer = client.get("/healthz")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.content.decode()
