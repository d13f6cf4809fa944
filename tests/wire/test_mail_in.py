"""Mail from anywhere becomes a sound value or a reason, in little time and memory (trust P6, 2.6)."""

import base64
from collections.abc import Callable
from contextlib import AbstractContextManager
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from sellerdesk.wire.mail_charsets import decode, known_charset, plain
from sellerdesk.wire.mail_html import html_to_text
from sellerdesk.wire.mail_in import FILES_BYTES_MAX, TEXT_MAX, Fault, MailUnreadable, read_mail

Within = Callable[[float], AbstractContextManager[None]]
HEAD = (
    b"From: Ada Quill <Ada@Buyer.example>\r\nTo: shop-1-x@desk.example\r\nMessage-ID: <1@buyer.example>\r\n"
)


def a_mail(body: bytes = b"Hello", *headers: str) -> bytes:
    return HEAD + "".join(f"{one}\r\n" for one in headers).encode() + b"\r\n" + body


def mixed(*parts: bytes, kind: str = "mixed", boundary: str = "b") -> bytes:
    inner = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return (
        f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
        + inner
        + f"--{boundary}--".encode()
    )


def a_file(content: bytes, disposition: str = 'attachment; filename="a.pdf"') -> bytes:
    head = f"Content-Type: application/pdf\r\nContent-Disposition: {disposition}\r\n"
    return head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content)


def fault_of(data: bytes) -> Fault:
    with pytest.raises(MailUnreadable) as caught:
        read_mail(data)
    return caught.value.fault


def test_a_plain_mail() -> None:
    mail = read_mail(
        a_mail(b"Hello,\r\n\r\nwhere is it?\r\n", "Subject: My order", "References: <a@x> <b@y>")
    )
    assert (mail.sender, mail.message_id, mail.subject) == (
        "ada@buyer.example",
        "1@buyer.example",
        "My order",
    )
    assert mail.text == "Hello,\n\nwhere is it?"
    assert mail.references == ("a@x", "b@y")
    assert mail.claimed == ("shop-1-x@desk.example",)
    assert (mail.automatic, mail.files, mail.return_path) == ("", (), None)


# --- Character sets --------------------------------------------------------------------------------------------------

CHINESE, JAPANESE = "请取消我的订单，谢谢。镕", "注文をキャンセルしてください。髙①"


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        (CHINESE, "gb18030", "GB18030"),
        (CHINESE, "gbk", "gb2312"),  # what programs in China say and what they mean
        (CHINESE, "gbk", "x-gbk"),
        ("請取消我的訂單", "big5", "Big5"),
        (JAPANESE, "cp932", "Shift_JIS"),
        ("注文をキャンセルしてください。", "iso2022_jp", "ISO-2022-JP"),
        ("注文", "euc_jp", "euc-jp"),
        ("주문 취소", "cp949", "ks_c_5601-1987"),
        ("Grüße – “x”", "cp1252", "iso-8859-1"),
        (CHINESE, "utf-8", "no-such-charset"),
        (CHINESE, "utf-8", "us-ascii"),  # lies
        (CHINESE, "utf-8", "iso-8859-1"),
        ("Grüße", "utf-8", "iso-8859-1"),
        (CHINESE, "utf-8", ""),
        (CHINESE, "utf-8-sig", "gb2312"),
        (CHINESE, "utf-16", "utf-8"),
    ],
)
def test_text_is_read_in_the_set_that_is_meant(text: str, codec: str, declared: str) -> None:
    encoded = base64.encodebytes(text.encode(codec))
    kind = f"Content-Type: text/plain; charset={declared}" if declared else "Content-Type: text/plain"
    assert read_mail(a_mail(encoded, kind, "Content-Transfer-Encoding: base64")).text == text


def test_a_mail_that_names_no_set_is_read_with_the_marketplaces() -> None:
    data = a_mail("表予".encode("cp932"), "Content-Type: text/plain; charset=unknown")
    assert read_mail(data, fallback="cp932").text == "表予"


def test_bytes_that_fit_nowhere_become_marks_and_not_errors() -> None:
    assert decode(b"a\xffb", "gb2312", fallback="euc_jp") == "a\ufffdb"


