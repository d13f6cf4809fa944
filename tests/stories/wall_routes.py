"""Every route there is, with calls that put another seller's things into it.

A new route must be listed here, or `test_tenant_wall` fails; so must a new method of a programs' operation. Names in
braces are fields of `wall_world.Ids`. Routes without any id still get a call, so that lists are looked through.
"""

from dataclasses import dataclass
from typing import Any

from sellerdesk.domain.actors import Permission

US = "ATVPDKIKX0DER"
P = Permission


# What `{refunded}` can still be refunded and asked to return, whatever the calls before did.
REFUND: dict[str, Any] = {
    "reason": "general_adjustment",
    "mode": "goodwill",
    "amount": {"amount": "0.01", "currencyCode": "USD"},
}
RETURN: dict[str, Any] = {"reason": "quality", "lines": [{"itemNumber": "{item}", "units": 1}]}


@dataclass(frozen=True)
class Call:
    """One request. `form` goes as a form, `body` as JSON; `door` says which credentials go with it.

    `telling` is false when the answer for a thing of one's own may look like the answer for nobody's.
    """

    method: str
    path: str
    body: Any = None
    form: dict[str, str] | None = None
    door: str = ""
    telling: bool = True
    steady: bool = True  # false where the answer counts something and so differs every time

    @property
    def names_ids(self) -> bool:
        return "{" in f"{self.path}{self.body}{self.form}".replace("{'", "").replace("{}", "")


@dataclass(frozen=True)
class Route:
    """`needs` is the permission that opens a page of the console; None: any signed-in person, or nobody at all."""

    calls: tuple[Call, ...]
    needs: Permission | None = None


def web(path: str, *calls: Call, needs: Permission | None = None) -> Route:
    return Route((Call("GET", path, door="web"), *calls), needs)


def post(path: str, door: str = "web", *, telling: bool = True, **form: str) -> Call:
    return Call("POST", path, form=form, door=door, telling=telling)


def api(method: str, path: str, body: Any = None, *, telling: bool = True) -> Call:
    return Call(method, "/api/v1" + path, body, door="api", telling=telling)


def sp(method: str, path: str, body: Any = None, *, door: str = "spapi", telling: bool = True) -> Call:
    return Call(method, path, body, door=door, telling=telling)


def portal(path: str, *calls: Call, telling: bool = True) -> Route:
    """A page of the buyers' door."""
    return Route((Call("GET", path, door="portal", telling=telling), *calls))


MY_ORDER = "/account/orders/{seller}/{order}/"
MY_CLAIM = "/account/orders/{seller}/{claimed}/claims/1/"
MY_RETURN = "/account/orders/{seller}/{returned}/returns/1/"
PICKUP = {"marketplaceId": US, "shipmentStatus": "ReadyForPickup"}
INCLUDED = "BUYER,RECIPIENT,PACKAGES,PROCEEDS,FULFILLMENT"
PACKAGE = {"carrierCode": "UPS", "tracking": "1Z999AA10123456784", "shippedAt": "2026-03-03T10:00:00Z"}
PACKED = PACKAGE | {"items": [{"itemNumber": "{item}", "quantity": 1}]}
# Its total is wrong: were it right, the order would be made, under the other's number, as a thing of one's own.
NEW_ORDER = {
    "orderNumber": "{order}",
    "total": {"amount": "7.00", "currencyCode": "USD"},
    "marketplaceId": US,
    "items": [
        {"sku": "X", "quantity": 1, "amounts": {"principal": {"amount": "1.00", "currencyCode": "USD"}}}
    ],
}
CONFIRMATION = {
    "marketplaceId": US,
    "packageDetail": {
        "packageReferenceId": "7",
        "carrierCode": "UPS",
        "trackingNumber": "1Z999AA10123456784",
        "shipDate": "2026-03-03T10:00:00Z",
        "orderItems": [{"orderItemId": "{item}", "quantity": 1}],
    },
}
SHIP_FORM = {
    "do": "confirm", "version": "2", "seen": "0", "packages": "1", "0-carrier": "UPS",
    "0-tracking": "1Z999AA10123456784", "0-ship_date": "2026-03-03", "0-quantity-{item}": "1",
}  # fmt: skip
CANCELLATION = {"reason": "pricing_error", "acceptsLimit": True}
CANCELLED = [{"itemNumber": "{item}", "quantity": 1}]
CANCEL_FORM = {
    "do": "cancel", "version": "2", "seen": "0", "key": "k", "reason": "no_inventory", "accepts_limit": "1",
    "qty-{item}": "1",
}  # fmt: skip
REFUND_FORM = {
    "do": "refund", "version": "3", "seen": "0", "left": "1000", "key": "k", "reason": "pricing_error",
    "mode": "goodwill", "units-{item}": "1",
}  # fmt: skip
ORDER_PAGE = r"desk/^orders/(?P<order_number>[0-9]{3}-[0-9]{7}-[0-9]{7})/"
MESSAGES_PAGE = r"desk/^messages/(?P<order_number>[0-9]{3}-[0-9]{7}-[0-9]{7})/"
V0, V2026 = "orders/v0/orders", "orders/2026-01-01/orders"
MESSAGES, SOLICITATIONS = "messaging/v1/orders/<str:order_id>", "solicitations/v1/orders/<str:order_id>"
AT_US = f"?marketplaceIds={US}"
MESSAGE = {"text": "Which size do you mean?"}
ATTACHED = {"attachments": [{"fileName": "a.pdf", "uploadDestinationId": "amzn1.upload.guess"}]}
RDT = {"restrictedResources": [{"method": "GET", "path": "/orders/v0/orders/{order}/address"}]}


def v0(part: str, *more: Call) -> Route:
    """A reading operation of one order, under either token."""
    path = f"/{V0}/{{shipped}}{part}"
    return Route((sp("GET", path, telling=False), sp("GET", path, door="restricted", telling=False), *more))


