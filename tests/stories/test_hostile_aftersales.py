"""Hostile input about refunds, returns and claims, at every door: a clear error that names the place, and not a row of
any table changes (trust P19, P20, 2.6; T12). What pages make of it: tests/browser.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from tests import build
from tests.conftest import restore_tables
from tests.stories.hostile_world import (
    BLANKS,
    HALF,
    NO_LABELS,
    NO_PHOTOS,
    NO_WORDS,
    PDF_WITH_SCRIPT,
    POLYGLOT,
    Untouched,
    World,
    amounts,
    base64_of,
    make_world,
    picture,
)
from typer.testing import CliRunner

from sellerdesk.config import clock
from sellerdesk.domain.photos import PHOTOS_MAX
from sellerdesk.interfaces.cli.main import application

NOW = build.PLACED.replace(day=4)
_REFUND = {"reason": "general_adjustment", "mode": "goodwill"}
_NAMES = ("amount", "currency", "price", "expects", "cost", "left", "goodwill", "shipping", "fee", "lines")
_AMOUNT_FIELDS = ("amount", "goodwill", "return_shipping", "fee", "product", "shipping")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Nothing changes in it, whatever is sent: so it is made once."""
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


def order_of(world: World, currency: str) -> str:
    return {"USD": world.caller.ids.shipped, "JPY": world.yen}[currency]


def item_of(number: str) -> str:
    found = build.everything(
        "SELECT i.item_number FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.order_number = %s",
        [number],
    )
    return str(found[0][0])


def said(answer: Any) -> str:
    return str(answer.content.decode())


# --- amounts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("currency", ["USD", "JPY"])
@pytest.mark.parametrize("field", _AMOUNT_FIELDS)
def test_amounts_in_the_console(world: World, currency: str, field: str) -> None:
    number = order_of(world, currency)
    name = f"{field}-{item_of(number)}" if field in ("product", "shipping") else field
    form = {"do": "refund", "version": "3", "seen": "0", "left": "1", "key": "k", "reason": "pricing_error"}
    kind = "partial/" if field in ("amount", "product", "shipping") else ""
    staff = world.staff()
    with Untouched():
        for amount in amounts(currency):
            sent = form | {"mode": "goodwill", name: amount}
            answer = staff.post(f"/desk/orders/{number}/refund/{kind}", sent)
            assert answer.status_code == 422, (field, amount)
            assert f'href="#{name}"' in said(answer), (field, amount)
            looked = staff.post(
                f"/desk/orders/{number}/refund/preview/", sent | {"kind": kind.strip("/") or "full"}
            )
            assert looked.status_code == 200, (field, amount)
            assert "<script" not in said(looked)
    if kind:
        with Untouched():
            for blank in BLANKS:
                answer = staff.post(
                    f"/desk/orders/{number}/refund/{kind}", form | {"mode": "goodwill", name: blank}
                )
                assert answer.status_code == 422, repr(blank)


def test_amounts_in_the_page_for_many(world: World) -> None:
    """Its rows send what was on the screen: anything else is an order that has changed."""
    number, staff = order_of(world, "USD"), world.staff()
    form = {"do": "refund", "all": number, "key": "k", "reason": "pricing_error", "mode": "goodwill"}
    with Untouched():
        for amount in (*amounts("USD"), *BLANKS, ""):
            for row in (f"{number}:{amount}:1", f"{number}:3:{amount}", f"{amount}:3:1"):
                answer = staff.post("/desk/orders/refund/", form | {"row": row})
                assert answer.status_code == 422, row


def _money(amount: object, currency: str) -> dict[str, object]:
    return {"amount": amount, "currencyCode": currency}