@pytest.mark.parametrize(
    "name", ["punycode", "idna", "unicode_escape", "hex", "zlib", "rot13", "\ud800", "x" * 999, "", "utf-7"]
)
def test_codecs_that_are_no_character_sets_are_not_used(name: str) -> None:
    assert known_charset(name) == ""


def test_subject_and_names_of_files_are_read_too() -> None:
    subject = "=?gb2312?B?" + base64.b64encode(CHINESE.encode("gbk")).decode() + "?="
    part = a_file(b"%PDF-1", "attachment; filename*=gb2312''%B7%A2%C6%B1%E9F.pdf")
    mail = read_mail(a_mail(b"", f"Subject: {subject}")[:-2] + mixed(b"\r\nhi", part))
    assert mail.subject == CHINESE
    assert [file.name for file in mail.files] == ["发票镕.pdf"]
    word = "=?Shift_JIS?B?" + base64.b64encode("髙.pdf".encode("cp932")).decode() + "?="
    part = a_file(b"%PDF-1", f'attachment; filename="{word}"')
    assert read_mail(HEAD + mixed(b"\r\nhi", part)).files[0].name == "髙.pdf"


def test_a_raw_subject_is_read() -> None:
    assert read_mail(HEAD + "Subject: 订单".encode() + b"\r\n\r\nx").subject == "订单"


def test_text_loses_what_hides_and_what_turns_it() -> None:
    assert plain("a\0b\x1bc\u202ed\u200be\ufefff\r\ng\u2066h\ud800") == "abcdef\ngh?"
    assert plain("Cafe\u0301\n", lines=False) == "Café "


# --- Parts -----------------------------------------------------------------------------------------------------------


def test_plain_text_comes_before_html_and_files_of_the_other_form_are_kept() -> None:
    html = b"Content-Type: text/html\r\n\r\n<p>page</p>"
    picture = b"Content-Type: image/png\r\nContent-ID: <p>\r\nContent-Disposition: inline\r\n\r\nPNG"
    data = HEAD + mixed(b"\r\nwords", mixed(html, picture, kind="related", boundary="c"), kind="alternative")
    mail = read_mail(data)
    assert mail.text == "words"
    assert [(one.content_type, one.content) for one in mail.files] == [("image/png", b"PNG")]


def test_an_empty_plain_form_gives_way_to_html() -> None:
    data = HEAD + mixed(b"\r\n  ", b"Content-Type: text/html\r\n\r\n<p>page</p>", kind="alternative")
    assert read_mail(data).text == "page"


def test_html_leaves_only_its_words() -> None:
    page = (
        "<html><head><title>T</title><style>b{}</style></head><body onload=x>Cancel <b>it</b> &lt;b&gt;"
        "<script>alert(1)</script><img src=http://x.example/track.png><div style='display:none'>hidden</div>"
        "<ul><li>one<li>two</ul><a href='http://e.example/p'>here</a> <a href='javascript:alert(1)'>there</a>"
        "<blockquote>old</blockquote></body></html><p>after"
    )
    assert html_to_text(page) == (
        "Cancel it <b>\n\n- one\n- two\n\nhere <http://e.example/p> there\n\n> old\n\nafter"
    )


def test_words_below_very_deep_markup_are_found() -> None:
    assert html_to_text("<div>" * 5000 + "deep") == "deep"


def test_a_mail_inside_the_mail_gives_its_words_but_no_addresses() -> None:
    inner = (
        b"Content-Type: message/rfc822\r\n\r\nFrom: real@secret.example\r\nSubject: inner\r\n\r\ninner words"
    )
    mail = read_mail(HEAD + mixed(b"\r\nsee below", inner))
    assert mail.text == "see below\n\n[inner]\n\ninner words"
    assert "secret" not in repr(mail)


def test_flowed_lines_are_joined() -> None:
    data = a_mail(b"one \r\ntwo\r\nthree", "Content-Type: text/plain; format=flowed")
    assert read_mail(data).text == "one two\nthree"


