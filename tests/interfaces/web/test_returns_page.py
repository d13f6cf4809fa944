"""The pages of one return: authorise, close, receive, inspect, photos, many at once (S2-12 to S2-17, S4-17, S4-23)."""

import html
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from tests import build
from tests.build import all_well, an_actor, change, everything
from tests.interfaces.web.conftest import NOW, Staff, text
from tests.returned import ASKED, a_delivered_order, asked, authorized, graded, items, received, setting

from sellerdesk.commands.refunds import request_refunds
from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.domain.return_facts import Grade, ReturnReason
from sellerdesk.domain.return_ways import Label
from sellerdesk.flows.photos import clean_photos

PDF = b"%PDF-1.7 a label"


@pytest.fixture(autouse=True)
def manual(seller: int) -> None:
    setting(seller)


def form(client: Client, rma: str, page: str) -> dict[str, str]:
    """The form of a page as a browser would send it untouched."""
    shown = text(client.get(f"/desk/returns/{rma}/{page}/")).partition('id="return-form"')[2]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]+>", shown):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="radio"' not in tag and 'type="file"' not in tag:
            found[name[1]] = value[1].replace("&amp;", "&") if value else ""
    return found


def send(client: Client, rma: str, page: str, said: dict[str, Any]) -> Any:
    return client.post(f"/desk/returns/{rma}/{page}/", said)


def state(rma: str) -> str:
    return str(everything("SELECT state FROM return_requests WHERE rma = %s", [rma])[0][0])


def a_photo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    return file.getvalue()


def letters(page: str) -> list[tuple[str, str, str]]:
    """The letters that a page shows: language, subject, text."""
    found = re.findall(
        r'<div class="letter" lang="([^"]+)"><strong><bdi>(.*?)</bdi></strong><p><bdi>(.*?)</bdi>', page, re.S
    )
    return [(tag, html.unescape(subject), html.unescape(words)) for tag, subject, words in found]


def test_the_letter_before_the_click_is_the_letter_that_is_sent(owner: Client, seller: int) -> None:
    _, rma = asked(seller, reason=ReturnReason.DEFECTIVE)
    said = form(owner, rma, "authorize") | {
        "label": "uploaded",
        "line1": "7 New <b>Street",
        "own_rma": "LL/2026 #7",
        "carrier": "UPS",
        "tracking": "1Z999AA10123456784",
        "instructions": "Ring twice.",
    }
    [(tag, subject, words)] = letters(text(send(owner, rma, "authorize", said | {"do": "update"})))
    assert tag == "en"
    assert all(one in words for one in ("7 New <b>Street", "LL/2026 #7", "UPS", "> Ring twice.", "Ada Quill"))
    assert everything("SELECT count(*) FROM mails WHERE kind = 'return_authorized'") == [(0,)]
    assert send(owner, rma, "authorize", said | {"do": "authorize"}).status_code == 302
    sent = [one for one in build.mails(NOW)[0] if one.subject == subject]
    assert [one.text.strip() for one in sent] == [words]


def test_an_emptied_note_is_shown_as_what_will_be_sent(owner: Client, seller: int) -> None:
    _, rma = asked(seller)
    said = form(owner, rma, "authorize") | {"label": "none", "instructions": "", "do": "update"}
    [(_, _, words)] = letters(text(send(owner, rma, "authorize", said)))
    assert "> Use the box it came in." in words  # of the marketplace's setting: the command sends it too


def test_the_letter_speaks_the_buyers_language_and_beside_it_the_readers(owner: Client, seller: int) -> None:
    _, rma = asked(seller)
    owner.cookies["sellerdesk_language"] = "zh-hans"
    page = text(owner.get(f"/desk/returns/{rma}/authorize/"))
    assert [tag for tag, _, _ in letters(page)] == ["en", "zh-Hans"]
    assert letters(page)[0][1].startswith("You may return goods")
    assert letters(page)[1][1].startswith("您可以退回")
    assert "使用买家的语言：English" in page


