"""The fixtures of the SP-API door serve its contracts too."""

from tests.interfaces.spapi.conftest import call, plenty, time

__all__ = ["call", "plenty", "time"]
