"""One seller's session, tokens and ids reach nothing of the other seller, on any route (trust P14, P20).

Every route of the URL resolver stands in `wall_routes`; one that does not fails here. For each call the answer with the
other seller's ids must be the answer with ids that never existed, hold no word of the other seller, and leave every row
of that seller as it was. A call with ids of one's own must be answered otherwise, or the sample would prove nothing.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import typer
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests import build
from tests.conftest import restore_tables
from tests.stories.wall_routes import COMMANDS, ROUTES, Call
from tests.stories.wall_world import (
    GHOST,
    PASSWORD,
    Caller,
    Ids,
    comparable,
    difference,
    make_caller,
    rows_of,
    whole_database,
)
from typer.testing import CliRunner

from sellerdesk.config import clock
from sellerdesk.domain.actors import PERMISSIONS, Role
from sellerdesk.interfaces.cli.main import application
from sellerdesk.models import Membership, User

NOW = build.PLACED.replace(day=4)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Caller, Caller]]:
    """Seller A, who tries, and seller B, who must not notice."""
    with pytest.MonkeyPatch.context() as patched, django_db_blocker.unblock():
        patched.setattr(clock, "now", lambda: NOW)
        patched.setattr(settings, "RATE_LIMIT_SCALE", 1e6)
        try:
            yield make_caller("ALMANDINE"), make_caller("BELLADONNA")
        finally:
            from django.db import connections

            for connection in connections.all(initialized_only=True):
                connection.close()
            restore_tables()


def inventory() -> dict[str, URLPattern]:
    """Every route that the resolver knows."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, URLPattern]]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            else:
                yield route, pattern

    return dict(walk(get_resolver().url_patterns, ""))


def send(
    caller: Caller | None, call: Call, ids: Ids, *, method: str = "", client: Client | None = None
) -> Any:
    """Make a call with some ids as a seller, or as a stranger."""
    http = client or (caller.client(call.door) if caller else Client())
    path, query = ids.fill(call.path), ""
    if "?" in path:
        path, _, query = path.partition("?")
        query = quote(query, safe="=&%,+")
    given: dict[str, Any] = {"QUERY_STRING": query, "headers": caller.headers(call.door) if caller else {}}
    if call.form is not None:
        pairs = ids.fill(call.form)
        given["data"] = "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs.items())
        given["content_type"] = "application/x-www-form-urlencoded"
    elif call.body is not None:
        import json

        given |= {"data": json.dumps(ids.fill(call.body)), "content_type": "application/json"}
    return http.generic(method or call.method, path, **given)


def assert_silent(answer: Any, caller: Caller, sent: str) -> None:
    """No word of a seller stands in an answer, but for what was sent."""
    said = " ".join(comparable(answer, caller.ids)[1:])
    found = [word for word in caller.canaries if word in said]
    assert not found, (sent, found)


def test_every_route_is_known() -> None:
    assert set(inventory()) - set(ROUTES) == set(), "add these to wall_routes.ROUTES"
    assert set(ROUTES) - set(inventory()) == set(), "these are gone"


def test_every_route_with_parameters_has_a_sample() -> None:
    bare = [
        route for route in ROUTES if "<" in route and not any(call.names_ids for call in ROUTES[route].calls)
    ]
    assert bare == []


def test_every_operation_for_programs_has_a_call() -> None:
    for route, pattern in inventory().items():
        operations = getattr(pattern.callback, "operations", None)  # SP-API
        if operations:
            assert set(operations) <= {call.method for call in ROUTES[route].calls}, route
    described = Client().get("/api/v1/openapi.json").json()["paths"]
    for path, methods in described.items():
        route = path.removeprefix("/").replace("{", "<").replace("}", ">")
        assert {method.upper() for method in methods} <= {call.method for call in ROUTES[route].calls}, route


@pytest.mark.parametrize("route", ROUTES)
def test_nothing_of_the_other_seller_is_reached(world: tuple[Caller, Caller], route: str) -> None:
    ours, theirs = world
    before = rows_of(theirs.seller_id)
    for call in ROUTES[route].calls:
        got, ghost = send(ours, call, theirs.ids), send(ours, call, GHOST)
        assert not call.steady or not difference(comparable(got, theirs.ids), comparable(ghost, GHOST)), call
        assert got.status_code < 500, call
        assert_silent(got, theirs, f"{call}")
        for method in METHODS if "<" in route else ():
            assert_same_by_method(ours, theirs, call, method)
    assert rows_of(theirs.seller_id) == before


def assert_same_by_method(ours: Caller, theirs: Caller, call: Call, method: str) -> None:
    got, ghost = send(ours, call, theirs.ids, method=method), send(ours, call, GHOST, method=method)
    assert not difference(comparable(got, theirs.ids), comparable(ghost, GHOST)), (method, call)
    assert_silent(got, theirs, f"{method} {call}")


@pytest.mark.parametrize("route", [route for route in ROUTES if "<" in route])
def test_another_spelling_of_the_path_leads_nowhere_else(world: tuple[Caller, Caller], route: str) -> None:
    ours, theirs = world
    before = rows_of(theirs.seller_id)
    for call in ROUTES[route].calls:
        for spelt in (call.path.replace("{", "%2E/{", 1), call.path.replace("/", "//", 1), call.path + "/"):
            again = Call(call.method, spelt, call.body, call.form, call.door)
            assert_silent(send(ours, again, theirs.ids), theirs, spelt)
    assert rows_of(theirs.seller_id) == before


