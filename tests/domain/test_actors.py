import pytest

from sellerdesk.domain.actors import PERMISSIONS, Actor, Door, Party, Permission, Role

P = Permission


def test_every_role_is_listed_and_may_read_orders() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert all(P.ORDERS_READ in rights for rights in PERMISSIONS.values())


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [  # I23
        (Role.OWNER, {P.CLIENTS_MANAGE, P.ORDERS_SHIP}, set()),
        (Role.MANAGER, {P.ORDERS_SHIP, P.STAFF_MANAGE}, {P.CLIENTS_MANAGE}),
        (Role.SHIPPER, {P.ORDERS_SHIP, P.BUYERS_READ}, {P.MONEY_READ, P.STAFF_MANAGE}),
        (Role.SUPPORT, {P.BUYERS_READ}, {P.ORDERS_SHIP, P.MONEY_READ}),
        (Role.FINANCE, {P.MONEY_READ}, {P.BUYERS_READ, P.ORDERS_SHIP}),
        (Role.READONLY, set(), {P.ORDERS_SHIP, P.BUYERS_READ, P.MONEY_READ, P.ORDERS_IMPORT}),
        (Role.INTEGRATOR, {P.ORDERS_IMPORT, P.CLIENTS_MANAGE}, {P.ORDERS_SHIP, P.BUYERS_READ}),
    ],
)
def test_what_roles_may(role: Role, may: set[Permission], may_not: set[Permission]) -> None:
    actor = Actor(Party.SELLER, "Li Wei", Door.WEB, 1, PERMISSIONS[role])
    assert all(actor.may(right) for right in may)
    assert not any(actor.may(right) for right in may_not)


def test_the_clock_may_do_everything_for_everybody() -> None:
    clock = Actor(Party.SYSTEM, "clock", Door.JOBS, None)
    assert all(clock.may(right) for right in Permission)
