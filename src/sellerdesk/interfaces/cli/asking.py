"""What the administrators' commands share: who acts, which seller is meant, and how a refusal reads."""

import random
import sys
from typing import Annotated, Any, NoReturn

import typer
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.queries.accounts import SellerView, find_seller

SellerId = Annotated[str, typer.Option("--seller", help="The seller: public id or number.")]
RANDOM = random.SystemRandom()

_SENTENCES = {
    Code.MISSING_VALUE: "{place}: nothing is given.",
    Code.INVALID_VALUE: "{place}: {value!r} will not do; expected: {expected}.",
    Code.DUPLICATE_REQUEST: "{place} is there already.",
    Code.UNKNOWN_MARKETPLACE: "There is no marketplace {marketplace_id!r}.",
    Code.FORBIDDEN: "The permission {permission} is missing.",
}


def administrator(seller_id: int | None) -> Actor:
    """Whoever can run commands on this machine acts for the marketplace."""
    return Actor(Party.AMAZON, "administrator", Door.CLI, seller_id)


def the_seller(text: str) -> SellerView:
    """The seller that is meant; ends the command with 1 when there is none."""
    found = find_seller(text)
    if found is None:
        end(f"There is no seller {text!r}.")
    return found


def sentence(refusal: Refusal) -> str:
    """A refusal of an account command in words."""
    facts: dict[str, Any] = dict(refusal.facts)
    if refusal.code is Code.INVALID_VALUE and facts.get("place") == "password":
        return f"password: {facts['expected']}"  # it is not repeated
    return _SENTENCES.get(refusal.code, str(refusal)).format_map(facts)


def end(words: str) -> NoReturn:
    """End the command: the work was refused."""
    print(f"sellerdesk: {words}", file=sys.stderr)
    raise typer.Exit(1)
