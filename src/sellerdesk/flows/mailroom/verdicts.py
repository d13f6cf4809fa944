"""What became of a mail that came in, and how that is said to a mail server."""

from dataclasses import dataclass
from enum import StrEnum

from sellerdesk.adapters.mail.listener import AGAIN, NOT_OURS, Reply
from sellerdesk.wire.mail_in import Fault


class Reason(StrEnum):
    """Beside the faults of `wire.mail_in`, which keep the mail from being read at all."""

    TAKEN = "taken"  # it is in the thread
    REPEATED = "repeated"  # it was there already
    AUTOMATIC = "automatic"  # no person wrote it, so nothing was done
    TOLD_BACK = "told_back"  # the rules refused it, and its writer is told by mail
    NOT_OURS = "not_ours"
    UNKNOWN_SENDER = "unknown_sender"
    SENDER_MISMATCH = "sender_mismatch"  # the envelope and the mail name different senders
    NOT_ALLOWED = "not_allowed"  # the rules refused a buyer's mail
    LATER = "later"  # something is wrong here, or somebody else is at the order


GOOD = frozenset({Reason.TAKEN, Reason.REPEATED, Reason.AUTOMATIC})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mail. `detail`: the code of a refusal, if a rule refused it."""

    reason: Reason | Fault
    detail: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it may rest among the mails that were taken."""
        return self.reason in GOOD

    def __str__(self) -> str:
        return f"{self.reason.value} {self.detail}".strip()


_TAKEN = Reply(250, "2.0.0 Taken")
_WHY: dict[Reason | Fault, Reply] = {
    Reason.TAKEN: _TAKEN,
    Reason.REPEATED: Reply(250, "2.0.0 We have it already"),
    Reason.AUTOMATIC: Reply(250, "2.0.0 Automatic mail, nothing to do"),
    Reason.TOLD_BACK: Reply(250, "2.0.0 Taken; a mail about it follows"),
    Reason.NOT_OURS: NOT_OURS,
    Reason.UNKNOWN_SENDER: Reply(550, "5.7.1 Only the buyer and the seller of this order may write here"),
    Reason.SENDER_MISMATCH: Reply(550, "5.7.1 The envelope and the mail name different senders"),
    Reason.NOT_ALLOWED: Reply(554, "5.7.1 This mail cannot be passed on"),
    Reason.LATER: AGAIN,
    Fault.TOO_LARGE: Reply(552, "5.3.4 This mail is too large"),
    Fault.FILES_TOO_LARGE: Reply(552, "5.3.4 The attached files are larger than 10 MB together"),
    Fault.TOO_MANY_FILES: Reply(554, "5.6.0 There are too many attached files"),
    Fault.TOO_MANY_PARTS: Reply(554, "5.6.0 This mail has too many parts"),
    Fault.TOO_DEEP: Reply(554, "5.6.0 The parts of this mail are nested too deeply"),
    Fault.NO_SENDER: Reply(550, "5.6.0 This mail does not say who wrote it"),
    Fault.SEVERAL_SENDERS: Reply(550, "5.6.0 This mail names several senders"),
    Fault.EMPTY: Reply(554, "5.6.0 There is nothing in this mail"),
    Fault.UNREADABLE: Reply(554, "5.6.0 This mail cannot be read"),
}


def reply_to(verdict: Verdict) -> Reply:
    """What the sender's server is told."""
    return _WHY[verdict.reason]
