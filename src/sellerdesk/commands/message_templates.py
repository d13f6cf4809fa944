"""A seller's own templates for messages: save, change, delete."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.message_lint import clean
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.message_templates import LANGUAGES, check_template
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.models.messages import MessageTemplate
from sellerdesk.models.tenancy import scope_transaction


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """What a template says; `language` is one of LANGUAGES."""

    name: str
    language: str
    reason: ContactReason
    text: str


def save_template(
    actor: Actor, draft: TemplateDraft, *, template_id: int | None = None, now: datetime
) -> int | None:
    """Make a template, or change one; answers its id, None when the seller has no such template.

    Raises Refusal FORBIDDEN, MISSING_VALUE, INVALID_VALUE (a variable that does not exist, a text too long, a language
    that is none), DUPLICATE_REQUEST when another one of that language has the name.
    """
    seller_id = _seller(actor)
    name, text = clean(draft.name), clean(draft.text)
    check_template(name, text)
    if draft.language not in LANGUAGES:
        raise refuse(
            Code.INVALID_VALUE, place="language", value=draft.language[:20], expected=", ".join(LANGUAGES)
        )
    said = {
        "name": name,
        "language": draft.language,
        "reason": draft.reason.value,
        "text": text,
        "updated_at": now,
        "updated_by": actor.name[:100],
    }
    try:
        with transaction.atomic(durable=True):
            scope_transaction(seller_id)
            if template_id is None:
                return int(MessageTemplate.objects.create(seller_id=seller_id, **said).pk)
            mine = MessageTemplate.objects.filter(seller_id=seller_id, pk=template_id)
            return template_id if mine.update(**said) else None
    except IntegrityError as error:
        raise refuse(Code.DUPLICATE_REQUEST, place="name") from error


def delete_template(actor: Actor, template_id: int) -> bool:
    """Delete a template; whether there was one. Raises Refusal FORBIDDEN."""
    seller_id = _seller(actor)
    with transaction.atomic(durable=True):
        scope_transaction(seller_id)
        deleted, _ = MessageTemplate.objects.filter(seller_id=seller_id, pk=template_id).delete()
    return bool(deleted)


def _seller(actor: Actor) -> int:
    if actor.seller_id is None:
        raise ValueError("a command acts for one seller")
    if not actor.may(Permission.MESSAGES_SEND):
        raise refuse(Code.FORBIDDEN, permission=Permission.MESSAGES_SEND.value)
    return actor.seller_id
