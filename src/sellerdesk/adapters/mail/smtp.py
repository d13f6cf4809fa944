"""Mail through an SMTP server, with TLS verified."""

import smtplib
import ssl
from dataclasses import dataclass
from types import TracebackType

from sellerdesk.adapters.mail.base import Letter, LetterRefused, MailUnavailable, Post
from sellerdesk.adapters.mail.message import encode

TIMEOUT_SECONDS = 10.0
_PERMANENT = 500


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail goes. `tls`: from the first byte; `starttls`: demanded, never optional. No user: no sign-in."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: bool = False
    starttls: bool = False


class SmtpPost(Post):
    """One connection for all letters of a block, opened with the first and again after it was lost."""

    def __init__(self, server: Server, *, context: ssl.SSLContext | None = None) -> None:
        self.server = server
        self.context = context or ssl.create_default_context()
        self.connection: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> None:
        """Hand the letter to the server; it has answered 250 when this returns."""
        message = encode(letter)
        try:
            self._connected().send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise _verdict(min(code for code, _said in error.recipients.values())) from error
        except smtplib.SMTPResponseException as error:
            self._forget()
            if isinstance(
                error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError | smtplib.SMTPHeloError
            ):
                raise MailUnavailable(f"the mail server did not let us in ({error.smtp_code})") from error
            raise _verdict(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            self._forget()
            raise MailUnavailable(f"the mail server is away ({type(error).__qualname__})") from error

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Say goodbye."""
        if self.connection is not None:
            try:
                self.connection.quit()
            except (smtplib.SMTPException, OSError):
                self._forget()
        self.connection = None

    def _connected(self) -> smtplib.SMTP:
        if self.connection is None:
            given = self.server
            if given.tls:
                connection: smtplib.SMTP = smtplib.SMTP_SSL(
                    given.host, given.port, timeout=TIMEOUT_SECONDS, context=self.context
                )
            else:
                connection = smtplib.SMTP(given.host, given.port, timeout=TIMEOUT_SECONDS)
            self.connection = connection
            if given.starttls:
                connection.starttls(context=self.context)
            if given.user:
                connection.login(given.user, given.password)
        return self.connection

    def _forget(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def _verdict(code: int) -> LetterRefused | MailUnavailable:
    said = f"the mail server answered {code}"
    return LetterRefused(said) if code >= _PERMANENT else MailUnavailable(said)
