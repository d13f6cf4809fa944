"""What unmodified clients see of the seller's money and of returns."""

import warnings
from datetime import timedelta
from typing import Any

import pytest
from sp_api.api import Finances, FinancesV20240619
from sp_api.api.external_fulfillment.returns_2024_09_11 import ExternalFulfillmentReturnsV20240911
from tests.clients.test_official_sdk import connect
from tests.clients.test_python_amazon_sp_api import credentials  # noqa: F401  (a fixture)
from tests.interfaces.spapi.test_spapi_external_returns import asked_back
from tests.interfaces.spapi.test_spapi_finances import SALE, fee, refunded, sold
from tests.interfaces.spapi.world import NOW, a_program, a_seller, an_actor

from sellerdesk.commands.ledger import record_payouts
from sellerdesk.domain.ledger import PayoutReport
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import RefundRequest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from spapi.api.external_fulfillment_returns_v2024_09_11.return_retrieval_api import ReturnRetrievalApi
    from spapi.api.finances_v0.finances_v0_api import FinancesV0Api
    from spapi.api.finances_v2024_06_19.finances_v2024_api import FinancesV2024Api

pytestmark = pytest.mark.filterwarnings("default")
AFTER = "2026-03-01T00:00:00Z"


def money(seller: int) -> str:
    """A sale, a full refund of one order and a fee of another; answers the refunded order."""
    number, other = sold(seller), sold(seller)
    refunded(seller, RefundRequest(number, RefundReason.NOT_RECEIVED))
    fee(seller, other)
    return number


def test_the_official_sdk_reads_finances(base_url: str) -> None:
    seller = a_seller()
    number = money(seller)
    client = connect(base_url, a_program(seller))
    events = FinancesV0Api(client).list_financial_events(posted_after=AFTER).payload.financial_events
    assert (len(events.shipment_event_list), len(events.service_fee_event_list)) == (2, 1)
    (refund,) = events.refund_event_list
    assert refund.amazon_order_id == number
    amounts = [
        charge.charge_amount.currency_amount
        for item in refund.shipment_item_adjustment_list
        for charge in item.item_charge_adjustment_list
    ]
    assert round(sum(amounts) * 100) == -SALE
    (group,) = FinancesV0Api(client).list_financial_event_groups().payload.financial_event_group_list
    assert group.processing_status == "Open"
    of_order = FinancesV0Api(client).list_financial_events_by_order_id(number).payload.financial_events
    assert len(of_order.refund_event_list) == 1
    found = FinancesV2024Api(client).list_transactions(posted_after=AFTER).payload.transactions
    assert [one.transaction_type for one in found] == ["Shipment", "Shipment", "Refund", "ServiceFee"]
    assert found[2].description == "Refund Order"


def test_the_official_sdk_reads_returns(base_url: str) -> None:
    seller = a_seller()
    _, rma = asked_back(seller)
    api = ReturnRetrievalApi(connect(base_url, a_program(seller)))
    (one,) = api.list_returns(status="CREATED", rma_id=rma).returns
    assert api.get_return(one.id).return_metadata.rma_id == rma


def test_python_amazon_sp_api_reads_finances_and_returns(credentials: Any) -> None:  # noqa: F811
    seller = a_seller()
    number = money(seller)
    end = NOW - timedelta(hours=3)
    record_payouts(an_actor(seller), [PayoutReport("p-1", "USD", end)], now=end)
    account = credentials(a_program(seller))
    groups = Finances(**account).list_financial_event_groups().payload["FinancialEventGroupList"]
    assert [one["ProcessingStatus"] for one in groups] == ["Closed", "Open"]
    first = groups[0]["FinancialEventGroupId"]
    events = Finances(**account).list_financial_events_by_group_id(first).payload["FinancialEvents"]
    assert len(events["RefundEventList"]) == 1
    assert (
        Finances(**account)
        .get_financial_events_for_order(number)
        .payload["FinancialEvents"]["ShipmentEventList"]
    )
    page = Finances(**account).list_financial_events(PostedAfter=AFTER, MaxResultsPerPage=2)
    rest = Finances(**account).list_financial_events(
        PostedAfter=AFTER, MaxResultsPerPage=2, NextToken=page.payload["NextToken"]
    )
    assert "NextToken" not in rest.payload
    found = FinancesV20240619(**account).list_transactions(postedAfter=AFTER).payload["transactions"]
    assert found[-1]["transactionType"] == "Transfer"
    asked_back(seller)
    returned = ExternalFulfillmentReturnsV20240911(**account).list_returns()
    assert len(returned.payload["returns"]) == 1
