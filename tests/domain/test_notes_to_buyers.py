"""Notes beside refunds and returns reach buyers too: the lint of messages holds for them (S3-12, C12)."""

from collections.abc import Callable

import pytest
from tests.domain.test_refunds import a_return, ask, deciding, facts

from sellerdesk.domain import refund_decisions, return_ways, returns
from sellerdesk.domain.actors import Party
from sellerdesk.domain.message_lint import check_note
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.return_facts import ReturnState
from sellerdesk.domain.return_ways import WayBack

ADDRESS = {"name": "Depot", "line1": "1 Main St", "city": "Reno", "country": "US"}


def _close(words: str, party: Party) -> None:
    waiting = a_return(ReturnState.PENDING_AUTHORIZATION)
    returns.close(waiting, "other", words, facts().order, by_seller=party is Party.SELLER)


def _refund(words: str, party: Party) -> None:
    refund_decisions.refund(facts(), ask(words=words), deciding(party=party))


def _authorize(words: str, party: Party) -> None:
    waiting, way = a_return(ReturnState.PENDING_AUTHORIZATION), WayBack(ADDRESS, instructions=words)
    return_ways.authorize(waiting, way, facts().order, "US", by_seller=party is Party.SELLER)


def _setting(words: str, party: Party) -> None:
    if party is Party.SELLER:
        check_note(words, "instructions")


PLACES = {"close_comment": _close, "words": _refund, "instructions": _authorize, "setting": _setting}
each_place = pytest.mark.parametrize(("place", "say"), PLACES.items(), ids=PLACES)


@each_place
@pytest.mark.parametrize(
    "words",
    [
        "Please leave us a 5 star review.",
        "We refund you if you delete your negative review.",
        "Write to shop@example.com instead.",
        "Visit www.our-own-shop.com for a better price.",
    ],
)
def test_no_note_begs_or_leads_away(place: str, say: Callable[[str, Party], None], words: str) -> None:
    with pytest.raises(Refusal) as caught:
        say(words, Party.SELLER)
    assert caught.value.code is Code.LINT_REFUSED
    assert caught.value.facts["place"] == place.replace("setting", "instructions")
    assert caught.value.facts["codes"]
    say(words, Party.AMAZON)  # only sellers are bound by it


@each_place
@pytest.mark.parametrize(
    "words",
    [
        "It came back too late, sorry.",
        "Please put the RMA number RMA7 into the parcel.",
        "Thank you!",
        "请在包裹内放入退货编号。",
    ],
)
def test_a_harmless_note_passes(place: str, say: Callable[[str, Party], None], words: str) -> None:
    say(words, Party.SELLER)
