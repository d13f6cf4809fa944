"""Two sellers who know nothing of each other, their people and programs, and the ids of one that the other tries."""

import base64
import hashlib
import json
import random
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote, quote_plus

from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client
from tests import build
from tests.conftest import owner_connection

from sellerdesk.commands import accounts
from sellerdesk.commands.cancellations import cancel_orders
from sellerdesk.commands.claims import file_claims
from sellerdesk.commands.deliveries import send_test
from sellerdesk.commands.ledger import record_payouts
from sellerdesk.commands.messages import receive_messages
from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.commands.portal_access import session_hash
from sellerdesk.commands.receivers import ReceiverDraft, create_receiver
from sellerdesk.commands.refunds import request_refunds
from sellerdesk.commands.return_requests import request_returns
from sellerdesk.commands.returns import Authorize, authorize_returns
from sellerdesk.commands.shipments import confirm_shipments
from sellerdesk.commands.transfers import find_unsettled
from sellerdesk.domain import access_codes
from sellerdesk.domain.actors import Actor, Door, Party, Permission, Role
from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.cancellations import CancelReason, CancelRequest
from sellerdesk.domain.claim_facts import ClaimKind
from sellerdesk.domain.claims import FileClaim
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.ledger import PayoutReport
from sellerdesk.domain.messages import BuyerMessage
from sellerdesk.domain.orders import Address, Buyer, Channel, ItemDocument
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.domain.receivers import ReceiverKind
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.domain.return_facts import ReturnReason
from sellerdesk.domain.return_ways import Label
from sellerdesk.domain.returns import ReturnAsked
from sellerdesk.domain.shipments import ShipmentRequest
from sellerdesk.flows.photos import clean_photos
from sellerdesk.flows.return_labels import clean_label
from sellerdesk.models import MessageTemplate, Participation, SavedView, Seller, User, access_writes
from sellerdesk.models.guards import TENANT_TABLES
from sellerdesk.models.sql import rows, run
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.spapi_finances import groups

PASSWORD = "correct-horse-battery-9"
A_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
RESTRICTED = [
    {"method": "GET", "path": "/orders/v0/orders", "dataElements": ["buyerInfo", "shippingAddress"]},
    {
        "method": "GET",
        "path": "/orders/v0/orders/{orderId}",
        "dataElements": ["buyerInfo", "shippingAddress"],
    },
    {"method": "GET", "path": "/orders/v0/orders/{orderId}/buyerInfo", "dataElements": []},
    {"method": "GET", "path": "/orders/v0/orders/{orderId}/address", "dataElements": []},
    {"method": "GET", "path": "/orders/v0/orders/{orderId}/orderItems", "dataElements": ["buyerInfo"]},
    {"method": "GET", "path": "/orders/v0/orders/{orderId}/orderItems/buyerInfo", "dataElements": []},
    {"method": "GET", "path": "/orders/v0/orders/{orderId}/regulatedInfo", "dataElements": []},
]


