"""A thread of messages as a page shows it: who said what when, the form for the next message, marked words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from sellerdesk.domain.cancel_requests import guide_follow_up_at
from sellerdesk.domain.message_lint import Finding, LintCode, LintContext, clean, lint
from sellerdesk.domain.message_reasons import RULES, ContactReason, Files, plainest
from sellerdesk.domain.message_templates import BUILT_IN, LANGUAGES, built_in, language_of, render
from sellerdesk.domain.message_threads import Kind, MessageState
from sellerdesk.interfaces.web import message_words, order_words
from sellerdesk.interfaces.web.formats import Moment, language, moment, visible
from sellerdesk.interfaces.web.timeline import Reader
from sellerdesk.looks import when
from sellerdesk.queries.messages import MessageView, TemplateView, ThreadView
from sellerdesk.queries.order_detail import OrderDetail

_FIELD_MAX = 5_000  # of what a form may bring: more than any reason allows


@dataclass(frozen=True, slots=True)
class Draft:
    """The reply form as it is typed."""

    reason: ContactReason
    text: str = ""
    template: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the page."""

    side: str  # buyer | seller | note
    who: str
    how: str
    at: Moment
    text: str
    erased: bool
    reason: str
    critical: bool
    automatic: bool
    badge: tuple[str, str, str] | None  # label, icon, tone
    hint: str
    files: tuple[tuple[int, str, str], ...]  # position, name, size
    id: int


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; a marked one says why."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the lint says of a text: its pieces, what is wrong, and how long it may be."""

    parts: tuple[Part, ...]
    problems: tuple[tuple[str, str], ...]  # the words, what is wrong with them
    length: int
    most: int

    @property
    def is_fine(self) -> bool:
        return not self.problems and self.length <= self.most


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool = False
    critical: bool = False


def lines(thread: ThreadView, reader: Reader, buyer: str) -> list[Line]:
    """The messages, the oldest first."""
    return [_line(one, thread, reader, buyer) for one in thread.messages]


def _line(one: MessageView, thread: ThreadView, reader: Reader, buyer: str) -> Line:
    is_buyer = one.kind == Kind.BUYER
    topic = message_words.TOPICS.get(one.topic) if one.topic else None
    label = message_words.REASONS[ContactReason(one.reason)] if one.reason else topic
    return Line(
        side=one.kind,
        who=(visible(buyer) or str(order_words.PARTIES["BUYER"])) if is_buyer else visible(one.author),  # type: ignore[index]
        how=str(message_words.VIAS.get(one.via, one.via)),
        at=moment(one.at, thread.facts.marketplace_id, reader.zone, reader.now),
        text=visible(one.text or ""),
        erased=one.text is None and not one.files,
        reason=str(label or visible(one.topic)),
        critical=one.critical,
        automatic=one.automatic,
        badge=_badge(one),
        hint=one.hint,
        files=tuple((file.position, visible(file.name), size(file.size)) for file in one.files),
        id=one.id,
    )


def _badge(one: MessageView) -> tuple[str, str, str] | None:
    found = message_words.MESSAGES.get(MessageState(one.state)) if one.kind == Kind.SELLER else None
    return (str(found[0]), found[1], found[2]) if found else None


def size(count: int) -> str:
    """A number of bytes as people read it."""
    if count < 1024:
        return f"{count} B"
    if count < 1024 * 1024:
        return f"{count / 1024:.0f} KB"
    return f"{count / 1024 / 1024:.1f} MB"


def countdown(due_at: datetime | None, now: datetime) -> dict[str, str] | None:
    """How long there is to answer: iso, text, tone."""
    if due_at is None:
        return None
    left = (due_at - now).total_seconds()
    tone = "bad" if left < 0 else ("warn" if left < 6 * 3600 else "ok")
    return {"iso": when.iso(due_at), "text": when.countdown(due_at, now, language()), "tone": tone}


def is_silent(thread: ThreadView, now: datetime) -> bool:
    """Whether the buyer has not reacted to the guidance for as long as the policy gives (S3-29)."""
    told = [one.at for one in thread.messages if one.reason == ContactReason.CANCEL_GUIDANCE]
    heard = [one.at for one in thread.messages if one.kind == Kind.BUYER]
    if not told or (heard and heard[-1] > told[-1]):
        return False
    return now >= guide_follow_up_at(told[-1], thread.limits.guide_follow_up_hours)


def language_name(tag: str) -> str:
    """What the reader calls a language, by its BCP 47 tag."""
    return str(when.locale_of(language()).languages.get(tag.partition("-")[0], tag))


def read_draft(data: QueryDict, thread: ThreadView) -> Draft:
    """The form as it came; what makes no sense falls back to the plainest reason that is allowed."""
    reason = data.get("reason", "")
    known = ContactReason(reason) if reason in set(ContactReason) else first_reason(thread)
    text = data.get("text", "")[:_FIELD_MAX].replace("\r\n", "\n")
    return Draft(known, text, data.get("template", "")[:60], data.get("version", "")[:12])


