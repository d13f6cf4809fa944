"""What this door answers before a cancellation: shapes for the OpenAPI document, and the writing of them."""

from datetime import datetime
from typing import Any

from sellerdesk.domain.cancellations import CancelDecision
from sellerdesk.domain.orders import Status
from sellerdesk.domain.rates import CancellationRate, Standing
from sellerdesk.interfaces.api import answers
from sellerdesk.interfaces.api.answer_shapes import Answer, PolicyAnswer, ProblemAnswer, UnitsAnswer
from sellerdesk.interfaces.api.problems import of_refusal, utc
from sellerdesk.interfaces.api.shapes import Money
from sellerdesk.queries.api_orders import Sight
from sellerdesk.queries.cancel_preview import CancelPreview


class RateAnswer(Answer):
    """A cancellation rate: `counted` of `base` orders. `basisPoints` and `target` are hundredths of a percent.

    `headroom` is how many more cancellations that count keep it below the target.
    """

    marketplace_id: str
    since: datetime
    at: datetime
    counted: int
    base: int
    basis_points: int | None
    target: int
    denominator: str
    standing: Standing
    headroom: int
    clean_orders_needed: int


class CancelPreviewAnswer(Answer):
    """What cancelling would do at this moment, by the decision that the cancellation itself would take.

    `problem` says why it would be refused. With `questions` a yes would help (label_exists, effect_changed, over_limit,
    forbidden), and the other members say what would happen after it; without them they are absent.
    """

    order_number: str
    accepted: bool
    problem: ProblemAnswer | None
    questions: list[ProblemAnswer]
    status: Status | None = None
    items: list[UnitsAnswer] | None = None
    units: int | None = None
    whole: bool | None = None
    counts: bool | None = None
    why: str | None = None
    leaves: bool | None = None
    policy: PolicyAnswer | None = None
    answers_request: bool | None = None
    restocked: bool | None = None
    released: Money | None = None
    label: str | None = None
    exceeds_limit: bool | None = None
    rate_before: RateAnswer | None = None
    rate_after: RateAnswer | None = None
    version: int | None = None


class CancelPreviewsAnswer(Answer):
    """In the order of the requests; accepted ones build on each other, as the cancellations would."""

    previews: list[CancelPreviewAnswer]


def preview(order_number: str, one: CancelPreview, sight: Sight) -> dict[str, Any]:
    """The answer to one request of a preview."""
    said = {
        "orderNumber": order_number,
        "accepted": one.refusal is None,
        "problem": one.refusal and of_refusal(one.refusal).members(),
        "questions": [of_refusal(question).members() for question in one.questions],
    }
    return said if one.decision is None else said | _decided(one.decision, sight)


def rate(one: CancellationRate) -> dict[str, Any]:
    """A cancellation rate."""
    return {
        "marketplaceId": one.marketplace_id,
        "since": utc(one.since),
        "at": utc(one.at),
        "counted": one.counted,
        "base": one.base,
        "basisPoints": one.basis_points,
        "target": one.policy.cr_target,
        "denominator": one.policy.cr_denominator,
        "standing": one.standing.value,
        "headroom": one.headroom,
        "cleanOrdersNeeded": one.clean_orders_needed,
    }


def _decided(decision: CancelDecision, sight: Sight) -> dict[str, Any]:
    numbers = {item.id: item.item_number for item in decision.facts.items}
    key, value = decision.policy
    said: dict[str, Any] = {
        "status": decision.status.value,
        "items": answers.units({numbers[item]: quantity for item, quantity in decision.lines.items()}),
        "units": decision.units,
        "whole": decision.whole,
        "counts": decision.counting.counts,
        "why": decision.counting.why.value,
        "leaves": decision.leaves,
        "policy": {"key": key, "value": value} if key else None,
        "answersRequest": decision.answers_request,
        "restocked": decision.restocked,
        "label": decision.label,
        "exceedsLimit": decision.exceeds,
        "rateBefore": decision.before_rate and rate(decision.before_rate),
        "rateAfter": decision.after_rate and rate(decision.after_rate),
        "version": decision.facts.version,
    }
    return said | (
        {"released": answers.money(decision.released, decision.facts.currency)} if sight.money else {}
    )