@dataclass(frozen=True)
class Ids:
    """What one may put into a request: things of one seller, or of nobody. Names are those of the templates."""

    order: str  # paid, to be shipped
    item: str
    shipped: str
    reference: str  # of its package
    warehouse: str
    tracking: str
    sku: str
    email: str
    buyer: str
    seller_order: str
    view: str
    seller: str
    client: str
    results: str = "0123456789abcdef"  # of cancelling several orders at once
    refunded: str = "999-0000000-0000005"  # shipped, with a refund and a return
    refund: str = "999-0000000-0000005-R1"
    rma: str = "RMA-GHOSTRRMA2"
    mail: str = "899713251"
    returned: str = "999-0000000-0000004"  # with a return, and its photo
    photo: str = "849713251"
    claimed: str = "999-0000000-0000006"  # with a claim
    message: str = "829713251"  # from the buyer of `order`, with a file
    template: str = "839713251"
    webhook: str = "899713252"
    channel: str = "899713253"
    delivery: str = "899713254"
    destination: str = "99999999-9999-4999-8999-999999999999"
    subscription: str = "99999999-9999-4999-8999-999999999998"
    refund_results: str = "fedcba9876543210"  # of refunding several orders at once
    claim: str = "C-9999-9999"  # of `order`, granted because it was never confirmed
    payment_break: str = "899713255"
    return_line: str = "899713256"
    group: str = "USD899713257"  # of financial events
    api_cursor: str = "ghost:ghost:ghost"
    v0_cursor: str = "ghost:ghost:ghost"
    v2026_cursor: str = "ghost:ghost:ghost"

    def fill(self, value: Any) -> Any:
        """A template with these ids in it: `{order}` in every text of a path, a query or a body."""
        if isinstance(value, str):
            return re.sub(r"\{(\w+)\}", lambda found: getattr(self, found[1]), value)
        if isinstance(value, dict):
            return {self.fill(name): self.fill(one) for name, one in value.items()}
        return [self.fill(one) for one in value] if isinstance(value, list) else value

    def hide(self, text: str) -> str:
        """A text without these ids: what is left can be compared."""
        for name, value in sorted(vars(self).items(), key=lambda pair: -len(pair[1])):
            if value:
                for spelt in (
                    value,
                    quote(value),
                    quote(quote(value)),
                    quote_plus(value),
                    quote(quote_plus(value)),
                ):
                    text = text.replace(spelt, f"<{name}>")
        return text


GHOST = Ids(
    "999-0000000-0000001", "99999999999901", "999-0000000-0000002", "GHOSTREF", "999-0000000-0000003",
    "GHOSTTRACK01", "GHOST-SKU", "ghost@ghost.example", "Ghost Ghost", "GHOST-77", "987654321", "AGHOSTGHOST000",
    "amzn1.application-oa2-client.ghost",
)  # fmt: skip


@dataclass
class Caller:
    """A seller with a person who may do everything, and a program."""

    seller_id: int
    mark: str
    ids: Ids
    user: User
    credentials: accounts.ClientMade
    canaries: tuple[str, ...]
    tokens: dict[str, str] = field(default_factory=dict)

    def browser(self, *, checks_forms: bool = False) -> Client:
        client = Client(enforce_csrf_checks=checks_forms, raise_request_exception=True)
        client.force_login(self.user)
        return client

    def buyer(self) -> Client:
        """A browser of the buyer of all these orders, who is signed in to the portal."""
        client, token = Client(), secrets.token_urlsafe(16)
        begun = build.PLACED.replace(day=4)
        with scoped(None):
            order = access_writes.newest_order(self.ids.email)
            digest = access_codes.address_digest(settings.SECRET_KEY.encode(), self.ids.email)
            hashed, ends = session_hash(token), begun + access_codes.SESSION_LIFETIME
            access_writes.keep_session([hashed, digest, *(order or ()), False, begun, ends])
        client.cookies["sellerdesk_buyer"] = token
        return client

    def client(self, door: str) -> Client:
        """A client with the credentials that go with a door in cookies."""
        return {"web": self.browser, "portal": self.buyer}.get(door, Client)()

    def headers(self, door: str) -> dict[str, str]:
        if door == "api":
            return {"Authorization": f"Bearer {self.tokens['api']}", "Idempotency-Key": f"k{random.random()}"}
        if door in ("spapi", "restricted", "grantless"):
            return {"x-amz-access-token": self.tokens[door]}
        return {}


