"""Uploads 2020-11-01: places for files that a message will carry (spapi 6), and the address that takes the bytes.

That address is a capability, as a pre-signed one of a cloud's storage is: made by us, bound to one place of one seller,
unguessable, good for minutes. It takes exactly the bytes whose MD5 was promised, and no token.
"""

import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import unquote

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from sellerdesk.commands.uploads import NewUpload, open_upload, store_upload
from sellerdesk.config import clock
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.attachments import STORED_MAX, Attachment
from sellerdesk.interfaces.spapi import hal
from sellerdesk.interfaces.spapi.bodies import read_bytes
from sellerdesk.interfaces.spapi.errors import ApiError, invalid, not_found, wrong_method
from sellerdesk.interfaces.spapi.protocol import Answer, Call, Operation, answer, plain
from sellerdesk.queries.uploads import read_uploads

LIFETIME = timedelta(minutes=5)  # of the address
RESOURCE = re.compile(
    r"messaging/v1/orders/[0-9]{3}-[0-9]{7}-[0-9]{7}/messages/"
    r"(confirmCustomizationDetails|legalDisclosure|warranty|digitalAccessKey|invoice)\Z"
)
_CONTENT_TYPE = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,58}\Z")
_SIGNER = signing.Signer(salt="spapi.uploads.content")


def create(call: Call, resource: str) -> Answer:
    """Make a place for one file of one operation. Whether the order exists is seen when the file is used."""
    hal.one_marketplace(call)
    kind = call.query.text("contentType", most=100)
    md5 = _md5(call.query.text("contentMD5"))
    name = resource.strip("/")
    if not RESOURCE.match(name):
        raise invalid(
            "resource is invalid. It must be an operation of the Messaging API that takes attachments."
        )
    if kind and not _CONTENT_TYPE.match(kind.partition(";")[0].strip()):
        raise invalid("contentType has an invalid value.")
    upload = NewUpload(f"amzn1.upload.{secrets.token_urlsafe(32)}", name, md5, kind, call.now + LIFETIME)
    open_upload(call.seller_id, upload, now=call.now)
    token = _SIGNER.sign_object([call.seller_id, upload.public_id])
    headers = {"Content-MD5": base64.b64encode(bytes.fromhex(md5)).decode()}
    payload = {
        "uploadDestinationId": upload.public_id,
        "url": f"{settings.BASE_URL}/uploads/2020-11-01/content/{token}",
        "headers": headers | ({"Content-Type": kind} if kind else {}),
    }
    return answer({"payload": payload}, status=201)


def _md5(given: str) -> str:
    """The promised MD5 as hexadecimal, from base64; one client library encodes it twice for the address."""
    for text in (given, unquote(given)):
        try:
            # A plus that was not encoded at all has become a blank on the way.
            found = base64.b64decode(text.replace(" ", "+"), validate=True)
        except (binascii.Error, ValueError):
            continue
        if len(found) == hashlib.md5(usedforsecurity=False).digest_size:
            return found.hex()
    raise invalid("contentMD5 is invalid. It must be the base64-encoded MD5 of the content.")


def take(request: HttpRequest, token: str) -> HttpResponse:
    """Take the bytes: 200 without a body, as storage services answer."""
    return plain(lambda: _take(request, token))


take.csrf_exempt = True  # type: ignore[attr-defined]  # the address itself is the proof


def _take(request: HttpRequest, token: str) -> Answer:
    if request.method != "PUT":
        raise wrong_method(["PUT"])
    try:
        seller_id, public_id = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError):
        raise not_found() from None
    content = read_bytes(request, STORED_MAX)
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    if content and store_upload(seller_id, public_id, content, md5, now=clock.now()):
        return Answer()
    raise _not_taken(seller_id, public_id, md5)


def _not_taken(seller_id: int, public_id: str, md5: str) -> ApiError:
    known = read_uploads(seller_id, [public_id]).get(public_id)
    if known is not None and known.content_md5 != md5:
        return invalid("The content does not match contentMD5.")
    return invalid("The upload destination has expired.")


def read_attachments(call: Call, files: Sequence[tuple[str, str]], resource: str) -> tuple[Attachment, ...]:
    """The files of a message, by name and upload destination. Raises ApiError 400 for one that is not there for it."""
    held = read_uploads(call.seller_id, [upload for _, upload in files])
    found = []
    for index, (name, upload_id) in enumerate(files):
        upload = held.get(upload_id)
        if upload is None or upload.resource != resource:
            raise invalid(f"attachments[{index}].uploadDestinationId is invalid.")
        if upload.content is None:
            raise invalid(f"attachments[{index}].uploadDestinationId: nothing has been uploaded yet.")
        found.append(Attachment(name, upload.content_type, upload.content))
    return tuple(found)


CREATE = Operation("uploads.createUploadDestinationForResource", create, Permission.MESSAGES_SEND)