def first_draft(thread: ThreadView) -> Draft:
    """An empty form."""
    return Draft(first_reason(thread), version=str(thread.version))


def first_reason(thread: ThreadView) -> ContactReason:
    """What the form begins with: to answer, if there is something to answer, and nothing critical by itself."""
    return plainest(thread.reasons)


def verdict(draft: Draft, thread: ThreadView) -> Verdict:
    """What the lint says of a draft: the same rule as the command's."""
    text = clean(draft.text)
    findings = lint(text, LintContext.of(thread.facts, draft.reason)) if text else ()
    problems = dict.fromkeys((visible(text[one.start : one.end])[:80], _why(one.code)) for one in findings)
    return Verdict(tuple(_parts(text, findings)), tuple(problems), len(text), RULES[draft.reason].text_max)


def _parts(text: str, findings: Sequence[Finding]) -> list[Part]:
    """The text in pieces; where findings overlap, the first one names the piece."""
    found, at = [], 0
    for one in findings:
        if one.end <= at:
            continue
        start = max(one.start, at)
        found += [Part(visible(text[at:start])), Part(visible(text[start : one.end]), _why(one.code))]
        at = one.end
    return [part for part in [*found, Part(visible(text[at:]))] if part.text]


def _why(code: LintCode) -> str:
    return str(message_words.FINDINGS[code])


def reason_options(thread: ThreadView, draft: Draft) -> list[dict[str, Any]]:
    """The reasons that are allowed now."""
    return [
        {
            "value": reason.value,
            "label": str(message_words.REASONS[reason]),
            "chosen": reason is draft.reason,
            "critical": RULES[reason].critical,
            "files": RULES[reason].files is not Files.NONE,
            "most": RULES[reason].text_max,
        }
        for reason in thread.reasons
    ]


def template_groups(
    thread: ThreadView, own: Sequence[TemplateView], draft: Draft
) -> list[tuple[str, list[Option]]]:
    """Ready texts by language: the buyer's language first, in each the seller's own before ours."""
    buyers = language_of(thread.contact.language)
    groups = []
    for tag in sorted(LANGUAGES, key=lambda one: (one != buyers, LANGUAGES.index(one))):
        mine = [
            Option(f"own:{one.id}", visible(one.name), f"own:{one.id}" == draft.template)
            for one in own
            if one.language == tag and one.reason in thread.reasons
        ]
        ours = [
            Option(
                f"{one.key}:{tag}",
                str(message_words.BUILT_IN[one.key]),
                f"{one.key}:{tag}" == draft.template,
            )
            for one in BUILT_IN
            if one.reason in thread.reasons
        ]
        if mine or ours:
            groups.append((message_words.LANGUAGE_NAMES[tag], mine + ours))
    return groups


def with_template(
    draft: Draft, thread: ThreadView, own: Sequence[TemplateView], values: dict[str, str]
) -> Draft:
    """The form after "Insert": the chosen text takes the place of an empty one, or stands below what is typed."""
    kind, _, rest = draft.template.partition(":")
    mine = next((one for one in own if kind == "own" and str(one.id) == rest), None)
    ours = next((one for one in BUILT_IN if one.key == kind and rest in one.texts), None)
    if mine is None and ours is None:
        return draft
    text = mine.text if mine else ours.texts[rest]  # type: ignore[union-attr]
    reason = mine.reason if mine else ours.reason  # type: ignore[union-attr]
    filled = render(text, values)
    typed = f"{draft.text.rstrip()}\n\n{filled}" if draft.text.strip() else filled
    # An answer may be about anything, so that choosing a text does not turn it into something else.
    keeps = draft.reason is ContactReason.ANSWER and not RULES[reason].critical
    chosen = draft.reason if keeps or reason not in thread.reasons else reason
    return Draft(chosen, typed[:_FIELD_MAX], draft.template, draft.version)


def values_for(thread: ThreadView, order: OrderDetail) -> dict[str, str]:
    """What templates' variables stand for in this order. Without the right to see buyers there is no name."""
    package = next((one for one in reversed(order.packages) if one.tracking), None)
    carrier = order_words.carrier(package.carrier_code, package.carrier_name) if package else ""
    return {
        "order_number": order.order_number,
        "buyer_name": order.buyer.name if order.buyer else "",
        "shop": thread.shop,
        "items": visible(", ".join(item.title for item in order.items)[:300]),
        "carrier": carrier,
        "tracking": package.tracking if package else "",
    }


def ready_text(key: str, thread: ThreadView, values: dict[str, str]) -> str:
    """A built-in text in the buyer's language, filled in; a greeting without a name is put right."""
    tag = language_of(thread.contact.language)
    greeting = {"en": "customer", "zh-hans": "尊敬的顾客", "zh-hant": "尊敬的顧客"}
    return render(built_in(key).texts[tag], values | {"buyer_name": values["buyer_name"] or greeting[tag]})
