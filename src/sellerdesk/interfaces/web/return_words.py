"""What things of returns are called on pages; gettext translates at the moment of use (glossary: screens 1.21)."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from sellerdesk.domain.refunds import RefundState
from sellerdesk.domain.return_actions import Action
from sellerdesk.domain.return_advice import Advice, Hint, Risk
from sellerdesk.domain.return_facts import Grade, Payer, ReturnKind, ReturnReason, ReturnState
from sellerdesk.domain.return_ways import Label
from sellerdesk.domain.returns import CloseReason, Verdict
from sellerdesk.flows.notices import words
from sellerdesk.interfaces.web.formats import money, visible
from sellerdesk.queries.returns_query import Facet

_S = ReturnState
# State → label, icon, tone.
STATES = {
    _S.PENDING_AUTHORIZATION: (lazy("Authorisation required"), "clock", "warn"),
    _S.AUTHORIZED: (lazy("Authorised, not sent yet"), "check", "info"),
    _S.IN_TRANSIT_BACK: (lazy("On its way back"), "truck", "info"),
    _S.RECEIVED: (lazy("Received, to be inspected"), "package", "warn"),
    _S.INSPECTED: (lazy("Partly inspected"), "package-open", "warn"),
    _S.PENDING_REFUND: (lazy("Refund due"), "banknote", "warn"),
    _S.COMPLETED: (pgettext_lazy("return", "Completed"), "circle-check", "ok"),
    _S.CLOSED_BY_SELLER: (lazy("Closed by seller"), "ban", ""),
    _S.CLOSED_BY_BUYER: (lazy("Closed by buyer"), "undo-2", ""),
    _S.CLOSED_AUTO: (lazy("Closed automatically"), "history", ""),
}
FACETS = {
    Facet.REQUIRED: lazy("Authorisation required"),
    Facet.AUTHORISED: pgettext_lazy("returns", "Authorised"),
    Facet.COMPLETED: pgettext_lazy("return", "Completed"),
    Facet.CLOSED_BY_SELLER: lazy("Closed by seller"),
    Facet.CLOSED_BY_BUYER: lazy("Closed by buyer"),
    Facet.CLAIM: lazy("With A-to-z claim"),
    Facet.ALL: pgettext_lazy("returns", "All"),
}
# What waits for the seller's next step.
WAITING = {
    _S.PENDING_AUTHORIZATION: lazy("%(n)s to answer"),
    _S.RECEIVED: lazy("%(n)s to inspect"),
    _S.INSPECTED: lazy("%(n)s to inspect further"),
    _S.PENDING_REFUND: lazy("%(n)s to refund"),
}
# Why buyers return, as letters say it too, with a capital: a seller reads both.
REASONS = {ReturnReason(code): capfirst(label) for code, label in words.RETURN_REASONS.items()}
PAYERS = {
    Payer.BUYER: lazy("The buyer pays the way back"),
    Payer.SELLER: lazy("You pay the way back"),
}
KINDS = {ReturnKind.REFUSED: lazy("Delivery refused")}
# What a carrier's scan that turned a parcel round is called beside the reason.
TURNED = {
    "REFUSED": lazy("Delivery refused"),
    "RETURNING": lazy("Turned round by the carrier"),
    "RETURNED": lazy("Turned round by the carrier"),
}
WISHES = {
    "refund": lazy("Wants the money back"),
    "replacement": lazy("Wants a replacement"),
    "exchange": lazy("Wants to exchange it"),
    "repair": lazy("Wants a repair"),
}
# What came back: on every page, in the timeline, and in what a fee rests on.
GRADES = {
    Grade.SELLABLE: lazy("Sellable as new"),
    Grade.REPACK: lazy("Good, but opened or used"),
    Grade.DAMAGED: lazy("Damaged or used up"),
    Grade.OPENED_MEDIA: lazy("Software or game with a broken seal"),
    Grade.WRONG_ITEM: lazy("Not what was sent"),
}
CLOSE_REASONS = {
    CloseReason.NOT_RETURNABLE: lazy("This product is not returnable"),
    CloseReason.OUT_OF_POLICY: lazy("The return is outside the policy"),
    CloseReason.SOLVED: lazy("A technical problem was solved"),
    CloseReason.REFUNDED_WITHOUT_RETURN: lazy("Refunded without a return"),
    CloseReason.BUYER_KEEPS: lazy("The buyer keeps it"),
    CloseReason.OTHER: pgettext_lazy("close reason", "Another reason"),
}
LABELS = {
    Label.NONE: lazy("No label: the buyer posts it"),
    Label.UPLOADED: lazy("My own label, sent to the buyer as a file"),
    Label.PREPAID: lazy("A prepaid label that the buyer gets from the carrier"),
}
LABELS_SHORT = {
    Label.NONE: lazy("No label"),
    Label.UPLOADED: lazy("Own label"),
    Label.PREPAID: lazy("Prepaid label"),
}
# State of a refund → label, tone.
REFUNDS = {
    RefundState.DRAFT: (lazy("Refund waits for a second person"), "warn"),
    RefundState.PENDING: (lazy("Refund can still be called back"), "info"),
    RefundState.RELEASED: (lazy("Refund sent"), "ok"),
    RefundState.SETTLED: (lazy("Refund paid out"), "ok"),
    RefundState.CANCELLED: (lazy("Refund called back"), ""),
    RefundState.REJECTED: (lazy("Refund could not be paid"), "bad"),
}
# Button → label, icon.
ACTIONS = {
    Action.CONTACT: (lazy("Contact buyer"), "mail"),
    Action.AUTHORIZE: (lazy("Authorise request"), "check"),
    Action.RECEIVE: (lazy("Receive goods"), "barcode"),
    Action.GRADE: (lazy("Inspect goods"), "eye"),
    Action.REFUND: (lazy("Issue refund"), "banknote"),
    Action.CLOSE: (lazy("Close request"), "x"),
}
# What waits, by the deadline → words before the countdown.
DUES = {
    "return_answer": lazy("Answer"),
    "return_refund": lazy("Refund"),
    "return_method": lazy("Give a way back"),
    "return_idle": lazy("Closes itself"),
}
# The same once it is late.
OVERDUE = {
    "return_answer": lazy("Answer is"),
    "return_refund": lazy("Refund is"),
    "return_method": lazy("Way back is"),
}
# When the request closes itself, and what keeps it open, by state.
CLOSES = {
    _S.PENDING_AUTHORIZATION: lazy(
        "%(date)s, unless somebody answers it before. The buyer would have to ask again."
    ),
    _S.AUTHORIZED: lazy(
        "%(date)s, unless the parcel is on its way or here before. The buyer would have to ask again."
    ),
}
CLOSES_AFTER_PART = lazy("%(date)s, because only a part was refunded, unless more is done before.")
# The last day on which the policy lets a buyer ask, and what came of it.
WINDOW = {
    True: lazy("%(day)s. The buyer asked in time: it stays in policy, however late the parcel comes."),
    False: lazy("%(day)s. The buyer asked later: the policy does not oblige you to take it back."),
}
# A step, and who may take it, for members who may not.
ANSWER = lazy("This request waits for an answer.")
ADVICE = {
    Advice.CONTACT_BUYER: lazy("Write to the buyer first: most returns are settled by talking."),
    Advice.CANCEL: lazy(
        "Nothing was confirmed yet, so nothing was charged: cancel the order instead of refunding."
    ),
    Advice.SHIP_ANYWAY: lazy("It has not left yet. If the buyer would still look at it, ship it."),
    Advice.REFUND_NOW: lazy("It has not left yet: refund, and keep it here."),
    Advice.INTERCEPT: lazy("It is under way: ask the carrier to stop it while that is possible."),
    Advice.WAIT_AND_SEE: lazy("It cannot be stopped. Ask the buyer to look at it first, then to decide."),
    Advice.REFUSE_DELIVERY: lazy("Ask the buyer to refuse the delivery: then it comes back by itself."),
    Advice.PARTIAL_REFUND: lazy("Offer a part of the money, measured by what the goods cost you."),
    Advice.KEEP_IT: lazy("Refund and let the buyer keep it: the way back costs more than it is worth."),
    Advice.RETURN_GOODS: lazy("Authorise it, wait for the goods, then refund."),
    Advice.REFUND_EARLY: lazy("Refund before the goods are back: that leads to fewer claims."),
    Advice.WAREHOUSE_HANDLES: lazy(
        "The marketplace's warehouse takes it back; there is nothing to do for you."
    ),
}
RISKS = {
    Risk.GOODS_AND_MONEY: lazy("You may lose both goods and money."),
    Risk.CLAIM: lazy("Waiting long may end in a claim."),
}
# Why the highlighted button of a return that is past its authorisation is the next one.
NEXT = {
    Action.RECEIVE: lazy("Next: scan it in when it arrives."),
    Action.GRADE: lazy("Next: say what came back."),
    Action.REFUND: lazy("Next: the goods are here and inspected; refund in time."),
}
NUMBERS = {
    "value": lazy("the buyer would get %(amount)s"),
    "limit": lazy("keep-it limit %(amount)s"),
    "way_back": lazy("the way back costs %(amount)s"),
    "cost": lazy("the goods cost you %(amount)s"),
    "most": lazy("give at most %(amount)s"),
}


def grade(code: str) -> str:
    """A condition in words; one that we have no words for as it is."""
    return str(GRADES[Grade(code)]) if code in set(Grade) else visible(code)


def verdict(name: str, *, days_over: int = 0, until: str = "") -> tuple[str, str, str]:
    """The policy chip: words, icon, tone."""
    if name == Verdict.WINDOW_OVER:
        late = _("Out of policy: %(n)s d after the window") % {"n": days_over}
        return late if days_over else _("Out of policy"), "triangle-alert", "warn"
    if name == Verdict.NOT_DELIVERED:
        return _("In policy: not delivered yet"), "circle-check", "ok"
    return (_("In policy until %(day)s") % {"day": until} if until else _("In policy")), "circle-check", "ok"


def numbers(hint: Hint, currency: str) -> str:
    """The amounts that a piece of advice rests on, as a sentence of its own; "" when there are none."""
    said = [NUMBERS[name] % {"amount": money(amount, currency)} for name, amount in hint.numbers.items()]
    # Translators: a sentence that wants its full stop.
    return _("%(sentence)s.") % {"sentence": capfirst(_("; ").join(said))} if said else ""
