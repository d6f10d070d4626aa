"""Which working calendar holds for a team and purpose, and what its days are called.

The arithmetic is in `common`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback_site.common.working_time import WorkingTime
from feedback_site.service_events.enums import CalendarPurpose

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
Parents = Mapping[int, int | None]


@dataclass(frozen=True, slots=True)
class WorkingTimes:
    """The working time of every team and purpose, read once for all cases of a batch.

    `stated` is by purpose and owner, None for the shared calendar; `usual` is the company's.
    """

    usual: WorkingTime
    stated: Mapping[CalendarPurpose, Mapping[int | None, WorkingTime]] = field(default_factory=dict)
    parents: Parents = field(default_factory=dict)

    def of(self, team_id: int, purpose: CalendarPurpose) -> WorkingTime:
        """Return what holds for a team: of the nearest team that states it, else shared, else the usual."""
        stated = self.stated.get(purpose, {})
        return stated.get(nearest_owner(team_id, stated, self.parents), self.usual)


def nearest_owner(team_id: int, owners: Collection[int | None], parents: Parents) -> int | None:
    """Return the first of the team and those above it that is among `owners`, None if no one is.

    A circle, should one ever get in, ends the walk.
    """
    seen: set[int] = set()
    current: int | None = team_id
    while current is not None and current not in owners and current not in seen:
        seen.add(current)
        current = parents.get(current)
    return current if current in owners else None


def holiday_name(name: str) -> str | Promise:
    """Return the name of a calendar day in the reader's language; names that staff wrote stay as they are."""
    return HOLIDAY_NAMES.get(name, name)
