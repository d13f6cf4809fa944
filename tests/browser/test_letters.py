"""Letters as the operator's mailbox shows them, in a real browser: English and Chinese, with hostile words in them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests import build
from tests.browser.test_stories import a_member, sign_in
from tests.build import everything
from tests.flows.aftersales_world import ADA, NOW, everything_happens

from sellerdesk.flows.notices.letters import write
from sellerdesk.queries.mails import letter_facts

Picture = Callable[[Page, str], None]
HOSTILE = "<script>document.title='owned'</script> \u202eevil\u202c שלום\n" + "x" * 900 + "\n\nThank you."
SHOWN = ("return_requested", "return_authorized", "refund_sent", "claim_granted")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_letters_are_read_as_they_are_sent(page: Page, site: str, language: str, picture: Picture) -> None:
    seller = build.a_seller(language=language)
    a_member(seller, language=language, is_operator=True)
    everything_happens(seller, HOSTILE)
    build.change(
        "INSERT INTO buyer_preferences (email, language, updated_at) VALUES (%s, %s, %s)",
        [ADA, language, NOW],
    )
    build.drain(NOW + timedelta(days=61))
    sign_in(page)
    page.goto(f"{site}/mailbox")
    picture(page, f"letters-{language}")
    for kind in SHOWN:
        ((mail,),) = everything("SELECT min(id) FROM mails WHERE kind = %s", [kind])
        words = write(letter_facts([mail])[mail])
        page.goto(f"{site}/mailbox/{mail}")
        expect(page.get_by_role("heading", level=1)).to_have_text(words.subject)
        picture(page, f"letter-{kind}-{language}")
        page.goto("about:blank")  # as a mail program shows it, without the console's policy
        page.set_content(words.html)
        expect(page.locator("h1")).to_have_text(words.subject)
        assert page.title() == words.subject
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        picture(page, f"letter-{kind}-{language}-page")
