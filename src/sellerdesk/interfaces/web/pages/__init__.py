"""The console's pages. Each module lists its addresses in `urls`; `web.urls` puts the lists together."""
