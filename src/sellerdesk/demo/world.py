"""Load the demonstration world, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sellerdesk.demo.aftermath import tell_aftermath
from sellerdesk.demo.catalogue import HARBOR as HARBOR_GOODS
from sellerdesk.demo.catalogue import YUNFAN as YUNFAN_GOODS
from sellerdesk.demo.depots import depot
from sellerdesk.demo.foreign import bring_foreign_orders
from sellerdesk.demo.history import Step, live_through
from sellerdesk.demo.orders import Pen
from sellerdesk.demo.people import (
    HARBOR,
    OPERATOR,
    SELLERS,
    YUNFAN,
    DemoSeller,
    hire_operator,
    logins,
    open_account,
    portal_logins,
)
from sellerdesk.demo.stories import tell
from sellerdesk.demo.wishes import tell_wishes
from sellerdesk.domain.actors import Role
from sellerdesk.flows.database import CannotStart
from sellerdesk.flows.terms import seed_terms
from sellerdesk.queries.people import has_people, has_person
from sellerdesk.queries.sellers import find_seller

_GOODS = {HARBOR.public_id: HARBOR_GOODS, YUNFAN.public_id: YUNFAN_GOODS}
_AGE = timedelta(days=400)  # how long the sellers have been there


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading did: `steps` is how much happened in it, 0 when the world was there already."""

    was_there: bool
    steps: int


def load_world(now: datetime) -> Loaded:
    """Load the world as it is at `now`, unless it is there.

    Raises history.Refused when a rule refuses what the world says, and CannotStart where it has no place: beside people
    of one's own, since everybody knows its password, or on top of a loading that was cut short.
    """
    if has_person(OPERATOR):  # hired last
        return Loaded(True, 0)
    if find_seller(SELLERS[0].public_id) is not None:
        raise CannotStart(
            "The demonstration world was cut short while it was loaded: empty the data folder, or use --no-demo."
        )
    if has_people():
        raise CannotStart(
            "This database has people of its own, and everybody knows the demonstration's password: use --no-demo."
        )
    seed_terms(now.date())
    steps: list[Step] = []
    staff: dict[int, str] = {}
    for seller in SELLERS:
        seller_id = open_account(seller, now=now - _AGE)
        staff[seller_id] = next(one.person.name for one in seller.staff if one.role is Role.SHIPPER)
        steps += _orders_of(seller, seller_id, now)
    done = live_through(steps, now=now, staff=staff)
    hire_operator(now=now - _AGE)
    return Loaded(False, done)


def _orders_of(seller: DemoSeller, seller_id: int, now: datetime) -> list[Step]:
    pen = Pen(
        seller_id,
        Random(seller.seed),
        _GOODS[seller.public_id],
        now.replace(microsecond=0),
        seller.profile.country == "CN",
    )
    tell(pen, seller.countries)
    tell_wishes(pen, seller.countries)
    tell_aftermath(pen, seller.countries, depot(seller.name, seller.countries[0]))
    if seller is HARBOR:
        bring_foreign_orders(pen)
    return pen.steps


def load(now: datetime) -> Sequence[tuple[str, str, str]]:
    """Load the world if it is not there; answers who, e-mail address and password of those who can sign in."""
    load_world(now)
    return [*logins(), *portal_logins()]