@pytest.mark.parametrize("route", ROUTES)
def test_a_stranger_learns_nothing(world: tuple[Caller, Caller], route: str) -> None:
    _ours, theirs = world
    before = rows_of(theirs.seller_id)
    for call in ROUTES[route].calls:
        got, ghost = send(None, call, theirs.ids), send(None, call, GHOST)
        assert not call.steady or not difference(comparable(got, theirs.ids), comparable(ghost, GHOST)), call
        assert_silent(got, theirs, f"{call}")
    assert rows_of(theirs.seller_id) == before


@pytest.mark.parametrize("route", ROUTES)
def test_looking_changes_nothing(world: tuple[Caller, Caller], route: str) -> None:
    """P20: GET and HEAD leave the whole database as it was, but for sessions and request budgets."""
    ours, _theirs = world
    for call in ROUTES[route].calls:
        if call.form is not None or call.body is not None:
            call = Call("GET", call.path, door=call.door)
        browser = ours.client(call.door)
        before = whole_database()
        for method in ("GET", "HEAD"):
            assert send(ours, call, ours.ids, method=method, client=browser).status_code < 500, call
        after = whole_database()
        assert [table for table in before if before[table] != after[table]] == [], call


def for_people(call: Call) -> bool:
    return call.path == "/" or call.path.startswith(tuple(settings.PEOPLE_PATHS))


@pytest.mark.parametrize("route", [route for route in ROUTES if for_people(ROUTES[route].calls[0])])
def test_pages_take_no_forms_from_elsewhere(world: tuple[Caller, Caller], route: str) -> None:
    """P20: an unsafe request without the form's own token is refused before anything happens."""
    ours, _theirs = world
    call = ROUTES[route].calls[0]
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        browser = ours.browser(checks_forms=True)
        answer = send(ours, Call(method, call.path, form={"a": "b"}, door="web"), ours.ids, client=browser)
        assert answer.status_code == 403, method


ROLES = [(route, role) for route in ROUTES if ROUTES[route].needs for role in Role]


@pytest.mark.parametrize(("route", "role"), ROLES)
def test_a_role_opens_what_it_may(world: tuple[Caller, Caller], route: str, role: Role) -> None:
    ours, _theirs = world
    needed = ROUTES[route].needs
    user, is_new = User.objects.get_or_create(
        email=f"{role.value}@roles.example", defaults={"date_joined": NOW}
    )
    if is_new:
        Membership.objects.create(seller_id=ours.seller_id, user=user, role=role.value)
    browser = Client()
    browser.force_login(user)
    call = ROUTES[route].calls[0]
    call = Call(call.method, call.path, form={} if call.form is not None else None, door=call.door)
    answer = send(ours, call, ours.ids, client=browser)
    assert (answer.status_code == 403) == (needed not in PERMISSIONS[role]), answer.status_code


def test_a_demotion_counts_with_the_next_click(world: tuple[Caller, Caller]) -> None:
    ours, _theirs = world
    user = User.objects.create_user("demoted@roles.example", PASSWORD, date_joined=NOW)
    membership = Membership.objects.create(seller_id=ours.seller_id, user=user, role=Role.OWNER.value)
    browser = Client()
    browser.force_login(user)
    page = f"/desk/orders/{ours.ids.order}/confirm/"
    assert browser.get(page).status_code == 200
    Membership.objects.filter(pk=membership.pk).update(role=Role.READONLY.value)
    assert browser.get(page).status_code == 403
    membership.delete()
    assert browser.get(page).status_code == 302


def commands() -> dict[str, list[str]]:
    """Every command with its options."""

    def walk(group: Any, prefix: str) -> Iterator[tuple[str, list[str]]]:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from walk(command, f"{prefix}{name} ")
            else:
                yield prefix + name, [option for one in command.params for option in one.opts]

    return dict(walk(typer.main.get_command(application()), ""))


def test_every_command_for_a_seller_is_known() -> None:
    assert {name for name, options in commands().items() if "--seller" in options} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_for_one_seller_reach_no_other(world: tuple[Caller, Caller], name: str) -> None:
    ours, theirs = world
    before = rows_of(theirs.seller_id)
    for words in COMMANDS[name]:
        answers = []
        for ids in (theirs.ids, GHOST):
            line = [ids.fill(word.replace("{mine}", ours.ids.seller)) for word in words]
            result = CliRunner().invoke(application(), [*name.split(), *line])
            assert not [word for word in theirs.canaries if word in ids.hide(result.output)]
            answers.append((result.exit_code, ids.hide(result.output)))
        assert answers[0] == answers[1]
    assert rows_of(theirs.seller_id) == before


@pytest.mark.parametrize("route", ROUTES)
def test_the_samples_are_good_ones(world: tuple[Caller, Caller], route: str) -> None:
    """Runs last: one's own things are found by the same calls, so nothing is answered alike for another reason."""
    ours, _theirs = world
    for call in ROUTES[route].calls:
        if call.names_ids and call.telling and call.door:
            own, ghost = send(ours, call, ours.ids), send(ours, call, GHOST)
            if route.startswith("accounts/"):
                continue
            assert difference(comparable(own, ours.ids), comparable(ghost, GHOST)), call
