"""What comes after shipping in the demonstration world: goods that go back, and money with or without them (S2, S0)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from sellerdesk.commands.refunds import RefundChange
from sellerdesk.commands.returns import Authorize, Close, Inspect, Receive, ReturnStep
from sellerdesk.demo.history import Kind, Step
from sellerdesk.demo.orders import Pen, Wish
from sellerdesk.domain.identifiers import new_rma
from sellerdesk.domain.orders import OrderDocument
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import LineRefund, RefundRequest
from sellerdesk.domain.return_facts import Grade, ReturnReason
from sellerdesk.domain.returns import CloseReason, Label, ReturnAsked

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_R = ReturnReason

_COMMENTS = {
    _R.DEFECTIVE: {
        "US": "It broke after two evenings of ordinary use, and I would like my money back.",
        "DE": "Nach zwei Tagen normaler Benutzung kaputt. Ich hätte gern mein Geld zurück.",
        "JP": "二日ふつうに使っただけで壊れました。返金をお願いします。",
    },
    _R.TOO_SMALL: {
        "US": "Lovely, but smaller than I pictured. I would like to send it back, it is unused.",
        "DE": "Schön, aber kleiner als gedacht. Unbenutzt, ich würde es gern zurückschicken.",
        "JP": "思ったより小さかったです。未使用なので返品したいです。",
    },
    _R.NOT_AS_DESCRIBED: {
        "US": "The picture shows a much darker colour, and this one is lighter. Not what I paid for.",
        "DE": "Auf dem Bild viel dunkler, geliefert wurde eine helle Farbe. So möchte ich es nicht behalten.",
        "JP": "写真より色がずっと明るく、説明と違いました。",
    },
    _R.DAMAGED_IN_TRANSIT: {
        "US": "The box was crushed on one side, and so is what was in it.",
        "DE": "Der Karton war eingedrückt und der Inhalt auch.",
        "JP": "箱がつぶれていて、中身も傷んでいます。",
    },
}


def tell_aftermath(pen: Pen, countries: tuple[str, ...], depot: Mapping[str, str]) -> None:
    """All of it for one seller. The first of its countries is where it sells most; returns go to `depot`."""
    home, abroad = countries[0], next((one for one in countries if one in ("DE", "JP")), countries[-1])
    _waiting(pen, home, abroad)
    _on_the_way_back(pen, home, abroad)
    _in_the_warehouse(pen, home, abroad)
    _done(pen, home, abroad)
    _closed(pen, home, abroad, depot)
    _money_alone(pen, home, abroad)


def _delivered(pen: Pen, country: str, days: tuple[float, float], wish: Wish | None = None) -> OrderDocument:
    """An order that its buyer has had since so many days."""
    at = pen.ago(*days) - 6 * _DAY
    order = pen.place(country, at, wish or Wish(units=(1,)))
    pen.pay(order, 40 * timedelta(minutes=1))
    pen.ship(order, at + 9 * _HOUR)
    pen.see(order, at + 9 * _HOUR, (0.3, "PICKED_UP"), (1.5, "IN_TRANSIT"), (5, "DELIVERED"))
    return order


def _rma(order: OrderDocument) -> str:
    return new_rma(Random(order.order_number))  # as live_through draws it


def _note(pen: Pen, at: datetime, kind: Kind, request: object) -> None:
    pen.steps.append(Step(at, pen.seller_id, kind, request))


def _ask(pen: Pen, order: OrderDocument, at: datetime, country: str, reason: ReturnReason) -> str:
    lines = {item.item_number: item.ordered for item in order.items or ()}
    comment = _COMMENTS.get(reason, {}).get(country, "")
    asked = ReturnAsked(order.order_number, reason, lines, comment=comment, wish="refund")
    _note(pen, at, Kind.RETURN_ASKED, asked)
    return _rma(order)


def _waiting(pen: Pen, home: str, abroad: str) -> None:
    """Asked for after the window: somebody has to decide. One buyer was written to, one waits for too long."""
    for country, reason, asked_ago in (
        (home, _R.NOT_AS_DESCRIBED, 5 * _HOUR),
        (home, _R.DEFECTIVE, 20 * _HOUR),
        (abroad, _R.TOO_SMALL, 9 * _HOUR),
        (home, _R.BETTER_PRICE, 31 * _HOUR),
    ):
        order = _delivered(pen, country, (38, 44))
        _ask(pen, order, pen.now - asked_ago, country, reason)
        if reason is _R.DEFECTIVE:
            pen.hear(order, pen.now - 18 * _HOUR, "Could you tell me whether you take it back? Thank you.")
            pen.answer(
                order, pen.now - 16 * _HOUR, "We are sorry about this. One question: where did it break?"
            )


def _on_the_way_back(pen: Pen, home: str, abroad: str) -> None:
    """In policy, so authorised by itself; some parcels have been seen on their way."""
    for number, (country, reason) in enumerate(
        ((home, _R.TOO_LARGE), (abroad, _R.DEFECTIVE), (home, _R.NOT_NEEDED), (home, _R.DAMAGED_IN_TRANSIT))
    ):
        order = _delivered(pen, country, (6, 9))
        rma = _ask(pen, order, pen.ago(2.5, 4), country, reason)
        if number % 2:
            _note(pen, pen.ago(0.5, 1.5), Kind.RETURN_DEPARTED, ReturnStep(order.order_number, rma))


def _in_the_warehouse(pen: Pen, home: str, abroad: str) -> None:
    """Goods are here: to be looked at, or looked at and to be refunded."""
    for country, reason, grade in (
        (home, _R.DEFECTIVE, None),
        (abroad, _R.NOT_NEEDED, Grade.REPACK),
        (home, _R.TOO_SMALL, Grade.SELLABLE),
    ):
        order = _delivered(pen, country, (11, 16))
        rma = _ask(pen, order, pen.ago(7, 9), country, reason)
        received = pen.ago(0.4, 0.7)
        _note(pen, received, Kind.RETURN_RECEIVED, Receive(order.order_number, rma))
        if grade is not None:
            _grade(pen, order, received + 2 * _HOUR, grade)


def _grade(pen: Pen, order: OrderDocument, at: datetime, grade: Grade) -> None:
    grades = {item.item_number: grade for item in order.items or ()}
    _note(pen, at, Kind.RETURN_GRADED, Inspect(order.order_number, _rma(order), grades=grades))


def _refund(order: OrderDocument, reason: RefundReason, mode: Mode, **said: object) -> RefundRequest:
    return RefundRequest(order.order_number, reason, mode, **said)  # type: ignore[arg-type]


def _done(pen: Pen, home: str, abroad: str) -> None:
    """All the way through: sold again, or worth less than it was, with what the policy lets the seller keep."""
    for country, reason, grade, fee in (
        (home, _R.NOT_NEEDED, Grade.SELLABLE, 0),
        (abroad, _R.TOO_LARGE, Grade.DAMAGED, 300),
        (home, _R.DEFECTIVE, Grade.DAMAGED, 0),
    ):
        order = _delivered(pen, country, (28, 34))
        rma = _ask(pen, order, pen.ago(22, 25), country, reason)
        received = pen.ago(14, 17)
        _note(pen, received, Kind.RETURN_RECEIVED, Receive(order.order_number, rma))
        _grade(pen, order, received + 2 * _HOUR, grade)
        back = _refund(order, RefundReason.BUYER_RETURN, Mode.ON_RECEIPT, rma=rma, fee=fee)
        _note(pen, received + 5 * _HOUR, Kind.REFUNDED, back)


def _closed(pen: Pen, home: str, abroad: str, depot: Mapping[str, str]) -> None:
    """Closed by the seller after a talk, and by a buyer who kept it; one that the seller authorised by hand."""
    order = _delivered(pen, home, (44, 48))
    rma = _ask(pen, order, pen.ago(5, 6), home, _R.BETTER_PRICE)
    pen.hear(order, pen.ago(4.7, 4.9), "I know I am late. Can I still send it back?")
    pen.answer(order, pen.ago(4.2, 4.6), "The thirty days are over, we are sorry.")
    comment = "The time to return this order is over, as we wrote on Tuesday. Thank you for understanding."
    closing = Close(order.order_number, rma, reason=CloseReason.OUT_OF_POLICY, comment=comment)
    _note(pen, pen.ago(3.5, 4), Kind.RETURN_CLOSED, closing)
    order = _delivered(pen, abroad, (9, 12))
    rma = _ask(pen, order, pen.ago(5, 6), abroad, _R.TOO_SMALL)
    _note(pen, pen.ago(3, 4), Kind.RETURN_WITHDRAWN, Close(order.order_number, rma))
    order = _delivered(pen, home, (40, 44))
    rma = _ask(pen, order, pen.ago(4, 5), home, _R.NOT_AS_DESCRIBED)
    step = Authorize(
        order.order_number, rma, address=depot, label=Label.NONE, instructions="Please add the number."
    )
    _note(pen, pen.ago(3.2, 3.8), Kind.RETURN_AUTHORIZED, step)


def _money_alone(pen: Pen, home: str, abroad: str) -> None:
    """Refunds without goods: held, called back, waiting for a second person, in advance, in parts."""
    order = _delivered(pen, home, (8, 12))
    held = _refund(
        order, RefundReason.GENERAL_ADJUSTMENT, Mode.GOODWILL, amount=500, words="For the scratched lid."
    )
    _note(pen, pen.now - timedelta(minutes=35), Kind.REFUNDED, held)
    order = _delivered(pen, home, (8, 12))
    mistaken = _refund(order, RefundReason.NOT_RECEIVED, Mode.GOODWILL, note="Wrong order, called back.")
    asked_at = pen.ago(2, 3)
    _note(pen, asked_at, Kind.REFUNDED, mistaken)
    back = RefundChange(order.order_number, f"{order.order_number}-R1")
    _note(pen, asked_at + timedelta(minutes=20), Kind.REFUND_UNDONE, back)
    order = _delivered(pen, home, (8, 12), Wish(units=(40,), business=True))
    _note(
        pen,
        pen.now - 3 * _HOUR,
        Kind.REFUNDED,
        _refund(order, RefundReason.NOT_AS_DESCRIBED, Mode.RETURNLESS),
    )
    order = _delivered(pen, abroad, (12, 16))
    rma = _ask(pen, order, pen.ago(6, 7), abroad, _R.DEFECTIVE)
    early = _refund(
        order,
        RefundReason.BUYER_RETURN,
        Mode.ADVANCE,
        rma=rma,
        override="Buyer for years, sends it back on Monday.",
    )
    _note(pen, pen.ago(4, 5), Kind.REFUNDED, early)
    order = _delivered(pen, home, (18, 22), Wish(units=(3,)))
    (item,) = order.items or ()
    for days, units in ((12, 1), (6, 2)):
        part = _refund(
            order,
            RefundReason.WRONG_ITEM,
            Mode.RETURNLESS,
            lines=(LineRefund(item.item_number, units=units),),
        )
        _note(pen, pen.now - days * _DAY, Kind.REFUNDED, part)
