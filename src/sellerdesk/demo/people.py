"""Who works in the demonstration world: two selling accounts, their staff, the operator, and a program for each."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from sellerdesk.commands.accounts import (
    ClientMade,
    Person,
    Profile,
    create_client,
    create_operator,
    create_seller,
    create_user,
    new_credentials,
)
from sellerdesk.demo.buyers import REGULARS
from sellerdesk.demo.depots import open_depots
from sellerdesk.domain.actors import Actor, Door, Party, Role
from sellerdesk.domain.identifiers import new_seller_id
from sellerdesk.domain.marketplaces import by_country

# One password for everybody: this world is for looking around in, never for an installation that others can reach.
PASSWORD = "sellerdesk-demo"  # noqa: S105
OPERATOR = "operator@marketplace.example"


@dataclass(frozen=True, slots=True)
class Staff:
    email: str
    role: Role
    person: Person


@dataclass(frozen=True, slots=True)
class DemoSeller:
    """A selling account of the demonstration world. All its random ids and secrets follow from `seed`."""

    seed: str
    name: str
    countries: tuple[str, ...]
    profile: Profile
    staff: tuple[Staff, ...]

    @property
    def public_id(self) -> str:
        return new_seller_id(Random(self.seed))


def _english(email: str, name: str, role: Role) -> Staff:
    return Staff(email, role, Person(name, "en", "America/New_York"))


def _chinese(email: str, name: str, role: Role) -> Staff:
    return Staff(email, role, Person(name, "zh-hans", "Asia/Shanghai"))


HARBOR = DemoSeller(
    "harbor and pine",
    "Harbor & Pine",
    ("US", "CA", "MX", "GB", "DE"),
    Profile(
        "US",
        "en",
        "orders@harborandpine.example",
        {
            "name": "Harbor & Pine Workshop",
            "line1": "418 Commercial Street",
            "city": "Portland",
            "state": "ME",
            "postal_code": "04101",
            "country": "US",
        },
        {by_country("US").id: 1},
    ),
    (
        _english("owner@harborandpine.example", "Nora Whitfield", Role.OWNER),
        _english("manager@harborandpine.example", "Sam Delgado", Role.MANAGER),
        _english("shipping@harborandpine.example", "Wes Turner", Role.SHIPPER),
        _english("support@harborandpine.example", "Ines Moreau", Role.SUPPORT),
        _english("finance@harborandpine.example", "Ada Lindqvist", Role.FINANCE),
        _english("audit@harborandpine.example", "Theo Park", Role.READONLY),
        _english("dev@harborandpine.example", "Ruth Adeyemi", Role.INTEGRATOR),
    ),
)
YUNFAN = DemoSeller(
    "shenzhen yunfan",
    "深圳云帆科技",
    ("US", "JP", "DE", "AU", "BR", "SA"),
    Profile(
        "CN",
        "zh-hans",
        "dingdan@yunfan.example",
        {
            "name": "深圳市云帆科技有限公司",
            "line1": "坂田街道雪岗路2018号云帆大厦5楼",
            "city": "深圳市",
            "district": "龙岗区",
            "state": "广东省",
            "postal_code": "518129",
            "country": "CN",
        },
        {by_country("JP").id: 1, by_country("BR").id: 3},
    ),
    (
        _chinese("laoban@yunfan.example", "陈云帆", Role.OWNER),
        _chinese("fahuo@yunfan.example", "林晓梅", Role.SHIPPER),
        _chinese("kefu@yunfan.example", "王思远", Role.SUPPORT),
        Staff("taipei@yunfan.example", Role.MANAGER, Person("張雅婷", "zh-hant", "Asia/Taipei")),
    ),
)
SELLERS = (HARBOR, YUNFAN)


def administrator(seller_id: int | None) -> Actor:
    """Who opens accounts: the administrator of the installation."""
    return Actor(Party.AMAZON, "demonstration", Door.DEMO, seller_id)


def open_account(seller: DemoSeller, *, now: datetime) -> int:
    """Make a seller, its staff and its program; answers the seller's id."""
    made = create_seller(
        administrator(None),
        seller.name,
        seller.countries,
        now=now,
        randomness=Random(seller.seed),
        profile=seller.profile,
    )
    actor = administrator(made.id)
    for one in seller.staff:
        create_user(actor, one.email, PASSWORD, memberships=[(made.id, one.role)], now=now, person=one.person)
    open_depots(actor, seller.name, seller.countries, now=now)
    create_client(actor, "Order sync", now=now, randomness=_secrets(seller))
    return made.id


def credentials(seller: DemoSeller) -> ClientMade:
    """What the program of a seller was given: drawn again, and the same again."""
    return new_credentials(_secrets(seller), seller.public_id, ())


def _secrets(seller: DemoSeller) -> Random:
    return Random(f"{seller.seed}: its program")


def hire_operator(*, now: datetime) -> None:
    """Make the person who works for the marketplace."""
    create_operator(OPERATOR, PASSWORD, now=now, person=Person("Morgan Reed"))


def portal_logins() -> list[tuple[str, str, str]]:
    """Which buyers can sign in under /account/, in the form of `logins`; they have no password."""
    return [
        (
            f"Buyer {name}, under /account/",
            email,
            "a mailed code: see /mailbox as operator, or mail/ in the data",
        )
        for name, email in REGULARS.items()
    ]


def logins() -> list[tuple[str, str, str]]:
    """Who can sign in: who it is, e-mail address, password."""
    found = [
        (f"{seller.name}, {one.role.value}", one.email, PASSWORD)
        for seller in SELLERS
        for one in seller.staff
    ]
    return [*found, ("Marketplace operator", OPERATOR, PASSWORD)]
