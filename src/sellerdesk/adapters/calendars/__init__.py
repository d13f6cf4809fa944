"""Public holidays of the world, from the `holidays` library."""
