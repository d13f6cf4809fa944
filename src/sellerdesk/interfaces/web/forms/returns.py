"""The forms about one return, kept exactly as typed until they are accepted (S2-13, S4-17; screens 1.10)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sellerdesk.domain.money import parse_amount
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_facts import Grade
from sellerdesk.domain.return_ways import ADDRESS_PARTS, Label
from sellerdesk.domain.returns import CloseReason
from sellerdesk.interfaces.web.forms.typed import FieldError, tidy, typed, whole_number
from sellerdesk.queries.return_detail import ReturnDetail

_NEEDED = ("name", "line1", "city", "country")
_LONGEST_ADDRESS, _LONGEST_TEXT, _LONGEST_NOTE = 120, 2000, 255
_RMA = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/#-]{0,38}[A-Za-z0-9]|[A-Za-z0-9]")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_KEY_LONGEST = 64


@dataclass(frozen=True, slots=True)
class Head:
    """What every form carries: which state of the return was on the screen (`version`, and `seen`, the newest entry of
    the journal), and a key that makes a repeat of the same form do nothing.
    """

    version: str
    seen: str
    key: str

    @property
    def number(self) -> int:
        """The version as a number; -1, which is never right, for anything else."""
        text = self.version
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def new_key() -> str:
    """A key drawn with the form."""
    return uuid4().hex


def first_head(detail: ReturnDetail, seen: int) -> Head:
    """Of a form that is shown for the first time."""
    return Head(str(detail.view.version), str(seen), new_key())


def read_head(data: Mapping[str, Any]) -> Head:
    """Of a form that was sent."""
    key = typed(data, "key")
    sound = key.isascii() and key.isalnum() and len(key) <= _KEY_LONGEST
    return Head(typed(data, "version"), typed(data, "seen"), key if sound else new_key())


@dataclass(frozen=True, slots=True)
class AuthorizeDraft:
    """Where the goods go and with which label, as typed."""

    head: Head
    address: Mapping[str, str]
    label: str = Label.NONE.value
    carrier: str = ""
    tracking: str = ""
    cost: str = ""
    own_rma: str = ""
    instructions: str = ""


def first_authorize(detail: ReturnDetail, seen: int) -> AuthorizeDraft:
    """The address and instructions that the seller has set for the marketplace, ready to be changed."""
    address = {name: str(detail.address.get(name, "")) for name in ADDRESS_PARTS}
    return AuthorizeDraft(first_head(detail, seen), address, instructions=detail.instructions)


def read_authorize(data: Mapping[str, Any]) -> AuthorizeDraft:
    """What was typed, unchecked."""
    return AuthorizeDraft(
        read_head(data),
        {name: typed(data, name) for name in ADDRESS_PARTS},
        typed(data, "label") or Label.NONE.value,
        typed(data, "carrier"),
        typed(data, "tracking"),
        typed(data, "cost"),
        typed(data, "own_rma"),
        typed(data, "instructions"),
    )


@dataclass(frozen=True, slots=True)
class Authorized:
    """The same, checked."""

    address: dict[str, str]
    label: Label
    carrier: str
    tracking: str
    cost: int | None  # of the label, in minor units
    own_rma: str
    instructions: str


class _Checks:
    """Collects what is wrong, so that a form says all of it at once."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def text(self, value: str, place: str, longest: int, *, needed: bool = False) -> str:
        """The text, tidied; "" when something is wrong with it."""
        try:
            clean = tidy(value, place=place, longest=longest)
            if needed and not clean:
                raise refuse(Code.MISSING_VALUE, place=place)
        except Refusal as refusal:
            self.errors.append(FieldError(place, refusal))
            return ""
        return clean

    def amount(self, value: str, place: str, currency: str) -> int | None:
        """An amount in minor units; None when nothing was typed, or something is wrong with it."""
        if not value.strip():
            return None
        try:
            amount = parse_amount(value.strip(), currency, place=place)
        except Refusal as refusal:
            self.errors.append(FieldError(place, refusal))
            return None
        if amount < 0:
            self.wrong(place, value, "0.00")
        return amount

    def wrong(self, place: str, value: str, expected: str) -> None:
        refusal = refuse(Code.INVALID_VALUE, place=place, value=value[:40], expected=expected)
        self.errors.append(FieldError(place, refusal))

    def missing(self, place: str) -> None:
        self.errors.append(FieldError(place, refuse(Code.MISSING_VALUE, place=place)))


