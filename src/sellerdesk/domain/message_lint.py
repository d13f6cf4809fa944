"""What a message to a buyer must not say (S3-12, S3-27, C11, C12, T18; rulebook 2.10).

The lint reads a text as a person would: compatibility forms, full-width characters, invisible characters and letter
case make no difference. Each finding names a span of the text as it was written, so that a page can mark it. It is
strict about intents and blind to topics: an order's own number, tracking number, dates and prices are no phone numbers.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sellerdesk.domain import message_patterns as patterns
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.message_contacts import emails, links, messengers, phones
from sellerdesk.domain.message_reasons import ABOUT_CANCELLING, ABOUT_SHIPPING, ContactReason
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.tracking import tracking_key


class LintCode(StrEnum):
    """What is wrong with a span. The value is stable: pages and programs match on it."""

    LINK = "link"
    EMAIL = "email"
    PHONE = "phone"
    MESSENGER = "messenger"  # a name on another service
    MARKETING = "marketing"
    REVIEW_ASK = "review_ask"
    REVIEW_CHANGE = "review_change"
    REVIEW_INCENTIVE = "review_incentive"
    ASKS_TO_CANCEL = "asks_to_cancel"
    SHIPPING_NEWS = "shipping_news"  # the marketplace tells the buyer itself (C11)
    THANKS_ONLY = "thanks_only"
    EMOJI = "emoji"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A span of the text, half-open, in characters of the text as it was written."""

    start: int
    end: int
    code: LintCode


@dataclass(frozen=True, slots=True)
class LintContext:
    """What the lint must know besides the text. `numbers`: tracking numbers of the order, in the form of their keys."""

    reason: ContactReason
    order_number: str = ""
    marketplace_id: str = ""
    numbers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, facts: OrderFacts, reason: ContactReason) -> "LintContext":
        """The context of a message about an order."""
        numbers = frozenset(tracking_key(package.tracking) for package in facts.packages if package.tracking)
        return cls(reason, facts.order_number, facts.marketplace_id, numbers)


# Characters that steer the direction of a text or hide in it; a message needs none of them.
_STEERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\u200e\u200f\ufeff")
# They look like nothing although Unicode counts them among letters, marks and symbols.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(n) for n in range(0xFE00, 0xFE10)
}
_NOTHING_MAX = 12  # so many letters beside the thanks still say nothing; of Chinese characters half as many


def clean(text: str) -> str:
    """A text as it is kept: plain line ends, no control characters, no marks that turn its direction, no blanks around.

    What is not Unicode (lone surrogates) becomes a replacement character. Of a text in which there is nothing to see,
    nothing is left.
    """
    text = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    kept = (
        c for c in text if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _STEERING)
    )
    text = "".join(kept).strip()
    return text if any(map(_is_seen, text)) else ""


def _is_seen(character: str) -> bool:
    hides = character in _UNSEEN or unicodedata.category(character) in ("Cf", "Zs", "Zl", "Zp")
    return not hides and not character.isspace()


def lint(text: str, context: LintContext) -> tuple[Finding, ...]:
    """Everything in a text that may not be sent, in the order of the text. No finding: it may be sent."""
    folded = _Folded.of(text)
    found = sorted({Finding(*folded.span(start, end), code) for start, end, code in _find(folded, context)})
    emoji = [Finding(at, at + 1, LintCode.EMOJI) for at, c in enumerate(text) if _is_emoji(c)]
    return tuple(sorted([*found, *emoji]))


def check_message(text: str, context: LintContext, order_number: str) -> None:
    """Raises Refusal LINT_REFUSED for a message that may not be sent."""
    if findings := lint(text, context):
        raise _refused(findings, order_number=order_number)


def check_note(text: str, place: str, facts: OrderFacts | None = None, numbers: Iterable[str] = ()) -> None:
    """Look at a seller's words that reach buyers beside a refund or a return. Raises Refusal LINT_REFUSED (`place`).

    `numbers`: what the words may quote beside the order's own, such as an RMA. Thanks alone are fine: the words come
    with something that is done.
    """
    reason = ContactReason.RETURN_GUIDANCE
    context = LintContext.of(facts, reason) if facts else LintContext(reason)
    context = replace(context, numbers=context.numbers | {tracking_key(one) for one in numbers if one})
    if findings := [one for one in lint(text, context) if one.code is not LintCode.THANKS_ONLY]:
        about = {"order_number": facts.order_number} if facts else {}
        raise _refused(findings, place=place, **about)


