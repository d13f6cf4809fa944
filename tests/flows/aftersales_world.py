"""Everything that can happen to refunds, returns and claims, so that every letter and every piece of news is owed."""

import json
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests import build
from tests.build import PLACED, all_well, an_actor, everything

from sellerdesk.commands.claims import file_claims
from sellerdesk.commands.messages import receive_messages
from sellerdesk.commands.refunds import RefundChange, request_refunds, undo_refunds
from sellerdesk.commands.return_requests import request_returns
from sellerdesk.commands.returns import (
    Authorize,
    Close,
    Inspect,
    Receive,
    ReturnStep,
    authorize_returns,
    close_returns,
    depart_returns,
    grade_returns,
    receive_returns,
)
from sellerdesk.commands.transfers import CallResult, claim_transfers, record_calls
from sellerdesk.domain.actors import Party
from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.claim_facts import ClaimKind
from sellerdesk.domain.claims import FileClaim
from sellerdesk.domain.messages import BuyerMessage
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.domain.return_facts import Grade, ReturnKind, ReturnReason
from sellerdesk.domain.return_settings import Effect
from sellerdesk.domain.returns import CloseReason, Label, ReturnAsked
from sellerdesk.flows.return_labels import clean_label
from sellerdesk.flows.sweep import sweep
from sellerdesk.models.sql import run
from sellerdesk.models.tenancy import scoped

US = "ATVPDKIKX0DER"
NOW = PLACED + timedelta(days=8)
HOLD = timedelta(hours=2)
ADA, SHOP = "ada.quill@buyer.example", "seller@lantern.example"
DOCK = {
    "name": "Lantern & Loom",
    "line1": "5 Dock Street",
    "city": "Reno",
    "state": "NV",
    "postal_code": "89501",
    "country": "US",
}
LABELLED: Mapping[str, Any] = {
    "label": Label.UPLOADED,  # the seller's own: the first scan refunds nothing
    "label_file": clean_label(Attachment("label.pdf", "application/pdf", b"%PDF-1.7 a label %%EOF")),
    "carrier": "UPS",
    "tracking": "1Z9990000000000005",
}
_numbers = random.Random(26)


def delivered(seller: int, **said: Any) -> str:
    """An order that arrived days ago."""
    number = build.a_shipped_order(seller, **said)
    build.change("UPDATE packages SET status = 'DELIVERED', delivered_at = %s", [PLACED + timedelta(days=5)])
    return number


def item_of(number: str) -> str:
    found = everything(
        "SELECT i.item_number FROM order_items i JOIN orders o ON o.id = i.order_id"
        " WHERE o.order_number = %s ORDER BY i.position",
        [number],
    )
    return str(found[0][0])


def settle(seller: int, automatic: str) -> None:
    """Say what becomes of returns by themselves, and where they go."""
    with scoped(seller):
        run("DELETE FROM return_settings WHERE seller_id = %s", [seller])
        run(
            "INSERT INTO return_settings (seller_id, marketplace_id, automatic, address, instructions)"
            " VALUES (%s, %s, %s, %s::jsonb, 'Knock twice.')",
            [seller, US, automatic, json.dumps(DOCK)],
        )


def keeps(seller: int, on: bool) -> None:
    """Whether a rule lets buyers keep what they want to return."""
    with scoped(seller):
        run("DELETE FROM return_rules WHERE seller_id = %s", [seller])
        if on:
            run(
                "INSERT INTO return_rules (seller_id, effect, marketplace_id, sku, category, reason, currency,"
                " active_from) VALUES (%s, %s, '', '', '', '', '', %s)",
                [seller, Effect.RETURNLESS.value, PLACED - timedelta(days=9)],
            )


def ask(seller: int, number: str, **said: Any) -> Outcome:
    """The buyer asks to send one unit back."""
    at = said.pop("at", NOW)
    lines = {item_of(number): said.pop("units", 1)}
    request = ReturnAsked(number, said.pop("reason", ReturnReason.NOT_NEEDED), lines, **said)
    buyer = an_actor(seller, party=Party.BUYER)
    return all_well(request_returns(buyer, [request], now=at, randomness=_numbers))[0]