def _api_calls(world: World, currency: str, money: Any) -> Iterator[tuple[str, str, Any]]:
    """Every operation that takes an amount, with this one in it."""
    number, ids = order_of(world, currency), world.caller.ids
    line = {"itemNumber": item_of(number)}
    bodies: list[dict[str, Any]] = [
        {**_REFUND, "amount": money},
        {**_REFUND, "goodwill": money},
        {**_REFUND, "returnShipping": money},
        {**_REFUND, "fee": money},
        {**_REFUND, "expectsLeft": money},
        *(
            {**_REFUND, "lines": [{**line, "amounts": {component: money}}]}
            for component in ("principal", "tax", "shippingTax", "product", "shipping", "giftWrap", "codFee")
        ),
    ]
    for body in bodies:
        yield "POST", f"/orders/{number}/refunds", body
        if body is not bodies[0]:
            continue  # the others are read by the same code
        yield "POST", f"/orders/{number}/refunds/preview", body
        yield "POST", "/refunds", {"refunds": [{**body, "orderNumber": number}]}
        yield "POST", "/refunds/preview", {"refunds": [{**body, "orderNumber": number}]}
    chargeback = {"reference": "CB", "kind": "fraud", "amount": money, "at": "2026-03-03T00:00:00Z"}
    yield "POST", f"/orders/{number}/chargebacks", chargeback
    for price in ("priceFrom", "priceTo"):
        yield "POST", "/return-rules", {"effect": "returnless", price: money}
    if currency == "USD":
        verdict = {"granted": True, "fault": "seller", "expects": money}
        yield "POST", f"/orders/{ids.order}/claims/{ids.claim}/decision/preview", verdict
        yield "POST", f"/orders/{ids.order}/claims/{ids.claim}/decision", verdict
        label = {"label": "prepaid", "tracking": "1Z999AA10123456784", "labelCost": money}
        yield "POST", f"/orders/{ids.refunded}/returns/{ids.rma}/authorization", label


def _refused(answer: Any, place: str) -> None:
    """A problem that says where; of several refunds in one call each has an outcome of its own."""
    told = answer.json()
    if answer.status_code in (200, 207):
        (one,) = told.get("outcomes") or told.get("previews") or [told]
        told = one["problem"]
        assert told is not None, place
    else:
        assert 400 <= answer.status_code < 500, (place, answer.status_code, told)
    assert told["code"], place
    named = f"{told.get('facts')} {told.get('detail')}".lower()
    assert any(word in named for word in _NAMES), (place, told)


@pytest.mark.parametrize("currency", ["USD", "JPY"])
def test_amounts_in_the_api(world: World, currency: str) -> None:
    other = "EUR"
    hostile = [_money(one, currency) for one in (*amounts(currency), *BLANKS, "", 5, 1.5, None, True, [], {})]
    hostile += [_money("1.00", one) for one in (other, "usd", "", "US", "USDX", "\uff35\uff33\uff24")]
    hostile += ["5", 5, {"amount": "5"}, {"currencyCode": currency}, _money("5", currency) | {"more": 1}]
    with Untouched():
        for money in hostile:
            for method, path, body in _api_calls(world, currency, money):
                if money == _money("1.00", other) and ("rules" in path or "chargebacks" in path):
                    continue  # they name a currency of their own
                if money in (_money("-1", "USD"), _money("-0.01", "USD")) and "decision" in path:
                    continue  # a debit that the claim, which is decided, cannot be held against
                answer = world.api(method, path, body)
                _refused(answer, f"{path} {money}")


def test_fees_in_the_api(world: World) -> None:
    """A fee may be below zero: it gives one back."""
    number = order_of(world, "USD")
    with Untouched():
        for amount in (*amounts("USD"), *BLANKS, "", "0", "0.00", 5, None):
            if amount in ("-1", "-0.01"):
                continue
            body = {"reference": "f", "kind": "commission", "amount": _money(amount, "USD")}
            _refused(world.api("POST", f"/orders/{number}/fees", body), repr(amount))
        body = {"reference": "f", "kind": "commission", "amount": _money("1.00", "JPY")}
        _refused(world.api("POST", f"/orders/{number}/fees", body), "currency")


