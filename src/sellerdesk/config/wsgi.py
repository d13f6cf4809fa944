"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

# New objects that are let live before the collector looks. Answers are made of thousands of short-lived ones.
YOUNG_OBJECTS = 50_000

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sellerdesk.config.settings")
os.environ.setdefault("SELLERDESK_PROCESS", "web")
application = get_wsgi_application()


def settle() -> None:
    """Take what was loaded out of the garbage collector's sight: it stays for good, and looking at it costs pages
    milliseconds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 100)


settle()