def asked(seller: int, number: str, **said: Any) -> str:
    """The RMA of `ask`."""
    return str(ask(seller, number, **said).facts["rma"])


def authorized(seller: int, number: str, rma: str, *, at: datetime = NOW, **said: Any) -> None:
    step = Authorize(number, rma, address=said.pop("address", DOCK), **said)
    all_well(authorize_returns(an_actor(seller), [step], now=at))


def closed(seller: int, number: str, rma: str, comment: str, *, by: Party = Party.SELLER) -> None:
    step = Close(number, rma, reason=CloseReason.OUT_OF_POLICY.value, comment=comment)
    all_well(close_returns(an_actor(seller, party=by), [step], now=NOW))


def came(seller: int, number: str, rma: str, *, at: datetime = NOW) -> None:
    """The parcel is scanned, and then it is here."""
    carrier = an_actor(seller, party=Party.CARRIER)
    all_well(depart_returns(carrier, [ReturnStep(number, rma)], now=at))
    all_well(receive_returns(an_actor(seller), [Receive(number, rma)], now=at))


def inspected(seller: int, number: str, rma: str) -> None:
    """What came was opened, and can be sold again."""
    step = Inspect(number, rma, grades={item_of(number): Grade.REPACK})
    all_well(grade_returns(an_actor(seller), [step], now=NOW))


def refunded(seller: int, number: str, *, at: datetime = NOW, **said: Any) -> str:
    """A refund that is held, or waits; answers its reference."""
    request = RefundRequest(number, said.pop("reason", RefundReason.GENERAL_ADJUSTMENT), **said)
    outcome = all_well(request_refunds(an_actor(seller), [request], now=at))[0]
    return str(outcome.facts["reference"])


def undone(seller: int, number: str, reference: str, *, at: datetime = NOW) -> None:
    all_well(undo_refunds(an_actor(seller), [RefundChange(number, reference)], now=at))


def paid_out(seller: int, verb: str = "succeed", *, at: datetime) -> None:
    """The payment side says of everything that is due that it went, or with "fail" that it never will."""
    actor = an_actor(seller)
    due = claim_transfers(actor, now=at, limit=100)
    all_well(record_calls(actor, [CallResult(one, verb, "pay_1", "declined") for one in due], now=at))


def limit(amount: int) -> None:
    """From above this amount, in whole dollars, a second person must agree to a refund."""
    build.change(
        "UPDATE policies SET value = to_jsonb(%s::int) WHERE key = 'refund_approval_limit'", [amount]
    )


def journal(seller: int, kind: str, number: str, facts: Mapping[str, Any], *, at: datetime = NOW) -> None:
    """Say in the journal what no command that is here writes."""
    build.change(
        "INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)"
        " SELECT seller_id, id, %s, %s, 'AMAZON', '', 'api', '', %s::jsonb FROM orders WHERE order_number = %s",
        [at, kind, json.dumps(facts), number],
    )


def claimed(seller: int, number: str, text: str = "It never came.", *, at: datetime = NOW) -> str:
    """The buyer wrote two days ago, and files a claim now; answers its reference."""
    buyer = an_actor(seller, party=Party.BUYER)
    before = at - timedelta(days=2, minutes=1)
    all_well(receive_messages(buyer, [BuyerMessage(number, "Where is it?")], now=before))
    request = FileClaim(number, ClaimKind.NOT_RECEIVED, text)
    outcome = all_well(file_claims(buyer, [request], now=at, randomness=_numbers))[0]
    return str(outcome.facts["reference"])