@pytest.mark.parametrize(
    ("reason", "warned"), [(ReturnReason.DEFECTIVE, True), (ReturnReason.TOO_SMALL, False)]
)
def test_no_label_is_warned_of_where_the_seller_pays(
    owner: Client, seller: int, reason: ReturnReason, *, warned: bool
) -> None:
    _, rma = asked(seller, reason=reason)
    page = text(owner.get(f"/desk/returns/{rma}/authorize/"))
    assert ("although you pay for this return" in page) is warned
    assert ('class="note warn unpaid chosen"' in page) is warned
    said = form(owner, rma, "authorize") | {"label": "prepaid", "do": "update"}
    assert "unpaid chosen" not in text(send(owner, rma, "authorize", said))


def test_authorise_with_the_address_of_the_marketplace(owner: Client, seller: int) -> None:
    _, rma = asked(seller)
    said = form(owner, rma, "authorize")
    assert (said["line1"], said["country"], said["version"]) == ("5 Dock Street", "US", "1")
    page = text(owner.get(f"/desk/returns/{rma}/authorize/"))
    assert "No money moves." in page
    assert "What the buyer reads" in page
    shown = send(owner, rma, "authorize", said | {"label": "none", "do": "update", "line1": "7 New Street"})
    assert shown.status_code == 200
    assert "7 New Street" in letters(text(shown))[0][2]
    assert state(rma) == "PENDING_AUTHORIZATION"
    said |= {"label": "none", "do": "authorize", "line1": "7 New Street", "instructions": "Ring twice."}
    assert send(owner, rma, "authorize", said).status_code == 302
    [(label, address, words)] = everything("SELECT label, address, instructions FROM return_requests")
    assert (label, words) == ("none", "Ring twice.")
    assert "7 New Street" in str(address)
    assert everything("SELECT count(*) FROM refunds") == [(0,)]
    # The same form once more does nothing twice, and says so.
    again = owner.post(f"/desk/returns/{rma}/authorize/", said, follow=True)
    assert "Nothing was done twice" in text(again)
    assert everything("SELECT count(*) FROM journal WHERE kind = 'return_authorized'") == [(1,)]


def test_authorise_with_an_own_number_and_label(owner: Client, seller: int) -> None:
    _, rma = asked(seller)
    _, other = asked(seller)
    said = form(owner, rma, "authorize") | {"label": "uploaded", "do": "authorize", "own_rma": other}
    refused = send(owner, rma, "authorize", said)
    assert refused.status_code == 422
    assert "Label file" in text(refused)
    assert "Another return has the number" in text(refused)
    said |= {"own_rma": "LL/2026 #7", "cost": "4.20", "carrier": "UPS"}
    said["file"] = SimpleUploadedFile("label.pdf", PDF, "application/pdf")
    done = send(owner, rma, "authorize", said)
    assert done.status_code == 302
    assert text(owner.get(done["Location"])).count("LL/2026 #7")
    assert everything("SELECT label, label_cost FROM return_requests WHERE rma = 'LL/2026 #7'") == [
        ("uploaded", 420)
    ]
    assert "Return requested" in text(owner.get(done["Location"]))


@pytest.mark.parametrize(
    "wrong",
    [
        {"line1": ""},
        {"country": "Utopia"},
        {"label": "prepaid"},
        {"label": "gold"},
        {"cost": "NaN", "label": "prepaid", "tracking": "1Z"},
        {"own_rma": "<script>"},
        {"name": "x\x07"},
    ],
)
def test_what_is_wrong_is_said_and_kept(owner: Client, seller: int, wrong: dict[str, str]) -> None:
    _, rma = asked(seller)
    said = (
        form(owner, rma, "authorize") | {"label": "none", "do": "authorize", "instructions": "Kept."} | wrong
    )
    answer = send(owner, rma, "authorize", said)
    assert answer.status_code == 422
    assert "Please correct" in text(answer)
    assert "Kept." in text(answer)
    assert "<script>" not in text(answer).partition("<main")[2]
    assert state(rma) == "PENDING_AUTHORIZATION"


