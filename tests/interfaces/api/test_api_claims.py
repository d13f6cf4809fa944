"""Claims, feedback and chargebacks over the native API, every answer checked against its description."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import pytest
from tests.interfaces.api.conftest import Maker, Program, package, token_of, usd
from tests.interfaces.api.test_api_description import described, schema_of

from sellerdesk.commands.accounts import PROGRAM_SCOPES, USUAL_SCOPES
from sellerdesk.config import clock
from sellerdesk.flows.sweep import sweep

PLACED = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


class Clock:
    now = PLACED

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ours = Clock()
    monkeypatch.setattr(clock, "now", ours)
    return ours


class Shop:
    """A program whose clock can be moved, and whose answers are checked against the description."""

    def __init__(self, program: Program, time: Clock) -> None:
        self.program, self.time, self.count = program, time, 0
        self.described = described(program)

    def checked(self, answer: Any, operation: str) -> Any:
        status = str(answer.status_code) if answer.status_code < 300 else "default"
        jsonschema.validate(answer.json(), schema_of(self.described, operation, status))
        return answer

    def post(self, path: str, body: Any, operation: str) -> Any:
        self.count += 1
        return self.checked(self.program.call("POST", path, body, key=f"k{self.count}"), operation)

    def get(self, path: str, operation: str) -> Any:
        return self.checked(self.program.call("GET", path), operation)

    def later(self, **steps: float) -> None:
        """Time passes, and the program gets a new token."""
        self.time.now += timedelta(**steps)
        self.program.token = token_of(self.program)

    def delivered(self) -> str:
        """An order that was delivered five days later and whose buyer wrote at once."""
        number = self.program.paid(placedAt=None)
        path = f"/orders/{number}"
        shipped = self.time.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        packed = {"packages": [package(reference="A", shippedAt=shipped)]}
        self.post(f"{path}/shipments", packed, "confirmShipment")
        self.later(days=5)
        event = {"reference": "A", "kind": "DELIVERED", "at": self.time.now.strftime("%Y-%m-%dT%H:%M:%SZ")}
        self.post(f"{path}/parcel-events", event, "reportParcelEvents")
        self.post(f"{path}/buyer-messages", {"text": "Where is it?"}, "passOnMessage")
        return number


@pytest.fixture
def shop(program: Program, time: Clock) -> Shop:
    return Shop(program, time)


def test_a_claim_from_filing_to_an_appeal_that_is_won(shop: Shop) -> None:
    number = shop.delivered()
    path = f"/orders/{number}"
    early = shop.post(f"{path}/claims", {"kind": "not_received"}, "fileClaim")
    assert (early.status_code, early.json()["code"]) == (409, "claim_too_early")
    options = shop.get(f"{path}/claim-options", "getClaimOptions").json()["options"]
    opens = early.json()["facts"]["opensAt"]
    assert datetime.fromisoformat(options[0]["opensAt"]) == datetime.fromisoformat(opens)
    shop.later(hours=48)
    filed = shop.post(f"{path}/claims", {"kind": "not_received", "text": "Nothing."}, "fileClaim")
    assert filed.status_code == 201
    claim = f"{path}/claims/{filed.json()['reference']}"
    assert filed.json()["amount"] == usd("20.81")
    assert shop.post(f"{claim}/answer", {"text": " "}, "answerClaim").json()["code"] == "missing_value"
    answered = shop.post(f"{claim}/answer", {"text": "Signed for.", "version": 1}, "answerClaim").json()
    assert answered["state"] == "under_review"
    verdict = {"granted": True, "fault": "seller"}
    shown = shop.post(f"{claim}/decision/preview", verdict, "previewClaimDecision").json()
    assert (shown["debited"], shown["defect"]) == (usd("20.81"), True)
    wrong = shop.post(f"{claim}/decision", verdict | {"expects": usd("1.00")}, "decideClaim")
    assert wrong.json()["code"] == "left_changed"
    granted = shop.post(f"{claim}/decision", verdict | {"expects": shown["debited"]}, "decideClaim").json()
    assert (granted["state"], granted["debited"]) == ("granted", usd("20.81"))
    shop.post(f"{claim}/appeal", {"text": "Here is the proof."}, "appealClaim")
    asked = shop.post(f"{claim}/appeal/ask", {"text": "Which?"}, "askAboutAppeal").json()
    assert asked["state"] == "appeal_info_required"
    shop.post(f"{claim}/appeal/answer", {"text": "This."}, "answerAppeal")
    decided = {"money": True, "defect": False}
    assert shop.post(f"{claim}/appeal/decision", decided, "decideAppeal").json()["state"] == "reversed"
    found = shop.get(claim, "getClaim").json()
    assert (found["moneyReversed"], found["defect"], found["left"]) == (True, True, usd("0.00"))
    assert [one["step"] for one in found["texts"]] == [
        "filed", "answer", "appeal", "appeal_question", "appeal_answer",
    ]  # fmt: skip
    page = shop.get("/claims?tab=closed&limit=1", "listClaims").json()
    assert [one["reference"] for one in page["claims"]] == [found["reference"]]
    assert page["counts"]["closed"] == 1
    assert shop.get(f"{path}/claims", "getClaimsOfOrder").json()["claims"][0]["state"] == "REVERSED"
    assert shop.program.call("GET", "/claims?tab=nonsense").status_code == 400
    assert shop.program.call("GET", "/claims?cursor=x").status_code == 400


def test_silence_and_withdrawal(shop: Shop) -> None:
    numbers = [shop.delivered(), shop.delivered()]
    shop.later(hours=48)
    claims = []
    for number in numbers:
        filed = shop.post(f"/orders/{number}/claims", {"kind": "not_received"}, "fileClaim").json()
        claims.append(f"/orders/{number}/claims/{filed['reference']}")
    gone = shop.post(f"{claims[0]}/withdrawal", {"text": "It came."}, "withdrawClaim").json()
    assert gone["state"] == "withdrawn"
    shop.later(hours=72)
    sweep(shop.time.now)
    assert shop.get(claims[1], "getClaim").json()["cause"] == "silence"
    late = shop.post(f"{claims[1]}/answer", {"text": "Too late."}, "answerClaim")
    assert late.json()["code"] == "claim_state"


def test_only_who_was_given_it_by_name_judges(make_program: Maker, time: Clock) -> None:
    shop = Shop(make_program(scopes=USUAL_SCOPES), time)
    number = shop.delivered()
    path = f"/orders/{number}/claims/C-AAAA-BBBB"
    for call, body, operation in (
        (f"{path}/decision", {"granted": False, "fault": "buyer"}, "decideClaim"),
        (f"{path}/appeal/decision", {"money": True, "defect": True}, "decideAppeal"),
        (f"{path}/ask", {}, "askAboutClaim"),
        (f"/orders/{number}/feedback", {"rating": 5, "at": "2026-03-03T00:00:00Z"}, "recordFeedback"),
    ):
        assert shop.post(call, body, operation).status_code == 403, call
    assert USUAL_SCOPES < PROGRAM_SCOPES


@pytest.mark.parametrize(
    "text",
    ["x" * 5_001, "x" * 100_000],
)
def test_words_are_bounded(shop: Shop, text: str) -> None:
    number = shop.delivered()
    shop.later(hours=48)
    answer = shop.post(f"/orders/{number}/claims", {"kind": "not_received", "text": text}, "fileClaim")
    assert answer.status_code in (400, 413)


def test_feedback_and_chargebacks(shop: Shop) -> None:
    number = shop.delivered()
    path = f"/orders/{number}"
    rated = {"rating": 1, "at": "2026-03-06T01:00:00Z"}
    assert shop.post(f"{path}/feedback", rated, "recordFeedback").json()["negative"] is True
    assert shop.post(f"{path}/feedback", rated, "recordFeedback").json()["code"] == "already_recorded"
    gone = shop.post(f"{path}/feedback/removal", {"reason": "buyer"}, "removeFeedback").json()
    assert gone["state"] == "removed"
    again = shop.post(f"{path}/feedback/removal", {"reason": "buyer"}, "removeFeedback")
    assert (again.status_code, again.json()["code"]) == (404, "not_recorded")
    for rating in (0, 6, True, "5"):
        said = {"rating": rating, "at": "2026-03-06T01:00:00Z"}
        assert shop.program.call("POST", f"{path}/feedback", said).status_code == 400
    report = {"reference": "CB-7", "kind": "service", "amount": usd("20.81"), "at": "2026-03-06T02:00:00Z"}
    assert shop.post(f"{path}/chargebacks", report, "recordChargeback").status_code == 201
    wrong = report | {"reference": "CB-8", "amount": {"amount": "20", "currencyCode": "JPY"}}
    refused = shop.post(f"{path}/chargebacks", wrong, "recordChargeback")
    assert refused.json()["code"] == "currency_mismatch"
    closed = f"{path}/chargebacks/CB-7/closing"
    assert shop.post(closed, {"outcome": "lost"}, "closeChargeback").json()["outcome"] == "lost"
    assert shop.post(closed, {"outcome": "won"}, "closeChargeback").status_code == 404
    shop.later(hours=48)
    late = shop.post(f"{path}/claims", {"kind": "not_received"}, "fileClaim").json()
    assert (late["code"], late["facts"]["why"]) == ("claim_not_eligible", "chargeback")
