"""How a mail shows that no person wrote it: it is nobody's answer and gets none, so that no loop starts."""

import re
from collections.abc import Callable

_SENDERS = re.compile(
    r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|auto-?(?:reply|responder)|listserv|majordomo)(?:[+.=-].*)?$"
)
_SUBJECTS = re.compile(
    r"\s*(?:(?:re|aw|sv|回复|回覆|答复)\s*[:：]\s*)*(?:auto(?:matic(?:ally)?)?[ -]?(?:reply|response|antwort)"
    r"|out[ -]of[ -](?:the[ -])?office"
    r"|autosvar|abwesenheits|automatische antwort|réponse automatique|respuesta automática|risposta automatica"
    r"|自动回复|自動回覆|自動回復|自动答复|自動応答|不在通知|undeliver|returned mail"
    r"|delivery (?:status notification|failure)|mail delivery (?:failed|subsystem)|退信|系统退信)",
    re.I,
)
_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_PRESENT = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponse",
    "x-auto-response-suppress",
    "x-failed-recipients",
    "x-mailer-daemon",
    "list-id",
    "list-unsubscribe",
    "feedback-id",
)


def automatic_reason(header: Callable[[str], str], content_type: str, subject: str, sender: str) -> str:
    """The mark that shows it, or ""; `header` answers a header's value, "" for none."""
    submitted = header("auto-submitted").split(";")[0].strip().lower()
    if submitted and submitted != "no":
        return "auto-submitted"
    if header("precedence").strip().lower() in _PRECEDENCE:
        return "precedence"
    for name in _PRESENT:
        if header(name).strip():
            return name
    if content_type == "multipart/report":
        return "report"
    if _SENDERS.match(sender.partition("@")[0]):
        return "sender"
    return "subject" if _SUBJECTS.match(subject[:200]) else ""
