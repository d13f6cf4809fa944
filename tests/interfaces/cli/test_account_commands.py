"""Making sellers, people and credentials from the command line."""

import json
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from typer.testing import CliRunner, Result

from sellerdesk.commands.accounts import secret_hash
from sellerdesk.interfaces.cli.main import application
from sellerdesk.models import ApiClient, JournalEntry, Membership, Participation, Seller, User
from sellerdesk.models.tenancy import scoped

pytestmark = pytest.mark.usefixtures("committed")
PASSWORD = "correct-horse-battery-9"


def run(*words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(application(), list(words), input=stdin)


def answer(*words: str, stdin: str = "") -> Any:
    result = run(*words, "--json", stdin=stdin)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def a_seller() -> str:
    return str(answer("seller", "create", "--name", "Nordlicht", "--marketplaces", "DE,FR")["seller_id"])


def test_a_seller_gets_its_participations() -> None:
    made = answer("seller", "create", "--name", "北極光 Ltd", "--marketplaces", "us, A1VC38T7YXB528,US")
    assert made["name"] == "北極光 Ltd"
    assert made["marketplaces"] == ["ATVPDKIKX0DER", "A1VC38T7YXB528"]
    seller = Seller.objects.get(public_id=made["seller_id"])
    with scoped(seller.id):
        places = set(Participation.objects.values_list("marketplace_id", flat=True))
        assert places == {"ATVPDKIKX0DER", "A1VC38T7YXB528"}
        assert JournalEntry.objects.get().kind == "seller_created"
    assert [one["number"] for one in answer("seller", "list")] == [seller.id]
    assert "北極光" in run("seller", "list").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["seller", "create", "--name", " ", "--marketplaces", "US"], "name is missing"),
        (["seller", "create", "--name", "A\x07", "--marketplaces", "US"], "printable"),
        (["seller", "create", "--name", "x" * 101, "--marketplaces", "US"], "at most 100"),
        (["seller", "create", "--name", "A", "--marketplaces", ","], "marketplaces is missing"),
        (["seller", "create", "--name", "A", "--marketplaces", "US,XX"], "no marketplace XX"),
        (["client", "create", "--seller", "A0000000000000"], "no seller"),
        (["client", "create", "--seller", "999999999999999999999"], "no seller"),
        (["client", "revoke", "amzn1.application-oa2-client.0"], "client_id"),
        (["user", "create", "--email", "a@b.example", "--seller", "77", "--role", "owner"], "no seller"),
        (["user", "create", "--email", "nobody", "--operator"], "an e-mail address"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_with_1(words: list[str], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 1, result.output
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Seller.objects.exists()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        ["user", "create", "--email", "a@b.example"],
        ["user", "create", "--email", "a@b.example", "--seller", "1"],
        ["user", "create", "--email", "a@b.example", "--seller", "1", "--role", "king"],
        ["user", "create", "--email", "a@b.example", "--seller", "1", "--role", "owner", "--operator"],
        ["client", "create", "--seller", "1", "--scopes", "orders.eat"],
        ["seller", "create", "--name", "A"],
    ],
)
def test_wrong_usage_ends_with_2(words: list[str]) -> None:
    assert run(*words).exit_code == 2


def test_staff_can_sign_in_with_the_password_given() -> None:
    public_id = a_seller()
    words = ["user", "create", "--email", "Mia@Example.COM", "--seller", public_id, "--role", "shipper"]
    made = answer(*words, "--password-stdin", stdin=f"{PASSWORD}\n")
    assert made == {"user": made["user"], "email": "mia@example.com", "is_new": True, "password": None}
    user = authenticate(None, email="mia@example.com", password=PASSWORD)
    assert isinstance(user, User)
    assert not user.is_operator
    assert Membership.objects.get(user=user).role == "shipper"
    assert EmailAddress.objects.get(user=user).verified


def test_a_password_is_made_when_none_is_given_and_shown_once() -> None:
    made = answer("user", "create", "--email", "op@example.com", "--operator")
    user = authenticate(None, email="op@example.com", password=made["password"])
    assert isinstance(user, User)
    assert user.is_operator
    assert not Membership.objects.exists()


