"""The native API for storefronts: `/api/v1` (design 4, 5)."""