def make_caller(mark: str) -> Caller:
    """A seller whose every text carries its mark."""
    admin = Actor(Party.AMAZON, "administrator", Door.CLI, None)
    seller_id = build.a_seller(f"{mark} Trading")
    with scoped(seller_id):
        Participation.objects.update(store_name=f"{mark} Store")
    seller = Seller.objects.get(pk=seller_id)
    texts = {
        "buyer": Buyer(
            f"{mark} Quill", f"{mark.lower()}@buyers.example", f"+1 {mark}", f"{mark} Inc", f"{mark}-PO"
        ),
        "address": Address(name=f"{mark} Quill", line1=f"{mark} Row", city=f"{mark} City", country="US"),
        "seller_order_id": f"{mark}-77",
    }
    items = [build.an_item(sku=f"{mark}-SKU", title=f"{mark} lantern")]
    order = build.a_paid_order(seller_id, items=items, **texts)
    for _ in range(2):  # so that lists have a second page
        build.a_paid_order(seller_id, items=items, **texts)
    warehouse = build.a_paid_order(seller_id, items=items, channel=Channel.AFN, **texts)
    shipped = build.a_paid_order(seller_id, items=items, **texts)
    package = build.a_package(
        at=build.PLACED,
        tracking=f"{mark}TRACK01",
        reference=f"{mark}REF",
        memo=f"{mark} memo",
        carrier_code="UPS",
    )
    request = ShipmentRequest(shipped, (package,))
    build.all_well(confirm_shipments(build.an_actor(seller_id), [request], now=build.PLACED))
    email = f"{mark.lower()}@staff.example"
    accounts.create_user(admin, email, PASSWORD, memberships=[(seller_id, Role.OWNER)], now=build.PLACED)
    User.objects.filter(email=email).update(name=f"{mark} Owner")
    user = User.objects.get(email=email)
    with scoped(seller_id):
        view = SavedView.objects.create(
            id=700_000_000 + seller_id,  # long, so that it can be told from other numbers in an answer
            seller_id=seller_id,
            page="orders",
            name=f"{mark} view",
            query="tab=all",
            created_at=build.PLACED,
        )
        ((item,),) = rows("SELECT item_number FROM order_items i JOIN orders o ON o.id = i.order_id"
                          " WHERE o.order_number = %s", [order])  # fmt: skip
    actor = Actor(Party.AMAZON, "administrator", Door.CLI, seller_id)
    granted = accounts.USUAL_SCOPES | {Permission.REFUNDS_APPROVE}
    made = accounts.create_client(
        actor, f"{mark} robot", now=build.PLACED, randomness=random.SystemRandom(), scopes=granted
    )
    ids = Ids(
        order, item, shipped, f"{mark}REF", warehouse, f"{mark}TRACK01", f"{mark}-SKU",
        f"{mark.lower()}@buyers.example", f"{mark} Quill", f"{mark}-77", str(view.id), seller.public_id, made.client_id,
    )  # fmt: skip
    ids = replace(
        ids, mail=str(a_mail(seller_id)), results=cancel_results(seller_id, user.pk, mark, items, texts)
    )
    ids = replace(ids, refund_results=refund_results(seller_id, user.pk, mark, items, texts))
    ids = replace(ids, message=a_message(seller_id, order, mark), template=a_template(seller_id, mark))
    refunded, refund, rma = a_refund_and_a_return(seller_id, items, texts)
    ids = replace(ids, refunded=refunded, refund=refund, rma=rma)
    ids = replace(ids, **a_return(seller_id, mark, items, texts))
    ids = replace(ids, claim=a_claim(seller_id, order, mark))
    ids = replace(ids, claimed=a_claimed_order(seller_id, mark, items, texts))
    canaries = (mark, mark.lower(), order, shipped, warehouse, item, seller.public_id, made.client_id)
    canaries += (refunded, refund, rma)
    caller = Caller(seller_id, mark, ids, user, made, canaries)
    get_tokens(caller)
    get_receivers(caller)
    get_money(caller, items, texts)
    return caller


