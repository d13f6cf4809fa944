"""Returned lines as the external fulfilment API tells of them (2024-09-11), on both of its paths."""

import json
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from tests.interfaces.spapi.conftest import Caller
from tests.interfaces.spapi.test_spapi_finances import sold
from tests.interfaces.spapi.world import NOW, a_program, a_seller, an_actor

from sellerdesk.commands.return_requests import request_returns
from sellerdesk.domain.return_facts import ReturnReason, ReturnState
from sellerdesk.domain.returns import ReturnAsked
from sellerdesk.queries.order_detail import order_detail
from sellerdesk.wire.external_returns import STATUSES, UNKNOWN_HERE, states_of, status_of

pytestmark = pytest.mark.usefixtures("db", "time", "plenty")
PATH = "/externalFulfillment/2024-09-11/returns"
LIBRARYS = "/externalFulfillment/returns/2024-09-11/returns"


def asked_back(seller: int, *, hours: float = 2) -> tuple[str, str]:
    """A return request of one unit; answers order number and RMA."""
    number = sold(seller)
    detail = order_detail(seller, number, personal=False)
    assert detail is not None
    lines = {detail.items[0].item_number: 1}
    request = ReturnAsked(number, ReturnReason.DEFECTIVE, lines=lines)
    (outcome,) = request_returns(
        an_actor(seller), [request], now=NOW - timedelta(hours=hours), randomness=Random(hours)
    )
    assert outcome.accepted, outcome.refusal
    return number, outcome.facts["rma"]


def read(call: Caller, path: str, token: str, query: str = "") -> Any:
    answer = call.get(path, token, query)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def test_a_line_is_told_of(call: Caller) -> None:
    seller = a_seller()
    number, rma = asked_back(seller)
    token = call.token(a_program(seller))
    (one,) = read(call, PATH, token)["returns"]
    assert (one["status"], one["numberOfUnits"], one["returnType"]) == ("CREATED", 1, "CUSTOMER")
    assert one["returnMetadata"] == {"returnReason": "DEFECTIVE", "rmaId": rma, "fulfillmentOrderId": number}
    assert one["returnShippingInfo"]["forwardTrackingInfo"]["trackingId"] == "1Z999AA10123456784"
    assert read(call, f"{PATH}/{one['id']}", token) == one
    assert read(call, f"{LIBRARYS}/{one['id']}", token) == one
    assert read(call, LIBRARYS, token)["returns"] == [one]
    stranger = call.token(a_program(a_seller()))
    assert read(call, PATH, stranger)["returns"] == []
    assert call.get(f"{PATH}/{one['id']}", stranger).status_code == 404
    assert call.get(f"{PATH}/x", token).status_code == 404


def test_filters_and_pages(call: Caller) -> None:
    seller = a_seller()
    made = [asked_back(seller, hours=9 - turn) for turn in range(3)]
    token = call.token(a_program(seller))

    def found(query: str) -> list[str]:
        return [one["returnMetadata"]["rmaId"] for one in read(call, PATH, token, query)["returns"]]

    rmas = [rma for _, rma in made]
    assert found(f"rmaId={rmas[1]}") == [rmas[1]]
    assert found("status=CREATED") == rmas
    assert found("status=PROCESSED") == found("status=REPLANNED") == found("returnLocationId=elsewhere") == []
    assert found("createdSince=2026-03-04T07:30:00Z") == rmas[2:]
    assert found("createdUntil=2026-03-04T07:30:00Z") == rmas[:2]
    assert found("returnLocationId=DEFAULT&status=CREATED&lastUpdatedSince=2026-03-04T07:30:00Z") == rmas[2:]
    assert found("reverseTrackingId=nothing") == []
    first = read(call, PATH, token, "maxResults=2")
    rest = read(call, PATH, token, f"maxResults=2&nextToken={first['nextToken']}")
    assert (len(first["returns"]), len(rest["returns"]), "nextToken" in rest) == (2, 1, False)
    for wrong in ("status=GONE", "maxResults=101", "lastUpdatedSince=2026-03-04T07:30:00Z", "nextToken=x"):
        assert call.get(PATH, token, wrong).status_code == 400, wrong


def test_every_state_has_its_status() -> None:
    assert set(STATUSES) == set(ReturnState)
    for state in ReturnState:
        assert state.value in (states_of(status_of(state)) or ())
    assert all(states_of(status) == () for status in UNKNOWN_HERE)
    assert states_of("nonsense") is None
