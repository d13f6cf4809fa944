"""The buyers' door: my orders, cancelling, writing to the seller (rulebook S2-42, S3-03 to S3-05; screens 1.18).

A buyer is nobody of the console's. What opens this door is a cookie of its own, valid under /account/ alone.
"""