def test_json_that_is_none(world: World) -> None:
    """Numbers that JSON does not have, and members twice, are no amounts either."""
    number = order_of(world, "USD")
    with Untouched():
        for money in (
            '{"amount": NaN, "currencyCode": "USD"}',
            '{"amount": Infinity, "currencyCode": "USD"}',
            '{"amount": 1e2, "currencyCode": "USD"}',
            '{"amount": "1.00", "amount": "9.00", "currencyCode": "USD"}',
            '{"amount": ' + "9" * 5000 + ', "currencyCode": "USD"}',
            "[" * 1000 + "]" * 1000,
        ):
            raw = f'{{"reason": "pricing_error", "mode": "goodwill", "amount": {money}}}'
            answer = world.api("POST", f"/orders/{number}/refunds", raw=raw)
            assert answer.status_code in (400, 422), money[:60]
            assert answer.json()["detail"]


@pytest.mark.parametrize("currency", ["USD", "JPY"])
def test_amounts_at_the_command_line(world: World, currency: str) -> None:
    number = order_of(world, currency)
    item = item_of(number)
    options = ["--amount={}", "--goodwill={}", "--return-shipping={}", "--fee={}", "--expects-left={}"]
    options += [f"--line={item}:product={{}}", f"--line={item}:principal={{}}", f"--line={item}={{}}"]
    with Untouched():
        for option in options:
            for amount in (*amounts(currency), *BLANKS):
                if "left" in option and amount == "-1":
                    continue  # readable; nothing of the kind is left, and that is what it says
                words = [number, "--seller", world.seller, "--reason", "pricing_error", option.format(amount)]
                for command in (["refunds", "preview"], ["refunds", "make", "--yes", "--key", "k"]):
                    result = CliRunner().invoke(application(), [*command, *words])
                    assert result.exit_code in (1, 2), (option, amount, result.output)
                    assert not result.exception or isinstance(result.exception, SystemExit), result.exception
                    assert result.output, (option, amount)


# --- photos and labels -----------------------------------------------------------------------------------------------


def test_photos_in_the_portal(world: World) -> None:
    number = order_of(world, "USD")
    item, buyer = item_of(number), world.caller.buyer()
    path = f"/account/orders/{world.seller}/{number}/return/"
    form = {"do": "submit", "key": "p", "reason": "defective", f"pick-{item}": "1"}
    with Untouched():
        for name, content in NO_PHOTOS.items():
            files = [SimpleUploadedFile(name, content, "image/png")]
            answer = buyer.post(path, form | {"photos": files})
            assert answer.status_code == 422, name
            assert 'role="alert"' in said(answer), name
            assert "pwned" not in said(answer)
        many = [SimpleUploadedFile(f"{n}.png", picture(), "image/png") for n in range(PHOTOS_MAX + 1)]
        assert buyer.post(path, form | {"photos": many}).status_code == 422


def test_photos_in_the_api(world: World) -> None:
    ids = world.caller.ids
    number = order_of(world, "USD")
    asked = {"reason": "quality", "lines": [{"itemNumber": item_of(number), "units": 1}]}
    graded = {"grades": [{"itemNumber": item_of(ids.refunded), "grade": "repack"}]}
    calls = [
        (f"/orders/{number}/returns", asked),
        (f"/orders/{ids.refunded}/returns/{ids.rma}/inspection", graded),
    ]
    with Untouched():
        for path, body in calls:
            for name, content in NO_PHOTOS.items():
                photos = [{"fileName": name, "content": base64_of(content)}]
                answer = world.api("POST", path, body | {"photos": photos})
                assert 400 <= answer.status_code < 500, name
                assert "photo" in said(answer).lower(), (name, said(answer))
            for content in ("not base64!", "=", "A", "\u00e9", "AAAA AAAA"):
                answer = world.api("POST", path, body | {"photos": [{"fileName": "a", "content": content}]})
                assert answer.status_code in (400, 422), content
                assert "photos[0].content" in said(answer)
            many = [{"fileName": "a.png", "content": base64_of(picture())}] * (PHOTOS_MAX + 1)
            assert world.api("POST", path, body | {"photos": many}).status_code in (400, 422)


