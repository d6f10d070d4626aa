"""The caller's work list: what is due now comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models import User
from feedback_site.common.clock import database_now
from feedback_site.common.zones import company_zone
from visits.selectors.work_list import WorkItem, open_visits, work_list
from visits.views.access import caller_of

DUE, TODAY, OVERDUE, MINE, TEAM = "due", "today", "overdue", "mine", "team"
_LABELS = {
    DUE: _("Due now"),
    TODAY: _("Later today"),
    OVERDUE: _("Overdue"),
    MINE: _("All mine"),
    TEAM: _("My team's"),
}


@dataclass(frozen=True)
class Tab:
    """One view of the list; only that of the team counts visits of others."""

    key: str
    label: str | Promise
    count: int
    is_current: bool


@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """Show the caller's open visits; `?tab=` names which of them."""
    caller, at = caller_of(request), database_now()
    mine = work_list(caller, at=at)
    groups = _groups(mine, caller, at)
    chosen = request.GET.get("tab", DUE)
    sees_team = caller.data_scope is not DataScope.ASSIGNMENTS
    if chosen not in groups and not (chosen == TEAM and sees_team):
        chosen = DUE
    items = work_list(caller, at=at, only_mine=False) if chosen == TEAM else groups[chosen]
    counts = {key: len(group) for key, group in groups.items()}
    if sees_team:
        counts[TEAM] = open_visits(caller, only_mine=False).count()
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("My visits"),
        "tabs": [Tab(key, _LABELS[key], count, key == chosen) for key, count in counts.items()],
        "chosen": chosen,
        "items": items,
        "unlisted": max(counts[chosen] - len(items), 0),
        "next_at": min((item.next_attempt_at for item in mine if not item.is_due), default=None),
        "has_mine": bool(mine),
        "others": counts.get(TEAM, 0) - len(mine),
        "at": at,
    }
    return TemplateResponse(request, "visits/work_list.html", context)


def _groups(mine: Sequence[WorkItem], caller: User, at: datetime) -> dict[str, list[WorkItem]]:
    zone = caller.team.zone if caller.team else company_zone()
    today = at.astimezone(zone).date()
    later = [item for item in mine if not item.is_due]
    return {
        DUE: [item for item in mine if item.is_due],
        TODAY: [item for item in later if item.next_attempt_at.astimezone(zone).date() == today],
        OVERDUE: [item for item in mine if item.is_overdue],
        MINE: list(mine),
    }
