"""The words of the console for what the domain calls by codes, and money as people write it."""

from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from sellerdesk.domain.orders import Channel, Status
from sellerdesk.looks.amounts import money as money

# Status → (label, icon, tone). Never colour alone: text, icon and colour together.
STATUSES = {
    Status.PENDING_AVAILABILITY: (lazy("Pre-order"), "circle-dashed", "muted"),
    Status.PENDING: (lazy("Pending"), "circle-dashed", "muted"),
    Status.UNSHIPPED: (lazy("Unshipped"), "package-open", "warn"),
    Status.PARTIALLY_SHIPPED: (lazy("Partly shipped"), "package", "info"),
    Status.SHIPPED: (lazy("Shipped"), "truck", "ok"),
    Status.INVOICE_UNCONFIRMED: (lazy("Shipped, invoice open"), "truck", "info"),
    Status.CANCELED: (lazy("Cancelled"), "ban", "muted"),
    Status.UNFULFILLABLE: (lazy("Unfulfillable"), "triangle-alert", "bad"),
}
CHANNELS = {Channel.MFN: lazy("Seller-fulfilled"), Channel.AFN: lazy("Warehouse (FBA)")}

# Why there is nothing to do: domain.lifecycle.NOTHING_TO_DO → one sentence.
NOTHING_TO_DO = {
    "cancelled": lazy("Cancelled: nothing to do."),
    "unfulfillable": lazy("Cannot be fulfilled: nothing to do."),
    "warehouse_ships": lazy("Amazon ships this: nothing to do for you."),
    "pending": lazy("Nothing to do until the order is released."),
    "payment_not_authorized": lazy("Nothing to do until the payment is authorised."),
    "payment_declined": lazy("The payment was declined. The buyer may pay another way; do not ship."),
    "convenience_store": lazy("The buyer pays at a convenience store. Nothing to do until they have paid."),
    "fba_consolidation": lazy(
        "Amazon waits to consolidate the buyer's items for free shipping. Nothing to do."
    ),
    "fba_item_out_of_stock": lazy("An item is out of stock in the warehouse (rare). Nothing to do."),
    "fba_scheduled_delivery": lazy("Delivery is scheduled for later. Nothing to do."),
    "preorder": lazy("Pre-order: nothing to do until the item is released."),
}

PACKAGE_STATUSES = {
    "PENDING": lazy("Not yet handed over"),
    "SHIPPED": lazy("Handed over"),
    "IN_TRANSIT": lazy("In transit"),
    "DELIVERED": lazy("Delivered"),
    "CANCELLED": pgettext_lazy("package", "Cancelled"),
    "UNDELIVERABLE": lazy("Undeliverable"),
    "RETURNING": lazy("Returning to sender"),
}

ACTIONS = {
    "print_packing_slip": lazy("Print packing slip"),
    "confirm_shipment": lazy("Confirm shipment"),
    "edit_shipment": lazy("Edit shipment"),
    "refund_order": lazy("Refund order"),
    "cancel_order": lazy("Cancel order"),
    "cancel_rest": lazy("Cancel the rest"),
}  # what this product can do so far; what it cannot do yet has no button

SERVICE_CATEGORIES = {
    "Standard": lazy("Standard"),
    "Expedited": lazy("Expedited"),
    "NextDay": lazy("Next day"),
    "SecondDay": lazy("Second day"),
    "SameDay": lazy("Same day"),
    "Priority": lazy("Priority"),
    "FreeEconomy": lazy("Free economy"),
    "Scheduled": lazy("Scheduled"),
}