@pytest.mark.parametrize("page", ["authorize", "close", "receive", "grade"])
def test_a_stale_form_says_what_changed_and_keeps_what_was_typed(
    owner: Client, seller: int, page: str
) -> None:
    number, rma = asked(seller)
    if page in ("receive", "grade"):
        authorized(seller, number, rma)
    if page == "grade":
        received(seller, number, rma, lines={items(number)[0]: 1})
    said = form(owner, rma, page)
    if page == "authorize":
        said |= {"label": "none", "do": "authorize", "instructions": "typed long"}
        authorized(seller, number, rma)
        received(seller, number, rma)
    elif page == "close":
        said |= {"reason": "solved", "comment": "typed long"}
        authorized(seller, number, rma)
    elif page == "receive":
        received(seller, number, rma, lines={items(number)[0]: 1})
    else:
        said |= {f"grade-{items(number)[0]}": "damaged", f"note-{items(number)[0]}": "typed long"}
        received(seller, number, rma)
    answer = send(owner, rma, page, said)
    assert answer.status_code == 409, text(answer)[:200]
    html = text(answer)
    assert "The return changed while you were typing" in html
    assert "Return received" in html or "Return authorised" in html
    if page != "receive":
        assert "typed long" in html


def test_closing_needs_reason_and_comment_and_warns(owner: Client, seller: int) -> None:
    _, rma = asked(seller)
    html = text(owner.get(f"/desk/returns/{rma}/close/"))
    assert "No message sent yet." in html
    assert "This return is within the policy." in html
    assert "cannot be opened again" in html
    said = form(owner, rma, "close")
    answer = send(owner, rma, "close", said)
    assert answer.status_code == 422
    assert text(answer).count("This is needed and was left empty.") >= 2
    done = send(owner, rma, "close", said | {"reason": "solved", "comment": "It works after a reset."})
    assert done.status_code == 302
    assert state(rma) == "CLOSED_BY_SELLER"
    page = text(owner.get(done["Location"]))
    assert "It works after a reset." in page
    assert "/close/" not in page.partition("<main")[2]


def test_two_deadlines_are_told_apart(owner: Client, seller: int) -> None:
    number, rma = asked(seller)
    waits = text(owner.get(f"/desk/returns/{rma}/"))
    assert "<dt>Last day to ask</dt>" in waits
    assert "The buyer asked in time: it stays in policy, however late the parcel comes." in waits
    assert "unless somebody answers it before. The buyer would have to ask again." in waits
    authorized(seller, number, rma)
    sent = text(owner.get(f"/desk/returns/{rma}/"))
    assert "unless the parcel is on its way or here before." in sent
    received(seller, number, rma)
    here = text(owner.get(f"/desk/returns/{rma}/"))
    assert "Closes itself" not in here
    change("UPDATE return_requests SET in_policy = false, verdict = 'window_over' WHERE rma = %s", [rma])
    assert "The buyer asked later: the policy does not oblige you" in text(owner.get(f"/desk/returns/{rma}/"))


def test_a_count_of_nothing_is_said_as_such(owner: Client, seller: int) -> None:
    number, rma = asked(seller)
    authorized(seller, number, rma)
    assert "0: none of this item is in it" in text(owner.get(f"/desk/returns/{rma}/receive/"))
    said = form(owner, rma, "receive")
    said |= {name: "0" for name in said if name.startswith("units-")}
    answer = send(owner, rma, "receive", said)
    assert answer.status_code == 422
    assert "Every count is 0, so nothing would be received." in text(answer)
    assert "left empty" not in text(answer)


@pytest.mark.parametrize("page", ["authorize", "close", "receive", "grade"])
def test_going_back_finds_the_form_as_it_was_sent(owner: Client, seller: int, page: str) -> None:
    _, rma = asked(seller)
    for answer in (owner.get(f"/desk/returns/{rma}/{page}/"), send(owner, rma, page, {"version": "1"})):
        assert answer["Cache-Control"] == "private, max-age=0"
    assert owner.get(f"/desk/returns/{rma}/")["Cache-Control"] == "private, no-store"