def _refused(findings: Sequence[Finding], **about: str) -> Refusal:
    return refuse(
        Code.LINT_REFUSED,
        findings=[{"code": one.code.value, "start": one.start, "end": one.end} for one in findings],
        codes=sorted({one.code.value for one in findings}),
        **about,
    )


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text for matching, and where each of its characters came from."""

    text: str
    origins: tuple[int, ...]
    length: int

    @classmethod
    def of(cls, original: str) -> "_Folded":
        characters: list[str] = []
        origins: list[int] = []
        for at, character in enumerate(original):
            if unicodedata.category(character) == "Cf":  # zero-width and other invisible characters
                continue
            for folded in unicodedata.normalize("NFKC", character).casefold():
                characters.append(" " if folded in "\t\u00a0" else _ALIKE.get(folded, folded))
                origins.append(at)
        return cls("".join(characters), tuple(origins), len(original))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text."""
        return self.origins[start], self.origins[end - 1] + 1


_ALIKE = {"’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "‐": "-", "−": "-", "‑": "-"}

_PLAIN = (
    (patterns.MARKETING, LintCode.MARKETING),
    (patterns.REVIEW_ASK, LintCode.REVIEW_ASK),
    (patterns.REVIEW_CHANGE, LintCode.REVIEW_CHANGE),
)


def _find(folded: _Folded, context: LintContext) -> Iterator[tuple[int, int, LintCode]]:
    text = folded.text
    mails = list(emails(text))
    yield from ((*span, LintCode.EMAIL) for span in mails)
    urls = [span for span in links(text, context.marketplace_id) if not _inside(span, mails)]
    yield from ((*span, LintCode.LINK) for span in urls)
    yield from ((*span, LintCode.MESSENGER) for span in messengers(text))
    numbers = phones(text, context.numbers)
    yield from ((*span, LintCode.PHONE) for span in numbers if not _inside(span, urls))
    for pattern, code in _PLAIN:
        yield from ((*match.span(), code) for match in pattern.finditer(text))
    yield from _incentives(text)
    yield from _cancelling(text, context.reason)
    if context.reason not in ABOUT_SHIPPING:
        yield from ((*m.span(), LintCode.SHIPPING_NEWS) for m in patterns.SHIPPING_NEWS.finditer(text))
    if text and _says_thanks_only(text):
        yield (0, len(text), LintCode.THANKS_ONLY)


def _inside(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in others)


def _incentives(text: str) -> Iterator[tuple[int, int, LintCode]]:
    """A reward and a review in one sentence: a bargain, however it is put (C12)."""
    for sentence in re.finditer(r"[^.!?。\n]+", text):
        said = sentence.group()
        review = patterns.REVIEW_WORD.search(said)
        bargain = patterns.REVIEW_ASK, patterns.REVIEW_CHANGE, _IF
        if review and patterns.REWARD.search(said) and any(one.search(said) for one in bargain):
            yield (
                sentence.start() + review.start(),
                sentence.start() + review.end(),
                LintCode.REVIEW_INCENTIVE,
            )


_IF = re.compile(
    r"\b(?:if|once|after|when|for|in (?:return|exchange))\b|如果|只要|之后|以后|即可|換取|换取|之後|以後"
)


def _cancelling(text: str, reason: ContactReason) -> Iterator[tuple[int, int, LintCode]]:
    """Asking the buyer to cancel: never when the seller cannot fill the order (S3-27), and otherwise only where the
    buyer's own wish is the subject.
    """
    if reason in ABOUT_CANCELLING and not patterns.SELLER_FAULT.search(text):
        return
    yield from ((*match.span(), LintCode.ASKS_TO_CANCEL) for match in patterns.CANCEL_ASK.finditer(text))


def _says_thanks_only(text: str) -> bool:
    if not patterns.THANKS.search(text) or "?" in text:
        return False
    left = patterns.PLEASANTRIES.sub(" ", text)
    weight = sum(2 if "\u3400" <= c <= "\u9fff" else 1 for c in left if c.isalnum())
    return weight <= _NOTHING_MAX


def _is_emoji(character: str) -> bool:
    """Pictures. Signs that texts need are none: a check mark, a degree, an arrow, a trade mark."""
    code = ord(character)
    if code in (0x2713, 0x2714, 0x2717, 0x2718):
        return False
    return (
        0x1F000 <= code <= 0x1FAFF
        or 0x2600 <= code <= 0x27BF
        or code in (0x231A, 0x231B, 0x2B50, 0x2B55, 0x2B1B, 0x2B1C, 0x3030, 0x303D, 0x3297, 0x3299)
        or 0x23E9 <= code <= 0x23FA
    )
