"""Printing packing slips: looking changes nothing, printing is counted once an order and put on record."""

from io import BytesIO

from django.test import Client
from pypdf import PdfReader
from tests.build import a_paid_order, a_placed_order, a_seller, a_shipped_order, an_item, everything
from tests.interfaces.web.conftest import Staff, text

from sellerdesk.domain.orders import Address, Channel, ItemDocument

SLIPS = "/desk/orders/slips/"
CHINA = Address(
    name="王小明", line1="科技园B2栋", city="深圳市", postal_code="518057", country="CN", phone="13800000000"
)


def prints(number: str) -> tuple[int, int]:
    """How often an order's slip was printed by its own count, and by the journal."""
    [(count, entries)] = everything(
        "SELECT o.slips_printed, (SELECT count(*) FROM journal j WHERE j.order_id = o.id AND j.kind = 'slip_printed')"
        " FROM orders o WHERE o.order_number = %s",
        [number],
    )
    return count, entries


def test_looking_changes_nothing_and_printing_counts(owner: Client, seller: int) -> None:
    number = a_paid_order(seller)
    before = everything("SELECT version, updated_at FROM orders WHERE order_number = %s", [number])
    assert owner.get(SLIPS, {"order": number}).status_code == 200
    assert owner.get(SLIPS, {"order": number, "format": "pdf"}).content.startswith(b"%PDF")
    assert prints(number) == (0, 0)
    assert "data-print" in text(owner.post(SLIPS, {"order": number, "format": "print"}))
    owner.post(SLIPS, {"order": number, "format": "pdf"})
    assert prints(number) == (2, 2)
    after = everything("SELECT version, updated_at FROM orders WHERE order_number = %s", [number])
    assert before == after  # a colleague's open form stays good
    assert f"{number}</span> 2×" in text(owner.get(SLIPS, {"order": number}))


def test_a_slip_shows_the_order_but_no_price(owner: Client, seller: int) -> None:
    gift = ItemDocument(
        "",
        "MUG-1",
        "Mug 马克杯",
        2,
        condition="New",
        personal={"v0": {"GiftMessageText": "生日快乐"}},
        amounts=an_item().amounts,
    )
    number = a_paid_order(seller, items=(gift,), address=CHINA, ship_service="Std Intl")
    page = text(owner.get(SLIPS, {"order": number}))
    for word in (
        number,
        "王小明",
        "科技园B2栋",
        "深圳市",
        "Mug 马克杯",
        "MUG-1",
        "生日快乐",
        "Std Intl",
        "<rect",
    ):
        assert word in page, word
    sheet = page.partition('<article class="slip"')[2].partition("</article>")[0]
    assert "$" not in sheet
    assert "39.98" not in sheet
    pdf = "".join(
        one.extract_text()
        for one in PdfReader(BytesIO(owner.get(SLIPS, {"order": number, "format": "pdf"}).content)).pages
    )
    assert "王小明" in pdf
    assert "39.98" not in pdf


def test_many_orders_are_one_document_in_the_order_asked(owner: Client, seller: int) -> None:
    numbers = [a_paid_order(seller) for _ in range(3)][::-1]
    answer = owner.post(SLIPS, {"order": numbers, "format": "pdf", "size": "10x15"})
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(answer.content)).pages
    assert [number in page.extract_text() for number, page in zip(numbers, pages, strict=True)] == [True] * 3
    assert [prints(number) for number in numbers] == [(1, 1)] * 3


def test_what_may_not_be_printed_is_left_out_by_name(owner: Client, seller: int) -> None:
    pending = a_placed_order(seller)
    warehouse = a_shipped_order(seller, channel=Channel.AFN)
    foreign = a_paid_order(a_seller("Other"))
    good = a_paid_order(seller)
    page = text(owner.post(SLIPS, {"order": [pending, warehouse, foreign, good], "format": "print"}))
    assert "still pending" in page
    assert "from its warehouse" in page
    assert f"There is no order {foreign}" in page
    assert [prints(one)[0] for one in (pending, warehouse, foreign, good)] == [0, 0, 0, 1]
    assert owner.post(SLIPS, {"order": pending}).status_code == 422


def test_language_follows_marketplace_reader_and_choice(owner: Client, staff: Staff) -> None:
    seller = a_seller("Both", countries=("US", "DE"))
    client = staff(seller)
    american, german = a_paid_order(seller), a_paid_order(seller, country="DE")
    client.cookies["sellerdesk_language"] = "zh-hans"
    page = text(client.get(SLIPS, {"order": [american, german]}))
    sheets = page.split('<article class="slip"')[1:]
    assert 'lang="en"' in sheets[0]  # the marketplace speaks English
    assert 'lang="zh-Hans"' in sheets[1]  # it does not speak any language of ours: the reader's
    assert "装箱单" in sheets[1]
    both = text(client.get(SLIPS, {"order": american, "language": "zh-hant", "second": "en"}))
    assert "裝箱單 · Packing slip" in both


def test_nonsense_is_no_error(owner: Client) -> None:
    for query in ({}, {"order": "x\x00y"}, {"order": "999-0000000-0000000", "size": "a0", "language": "xx"}):
        assert owner.get(SLIPS, query).status_code == 200
    assert owner.post(SLIPS, {"order": "999-0000000-0000000"}).status_code == 422


def test_only_who_ships_may_print(seller: int, staff: Staff) -> None:
    number = a_paid_order(seller)
    assert staff(seller, role="readonly").post(SLIPS, {"order": number}).status_code == 403
    assert prints(number) == (0, 0)