def test_labels_in_the_api(world: World) -> None:
    ids = world.caller.ids
    path = f"/orders/{ids.refunded}/returns/{ids.rma}/authorization"
    address = {"name": "Dock", "line1": "5 Dock Street", "city": "Reno", "country": "US"}
    with Untouched():
        for name, content in {**NO_LABELS, "nothing.pdf": b""}.items():
            file = {"fileName": name, "content": base64_of(content)}
            answer = world.api("POST", path, {"label": "uploaded", "address": address, "labelFile": file})
            assert 400 <= answer.status_code < 500, name
            assert "label" in said(answer).lower(), (name, said(answer))


# --- words -----------------------------------------------------------------------------------------------------------


def _word_calls(world: World, words: str) -> Iterator[tuple[str, str, Any]]:
    """Every operation that takes somebody's words, with the member that holds them."""
    ids = world.caller.ids
    number = order_of(world, "USD")
    lines = [{"itemNumber": item_of(number), "units": 1}]
    of_return, of_claim = (
        f"/orders/{ids.refunded}/returns/{ids.rma}",
        f"/orders/{ids.order}/claims/{ids.claim}",
    )
    ask = {"reason": "quality", "lines": lines}
    yield "comment", f"/orders/{number}/returns", ask | {"comment": words}
    yield "rawReason", f"/orders/{number}/returns", ask | {"rawReason": words}
    yield "comment", f"{of_return}/closing", {"reason": "solved", "comment": words}
    yield "instructions", f"{of_return}/authorization", {"instructions": words}
    yield "carrier", f"{of_return}/authorization", {"carrier": words}
    yield "ownRma", f"{of_return}/authorization", {"ownRma": words}
    grade = {"itemNumber": item_of(ids.refunded), "grade": "repack", "note": words}
    yield "note", f"{of_return}/inspection", {"grades": [grade]}
    for name in ("note", "words", "override", "rma"):
        yield name, f"/orders/{number}/refunds", {**_REFUND, name: words}
    yield "text", f"/orders/{ids.shipped}/claims", {"kind": "not_received", "text": words}
    for step in ("answer", "ask", "withdrawal", "appeal", "appeal/ask", "appeal/answer"):
        yield "text", f"{of_claim}/{step}", {"text": words}
    yield "text", f"{of_claim}/decision", {"granted": False, "fault": "none", "text": words}
    yield "text", f"{of_claim}/appeal/decision", {"money": True, "defect": True, "text": words}
    at = "2026-03-03T00:00:00Z"
    chargeback = {"reference": words, "kind": "fraud", "amount": _money("1.00", "USD"), "at": at}
    yield "reference", f"/orders/{number}/chargebacks", chargeback


@pytest.mark.parametrize("kind", [*NO_WORDS, "half"])
def test_words_in_the_api(world: World, kind: str) -> None:
    words = HALF if kind == "half" else NO_WORDS[kind]
    with Untouched():
        for place, path, body in _word_calls(world, words):
            answer = world.api("POST", path, body)
            assert answer.status_code in (400, 422), (path, place, answer.status_code, said(answer))
            assert place in said(answer), (path, said(answer))


@pytest.mark.parametrize("kind", NO_WORDS)
def test_words_in_the_console(world: World, kind: str) -> None:
    number, staff = order_of(world, "USD"), world.staff()
    form = {"do": "refund", "version": "3", "seen": "0", "left": "1", "key": "k", "reason": "pricing_error"}
    with Untouched():
        for field in ("note", "words", "override"):
            answer = staff.post(
                f"/desk/orders/{number}/refund/", form | {"mode": "goodwill", field: NO_WORDS[kind]}
            )
            assert answer.status_code == 422, field
            assert f'href="#{field}"' in said(answer), field
        for field in ("note", "override"):
            many = {"do": "refund", "all": number, "row": f"{number}:3:1", "key": "k"}
            many |= {"reason": "pricing_error", "mode": "goodwill", field: NO_WORDS[kind]}
            assert staff.post("/desk/orders/refund/", many).status_code == 422, field


