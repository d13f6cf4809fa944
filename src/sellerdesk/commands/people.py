"""What people choose for themselves."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.models.sql import run


@dataclass(frozen=True, slots=True)
class Preferences:
    """A person's name, language (as in settings.LANGUAGES), IANA zone, and whether single-key shortcuts work."""

    name: str
    language: str
    zone: str
    shortcuts_on: bool


def save_preferences(user_id: int, chosen: Preferences) -> None:
    """Keep what a person has chosen. Raises Refusal INVALID_VALUE for a zone that does not exist."""
    if chosen.zone not in available_timezones():
        raise refuse(Code.INVALID_VALUE, place="zone", value=chosen.zone[:40], expected="a time zone")
    run(
        "UPDATE users SET name = %s, language = %s, zone = %s, shortcuts_on = %s WHERE id = %s",
        [chosen.name, chosen.language, chosen.zone, chosen.shortcuts_on, user_id],
    )


def save_language(user_id: int, language: str) -> None:
    """Keep the language that a person has switched to."""
    run("UPDATE users SET language = %s WHERE id = %s", [language, user_id])
