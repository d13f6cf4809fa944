"""What the settings of returns are called: ways of authorising, what rules do, and buyers' reasons."""

from django.utils.translation import gettext_lazy as lazy

from sellerdesk.domain.return_facts import ReturnReason
from sellerdesk.domain.return_settings import Automatic, Effect

_R = ReturnReason
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
REASONS = {
    _R.ACCIDENTAL_ORDER: lazy("Ordered by accident"),
    _R.BETTER_PRICE: lazy("Found a better price"),
    _R.NOT_NEEDED: lazy("No longer needed"),
    _R.PART_NOT_COMPATIBLE: lazy("Does not fit what it was bought for"),
    _R.INSTALLATION: lazy("Too hard to install"),
    _R.TOO_SMALL: lazy("Too small"),
    _R.TOO_LARGE: lazy("Too large"),
    _R.QUALITY: lazy("Quality is not good enough"),
    _R.NOT_USEFUL: lazy("Does not do what it should"),
    _R.BAD_PACKAGING: lazy("Badly packed"),
    _R.LATE_DELIVERY: lazy("Came too late"),
    _R.MISSING_PARTS: lazy("Parts are missing"),
    _R.DAMAGED_IN_TRANSIT: lazy("Damaged on the way"),
    _R.WRONG_ITEM: lazy("Not the item that was ordered"),
    _R.DEFECTIVE: lazy("Defective"),
    _R.EXTRA_ITEM: lazy("More came than was ordered"),
    _R.UNAUTHORIZED_PURCHASE: lazy("Bought without permission"),
    _R.NOT_AS_DESCRIBED: lazy("Not as described"),
    _R.DEAD_BATTERY: lazy("Battery is dead"),
    _R.MISSING_MANUAL: lazy("Manual is missing"),
    _R.MISSING_CERTIFICATION: lazy("Certificate is missing"),
    _R.TARNISHED: lazy("Tarnished"),
}
