"""Ready texts for one order's buyer: a built-in template, in the buyer's language, with its variables filled in."""

from collections.abc import Collection
from dataclasses import dataclass

from sellerdesk.domain.message_templates import built_in, language_of, render
from sellerdesk.models.message_facts import read_contacts
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped

_VALUES = """
SELECT o.id, coalesce(b.name, ''), coalesce(nullif(t.store_name, ''), s.name)
  FROM orders o JOIN sellers s ON s.id = o.seller_id
  LEFT JOIN participations t ON t.seller_id = o.seller_id AND t.marketplace_id = o.marketplace_id
  LEFT JOIN buyer_contacts b ON b.seller_id = o.seller_id AND b.order_id = o.id
 WHERE o.seller_id = %s AND o.order_number = %s"""


@dataclass(frozen=True, slots=True)
class ReadyText:
    """A text to send as it is. Personal: it greets the buyer by name."""

    key: str
    language: str
    text: str


def ready_texts(seller_id: int, order_number: str, keys: Collection[str]) -> dict[str, ReadyText]:
    """The templates of these keys for the buyer of an order; empty when the seller has no such order.

    Raises KeyError for a template that does not exist.
    """
    with scoped(seller_id):
        found = rows(_VALUES, [seller_id, order_number])
        if not found:
            return {}
        order_id, name, shop = found[0]
        language = language_of(read_contacts(seller_id, [order_id])[order_id].language)
    values = {"order_number": order_number, "buyer_name": name, "shop": shop}
    return {
        key: ReadyText(key, language, _nameless(built_in(key).texts[language], name, values)) for key in keys
    }


def _nameless(template: str, name: str, values: dict[str, str]) -> str:
    """Greet nobody by name when no name is known."""
    if not name:
        template = template.replace(" {buyer_name}", "").replace("{buyer_name} ", "")
    return render(template, values)
