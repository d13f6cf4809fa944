import pytest

from sellerdesk.domain.machine import Machine, Move
from sellerdesk.domain.refusals import Code, Refusal


def at(*states: str) -> frozenset[str]:
    return frozenset(states)


LAMP = Machine(
    "lamp",
    start=at("off"),
    moves={
        "switch_on": Move(at("off"), "on"),
        "dim": Move(at("on"), outcomes=at("on", "off")),
        "dust": Move(at("on", "off")),
        "mend": Move(at("broken"), "off"),
    },
)


@pytest.mark.parametrize(
    ("state", "verb", "after"),
    [("off", "switch_on", "on"), ("on", "dim", "on"), ("off", "dust", "off"), ("broken", "mend", "off")],
)
def test_a_verb_leads_where_the_table_says(state: str, verb: str, after: str) -> None:
    assert LAMP.after(state, verb) == after


def test_a_verb_at_the_wrong_state_is_refused_with_its_facts() -> None:
    with pytest.raises(Refusal) as refused:
        LAMP.after("on", "switch_on", order_number="1")
    assert refused.value == Refusal(
        Code.WRONG_STATUS, {"order_number": "1", "status": "on", "verb": "switch_on"}
    )


def test_an_unknown_verb_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        LAMP.after("on", "explode")


def test_verbs_come_in_the_order_of_the_table() -> None:
    assert LAMP.verbs("on") == ("dim", "dust")
    assert LAMP.verbs("nowhere") == ()


def test_states_that_nothing_leads_to_are_found() -> None:
    assert LAMP.states == at("off", "on", "broken")
    assert LAMP.unreachable() == at("broken")


def test_the_diagram_shows_every_way() -> None:
    assert LAMP.mermaid() == (
        "stateDiagram-v2\n    [*] --> off\n"
        "    off --> on: switch_on\n    on --> off: dim\n    on --> on: dim\n"
        "    off --> off: dust\n    on --> on: dust\n    broken --> off: mend\n"
    )
