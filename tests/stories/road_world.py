"""A shop, its staff, its storefront and its buyer, each behind their own door, for stories of things that go back."""

import html
import io
import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from tests import build
from tests.interfaces.api.conftest import US, Program, item, order, package, token_of, usd
from tests.interfaces.portal.conftest import ADA, Clock, entered, order_url, text
from tests.interfaces.web.test_refund_pages import form_of as refund_form
from tests.interfaces.web.test_refund_pages import words
from tests.stories.test_refund_races import a_program
from typer.testing import CliRunner

from sellerdesk.flows.payouts import pay_all
from sellerdesk.flows.sweep import sweep
from sellerdesk.interfaces.cli import claims as cli_claims
from sellerdesk.interfaces.cli import refunds as cli_refunds
from sellerdesk.interfaces.cli import returns as cli_returns
from sellerdesk.models.accounts import Membership, User
from sellerdesk.queries.verify import verify

ITEM = "12345678901234"
DOCK = {"name": "Lantern & Loom", "line1": "5 Dock Street", "city": "Reno", "state": "NV", "country": "US"}
LANTERNS = item(itemNumber=ITEM, sku="LAN-2", amounts={"principal": usd("40.00"), "tax": usd("3.20")})
TOTAL, ONE = 4320, 2160  # two lanterns, and one of them: price and tax, in cents
HOLD, HOUR, DAY = timedelta(hours=2), timedelta(hours=1), timedelta(days=1)
SHOP = "seller@lantern.example"


