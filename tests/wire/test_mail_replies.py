"""Only what is surely not the answer is cut from a mail."""

import pytest

from sellerdesk.wire.mail_replies import trim_reply

CASES = {
    "nothing to cut": ("Hello\n\nwhere is it?", "Hello\n\nwhere is it?"),
    "our line": (
        "Thanks!\n\nOn Mon, 2 Mar 2026, Lantern <shop-1-a@desk.example> wrote:\n> ##- Write above this line -##\n> old",
        "Thanks!",
    ),
    "our line, not quoted": ("谢谢\n\n##- 请在此行上方回复 -##\nold words", "谢谢"),
    "gmail": (
        "Yes please.\n\nOn Mon, Mar 2, 2026 at 6:00 PM Shop <a@b.example> wrote:\n\n> Hello\n>\n> Bye",
        "Yes please.",
    ),
    "gmail, wrapped": (
        "Yes.\n\nOn Mon, Mar 2, 2026 at 6:00 PM Lantern & Loom\n<shop@b.example> wrote:\n> Hello",
        "Yes.",
    ),
    "german": ("Ja.\n\nAm 02.03.26 um 18:00 schrieb Laden:\n> Hallo", "Ja."),
    "chinese": ("好的\n\n在 2026年3月2日 18:00，灯笼店 写道：\n> 您好", "好的"),
    "qq": ("好的\n\n------------------ 原始邮件 ------------------\n发件人: 灯笼店\n您好", "好的"),
    "japanese": ("はい\n\n2026年3月2日(月) 18:00 Shop <a@b.example>:\n> こんにちは", "はい"),
    "outlook": (
        "Fine.\n\n________________________________\nFrom: Shop\nSent: Monday\nTo: Ada\nSubject: Order\n\nHello",
        "Fine.",
    ),
    "outlook, chinese": (
        "可以\n\n发件人: 店\n发送时间: 2026年3月2日\n收件人: Ada\n主题: 订单\n\n您好",
        "可以",
    ),
    "original message": ("Ok\n\n-----Original Message-----\nanything", "Ok"),
    "signature": ("Where is it?\n\n-- \nAda Quill\nTacoma", "Where is it?"),
    "a phone's signature": ("取消订单\n\n发自我的iPhone", "取消订单"),
    "signature above a quote": ("Hi\n-- \nAda\n\nOn Mon, Shop <a@b.example> wrote:\n> x", "Hi"),
}


@pytest.mark.parametrize("case", CASES)
def test_history_and_signatures_go(case: str) -> None:
    text, answer = CASES[case]
    assert trim_reply(text) == (answer, text != answer)


KEPT = {
    "answers between quotes": "> Which size?\nXL\n> Which colour?\nred\n> Bye",
    "a quote above the answer": "> Which size?\nXL",
    "only a quote": "> please cancel",
    "only a phone's signature": "Sent from my iPhone",
    "one header is a word": "Subject: the lamp\nplease cancel it",
    "from and to are words": "From: Monday\nTo: Friday\nI am away",
    "dashes are no signature when much follows": "list\n--\n" + "\n".join(f"line {n}" for n in range(30)),
    "a sentence with a colon": "My address <ada@x.example> is:\n1 Canary Row",
    "wrote in the middle": "On Monday I wrote:\nplease cancel",
}


@pytest.mark.parametrize("case", KEPT)
def test_what_is_unclear_stays(case: str) -> None:
    assert trim_reply(KEPT[case]) == (KEPT[case], False)


def test_long_and_hostile_texts_take_little_time(within: object) -> None:
    for text in (
        "> " * 300_000,
        "-" * 500_000,
        "On " * 200_000,
        "a\n" * 500_000 + "> b",
        "From:\n" * 100_000,
        "\n" * 500_000,
    ):
        with within(2.0):  # type: ignore[operator]
            trim_reply(text)
