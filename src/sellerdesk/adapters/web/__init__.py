"""Calls to addresses that people gave us: `base` is what a caller may be, `pinned` the one that calls."""
