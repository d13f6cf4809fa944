"""What of a mail's text is the answer: quoted history and signatures go, and where it is unclear everything stays.

Surest is the line that our own letters carry above the text (`ANSWER_ABOVE`); what follows it was ours. Without it
only what ends the text is cut: quoted lines after which nothing new comes, the block of headers that Outlook and QQ put
above a history, a signature below "-- ". An answer written between the quoted lines keeps them.
"""

import re

ANSWER_ABOVE = re.compile(r"^[>\s]*##-[^\n]{1,120}-##\s*$")
_SIGNATURE_LINES_MAX = 12
_LOOK_BACK = 3  # lines that an introduction such as "On … wrote:" may take
_LINE_MAX = 300  # a longer line is no introduction and no divider

_QUOTED = re.compile(r"^\s*[>＞|]")
# An introduction that may be wrapped must begin like one; a single line may also only end like one.
_WRAPPED = re.compile(
    r"^\s*(?:on|am|le|el|il|op|em|den|på|w dniu)\b.{4,}\b"
    r"(?:wrote|schrieb|écrit|escribió|scritto|schreef|escreveu|skrev|napisał)\b.{0,40}[:：]?\s*$"
    r"|^\s*(?:在|于)?\s*\d{4}[年/.-]\s?\d{1,2}[月/.-].{0,200}(?:写道|寫道|[:：])\s*$",
    re.I,
)
_SINGLE = re.compile(
    r"^(?:.{4,200}(?:写道|寫道|のメール)\s*[:：]?|.{0,80}<[^<>\s]+@[^<>\s]+>.{0,40}[:：])\s*$"
)
_DIVIDER = re.compile(
    r"^\s*(?:[-_—]{2,}\s*(?:original message|original|forwarded message|ursprüngliche nachricht|message d'origine"
    r"|原始邮件|原始郵件|原邮件|回复的原邮件|转发的邮件|元のメッセージ|original-nachricht)\s*[-_—]*)\s*$",
    re.I,
)
_HEADER = re.compile(
    r"^\s*\*?(?:from|sent|date|to|cc|subject|von|gesendet|an|betreff|de|envoyé|à|objet|enviado|para|asunto"
    r"|发件人|发送时间|发送日期|日期|收件人|抄送|主题|寄件者|寄件日期|收件者|主旨|差出人|送信日時|宛先|件名)\s*\*?\s*[:：]",
    re.I,
)
_RULE = re.compile(r"^\s*[_-]{10,}\s*$")
_SENT_FROM = re.compile(
    r"^\s*(?:sent from my .{2,60}|sent from (?:mail|outlook|yahoo mail|gmail)\b.{0,60}|get outlook for .{2,40}"
    r"|发自我的.{1,40}|發自我的.{1,40}|從我的.{1,30}傳送|来自我的.{1,40}|(?:i?phone|android)から送信"
    r"|von meinem .{2,40} gesendet|envoyé de mon .{2,40}|enviado desde mi .{2,40})\s*[.。]?\s*$",
    re.I,
)


def trim_reply(text: str) -> tuple[str, bool]:
    """The answer, and whether something was cut. When nothing would be left, the text stays whole."""
    lines = [line.rstrip() for line in text.strip().split("\n")]
    kept = _without_signature(_without_history(_above_our_line(lines)))
    while kept and not kept[-1]:
        kept.pop()
    if not any(line.strip() for line in kept):
        return text.strip(), False
    return "\n".join(kept).strip(), len(kept) < len(lines)


def _above_our_line(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if len(line) <= _LINE_MAX and ANSWER_ABOVE.match(line):
            return _drop_introduction(lines[:number])
    return lines


def _without_history(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if len(line) > _LINE_MAX:
            continue
        if _DIVIDER.match(line) or (_RULE.match(line) and _headers_follow(lines, number + 1)):
            return lines[:number]
        if _HEADER.match(line) and _headers_follow(lines, number):
            return lines[:number]
    return _without_quotes(lines)


def _headers_follow(lines: list[str], number: int) -> bool:
    """Whether at least three lines of headers stand here: fewer may be a letter's own words."""
    block = [line for line in lines[number : number + 10] if line.strip()][:6]
    return sum(1 for line in block if len(line) <= _LINE_MAX and _HEADER.match(line)) >= 3


def _without_quotes(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and (not lines[end - 1].strip() or _QUOTED.match(lines[end - 1])):
        end -= 1
    if end == len(lines) or not any(_QUOTED.match(line) for line in lines[end:]):
        return lines
    if any(_QUOTED.match(line) for line in lines[:end]):
        return lines  # answers stand between the quotes, which say what is answered
    return _drop_introduction(lines[:end])


def _drop_introduction(lines: list[str]) -> list[str]:
    """Without the line or lines that introduce a quote, and the blank ones around them."""
    end = len(lines)
    while end and not lines[end - 1].strip(" >"):
        end -= 1
    for size in range(min(end, _LOOK_BACK), 0, -1):
        words = " ".join(line.strip(" >") for line in lines[end - size : end])
        if len(words) <= _LINE_MAX and (_WRAPPED.match(words) or (size == 1 and _SINGLE.match(words))):
            return lines[: end - size]
    return lines[:end]


def _without_signature(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if end and len(lines[end - 1]) <= _LINE_MAX and _SENT_FROM.match(lines[end - 1]):
        return lines[: end - 1]
    for number in range(end - 1, max(-1, end - 2 - _SIGNATURE_LINES_MAX), -1):
        if lines[number] == "--":  # trailing blanks are gone already
            return lines[:number]
    return lines
