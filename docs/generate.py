"""Writes docs/reference from the code: `make docs`. With --check it only says which pages are stale."""

import sys
from pathlib import Path

from sellerdesk.config.environment import VARIABLES

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


PAGES = {"settings.md": settings_page}


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
