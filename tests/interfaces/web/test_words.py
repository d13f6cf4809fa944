"""Every code has words at this door, and every text has both Chinese translations."""

import string
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from sellerdesk.domain.lifecycle import NOTHING_TO_DO, PackageStatus
from sellerdesk.domain.orders import Status
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.interfaces.web import refusals, words
from sellerdesk.interfaces.web.formats import lasting
from sellerdesk.looks import when

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))
import messages  # noqa: E402

NOW = datetime(2026, 3, 4, 20, 30, tzinfo=UTC)
SEATTLE, SHANGHAI = ZoneInfo("America/Los_Angeles"), ZoneInfo("Asia/Shanghai")
LANGUAGES = ("en", "zh-hans", "zh-hant")


@pytest.mark.parametrize("locale", messages.LOCALES)
def test_every_text_is_translated_and_the_file_is_fresh(locale: str) -> None:
    found = messages.catalogue(locale)
    assert messages.untranslated(found) == []
    assert messages.po(locale).read_bytes() == messages.written(found), "run: python tools/messages.py"


@pytest.mark.parametrize("locale", messages.LOCALES)
def test_translations_keep_what_is_filled_in(locale: str) -> None:
    for message in messages.catalogue(locale):
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[1]
        for translated in message.string if isinstance(message.string, tuple) else (message.string,):
            names = {name for _, name, _, _ in string.Formatter().parse(source) if name}
            assert names >= {name for _, name, _, _ in string.Formatter().parse(translated) if name}, source
            assert source.count("%(") == translated.count("%("), source


@pytest.mark.parametrize("locale", messages.LOCALES)
def test_the_glossary_is_kept(locale: str) -> None:
    wanted = {
        "Unshipped": ("未发货", "未發貨"),
        "Pending": ("等待中", "等待中"),
        "Confirm shipment": ("确认发货", "確認發貨"),
        "Re-confirm shipment": ("重新确认发货", "重新確認發貨"),
        "Packing slip": ("装箱单", "裝箱單"),
        "Tracking ID": ("追踪编码", "追蹤編號"),
        "Ship by": ("最晚发货时间", "最晚發貨時間"),
        "Seller-fulfilled": ("自配送", "自配送"),
        "Warehouse (FBA)": ("亚马逊物流", "亞馬遜物流"),
    }
    found = messages.catalogue(locale)
    at = messages.LOCALES.index(locale)
    assert {text: found.get(text).string for text in wanted} == {
        text: both[at] for text, both in wanted.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", list(Code))
def test_every_refusal_is_worded(code: Code, language: str) -> None:
    with translation.override(language):
        sentence = refusals.word(refuse(code), now=NOW, zone=SEATTLE)
    assert len(sentence) > 6
    assert "{" not in sentence
    assert code.value not in sentence


def test_a_refusal_says_its_facts_in_words() -> None:
    facts = {"place": "ship date", "value": NOW, "earliest": NOW - timedelta(days=1), "latest": NOW}
    found = refusals.word(refuse(Code.SHIP_DATE_IMPOSSIBLE, **facts), now=NOW, zone=SEATTLE)
    assert found == "The ship date must lie between Tue 3 Mar, 12:30 PST and Wed 4 Mar, 12:30 PST."
    pending = refuse(Code.ORDER_PENDING, order_number="1", reason="PAYMENT_DECLINED")
    assert "declined" in refusals.word(pending, now=NOW, zone=SEATTLE)
    status = refuse(Code.WRONG_STATUS, order_number="1", status="Canceled", verb="cancel")
    assert "“Cancelled”" in refusals.word(status, now=NOW, zone=SEATTLE)


@pytest.mark.parametrize(
    ("language", "dollars"), [("en", "$9,999.00"), ("zh-hans", "US$9,999.00"), ("zh-hant", "US$9,999.00")]
)
def test_a_refusal_says_money_as_pages_do(language: str, dollars: str) -> None:
    facts = {"asked": "9999.00", "left": "0.50", "most": "1000.00", "currency": "USD"}
    with translation.override(language):
        for code in (Code.REFUND_EXCEEDED, Code.CONCESSION_EXCEEDED, Code.DEDUCTION_EXCEEDED):
            said = refusals.word(refuse(code, order_number="1", **facts), now=NOW, zone=SEATTLE)
            assert dollars in said
            assert "USD" not in said
        whole = refuse(Code.LEFT_CHANGED, order_number="1", left=1200, currency="JPY", expected=900)
        assert "1,200" in refusals.word(whole, now=NOW, zone=SEATTLE)
        gone = refuse(Code.REFUND_EXCEEDED, asked="", left="", currency="USD")
        assert "$" not in refusals.word(gone, now=NOW, zone=SEATTLE)


def test_everything_that_the_domain_names_has_words() -> None:
    assert set(words.STATUSES) == set(Status)
    assert set(words.NOTHING_TO_DO) == set(NOTHING_TO_DO)
    assert set(words.PACKAGE_STATUSES) == {status.value for status in PackageStatus}


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=2, hours=3, minutes=59), "in 2 d 3 h"),
        (timedelta(days=1, hours=23, minutes=59), "in 47 h 59 min"),
        (timedelta(hours=1), "in 1 h 0 min"),
        (timedelta(minutes=59, seconds=59), "in 59 min"),
        (timedelta(0), "in 0 min"),
        (timedelta(seconds=-1), "late by 0 min"),
        (timedelta(hours=-3), "late by 3 h 0 min"),
        (timedelta(days=-9, hours=-20), "late by 9 d 20 h"),
    ],
)
def test_countdowns(left: timedelta, said: str) -> None:
    assert when.countdown(NOW + left, NOW, "en") == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Wed 4 Mar, 12:30 PST · Thu 5 Mar, 04:30 Shanghai"),
        ("zh-hans", "3月4日周三 12:30 PST · 3月5日周四 04:30 上海"),
        ("zh-hant", "3月4日週三 12:30 PST · 3月5日週四 04:30 上海"),
    ],
)
def test_an_instant_is_said_in_both_zones(language: str, said: str) -> None:
    assert when.both(NOW, "ATVPDKIKX0DER", SHANGHAI, NOW, language) == said


def test_zones_without_letters_say_their_distance_and_years_are_said_when_they_differ() -> None:
    assert when.moment(NOW, ZoneInfo("Asia/Dubai"), NOW, "en") == "Thu 5 Mar, 00:30 UTC+4"
    later = NOW + timedelta(days=365)
    assert when.moment(later, SEATTLE, NOW, "en") == "Thu 4 Mar 2027, 12:30 PST"


@pytest.mark.parametrize(
    ("currency", "minor", "language", "said"),
    [
        ("USD", 123450, "en", "$1,234.50"),
        ("USD", 123450, "zh-hans", "US$1,234.50"),
        ("JPY", 999, "en", "¥999"),
        ("EUR", -5, "en", "-€0.05"),
        ("SAR", 1200, "en", "SAR 12.00"),
    ],
)
def test_money(currency: str, minor: int, language: str, said: str) -> None:
    assert words.money(currency, minor, language) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(120, "2 hours"), (60, "1 hour"), (90, "90 minutes"), (1, "1 minute"), (0, "0 minutes")],
)
def test_a_policys_minutes_are_said_as_people_say_them(minutes: int, said: str) -> None:
    with translation.override("en"):
        assert lasting(minutes) == said
