"""How far the tables of holidays reach."""

from datetime import date

from sellerdesk.models.sql import rows


def holidays_known_until() -> date:
    """The last holiday that is known of any marketplace; the first of days when none is."""
    ((last,),) = rows("SELECT max(day) FROM holidays")
    return last or date.min