def get_money(caller: Caller, items: list[ItemDocument], texts: dict[str, Any]) -> None:
    """An order with a return and an unpaid refund, which is a break; a payout. Long ids, as everywhere here."""
    seller_id, now = caller.seller_id, build.PLACED
    number = build.a_paid_order(seller_id, items=items, **texts)
    package = build.a_package(at=now, tracking=f"{caller.mark}TRACK02")
    build.all_well(
        confirm_shipments(build.an_actor(seller_id), [ShipmentRequest(number, (package,))], now=now)
    )
    with scoped(seller_id):
        ((item,),) = rows("SELECT item_number FROM order_items i JOIN orders o ON o.id = i.order_id"
                          " WHERE o.order_number = %s", [number])  # fmt: skip
    actor = build.an_actor(seller_id, party=Party.AMAZON)
    asked = ReturnAsked(number, ReturnReason.DEFECTIVE, {item: 1})
    build.all_well(request_returns(actor, [asked], now=now, randomness=random.SystemRandom()))
    refund = RefundRequest(number, RefundReason.NOT_RECEIVED, amount=100)
    build.all_well(request_refunds(actor, [refund], now=now))
    find_unsettled(actor, now=now + timedelta(days=9), limit=9)
    end = now + timedelta(seconds=1, microseconds=seller_id)
    build.all_well(record_payouts(actor, [PayoutReport(f"{caller.mark}-1", "USD", end)], now=end))
    found, line = 641_000_000 + seller_id, 651_000_000 + seller_id
    build.change("UPDATE payment_breaks SET id = %s WHERE seller_id = %s", [found, seller_id])
    first = "(SELECT min(id) FROM return_lines WHERE seller_id = %s)"
    build.change(f"UPDATE return_lines SET id = %s WHERE id = {first}", [line, seller_id])
    group = groups(seller_id)[-1].id
    caller.ids = replace(caller.ids, payment_break=str(found), return_line=str(line), group=group)


def cancel_results(
    seller_id: int, user_id: int, mark: str, items: list[ItemDocument], texts: dict[str, Any]
) -> str:
    """The key of a kept result: a person has cancelled an order through the page for many."""
    number = build.a_paid_order(seller_id, items=items, **texts)
    key = f"{mark.lower()}results0001"
    once = Once(f"staff:{user_id}", "cancel_many_orders", key, "-", build.PLACED)
    asked = CancelRequest(number, CancelReason.NO_INVENTORY, accepts_limit=True)
    now = build.PLACED + build.SOON
    build.all_well(cancel_orders(build.an_actor(seller_id), [asked], now=now, once=once))
    return key


def refund_results(
    seller_id: int, user_id: int, mark: str, items: list[ItemDocument], texts: dict[str, Any]
) -> str:
    """The key of a kept result: a person has refunded an order through the page for many."""
    number = build.a_shipped_order(seller_id, items=items, **texts)
    key = f"{mark.lower()}refunded0001"
    once = Once(f"staff:{user_id}", "refund_many_orders", key, "-", build.PLACED)
    asked = RefundRequest(number, RefundReason.PRICING_ERROR, amount=1)
    now = build.PLACED + timedelta(days=2)
    build.all_well(request_refunds(build.an_actor(seller_id), [asked], now=now, once=once))
    return key


def a_refund_and_a_return(
    seller_id: int, items: list[ItemDocument], texts: dict[str, Any]
) -> tuple[str, str, str]:
    """An order that came and went: its number, the reference of a held refund, and an RMA."""
    number = build.a_shipped_order(seller_id, items=items, **texts)
    with scoped(seller_id):
        ((item,),) = rows("SELECT item_number FROM order_items i JOIN orders o ON o.id = i.order_id"
                          " WHERE o.order_number = %s", [number])  # fmt: skip
    actor, now = build.an_actor(seller_id), build.PLACED.replace(day=4)
    asked = ReturnAsked(number, ReturnReason.QUALITY, {item: 1}, comment="The comment of a buyer")
    returned = request_returns(actor, [asked], now=now, randomness=random.SystemRandom())
    (one,) = build.all_well(returned)
    wanted = RefundRequest(number, RefundReason.GENERAL_ADJUSTMENT, amount=1)
    (made,) = build.all_well(request_refunds(actor, [wanted], now=now))
    return number, made.facts["reference"], one.facts["rma"]