def test_scanning_finds_the_return_by_any_number(owner: Client, seller: int) -> None:
    number, rma = asked(seller)
    authorized(seller, number, rma, label=Label.PREPAID, tracking="1Z 77 88")
    for code in (rma, rma.lower(), "1z7788", number):
        found = owner.get("/desk/returns/scan/", {"code": code})
        assert found.status_code == 302, code
        assert f"/desk/returns/{rma}/receive/" in found["Location"]
    unknown = owner.get("/desk/returns/scan/", {"code": "<b>nope</b>"})
    assert unknown.status_code == 404
    assert "No return has this number" in text(unknown)
    assert "<b>nope" not in text(unknown)


def test_goods_come_in_parts_are_inspected_and_the_fee_is_offered(owner: Client, seller: int) -> None:
    number, rma = asked(seller)
    authorized(seller, number, rma)
    [item] = items(number)
    said = form(owner, rma, "receive")
    assert said[f"units-{item}"] == "2"
    for wrong in ("3", "-1", "one"):
        assert send(owner, rma, "receive", said | {f"units-{item}": wrong}).status_code == 422
    answer = send(owner, rma, "receive", said | {f"units-{item}": "1", "next": "scan"})
    assert answer["Location"] == "/desk/returns/scan/"
    assert form(owner, rma, "receive")[f"units-{item}"] == "1"
    assert send(owner, rma, "receive", form(owner, rma, "receive")).status_code == 302

    html = text(owner.get(f"/desk/returns/{rma}/grade/"))
    assert "back to stock" in html
    assert re.search(r"fee up to \$[0-9.]+", html)
    said = form(owner, rma, "grade")
    assert send(owner, rma, "grade", said).status_code == 422
    bad = SimpleUploadedFile("a.png", b"<html><script>alert(1)</script>", "image/png")
    grades = {f"grade-{item}": "repack", f"note-{item}": "Box is open."}
    refused = send(owner, rma, "grade", said | grades | {"photos": bad})
    assert refused.status_code == 422
    assert state(rma) == "RECEIVED"
    good = SimpleUploadedFile("a.png", a_photo(), "image/png")
    done = send(owner, rma, "grade", said | grades | {"photos": good})
    assert done.status_code == 302
    assert state(rma) == "PENDING_REFUND"
    page = text(owner.get(done["Location"]))
    assert "Box is open." in page
    assert "Photo of the warehouse" in page


def test_photos_are_pictures_and_nothing_else(owner: Client, seller: int, staff: Staff) -> None:
    photos = clean_photos([Attachment("../../x<script>.png", "text/html", a_photo())])
    _, rma = asked(seller, photos=photos)
    html = text(owner.get("/desk/returns/"))
    found = re.search(r'src="(/desk/returns/[^"]+/photos/[0-9]+/)"', html)
    assert found is not None
    answer = owner.get(found[1])
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer.content.startswith(b"\xff\xd8")
    assert staff(seller, role="finance").get(found[1]).status_code == 403
    assert owner.get(f"/desk/returns/{rma}/photos/999999/").status_code == 404


def test_the_helper_works_with_the_sellers_own_numbers(owner: Client, seller: int) -> None:
    _, rma = asked(seller)
    page = text(owner.get(f"/desk/returns/{rma}/", {"way_back": "60", "cost": "10.00"}))
    assert "let the buyer keep it" in page
    assert "the way back costs $60.00" in page
    for hostile in ("NaN", "-1", "1e2", "<script>", "１２"):
        assert owner.get(f"/desk/returns/{rma}/", {"cost": hostile}).status_code == 200