class World:
    """Everybody who takes part, and a clock that they share."""

    def __init__(self, time: Clock, payments: Any) -> None:
        self.time, self.payments = time, payments
        self.seller = build.a_seller()
        self.count = 0
        self.program: Program = a_program(self.seller)
        self.clerk = self.person("Li Wei", "owner")
        self.operator = self.person("Ines Moreau", "", is_operator=True)
        self.set_returns("manual")

    # -- who is there

    def person(self, name: str, role: str, **more: Any) -> Client:
        email = f"{name.split()[0].lower()}@lantern.example"
        user = User.objects.create_user(
            email, "correct horse battery", name=name, zone="UTC", date_joined=build.PLACED, **more
        )
        if role:
            Membership.objects.create(seller_id=self.seller, user=user, role=role)
        client = Client()
        client.force_login(user)
        return client

    def buyer(self) -> Client:
        """The buyer's browser, signed in through the mail."""
        return entered(ADA)

    def api(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        """A call of the storefront's program."""
        self.count += 1
        self.program.token = token_of(self.program)
        answer = self.program.call(method, path, body, key=f"road-{self.count}" if method == "POST" else "")
        assert answer.status_code == status, answer.content
        return answer.json()

    def cli(self, app: str, *arguments: str) -> Any:
        """A command at the terminal, answered for programs."""
        apps = {"claims": cli_claims.app, "refunds": cli_refunds.app, "returns": cli_returns.app}
        said = [*arguments, "--seller", str(self.seller), "--json"]
        result = CliRunner().invoke(apps[app], said)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout.splitlines()[-1])

    # -- time

    def pass_by(self, **steps: float) -> None:
        """Time passes and the workers do what is due: deadlines, payments, mails."""
        self.time.now += timedelta(**steps)
        self.work()

    def work(self) -> None:
        while sweep(self.time.now).done:
            pass
        pay_all(self.time.now, self.payments)
        build.mails(self.time.now)

    # -- the order

    def set_returns(self, automatic: str) -> None:
        body = {"automatic": automatic, "address": DOCK, "instructions": "Use the box it came in."}
        self.api("PUT", f"/return-settings/{US}", body)

    def delivered(self, **changes: Any) -> str:
        """Two lanterns: ordered and paid at the storefront, sent, and with the buyer four days later."""
        number, placed = self.shipped(**changes), self.time.now
        self.time.now = placed + 3 * DAY
        event = {"reference": "A", "kind": "DELIVERED", "at": at(self.time.now)}
        self.api("POST", f"/orders/{number}/parcel-events", event)
        self.work()
        return number

    def shipped(self, **changes: Any) -> str:
        buyer = {"name": "Ada Quill", "email": ADA}
        said = order(**({"placedAt": at(self.time.now), "items": [LANTERNS], "buyer": buyer} | changes))
        number = str(self.api("POST", "/orders", said, status=201)["orderNumber"])
        self.api("POST", f"/orders/{number}/payments", {"state": "authorized"})
        self.time.now += DAY
        packed = package(reference="A", tracking=f"1Z{number}", shippedAt=at(self.time.now))
        self.api("POST", f"/orders/{number}/shipments", {"packages": [packed]}, status=201)
        self.work()
        return number

    # -- the buyer, in the portal

    def url(self, number: str) -> str:
        return order_url(self.seller, number)

    def ask(self, number: str, *, units: int = 2, **said: Any) -> str:
        """Ask for a return in two steps, as the pages lead; answers its number."""
        client, url = self.buyer(), f"{self.url(number)}return/"
        (key,) = re.findall(r'name="key" value="([^"]+)"', text(client.get(url)))
        form = {"key": key, f"pick-{ITEM}": "1", f"q-{ITEM}": str(units), "reason": "too_small"} | said
        assert client.post(url, form | {"do": "continue", "photos": []}).status_code == 200
        assert client.post(url, form | {"do": "submit"}).status_code == 302
        self.work()
        return self.rma(number)

    def withdraw(self, number: str, place: int = 1) -> None:
        client, url = self.buyer(), f"{self.url(number)}returns/{place}/withdraw/"
        assert client.post(url, hidden(text(client.get(url)))).status_code == 302
        self.work()

    def write(self, number: str, words: str = "Where is it?") -> None:
        self.api("POST", f"/orders/{number}/buyer-messages", {"text": words}, status=201)
        self.work()

    def claim(self, number: str, kind: str = "not_received") -> str:
        client, url = self.buyer(), f"{self.url(number)}claim/"
        form = hidden(text(client.get(url))) | {"kind": kind, "text": "Nothing was at my door."}
        answer = client.post(url, form)
        assert answer.status_code == 302, text(answer)
        self.work()
        return str(self.api("GET", f"/orders/{number}/claims")["claims"][-1]["reference"])

    # -- the seller, in the console

    def desk(self, rma: str, page: str, said: dict[str, Any]) -> None:
        """A page of a return: drawn, filled in, sent."""
        url = f"/desk/returns/{rma}/{page}/"
        drawn = text(self.clerk.get(url)).partition('id="return-form"')[2]
        answer = self.clerk.post(url, inputs(drawn) | said)
        assert answer.status_code == 302, words(text(answer))
        self.work()

    def authorize(self, rma: str, **said: Any) -> None:
        self.desk(rma, "authorize", {"label": "none", "do": "authorize"} | said)

    def scan_in(self, code: str, **units: int) -> str:
        """Somebody scans what lies on the table, and says how many are in it."""
        found = self.clerk.get("/desk/returns/scan/", {"code": code})
        assert found.status_code == 302
        (rma,) = re.findall(r"/desk/returns/([^/]+)/receive/", found["Location"])
        self.desk(rma, "receive", {f"units-{ITEM}": str(units["units"])} if units else {})
        return str(rma)

    def grade(self, rma: str, grade: str, **said: Any) -> None:
        self.desk(rma, "grade", {f"grade-{ITEM}": grade, f"note-{ITEM}": "As seen."} | said)

    def refund(self, number: str, query: str = "", **said: Any) -> None:
        """The refund page, however somebody came to it."""
        kind = said.pop("page", "")
        url = f"/desk/orders/{number}/refund/{kind}"
        form = refund_form(text(self.clerk.get(f"{url}{query}"))) | said
        answer = self.clerk.post(url, form)
        assert answer.status_code == 302, words(text(answer))
        self.work()

    def refund_of(self, rma: str, offer: str = "In full", **said: Any) -> None:
        """From Manage Returns: the link on the return's page leads to the refund page."""
        page = html.unescape(text(self.clerk.get(f"/desk/returns/{rma}/")))
        (link,) = re.findall(rf'href="([^"]+)"><span>{offer}', page)
        url, _, query = link.partition("?")
        form = refund_form(text(self.clerk.get(link))) | said
        answer = self.clerk.post(f"{url}?{query}", form)
        assert answer.status_code == 302, words(text(answer))
        self.work()

    def story(self, number: str, language: str = "en") -> list[str]:
        """The titles of the order's timeline, oldest first."""
        self.clerk.cookies["sellerdesk_language"] = language
        page = text(self.clerk.get(f"/desk/orders/{number}/"))
        self.clerk.cookies["sellerdesk_language"] = "en"
        part = page.partition('class="timeline"')[2].partition("</ol>")[0]
        return [html.unescape(one) for one in re.findall(r"<strong>([^<]+)</strong>", part)][::-1]

    # -- what is so

    def rma(self, number: str) -> str:
        return str(self.ask_tables("SELECT q.rma FROM return_requests q", number, "q.id DESC")[0][0])

    def ask_tables(self, sql: str, number: str, order_by: str) -> list[tuple[Any, ...]]:
        alias = sql.split()[-1]
        ending = f" JOIN orders o ON o.id = {alias}.order_id WHERE o.order_number = %s ORDER BY {order_by}"
        return build.everything(sql + ending, [number])

    def returns(self, number: str) -> list[str]:
        return [one[0] for one in self.ask_tables("SELECT q.state FROM return_requests q", number, "q.id")]

    def refunds(self, number: str) -> list[tuple[Any, ...]]:
        return self.ask_tables("SELECT r.state, r.total, r.mode FROM refunds r", number, "r.id")

    def mails(self, number: str) -> list[tuple[str, str]]:
        """(Letter, reader) of what is told of returns, refunds, claims and messages, in their order."""
        found = self.ask_tables(
            "SELECT m.kind, m.reader, m.state FROM mails m", number, "m.entry_id, m.reader DESC"
        )
        assert {state for _, _, state in found} <= {"sent", "void"}
        about = [(kind, reader) for kind, reader, state in found if state == "sent"]
        told = ("return", "refund", "claim", "your_", "message_", "payment")
        return [(kind, reader) for kind, reader in about if kind.startswith(told)]

    def stock(self, number: str) -> dict[str, int]:
        found = self.ask_tables("SELECT s.kind, s.units FROM stock_movements s", number, "s.id")
        sums: dict[str, int] = {}
        for kind, units in found:
            sums[kind] = sums.get(kind, 0) + units
        return {kind: units for kind, units in sums.items() if units}

    def ledger(self, number: str) -> dict[tuple[str, str], int]:
        """(Kind of movement, account) → minor units."""
        found = build.everything(
            "SELECT t.kind, e.account, sum(e.amount)::int FROM ledger_entries e"
            " JOIN ledger_transactions t ON t.id = e.transaction_id JOIN orders o ON o.id = t.order_id"
            " WHERE o.order_number = %s GROUP BY 1, 2",
            [number],
        )
        return {(kind, account): amount for kind, account, amount in found if amount}

    def paid_out(self, number: str) -> list[int]:
        """What the payment side paid back to the buyer."""
        return sorted(self.payments.paid.get(number, []))

    def nothing_is_wrong(self) -> None:
        assert [violation for finding in verify() for violation in finding.violations] == []


def at(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(key|version)" value="([^"]*)"', page))


def effect(page: str) -> dict[str, str]:
    """The hidden fields of the panel that says what a decision does."""
    part = page[page.index("effect-head") :]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', part))


def inputs(form: str) -> dict[str, str]:
    """The fields of a form as a browser would send them untouched."""
    found = {}
    for tag in re.findall(r"<input [^>]+>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and not re.search(r'type="(radio|file|checkbox)"', tag):
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found


def photo(name: str = "seam.png") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


def in_order(wanted: Sequence[Any], found: Sequence[Any]) -> bool:
    """Whether all of the first stand in the second, in their order."""
    rest = iter(found)
    return all(one in rest for one in wanted)