def get_receivers(caller: Caller) -> None:
    """A webhook with a delivery, a chat channel, and a subscription; long ids, to be told from other numbers."""
    seller_id, mark, actor = caller.seller_id, caller.mark, build.an_actor(caller.seller_id)
    drafts = [
        ReceiverDraft(ReceiverKind.WEBHOOK, f"{mark} hook", f"https://{mark.lower()}.example/"),
        ReceiverDraft(ReceiverKind.CHAT, f"{mark} chat", f"slack://{mark}/BBBBBBBBB/CCCCCCCC/"),
    ]
    found = []
    for number, draft in enumerate(drafts):
        made = create_receiver(actor, draft, now=build.PLACED).id
        found.append(611_000_000 + 1000 * number + seller_id)
        build.change("UPDATE receivers SET id = %s WHERE id = %s", [found[-1], made])
    send_test(actor, found[0], now=build.PLACED)
    delivery = 622_000_000 + seller_id
    build.change("UPDATE deliveries SET id = %s WHERE seller_id = %s", [delivery, seller_id])
    headers = {"x-amz-access-token": caller.tokens["grantless"]}
    address = f"https://{mark.lower()}.example/changes"
    body: dict[str, Any] = {"name": f"{mark} queue", "resourceSpecification": {"webhook": {"url": address}}}
    where = Client().post(
        "/notifications/v1/destinations", body, content_type="application/json", headers=headers
    )
    destination = where.json()["payload"]["destinationId"]
    wish = Client().post(
        "/notifications/v1/subscriptions/ORDER_CHANGE",
        {"payloadVersion": "1.0", "destinationId": destination},
        content_type="application/json",
        headers={"x-amz-access-token": caller.tokens["spapi"]},
    )
    caller.ids = replace(
        caller.ids,
        webhook=str(found[0]),
        channel=str(found[1]),
        delivery=str(delivery),
        destination=destination,
        subscription=wish.json()["payload"]["subscriptionId"],
    )


def a_mail(seller_id: int) -> int:
    """A mail that is owed because of the seller's first event."""
    with scoped(seller_id):
        ((mail_id,),) = rows(
            "INSERT INTO mails (id, seller_id, entry_id, order_id, kind, reader, message_id, state, attempts,"
            " next_at, error)"
            " SELECT %s, seller_id, id, order_id, 'sold', 'seller', %s, 'queued', 0, at, '' FROM journal"
            "  WHERE seller_id = %s AND kind = 'payment_authorized' ORDER BY id LIMIT 1 RETURNING id",
            [813_570_000 + seller_id, f"{seller_id}@wall", seller_id],
        )
    return int(mail_id)


def a_message(seller_id: int, order_number: str, mark: str) -> str:
    """A buyer's message with a file; its id is long, so that it can be told from other numbers in an answer."""
    with owner_connection() as owner:
        owner.execute("SELECT setval('messages_id_seq', %s)", [821_000_000 + seller_id * 1000])
    file = Attachment(f"{mark}.txt", "text/plain", f"{mark} file".encode())
    message = BuyerMessage(order_number, f"{mark} question", (file,), external_id=f"{mark}-mail")
    (outcome,) = build.all_well(
        receive_messages(build.an_actor(seller_id), [message], now=build.PLACED + build.SOON)
    )
    return str(outcome.facts["message_id"])


