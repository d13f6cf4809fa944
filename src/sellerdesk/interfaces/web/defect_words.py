"""The order defect rate in facts: how many orders of how many, now or after something; there is no page of it yet."""

from django.utils.translation import gettext as _

from sellerdesk.domain.marketplaces import by_id
from sellerdesk.queries.defect_count import DefectCount


def standing(count: DefectCount, marketplace_id: str) -> str:
    """How it stands now."""
    said = _said(count, count.now, marketplace_id)
    return (
        _("Now %(defects)s of %(orders)s orders of the last %(days)s days at %(place)s have a defect.") % said
    )


def then(count: DefectCount, defects: int) -> str:
    """How it stands if so many orders had a defect; or that the order is too old to be counted."""
    if not count.covers:
        return _("The order is older than %(days)s days, so that today's count stays as it is.") % {
            "days": count.days
        }
    said = {"defects": defects, "orders": count.orders, "days": count.days}
    return _("That makes %(defects)s of %(orders)s orders of the last %(days)s days.") % said


def joined(first: str, second: str) -> str:
    """Two sentences after one another."""
    # Translators: two sentences; Chinese puts no blank between them.
    return _("%(first)s %(second)s") % {"first": first, "second": second}


def target(count: DefectCount) -> str:
    """What the rate must stay below."""
    return _("It must stay below %(target)s.") % {"target": f"{count.target / 100:g}%"}


def _said(count: DefectCount, defects: int, marketplace_id: str) -> dict[str, object]:
    place = by_id(marketplace_id).name
    return {"defects": defects, "orders": count.orders, "days": count.days, "place": place}
