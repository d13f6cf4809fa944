"""HTML of a mail into plain text: nothing of the markup is kept, and nothing in it is run or fetched.

Quotes become lines that begin with "> ", list items lines that begin with "- ", and a link whose address its words do
not show is followed by the address. Parsing takes time in proportion to the size, also for hostile input (measured:
`html.parser` and lexbor do not).
"""

import re
from html import unescape
from typing import Any

from lxml import etree

_DROPPED_WORDS = (
    "script style head title template noscript iframe object embed applet svg math form select "
    "textarea button audio video canvas map "
)
_DROPPED = frozenset(_DROPPED_WORDS.split())
_BLOCKS_WORDS = (
    "address article aside blockquote body center dd div dl dt fieldset figcaption figure footer h1 "
    "h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul "
)
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_SPACED_WORDS = "p h1 h2 h3 h4 h5 h6 blockquote ul ol table pre "
_SPACED = frozenset(_SPACED_WORDS.split())
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_ENDS = re.compile(r"</(?:html|body)\s*>", re.I)  # the parser drops what follows them
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|mso-hide\s*:\s*all", re.I
)
_UNPARSED_MAX = 100_000
_QUOTE_MAX = 5  # deeper quotes look like this one


def html_to_text(text: str) -> str:
    """The words of a page, in lines. Never raises; a page that is none gives what can be read of it."""
    if not text.strip():
        return ""
    # The text is decoded already; a declaration inside it must not be believed.
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(_ENDS.sub(" ", text).replace("\0", "").encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        root = None
    if root is None:
        return _without_tags(text)
    writer = _Writer()
    _walk(root, writer)
    return writer.text() or _without_tags(text)


def _without_tags(text: str) -> str:
    """For what no parser takes, such as elements nested by the thousand: everything between angle brackets goes."""
    text = re.sub(r"<(script|style)\b.*?(?:</\1|\Z)", " ", text[:_UNPARSED_MAX], flags=re.I | re.S)
    return _BLANKS.sub(" ", unescape(re.sub(r"<[^<>]*>?", " ", text))).strip()


class _Writer:
    """Lines in the making."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line = ""
        self.quotes = 0
        self.is_blank_wanted = False
        self.prefix = ""
        self.last_mark = ""

    def say(self, words: str) -> None:
        words = _BLANKS.sub(" ", words)
        if not self.line or self.line.endswith(" "):
            words = words.lstrip(" ")
        self.line += words

    def end_line(self) -> None:
        words = self.line.strip(" ")
        self.line = ""
        if not words:
            return
        mark = "> " * min(self.quotes, _QUOTE_MAX)
        if self.is_blank_wanted and self.lines:
            self.lines.append(min(mark, self.last_mark, key=len).rstrip())
        self.last_mark = mark
        self.is_blank_wanted = False
        self.lines.append(mark + self.prefix + words)
        self.prefix = ""

    def break_line(self) -> None:
        if self.line.strip(" "):
            self.end_line()
        else:
            self.is_blank_wanted = True

    def text(self) -> str:
        self.end_line()
        return "\n".join(self.lines)


def _walk(root: Any, writer: _Writer) -> None:
    """From element to element without recursion, so that depth costs nothing."""
    skipped: Any = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else "script"
        if skipped is None and event == "start":
            if tag in _DROPPED or _HIDDEN.search((element.get("style") or "")[:2000]):
                skipped = element
            else:
                _begin(writer, tag)
                writer.say(element.text or "")
        elif event == "end":
            if skipped is None:
                _finish(writer, tag, element)
            elif skipped is element:
                skipped = None
            if skipped is None and element is not root:
                writer.say(element.tail or "")


def _begin(writer: _Writer, tag: str) -> None:
    if tag == "br":
        writer.break_line()
    elif tag in _BLOCKS:
        writer.end_line()
        writer.is_blank_wanted = writer.is_blank_wanted or tag in _SPACED
        if tag == "blockquote":
            writer.quotes += 1
        elif tag == "li":
            writer.prefix = "- "


def _finish(writer: _Writer, tag: str, element: Any) -> None:
    if tag == "a":
        _add_address(writer, element)
    elif tag in _BLOCKS:
        writer.end_line()
        writer.is_blank_wanted = writer.is_blank_wanted or tag in _SPACED
        writer.prefix = ""
        if tag == "blockquote":
            writer.quotes -= 1


def _add_address(writer: _Writer, element: Any) -> None:
    address = (element.get("href") or "").strip()[:2000]
    if not re.match(r"https?://[^\s<>]+$", address, re.I):
        return
    shown = re.sub(r"^https?://|/$", "", address, flags=re.I)
    if shown.lower() not in writer.line.lower():
        writer.say(f" <{address}>")
