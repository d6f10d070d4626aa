"""What the working calendar is called and known by.

The arithmetic is in `common`, where apps below find it too.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback_site.common.working_time import CLOSES_AT, OPENS_AT, WORKDAY_HOURS, WorkingTime

__all__ = [
    "CLOSES_AT",
    "HOLIDAY_NAMES",
    "NATIONAL_DAY",
    "OPENS_AT",
    "WORKDAY_HOURS",
    "WorkingTime",
    "holiday_name",
]

# Every year's published calendar names this day; a year of which it says nothing is not known yet.
NATIONAL_DAY = (10, 1)
# The names of published days, as the package calls them.
HOLIDAY_NAMES = {
    "New Year's Day": _("New Year's Day"),
    "Spring Festival": _("Spring Festival"),
    "Tomb-sweeping Day": _("Tomb-sweeping Day"),
    "Labour Day": _("Labour Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"),
    "National Day": _("National Day"),
    "Mid-autumn Festival": _("Mid-autumn Festival"),
    "Anti-Fascist 70th Day": _("70th anniversary of the victory"),
}


def holiday_name(name: str) -> str | Promise:
    """Return the name of a calendar day in the reader's language; names that staff wrote stay as they are."""
    return HOLIDAY_NAMES.get(name, name)
