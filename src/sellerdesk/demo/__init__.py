"""The demonstration world: two sellers and their orders, made through the commands that make everything else.

The same moment and the same code make the same world. Nothing in it reaches anybody: addresses end in `.example`.
"""

from sellerdesk.demo.world import load

__all__ = ["load"]
