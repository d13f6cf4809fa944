"""Goods that come back: what arrived, in which condition, and what of it is stock again (S4-16; rulebook 3.4).

They may arrive in parts, and after the refund: a return that was completed first still takes its goods in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sellerdesk.domain.lengths import check_words
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_facts import RESTOCKED, Grade, ReturnFacts, ReturnLine, ReturnState
from sellerdesk.domain.returns import after

NOTE_MOST = 255


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line as it stands after a step. `note` None: as it was."""

    received: int
    grade: str
    sellable: int
    unsellable: int
    note: str | None = None


Changes = dict[int, LineChange]  # by item id


def receive(
    facts: ReturnFacts, counted: Mapping[str, int], order_number: str
) -> tuple[ReturnState, Changes, int]:
    """Decide a receipt: item number → units that came now; empty means all that are missing.

    Answers the state, the lines, and how many units came. Raises Refusal RETURN_STATE, ITEM_NOT_FOUND,
    RETURN_QUANTITY, INVALID_VALUE (nothing came).
    """
    state = _goods_state(facts, "receive", order_number)
    lines = _known(facts)
    came = counted or {number: line.quantity - line.received for number, line in lines.items()}
    changes: Changes = {}
    for item_number, units in came.items():
        line = _line(lines, item_number, order_number)
        missing = line.quantity - line.received
        if not 0 <= units <= missing:
            said = {"order_number": order_number, "item_number": item_number}
            raise refuse(Code.RETURN_QUANTITY, **said, asked=units, left=missing)
        if units:
            total = line.received + units
            changes[line.item_id] = LineChange(total, line.grade, line.sellable, line.unsellable)
    if not changes:
        raise refuse(Code.INVALID_VALUE, place="lines", value="0", expected="at least one unit")
    return state, changes, sum(came.values())


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the warehouse says: by item number the grade, a sentence, and how many units can be sold again where that
    is not what the grade says (all of them, or none).
    """

    grades: Mapping[str, Grade]
    notes: Mapping[str, str]
    sellable: Mapping[str, int]


def grade(facts: ReturnFacts, said: Inspection, order_number: str) -> tuple[ReturnState, Changes]:
    """Decide grades. All received units graded: only the refund is left to do. Graded anew, the last word counts.

    Raises Refusal RETURN_STATE, ITEM_NOT_FOUND, MISSING_VALUE (no grade), RETURN_QUANTITY (more for sale than came, or
    of goods that are another's or damaged), INVALID_VALUE (a note too long).
    """
    state = _goods_state(facts, "grade", order_number)
    if not said.grades:
        raise refuse(Code.MISSING_VALUE, place="grades", order_number=order_number)
    lines = _known(facts)
    changes: Changes = {}
    for item_number, one in said.grades.items():
        line = _line(lines, item_number, order_number)
        note = said.notes.get(item_number)
        check_words(note or "", place="notes", most=NOTE_MOST)
        sellable = _sellable(line, Grade(one), said.sellable.get(item_number), order_number)
        changes[line.item_id] = LineChange(
            line.received, Grade(one).value, sellable, line.received - sellable, note
        )
    if state is ReturnState.COMPLETED:
        return state, changes
    done = all(line.item_id in changes or is_graded(line) for line in facts.lines if line.received)
    return (ReturnState.PENDING_REFUND if done else ReturnState.INSPECTED), changes


def is_graded(line: ReturnLine) -> bool:
    """Whether everything that came of a line has been looked at."""
    return bool(line.grade) and line.sellable + line.unsellable == line.received


def graded(facts: ReturnFacts, changes: Changes) -> ReturnFacts:
    """The return as it stands after grades, for what a refund could be then."""
    lines = tuple(
        replace(line, grade=changes[line.item_id].grade) if line.item_id in changes else line
        for line in facts.lines
    )
    return replace(facts, lines=lines)


def stock_moves(facts: ReturnFacts, changes: Changes) -> list[tuple[int, str, int]]:
    """What grades do to the stock: item id, kind of movement, units; below zero where an earlier grade is corrected.

    What cannot be sold is moved as well, as `unsellable`, so that nothing is lost from the books.
    """
    moves = []
    for line in facts.lines:
        change = changes.get(line.item_id)
        if change is None:
            continue
        for kind, units in (
            ("returned", change.sellable - line.sellable),
            ("unsellable", change.unsellable - line.unsellable),
        ):
            if units:
                moves.append((line.item_id, kind, units))
    return moves


def _sellable(line: ReturnLine, one: Grade, told: int | None, order_number: str) -> int:
    if told is None:
        return line.received if one in RESTOCKED else 0
    if not 0 <= told <= line.received:
        said = {"order_number": order_number, "item_number": line.item_number}
        raise refuse(Code.RETURN_QUANTITY, **said, asked=told, left=line.received)
    return told


def _goods_state(facts: ReturnFacts, verb: str, order_number: str) -> ReturnState:
    """The state after goods came or were graded: what is completed stays so."""
    if facts.returnless:  # the buyer keeps them
        said: dict[str, str] = {"rma": facts.rma, "state": facts.state.value, "verb": verb}
        raise refuse(Code.RETURN_STATE, order_number=order_number, **said)
    state = after(facts, verb, order_number)
    if facts.state is ReturnState.COMPLETED:
        return ReturnState.COMPLETED
    return ReturnState.RECEIVED if verb == "receive" else state


def _known(facts: ReturnFacts) -> dict[str, ReturnLine]:
    return {line.item_number: line for line in facts.lines}


def _line(lines: Mapping[str, ReturnLine], item_number: str, order_number: str) -> ReturnLine:
    if item_number not in lines:
        raise _unknown(order_number, item_number)
    return lines[item_number]


def _unknown(order_number: str, item_number: str) -> Refusal:
    return refuse(Code.ITEM_NOT_FOUND, order_number=order_number, item_number=item_number)
