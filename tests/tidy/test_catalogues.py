"""The Chinese catalogues and letters keep to one word for one thing, each in the words of its own country."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from tests.tidy.conftest import PACKAGE

LOCALES = {"zh_Hans": "zh-hans", "zh_Hant": "zh-hant"}
# Words of the mainland, in traditional characters, that nobody in Taiwan would write; and what slips through.
MAINLAND = [
    "信息", "軟件", "硬件", "網絡", "到賬", "賬戶", "賬號", "默認", "設置", "鏈接", "打印", "屏幕",
    "視頻", "服務器", "登錄", "點擊", "批量", "導出", "界面", "字符", "文本", "密鑰", "搜索", "攬收",
    "校驗", "演示", "承運商", "承運人", "平臺", "快遞", "反饋", "渠道", "加載", "刷新", "粘貼", "添加",
    "菜單", "激活", "回車", "支付方", "裁決",
]  # fmt: skip
# One and the same hold of a refund has one name, as have who carries, who pays out and what is decided.
OTHER_NAMES = {
    "zh_Hans": ["暂存", "保留期", "承运商", "支付方", "裁决", "站点"],
    "zh_Hant": ["暫存", "保留期", "站點"],
}
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!](?![A-Za-z])|[\u4e00-\u9fff] [（「“]|[）」”] [\u4e00-\u9fff]")
SIMPLIFIED = re.compile("[们这为个时间发货订单卖买电邮说请关开须应还]")


def said(locale: str) -> list[str]:
    """Every translation of a catalogue, and every letter of its language."""
    path = PACKAGE / "locale" / locale / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        entries = [one.string for one in read_po(file, locale=locale) if one.id]
    texts = [text for one in entries for text in (one if isinstance(one, tuple) else (one,))]
    letters = PACKAGE / "flows" / "notices" / "mail_texts" / LOCALES[locale]
    return texts + [one.read_text(encoding="utf-8") for one in sorted(Path(letters).glob("*.txt"))]


@pytest.mark.parametrize("locale", LOCALES)
def test_one_thing_has_one_name(locale: str) -> None:
    words = OTHER_NAMES[locale] + (MAINLAND if locale == "zh_Hant" else [])
    assert [(word, text) for text in said(locale) for word in words if word in text] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_chinese_has_chinese_punctuation(locale: str) -> None:
    assert [text for text in said(locale) if HALF_WIDTH.search(text)] == []


def test_traditional_texts_have_no_simplified_characters() -> None:
    assert [text for text in said("zh_Hant") if SIMPLIFIED.search(text)] == []
