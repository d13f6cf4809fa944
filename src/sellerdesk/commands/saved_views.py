"""Save, rename, share and delete views of the order list."""

from datetime import datetime

from django.db import transaction

from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.models.sql import rows, run
from sellerdesk.models.tenancy import scope_transaction

NAME_LENGTH = 60
QUERY_LENGTH = 1000
MOST_VIEWS = 50  # of one person, and of one team, on one page


def save_view(actor: Actor, user_id: int, view: tuple[str, str, str], *, shared: bool, now: datetime) -> int:
    """Keep a view `(page, name, query)` for a person, or with `shared` for the whole team. Answers its id.

    Raises Refusal MISSING_VALUE, INVALID_VALUE, FORBIDDEN (sharing needs VIEWS_SHARE).
    """
    page, name, query = view
    name = _checked_name(name)
    if len(query) > QUERY_LENGTH:
        raise refuse(Code.INVALID_VALUE, place="query", value=f"{query[:20]}…", expected=f"≤ {QUERY_LENGTH}")
    _may_share(actor, shared)
    owner = None if shared else user_id
    with transaction.atomic():
        scope_transaction(actor.seller_id)
        ((number,),) = rows(
            "SELECT count(*) FROM saved_views WHERE seller_id = %s AND page = %s AND user_id IS NOT DISTINCT FROM %s",
            [actor.seller_id, page, owner],
        )
        if number >= MOST_VIEWS:
            raise refuse(Code.INVALID_VALUE, place="name", value=str(number), expected=f"< {MOST_VIEWS}")
        ((view_id,),) = rows(
            "INSERT INTO saved_views (seller_id, user_id, page, name, query, created_at)"
            " VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
            [actor.seller_id, owner, page, name, query, now],
        )
    return int(view_id)


def change_view(actor: Actor, user_id: int, view_id: int, *, name: str, shared: bool) -> bool:
    """Rename a view, share it or take it back; False when there is none that this person may change.

    Raises Refusal MISSING_VALUE, INVALID_VALUE, FORBIDDEN.
    """
    name = _checked_name(name)
    _may_share(actor, shared)
    with transaction.atomic():
        scope_transaction(actor.seller_id)
        changed = run(
            "UPDATE saved_views SET name = %(name)s, user_id = %(owner)s WHERE seller_id = %(seller)s"
            " AND id = %(id)s AND (user_id = %(user)s OR (user_id IS NULL AND %(team)s))",
            _whose(actor, user_id, view_id) | {"name": name, "owner": None if shared else user_id},
        )
    return changed == 1


def delete_view(actor: Actor, user_id: int, view_id: int) -> bool:
    """Delete a view; False when there is none that this person may delete."""
    with transaction.atomic():
        scope_transaction(actor.seller_id)
        gone = run(
            "DELETE FROM saved_views WHERE seller_id = %(seller)s AND id = %(id)s"
            " AND (user_id = %(user)s OR (user_id IS NULL AND %(team)s))",
            _whose(actor, user_id, view_id),
        )
    return gone == 1


def _whose(actor: Actor, user_id: int, view_id: int) -> dict[str, object]:
    team = actor.may(Permission.VIEWS_SHARE)
    return {"seller": actor.seller_id, "id": view_id, "user": user_id, "team": team}


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise refuse(Code.MISSING_VALUE, place="name")
    if len(name) > NAME_LENGTH:
        raise refuse(Code.INVALID_VALUE, place="name", value=name[:20], expected=f"≤ {NAME_LENGTH}")
    return name


def _may_share(actor: Actor, shared: bool) -> None:
    if shared and not actor.may(Permission.VIEWS_SHARE):
        raise refuse(Code.FORBIDDEN, permission=Permission.VIEWS_SHARE.value)
