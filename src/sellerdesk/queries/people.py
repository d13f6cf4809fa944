"""People: where they work, and what they have chosen for themselves."""

from dataclasses import dataclass

from sellerdesk.domain.actors import Role
from sellerdesk.models.sql import rows


@dataclass(frozen=True, slots=True)
class Workplace:
    """A seller that a person works for, and in which role."""

    seller_id: int
    public_id: str
    name: str
    country: str
    role: Role


def workplaces(user_id: int) -> tuple[Workplace, ...]:
    """The sellers that a person works for at this moment, by name; empty when there is none."""
    found = rows(
        "SELECT s.id, s.public_id, s.name, s.country, m.role FROM memberships m JOIN sellers s ON s.id = m.seller_id"
        " WHERE m.user_id = %s ORDER BY s.name, s.id",
        [user_id],
    )
    return tuple(
        Workplace(seller_id, public_id, name, country, Role(role))
        for seller_id, public_id, name, country, role in found
    )


def has_people() -> bool:
    """Whether anybody can sign in at all."""
    return bool(rows("SELECT 1 FROM users LIMIT 1"))


def has_person(email: str) -> bool:
    """Whether somebody signs in with this address."""
    return bool(rows("SELECT 1 FROM users WHERE email = %s", [email]))
