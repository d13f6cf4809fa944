"""The cancel form: a reason and units, kept exactly as typed until they are accepted (S4-12, screens 1.7)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sellerdesk.domain.cancel_requests import State
from sellerdesk.domain.cancellations import CancelReason, CancelRequest
from sellerdesk.domain.facts import ItemFacts, OrderFacts
from sellerdesk.domain.idempotency import digest_of
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.interfaces.web.forms.typed import FieldError, tidy, typed, whole_number

LONGEST_OVERRIDE = 200
_EXPECTS = {"1": True, "0": False}
_KEY_LONGEST = 64


@dataclass(frozen=True, slots=True)
class CancelDraft:
    """The form as typed.

    `version` and `seen` say which state of the order was on the screen, `expects` (reason → "1" counts, "0" does not)
    what was said there of each reason, and `key` makes a repeat of the same form do nothing.
    """

    version: str
    seen: str
    key: str
    reason: str = ""
    quantities: Mapping[str, str] | None = None
    expects: Mapping[str, str] | None = None
    accepts_limit: bool = False
    label_override: str = ""

    def quantity(self, item_number: str) -> str:
        return (self.quantities or {}).get(item_number, "")

    @property
    def chosen(self) -> CancelReason | None:
        """The reason, when one of ours is chosen."""
        return CancelReason(self.reason) if self.reason in set(CancelReason) else None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the form asks for. `request` None: something is wrong with it, see `errors`."""

    request: CancelRequest | None
    errors: tuple[FieldError, ...] = ()


def first_draft(facts: OrderFacts, *, seen: int) -> CancelDraft:
    """The form before anything is typed: a filed request preselects its reason and its items (S1-14)."""
    is_formal = facts.cancel_request == State.REQUESTED_FORMAL
    named = {item.item_number for item in facts.items if item.cancel_requested and item.left}
    quantities = {
        item.item_number: str(item.left if not (is_formal and named) or item.item_number in named else 0)
        for item in facts.items
        if item.left
    }
    reason = CancelReason.BUYER_CANCELLED.value if is_formal else ""
    return CancelDraft(str(facts.version), str(seen), new_key(), reason, quantities)


def new_key() -> str:
    """A key drawn with the form."""
    return uuid4().hex


def read_draft(data: Mapping[str, Any], facts: OrderFacts) -> CancelDraft:
    """What was typed, unchecked."""
    key = typed(data, "key")
    return CancelDraft(
        version=typed(data, "version"),
        seen=typed(data, "seen"),
        key=key if key.isalnum() and key.isascii() and len(key) <= _KEY_LONGEST else new_key(),
        reason=typed(data, "reason"),
        quantities={item.item_number: typed(data, f"qty-{item.item_number}") for item in facts.items},
        expects={reason.value: typed(data, f"expects-{reason.value}") for reason in CancelReason},
        accepts_limit=bool(typed(data, "accepts_limit")),
        label_override=typed(data, "label_override"),
    )


def understand(draft: CancelDraft, facts: OrderFacts) -> Reading:
    """Read the form; all that is wrong at once."""
    errors = []
    lines, wrong = read_lines(draft, facts)
    errors += wrong
    reason = draft.chosen
    if reason is None:
        errors.append(FieldError("reason", refuse(Code.MISSING_VALUE, place="reason")))
    override = ""
    try:
        override = tidy(draft.label_override, place="label_override", longest=LONGEST_OVERRIDE)
    except Refusal as refusal:
        errors.append(FieldError("label_override", refusal))
    if errors or reason is None:
        return Reading(None, tuple(errors))
    request = CancelRequest(
        facts.order_number,
        reason,
        lines,
        version=int(draft.version) if draft.version.isascii() and draft.version.isdigit() else -1,
        expects_counting=_EXPECTS.get((draft.expects or {}).get(reason.value, "")),
        accepts_limit=draft.accepts_limit,
        label_override=override,
    )
    return Reading(request)


def read_lines(draft: CancelDraft, facts: OrderFacts) -> tuple[dict[str, int] | None, list[FieldError]]:
    """The units asked for by item number, None for everything that is left; and what is wrong with them."""
    found: dict[str, int] = {}
    errors = []
    for item in facts.items:
        try:
            if count := _units(draft, item, facts):
                found[item.item_number] = count
        except Refusal as refusal:
            errors.append(FieldError(f"qty-{item.item_number}", refusal))
    if not found and not errors:
        errors.append(FieldError("units", refuse(Code.MISSING_VALUE, place="units")))
    everything = dict(_left(facts))
    return (None if found == everything else found), errors


def _units(draft: CancelDraft, item: ItemFacts, facts: OrderFacts) -> int:
    count = whole_number(draft.quantity(item.item_number), place=f"qty-{item.item_number}")
    if count > item.left:
        said = {"order_number": facts.order_number, "item_number": item.item_number}
        raise refuse(Code.QUANTITY_EXCEEDED, **said, asked=count, left=item.left)
    return count


def _left(facts: OrderFacts) -> Iterator[tuple[str, int]]:
    return ((item.item_number, item.left) for item in facts.items if item.left)


def digest(request: CancelRequest) -> str:
    """What the key stands for: the same form sent again, and nothing else."""
    return digest_of(
        {
            "order": request.order_number,
            "reason": request.reason.value,
            "lines": dict(request.lines) if request.lines is not None else None,
            "version": request.version,
        }
    )