def a_return(seller_id: int, mark: str, items: list[ItemDocument], texts: dict[str, Any]) -> dict[str, str]:
    """A shipped order of which the buyer wants to return a unit, with a photo."""
    number = build.a_shipped_order(seller_id, items=items, shipped_at=build.PLACED, **texts)
    with owner_connection() as owner:
        owner.execute("SELECT setval('return_photos_id_seq', %s)", [841_000_000 + seller_id * 1000])
    with scoped(seller_id):
        ((item,),) = rows("SELECT item_number FROM order_items i JOIN orders o ON o.id = i.order_id"
                          " WHERE o.order_number = %s", [number])  # fmt: skip
    shot = clean_photos([Attachment(f"{mark}.png", "image/png", A_PICTURE)])
    asked = ReturnAsked(number, ReturnReason.DEFECTIVE, {item: 1}, f"{mark} is broken", photos=shot)
    buyer = build.an_actor(seller_id, party=Party.BUYER)
    now = build.PLACED + build.SOON
    with scoped(seller_id):
        run(
            "INSERT INTO return_settings (seller_id, marketplace_id, automatic, address, instructions)"
            " VALUES (%s, 'ATVPDKIKX0DER', 'manual', '{}', '')",
            [seller_id],
        )
    (outcome,) = build.all_well(request_returns(buyer, [asked], now=now, randomness=random.Random(seller_id)))
    step = Authorize(
        number,
        outcome.facts["rma"],
        address={"name": f"{mark} Returns", "line1": f"{mark} Dock", "city": f"{mark} City", "country": "US"},
        label=Label.UPLOADED,
        label_file=clean_label(Attachment(f"{mark}.png", "image/png", A_PICTURE)),
    )
    build.all_well(authorize_returns(build.an_actor(seller_id), [step], now=now))
    ((photo,),) = build.everything("SELECT id FROM return_photos WHERE seller_id = %s", [seller_id])
    return {"returned": number, "photo": str(photo)}


def a_claim(seller_id: int, order_number: str, mark: str) -> str:
    """A claim with the buyer's words, some weeks later."""
    buyer = build.an_actor(seller_id, party=Party.BUYER)
    asked = FileClaim(order_number, ClaimKind.NOT_RECEIVED, f"{mark} claims")
    now = build.PLACED + timedelta(days=30)
    (outcome,) = build.all_well(file_claims(buyer, [asked], now=now, randomness=random.SystemRandom()))
    return str(outcome.facts["reference"])


def a_claimed_order(seller_id: int, mark: str, items: list[ItemDocument], texts: dict[str, Any]) -> str:
    """A delivered order whose buyer says that nothing came."""
    number = build.a_shipped_order(seller_id, items=items, shipped_at=build.PLACED, **texts)
    actor, asked = build.an_actor(seller_id), build.PLACED + build.SOON
    report = ParcelReport(number, "1", "DELIVERED", asked)
    build.all_well(report_parcel_events(actor, [report], now=asked))
    build.all_well(receive_messages(actor, [BuyerMessage(number, f"{mark}: where is it?")], now=asked))
    claim = FileClaim(number, ClaimKind.NOT_RECEIVED, f"{mark} has nothing")
    buyer = build.an_actor(seller_id, party=Party.BUYER)
    source = random.Random(seller_id)
    build.all_well(file_claims(buyer, [claim], now=asked + timedelta(hours=48), randomness=source))
    return number


def a_template(seller_id: int, mark: str) -> str:
    with scoped(seller_id):
        made = MessageTemplate.objects.create(
            id=831_000_000 + seller_id,
            seller_id=seller_id,
            name=f"{mark} template",
            language="en",
            reason="answer",
            text=f"{mark} text",
            updated_at=build.PLACED,
            updated_by=mark,
        )
    return str(made.pk)


