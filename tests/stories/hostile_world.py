"""What somebody types or sends who means harm, or mistypes: amounts, files and words, and a world to try them on."""

import base64
import json
import random
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.test import Client
from PIL import Image
from tests import build
from tests.stories.wall_world import Caller, make_caller, whole_database

from sellerdesk.commands import accounts
from sellerdesk.commands.return_requests import request_returns
from sellerdesk.domain.actors import Actor, Door, Party, Permission
from sellerdesk.domain.marketplaces import by_country
from sellerdesk.domain.orders import Buyer
from sellerdesk.domain.return_facts import ReturnReason
from sellerdesk.domain.returns import ReturnAsked
from sellerdesk.models import Participation
from sellerdesk.models.tenancy import scoped

FULL_WIDTH, ARABIC = "\uff11\uff10", "\u0661\u0662"
# No amount in any currency.
NO_AMOUNTS = (
    "-1", "-0.01", "NaN", "nan", "Infinity", "-Infinity", "1e2", "1E2", FULL_WIDTH, ARABIC, "9" * 30, "+5", "1,000.00",
    "10,50", "0x10",
    "1_000", "1.", ".5", "1..0", "5 5", "--1", "$5", "5 USD", "USD5", "5%", "five", "\u00a05", "\u22125",
    "5\u200b", "<b>5</b>", "5;DROP TABLE refunds", "1/2",
)  # fmt: skip
TOO_FINE = {"USD": ("0.001", "1.005", "0.0000001"), "JPY": ("10.5", "0.1", "1.01"), "KWD": ("0.0001",)}
BLANKS = (" ", "   ", "\t", "\u3000")


def amounts(currency: str) -> tuple[str, ...]:
    return (*NO_AMOUNTS, *TOO_FINE[currency])


# --- files -----------------------------------------------------------------------------------------------------------


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **more)
    return out.getvalue()


def promising(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises so many points."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def animated() -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green")]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


SCRIPT = b"<html><script>document.title='pwned'</script></html>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload=\"document.title='pwned'\"/>"
NO_PHOTOS: dict[str, bytes] = {
    "page.png": SCRIPT,
    "drawing.svg": SVG,
    "drawing.png": SVG,
    "nothing.png": b"",
    "cut.jpg": picture("JPEG", (400, 300))[:900],
    "head.png": b"\x89PNG\r\n\x1a\n" + SCRIPT,
    "fifty-megapixels.png": promising(10_000, 5_000),
    "huge.png": promising(60_000, 60_000),
    "zero.png": promising(0, 0),
    "moving.gif": animated(),
    "document.pdf": b"%PDF-1.7\n" + SCRIPT,
    "bitmap.bmp": picture("BMP"),
}
# A picture for some readers, a page with a script for others: what is kept of it must be a picture alone.
POLYGLOT = picture("JPEG", (40, 30), comment=SCRIPT) + SCRIPT
PDF_WITH_SCRIPT = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
NO_LABELS: dict[str, bytes] = {
    "page.pdf": SCRIPT,
    "drawing.pdf": SVG,
    "program.pdf": b"MZ\x90\x00" + b"\x00" * 60,
    "archive.pdf": b"PK\x03\x04" + b"\x00" * 60,
    "huge.png": promising(60_000, 60_000),
    "cut.png": picture()[:60],
}


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


# --- words -----------------------------------------------------------------------------------------------------------

# No text has these, or nobody reads so much.
NO_WORDS = {
    "null": "before\x00after",
    "bell": "before\x07after",
    "escape": "before\x1b[31mafter",
    "too long": "a" * 100_000,
    "marks": "a" + "\u0301" * 10_000,
    "astral": "\U0001f4a9" * 50_000,
}
HALF = "before\ud800after"  # half of a pair: JSON can say it, UTF-8 cannot


# --- the world -------------------------------------------------------------------------------------------------------


@dataclass
class World:
    """A seller with everything, and its callers."""

    caller: Caller
    yen: str  # a shipped order in JPY
    waiting: str  # a return of a unit of it, which nobody has answered
    token: str  # of a program that may do everything

    @property
    def seller(self) -> str:
        return self.caller.ids.seller

    def staff(self) -> Client:
        return self.caller.browser()

    def api(self, method: str, path: str, body: Any = None, *, raw: str = "", token: str = "") -> Any:
        headers = {
            "Authorization": f"Bearer {token or self.token}",
            "Idempotency-Key": f"k{random.random()}",
        }
        data = raw or ("" if body is None else json.dumps(body))
        return Client(raise_request_exception=False).generic(
            method, f"/api/v1{path}", data=data, content_type="application/json", headers=headers
        )


def make_world() -> World:
    caller = make_caller("CARNELIAN")
    with scoped(caller.seller_id):
        Participation.objects.create(
            seller_id=caller.seller_id, marketplace_id=by_country("JP").id, store_name="CARNELIAN Store"
        )
    with scoped(caller.seller_id):
        build.run(
            "INSERT INTO return_settings (seller_id, marketplace_id, automatic, address, instructions)"
            " VALUES (%s, %s, 'manual', '{}', '')",
            [caller.seller_id, by_country("JP").id],
        )
    ids = caller.ids
    yen = build.a_shipped_order(
        caller.seller_id,
        country="JP",
        items=[build.an_item(price=1000, tax=100)],
        buyer=Buyer(name=ids.buyer, email=ids.email),
    )
    ((item,),) = build.everything(
        "SELECT item_number FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.order_number = %s",
        [yen],
    )
    asked = ReturnAsked(yen, ReturnReason.QUALITY, {item: 1})
    buyer = build.an_actor(caller.seller_id, party=Party.BUYER)
    now = build.PLACED.replace(day=4)
    (one,) = build.all_well(request_returns(buyer, [asked], now=now, randomness=random.SystemRandom()))
    return World(caller, yen, one.facts["rma"], token_with(caller.seller_id, accounts.PROGRAM_SCOPES))


def token_with(seller_id: int, scopes: Any) -> str:
    """A token of a new program that may do just this."""
    actor = Actor(Party.AMAZON, "administrator", Door.CLI, seller_id)
    chosen = [Permission(one) for one in scopes]
    made = accounts.create_client(
        actor, "robot", now=build.PLACED, randomness=random.SystemRandom(), scopes=chosen
    )
    said = {
        "grant_type": "client_credentials",
        "client_id": made.client_id,
        "client_secret": made.client_secret,
    }
    answer = Client().post("/api/v1/token", said, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return str(answer.json()["access_token"])


class Untouched:
    """A block in which no table may change."""

    def __enter__(self) -> None:
        self.before = whole_database()

    def __exit__(self, *error: object) -> None:
        if error[0] is None:
            after = whole_database()
            assert [table for table in after if self.before[table] != after[table]] == []
