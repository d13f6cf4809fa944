"""The door for programs written for the Selling Partner API: shapes, texts, headers and limits of that protocol.

Read `docs/reference/spapi.md` for what is served. `protocol` is the way of every request: token, bucket, handler,
headers; the other modules are the operations.
"""