def get_tokens(caller: Caller) -> None:
    made, client = caller.credentials, Client()
    pair = {"client_id": made.client_id, "client_secret": made.client_secret}

    def ask(path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> dict[str, Any]:
        answer = client.post(path, body, content_type="application/json", headers=headers)
        assert answer.status_code == 200, answer.content
        said: dict[str, Any] = json.loads(answer.content)
        return said

    caller.tokens["api"] = ask("/api/v1/token", {"grant_type": "client_credentials", **pair})["access_token"]
    refresh = {"grant_type": "refresh_token", "refresh_token": made.refresh_token, **pair}
    alone = {"grant_type": "client_credentials", "scope": "sellingpartnerapi::notifications", **pair}
    caller.tokens["grantless"] = ask("/auth/o2/token", alone)["access_token"]
    caller.tokens["spapi"] = ask("/auth/o2/token", refresh)["access_token"]
    listed = {
        "restrictedResources": [{name: value for name, value in one.items() if value} for one in RESTRICTED]
    }
    headers = {"x-amz-access-token": caller.tokens["spapi"]}
    answer = ask("/tokens/2021-03-01/restrictedDataToken", listed, headers)
    caller.tokens["restricted"] = answer["restrictedDataToken"]
    page = client.get("/api/v1/orders?limit=1", headers=caller.headers("api")).json()
    v0 = client.get(
        "/orders/v0/orders?MarketplaceIds=ATVPDKIKX0DER&CreatedAfter=2026-01-01&MaxResultsPerPage=1",
        headers=headers,
    ).json()
    v2026 = client.get(
        "/orders/2026-01-01/orders?createdAfter=2026-01-01T00:00:00Z&maxResultsPerPage=1", headers=headers
    ).json()
    caller.ids = replace(
        caller.ids,
        api_cursor=page["nextCursor"],
        v0_cursor=v0["payload"]["NextToken"],
        v2026_cursor=v2026["pagination"]["nextToken"],
    )


def rows_of(seller_id: int) -> str:
    """A digest of everything that belongs to a seller."""
    said = [everything_in(table, f"WHERE seller_id = {seller_id}") for table in
            (*TENANT_TABLES, "memberships", "api_clients", "api_tokens")]  # fmt: skip
    said.append(everything_in("sellers", f"WHERE id = {seller_id}"))
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


# What reading may change: the visit itself, and how often a program has asked.
VOLATILE = {"django_session", "request_budgets"}


def whole_database() -> dict[str, str]:
    """A digest of every table that a mere look must leave alone."""
    found = rows(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
    )
    return {table: everything_in(table) for (table,) in sorted(found) if table not in VOLATILE}


def everything_in(table: str, condition: str = "") -> str:
    sql = f"SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t {condition}"
    return str(build.everything(sql)[0][0])


def comparable(answer: HttpResponseBase, ids: Ids) -> tuple[int, str, str]:
    """Status, headers and body of an answer without the ids that were sent and without what differs every time."""
    content = answer.content if not answer.streaming else b"".join(answer)  # type: ignore[attr-defined]
    body = ids.hide(content.decode("utf-8", "replace"))
    body = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", body)
    body = re.sub(r"Atz[ra.][\w|.-]+", "", body)  # a token that was just made
    volatile = {
        "x-request-id",
        "x-amzn-requestid",
        "x-amzn-ratelimit-limit",
        "x-amzn-trace-id",
        "date",
        "expires",
        "set-cookie",
    }
    headers = {
        name.lower(): ids.hide(value)
        for name, value in answer.headers.items()
        if name.lower() not in volatile
    }
    headers.pop("content-length", None)
    return answer.status_code, json.dumps(headers, sort_keys=True), body


def difference(one: tuple[int, str, str], other: tuple[int, str, str]) -> str:
    """Where two answers begin to differ, or "" when they are the same."""
    if one[0] != other[0]:
        return f"{one[0]} against {other[0]}"
    for mine, yours in zip(one[1:], other[1:], strict=True):
        if mine != yours:
            at = next((i for i, pair in enumerate(zip(mine, yours, strict=False)) if pair[0] != pair[1]), 0)
            return f"…{mine[max(at - 60, 0) : at + 60]}… against …{yours[max(at - 60, 0) : at + 60]}…"
    return ""
