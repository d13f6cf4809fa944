"""Manage Returns: facets, cards, search, pages, the file (S2-01 to S2-05, S2-08; screens 1.10)."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.build import a_seller, all_well, an_actor, an_item, change, everything
from tests.interfaces.web.conftest import NOW, Staff, text
from tests.returned import ASKED, a_delivered_order, asked, authorized, graded, received, setting

from sellerdesk.commands.returns import Close, close_returns
from sellerdesk.domain.actors import Party
from sellerdesk.domain.return_facts import ReturnReason
from sellerdesk.domain.return_ways import Label

HOSTILE = '<script>alert(1)</script> \u202egnp & "quoted"\nsecond line'


def page(client: Client, query: str = "", status: int = 200) -> str:
    found = client.get(f"/desk/returns/{query}")
    assert found.status_code == status, text(found)[:300]
    return text(found)


def plain(html: str) -> str:
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("&nbsp;", " ").split())


def shown(html: str) -> list[str]:
    """The RMAs of the cards, in their order."""
    return re.findall(r"data-open-order><bdi>([^<]+)</bdi>", html)


def counts(html: str) -> dict[str, str]:
    nav = html.partition('class="facets"')[2].partition("</nav>")[0]
    return dict(re.findall(r"<span>([^<]+)</span> <span class=\"count\">([^<]+)</span>", nav))


@pytest.fixture(autouse=True)
def manual(seller: int) -> None:
    setting(seller)


def test_the_guides_own_filters_and_their_counts(owner: Client, seller: int) -> None:
    _number, waiting = asked(seller)
    on_way_number, on_way = asked(seller)
    authorized(seller, on_way_number, on_way)
    closed_number, closed = asked(seller)
    step = Close(closed_number, closed, reason="solved", comment="It works now.")
    all_well(close_returns(an_actor(seller), [step], now=ASKED))
    given_up_number, given_up = asked(seller)
    all_well(
        close_returns(an_actor(seller, party=Party.BUYER), [Close(given_up_number, given_up)], now=ASKED)
    )
    _automatic_number, automatic = asked(seller)
    change("UPDATE return_requests SET state = 'CLOSED_AUTO', ended_at = %s WHERE rma = %s", [NOW, automatic])
    _claimed_number, claimed = asked(seller)
    change("UPDATE return_requests SET with_claim = true WHERE rma = %s", [claimed])
    first = page(owner)
    assert counts(first) == {
        "Authorisation required": "2",
        "Authorised": "1",
        "Completed": "0",
        "Closed by seller": "1",
        "Closed by buyer": "1",
        "With A-to-z claim": "1",
        "All": "6",
    }
    assert shown(first) == [waiting, claimed]
    assert shown(page(owner, "?show=authorised")) == [on_way]
    assert shown(page(owner, "?show=seller")) == [closed]
    assert shown(page(owner, "?show=buyer")) == [given_up]
    assert shown(page(owner, "?show=claim")) == [claimed]
    assert shown(page(owner, "?show=all&state=CLOSED_AUTO")) == [automatic]
    assert "Closed automatically" in page(owner, "?show=all")
    assert shown(page(owner, "?show=completed")) == []


def test_reason_and_comment_are_what_one_sees(owner: Client, seller: int) -> None:
    number, _rma = asked(seller, comment="The handle broke, the box was open.")
    html = page(owner)
    assert '<strong class="reason-big">Too small</strong>' in html
    assert "The handle broke, the box was open." in html
    words = plain(html)
    assert "In policy until" in words
    assert "No message sent yet" in words
    assert number in words
    assert "The buyer pays the way back" in words
    assert "Answer" in words
    # The four actions stand in the guides' order, writing first and advised (S2-05, S2-08).
    side = html.partition('class="return-actions"')[2].partition("</div>")[0]
    labels = re.findall(r"</svg>([^<]+)<", side)
    assert labels[:2] == ["Contact buyer", "Authorise request"]
    assert labels[-1] == "Close request"
    assert re.search(r'class="btn primary" href="/desk/messages/[^"]+reason=return_guidance', side)
    assert "Write to the buyer first" in words


def test_only_what_the_machine_allows_is_offered(owner: Client, seller: int) -> None:
    number, rma = asked(seller)
    authorized(seller, number, rma)
    html = page(owner, "?show=authorised")
    assert f"/desk/returns/{rma}/receive/" in html
    assert f"/desk/returns/{rma}/authorize/" not in html
    received(seller, number, rma)
    html = page(owner, "?show=authorised")
    assert f"/desk/returns/{rma}/grade/" in html
    assert f"/desk/returns/{rma}/close/" not in html
    graded(seller, number, rma)
    html = page(owner, "?show=authorised")
    assert "Refund due" in plain(html)
    assert f"/desk/returns/{rma}/close/" in html
    assert "Good, but opened or used" in html


def test_hostile_words_are_shown_and_never_obeyed(owner: Client, seller: int) -> None:
    number = a_delivered_order(seller, items=[an_item(title=HOSTILE, sku="<b>SKU</b>")])
    _, rma = asked(seller, number, comment=HOSTILE * 3, raw_reason="<i>raw</i>")
    for path in (page(owner), text(owner.get(f"/desk/returns/{rma}/"))):
        assert "<script>alert" not in path
        assert "<i>raw" not in path
        assert "<b>SKU" not in path
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in path
        assert "\u202e" not in path
        assert "⟦U+202E⟧" in path


def test_a_long_comment_is_folded(owner: Client, seller: int) -> None:
    _, rma = asked(seller, comment="word " * 400)
    html = page(owner)
    assert len(html) < 60_000
    assert "Read all of it" in html
    whole = text(owner.get(f"/desk/returns/{rma}/"))
    assert "<details" in whole
    assert whole.count("word ") >= 399


def test_who_may_not_see_buyers_sees_no_comment(seller: int, staff: Staff) -> None:
    _, rma = asked(seller, comment="Call me at home.")
    reader = staff(seller, role="readonly")
    html = page(reader)
    assert "Call me at home." not in html
    assert "return-actions" in html
    assert "/authorize/" not in html
    assert "/close/" not in html
    assert "Call me at home." not in text(reader.get(f"/desk/returns/{rma}/"))
    assert reader.get(f"/desk/returns/{rma}/authorize/").status_code == 403
    assert reader.get(f"/desk/returns/{rma}/close/").status_code == 403
    assert reader.get(f"/desk/returns/{rma}/receive/").status_code == 403


def test_search_finds_rma_order_tracking_and_sku(owner: Client, seller: int) -> None:
    one_number = a_delivered_order(seller, items=[an_item(sku="LAMP-7")])
    _, one = asked(seller, one_number)
    authorized(seller, one_number, one, label=Label.PREPAID, tracking="1Z 999 AA1 0123")
    other_number, other = asked(seller)
    for term in (
        one,
        one.lower(),
        one_number,
        one_number.replace("-", ""),
        "LAMP-7",
        "lamp-7",
        "1z999aa10123",
    ):
        assert shown(page(owner, f"?show=all&q={term}")) == [one], term
    assert counts(page(owner, f"?show=all&q={other}"))["Authorisation required"] == "1"
    outward = everything(
        "SELECT tracking FROM packages p JOIN orders o ON o.id = p.order_id WHERE o.order_number = %s",
        [other_number],
    )
    assert shown(page(owner, f"?q={outward[0][0]}")) == [other]
    nothing = page(owner, "?q=NOPE")
    assert "No return matches these filters" in nothing
    assert "Clear filters" in nothing


def test_pages_by_key_in_both_directions(owner: Client, seller: int) -> None:
    made = [asked(seller, at=ASKED + timedelta(minutes=n))[1] for n in range(60)]
    change("UPDATE return_requests SET requested_at = %s WHERE rma = ANY(%s)", [ASKED, made[20:30]])
    order = [row[0] for row in everything("SELECT rma FROM return_requests ORDER BY requested_at, id")]
    for query, expected in (("?", order), ("?sort=newest", order[::-1]), ("?show=all&sort=oldest", order)):
        html = page(owner, query)
        seen = shown(html)
        pages = 1
        while (link := re.search(r'rel="next" href="([^"]+)"', html)) is not None:
            html = text(owner.get(link[1].replace("&amp;", "&")))
            seen += shown(html)
            pages += 1
        assert seen == expected
        assert pages == 3
        back = re.search(r'rel="prev" href="([^"]+)"', html)
        assert back is not None
        assert shown(text(owner.get(back[1].replace("&amp;", "&")))) == expected[25:50]


def test_dates_and_marketplace_narrow_the_list(staff: Staff) -> None:
    both = a_seller(countries=("US", "CA"))
    client = staff(both)
    _, american = asked(both)
    canadian_number = a_delivered_order(both, country="CA")
    _, canadian = asked(both, canadian_number, at=ASKED + timedelta(hours=12))
    assert shown(page(client, "?show=all&marketplace=A2EUQ1WTGCTBG2")) == [canadian]
    assert shown(page(client, "?show=all&marketplace=A2EUQ1WTGCTBG2&until=2026-03-03")) == []
    assert set(shown(page(client, "?show=all"))) == {american, canadian}
    assert page(client, "?marketplace=nonsense", status=302) == ""
    assert client.get("/desk/returns/?show=nonsense&after=1.x")["Location"] == "/desk/returns/"


def test_a_page_costs_the_same_statements_however_many(
    owner: Client, seller: int, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    asked(seller)
    page(owner)
    with django_assert_max_num_queries(10) as few:
        page(owner)
    for _ in range(30):
        number, rma = asked(seller)
        authorized(seller, number, rma)
        asked(seller)
    with django_assert_max_num_queries(10) as many:
        page(owner)
    assert len(few) == len(many)


def test_the_navigation_counts_what_needs_the_seller(owner: Client, seller: int) -> None:
    assert "next step" not in page(owner)
    asked(seller)
    number, rma = asked(seller)
    authorized(seller, number, rma)  # the buyer's step now
    says = "returns whose next step is yours: answer, inspect or refund"
    assert f'Returns <span class="count" title="{says}">1<span class="sr"> ({says})</span></span>' in page(
        owner
    )


def test_the_list_says_what_the_navigations_number_is_made_of(owner: Client, seller: int) -> None:
    asked(seller)
    for step in (received, graded):
        number, rma = asked(seller)
        authorized(seller, number, rma)
        received(seller, number, rma)
        if step is graded:
            graded(seller, number, rma)
    html = page(owner)
    assert "3 returns wait for your next step: 1 to answer · 1 to inspect · 1 to refund" in plain(html)
    link = re.search(r'href="([^"]+)">1 to inspect<', html)
    assert link
    assert "Received, to be inspected" in plain(text(owner.get(link[1].replace("&amp;", "&"))))
    assert "wait for your next step" not in page(owner, "?show=all&q=nothing")


def test_filters_fold_and_say_how_many_are_set(owner: Client, seller: int) -> None:
    def fold(query: str = "") -> tuple[str, str]:
        part = page(owner, query).partition('<details class="filter-fold">')[2].partition("</details>")[0]
        return part.partition("</summary>")[0], part

    asked(seller)
    heading, folded = fold()
    assert 'name="q"' in folded
    assert "count" not in heading
    assert '<span class="count">2</span>' in fold("?show=all&q=SKU&from=2026-03-01")[0]


def test_the_settings_are_one_click_away_for_who_may(owner: Client, seller: int, staff: Staff) -> None:
    link = 'href="/desk/returns/settings/"'
    assert link in page(owner).partition("<main")[2]
    assert link not in page(staff(seller, role="support"))


@pytest.mark.parametrize(
    ("role", "said", "unsaid"),
    [
        ("owner", "Write to the buyer first", "Your role cannot"),
        ("support", "Write to the buyer first", "Your role cannot"),
        (
            "shipper",
            "This request waits for an answer. Your role cannot do this; these can: Owner, Manager, Support.",
            "Write",
        ),
        ("readonly", "these can: Owner, Manager, Support.", "Refund before the goods are back"),
        ("finance", "these can: Owner, Manager, Support.", "Refund before the goods are back"),
    ],
)
def test_nobody_is_advised_to_do_what_their_role_may_not(
    seller: int, staff: Staff, role: str, said: str, unsaid: str
) -> None:
    _, rma = asked(seller)
    client = staff(seller, role=role)
    for html in (page(client), text(client.get(f"/desk/returns/{rma}/"))):
        assert said in plain(html)
        assert unsaid not in plain(html)
    numbers = "Work it out with your numbers" in text(client.get(f"/desk/returns/{rma}/"))
    assert numbers is (role in ("owner", "support", "finance"))


def test_the_next_step_names_who_may_take_it(seller: int, staff: Staff) -> None:
    number, rma = asked(seller)
    authorized(seller, number, rma)
    received(seller, number, rma)
    path = f"/desk/returns/{rma}/"
    assert "Your role cannot" not in text(staff(seller, role="shipper").get(path))
    assert "these can: Owner, Manager, Shipper." in plain(text(staff(seller, role="support").get(path)))


def test_nothing_yet_and_nothing_waiting(owner: Client, seller: int) -> None:
    assert "No returns yet" in page(owner)
    number, rma = asked(seller)
    authorized(seller, number, rma)
    empty = page(owner)
    assert "No returns waiting" in empty, plain(empty)
    assert "Show authorised returns" in empty, empty[empty.index("No returns waiting") :][:600]


def test_another_sellers_returns_are_nobodys(owner: Client, seller: int, staff: Staff) -> None:
    _number, rma = asked(seller)
    stranger = staff(a_seller("Other"))
    assert shown(page(stranger, f"?show=all&q={rma}")) == []
    for part in ("", "authorize/", "close/", "receive/", "grade/", "photos/1/"):
        assert stranger.get(f"/desk/returns/{rma}/{part}").status_code == 404, part
    assert stranger.get(f"/desk/returns/scan/?code={rma}").status_code == 404
    assert rma.encode() not in b"".join(stranger.get("/desk/returns/export/?show=all"))


def test_the_file_holds_the_list_and_no_formula(owner: Client, seller: int) -> None:
    number = a_delivered_order(seller, items=[an_item(title="=1+1", sku="@SUM(A1)")])
    _, rma = asked(seller, number, comment='=HYPERLINK("http://evil.example")')
    asked(seller, reason=ReturnReason.DEFECTIVE, comment="\t-2+3")
    body = b"".join(owner.get("/desk/returns/export/")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert next(row["RMA"] for row in rows) == rma
    assert len(rows) == 2
    assert rows[0]["Buyer comment"].startswith("'=HYPERLINK")
    assert rows[0]["Product"] == "'=1+1"
    assert rows[0]["SKU"] == "'@SUM(A1)"
    for row in rows:
        assert not any((cell or "").lstrip().startswith(("=", "+", "-", "@")) for cell in row.values())


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_every_page_speaks_chinese(seller: int, staff: Staff, language: str) -> None:
    client = staff(seller)
    client.post("/language/", {"language": language})
    _, _rma = asked(seller)
    html = page(client)
    words = {"zh-hans": ("批准退货", "关闭申请"), "zh-hant": ("批准退貨", "關閉申請")}[language]
    assert all(word in html for word in words)