def test_history_is_cut_and_long_text_too() -> None:
    mail = read_mail(a_mail(b"Yes\r\n\r\n> old\r\n"))
    assert (mail.text, mail.was_cut) == ("Yes", True)
    mail = read_mail(a_mail(b"long words\r\n" * 9000))
    assert len(mail.text) <= TEXT_MAX
    assert mail.was_cut


def test_a_broken_multipart_is_read_as_text() -> None:
    assert "hello" in read_mail(a_mail(b"--x\r\n\r\nhello", "Content-Type: multipart/mixed")).text
    assert (
        read_mail(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ncut off").text
        == "cut off"
    )


# --- Names -----------------------------------------------------------------------------------------------------------


def test_without_a_message_id_the_name_follows_from_the_content() -> None:
    bare = HEAD.replace(b"Message-ID: <1@buyer.example>\r\n", b"")
    first, again = bare + b"\r\nHello", b"Received: from elsewhere\r\n" + bare + b"\r\nHello"
    assert (
        read_mail(first).message_id == read_mail(again).message_id != read_mail(bare + b"\r\nBye").message_id
    )
    assert read_mail(first).message_id.endswith("@unnamed.invalid")


@pytest.mark.parametrize(
    ("headers", "fault"),
    [
        (b"To: x@y.example\r\n", Fault.NO_SENDER),
        (b"From: \r\n", Fault.NO_SENDER),
        (b"From: nobody\r\n", Fault.NO_SENDER),
        (b"From: <>\r\n", Fault.NO_SENDER),
        (b"From: a@x.example, b@x.example\r\n", Fault.SEVERAL_SENDERS),
        (b"From: a@x.example\r\nFrom: b@x.example\r\n", Fault.SEVERAL_SENDERS),
        (b'From: "ada@buyer.example" <a@x.example>, b@y.example\r\n', Fault.SEVERAL_SENDERS),
        (b"From: " + b"(" * 50_000 + b"\r\n", Fault.TOO_DEEP),
    ],
)
def test_who_writes_must_be_clear(headers: bytes, fault: Fault) -> None:
    assert fault_of(headers + b"\r\nHello") is fault


def test_a_name_that_looks_like_an_address_is_no_address() -> None:
    mail = read_mail(b'From: "ada@buyer.example" <eve@evil.example>\r\n\r\nHello')
    assert mail.sender == "eve@evil.example"


# --- Automatic mail --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "mark"),
    [
        ("Auto-Submitted: auto-replied", "auto-submitted"),
        ("Auto-Submitted: auto-generated; x=y", "auto-submitted"),
        ("Precedence: bulk", "precedence"),
        ("X-Auto-Response-Suppress: All", "x-auto-response-suppress"),
        ("List-Id: <x.example>", "list-id"),
        ("Subject: Automatic reply: Your order", "subject"),
        ("Subject: Re: Out of office", "subject"),
        ("Subject: 自动回复: 订单", "subject"),
        ("Content-Type: multipart/report; boundary=b", "report"),
        ("Auto-Submitted: no", ""),
        ("Subject: Automatic coffee machine", ""),
        ("Precedence: first-class", ""),
    ],
)
def test_automatic_mail_is_recognised(header: str, mark: str) -> None:
    assert read_mail(a_mail(b"I am away", header)).automatic == mark


@pytest.mark.parametrize(
    "sender", ["MAILER-DAEMON@x.example", "no-reply@x.example", "bounces+12=ab@x.example"]
)
def test_senders_that_are_no_persons(sender: str) -> None:
    assert read_mail(f"From: {sender}\r\n\r\nHello".encode()).automatic == "sender"


def test_a_person_called_like_one_is_a_person() -> None:
    assert read_mail(b"From: bouncesly@x.example\r\n\r\nHello").automatic == ""


def test_the_null_sender_is_seen() -> None:
    assert read_mail(b"Return-Path: <>\r\n" + a_mail()).return_path == ""
    assert read_mail(b"Return-Path: <A@x.example>\r\n" + a_mail()).return_path == "a@x.example"


# --- Bounds ----------------------------------------------------------------------------------------------------------


