"""The refund form: amounts and reasons, kept exactly as typed until they are accepted (S4-20 to S4-22, screens 1.9).

Nothing is capped here: what is left to give back is the rule's affair, and is asked under the order's lock. So a form
that is sent twice is understood the same way both times, and its key decides.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import uuid4

from sellerdesk.domain.idempotency import digest_of
from sellerdesk.domain.money import Money, parse_amount
from sellerdesk.domain.refund_amounts import GROUPS, MoneyFacts, net
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import NOTE_LENGTH_MOST, LineRefund, RefundFacts, RefundRequest
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_facts import ENDED, ReturnFacts
from sellerdesk.interfaces.web.forms.typed import FieldError, tidy, typed, whole_number

FULL, PARTIAL = "full", "partial"
LONGEST_OVERRIDE = 255
LONGEST_WORDS = 2000  # to the buyer
FILLS = ("p10", "p20", "p50", "shipping", "max", "none", "units", "fee")
PERCENT = {"p10": 10, "p20": 20, "p50": 50}
_KEY_LONGEST = 64
_ALL = 100
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LineDraft:
    """What is typed for one line: units, or the two amounts."""

    units: str = ""
    product: str = ""
    shipping: str = ""


@dataclass(frozen=True, slots=True)
class RefundDraft:
    """The form as typed. `kind` is `full` or `partial`.

    `version`, `seen` and `left` say which state of the order was on the screen; `key` makes a repeat of the same form
    do nothing.
    """

    kind: str
    version: str
    seen: str
    left: str
    key: str
    reason: str = ""
    mode: str = Mode.GOODWILL.value
    rma: str = ""
    amount: str = ""
    return_shipping: str = ""
    goodwill: str = ""
    fee: str = ""
    override: str = ""
    note: str = ""
    words: str = ""
    lines: Mapping[str, LineDraft] = field(default_factory=dict)

    def line(self, item_number: str) -> LineDraft:
        return self.lines.get(item_number, LineDraft())

    @property
    def chosen(self) -> RefundReason | None:
        """The reason, when one of ours is chosen."""
        return RefundReason(self.reason) if self.reason in set(RefundReason) else None

    @property
    def chosen_mode(self) -> Mode | None:
        return Mode(self.mode) if self.mode in set(Mode) else None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the form asks for. `request` None: something is wrong with it, see `errors`."""

    request: RefundRequest | None
    errors: tuple[FieldError, ...] = ()


def open_returns(facts: RefundFacts) -> list[ReturnFacts]:
    """The order's returns that a refund can still answer."""
    return [one for one in facts.returns if one.state not in ENDED]


def linked_return(facts: RefundFacts, rma: str) -> ReturnFacts | None:
    """The return named, or the only open one: as the rule links it."""
    found = open_returns(facts)
    if rma:
        return next((one for one in found if one.rma == rma), None)
    return found[0] if len(found) == 1 else None


def first_draft(facts: RefundFacts, kind: str, *, seen: int, rma: str) -> RefundDraft:
    """The form before anything is typed: a return that is named fills in its units, its reason and the mode."""
    order = facts.order
    named = linked_return(facts, rma) if rma else None
    linked = linked_return(facts, rma)
    draft = RefundDraft(
        kind,
        str(order.version),
        str(seen),
        str(facts.left),
        new_key(),
        reason=RefundReason.BUYER_RETURN.value if named else "",
        mode=_first_mode(linked).value,
        rma=named.rma if named else "",
    )
    return filled(draft, facts, "units") if named and kind == PARTIAL else draft


def _first_mode(linked: ReturnFacts | None) -> Mode:
    if linked is None:
        return Mode.GOODWILL
    return Mode.RETURNLESS if linked.returnless else Mode.ON_RECEIPT


def new_key() -> str:
    """A key drawn with the form."""
    return uuid4().hex


def tidy_key(text: str) -> str:
    """A key that a form sent, or a fresh one in place of what is none."""
    return text if text.isascii() and text.isalnum() and len(text) <= _KEY_LONGEST else new_key()


def read_draft(data: Mapping[str, Any], facts: RefundFacts, kind: str) -> RefundDraft:
    """What was typed, unchecked."""
    single = (
        "version", "seen", "left", "reason", "mode", "rma", "amount", "return_shipping", "goodwill", "fee", "override",
        "note", "words",
    )  # fmt: skip
    numbers = [item.item_number for item in facts.order.items]
    return RefundDraft(
        kind,
        key=tidy_key(typed(data, "key")),
        lines={
            number: LineDraft(*(typed(data, f"{name}-{number}") for name in ("units", "product", "shipping")))
            for number in numbers
        },
        **{name: typed(data, name) for name in single},
    )


def understand(draft: RefundDraft, facts: RefundFacts) -> Reading:
    """Read the form; all that is wrong at once."""
    errors: list[FieldError] = []
    read = _Reader(facts.order.currency, errors)
    if draft.chosen is None:
        errors.append(FieldError("reason", refuse(Code.MISSING_VALUE, place="reason")))
    if draft.chosen_mode is None:
        wrong = {"place": "mode", "value": draft.mode[:40], "expected": "one of the choices"}
        errors.append(FieldError("mode", refuse(Code.INVALID_VALUE, **wrong)))
    asked = RefundRequest(
        facts.order.order_number,
        draft.chosen or RefundReason.GENERAL_ADJUSTMENT,
        mode=draft.chosen_mode or Mode.GOODWILL,
        return_shipping=read.amount("return_shipping", draft.return_shipping),
        goodwill=read.amount("goodwill", draft.goodwill),
        fee=read.amount("fee", draft.fee),
        rma=draft.rma,
        currency=facts.order.currency,
        version=_number(draft.version),
        expects_left=_number(draft.left),
        override=read.text("override", draft.override, LONGEST_OVERRIDE),
        note=read.text("note", draft.note, NOTE_LENGTH_MOST),
        words=read.text("words", draft.words, LONGEST_WORDS),
    )
    if draft.kind == PARTIAL:
        asked = _partial(draft, asked, read)
    return Reading(None if errors else asked, tuple(errors))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