@pytest.mark.parametrize("kind", NO_WORDS)
def test_words_in_the_portal(world: World, kind: str) -> None:
    number, buyer = order_of(world, "USD"), world.caller.buyer()
    base = f"/account/orders/{world.seller}/{number}"
    asked = {"do": "submit", "key": "w", "reason": "defective", f"pick-{item_of(number)}": "1"}
    with Untouched():
        for path, form in (
            (f"{base}/return/", asked | {"comment": NO_WORDS[kind]}),
            (f"{base}/claim/", {"key": "c", "kind": "not_received", "text": NO_WORDS[kind]}),
            (f"{base}/messages/", {"key": "m", "text": NO_WORDS[kind]}),
        ):
            answer = buyer.post(path, form)
            assert answer.status_code == 422, path
            assert "\x00" not in said(answer)
            assert "\x1b" not in said(answer)


@pytest.mark.parametrize("kind", [*NO_WORDS, "half"])
def test_words_at_the_command_line(world: World, kind: str) -> None:
    """A terminal hands on what it cannot read as halves of pairs."""
    words = HALF if kind == "half" else NO_WORDS[kind]
    ids, number = world.caller.ids, order_of(world, "USD")
    money = [number, "--reason", "pricing_error", "--yes", "--key", "k"]
    returned = [number, "--reason", "quality", "--item", f"{item_of(number)}=1"]
    lines = [
        ("note", ["refunds", "make", *money, "--note", words]),
        ("words", ["refunds", "make", *money, "--words", words]),
        ("override", ["refunds", "make", *money, "--override", words]),
        ("comment", ["returns", "request", *returned, "--comment", words]),
        ("comment", ["returns", "close", ids.rma, "--reason", "solved", "--comment", words]),
        ("instructions", ["returns", "authorize", world.waiting, "--instructions", words]),
        ("carrier", ["returns", "authorize", world.waiting, "--carrier", words]),
    ]
    with Untouched():
        for place, line in lines:
            result = CliRunner().invoke(application(), [*line, "--seller", world.seller])
            assert result.exit_code in (1, 2), (line[:2], place, result.output[:300])
            assert not result.exception or isinstance(result.exception, SystemExit), (place, result.exception)
            assert place in result.output, (line[:2], place, result.output[:300])
            assert len(result.output) < 5000


# --- what is taken, and how it is handed out -------------------------------------------------------------------------


def test_what_is_kept_of_a_polyglot_is_a_picture(world: World) -> None:
    number = order_of(world, "JPY")
    asked = {"reason": "quality", "lines": [{"itemNumber": item_of(number), "units": 1}]}
    photos = [{"fileName": "<script>.html", "content": base64_of(POLYGLOT)}]
    answer = world.api("POST", f"/orders/{number}/returns", asked | {"photos": photos})
    assert answer.status_code == 201, said(answer)
    ((content, name, kind),) = build.everything(
        "SELECT f.content, p.name, f.kind FROM return_photos p JOIN stored_files f"
        " ON f.seller_id = p.seller_id AND f.id = p.file_id ORDER BY p.id DESC LIMIT 1"
    )
    assert b"pwned" not in bytes(content)
    assert b"<script" not in bytes(content)
    assert kind == "image/jpeg"
    assert "<" not in name


def test_a_label_with_a_script_is_only_ever_downloaded(world: World) -> None:
    """A PDF may hold anything, so no browser is ever asked to show one."""
    number = order_of(world, "JPY")
    address = {"name": "Dock", "line1": "5 Dock Street", "city": "Osaka", "country": "JP"}
    file = {"fileName": "<b>\u202e.pdf", "content": base64_of(PDF_WITH_SCRIPT)}
    body = {"label": "uploaded", "address": address, "labelFile": file}
    answer = world.api("POST", f"/orders/{number}/returns/{world.waiting}/authorization", body)
    assert answer.status_code == 200, said(answer)
    page = f"/account/orders/{world.seller}/{number}/returns/1/"
    label = world.caller.buyer().get(f"{page}label/")
    assert label.status_code == 200
    assert label.headers["Content-Disposition"].startswith("attachment")
    assert label.headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src" not in label.headers["Content-Security-Policy"]
    assert "sandbox" in label.headers["Content-Security-Policy"]
    assert "\u202e" not in label.headers["Content-Disposition"]