def nested(count: int) -> bytes:
    heads = (f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(count))
    return HEAD + "".join(heads).encode() + b"\r\nHello"


HUGE = {
    "a thousand nested parts": (nested(1000), Fault.TOO_MANY_PARTS),
    "twelve nested parts": (nested(12), Fault.TOO_DEEP),
    "a thousand nested mails": (HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1000, Fault.TOO_MANY_PARTS),
    "parts without end": (HEAD + mixed(*[b"\r\nx"] * 80_000), Fault.TOO_MANY_PARTS),
    "a digest without end": (
        HEAD + mixed(*[b"\r\nA: b\r\n\r\nx"] * 150, kind="digest"),
        Fault.TOO_MANY_PARTS,
    ),
    "files of 11 MB": (HEAD + mixed(b"\r\nx", a_file(b"x" * (FILES_BYTES_MAX + 1))), Fault.FILES_TOO_LARGE),
    "a file of 20 MB": (HEAD + mixed(b"\r\nx", a_file(b"x" * 20 * 1024 * 1024)), Fault.TOO_LARGE),
    "many files": (HEAD + mixed(*[a_file(b"x")] * 31), Fault.TOO_MANY_FILES),
    "lines without end": (b"\n" * 5_000_000, Fault.TOO_LARGE),
    "nothing": (b"", Fault.EMPTY),
    "blanks": (a_mail(b" \r\n \r\n"), Fault.EMPTY),
    "bytes": (bytes(range(256)) * 50_000, Fault.NO_SENDER),
}


@pytest.mark.parametrize("case", HUGE)
def test_what_is_over_a_bound_is_refused_quickly(case: str, within: Within) -> None:
    data, fault = HUGE[case]
    with within(3.0):
        assert fault_of(data) is fault


LONG = {
    "headers": HEAD + b"A: b\r\n" * 290_000 + b"\r\nHello",
    "a folded header": HEAD + b"X:" + b" a\r\n" * 290_000 + b"\r\nHello",
    "words in the subject": HEAD + b"Subject: " + b"=?utf-8?b?YQ==?= " * 100_000 + b"\r\n\r\nHello",
    "a content type": HEAD + b"Content-Type: " + b";" * 100_000 + b"\r\n\r\nHello",
    "quotes in a content type": HEAD + b'Content-Type: text/plain; a="' + b'\\"' * 100_000 + b"\r\n\r\nHello",
    "receivers": HEAD + b"Cc: " + b"<" * 100_000 + b"\r\n\r\nHello",
    "one line": HEAD + b"\r\nHello" + b"a" * 15_000_000,
    "lines in depth": nested(9) + b"\r\n" * 290_000,
    "page": HEAD + b"Content-Type: text/html\r\n\r\nHello" + b"<p><b>" * 1_000_000,
    "comments": HEAD + b"Content-Type: text/html\r\n\r\nHello" + b"<!--" * 1_000_000,
    "quotes": HEAD + b"\r\nHello\r\n" + b"> a\r\n" * 200_000,
}


@pytest.mark.parametrize("case", LONG)
def test_what_is_long_is_read_in_time(case: str, within: Within) -> None:
    with within(3.0):
        assert read_mail(LONG[case]).text.startswith("Hello")


def test_headers_cannot_be_smuggled_through_headers() -> None:
    encoded = "=?utf-8?q?Hi=0D=0ABcc=3A_x=40x.example?="
    mail = read_mail(a_mail(b"Hello", f"Subject: {encoded}"))
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject


def test_what_the_library_writes_we_read() -> None:
    message = EmailMessage(policy=SMTP)
    message["From"], message["Message-ID"] = "Ada <ada@buyer.example>", "<7@x>"
    message.set_content("Grüße\n")
    message.add_alternative("<p>Grüße</p>", subtype="html")
    message.add_attachment(b"%PDF-1", maintype="application", subtype="pdf", filename="日本.pdf")
    mail = read_mail(message.as_bytes())
    assert (mail.text, [file.name for file in mail.files]) == ("Grüße", ["日本.pdf"])
