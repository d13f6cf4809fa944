"""Double click, back and resend, a lost reply and a retry, the same key for something else: one effect and the right
answer, at every door where money or goods begin to move back (trust P1).
"""

import re
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from tests import build
from tests.interfaces.portal.conftest import Clock, text
from tests.interfaces.web.test_refund_pages import form_of as refund_form
from tests.interfaces.web.test_refund_pages import words
from tests.stories.road_world import HOUR, ITEM, World, hidden
from tests.stories.test_return_roads import Payments
from typer.testing import CliRunner

from sellerdesk.config import clock
from sellerdesk.interfaces.cli import refunds as cli_refunds

Parallel = Callable[[int, Callable[[int], Any]], list[Any]]
Answer = tuple[bool, str]  # done, and what it said


class Door:
    """A way of asking: a form that is drawn once, and what sending it comes to. `table` is where its effect is,
    `refused` what it says when the same key is used for something else.
    """

    table = "refunds"
    refused = "key_reused"

    def __init__(self, world: World) -> None:
        self.world = world
        self.number = world.delivered()
        self.form: Any = None

    def send(self, *, other: bool = False) -> Answer:
        raise NotImplementedError

    def effects(self) -> int:
        return int(build.everything(f"SELECT count(*) FROM {self.table}")[0][0])


class Console(Door):
    """A refund in the console."""

    refused = "This form was sent before and made refund"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.url = f"/desk/orders/{self.number}/refund/partial/"
        drawn = text(world.clerk.get(self.url))
        self.form = refund_form(drawn) | {"amount": "5", "reason": "pricing_error"}

    def send(self, *, other: bool = False) -> Answer:
        answer = self.world.clerk.post(self.url, self.form | ({"amount": "7"} if other else {}))
        return answer.status_code == 302, answer.headers.get("Location") or words(text(answer))


class Api(Door):
    """A refund over the native API."""

    path = "refunds"
    body: ClassVar[dict[str, Any]] = {"reason": "general_adjustment", "mode": "goodwill"}
    changed: ClassVar[dict[str, Any]] = {"amount": {"amount": "7.00", "currencyCode": "USD"}}

    def send(self, *, other: bool = False) -> Answer:
        body = self.body | (self.changed if other else {})
        path = f"/orders/{self.number}/{self.path}"
        answer = self.world.program.call("POST", path, body, key="the-same-key")
        return answer.status_code in (200, 201), answer.content.decode()


class ApiReturn(Api):
    """A return over the native API."""

    table, path = "return_requests", "returns"
    body: ClassVar[dict[str, Any]] = {"reason": "too_small", "lines": [{"itemNumber": ITEM, "units": 1}]}
    changed: ClassVar[dict[str, Any]] = {"reason": "defective"}


class ApiClaim(Api):
    """A claim over the native API."""

    table, path = "claims", "claims"
    body: ClassVar[dict[str, Any]] = {"kind": "not_received"}
    changed: ClassVar[dict[str, Any]] = {"text": "Other words."}

    def __init__(self, world: World) -> None:
        super().__init__(world)
        world.write(self.number)
        world.pass_by(hours=48)
        world.api("GET", f"/orders/{self.number}")  # a fresh token


class Terminal(Door):
    """A refund from the command line."""

    app, verb = cli_refunds.app, "make"

    def arguments(self, *, other: bool) -> list[str]:
        return ["--reason", "general_adjustment", "--amount", "7.00" if other else "5.00", "--yes"]

    def send(self, *, other: bool = False) -> Answer:
        said = [self.verb, self.number, *self.arguments(other=other), "--seller", str(self.world.seller)]
        result = CliRunner().invoke(self.app, [*said, "--key", "the-same-key", "--json"])
        return result.exit_code == 0, result.stdout


class Portal(Door):
    """A return in the portal."""

    table, refused = "return_requests", "This form was"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.client, self.url = world.buyer(), f"{world.url(self.number)}return/"
        (key,) = re.findall(r'name="key" value="([^"]+)"', text(self.client.get(self.url)))
        self.form = {"key": key, f"pick-{ITEM}": "1", f"q-{ITEM}": "1", "reason": "too_small", "do": "submit"}

    def send(self, *, other: bool = False) -> Answer:
        answer = self.client.post(self.url, self.form | ({"reason": "defective"} if other else {}))
        return answer.status_code == 302, answer.headers.get("Location") or words(text(answer))


class PortalClaim(Door):
    """A claim in the portal."""

    table, refused = "claims", "This form was"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        world.write(self.number)
        world.pass_by(hours=48)
        self.client, self.url = world.buyer(), f"{world.url(self.number)}claim/"
        drawn = hidden(text(self.client.get(self.url)))
        self.form = drawn | {"kind": "not_received", "text": "Nothing came."}

    def send(self, *, other: bool = False) -> Answer:
        answer = self.client.post(self.url, self.form | ({"text": "Other words."} if other else {}))
        return answer.status_code == 302, answer.headers.get("Location") or words(text(answer))


DOORS = [Console, Api, Terminal, Portal, ApiReturn, PortalClaim, ApiClaim]
each_door = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)


@pytest.fixture
def world(committed: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> World:
    standing = Clock()
    standing.now = build.PLACED
    monkeypatch.setattr(clock, "now", standing)
    return World(standing, Payments(tmp_path))


@each_door
def test_one_effect_and_the_right_answers(world: World, door: type[Door]) -> None:
    one = door(world)
    done, first = one.send()
    assert done, first
    assert one.effects() == 1
    # The reply was lost, or the button pressed again, or the page sent again after going back: at once, and later.
    assert one.send() == (True, first)
    world.time.now += HOUR
    world.api("GET", f"/orders/{one.number}")
    assert one.send() == (True, first)
    assert one.effects() == 1
    # The same key for something else is refused, and does nothing.
    done, said = one.send(other=True)
    assert not done
    assert one.refused in said
    assert one.effects() == 1
    world.nothing_is_wrong()


# A runner takes the output of the whole process; `test_refund_races` runs the command line in threads.
@pytest.mark.parametrize(
    "door", [one for one in DOORS if one is not Terminal], ids=lambda door: door.__name__
)
def test_pressed_several_times_at_once(world: World, run_parallel: Parallel, door: type[Door]) -> None:
    one = door(world)
    answers = run_parallel(3, lambda _: one.send())
    assert any(done for done, _ in answers), answers
    assert len({said for done, said in answers if done}) == 1
    assert one.send()[0]
    assert one.effects() == 1
    world.nothing_is_wrong()
