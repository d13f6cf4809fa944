"""A-to-z claims: file, ask, answer, withdraw, decide, appeal (rulebook 2.9, 3.6; T17; I06, I13, I14).

The clock grants in silence (`commands.deadlines`). A claim is resolved as refunded with the release of the refund that
gives back all that is left, not with its request: a held refund can be called back, and then nothing was resolved.
"""

from collections.abc import Sequence
from datetime import datetime

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.claims import AppealVerdict, ClaimStep, ClaimVerdict, FileClaim
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.identifiers import Randomness
from sellerdesk.domain.outcomes import Outcome


def file_claims(
    actor: Actor,
    requests: Sequence[FileClaim],
    *,
    now: datetime,
    randomness: Randomness,
    once: Once | None = None,
) -> list[Outcome]:
    """File claims for buyers (CLAIMS_FILE).

    Outcome "granted", "action_required" or "filed" with facts reference, kind, amount, currency, due_at (aware or None),
    cause, version. Refusals are those of `claim_filing.file`, ORDER_NOT_FOUND, FORBIDDEN, BUSY.
    """
    raise NotImplementedError


def ask_claims(
    actor: Actor, requests: Sequence[ClaimStep], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The marketplace asks sellers (CLAIMS_DECIDE; party AMAZON or SYSTEM): "action_required" with fact due_at."""
    raise NotImplementedError


def answer_claims(
    actor: Actor, requests: Sequence[ClaimStep], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The seller answers (CLAIMS_HANDLE): "under_review". Refusals are those of `claims.answer`."""
    raise NotImplementedError


def withdraw_claims(
    actor: Actor, requests: Sequence[ClaimStep], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The buyer takes claims back (CLAIMS_FILE): "withdrawn"."""
    raise NotImplementedError


def decide_claims(
    actor: Actor, verdicts: Sequence[ClaimVerdict], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The marketplace decides (CLAIMS_DECIDE; AMAZON or SYSTEM): "granted" or "denied" with facts debited, paid, defect,
    fault, funding, appeal_until.
    """
    raise NotImplementedError


def appeal_claims(
    actor: Actor, requests: Sequence[ClaimStep], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The seller appeals, once (CLAIMS_HANDLE): "appealed"."""
    raise NotImplementedError


def ask_appeals(
    actor: Actor, requests: Sequence[ClaimStep], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The marketplace asks about appeals (CLAIMS_DECIDE; AMAZON or SYSTEM): "appeal_info_required" with fact due_at."""
    raise NotImplementedError


def answer_appeals(
    actor: Actor, requests: Sequence[ClaimStep], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The seller answers about an appeal (CLAIMS_HANDLE): "appealed"."""
    raise NotImplementedError


def decide_appeals(
    actor: Actor, verdicts: Sequence[AppealVerdict], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The marketplace decides appeals (CLAIMS_DECIDE; AMAZON or SYSTEM): "reversed" or "appeal_denied" with facts money
    and defect.
    """
    raise NotImplementedError
