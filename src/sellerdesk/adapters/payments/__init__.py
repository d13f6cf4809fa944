"""The payment side: where refunds are really paid out."""