def check_authorize(
    draft: AuthorizeDraft, currency: str, *, with_file: bool
) -> tuple[Authorized | None, list[FieldError]]:
    """Read the form; all that is wrong at once. `with_file`: whether a label was handed in with it."""
    checks = _Checks()
    address = {
        name: checks.text(value, name, _LONGEST_ADDRESS, needed=name in _NEEDED)
        for name, value in draft.address.items()
    }
    if draft.label not in set(Label):
        checks.wrong("label", draft.label, ", ".join(Label))
    tracking = checks.text(draft.tracking, "tracking", 100, needed=draft.label == Label.PREPAID)
    carrier = checks.text(draft.carrier, "carrier", 60)
    if draft.label == Label.UPLOADED and not with_file and not tracking:
        checks.missing("file")
    if address.get("country") and not _COUNTRY.fullmatch(address["country"]):
        checks.wrong("country", address["country"], "US, DE, CN …")
    cost = checks.amount(draft.cost, "cost", currency) if draft.label != Label.NONE else None
    own = checks.text(draft.own_rma, "own_rma", 40)
    if own and not _RMA.fullmatch(own):
        checks.wrong("own_rma", own, "letters, digits, dots, dashes")
    instructions = checks.text(draft.instructions, "instructions", _LONGEST_TEXT)
    if checks.errors:
        return None, checks.errors
    filled = {name: value for name, value in address.items() if value}
    return Authorized(filled, Label(draft.label), carrier, tracking, cost, own, instructions), []


@dataclass(frozen=True, slots=True)
class CloseDraft:
    """Why the request is closed, and what the buyer is told."""

    head: Head
    reason: str = ""
    comment: str = ""


def read_close(data: Mapping[str, Any]) -> CloseDraft:
    """What was typed, unchecked."""
    return CloseDraft(read_head(data), typed(data, "reason"), typed(data, "comment"))


def check_close(draft: CloseDraft) -> tuple[str, list[FieldError]]:
    """The comment, tidied, and what is wrong."""
    checks = _Checks()
    if not draft.reason:
        checks.missing("reason")
    elif draft.reason not in set(CloseReason):
        checks.wrong("reason", draft.reason, ", ".join(CloseReason))
    comment = checks.text(draft.comment, "comment", _LONGEST_TEXT, needed=True)
    return comment, checks.errors


@dataclass(frozen=True, slots=True)
class LinesDraft:
    """What is typed line by line: units that came; or a grade and a note."""

    head: Head
    units: Mapping[str, str] = field(default_factory=dict)
    grades: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


def read_lines(data: Mapping[str, Any], numbers: Sequence[str]) -> LinesDraft:
    """What was typed for the lines with these item numbers, unchecked."""
    return LinesDraft(
        read_head(data),
        {one: typed(data, f"units-{one}") for one in numbers},
        {one: typed(data, f"grade-{one}") for one in numbers},
        {one: typed(data, f"note-{one}") for one in numbers},
    )


def check_units(draft: LinesDraft, most: Mapping[str, int]) -> tuple[dict[str, int], list[FieldError]]:
    """Item number → units that came, of the lines that had any; `most`: how many can still come of each."""
    found, errors = {}, []
    for number, text in draft.units.items():
        place = f"units-{number}"
        try:
            count = whole_number(text, place=place)
            if count > most[number]:
                raise refuse(Code.RETURN_QUANTITY, item_number=number, asked=count, left=most[number])
            if count:
                found[number] = count
        except Refusal as refusal:
            errors.append(FieldError(place, refusal))
    if not found and not errors:
        errors.append(FieldError("units", refuse(Code.MISSING_VALUE, place="units")))
    return found, errors


def check_grades(
    draft: LinesDraft, numbers: Sequence[str]
) -> tuple[dict[str, Grade], dict[str, str], list[FieldError]]:
    """Item number → grade, and → note, of the lines that were looked at."""
    checks = _Checks()
    grades: dict[str, Grade] = {}
    notes: dict[str, str] = {}
    for number in numbers:
        text = draft.grades.get(number, "")
        note = checks.text(draft.notes.get(number, ""), f"note-{number}", _LONGEST_NOTE)
        if not text:
            continue
        if text not in set(Grade):
            checks.wrong(f"grade-{number}", text, ", ".join(Grade))
            continue
        grades[number] = Grade(text)
        if note:
            notes[number] = note
    if not grades and not checks.errors:
        checks.missing("grades")
    return grades, notes, checks.errors
