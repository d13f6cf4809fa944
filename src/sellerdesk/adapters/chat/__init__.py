"""Chat services: `base` is what one may be, `services` reaches them through apprise."""
