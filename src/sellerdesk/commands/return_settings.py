"""What a seller sets about returns: per marketplace which are authorised by themselves and where they go, and rules.

These work on one thing and raise Refusals. A rule is never changed: it ends, and another begins, so that what held when
an order was placed keeps holding for it (rulebook 2.7).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from sellerdesk.domain.actors import Actor, Party, Permission
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.message_lint import check_note
from sellerdesk.domain.money import Money
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.domain.return_settings import (
    INSTRUCTIONS_MOST,
    RULES_MOST,
    Automatic,
    RuleDraft,
    check_rule,
    is_wide,
    keep_limit,
)
from sellerdesk.domain.return_ways import check_address
from sellerdesk.models.journal_writes import Entry, add
from sellerdesk.models.return_facts import read_rules
from sellerdesk.models.sql import record_set, rows, run
from sellerdesk.models.tenancy import scope_transaction
from sellerdesk.models.terms import policy_book


@dataclass(frozen=True, slots=True)
class SettingDraft:
    """What somebody sets for one marketplace. `address` empty: none is given, and every authorisation names its own."""

    marketplace_id: str
    automatic: Automatic = Automatic.IN_POLICY
    address: Mapping[str, str] = field(default_factory=dict)
    instructions: str = ""


_SAVE = """
INSERT INTO return_settings (seller_id, marketplace_id, automatic, address, instructions)
VALUES (%(seller)s, %(place)s, %(automatic)s, (%(address)s::jsonb -> 0), %(instructions)s)
ON CONFLICT (seller_id, marketplace_id) DO UPDATE
   SET automatic = excluded.automatic, address = excluded.address, instructions = excluded.instructions"""


def save_setting(actor: Actor, draft: SettingDraft, *, now: datetime) -> None:
    """Set what holds for a marketplace from now on.

    Raises Refusal FORBIDDEN, NOT_PARTICIPATING, MISSING_VALUE and INVALID_VALUE (`place` is "address.…"),
    LINT_REFUSED for instructions that buyers must not be given.
    """
    seller_id = _seller(actor)
    address = check_address(draft.address) if any(draft.address.values()) else {}
    if len(draft.instructions) > INSTRUCTIONS_MOST:
        said = f"{len(draft.instructions)} characters"
        expected = f"at most {INSTRUCTIONS_MOST} characters"
        raise refuse(Code.INVALID_VALUE, place="instructions", value=said, expected=expected)
    if actor.party is Party.SELLER:
        check_note(draft.instructions, "instructions")
    given = {
        "seller": seller_id,
        "place": draft.marketplace_id,
        "automatic": Automatic(draft.automatic).value,
        "address": record_set([address]),
        "instructions": draft.instructions.strip(),
    }
    with transaction.atomic():
        scope_transaction(seller_id)
        _check_place(seller_id, draft.marketplace_id)
        run(_SAVE, given)
        facts = {"marketplace_id": draft.marketplace_id, "automatic": given["automatic"]}
        facts |= {"address": bool(address)}
        add(actor, seller_id, [Entry(None, "return_setting_changed", facts)], now)


_LOCK = "SELECT pg_advisory_xact_lock(hashtext('return_rules'), %s::integer)"
_ADD = """
INSERT INTO return_rules (seller_id, effect, marketplace_id, sku, category, reason, price_from, price_to, currency,
                          active_from)
VALUES (%(seller)s, %(effect)s, %(marketplace_id)s, %(sku)s, '', %(reason)s, %(price_from)s::bigint,
        %(price_to)s::bigint, %(currency)s, %(now)s)
RETURNING id"""


def add_rule(actor: Actor, draft: RuleDraft, *, now: datetime) -> int:
    """Begin a rule: it holds for orders placed from now on. Answers its id.

    Raises Refusal FORBIDDEN, NOT_PARTICIPATING, TOO_MANY, RULE_TOO_WIDE while nobody has agreed to a rule that gives
    much away, and those of `domain.return_settings.check_rule`.
    """
    seller_id = _seller(actor)
    check_rule(draft)
    with transaction.atomic():
        scope_transaction(seller_id)
        if draft.marketplace_id:
            _check_place(seller_id, draft.marketplace_id)
        if not draft.confirm_wide:
            _check_width(seller_id, draft, now)
        rows(_LOCK, [seller_id])  # or two at once could pass the limit together
        if sum(rule.active_until is None for rule in read_rules(seller_id)) >= RULES_MOST:
            raise refuse(Code.TOO_MANY, place="rules", most=RULES_MOST)
        given: dict[str, Any] = {
            name: getattr(draft, name)
            for name in ("marketplace_id", "sku", "price_from", "price_to", "currency")
        }
        given |= {"effect": draft.effect.value, "reason": draft.reason, "seller": seller_id, "now": now}
        ((rule,),) = rows(_ADD, given)
        facts = {"rule": rule, "effect": draft.effect.value, "marketplace_id": draft.marketplace_id}
        add(actor, seller_id, [Entry(None, "return_rule_added", facts)], now)
    return int(rule)


def end_rule(actor: Actor, rule_id: int, *, now: datetime) -> bool:
    """End a rule for orders placed from now on; False when there is none of this number that still holds.

    Raises Refusal FORBIDDEN.
    """
    seller_id = _seller(actor)
    with transaction.atomic():
        scope_transaction(seller_id)
        ended = run(
            "UPDATE return_rules SET active_until = %s WHERE seller_id = %s AND id = %s AND active_until IS NULL",
            [now, seller_id, rule_id],
        )
        if ended:
            add(actor, seller_id, [Entry(None, "return_rule_ended", {"rule": rule_id})], now)
    return ended == 1


def _seller(actor: Actor) -> int:
    if actor.seller_id is None:
        raise ValueError("settings belong to one seller")
    if not actor.may(Permission.RETURN_SETTINGS):
        raise refuse(Code.FORBIDDEN, permission=Permission.RETURN_SETTINGS.value)
    return actor.seller_id


def _check_width(seller_id: int, draft: RuleDraft, now: datetime) -> None:
    """The lowest advice of the marketplaces where the rule can hold is what it is measured by."""
    sold = rows("SELECT marketplace_id FROM participations WHERE seller_id = %s", [seller_id])
    places = {draft.marketplace_id} if draft.marketplace_id else {one for (one,) in sold}
    currency = draft.currency or (by_id(draft.marketplace_id).currency if draft.marketplace_id else "")
    places = {one for one in places if by_id(one).currency == currency}
    book = policy_book(places)
    limit = min((keep_limit(book, one, now.date()) for one in places), default=0)
    if is_wide(draft, limit):
        said = Money(currency, limit).text() if places else ""
        raise refuse(Code.RULE_TOO_WIDE, place="confirm_wide", limit=said, currency=currency)


def _check_place(seller_id: int, marketplace_id: str) -> None:
    found = rows(
        "SELECT 1 FROM participations WHERE seller_id = %s AND marketplace_id = %s",
        [seller_id, marketplace_id],
    )
    if not found:
        raise refuse(Code.NOT_PARTICIPATING, marketplace_id=marketplace_id[:40])
