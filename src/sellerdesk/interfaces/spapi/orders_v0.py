"""Orders v0, the operations that read (spapi 2.1 to 2.4)."""

import msgspec

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.orders import HeldOrder
from sellerdesk.interfaces.spapi import search_v0
from sellerdesk.interfaces.spapi.errors import denied, invalid, not_found
from sellerdesk.interfaces.spapi.protocol import Answer, Call, Operation, answer
from sellerdesk.interfaces.spapi.relaying import relayed
from sellerdesk.queries.spapi_orders import Page, Portion, read_order, search_orders
from sellerdesk.wire import orders_v0, times
from sellerdesk.wire.fields import is_order_number

_encode = msgspec.json.Encoder().encode


def get_orders(call: Call) -> Answer:
    """A page of orders, oldest first. Personal members only under a restricted token that names them."""
    asked = search_v0.read(call.query, call.seller_id, call.now)
    if (asked.search.buyer_email or asked.search.buyer_order) and not call.access.may(Permission.BUYERS_READ):
        raise denied()  # whether somebody has bought is personal data too
    plain = not call.access.elements
    portion = Portion(asked.size, asked.since, ready=plain)
    page = search_orders(call.seller_id, asked.search, portion, now=call.now)
    named = "CreatedBefore" if asked.search.clock == "created" else "LastUpdatedBefore"
    rest = {named: times.render(asked.search.before)}
    if page.next is not None:
        rest["NextToken"] = search_v0.next_token(asked, call.seller_id, page.next)
    return Answer(_page(call, page, rest))


def _page(call: Call, page: Page, rest: dict[str, str]) -> bytes:
    # The orders are JSON already, or become it one by one; only their frame is put together here.
    orders = ",".join(
        one if isinstance(one, str) else _encode(_order(call, relayed(one))).decode() for one in page.orders
    )
    return b'{"payload":{"Orders":[' + orders.encode() + b"]," + _encode(rest)[1:] + b"}"


def _order(call: Call, document: HeldOrder) -> dict[str, object]:
    elements = call.access.elements
    shown = orders_v0.encode_order(
        document,
        now=call.now,
        buyer=bool(elements & {"buyerInfo", "buyerTaxInformation"}),
        address="shippingAddress" in elements,
    )
    for element, member in (("buyerInfo", "BuyerInfo"), ("buyerTaxInformation", "BuyerTaxInformation")):
        if element not in elements:
            shown.pop(member, None)
    return shown


def get_order(call: Call, order_id: str) -> Answer:
    """One order, without its lines."""
    return answer({"payload": _order(call, read(call, order_id, lines=False))})


def get_order_buyer_info(call: Call, order_id: str) -> Answer:
    """Who bought (restricted)."""
    return answer({"payload": orders_v0.encode_buyer_info(read(call, order_id, lines=False))})


def get_order_address(call: Call, order_id: str) -> Answer:
    """Where it goes (restricted)."""
    return answer({"payload": orders_v0.encode_address(read(call, order_id, lines=False), now=call.now)})


def get_order_items(call: Call, order_id: str) -> Answer:
    """The lines; gift wrap, gift message and customisation only under a restricted token with buyerInfo."""
    personal = "buyerInfo" in call.access.elements
    document = read(call, order_id)
    return answer({"payload": orders_v0.encode_items(document, buyer_info=personal)})


def get_order_items_buyer_info(call: Call, order_id: str) -> Answer:
    """What the buyer said about the lines (restricted)."""
    return answer({"payload": orders_v0.encode_items_buyer_info(read(call, order_id))})


def read(call: Call, order_id: str, *, lines: bool = True) -> HeldOrder:
    """The seller's order of that id, with the buyer's relay address.

    Raises ApiError 400 for what cannot be an id, 404 for what is not there.
    """
    check_id(order_id)
    found = read_order(call.seller_id, order_id, lines=lines)
    if found is None:
        raise not_found()
    return relayed(found)


def check_id(order_id: str) -> None:
    """Raises ApiError 400 for an id that is not in the 3-7-7 form."""
    if not is_order_number(order_id):
        raise invalid("AmazonOrderId is invalid. It must be in the 3-7-7 format.")


_READ, _BUYERS = Permission.ORDERS_READ, Permission.BUYERS_READ
GET_ORDERS = Operation("ordersV0.getOrders", get_orders, _READ, takes_restricted=True)
GET_ORDER = Operation("ordersV0.getOrder", get_order, _READ, takes_restricted=True)
GET_ORDER_ITEMS = Operation("ordersV0.getOrderItems", get_order_items, _READ, takes_restricted=True)
GET_ORDER_BUYER_INFO = Operation(
    "ordersV0.getOrderBuyerInfo", get_order_buyer_info, _BUYERS, needs_restricted=True
)
GET_ORDER_ADDRESS = Operation("ordersV0.getOrderAddress", get_order_address, _BUYERS, needs_restricted=True)
GET_ORDER_ITEMS_BUYER_INFO = Operation(
    "ordersV0.getOrderItemsBuyerInfo", get_order_items_buyer_info, _BUYERS, needs_restricted=True
)
