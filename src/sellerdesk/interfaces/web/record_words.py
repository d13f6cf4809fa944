"""The record of an order in words for the marketplace's pages and for evidence: every code, one way to write times and
amounts. Nothing here speaks to the seller: the reader may be anybody.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sellerdesk.domain.marketplaces import by_id
from sellerdesk.flows.evidence import Telling
from sellerdesk.interfaces.web import claim_words, order_words, refund_words, return_words, words
from sellerdesk.interfaces.web.formats import language, money
from sellerdesk.interfaces.web.timeline import Reader
from sellerdesk.looks import when
from sellerdesk.looks.texts import visible
from sellerdesk.queries.personal import AddressView

# A document is read in any year, so that none goes without saying: it is written as if long ago.
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def event(code: str) -> str:
    """A carrier's scan."""
    return str(order_words.PARCEL_EVENTS.get(code, code))


def return_state(code: str) -> str:
    return _first(return_words.STATES, code)


def return_reason(code: str) -> str:
    return str(_named(return_words.REASONS).get(code, code))


def refund_state(code: str) -> str:
    return _first(refund_words.STATES, code)


def refund_reason(code: str) -> str:
    return refund_words.reason(code)


def grade(code: str) -> str:
    """The condition of what came back; "" before anybody looked."""
    return str(_named(return_words.GRADES).get(code, code))


def package_status(code: str) -> str:
    return str(words.PACKAGE_STATUSES.get(code, code))


def address_lines(address: AddressView) -> list[str]:
    """An address as lines of a label: with its place, its country's name, the phone last."""
    country = str(when.locale_of(language()).territories.get(address.country, address.country))
    return [visible(line) for line in (*address.block, country, address.phone) if line]


def document_reader(reader: Reader) -> Reader:
    """The same reader, for a document: what it says of times names the year."""
    return replace(reader, now=_LONG_AGO)


def telling(marketplace_id: str) -> Telling:
    """How evidence is told, in the active language: times in the marketplace's zone, with year and zone named."""
    zone, tongue = when.marketplace_zone(marketplace_id), language()

    def moment(at: datetime) -> str:
        return when.moment(at, zone, _LONG_AGO, tongue)

    return Telling(
        place=by_id(marketplace_id).name,
        zone=zone.key,
        moment=moment,
        money=money,
        carrier=order_words.carrier,
        address=address_lines,
        event=event,
        package_status=package_status,
        claim_state=lambda code: _first(claim_words.STATES, code),
        claim_cause=lambda code: str(_named(claim_words.CAUSES).get(code, code)),
        return_state=return_state,
        return_reason=return_reason,
        refund_state=refund_state,
        refund_reason=refund_reason,
        grade=grade,
    )


def _first(table: Mapping[Any, tuple[Any, ...]], code: str) -> str:
    """The name among a state's name, icon and tone; a code without words stays."""
    found = {str(key): value for key, value in table.items()}.get(code)
    return str(found[0]) if found else code


def _named(table: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in table.items()}
