"""What the settings of returns are called: ways of authorising, and what rules do."""

from django.utils.translation import gettext_lazy as lazy

from sellerdesk.domain.return_settings import Automatic, Effect

AUTOMATIC = {
    Automatic.MANUAL: lazy("None: every request waits for us"),
    Automatic.IN_POLICY: lazy("Those within the return policy"),
    Automatic.ALL: lazy("All of them"),
}
EFFECTS = {
    Effect.MANUAL: lazy("Waits for us, whatever the settings say"),
    Effect.RETURNLESS: lazy("Refund at once; the buyer keeps it"),
    Effect.AUTHORIZE: lazy("Authorise at once"),
}
