"""Writes docs/reference from the code: `make docs`. With --check it only says which pages are stale."""

import sys
from pathlib import Path

from sellerdesk.config.environment import VARIABLES
from sellerdesk.domain.event_members import MEMBERS, camel
from sellerdesk.domain.events import EVENTS, types_of

REFERENCE = Path(__file__).resolve().parent / "reference"


def settings_page() -> str:
    """Every environment variable."""
    lines = [
        "# Settings",
        "",
        "Sellerdesk reads these environment variables once, when a process starts. A wrong value stops the",
        "start with one sentence and exit code 2. All of them may be absent.",
        "",
        "| Variable | When absent | Meaning |",
        "|---|---|---|",
        *(f"| `{one.name}` | {one.default} | {one.meaning} |" for one in VARIABLES),
        "",
    ]
    return "\n".join(lines)


def webhooks_page() -> str:
    """Every type of event, and the shape of every member."""
    types = "".join(
        f"| `{type_}` | {' '.join(dict.fromkeys(event.meaning for event in events))} "
        f"| {', '.join(f'`{camel(name)}`' for name in dict.fromkeys(n for e in events for n in e.facts))} |\n"
        for type_, events in types_of().items()
    )
    used = sorted({name for event in EVENTS for name in event.facts})
    members = "".join(f"| `{camel(name)}` | {MEMBERS[name].words} |\n" for name in used)
    return WEBHOOKS_HEAD + types + WEBHOOKS_MEMBERS + members


WEBHOOKS_HEAD = """# Webhooks

Under *Webhooks* in the console an owner, manager or integrator adds an address; the signing secret is shown once. Each
event comes as a `POST` after [Standard Webhooks](https://www.standardwebhooks.com) 1.0:

| Header | |
|---|---|
| `webhook-id` | the same at every repeat: keep it, and do nothing when it comes again |
| `webhook-timestamp` | seconds since 1970, of this attempt |
| `webhook-signature` | `v1,` and the Base64 of HMAC-SHA256 over `id.timestamp.body` |

```python
from standardwebhooks import Webhook

event = Webhook("whsec_…").verify(request.body, request.headers)
```

For 24 hours after a new secret was made there are two signatures, parted by a blank. Answer with 2xx within 15 seconds;
anything else is tried again after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 hours. `410` switches the webhook off.
Redirects are not followed. The ports 443, 80 and 8443 of public addresses are called; `SELLERDESK_OUTBOUND_ALLOW` opens
networks of one's own. Events of one order may overtake each other: `data.sequence` counts them.

```json
{"type": "order.cancellation_requested", "timestamp": "2026-03-02T20:00:00Z",
 "data": {"sellerId": "A…", "orderNumber": "903-8868176-2219830", "marketplaceId": "ATVPDKIKX0DER", "sequence": 3,
          "party": "BUYER", "reason": "ordered_by_mistake", "items": ["…"], "units": 2, "status": "Unshipped"}}
```

`data` always has `sellerId`, `orderNumber`, `marketplaceId`, `sequence` and `party` (BUYER, SELLER, AMAZON, SYSTEM,
CARRIER), and what the table names where it is known. Nothing personal and no text of a message is ever sent; ask the
API with the order number. New types and members may be added. `webhook.test` is what *Send a test* sends.

| Type | When | Also in `data` |
|---|---|---|
"""

WEBHOOKS_MEMBERS = """
## Members

A name has the same shape in every event. Amounts are whole numbers of minor units (cents, yen, fils).

| In `data` | |
|---|---|
"""

PAGES = {"webhooks.md": webhooks_page, "settings.md": settings_page}


def main() -> int:
    """Write the pages, or compare them."""
    stale = []
    REFERENCE.mkdir(exist_ok=True)
    for name, make in PAGES.items():
        path, text = REFERENCE / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    print("\n".join(stale))
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
