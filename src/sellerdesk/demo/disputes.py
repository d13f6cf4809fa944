"""Claims in the demonstration world: hours left, answered, granted, won on appeal, withdrawn (rulebook 3.6)."""

from datetime import datetime, timedelta
from random import Random

from sellerdesk.demo.aftermath import ask, delivered, note
from sellerdesk.demo.history import Kind
from sellerdesk.demo.orders import Pen
from sellerdesk.domain.claim_facts import ClaimKind, Fault
from sellerdesk.domain.claims import AppealVerdict, ClaimStep, ClaimVerdict, FileClaim
from sellerdesk.domain.identifiers import new_claim_reference
from sellerdesk.domain.orders import OrderDocument
from sellerdesk.domain.return_facts import ReturnReason

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_K = ClaimKind
_LOST = {
    "US": "Tracking says it was handed over on Tuesday. I was home all day, nobody rang. My neighbours have nothing.",
    "DE": "Laut Sendungsverfolgung zugestellt. Ich habe nichts bekommen, auch die Nachbarn nicht.",
    "JP": "配達済みと表示されていますが、届いていません。宅配ボックスにもありませんでした。",
}
_ASKS = {
    "US": "The parcel is marked as delivered, but it is not here. Where is it?",
    "DE": "Das Paket gilt als zugestellt, ist aber nicht da. Wo ist es?",
    "JP": "配達済みとありますが届いていません。どこにありますか？",
}
_BROKEN = {
    "US": "It arrived broken, the photos show it. I asked for a return and am still waiting for an answer that helps.",
    "DE": "Es kam beschädigt an, siehe Fotos. Auf eine brauchbare Antwort warte ich noch.",
    "JP": "壊れた状態で届きました。写真をご覧ください。まだ解決していません。",
}


def tell_disputes(pen: Pen, countries: tuple[str, ...]) -> None:
    """All of it for one seller. The first of its countries is where it sells most."""
    home, abroad = countries[0], next((one for one in countries if one in ("DE", "JP")), countries[-1])
    _hours_left(pen, home)
    _fresh(pen, home, abroad)
    _under_review(pen, abroad)
    _silence(pen, home)
    _won_on_appeal(pen, home)
    _denied_and_withdrawn(pen, home, abroad)


def _claim(order: OrderDocument) -> tuple[str, str]:
    """Order number and reference, as live_through draws it."""
    return order.order_number, new_claim_reference(Random(order.order_number))


def _lost(pen: Pen, country: str, filed: datetime, *, answered: bool = True) -> OrderDocument:
    """Delivered, says the carrier; the buyer asks, and claims when no answer helped."""
    since = (pen.now - filed) / _DAY
    order = delivered(pen, country, (since + 5, since + 7))
    pen.hear(order, filed - 3 * _DAY, _ASKS[country])
    if answered:
        pen.answer(order, filed - 3 * _DAY + 4 * _HOUR, "We have asked the carrier and write again tomorrow.")
    note(pen, filed, Kind.CLAIM_FILED, FileClaim(order.order_number, _K.NOT_RECEIVED, _LOST[country]))
    return order


def _hours_left(pen: Pen, home: str) -> None:
    _lost(pen, home, pen.now - 66 * _HOUR, answered=False)


def _fresh(pen: Pen, home: str, abroad: str) -> None:
    """Broken goods with photos, filed this morning; and one abroad, yesterday."""
    order = delivered(pen, home, (8, 9))
    ask(pen, order, pen.now - 4 * _DAY, home, ReturnReason.DAMAGED_IN_TRANSIT)
    words = FileClaim(order.order_number, _K.NOT_AS_DESCRIBED, _BROKEN[home])
    note(pen, pen.now - 7 * _HOUR, Kind.CLAIM_FILED, words)
    _lost(pen, abroad, pen.now - 27 * _HOUR)


def _under_review(pen: Pen, abroad: str) -> None:
    order = _lost(pen, abroad, pen.now - 4 * _DAY)
    answer = "The carrier delivered it at the door and has a signature, M. Keller. Its proof has the number 4417-22."
    note(pen, pen.now - 3 * _DAY, Kind.CLAIM_ANSWERED, ClaimStep(*_claim(order), answer))


def _silence(pen: Pen, home: str) -> None:
    _lost(pen, home, pen.now - 9 * _DAY, answered=False)


def _won_on_appeal(pen: Pen, home: str) -> None:
    order = _lost(pen, home, pen.now - 20 * _DAY)
    claim = _claim(order)
    note(
        pen,
        pen.now - 19 * _DAY,
        Kind.CLAIM_ANSWERED,
        ClaimStep(*claim, "It was delivered on the promised day."),
    )
    lost = ClaimVerdict(*claim, True, Fault.SELLER, text="No proof that the buyer has it.")
    note(pen, pen.now - 17 * _DAY, Kind.CLAIM_DECIDED, lost)
    words = "The carrier has sent its proof: signed for by the buyer, with the place of delivery."
    note(pen, pen.now - 12 * _DAY, Kind.CLAIM_APPEALED, ClaimStep(*claim, words))
    won = AppealVerdict(*claim, True, True, text="The signature matches. Money and defect are reversed.")
    note(pen, pen.now - 8 * _DAY, Kind.APPEAL_DECIDED, won)


def _denied_and_withdrawn(pen: Pen, home: str, abroad: str) -> None:
    order = _lost(pen, home, pen.now - 15 * _DAY)
    note(
        pen,
        pen.now - 14 * _DAY,
        Kind.CLAIM_ANSWERED,
        ClaimStep(*_claim(order), "Handed over at the pick-up shop."),
    )
    denied = ClaimVerdict(*_claim(order), False, Fault.BUYER, text="Collected with the buyer's code.")
    note(pen, pen.now - 12 * _DAY, Kind.CLAIM_DECIDED, denied)
    order = _lost(pen, abroad, pen.now - 6 * _DAY)
    found = ClaimStep(*_claim(order), "It was with the caretaker. Sorry!")
    note(pen, pen.now - 5 * _DAY, Kind.CLAIM_WITHDRAWN, found)
