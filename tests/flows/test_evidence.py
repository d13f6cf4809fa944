"""The evidence pack: everything of the record is in it, and nothing in it can do harm (hostile text, broken photos)."""

import re
import time
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader
from tests import build
from tests.commands.test_claims import FILED, a_claim, a_claimable_order, refund_all, step

from sellerdesk.adapters.pdf.evidence import render_evidence
from sellerdesk.commands.claims import answer_claims
from sellerdesk.domain.evidence import LINES_MOST, TEXT_MOST, Pack, Picture, bounded, section
from sellerdesk.flows.evidence import Telling, evidence_pack

HOSTILE = "<script>alert(1)</script> \u202egnp.exe\u202c \x00\x07 {{7*7}} 退货 退貨"


def read(document: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages)
    return re.sub(r"\s", "", text)


def a_picture() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (400, 300), "teal").save(kept, "PNG")
    return kept.getvalue()


def plainly(word: str) -> str:
    return f"<{word}>"


TELLING = Telling(
    place="Amazon.com",
    zone="America/Los_Angeles",
    moment=lambda at: at.strftime("at %d.%m.%Y %H:%M"),
    money=lambda minor, currency: f"{currency}:{minor}",
    carrier=lambda code, name: plainly(name or code),
    address=lambda address: [*address.block, "Land"],
    event=plainly,
    package_status=plainly,
    claim_state=plainly,
    claim_cause=plainly,
    return_state=plainly,
    return_reason=plainly,
    refund_state=plainly,
    refund_reason=plainly,
    grade=plainly,
)


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize(("language", "word"), [("en", "Messageswiththebuyer"), ("zh-hans", "证据")])
def test_a_pack_is_made_from_the_record(language: str, word: str) -> None:
    seller = build.a_seller()
    number = a_claimable_order(seller)
    claim = a_claim(seller, number, text="It never came: 没有收到")
    step(answer_claims, build.an_actor(seller), number, claim, text="Signed for by A. Quill.")
    refund_all(seller, number, at=FILED, amount=100)
    photos = [Picture("The box", a_picture())]
    made = evidence_pack(
        seller,
        claim,
        TELLING,
        now=FILED + timedelta(hours=2),
        language=language,
        history=[(FILED, "Claim filed")],
        photos=lambda _: photos,
    )
    assert made is not None
    text = read(made)
    for said in (claim, number, "<DELIVERED>", "1Z999AA1", "没有收到", "SignedforbyA.Quill.", "Whereisit?"):
        assert said in text, said
    assert "USD:100" in text
    assert FILED.strftime("at%d.%m.%Y%H:%M") in text
    assert word in text
    assert evidence_pack(build.a_seller("Other"), claim, TELLING, now=FILED) is None


def test_hostile_text_is_harmless_and_bounded() -> None:
    huge = "甲" * 100_000 + "tail"
    lines = [("x", HOSTILE), ("y", huge), ("z", "w" * 30_000)] + [("n", "line")] * (LINES_MOST * 3)
    pack = Pack("Evidence " + HOSTILE, "foot", "en", (section("Heading", lines),))
    begun = time.perf_counter()
    made = render_evidence(pack)
    assert time.perf_counter() - begun < 30
    reader = PdfReader(BytesIO(made))
    assert len(reader.pages) < 30
    assert not {"/JavaScript", "/JS", "/OpenAction", "/AA", "/URI"} & set(
        re.findall(r"/[A-Za-z]+", str(made))
    )
    text = read(made)
    assert "<script>alert(1)</script>" in text  # shown, and nothing more
    assert "退货" in text
    assert "\u202e" not in text
    assert "\x00" not in text
    assert "tail" not in text
    assert f"+{LINES_MOST * 2 + 3}" in text
    assert len(bounded(huge)) <= TEXT_MOST + 4
    assert bounded("a\x00\u202eb") == "ab"


def test_a_broken_picture_leaves_its_caption() -> None:
    pictures = (
        Picture("Broken", b"<html>no picture</html>"),
        Picture("Whole", a_picture()),
        Picture("Empty", b""),
    )
    text = read(render_evidence(Pack("T", "f", "en", (), pictures)))
    assert all(word in text for word in ("Broken", "Whole", "Empty"))


def test_the_same_pack_gives_the_same_bytes() -> None:
    pack = Pack("T", "f", "en", (section("H", [("a", "b")]),))
    assert render_evidence(pack) == render_evidence(pack)
