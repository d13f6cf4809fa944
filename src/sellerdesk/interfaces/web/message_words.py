"""What messages, reasons and findings are called on pages; gettext translates at the moment of use."""

from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from sellerdesk.domain.message_hints import Hint
from sellerdesk.domain.message_lint import LintCode
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.message_threads import MessageState, ThreadState

# State of a thread → label, icon, tone.
THREADS = {
    ThreadState.OPEN_NEEDS_RESPONSE: (lazy("Needs reply"), "clock", "warn"),
    ThreadState.ANSWERED: (lazy("Answered"), "check", "ok"),
    ThreadState.NO_RESPONSE_NEEDED: (lazy("No response needed"), "circle-check", "muted"),
    ThreadState.CLOSED: (pgettext_lazy("thread", "Closed"), "lock", "muted"),
}
# What is worth saying of a message that was sent; the others are as they should be.
MESSAGES = {
    MessageState.BLOCKED_OPT_OUT: (lazy("Not delivered: the buyer wants none"), "ban", "bad"),
    MessageState.BOUNCED: (lazy("The e-mail about it came back"), "triangle-alert", "warn"),
    MessageState.DELIVERED: (lazy("E-mail delivered"), "check", "ok"),
}
REASONS = {
    ContactReason.ANSWER: lazy("Answer the buyer"),
    ContactReason.CANCEL_GUIDANCE: lazy("Explain how to request cancellation"),
    ContactReason.CANCEL_IMPORTANT: lazy("Ask again about the cancellation"),
    ContactReason.CANCEL_DECLINED: lazy("Say that it cannot be cancelled any more"),
    ContactReason.ADDRESS_PROBLEM: lazy("Problem with the address"),
    ContactReason.DELIVERY_SCHEDULING: lazy("Arrange the delivery"),
    ContactReason.RETURN_GUIDANCE: lazy("Explain how to return"),
    ContactReason.OTHER_ORDER_QUESTION: lazy("Other question about the order"),
    ContactReason.CONFIRM_CUSTOMIZATION_DETAILS: lazy("Confirm customisation"),
    ContactReason.CONFIRM_DELIVERY_DETAILS: lazy("Confirm delivery details"),
    ContactReason.CONFIRM_ORDER_DETAILS: lazy("Confirm order details"),
    ContactReason.CONFIRM_SERVICE_DETAILS: lazy("Confirm service details"),
    ContactReason.UNEXPECTED_PROBLEM: lazy("Unexpected problem"),
    ContactReason.LEGAL_DISCLOSURE: lazy("Legal disclosure"),
    ContactReason.WARRANTY: lazy("Warranty"),
    ContactReason.DIGITAL_ACCESS_KEY: lazy("Digital access key"),
    ContactReason.INVOICE: lazy("Invoice"),
}
HINTS = {
    Hint.CANCEL: lazy("Buyer seems to ask for cancellation"),
    Hint.RETURN: lazy("Buyer seems to ask for a return"),
}
FINDINGS = {
    LintCode.LINK: lazy("A link. Only order pages of this marketplace may be linked."),
    LintCode.EMAIL: lazy("An e-mail address. Buyer and seller write to each other here."),
    LintCode.PHONE: lazy("A phone number. Buyer and seller write to each other here."),
    LintCode.MESSENGER: lazy("Another service. Buyer and seller write to each other here."),
    LintCode.MARKETING: lazy("Advertising. Messages are for completing an order only."),
    LintCode.REVIEW_ASK: lazy("Asks for a review. Messages must not."),
    LintCode.REVIEW_CHANGE: lazy("Asks to change or remove a review. That is never allowed."),
    LintCode.REVIEW_INCENTIVE: lazy("Offers something for a review. That is never allowed."),
    LintCode.ASKS_TO_CANCEL: lazy(
        "Asks the buyer to cancel. If you cannot deliver, cancel with the reason “No inventory” yourself."
    ),
    LintCode.SHIPPING_NEWS: lazy(
        "News of shipping. The marketplace tells the buyer when you confirm the shipment."
    ),
    LintCode.THANKS_ONLY: lazy("Only thanks. Choose “No response needed” instead of sending this."),
    LintCode.EMOJI: lazy("A picture character. Messages must not contain any."),
}
VIAS = {
    "portal": lazy("Buyer portal"),
    "mail": lazy("E-mail"),
    "api": lazy("API"),
    "spapi": lazy("SP-API"),
    "web": lazy("Console"),
    "cli": lazy("Command line"),
    "demo": lazy("Demonstration"),
}
TOPICS = {
    "cancel": lazy("Cancellation"),
    "delivery": lazy("Delivery"),
    "return": lazy("Return or refund"),
    "product": lazy("Question about the product"),
    "invoice": lazy("Invoice"),
    "other": pgettext_lazy("topic", "Something else"),
}
VARIABLES = {
    "order_number": lazy("Order ID"),
    "buyer_name": lazy("Buyer's name"),
    "shop": lazy("Name of your store"),
    "items": lazy("Items"),
    "carrier": lazy("Carrier"),
    "tracking": lazy("Tracking ID"),
}
# The languages of templates, as those who speak them call them.
LANGUAGE_NAMES = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}
BUILT_IN = {
    "cancel_guidance": lazy("How to request cancellation"),
    "cancel_important": lazy("Do you still want to cancel?"),
    "cancel_declined_shipped": lazy("Cannot be cancelled: shipped"),
    "cancel_declined_label": lazy("Cannot be cancelled: label made"),
    "address_question": lazy("Address incomplete"),
    "delivery_appointment": lazy("Delivery by appointment"),
    "delivery_problem": lazy("Carrier could not deliver"),
    "return_how_to": lazy("How to return"),
}
