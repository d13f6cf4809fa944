"""Who works in the demonstration world: two selling accounts, their staff, the operator, and a program for each."""

from dataclasses import dataclass

from sellerdesk.commands.accounts import NewClient, NewSeller, NewUser, Store
from sellerdesk.domain.actors import Permission, Role
from sellerdesk.domain.marketplaces import by_country

# One password for everybody: this world is for looking around in, never for an installation that others can reach.
PASSWORD = "sellerdesk-demo"  # noqa: S105
HARBOR_ID = "A1HARBORPINE01"
YUNFAN_ID = "A1YUNFANTECH01"
OPERATOR = "operator@sellerdesk.example"


@dataclass(frozen=True, slots=True)
class Staff:
    email: str
    name: str
    role: Role
    language: str
    zone: str


@dataclass(frozen=True, slots=True)
class DemoSeller:
    """One seller of the demonstration world, with the credentials that its program uses."""

    account: NewSeller
    staff: tuple[Staff, ...]
    key: str  # eight hexadecimal digits that its credentials are made of


def _stores(name: str, countries: str, handling: dict[str, int]) -> tuple[Store, ...]:
    return tuple(Store(by_country(one).id, name, handling.get(one)) for one in countries.split())


HARBOR = DemoSeller(
    NewSeller(
        HARBOR_ID,
        "Harbor & Pine",
        "US",
        "en",
        "orders@harborandpine.example",
        _stores("Harbor & Pine", "US CA MX GB DE", {"US": 1}),
        {
            "name": "Harbor & Pine Workshop",
            "line1": "418 Commercial Street",
            "city": "Portland",
            "state": "ME",
            "postal_code": "04101",
            "country": "US",
        },
    ),
    (
        Staff("owner@harborandpine.example", "Nora Whitfield", Role.OWNER, "en", "America/New_York"),
        Staff("manager@harborandpine.example", "Sam Delgado", Role.MANAGER, "en", "America/New_York"),
        Staff("shipping@harborandpine.example", "Wes Turner", Role.SHIPPER, "en", "America/New_York"),
        Staff("support@harborandpine.example", "Ines Moreau", Role.SUPPORT, "en", "America/New_York"),
        Staff("finance@harborandpine.example", "Ada Lindqvist", Role.FINANCE, "en", "America/New_York"),
        Staff("audit@harborandpine.example", "Theo Park", Role.READONLY, "en", "America/New_York"),
        Staff("dev@harborandpine.example", "Ruth Adeyemi", Role.INTEGRATOR, "en", "America/New_York"),
    ),
    "4a7b11e0",
)
YUNFAN = DemoSeller(
    NewSeller(
        YUNFAN_ID,
        "深圳云帆科技",
        "CN",
        "zh-Hans",
        "dingdan@yunfan.example",
        _stores("Yunfan Direct", "US JP DE AU BR SA", {"JP": 1, "BR": 3}),
        {
            "name": "深圳市云帆科技有限公司",
            "line1": "坂田街道雪岗路2018号云帆大厦5楼",
            "city": "深圳市",
            "district": "龙岗区",
            "state": "广东省",
            "postal_code": "518129",
            "country": "CN",
        },
    ),
    (
        Staff("laoban@yunfan.example", "陈云帆", Role.OWNER, "zh-hans", "Asia/Shanghai"),
        Staff("fahuo@yunfan.example", "林晓梅", Role.SHIPPER, "zh-hans", "Asia/Shanghai"),
        Staff("kefu@yunfan.example", "王思远", Role.SUPPORT, "zh-hans", "Asia/Shanghai"),
        Staff("taipei@yunfan.example", "張雅婷", Role.MANAGER, "zh-hant", "Asia/Taipei"),
    ),
    "9c02d5f8",
)
SELLERS = (HARBOR, YUNFAN)


def credentials(seller: DemoSeller, seller_id: int) -> NewClient:
    """The fixed credentials of a seller's program: everything that the README's example needs."""
    key = seller.key
    return NewClient(
        seller_id,
        "Order sync",
        f"amzn1.application-oa2-client.{key * 4}",
        f"amzn1.oa2-cs.v1.{key * 8}",
        f"Atzr|{key * 6}",
        f"SDDEMO{key.upper()}000000",
        key * 5,
        frozenset(Permission) - {Permission.STAFF_MANAGE, Permission.CLIENTS_MANAGE, Permission.VIEWS_SHARE},
    )


def users(seller: DemoSeller, seller_id: int) -> list[NewUser]:
    """The staff of a seller, all with the one password."""
    return [
        NewUser(one.email, one.name, PASSWORD, seller_id, one.role, one.language, one.zone)
        for one in seller.staff
    ]


def logins() -> list[tuple[str, str, str]]:
    """Who can sign in: who it is, e-mail address, password."""
    found = [
        (f"{seller.account.name}, {one.role.value}", one.email, PASSWORD)
        for seller in SELLERS
        for one in seller.staff
    ]
    return [*found, ("Marketplace operator", OPERATOR, PASSWORD)]
