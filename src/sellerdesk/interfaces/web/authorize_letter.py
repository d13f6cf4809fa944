"""The letter that authorising a return sends, shown before the click: the very text, in the buyer's language."""

from dataclasses import dataclass

from django.conf import settings

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.return_facts import Payer
from sellerdesk.domain.return_ways import Label
from sellerdesk.flows.notices.ahead import WayAhead, authorisation_ahead
from sellerdesk.flows.notices.letters import Written
from sellerdesk.interfaces.web.forms.returns import AuthorizeDraft
from sellerdesk.interfaces.web.frame import HTML_LANGUAGES
from sellerdesk.interfaces.web.staff import Desk
from sellerdesk.queries.return_detail import ReturnDetail


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter on a page. `tag`: for `lang`; `language`: its own name for itself."""

    tag: str
    language: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class LetterAhead:
    """What the buyer gets, and the same in the reader's language where that is another."""

    sent: Letter
    own: Letter | None
    own_language: str


def letter_ahead(desk: Desk, detail: ReturnDetail, draft: AuthorizeDraft) -> LetterAhead | None:
    """The letter of a form as it stands, however unfinished."""
    sent = _written(desk, detail, draft)
    if sent is None:
        return None
    own = _written(desk, detail, draft, desk.language) if sent.language != desk.language else None
    names = dict(settings.LANGUAGES)
    return LetterAhead(_shown(sent), _shown(own) if own else None, names.get(desk.language, desk.language))


def buyer_buys_for_us(detail: ReturnDetail, draft: AuthorizeDraft) -> bool:
    """Whether the buyer has to buy the label of a return that the seller pays for."""
    return is_ours_to_pay(detail) and draft.label == Label.NONE


def is_ours_to_pay(detail: ReturnDetail) -> bool:
    """Whether the reason makes the seller pay the way back."""
    return detail.view.payer == Payer.SELLER


def _written(desk: Desk, detail: ReturnDetail, draft: AuthorizeDraft, language: str = "") -> Written | None:
    way = WayAhead(
        {name: value.strip() for name, value in draft.address.items()},
        draft.label,
        draft.carrier,
        draft.tracking,
        draft.own_rma.strip(),
        # Left empty, the command sends what is set for the marketplace.
        draft.instructions or detail.setting.instructions,
    )
    view = detail.view
    return authorisation_ahead(
        desk.seller.seller_id,
        view.order_number,
        view.rma,
        way,
        now=desk.now,
        personal=desk.may(Permission.BUYERS_READ),
        language=language,
    )


def _shown(written: Written) -> Letter:
    tag = HTML_LANGUAGES.get(written.language, written.language)
    name = dict(settings.LANGUAGES).get(written.language, written.language)
    return Letter(tag, name, written.subject, written.text.strip())