OF_CLAIM, ONE_CLAIM = "api/v1/orders/<order_number>/claims/<reference>", "/orders/{order}/claims/{claim}"
VERDICT = {"granted": True, "fault": "seller"}
MARCH = "2026-03-03T00:00:00Z"
WISH = "notifications/v1/subscriptions/<str:notification_type>"
WISH_PATH = "notifications/v1/subscriptions/ORDER_CHANGE"
ROUTES: dict[str, Route] = {
    # What everybody may see.
    "healthz": web("/healthz"),
    # The buyers' door.
    "account/": portal(
        "/account/", Call("GET", "/account/?after={mail}-{mail}", door="portal", telling=False)
    ),
    "account/orders/<slug:seller>/<slug:number>/": portal(
        MY_ORDER, Call("GET", "/account/orders/{seller}/{shipped}/", door="portal")
    ),
    "account/orders/<slug:seller>/<slug:number>/cancel/": portal(
        f"{MY_ORDER}cancel/",
        post(f"{MY_ORDER}cancel/", "portal", do="cancel", key="k", **{"q-{item}": "1"}),
        post(f"{MY_ORDER}cancel/", "portal", do="request", key="l", reason="other", **{"q-{item}": "1"}),
    ),
    "account/orders/<slug:seller>/<slug:number>/return/": portal(
        f"{MY_ORDER}return/?item={{item}}",
        post(
            f"{MY_ORDER}return/", "portal", do="continue", key="r", reason="defective", **{"pick-{item}": "1"}
        ),
        post(
            f"{MY_ORDER}return/", "portal", do="submit", key="s", reason="defective", **{"pick-{item}": "1"}
        ),
    ),
    "account/orders/<slug:seller>/<slug:number>/returns/<int:place>/": portal(MY_RETURN),
    "account/orders/<slug:seller>/<slug:number>/returns/<int:place>/withdraw/": portal(
        f"{MY_RETURN}withdraw/",
        post(f"{MY_RETURN}withdraw/", "portal", key="w", version="1"),
    ),
    "account/orders/<slug:seller>/<slug:number>/returns/<int:place>/label/": portal(f"{MY_RETURN}label/"),
    "account/orders/<slug:seller>/<slug:number>/returns/<int:place>/photos/<int:photo>/": portal(
        f"{MY_RETURN}photos/{{photo}}/"
    ),
    "account/orders/<slug:seller>/<slug:number>/claim/": portal(
        f"{MY_ORDER}claim/",
        post(f"{MY_ORDER}claim/", "portal", key="c", kind="not_received", text="Where is it?"),
    ),
    "account/orders/<slug:seller>/<slug:number>/claims/<int:place>/": portal(MY_CLAIM),
    "account/orders/<slug:seller>/<slug:number>/claims/<int:place>/withdraw/": portal(
        f"{MY_CLAIM}withdraw/", post(f"{MY_CLAIM}withdraw/", "portal", key="d", version="1")
    ),
    "account/orders/<slug:seller>/<slug:number>/messages/": portal(
        f"{MY_ORDER}messages/", post(f"{MY_ORDER}messages/", "portal", key="m", text="hello")
    ),
    "account/orders/<slug:seller>/<slug:number>/messages/<int:message>/<int:position>/": portal(
        f"{MY_ORDER}messages/{{message}}/1/"
    ),
    "account/settings/": portal(
        "/account/settings/", post("/account/settings/", "portal", only_critical="on")
    ),
    # Asking for a code for somebody's own address and number would be no attack; a wrong pair is.
    "account/sign-in/": portal(
        "/account/sign-in/?next=/account/orders/{seller}/{order}/",
        Call(
            "POST",
            "/account/sign-in/",
            form={"email": "nobody@ghost.example", "order": "{order}"},
            door="portal",
            telling=False,
            steady=False,
        ),
        telling=False,
    ),
    "account/code/": portal(
        "/account/code/?attempt={reference}",
        post("/account/code/", "portal", attempt="{reference}", code="{tracking}", telling=False),
        telling=False,
    ),
    "account/sign-out/": Route((post("/account/sign-out/", "web", telling=False),)),
    "account/language/": Route(
        (post("/account/language/", "portal", language="zh-hans", next=MY_ORDER, telling=False),)
    ),
    "readyz": web("/readyz"),
    "metrics": Route((Call("GET", "/metrics", door="web", steady=False),)),
    "api/v1/openapi.json": web("/api/v1/openapi.json"),
    "api/v1/docs": web("/api/v1/docs"),
    "api/v1/": web("/api/v1/"),
    "api/v1/<path:rest>": Route((api("GET", "/sellers/{seller}", telling=False),)),
    # Native API.
    "api/v1/token": Route(
        (
            Call(
                "POST",
                "/api/v1/token",
                telling=False,
                body={"grant_type": "client_credentials", "client_id": "{client}", "client_secret": "guess"},
            ),
        )
    ),
    "api/v1/orders": Route(
        (
            api("GET", "/orders"),
            api("GET", "/orders?limit=1&cursor={api_cursor}"),
            api("POST", "/orders", {"orders": [NEW_ORDER, NEW_ORDER | {"sellerOrderId": "{seller_order}"}]}),
        )
    ),
    "api/v1/orders/<order_number>": Route((api("GET", "/orders/{order}"), api("GET", "/orders/{shipped}"))),
    "api/v1/orders/<order_number>/timeline": Route((api("GET", "/orders/{order}/timeline"),)),
    "api/v1/orders/<order_number>/payments": Route(
        (api("POST", "/orders/{order}/payments", {"state": "authorized"}),)
    ),
    "api/v1/orders/<order_number>/fees": Route(
        (
            api(
                "POST",
                "/orders/{shipped}/fees",
                {
                    "reference": "f-1",
                    "kind": "commission",
                    "amount": {"amount": "1.00", "currencyCode": "USD"},
                },
            ),
        )
    ),
    "api/v1/payouts": Route((api("POST", "/payouts", {"reference": "p-1", "currencyCode": "GBP"}),)),
    "api/v1/balances": Route((api("GET", "/balances"),)),
    "api/v1/orders/<order_number>/shipments": Route(
        (
            api("POST", "/orders/{order}/shipments", {"packages": [PACKAGE]}),
            api("POST", "/orders/{order}/shipments", {"packages": [PACKED]}),
        )
    ),
    "api/v1/orders/<order_number>/shipments/<reference>": Route(
        (api("PATCH", "/orders/{shipped}/shipments/{reference}", {"memo": "x"}),)
    ),
    "api/v1/orders/<order_number>/warehouse-shipments": Route(
        (api("POST", "/orders/{warehouse}/warehouse-shipments", {"packages": [PACKAGE]}),)
    ),
    "api/v1/orders/<order_number>/parcel-events": Route(
        (
            api(
                "POST",
                "/orders/{shipped}/parcel-events",
                {"reference": "{reference}", "kind": "DELIVERED", "at": "2026-03-03T10:00:00Z"},
            ),
        )
    ),
    "api/v1/orders/<order_number>/buyer-cancellation": Route(
        (
            api("POST", "/orders/{order}/buyer-cancellation", {}),
            api(
                "POST",
                "/orders/{order}/buyer-cancellation",
                {"items": [{"itemNumber": "{item}", "quantity": 1}]},
            ),
        )
    ),
    "api/v1/orders/<order_number>/cancellation-request": Route(
        (
            api("GET", "/orders/{order}/cancellation-request"),
            api(
                "POST", "/orders/{order}/cancellation-request", {"reason": "other", "itemNumbers": ["{item}"]}
            ),
        )
    ),
    "api/v1/orders/<order_number>/cancellation-request/decline": Route(
        (api("POST", "/orders/{order}/cancellation-request/decline", {"cause": "shipped"}),)
    ),
    "api/v1/orders/<order_number>/cancellation": Route(
        (
            api("POST", "/orders/{order}/cancellation", CANCELLATION),
            api("POST", "/orders/{order}/cancellation", CANCELLATION | {"items": CANCELLED}),
        )
    ),
    "api/v1/orders/<order_number>/cancellation/preview": Route(
        (api("POST", "/orders/{order}/cancellation/preview", CANCELLATION),)
    ),
    "api/v1/orders/<order_number>/marketplace-cancellation": Route(
        (api("POST", "/orders/{order}/marketplace-cancellation", {"reason": "fraud_suspected"}),)
    ),
    "api/v1/orders/<order_number>/messages": Route(
        (
            api("GET", "/orders/{order}/messages"),
            api("GET", "/orders/{shipped}/messages"),
            api(
                "POST", "/orders/{order}/messages", {"reason": "other_order_question", "text": "Which size?"}
            ),
        )
    ),
    "api/v1/orders/<order_number>/buyer-messages": Route(
        (api("POST", "/orders/{order}/buyer-messages", {"text": "Where is it?", "externalId": "m-1"}),)
    ),
    "api/v1/orders/<order_number>/refunds": Route(
        (
            api("GET", "/orders/{refunded}/refunds"),
            api("POST", "/orders/{refunded}/refunds", REFUND),
            api("POST", "/orders/{refunded}/refunds", REFUND | {"rma": "{rma}"}),
        )
    ),
    "api/v1/orders/<order_number>/refunds/preview": Route(
        (api("POST", "/orders/{refunded}/refunds/preview", REFUND),)
    ),
    "api/v1/orders/<order_number>/refunds/<reference>": Route(
        (api("GET", "/orders/{refunded}/refunds/{refund}"),)
    ),
    "api/v1/orders/<order_number>/refunds/<reference>/undo": Route(
        (api("POST", "/orders/{refunded}/refunds/{refund}/undo", {}),)
    ),
    "api/v1/orders/<order_number>/refunds/<reference>/approve": Route(
        (api("POST", "/orders/{refunded}/refunds/{refund}/approve", {}),)
    ),
    "api/v1/refunds": Route(
        (
            api("GET", "/refunds"),
            api("GET", "/refunds?orderNumber={refunded}"),
            api("GET", "/refunds?rma={rma}", telling=False),  # the refund of this one's own answers no return
            api("POST", "/refunds", {"refunds": [REFUND | {"orderNumber": "{refunded}"}]}),
        )
    ),
    "api/v1/refunds/preview": Route(
        (api("POST", "/refunds/preview", {"refunds": [REFUND | {"orderNumber": "{refunded}"}]}),)
    ),
    "api/v1/orders/<order_number>/returns": Route((api("POST", "/orders/{refunded}/returns", RETURN),)),
    "api/v1/orders/<order_number>/returns/<rma>": Route((api("GET", "/orders/{refunded}/returns/{rma}"),)),
    "api/v1/orders/<order_number>/returns/<rma>/authorization": Route(
        (api("POST", "/orders/{refunded}/returns/{rma}/authorization", {}),)
    ),
    "api/v1/orders/<order_number>/returns/<rma>/closing": Route(
        (
            api(
                "POST",
                "/orders/{refunded}/returns/{rma}/closing",
                {"reason": "solved", "comment": "All is well."},
            ),
        )
    ),
    "api/v1/orders/<order_number>/returns/<rma>/withdrawal": Route(
        (api("POST", "/orders/{refunded}/returns/{rma}/withdrawal", {}),)
    ),
    "api/v1/orders/<order_number>/returns/<rma>/scans": Route(
        (
            api(
                "POST",
                "/orders/{refunded}/returns/{rma}/scans",
                {"kind": "IN_TRANSIT", "at": "2026-03-03T00:00:00Z"},
            ),
        )
    ),
    "api/v1/orders/<order_number>/returns/<rma>/photos/<photo_id>": Route(
        (api("GET", "/orders/{refunded}/returns/{rma}/photos/1", telling=False),)
    ),
    "api/v1/return-settings": Route((api("GET", "/return-settings"),)),
    "api/v1/return-settings/<marketplace_id>": Route(
        (api("PUT", "/return-settings/{seller}", {"automatic": "all"}, telling=False),)
    ),
    "api/v1/return-rules": Route(
        (
            api("GET", "/return-rules"),
            # A rule of one's own, with a new number every time.
            Call(
                "POST",
                "/api/v1/return-rules",
                {"effect": "manual", "sku": "{sku}"},
                door="api",
                telling=False,
                steady=False,
            ),
        )
    ),
    "api/v1/return-rules/<rule_id>": Route((api("DELETE", "/return-rules/{view}", telling=False),)),
    "api/v1/orders/<order_number>/returns/<rma>/receipt": Route(
        (api("POST", "/orders/{refunded}/returns/{rma}/receipt", {}),)
    ),
    "api/v1/orders/<order_number>/returns/<rma>/inspection": Route(
        (
            api(
                "POST",
                "/orders/{refunded}/returns/{rma}/inspection",
                {"grades": [{"itemNumber": "{item}", "grade": "repack"}]},
            ),
        )
    ),
    "api/v1/returns": Route(
        (api("GET", "/returns"), api("GET", "/returns?orderNumber={refunded}&sort=updated"))
    ),
    "api/v1/orders/<order_number>/claim-options": Route((api("GET", "/orders/{order}/claim-options"),)),
    "api/v1/orders/<order_number>/claims": Route(
        (
            api("GET", "/orders/{order}/claims"),
            api("POST", "/orders/{order}/claims", {"kind": "not_received"}),
        )
    ),
    OF_CLAIM: Route((api("GET", ONE_CLAIM),)),
    # A seller's program judges nobody, whatever it names.
    f"{OF_CLAIM}/ask": Route((api("POST", f"{ONE_CLAIM}/ask", {}, telling=False),)),
    f"{OF_CLAIM}/answer": Route((api("POST", f"{ONE_CLAIM}/answer", {"text": "Here."}),)),
    f"{OF_CLAIM}/withdrawal": Route((api("POST", f"{ONE_CLAIM}/withdrawal", {}),)),
    f"{OF_CLAIM}/appeal": Route((api("POST", f"{ONE_CLAIM}/appeal", {"text": "Here.", "version": 9}),)),
    f"{OF_CLAIM}/appeal/ask": Route((api("POST", f"{ONE_CLAIM}/appeal/ask", {}, telling=False),)),
    f"{OF_CLAIM}/appeal/answer": Route((api("POST", f"{ONE_CLAIM}/appeal/answer", {"text": "Here."}),)),
    f"{OF_CLAIM}/appeal/decision": Route(
        (api("POST", f"{ONE_CLAIM}/appeal/decision", {"money": True, "defect": True}, telling=False),)
    ),
    f"{OF_CLAIM}/decision": Route((api("POST", f"{ONE_CLAIM}/decision", VERDICT, telling=False),)),
    f"{OF_CLAIM}/decision/preview": Route(
        (api("POST", f"{ONE_CLAIM}/decision/preview", VERDICT, telling=False),)
    ),
    "api/v1/orders/<order_number>/feedback": Route(
        (api("POST", "/orders/{order}/feedback", {"rating": 1, "at": MARCH}, telling=False),)
    ),
    "api/v1/orders/<order_number>/feedback/removal": Route(
        (api("POST", "/orders/{order}/feedback/removal", {"reason": "buyer"}, telling=False),)
    ),
    "api/v1/orders/<order_number>/chargebacks": Route(
        (
            api(
                "POST",
                "/orders/{order}/chargebacks",
                {
                    "reference": "CB",
                    "kind": "fraud",
                    "amount": {"amount": "1.00", "currencyCode": "USD"},
                    "at": MARCH,
                },
                telling=False,
            ),
        )
    ),
    "api/v1/orders/<order_number>/chargebacks/<reference>/closing": Route(
        (api("POST", "/orders/{order}/chargebacks/CB/closing", {"outcome": "won"}, telling=False),)
    ),
    "api/v1/claims": Route((api("GET", "/claims"), api("GET", f"/claims?tab=closed&marketplaceId={US}"))),
    "api/v1/cancellation-rate": Route(
        (api("GET", "/cancellation-rate"), api("GET", f"/cancellation-rate?marketplaceId={US}"))
    ),
    "api/v1/cancellations": Route(
        (api("POST", "/cancellations", {"cancellations": [CANCELLATION | {"orderNumber": "{order}"}]}),)
    ),
    "api/v1/cancellations/preview": Route(
        (
            api(
                "POST",
                "/cancellations/preview",
                {"cancellations": [CANCELLATION | {"orderNumber": "{order}"}]},
            ),
        )
    ),
    # SP-API.
    "auth/o2/token": Route(
        (
            Call(
                "POST",
                "/auth/o2/token",
                telling=False,
                body={
                    "grant_type": "refresh_token",
                    "refresh_token": "x",
                    "client_id": "{client}",
                    "client_secret": "x",
                },
            ),
        )
    ),
    "tokens/2021-03-01/restrictedDataToken": Route(
        (sp("POST", "/tokens/2021-03-01/restrictedDataToken", RDT, telling=False),)
    ),
    "sellers/v1/marketplaceParticipations": Route((sp("GET", "/sellers/v1/marketplaceParticipations"),)),
    "sellers/v1/account": Route((sp("GET", "/sellers/v1/account"),)),
    V0: Route(
        (
            sp("GET", f"/{V0}?MarketplaceIds={US}&CreatedAfter=2026-01-01"),
            sp("GET", f"/{V0}?MarketplaceIds={US}&CreatedAfter=2026-01-01", door="restricted"),
            sp(
                "GET",
                f"/{V0}?MarketplaceIds={US}&CreatedAfter=2026-01-01&AmazonOrderIds={{order}},{{shipped}}",
            ),
            sp("GET", f"/{V0}?MarketplaceIds={US}&CreatedAfter=2026-01-01&SellerOrderId={{seller_order}}"),
            sp("GET", f"/{V0}?MarketplaceIds={US}&CreatedAfter=2026-01-01&BuyerEmail={{email}}"),
            sp("GET", f"/{V0}?MarketplaceIds={US}&NextToken={{v0_cursor}}"),
        )
    ),
    "finances/v0/financialEventGroups": Route((sp("GET", "/finances/v0/financialEventGroups"),)),
    "finances/v0/financialEventGroups/<str:event_group_id>/financialEvents": Route(
        (sp("GET", "/finances/v0/financialEventGroups/{group}/financialEvents"),)
    ),
    "finances/v0/orders/<str:order_id>/financialEvents": Route(
        (sp("GET", "/finances/v0/orders/{shipped}/financialEvents"),)
    ),
    "finances/v0/financialEvents": Route((sp("GET", "/finances/v0/financialEvents?PostedAfter=2026-01-01"),)),
    "finances/2024-06-19/transactions": Route(
        (
            sp("GET", "/finances/2024-06-19/transactions?postedAfter=2026-01-01"),
            sp(
                "GET",
                "/finances/2024-06-19/transactions?relatedIdentifierName=ORDER_ID&relatedIdentifierValue={shipped}",
                telling=False,
            ),
        )
    ),
    "externalFulfillment/2024-09-11/returns": Route((sp("GET", "/externalFulfillment/2024-09-11/returns"),)),
    "externalFulfillment/2024-09-11/returns/<str:return_id>": Route(
        (sp("GET", "/externalFulfillment/2024-09-11/returns/{return_line}"),)
    ),
    "externalFulfillment/returns/2024-09-11/returns": Route(
        (sp("GET", "/externalFulfillment/returns/2024-09-11/returns"),)
    ),
    "externalFulfillment/returns/2024-09-11/returns/<str:return_id>": Route(
        (sp("GET", "/externalFulfillment/returns/2024-09-11/returns/{return_line}"),)
    ),
    f"{V0}/<str:order_id>": v0("", sp("GET", f"/{V0}/{{order}}")),
    f"{V0}/<str:order_id>/buyerInfo": v0("/buyerInfo"),
    f"{V0}/<str:order_id>/address": v0("/address"),
    f"{V0}/<str:order_id>/orderItems": v0("/orderItems", sp("GET", f"/{V0}/{{order}}/orderItems")),
    f"{V0}/<str:order_id>/orderItems/buyerInfo": v0("/orderItems/buyerInfo"),
    f"{V0}/<str:order_id>/regulatedInfo": v0(
        "/regulatedInfo",
        sp(
            "PATCH",
            f"/{V0}/{{order}}/regulatedInfo",
            {"regulatedOrderVerificationStatus": {"status": "Approved", "externalReviewerId": "x"}},
            telling=False,
        ),
    ),
    f"{V0}/<str:order_id>/shipment": Route(
        (
            sp(
                "POST",
                f"/{V0}/{{order}}/shipment",
                {"marketplaceId": US, "shipmentStatus": "ReadyForPickup"},
                telling=False,
            ),
        )
    ),
    f"{V0}/<str:order_id>/shipmentConfirmation": Route(
        (sp("POST", f"/{V0}/{{order}}/shipmentConfirmation", CONFIRMATION),)
    ),
    V2026: Route(
        (
            sp("GET", f"/{V2026}?createdAfter=2026-01-01T00:00:00Z"),
            sp("GET", f"/{V2026}?createdAfter=2026-01-01T00:00:00Z&marketplaceIds={US}"),
            sp("GET", f"/{V2026}?createdAfter=2026-01-01T00:00:00Z&paginationToken={{v2026_cursor}}"),
        )
    ),
    f"{V2026}/<str:order_id>": Route(
        (
            sp("GET", f"/{V2026}/{{order}}"),
            sp(
                "GET",
                f"/{V2026}/{{shipped}}?includedData={INCLUDED}",
                telling=False,
            ),
        )
    ),
    f"{V2026}/<str:order_id>/cancellation": Route(
        (sp("PUT", f"/{V2026}/{{order}}/cancellation", {"reasonCode": "NO_INVENTORY"}),)
    ),
    MESSAGES: Route((sp("GET", f"/messaging/v1/orders/{{order}}{AT_US}"),)),
    f"{MESSAGES}/attributes": Route((sp("GET", f"/messaging/v1/orders/{{order}}/attributes{AT_US}"),)),
    **{
        f"{MESSAGES}/messages/{name}": Route(
            (sp("POST", f"/messaging/v1/orders/{{shipped}}/messages/{name}{AT_US}", body),)
        )
        for name, body in {
            "confirmCustomizationDetails": MESSAGE,
            "confirmDeliveryDetails": MESSAGE,
            "confirmOrderDetails": MESSAGE,
            "confirmServiceDetails": MESSAGE,
            "digitalAccessKey": MESSAGE,
            "unexpectedProblem": MESSAGE,
            "legalDisclosure": ATTACHED,
            "invoice": ATTACHED,
            "warranty": {"coverageStartDate": "2026-03-01T00:00:00Z"},
        }.items()
    },
    SOLICITATIONS: Route((sp("GET", f"/solicitations/v1/orders/{{shipped}}{AT_US}"),)),
    f"{SOLICITATIONS}/solicitations/productReviewAndSellerFeedback": Route(
        (
            sp(
                "POST",
                f"/solicitations/v1/orders/{{shipped}}/solicitations/productReviewAndSellerFeedback{AT_US}",
            ),
        )
    ),
    "uploads/2020-11-01/uploadDestinations/<path:resource>": Route(
        (
            sp(
                "POST",
                "/uploads/2020-11-01/uploadDestinations/messaging/v1/orders/{order}/messages/invoice"
                f"{AT_US}&contentMD5=guess",
                telling=False,
            ),
        )
    ),
    "uploads/2020-11-01/content/<str:token>": Route(
        (Call("PUT", "/uploads/2020-11-01/content/{v0_cursor}", door="spapi", telling=False),)
    ),
    "^(?:orders|sellers|tokens|feeds|reports|messaging|solicitations|uploads|notifications|finances|externalFulfillment|sales|fba|mfn|inbound"
    "|catalog|listings|products|shipping|tax|authorization|applications|replenishment|auth/o2)(?:/|$)": Route(
        (
            sp("GET", "/orders/v0/{order}", telling=False),
            sp("GET", "/messaging/v1/orders/{order}", telling=False),
        )
    ),
    "notifications/v1/subscriptions": Route(
        (sp("GET", "/notifications/v1/subscriptions?notificationTypes=ORDER_CHANGE"),)
    ),
    WISH: Route(
        (
            sp("GET", f"/{WISH_PATH}", telling=False),
            sp(
                "POST",
                f"/{WISH_PATH}",
                {"payloadVersion": "1.0", "destinationId": "{destination}"},
                telling=False,
            ),
        )
    ),
    f"{WISH}/testNotification": Route(
        (
            sp(
                "POST",
                f"/{WISH_PATH}/testNotification",
                {"destinationId": "{destination}", "testNotification": {"payloadVersion": "1.0"}},
                door="grantless",
                telling=False,
            ),
        )
    ),
    f"{WISH}/<str:subscription_id>": Route(
        (
            sp("GET", f"/{WISH_PATH}/{{subscription}}", door="grantless"),
            sp("GET", f"/{WISH_PATH}/{{subscription}}"),
            sp("DELETE", f"/{WISH_PATH}/{{subscription}}", door="grantless"),
        )
    ),
    "notifications/v1/destinations": Route(
        (
            sp("GET", "/notifications/v1/destinations", door="grantless"),
            sp(
                "POST",
                "/notifications/v1/destinations",
                {"name": "{destination}"},
                door="grantless",
                telling=False,
            ),
        )
    ),
    "notifications/v1/destinations/<str:destination_id>": Route(
        (
            sp("GET", "/notifications/v1/destinations/{destination}", door="grantless"),
            sp("DELETE", "/notifications/v1/destinations/{destination}", door="grantless"),
        )
    ),
    # Console.
    "": web("/"),
    "language/": Route(
        (post("/language/", language="zh-hans", next="/desk/orders/{order}/", telling=False),)
    ),
    "operator/": web("/operator/"),
    "operator/payments/": web("/operator/payments/"),
    "operator/payments/claims/<slug:reference>/": Route(
        (
            Call("GET", "/operator/payments/claims/{claim}/", door="web", telling=False),
            post("/operator/payments/claims/{claim}/", order="{order}", expects="1000", telling=False),
        )
    ),
    "operator/claims/": web("/operator/claims/"),
    "operator/claims/<slug:reference>/": Route(
        (
            Call("GET", "/operator/claims/{claim}/", door="web", telling=False),
            post("/operator/claims/{claim}/", do="deny", fault="buyer", telling=False),
        )
    ),
    "operator/claims/<slug:reference>/evidence.pdf": Route(
        (Call("GET", "/operator/claims/{claim}/evidence.pdf", door="web", telling=False),)
    ),
    # The operator's: a seller's staff get the same refusal whatever they name.
    "mailbox": web("/mailbox", Call("GET", "/mailbox?state=sent", door="web", telling=False)),
    "mailbox/": web("/mailbox/"),
    "mailbox/<int:mail_id>": Route(
        (Call("GET", "/mailbox/{mail}", door="web", telling=False), post("/mailbox/{mail}", telling=False))
    ),
    "desk/claims/": web(
        "/desk/claims/", Call("GET", "/desk/claims/?show=all", door="web"), needs=P.ORDERS_READ
    ),
    "desk/claims/<slug:reference>/": web(
        "/desk/claims/{claim}/",
        post("/desk/claims/{claim}/", do="facts", version="1", seen="0", key="k", text="Here."),
        post("/desk/claims/{claim}/", do="appeal", version="1", seen="0", key="k", text="Here.", money="1"),
        needs=P.ORDERS_READ,
    ),
    "desk/claims/<slug:reference>/evidence.pdf": web(
        "/desk/claims/{claim}/evidence.pdf", needs=P.CLAIMS_HANDLE
    ),
    "desk/orders/": web(
        "/desk/orders/",
        Call("GET", "/desk/orders/?tab=all&days=365&q={order}", door="web"),
        Call("GET", "/desk/orders/?tab=all&days=365&q={tracking}", door="web"),
        Call("GET", "/desk/orders/?tab=all&days=365&sku={sku}", door="web"),
        Call("GET", "/desk/orders/?tab=all&days=365&buyer={email}", door="web"),
        Call("GET", "/desk/orders/?tab=all&days=365&buyer={buyer}", door="web"),
        Call("GET", "/desk/orders/?tab=all&days=365&ids={order},{shipped}", door="web", telling=False),
        Call("GET", "/desk/orders/?view={view}", door="web", telling=False),
        needs=P.ORDERS_READ,
    ),
    "desk/orders/advanced/": web("/desk/orders/advanced/", needs=P.ORDERS_READ),
    "desk/orders/slips/": web(
        "/desk/orders/slips/?order={order}&order={shipped}",
        post("/desk/orders/slips/", order="{order}", telling=False),
        Call("GET", "/desk/orders/slips/?orders={order},{shipped}", door="web", telling=False),
        needs=P.ORDERS_SHIP,
    ),
    ORDER_PAGE + "$": web(
        "/desk/orders/{order}/", Call("GET", "/desk/orders/{shipped}/", door="web"), needs=P.ORDERS_READ
    ),
    ORDER_PAGE + "confirm/$": web(
        "/desk/orders/{order}/confirm/",
        Call("POST", "/desk/orders/{order}/confirm/", form=SHIP_FORM, door="web"),
        needs=P.ORDERS_SHIP,
    ),
    ORDER_PAGE + "confirm/preview/$": Route(
        (Call("POST", "/desk/orders/{order}/confirm/preview/", form=SHIP_FORM, door="web"),), P.ORDERS_SHIP
    ),
    ORDER_PAGE + "packages/(?P<reference>.+)/edit/$": web(
        "/desk/orders/{shipped}/packages/{reference}/edit/",
        Call("POST", "/desk/orders/{shipped}/packages/{reference}/edit/", form=SHIP_FORM, door="web"),
        needs=P.ORDERS_SHIP,
    ),
    ORDER_PAGE + "packages/(?P<reference>.+)/edit/preview/$": Route(
        (
            Call(
                "POST",
                "/desk/orders/{shipped}/packages/{reference}/edit/preview/",
                form=SHIP_FORM,
                door="web",
            ),
        ),
        P.ORDERS_SHIP,
    ),
    "desk/orders/cancel/": web(
        "/desk/orders/cancel/?order={order}&order={shipped}",
        Call("GET", "/desk/orders/cancel/?matching=tab%3Dall%26days%3Dall%26ids%3D{order}", door="web"),
        post("/desk/orders/cancel/", do="update", all="{order},{shipped}", row="{order}:2:1", telling=False),
        post(
            "/desk/orders/cancel/",
            do="cancel",
            all="{order}",
            row="{order}:2:1",
            reason="no_inventory",
            accepts_limit="1",
            telling=False,
        ),
        needs=P.ORDERS_CANCEL,
    ),
    "desk/orders/cancel/results/<slug:key>/": web(
        "/desk/orders/cancel/results/{results}/", needs=P.ORDERS_CANCEL
    ),
    ORDER_PAGE + "cancel/$": web(
        "/desk/orders/{order}/cancel/",
        Call("POST", "/desk/orders/{order}/cancel/", form=CANCEL_FORM, door="web"),
        needs=P.ORDERS_CANCEL,
    ),
    ORDER_PAGE + "cancel/preview/$": Route(
        (Call("POST", "/desk/orders/{order}/cancel/preview/", form=CANCEL_FORM, door="web"),), P.ORDERS_CANCEL
    ),
    ORDER_PAGE + "cancel/decline/$": web(
        "/desk/orders/{order}/cancel/decline/",
        post("/desk/orders/{order}/cancel/decline/", cause="shipped", version="2"),
        needs=P.ORDERS_CANCEL,
    ),
    ORDER_PAGE + "cancel/guide/$": Route(
        (post("/desk/orders/{order}/cancel/guide/", guide="cancel_guidance", key="k"),), P.MESSAGES_SEND
    ),
    ORDER_PAGE + "cancel/dismiss/$": Route(
        (post("/desk/orders/{order}/cancel/dismiss/", version="2"),), P.ORDERS_CANCEL
    ),
    "desk/refunds/": web("/desk/refunds/?show=all", needs=P.REFUNDS_MAKE),
    "desk/orders/refund/": web(
        "/desk/orders/refund/?order={order}&order={shipped}",
        post(
            "/desk/orders/refund/", do="update", all="{order},{shipped}", row="{shipped}:3:1", telling=False
        ),
        post(
            "/desk/orders/refund/",
            do="refund",
            all="{shipped}",
            row="{shipped}:3:1",
            reason="pricing_error",
            mode="goodwill",
            telling=False,
        ),
        needs=P.REFUNDS_MAKE,
    ),
    "desk/orders/refund/results/<slug:key>/": web(
        "/desk/orders/refund/results/{refund_results}/", needs=P.REFUNDS_MAKE
    ),
    ORDER_PAGE + "refund/$": web(
        "/desk/orders/{shipped}/refund/",
        Call("GET", "/desk/orders/{shipped}/refund/?rma=RMA-GUESSED", door="web"),
        Call("POST", "/desk/orders/{shipped}/refund/", form=REFUND_FORM, door="web"),
        needs=P.REFUNDS_MAKE,
    ),
    ORDER_PAGE + "refund/partial/$": web(
        "/desk/orders/{shipped}/refund/partial/",
        Call("POST", "/desk/orders/{shipped}/refund/partial/", form=REFUND_FORM, door="web"),
        needs=P.REFUNDS_MAKE,
    ),
    ORDER_PAGE + "refund/preview/$": Route(
        (Call("POST", "/desk/orders/{shipped}/refund/preview/", form=REFUND_FORM, door="web"),),
        P.REFUNDS_MAKE,
    ),
    ORDER_PAGE + "refund/undo/$": Route(
        (post("/desk/orders/{shipped}/refund/undo/", reference="{shipped}-R1"),), P.REFUNDS_MAKE
    ),
    ORDER_PAGE + "refund/approve/$": Route(
        (post("/desk/orders/{shipped}/refund/approve/", reference="{shipped}-R1"),), P.REFUNDS_APPROVE
    ),
    "desk/search/": web(
        "/desk/search/",
        Call(
            "GET", "/desk/search/?q={order}", door="web", telling=False
        ),  # leads to the order's own page, unseen
        *(
            Call("GET", f"/desk/search/?q={{{name}}}", door="web")
            for name in ("item", "tracking", "sku", "email", "buyer", "seller_order")
        ),
        Call("GET", "/desk/search/?q={order}%0A{shipped}", door="web"),
        needs=P.ORDERS_READ,
    ),
    "desk/returns/": web(
        "/desk/returns/?show=all",
        Call("GET", "/desk/returns/?show=all&q={rma}", door="web", telling=False),
        Call("GET", "/desk/returns/?show=all&q={tracking}", door="web", telling=False),
        Call("GET", "/desk/returns/?show=all&q={sku}", door="web", telling=False),
        needs=P.ORDERS_READ,
    ),
    "desk/returns/export/": web("/desk/returns/export/?show=all&q={rma}", needs=P.ORDERS_READ),
    "desk/returns/scan/": web("/desk/returns/scan/?code={rma}", needs=P.RETURNS_RECEIVE),
    "desk/returns/many/": web(
        "/desk/returns/many/?row={rma}:1",
        post("/desk/returns/many/", all="{rma}", row="{rma}:1", key="k", telling=False),
        needs=P.RETURNS_HANDLE,
    ),
    "desk/returns/many/<slug:key>/": Route(
        (Call("GET", "/desk/returns/many/{results}/", door="web", telling=False),), P.RETURNS_HANDLE
    ),
    "desk/returns/<path:rma>/": web("/desk/returns/{rma}/", needs=P.ORDERS_READ),
    "desk/returns/<path:rma>/photos/<int:photo_id>/": Route(
        (Call("GET", "/desk/returns/{rma}/photos/1/", door="web", telling=False),), P.BUYERS_READ
    ),
    "desk/returns/<path:rma>/authorize/": web(
        "/desk/returns/{rma}/authorize/",
        post("/desk/returns/{rma}/authorize/", version="1", key="k", label="none"),
        needs=P.RETURNS_HANDLE,
    ),
    "desk/returns/<path:rma>/close/": web(
        "/desk/returns/{rma}/close/",
        post("/desk/returns/{rma}/close/", version="1", key="k", reason="other", comment="No"),
        needs=P.RETURNS_HANDLE,
    ),
    "desk/returns/<path:rma>/receive/": web(
        "/desk/returns/{rma}/receive/",
        post("/desk/returns/{rma}/receive/", version="1", key="k", **{"units-{item}": "1"}),
        needs=P.RETURNS_RECEIVE,
    ),
    "desk/returns/<path:rma>/grade/": web(
        "/desk/returns/{rma}/grade/",
        post("/desk/returns/{rma}/grade/", version="1", key="k", **{"grade-{item}": "sellable"}),
        needs=P.RETURNS_RECEIVE,
    ),
    "desk/messages/": web("/desk/messages/?show=all", needs=P.MESSAGES_READ),
    MESSAGES_PAGE + "$": web(
        "/desk/messages/{order}/",
        post("/desk/messages/{order}/", do="note", note="Called"),
        post("/desk/messages/{order}/", do="send", reason="answer", text="It comes on Friday, we think."),
        post(
            "/desk/messages/{order}/", do="insert", template="own:{template}", reason="answer", telling=False
        ),
        post("/desk/messages/{order}/", do="mark"),
        needs=P.MESSAGES_READ,
    ),
    MESSAGES_PAGE + "lint/$": Route(
        (post("/desk/messages/{order}/lint/", reason="answer", text="coupon"),), P.MESSAGES_SEND
    ),
    MESSAGES_PAGE + "files/(?P<message_id>[0-9]{1,18})/(?P<position>[0-9]{1,4})/$": web(
        "/desk/messages/{order}/files/{message}/1/", needs=P.MESSAGES_READ
    ),
    "desk/messages/templates/": web("/desk/messages/templates/", needs=P.MESSAGES_READ),
    "desk/messages/templates/new/": web(
        "/desk/messages/templates/new/",
        post("/desk/messages/templates/new/", name="{template}", text="", telling=False),
        needs=P.MESSAGES_SEND,
    ),
    "desk/messages/templates/<int:template_id>/": web(
        "/desk/messages/templates/{template}/",
        post(
            "/desk/messages/templates/{template}/", name="New", language="en", reason="answer", text="Hello."
        ),
        post("/desk/messages/templates/{template}/", delete="1"),
        needs=P.MESSAGES_SEND,
    ),
    "desk/health/": web("/desk/health/", needs=P.ORDERS_READ),
    "desk/payments/": web("/desk/payments/", needs=P.MONEY_READ),
    "desk/payments/breaks/<int:break_id>/": Route(
        (post("/desk/payments/breaks/{payment_break}/", reason="seen", telling=False),), P.PAYMENTS_SETTLE
    ),
    "desk/views/": web("/desk/views/", needs=P.ORDERS_READ),
    "desk/views/new/": web(
        "/desk/views/new/",
        Call("GET", "/desk/views/new/?from=q%3D{order}", door="web", telling=False),
        post("/desk/views/new/", name="mine", **{"from": "q={order}"}, telling=False),
        needs=P.ORDERS_READ,
    ),
    "desk/views/<int:view_id>/": web(
        "/desk/views/{view}/",
        post("/desk/views/{view}/", name="renamed"),
        post("/desk/views/{view}/", do="delete", delete="1"),
        needs=P.ORDERS_READ,
    ),
    "desk/notifications/": web(
        "/desk/notifications/",
        post("/desk/notifications/", up_to="9", telling=False),
        needs=P.ORDERS_READ,
    ),
    "desk/settings/notifications/": web(
        "/desk/settings/notifications/",
        post("/desk/settings/notifications/", on="message_received.mail", telling=False),
        needs=P.ORDERS_READ,
    ),
    "desk/returns/settings/": Route(
        (
            Call(
                "GET", "/desk/returns/settings/", door="web", steady=False
            ),  # it lists what the calls below add
            post("/desk/returns/settings/", do="add", effect="manual", sku="{sku}", telling=False),
            post("/desk/returns/settings/", do="end", rule="899713255", telling=False),
        ),
        needs=P.RETURN_SETTINGS,
    ),
    "desk/settings/webhooks/": web(
        "/desk/settings/webhooks/",
        post("/desk/settings/webhooks/", name="x", url="http://10.0.0.1/", telling=False),
        needs=P.WEBHOOKS_MANAGE,
    ),
    "desk/settings/webhooks/<int:receiver_id>/": web(
        "/desk/settings/webhooks/{webhook}/",
        *(
            post("/desk/settings/webhooks/{webhook}/", do=do, delivery="{delivery}", since="2026-03-01")
            for do in ("test", "off", "on", "rotate", "replay", "replay_since", "delete")
        ),
        needs=P.WEBHOOKS_MANAGE,
    ),
    "desk/settings/chat/": web(
        "/desk/settings/chat/",
        post("/desk/settings/chat/", name="x", url="json://10.0.0.1/", telling=False),
        needs=P.WEBHOOKS_MANAGE,
    ),
    "desk/settings/chat/<int:receiver_id>/": web(
        "/desk/settings/chat/{channel}/",
        *(
            post("/desk/settings/chat/{channel}/", do=do, delivery="{delivery}", since="2026-03-01")
            for do in ("test", "off", "on", "replay", "replay_since", "delete")
        ),
        needs=P.WEBHOOKS_MANAGE,
    ),
    "desk/account/": web("/desk/account/"),
    "desk/seller/": Route((post("/desk/seller/", seller="{seller}", telling=False),), P.ORDERS_READ),
    # Signing in and a person's own second factor: made by django-allauth, about the person alone.
    "accounts/login/": web(
        "/accounts/login/", post("/accounts/login/", login="{email}", password="x", telling=False)
    ),
    "accounts/logout/": web("/accounts/logout/"),
    "accounts/inactive/": web("/accounts/inactive/"),
    "accounts/signup/": web("/accounts/signup/"),
    "accounts/reauthenticate/": web("/accounts/reauthenticate/"),
    "accounts/email/": web("/accounts/email/"),
    "accounts/confirm-email/": web("/accounts/confirm-email/"),
    "accounts/password/change/": web("/accounts/password/change/"),
    "accounts/password/set/": web("/accounts/password/set/"),
    "accounts/password/reset/": web("/accounts/password/reset/"),
    "accounts/login/code/confirm/": web("/accounts/login/code/confirm/"),
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": web("/accounts/confirm-email/{reference}/"),
    "accounts/password/reset/key/done/": web("/accounts/password/reset/key/done/"),
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": web(
        "/accounts/password/reset/key/1-{reference}/"
    ),
    "accounts/password/reset/done/": web("/accounts/password/reset/done/"),
    "accounts/2fa/": web("/accounts/2fa/"),
    "accounts/2fa/authenticate/": web("/accounts/2fa/authenticate/"),
    "accounts/2fa/reauthenticate/": web("/accounts/2fa/reauthenticate/"),
    "accounts/2fa/totp/activate/": web("/accounts/2fa/totp/activate/"),
    "accounts/2fa/totp/deactivate/": web("/accounts/2fa/totp/deactivate/"),
    "accounts/2fa/recovery-codes/": web("/accounts/2fa/recovery-codes/"),
    "accounts/2fa/recovery-codes/generate/": web("/accounts/2fa/recovery-codes/generate/"),
    "accounts/2fa/recovery-codes/download/": web("/accounts/2fa/recovery-codes/download/"),
}

