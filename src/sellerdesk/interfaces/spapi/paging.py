"""Tokens that continue a list: signed, and bound to operation and seller; nobody can make or borrow one (P11)."""

from typing import Any

from django.core import signing

from sellerdesk.interfaces.spapi.errors import ApiError, invalid


def seal(operation: str, seller_id: int, content: dict[str, Any]) -> str:
    """A token that only this installation can have made, for this operation and seller."""
    return _signer(operation, seller_id).sign_object(content, compress=True)


def unseal(token: str, operation: str, seller_id: int, *, name: str) -> dict[str, Any]:
    """What was sealed. Raises ApiError 400 for anything that we did not make for this operation and seller."""
    try:
        content: dict[str, Any] = _signer(operation, seller_id).unsign_object(token)
    except (signing.BadSignature, ValueError):
        raise bad_token(name) from None
    return content


def bad_token(name: str) -> ApiError:
    return invalid(f"{name} is invalid.")


def _signer(operation: str, seller_id: int) -> signing.Signer:
    return signing.Signer(salt=f"spapi.{operation}.{seller_id}")