@dataclass
class _Reader:
    """Reads fields of one form; what is wrong is added to `errors`."""

    currency: str
    errors: list[FieldError]

    def amount(self, place: str, text: str) -> int:
        """Minor units; nothing typed means 0. No sign, no symbol, no digit but the ten of ASCII."""
        return self._read(place, lambda: _amount(text, self.currency, place), 0)

    def units(self, place: str, text: str) -> int:
        return self._read(place, lambda: whole_number(text, place=place), 0)

    def text(self, place: str, text: str, longest: int) -> str:
        return self._read(place, lambda: tidy(text, place=place, longest=longest), "")

    def wrong(self, place: str, refusal: Refusal) -> None:
        self.errors.append(FieldError(place, refusal))

    def _read(self, place: str, read: Callable[[], T], fallback: T) -> T:
        try:
            return read()
        except Refusal as refusal:
            self.wrong(place, refusal)
            return fallback


def _amount(text: str, currency: str, place: str) -> int:
    plain = text.strip(" ")
    if not plain:
        return 0
    minor = parse_amount(plain, currency, place=place)
    if plain.startswith("-"):
        raise refuse(Code.INVALID_VALUE, place=place, value=plain[:40], expected="decimal amount")
    return minor


def _partial(draft: RefundDraft, asked: RefundRequest, read: _Reader) -> RefundRequest:
    before = len(read.errors)
    amount = read.amount("amount", draft.amount)
    lines = [one for number, line in draft.lines.items() if (one := _line(number, line, read))]
    if amount and lines:
        read.wrong("amount", refuse(Code.INVALID_VALUE, place="amount", value="", expected="lines or amount"))
    if amount:
        return replace(asked, amount=amount)
    if lines:
        return replace(asked, lines=tuple(lines))
    if len(read.errors) == before and not (asked.return_shipping or asked.goodwill):
        read.wrong("lines", refuse(Code.MISSING_VALUE, place="lines"))
    return replace(asked, only_concessions=True)


def _line(number: str, line: LineDraft, read: _Reader) -> LineRefund | None:
    before = len(read.errors)
    units = read.units(f"units-{number}", line.units)
    amounts = {group: read.amount(f"{group}-{number}", getattr(line, group)) for group in GROUPS}
    amounts = {group: minor for group, minor in amounts.items() if minor}
    if units and amounts:
        place = f"units-{number}"
        read.wrong(place, refuse(Code.INVALID_VALUE, place=place, value="", expected="units or amounts"))
    if len(read.errors) > before or not (units or amounts):
        return None
    return LineRefund(number, units=units, amounts={} if units else amounts)


# --- Quick buttons: what they type for the person ---


def filled(draft: RefundDraft, facts: RefundFacts, how: str, *, fee_most: int = 0) -> RefundDraft:
    """The draft after a quick button: a share of the price, the shipping, everything, nothing, the return's units, or
    the highest fee. `max-NUMBER` fills one line.
    """
    if how == "fee":
        return replace(draft, fee=Money(facts.order.currency, fee_most).text() if fee_most else "")
    if how.startswith("max-"):
        number = how.removeprefix("max-")
        known = {item.item_number for item in facts.order.items}
        fresh = {number: _line_of(facts, number, "max")} if number in known else {}
        return replace(draft, lines={**draft.lines, **fresh}, amount="")
    linked = linked_return(facts, draft.rma)
    units = {line.item_number: line.quantity - line.refunded for line in linked.lines} if linked else {}
    lines = {
        item.item_number: LineDraft(units=str(units[item.item_number]))
        if how == "units" and units.get(item.item_number, 0) > 0
        else _line_of(facts, item.item_number, how)
        for item in facts.order.items
    }
    return replace(draft, lines=lines, amount="")


def group_left(money: Sequence[MoneyFacts], item_id: int, group: str) -> int:
    """What can still be given back of a line's product or shipping, in minor units."""
    return max(0, net(one for one in money if one.item_id == item_id and one.component in GROUPS[group]))


def _line_of(facts: RefundFacts, number: str, how: str) -> LineDraft:
    item = facts.order.item(number)
    product, shipping = (group_left(facts.money, item.id, group) for group in ("product", "shipping"))
    charged = sum(
        one.charged for one in facts.money if one.item_id == item.id and one.component in GROUPS["product"]
    )
    share = PERCENT.get(how)
    typed_product = min(product, charged * share // _ALL) if share else product if how == "max" else 0
    typed_shipping = shipping if how in ("shipping", "max") else 0
    texts = [Money(facts.order.currency, n).text() if n else "" for n in (typed_product, typed_shipping)]
    return LineDraft("", *texts)


def digest(request: RefundRequest) -> str:
    """What the key stands for: the same form sent again, and nothing else."""
    lines = None
    if request.lines is not None:
        lines = [[one.item_number, one.units, dict(one.amounts)] for one in request.lines]
    return digest_of(
        {
            "order": request.order_number,
            "reason": request.reason.value,
            "mode": request.mode.value,
            "lines": lines,
            "amount": request.amount,
            "only": request.only_concessions,
            "extra": [request.return_shipping, request.goodwill, request.fee],
            "rma": request.rma,
            "texts": [request.override, request.note, request.words],
        }
    )
