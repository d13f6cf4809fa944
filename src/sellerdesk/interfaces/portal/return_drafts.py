"""What a buyer has filled into the return form: read, kept, and shown again at whichever step something is amiss.

Photos are the one thing that a page cannot give back to a browser: their names are kept, so that the page can say which
have to be chosen again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from sellerdesk.domain.attachments import Attachment, plain_name, too_big
from sellerdesk.domain.idempotency import digest_of
from sellerdesk.domain.photos import PHOTO_BYTES_MAX, PHOTOS_MAX
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_facts import ReturnReason
from sellerdesk.interfaces.portal.drafts import key_of, new_key
from sellerdesk.interfaces.portal.return_words import WISHES
from sellerdesk.looks.texts import visible
from sellerdesk.looks.typed import tidy, whole_number

COMMENT_MAX = 1000
_KEPT_MAX = 5 * COMMENT_MAX  # of a comment that is too long, to be shortened by whoever wrote it
_PICK, _UNITS = "pick-", "q-"


@dataclass(frozen=True, slots=True)
class ReturnDraft:
    """A filled form. `units`: item number → units of the items that were picked; `place` names the part of the form
    that `problem` is about: items, reason, comment, photos. `lost`: names of photos that must be chosen again.
    """

    key: str
    units: Mapping[str, int]
    reason: str
    comment: str
    wish: str
    photos: tuple[Attachment, ...] = ()
    lost: tuple[str, ...] = ()
    problem: Refusal | None = field(default=None)
    place: str = ""

    @property
    def digest(self) -> str:
        """What the form said, for recognising another one under the same key."""
        said = [self.reason, self.comment, self.wish]
        seen = [[one.name, sha256(one.content).hexdigest()] for one in self.photos]
        return digest_of({"units": dict(self.units), "said": said, "photos": seen})

    def with_new_key(self) -> "ReturnDraft":
        """The same choices as a form of its own."""
        return replace(self, key=new_key())


def blank(units: Mapping[str, int]) -> ReturnDraft:
    """A new form on which these units are picked."""
    return ReturnDraft(new_key(), units, "", "", next(iter(WISHES)))


def read(
    data: Mapping[str, Any], files: "Sequence[UploadedFile[Any]]", numbers: Sequence[str]
) -> ReturnDraft:
    """What was sent of an order with these items; the first thing that cannot be used of it is its problem.

    Items of other orders are not looked for: naming one is a problem like any other (ITEM_NOT_FOUND).
    """
    key = key_of(data)
    problems: list[tuple[str, Refusal]] = []
    units: dict[str, int] = {}
    for name, number in _picked(data):
        try:
            if number not in numbers:
                raise refuse(Code.ITEM_NOT_FOUND, item_number=number[:40])
            units[number] = whole_number(str(data.get(f"{_UNITS}{number}", "1")), place=name)
            if not units[number]:
                raise refuse(Code.INVALID_VALUE, place=name, value="0", expected="at least 1")
        except Refusal as refusal:
            problems.append(("items", refusal))
    if not units and not problems:
        problems.append(("items", refuse(Code.MISSING_VALUE, place="items")))
    reason = str(data.get("reason", ""))
    if reason not in set(ReturnReason):
        reason = ""
        problems.append(("reason", refuse(Code.INVALID_VALUE, place="reason")))
    comment = str(data.get("comment", "")).replace("\r\n", "\n")
    try:
        comment = tidy(comment, place="comment", longest=COMMENT_MAX)
    except Refusal as refusal:
        comment = shown_again(comment)
        problems.append(("comment", refusal))
    wish = str(data.get("wish", ""))
    wish = wish if wish in WISHES else next(iter(WISHES))
    try:
        photos = _photos(files)
    except Refusal as refusal:
        photos = ()
        problems.append(("photos", refusal))
    lost = tuple(plain_name(file.name or "") for file in files[:PHOTOS_MAX])
    place, problem = problems[0] if problems else ("", None)
    return ReturnDraft(key, units, reason, comment, wish, photos, lost, problem, place)


def _picked(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in data:
        if name.startswith(_PICK):
            yield name, name.removeprefix(_PICK)


def _photos(files: "Sequence[UploadedFile[Any]]") -> tuple[Attachment, ...]:
    """The photos of the form, counted and weighed before anything of them is read."""
    if len(files) > PHOTOS_MAX:
        raise refuse(Code.TOO_MANY_ATTACHMENTS, count=len(files), most=PHOTOS_MAX)
    for file in files:
        if (file.size or 0) > PHOTO_BYTES_MAX:
            raise too_big(file.size or 0, PHOTO_BYTES_MAX)
    return tuple(Attachment(file.name or "", file.content_type or "", file.read()) for file in files)


def shown_again(comment: str) -> str:
    """Words that cannot be used, as they can be put back into the form: whatever has no shape becomes visible."""
    return visible(comment[:_KEPT_MAX]).encode("utf-8", "replace").decode("utf-8")
