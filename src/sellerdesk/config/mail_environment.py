"""What the SELLERDESK_* variables say of mail: the server it leaves by, the host it comes from, where it comes in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

PORT_MAX = 65_535


class SettingError(ValueError):
    """A setting is wrong; the message is one sentence that names it."""


@dataclass(frozen=True)
class SmtpAddress:
    """Where a configured mail server is."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    starttls: bool


@dataclass(frozen=True)
class MailListener:
    """Where mail is taken over SMTP. Without a certificate there is no STARTTLS."""

    host: str
    port: int
    certificate: Path | None
    key: Path | None


def smtp_address(url: str) -> SmtpAddress:
    """Take the URL of a mail server apart.

    :raises SettingError: it is none. The message never repeats the password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname:
        raise SettingError("SELLERDESK_SMTP_URL must look like smtp://user:password@host:587.")
    return SmtpAddress(
        host=parts.hostname,
        port=port or {"smtp": 25, "smtps": 465, "smtp+starttls": 587}[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp+starttls",
    )


def mail_host(text: str) -> str:
    """A host name in lower case; "" stays "".

    :raises SettingError: it is none.
    """
    host = text.lower().rstrip(".")
    if host and not re.fullmatch(r"(?=.{1,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*", host):
        raise SettingError(
            f"SELLERDESK_MAIL_HOST must be a host name such as mail.example.com, not {text!r}."
        )
    return host


def mail_listen(given: Mapping[str, str]) -> MailListener | None:
    """Where to take mail, and with which certificate; None when nowhere.

    :raises SettingError: not an address, or a file that is not there.
    """
    text = given.get("SELLERDESK_MAIL_LISTEN")
    certificate, _, key = given.get("SELLERDESK_MAIL_TLS", "").partition(",")
    paths = [
        Path(one.strip()).expanduser().absolute() for one in (certificate, key or certificate) if one.strip()
    ]
    for path in paths:
        if not path.is_file():
            raise SettingError(f"SELLERDESK_MAIL_TLS: there is no file {path}.")
    if text is None:
        return None
    host, colon, port = text.rpartition(":")
    if not colon or not host or not re.fullmatch(r"\d{1,5}", port) or int(port) > PORT_MAX:
        raise SettingError(f"SELLERDESK_MAIL_LISTEN must look like 0.0.0.0:25, not {text!r}.")
    certificate_path, key_path = paths or (None, None)
    return MailListener(host.strip("[]"), int(port), certificate_path, key_path)
