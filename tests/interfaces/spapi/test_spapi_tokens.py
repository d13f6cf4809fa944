"""The token endpoint, restricted tokens, and what a token is refused for (trust P18)."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from tests.interfaces.spapi.conftest import Caller, Clock
from tests.interfaces.spapi.world import NOW, US, Program, a_document, a_program, a_seller, paid

from sellerdesk.commands.tokens import revoke_tokens
from sellerdesk.domain.actors import Permission
from sellerdesk.models.accounts import ApiClient, ApiToken
from sellerdesk.models.sql import rows

pytestmark = pytest.mark.usefixtures("db", "time", "plenty")
LWA, RDT = "/auth/o2/token", "/tokens/2021-03-01/restrictedDataToken"
RECENT = f"MarketplaceIds={US}&CreatedAfter=2026-03-01"


def asked(program: Program, **other: Any) -> dict[str, Any]:
    given = {
        "grant_type": "refresh_token",
        "refresh_token": program.refresh_token,
        "client_id": program.client_id,
        "client_secret": program.secret,
    }
    return {name: value for name, value in (given | other).items() if value is not None}


def form(call: Caller, values: dict[str, Any]) -> HttpResponse:
    return call.send(
        "POST", LWA, raw=urlencode(values).encode(), content_type="application/x-www-form-urlencoded"
    )


def details(answer: HttpResponse) -> str:
    (error,) = json.loads(answer.content)["errors"]
    assert (error["code"], error["message"]) == ("Unauthorized", "Access to requested resource is denied.")
    assert "x-amzn-RateLimit-Limit" not in answer.headers
    assert answer.headers["x-amzn-RequestId"]
    return str(error["details"])


@pytest.mark.parametrize("as_form", [True, False])
def test_a_refresh_token_buys_an_access_token(call: Caller, as_form: bool) -> None:
    program = a_program(a_seller())
    answer = form(call, asked(program)) if as_form else call.send("POST", LWA, body=asked(program))
    assert answer.status_code == 200
    body = json.loads(answer.content)
    assert body.pop("access_token").startswith("Atza|")
    assert body == {"token_type": "bearer", "expires_in": 3600, "refresh_token": program.refresh_token}
    assert answer.headers["Cache-Control"] == "no-store"


def test_json_without_its_content_type_is_read_too(call: Caller) -> None:
    raw = json.dumps(asked(a_program(a_seller()))).encode()
    assert call.send("POST", LWA, raw=raw, content_type="text/plain").status_code == 200


def test_a_grantless_token_opens_no_orders(call: Caller) -> None:
    program = a_program(a_seller())
    scope = "sellingpartnerapi::notifications"
    answer = form(call, asked(program, grant_type="client_credentials", scope=scope, refresh_token=None))
    body = json.loads(answer.content)
    assert (body["scope"], body["expires_in"], "refresh_token" in body) == (scope, 3600, False)
    refused = call.get("/orders/v0/orders", body["access_token"], RECENT)
    assert refused.status_code == 403
    assert details(refused) == ""


WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"grant_type": None}, 400, "invalid_request"),
    ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ({"grant_type": "authorization_code"}, 400, "invalid_request"),
    ({"grant_type": "authorization_code", "code": "abc"}, 400, "invalid_grant"),
    ({"grant_type": "client_credentials"}, 400, "invalid_request"),
    ({"grant_type": "client_credentials", "scope": "everything"}, 400, "invalid_scope"),
    ({"refresh_token": None}, 400, "invalid_request"),
    ({"refresh_token": "Atzr|other"}, 400, "invalid_grant"),
    ({"refresh_token": ""}, 400, "invalid_request"),
    ({"client_id": None}, 400, "invalid_request"),
    ({"client_id": "nobody"}, 401, "invalid_client"),
    ({"client_id": "nöbody"}, 401, "invalid_client"),
    ({"client_id": "a\x00b"}, 400, "invalid_request"),
    ({"client_secret": "wrong"}, 401, "invalid_client"),
    ({"client_secret": "x" * 5000}, 400, "invalid_request"),
    ({"client_secret": 7}, 400, "invalid_request"),
]


@pytest.mark.parametrize(("change", "status", "error"), WRONG)
def test_a_wrong_request_gets_an_oauth_error(
    call: Caller, change: dict[str, Any], status: int, error: str
) -> None:
    answer = call.send("POST", LWA, body=asked(a_program(a_seller()), **change))
    body = json.loads(answer.content)
    assert (answer.status_code, body["error"]) == (status, error)
    assert body["error_description"]


@pytest.mark.parametrize("raw", [b"{", b"[1]", b"\xff\xfe", b"{}" * 20000, b'{"a":' * 5000])
def test_a_damaged_body_gets_an_oauth_error(call: Caller, raw: bytes) -> None:
    answer = call.send("POST", LWA, raw=raw)
    assert answer.status_code in (400, 413)
    assert json.loads(answer.content)["error"] == "invalid_request"
    assert call.send("GET", LWA).status_code == 405


def test_a_refresh_token_of_another_program_is_refused(call: Caller) -> None:
    mine, other = a_program(a_seller()), a_program(a_seller("Other"))
    answer = call.send("POST", LWA, body=asked(mine, refresh_token=other.refresh_token))
    assert json.loads(answer.content)["error"] == "invalid_grant"


def test_only_hashes_are_kept(call: Caller) -> None:
    program = a_program(a_seller())
    token = call.token(program)
    rdt = call.restricted(token, ("/orders/v0/orders", ["buyerInfo"]))
    stored = str(rows("SELECT row_to_json(t)::text FROM api_tokens t")) + str(
        rows("SELECT row_to_json(c)::text FROM api_clients c")
    )
    for secret in (token, rdt, program.secret, program.refresh_token):
        assert secret not in stored


def test_a_token_lives_an_hour(call: Caller, time: Clock) -> None:
    token = call.token(a_program(a_seller()))
    time.forward(seconds=3599)
    assert call.get("/orders/v0/orders", token, RECENT).status_code == 200
    time.forward(seconds=1)
    expired = call.get("/orders/v0/orders", token, RECENT)
    assert expired.status_code == 403
    assert details(expired) == "The access token you provided has expired."


@pytest.mark.parametrize(
    "token", ["null", "Atza|", "Atza|x", "Bearer x", "x" * 5000, "Atza|\x00", "Atza|é", " "]
)
def test_a_malformed_token_is_refused(call: Caller, token: str) -> None:
    refused = call.get("/orders/v0/orders", token, RECENT)
    assert refused.status_code == 403
    assert details(refused) == "The access token you provided is revoked, malformed or invalid."


@pytest.mark.parametrize("token", [None, ""])
def test_a_missing_token_is_named(call: Caller, token: str | None) -> None:
    refused = call.get("/orders/v0/orders", token, RECENT)
    assert refused.status_code == 403
    assert details(refused) == "Access token is missing in the request header."


def test_revocation_works_at_once(call: Caller) -> None:
    program = a_program(a_seller())
    token, other = call.token(program), call.token(program)
    assert revoke_tokens(program.id) == 2
    assert call.get("/orders/v0/orders", token, RECENT).status_code == 403
    token = call.token(program)
    ApiClient.objects.filter(id=program.id).update(revoked_at=NOW)
    for old in (token, other):
        assert "revoked" in details(call.get("/orders/v0/orders", old, RECENT))
    answer = call.send("POST", LWA, body=asked(program))
    assert (answer.status_code, json.loads(answer.content)["error"]) == (401, "invalid_client")


def test_permissions_are_those_of_the_program_now(call: Caller) -> None:
    seller = a_seller()
    (number,) = paid(seller, [a_document()])
    program = a_program(seller, permissions=[Permission.ORDERS_READ])
    token = call.token(program)
    assert call.get(f"/orders/v0/orders/{number}", token).status_code == 200
    resource = {"restrictedResources": [{"method": "GET", "path": "/orders/v0/orders"}]}
    assert call.send("POST", RDT, token, body=resource).status_code == 403
    confirmed = call.send("POST", f"/orders/v0/orders/{number}/shipmentConfirmation", token, body={})
    assert confirmed.status_code == 403
    shown = call.get(f"/orders/2026-01-01/orders/{number}", token, "includedData=BUYER,RECIPIENT")
    assert not {"buyer", "recipient"} & json.loads(shown.content)["order"].keys()
    assert call.get("/orders/v0/orders", token, f"{RECENT}&BuyerEmail=a%40b.example").status_code == 403
    ApiClient.objects.filter(id=program.id).update(scopes=["nonsense"])
    assert call.get(f"/orders/v0/orders/{number}", token).status_code == 403


def test_old_tokens_are_swept_away(call: Caller, time: Clock) -> None:
    program = a_program(a_seller())
    for _ in range(3):
        call.token(program)
    time.forward(days=2)
    call.token(program)
    assert ApiToken.objects.count() == 1


# -- restricted tokens -----------------------------------------------------------------------------------------------

BAD_RESOURCES: list[Any] = [
    None,
    [],
    "x",
    [{"method": "", "path": "/orders/v1/orders/902-1845936-5435065/address"}],
    [{"path": "/orders/v0/orders"}],
    [{"method": "GET", "path": "/feeds/2021-06-30/feeds"}],
    [{"method": "POST", "path": "/orders/v0/orders"}],
    [{"method": "GET", "path": "/orders/v0/orders", "dataElements": ["everything"]}],
    [{"method": "GET", "path": "/orders/v0/orders", "dataElements": "buyerInfo"}],
    [{"method": "GET", "path": "/orders/v0/orders"}] * 51,
    [{"method": "GET", "path": 7}],
]


@pytest.mark.parametrize("resources", BAD_RESOURCES, ids=range(len(BAD_RESOURCES)))
def test_a_bad_resource_is_refused(call: Caller, resources: Any) -> None:
    token = call.token(a_program(a_seller()))
    answer = call.send("POST", RDT, token, body={"restrictedResources": resources})
    (error,) = json.loads(answer.content)["errors"]
    assert (answer.status_code, error["code"]) == (400, "InvalidRequest")
    assert error["message"] == "Request is missing or has invalid parameters"


def test_a_restricted_token_lives_an_hour_and_opens_only_its_paths(call: Caller, time: Clock) -> None:
    seller = a_seller()
    mine, other = paid(seller, [a_document(), a_document()])
    token = call.token(a_program(seller))
    rdt = call.restricted(token, (f"/orders/v0/orders/{mine}/address", []))
    assert rdt.startswith("Atz.sprdt|")
    assert call.get(f"/orders/v0/orders/{mine}/address", rdt).status_code == 200
    for path in (
        f"/orders/v0/orders/{other}/address",
        f"/orders/v0/orders/{mine}/buyerInfo",
        f"/orders/v0/orders/{mine}",
        "/orders/v0/orders",
        f"/orders/2026-01-01/orders/{mine}",
        "/sellers/v1/account",
    ):
        assert call.get(path, rdt, RECENT).status_code == 403, path
    confirmed = call.send("POST", f"/orders/v0/orders/{mine}/shipmentConfirmation", rdt, body={})
    assert confirmed.status_code == 403
    assert call.send("POST", RDT, rdt, body={"restrictedResources": []}).status_code == 403
    time.forward(hours=1)
    assert "expired" in details(call.get(f"/orders/v0/orders/{mine}/address", rdt))