# Commands of the command line that act for a seller, with another seller's things in them; {mine} is the one's own id.
COMMANDS: dict[str, list[list[str]]] = {
    "orders ship": [
        ["{order}", "--seller", "{mine}", "--carrier", "UPS", "--tracking", "1Z999AA10123456784"]
    ],
    "orders cancel": [
        ["{order}", "--seller", "{mine}", "--reason", "no_inventory", "--yes"],
        ["{order}", "--seller", "{mine}", "--reason", "no_inventory", "--dry-run", "--json"],
    ],
    "claims list": [["--seller", "{mine}"], ["--seller", "{mine}", "--tab", "appeal", "--json"]],
    "claims show": [["{claim}", "--seller", "{mine}"], ["{claim}", "--seller", "{mine}", "--json"]],
    "claims answer": [["{claim}", "--seller", "{mine}", "--text", "Here."]],
    "claims appeal": [["{claim}", "--seller", "{mine}", "--text", "Here."]],
    "claims decide": [["{claim}", "--seller", "{mine}", "--deny", "--yes"]],
    "orders list": [["--seller", "{mine}"], ["--seller", "{mine}", "--after", "{order}", "--json"]],
    "orders show": [["{order}", "--seller", "{mine}"], ["{order}", "--seller", "{mine}", "--json"]],
    "refunds preview": [
        ["{refunded}", "--seller", "{mine}", "--reason", "general_adjustment", "--amount", "0.01", "--json"]
    ],
    "refunds make": [
        ["{refunded}", "--seller", "{mine}", "--reason", "general_adjustment", "--yes", "--key", "wall"],
        [
            "{refunded}",
            "--seller",
            "{mine}",
            "--reason",
            "buyer_return",
            "--rma",
            "{rma}",
            "--yes",
            "--key",
            "two",
        ],
    ],
    "refunds undo": [["{refund}", "--seller", "{mine}", "--key", "wall"]],
    "refunds approve": [["{refund}", "--seller", "{mine}", "--key", "wall"]],
    "refunds list": [["--seller", "{mine}"], ["--seller", "{mine}", "--order", "{refunded}", "--json"]],
    "returns list": [["--seller", "{mine}"], ["--seller", "{mine}", "--after", "{rma}", "--json"]],
    "returns show": [["{rma}", "--seller", "{mine}"], ["{rma}", "--seller", "{mine}", "--json"]],
    "returns request": [["{refunded}", "--seller", "{mine}", "--reason", "quality", "--item", "{item}=1"]],
    "returns authorize": [["{rma}", "--seller", "{mine}"]],
    "returns close": [["{rma}", "--seller", "{mine}", "--reason", "solved", "--comment", "x"]],
    "returns receive": [["{rma}", "--seller", "{mine}"]],
    "returns grade": [["{rma}", "--seller", "{mine}", "--item", "{item}=repack"]],
    "demo": [],  # makes a world of its own
    "orders import": [],  # takes a file and no id; what it writes is walled by the commands' own tests
    "user create": [],  # make things of the seller that is named
    "payments breaks": [["--seller", "{mine}"]],
    "payments retry": [["{order}-R1", "--seller", "{mine}"]],
    "client create": [],
    "client list": [["--seller", "{mine}"]],
}
