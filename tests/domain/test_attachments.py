"""Files are what their bytes say, and are called what no path can be made of."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerdesk.domain.attachments import (
    MEGABYTE,
    NAME_MAX,
    SENDABLE,
    UNKNOWN,
    Attachment,
    check_files,
    plain_name,
    sniff,
)
from sellerdesk.domain.refusals import Code, Refusal


def archive(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as one:
        for name in names:
            one.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\xff\xd8\xff\xe0..", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n..", "image/png"),
        (b"GIF89a..", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBP", "image/webp"),
        ("你好, plain".encode(), "text/plain"),
        (b"<html><script>alert(1)</script>", UNKNOWN),
        (b"\xef\xbb\xbf <!DOCTYPE html>", UNKNOWN),
        (b"<svg onload=alert(1)>", UNKNOWN),
        (b"MZ\x90\x00", "application/x-executable"),
        (b"#!/bin/sh\nrm", "application/x-executable"),
        (b"\x00\x01\x02", UNKNOWN),
        (archive("x.exe"), UNKNOWN),
        (archive("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (archive("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)  # fmt: skip
def test_a_file_is_what_its_first_bytes_say(content: bytes, kind: str) -> None:
    assert sniff(content) == kind


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\lamp.png", "lamp.png"),
        (".htaccess", "htaccess"),
        ('a"b<c>.png', "abc.png"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie x.png"),
        ("", "file-1"),
        ("...", "file-1"),
        ("灯笼.jpg", "灯笼.jpg"),
        ("x" * 300 + ".png", "x" * 116 + ".png"),
    ],
)
def test_names_are_plain(said: str, kept: str) -> None:
    assert plain_name(said) == kept


@given(st.text(max_size=400))
def test_no_name_leads_anywhere(said: str) -> None:
    name = plain_name(said)
    assert 0 < len(name) <= NAME_MAX
    assert not set(name) & set('/\\\r\n"')
    assert not name.startswith(".")


def test_limits() -> None:
    text = Attachment("a.txt", "text/plain; charset=utf-8", b"a" * MEGABYTE)
    (one,) = check_files([text], bytes_max=MEGABYTE, count_max=1, sendable_only=True)
    assert (one.kind, one.claimed, one.size) == ("text/plain", "text/plain", MEGABYTE)
    page = Attachment("a.html", "text/html", b"<html>")
    for files, count_max, code in (
        ([text, Attachment("b", "", b"b")], None, Code.ATTACHMENT_TOO_BIG),
        ([page, page], 1, Code.TOO_MANY_ATTACHMENTS),
        ([page], None, Code.ATTACHMENT_TYPE),
        ([Attachment("e", "", b"")], None, Code.MISSING_VALUE),
    ):
        with pytest.raises(Refusal) as caught:
            check_files(files, bytes_max=MEGABYTE, count_max=count_max, sendable_only=True)
        assert caught.value.code is code
    assert check_files([page], bytes_max=MEGABYTE, count_max=None, sendable_only=False)[0].kind == UNKNOWN
    assert UNKNOWN not in SENDABLE
