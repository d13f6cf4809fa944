"""State machines as tables: verb → where it may be said, and where it leads (design section 3).

Buttons, refusals, the documentation and its diagrams are made from the same table, so they cannot disagree.
"""

from dataclasses import dataclass

from sellerdesk.domain.refusals import Code, refuse


@dataclass(frozen=True, slots=True)
class Move:
    """One verb of a machine.

    `target` None means that the facts decide: `outcomes` then names the states they can lead to. A move
    with neither leaves the state as it is.
    """

    sources: frozenset[str]
    target: str | None = None
    outcomes: frozenset[str] = frozenset()

    def ends(self, source: str) -> frozenset[str]:
        """The states this move can lead to from `source`."""
        if self.target is not None:
            return frozenset({self.target})
        return self.outcomes or frozenset({source})


@dataclass(frozen=True, slots=True)
class Machine:
    """A named table of moves, and the states in which a new thing may begin."""

    name: str
    start: frozenset[str]
    moves: dict[str, Move]

    @property
    def states(self) -> frozenset[str]:
        """Every state that the table names."""
        found = set(self.start)
        for move in self.moves.values():
            found |= move.sources
            found.update(*(move.ends(source) for source in move.sources))
        return frozenset(found)

    def after(self, state: str, verb: str, **facts: object) -> str:
        """The state after `verb`; for a move that the facts decide, the old state: the caller derives the
        new one.

        Raises KeyError for a verb the machine does not know, and Refusal WRONG_STATUS (with `facts` such as
        the order number) where the verb may not be said.
        """
        move = self.moves[verb]
        if state not in move.sources:
            raise refuse(Code.WRONG_STATUS, **{**facts, "status": str(state), "verb": verb})
        return state if move.target is None else move.target

    def verbs(self, state: str) -> tuple[str, ...]:
        """The verbs that may be said in `state`, in the order of the table."""
        return tuple(verb for verb, move in self.moves.items() if state in move.sources)

    def unreachable(self) -> frozenset[str]:
        """States that no chain of moves reaches from a start: a mistake in the table, if any."""
        seen: set[str] = set()
        fresh = set(self.start)
        while fresh:
            seen |= fresh
            reached = [move.ends(s) for move in self.moves.values() for s in move.sources & fresh]
            fresh = set().union(*reached) - seen
        return self.states - seen

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram, in a stable order."""
        lines = ["stateDiagram-v2", *(f"    [*] --> {state}" for state in sorted(self.start))]
        for verb, move in self.moves.items():
            for source in sorted(move.sources):
                lines += [f"    {source} --> {end}: {verb}" for end in sorted(move.ends(source))]
        return "\n".join(lines) + "\n"
