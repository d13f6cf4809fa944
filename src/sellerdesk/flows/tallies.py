"""Adding up tallies of orders, in small transactions, so that nobody waits for it."""

from sellerdesk.commands.tallies import add_up_tallies

ROWS = 1000
STEPS_MAX = 50


def add_up() -> int:
    """Add up what came in since the last time, or a good part of it; answers how many rows were."""
    done = 0
    for _ in range(STEPS_MAX):
        step = add_up_tallies(limit=ROWS)
        done += step
        if step == 0:
            break
    return done