@pytest.mark.parametrize("password", ["short", "password1234", "op@example.com", ""])
def test_a_password_that_can_be_guessed_is_refused_and_not_repeated(password: str) -> None:
    words = ["user", "create", "--email", "op@example.com", "--operator", "--password-stdin"]
    result = run(*words, stdin=password + "\n")
    assert result.exit_code == 1
    assert "password" in result.stderr
    assert not password or f" {password} " not in f" {result.output} "
    assert not User.objects.exists()


def test_somebody_known_gets_another_seller_and_keeps_the_password() -> None:
    first, second = a_seller(), a_seller()
    words = ["user", "create", "--email", "mia@example.com", "--role", "owner"]
    answer(*words, "--seller", first, "--password-stdin", stdin=PASSWORD + "\n")
    again = answer(*words, "--seller", second)
    assert (again["is_new"], again["password"]) == (False, None)
    assert Membership.objects.count() == 2
    assert authenticate(None, email="mia@example.com", password=PASSWORD)
    twice = run(*words, "--seller", second)
    assert (twice.exit_code, Membership.objects.count()) == (1, 2)


def test_credentials_are_shown_once_and_kept_as_hashes() -> None:
    public_id = a_seller()
    made = answer("client", "create", "--seller", public_id, "--scopes", "orders.read,orders.ship")
    assert made["seller_id"] == public_id
    assert made["client_id"].startswith("amzn1.application-oa2-client.")
    assert made["client_secret"].startswith("amzn1.oa2-cs.v1.")
    assert made["refresh_token"].startswith("Atzr|")
    assert (len(made["access_key"]), len(made["secret_key"])) == (20, 40)
    assert made["scopes"] == ["orders.read", "orders.ship"]
    kept = ApiClient.objects.get()
    assert kept.secret_hash == secret_hash(made["client_secret"])
    assert kept.refresh_hash == secret_hash(made["refresh_token"])
    values = json.dumps(
        {field.attname: str(getattr(kept, field.attname)) for field in ApiClient._meta.concrete_fields}
    )
    assert made["client_secret"] not in values
    assert made["refresh_token"] not in values
    listed = answer("client", "list", "--seller", public_id)
    assert [one["client_id"] for one in listed] == [made["client_id"]]
    assert made["client_secret"] not in run("client", "list").output


def test_a_seller_can_be_named_by_its_number() -> None:
    seller = Seller.objects.get(public_id=a_seller())
    made = answer("client", "create", "--seller", str(seller.id))
    assert made["seller_id"] == seller.public_id
    assert "clients.manage" not in made["scopes"]


def test_scopes_of_people_are_not_for_programs() -> None:
    result = run("client", "create", "--seller", a_seller(), "--scopes", "staff.manage")
    assert result.exit_code == 1
    assert not ApiClient.objects.exists()


def test_a_program_is_revoked_once() -> None:
    client_id = answer("client", "create", "--seller", a_seller())["client_id"]
    assert answer("client", "revoke", client_id)["changed"] is True
    assert answer("client", "revoke", client_id)["changed"] is False
    assert ApiClient.objects.get().revoked_at is not None
    assert answer("client", "list")[0]["revoked_at"]


def test_lists_show_tables_to_people() -> None:
    public_id = a_seller()
    made = run("client", "create", "--seller", public_id)
    assert "client_secret" in made.stdout
    assert public_id in run("client", "list").stdout
    assert (
        "op@example.com may sign in."
        in run("user", "create", "--email", "op@example.com", "--operator").stdout
    )


def test_names_that_look_like_markup_do_not_break_the_list() -> None:
    assert run("seller", "create", "--name", "[/x] [bold]", "--marketplaces", "US").exit_code == 0
    assert "[/x] [bold]" in run("seller", "list").stdout


def test_somebody_who_is_here_already_is_named() -> None:
    words = ["user", "create", "--email", "w@nordlicht.example", "--seller", a_seller(), "--role", "owner"]
    assert run(*words).exit_code == 0
    again = run(*words)
    assert again.exit_code == 1
    assert "w@nordlicht.example is here already." in again.output