CLAIM = {"reference": "C-7K2M-9QXD", "kind": "not_received", "amount": 4318, "currency": "USD"}
DUE = (NOW + timedelta(hours=72)).isoformat()
UNTIL = (NOW + timedelta(days=30)).isoformat()
TOLD: Mapping[str, Mapping[str, Any]] = {
    "claim_filed": CLAIM,
    "claim_action_required": CLAIM | {"due_at": DUE, "policy": "claim_answer_hours"},
    "claim_answered": CLAIM,
    "claim_granted": CLAIM
    | {
        "cause": "silence", "fault": "seller", "funding": "seller", "paid": 4318, "debited": 4318, "defect": True,
        "appeal_until": UNTIL,
    },
    "claim_denied": CLAIM | {"fault": "carrier", "defect": False},
    "claim_withdrawn": CLAIM,
    "claim_refunded": CLAIM | {"defect": True},
    "claim_appealed": CLAIM,
    "claim_appeal_info_required": CLAIM | {"due_at": DUE},
    "claim_appeal_answered": CLAIM,
    "claim_reversed": CLAIM | {"money": True, "defect": False, "debited": 4318},
    "claim_appeal_denied": CLAIM,
    "claim_appeal_over": {"reference": "C-7K2M-9QXD", "due_at": UNTIL, "late": False},
    "claim_reopened": CLAIM | {"defect": False},
    "claim_paid": {"reference": "C-7K2M-9QXD", "total": 4318, "currency": "USD"},
    "claim_payout_failed": {"reference": "C-7K2M-9QXD", "total": 4318, "currency": "USD", "error": "declined"},
    "claim_payout_retried": {"reference": "C-7K2M-9QXD", "total": 4318, "currency": "USD"},
    "feedback_received": {"rating": 1, "negative": True},
    "feedback_removed": {"reason": "buyer"},
    "chargeback_opened": {"reference": "CB-1", "kind": "fraud", "amount": 4318, "currency": "USD"},
    "chargeback_closed": {"reference": "CB-1", "outcome": "lost"},
}  # fmt: skip


def everything_happens(seller: int, comment: str = "Too dark for my room.") -> None:
    """Each letter and each piece of news about returns, refunds and claims is owed at least once. Hostile words are
    the buyer's: what sellers write to buyers is looked at like a message.
    """
    comment = comment.strip()[:2000]  # longer ones are refused
    settle(seller, "manual")
    keeps(seller, False)
    orders = [delivered(seller) for _ in range(13)]
    road, shut, gone, idle, kept, auto, refused, large, called, failed, claim, torn, late = orders
    rma = asked(seller, road, comment=comment, units=2)
    authorized(seller, road, rma, instructions="Knock twice.", **LABELLED)
    came(seller, road, rma)
    closed(seller, shut, asked(seller, shut, comment=comment), "Too late.")
    closed(seller, gone, asked(seller, gone), "", by=Party.BUYER)
    asked(seller, idle)
    ask(seller, refused, kind=ReturnKind.REFUSED)
    slow = asked(seller, late)
    authorized(seller, late, slow)
    came(seller, late, slow)  # and nobody refunds it
    settle(seller, "all")
    asked(seller, auto)
    keeps(seller, True)
    asked(seller, kept)
    keeps(seller, False)
    limit(20)
    refunded(seller, large)
    limit(0)
    undone(seller, called, refunded(seller, called, amount=500))
    refunded(seller, failed, amount=700, goodwill=50, words="Sorry for the scratch.")
    sweep(NOW + HOLD)
    paid_out(seller, "fail", at=NOW + HOLD)
    refunded(seller, torn, amount=300, at=NOW + HOLD)
    sweep(NOW + 2 * HOLD)
    paid_out(seller, at=NOW + 2 * HOLD)
    journal(seller, "payment_break_found", torn, {"reference": f"{torn}-R1", "kind": "amount"})
    missed = {"rma": rma, "due_at": DUE, "by": "marketplace", "refunded": 4318, "currency": "USD"}
    journal(seller, "return_method_missed", road, missed)
    settled = {"reference": f"{torn}-R1", "kind": "amount", "reason": comment[:500]}
    journal(seller, "payment_break_settled", torn, settled)
    inspected(seller, road, rma)
    journal(seller, "return_delivered", road, {"rma": rma, "at": NOW.isoformat()})
    for kind, facts in TOLD.items():
        journal(seller, kind, claim, facts)
    sweep(NOW + timedelta(days=60))