def test_many_are_authorised_after_a_preview_of_each(owner: Client, seller: int) -> None:
    _, one = asked(seller)
    _, two = asked(seller, reason=ReturnReason.DEFECTIVE)
    late = a_delivered_order(seller)
    _, out = asked(seller, late, at=ASKED + timedelta(days=90))
    rows = [f"{rma}:1" for rma in (one, two, out)]
    html = text(owner.get("/desk/returns/many/", {"row": rows}))
    assert "Will be authorised" in html
    assert "Outside the policy: decide it by itself." in html
    key = re.search(r'name="key" value="([0-9a-f]+)"', html)
    assert key is not None
    said = {"all": [one, two, out], "row": [f"{one}:1", f"{two}:1"], "key": key[1]}
    done = owner.post("/desk/returns/many/", said)
    assert done.status_code == 302
    assert "2 returns authorised." in text(owner.get(done["Location"]))
    assert [state(rma) for rma in (one, two, out)] == ["AUTHORIZED", "AUTHORIZED", "PENDING_AUTHORIZATION"]
    assert owner.post("/desk/returns/many/", said)["Location"] == done["Location"]
    assert owner.post("/desk/returns/many/", {"all": [out]}).status_code == 422


def test_none_of_the_ticked_can_be_authorised_together(owner: Client, seller: int) -> None:
    late = [asked(seller, a_delivered_order(seller), at=ASKED + timedelta(days=90))[1] for _ in range(2)]
    html = text(owner.get("/desk/returns/many/", {"row": [f"{rma}:1" for rma in late]}))
    assert "None of the 2 returns that you ticked can be authorised here." in html
    assert "data-submit" not in html
    assert "Will be authorised" not in html
    alone = text(owner.get("/desk/returns/many/", {"row": [f"{late[0]}:1"]}))
    assert "The return that you ticked cannot be authorised here." in alone


def test_the_order_and_the_composer_know_the_return(owner: Client, seller: int) -> None:
    number, rma = asked(seller, comment="Too tight.")
    authorized(seller, number, rma)
    received(seller, number, rma)
    graded(seller, number, rma, Grade.SELLABLE)
    order = text(owner.get(f"/desk/orders/{number}/"))
    assert f"/desk/returns/{rma}/" in order
    assert "Refund due" in order
    composer = text(owner.get(f"/desk/messages/{number}/", {"reason": "return_guidance", "return": rma}))
    assert "About return" in composer
    assert "Too tight." in composer


def test_roles_see_what_they_may(seller: int, staff: Staff) -> None:
    _, rma = asked(seller)
    shipper, support = staff(seller, role="shipper"), staff(seller, role="support")
    assert shipper.get(f"/desk/returns/{rma}/receive/").status_code == 200
    assert shipper.get(f"/desk/returns/{rma}/authorize/").status_code == 403
    assert support.get(f"/desk/returns/{rma}/authorize/").status_code == 200
    assert support.get("/desk/returns/scan/").status_code == 403
    assert support.get(f"/desk/returns/{rma}/grade/").status_code == 403


def test_closing_never_keeps_goods_and_money(owner: Client, seller: int) -> None:
    number, rma = asked(seller)
    authorized(seller, number, rma)
    received(seller, number, rma)
    graded(seller, number, rma)
    html = text(owner.get(f"/desk/returns/{rma}/close/"))
    assert "The goods are here, and nobody refunded them." in html
    assert "is due to the buyer." in html
    assert 'value="not_returnable"' not in html
    said = form(owner, rma, "close") | {"reason": "not_returnable", "comment": "No."}
    refused = send(owner, rma, "close", said)
    assert (refused.status_code, state(rma)) == (409, "PENDING_REFUND")

    request = RefundRequest(number, RefundReason.BUYER_RETURN, Mode.ON_RECEIPT, rma=rma)
    all_well(request_refunds(an_actor(seller), [request], now=ASKED))
    html = text(owner.get(f"/desk/returns/{rma}/close/"))
    assert "A refund is held until" in html
    assert 'id="return-form"' not in html
    refused = send(owner, rma, "close", said | {"reason": "solved"})
    assert (refused.status_code, state(rma)) == (409, "PENDING_REFUND")
    card = text(owner.get("/desk/returns/?show=all"))
    assert "There is nothing to do." in card
    assert "Issue refund" not in card.partition("<main")[2]
