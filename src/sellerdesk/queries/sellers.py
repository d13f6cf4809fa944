"""Look sellers up by what people call them."""

from dataclasses import dataclass

from sellerdesk.models.accounts import Seller


@dataclass(frozen=True, slots=True)
class SellerView:
    """A selling account: our id, the id that people and programs see, and its name."""

    id: int
    public_id: str
    name: str


def find_seller(key: str) -> SellerView | None:
    """The seller with this public id or, when it is a plain number, with this id of ours.

    None when there is none.
    """
    condition = {"public_id": key} if not (key.isascii() and key.isdigit()) else {"id": int(key)}
    row = Seller.objects.filter(**condition).values_list("id", "public_id", "name").first()
    return SellerView(*row) if row else None
