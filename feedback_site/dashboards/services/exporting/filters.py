"""Filters of an export: an allow-list per kind, and the rows that are left within a principal's scope.

Values are codes or slugs.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import QuerySet
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from feedback_site.accounts.models import ApiKey, Principal, Team, User, team_subtree
from feedback_site.common.exceptions import DomainError
from feedback_site.common.listing import labelled, listed
from feedback_site.customers.models import Segment
from feedback_site.dashboards.enums import ExportKind
from feedback_site.dashboards.services.exporting.sources import SOURCES, ExportSource, local_day
from feedback_site.service_events.models import ServiceChannel, ServiceKind
from nps.models import Campaign
from surveys.models import Survey
from surveys.selectors.links import link_state

FILTERS: Mapping[str, Promise] = {
    "from": gettext_lazy("from"),
    "to": gettext_lazy("to"),
    "team": gettext_lazy("team"),
    "campaign": gettext_lazy("NPS campaign"),
    "survey": gettext_lazy("survey rule"),
    "kind": gettext_lazy("kind"),
    "channel": gettext_lazy("service channel"),
    "segment": gettext_lazy("segment"),
    "purpose": pgettext_lazy("response", "survey type"),
    "status": gettext_lazy("status"),
}
# How each reference is called in filters: the field that holds its code.
_CODES = {
    "team": "code",
    "kind": "slug",
    "channel": "slug",
    "segment": "slug",
    "survey": "slug",
    "campaign": "id",
}
_TABLES: Mapping[str, Any] = {
    "team": Team,
    "kind": ServiceKind,
    "channel": ServiceChannel,
    "segment": Segment,
    "survey": Survey,
    "campaign": Campaign,
}


def choices_of(name: str, principal: Principal) -> QuerySet[Any]:
    """Return the rows that `principal` may name in the filter `name`."""
    rows: QuerySet[Any] = _TABLES[name].objects.all()
    return rows.for_user(principal) if hasattr(rows, "for_user") else rows


def code_of(name: str, row: Any) -> str:
    """Return what a filter calls `row`."""
    return str(getattr(row, _CODES[name]))


def clean_filters(kind: ExportKind, filters: Mapping[str, Any], principal: Principal) -> dict[str, str]:
    """Return the filters that say something.

    Raises `DomainError` with `extra["fields"]` naming every wrong one.
    """
    source = SOURCES[kind]
    given = {str(name): value for name, value in filters.items() if value not in (None, "")}
    errors = {
        name: [_("Unknown. Known are: %(known)s") % {"known": listed(source.filters)}]
        for name in given.keys() - set(source.filters)
    }
    for name in given.keys() & set(source.filters):
        if error := _error_of(source, name, given[name], principal):
            errors[name] = [error]
    if not errors and given.get("from", "") > given.get("to", "9999-12-31"):
        errors["to"] = [_("The period ends before it begins.")]
    if errors:
        raise DomainError(_("Some filters are wrong."), {"fields": errors})
    return {name: str(given[name]) for name in source.filters if name in given}


def rows_of(kind: ExportKind, filters: Mapping[str, str], principal: User | ApiKey) -> QuerySet[Any]:
    """Return the rows within the principal's scope that the filters leave, oldest key first.

    The filters are clean.
    """
    source = SOURCES[kind]
    rows: QuerySet[Any] = source.model._default_manager.all().for_user(principal)  # type: ignore[attr-defined]  # noqa: SLF001 - scoped
    for name, value in filters.items():
        rows = _narrow(source, name)(rows, value)
    return rows.order_by("pk")


def count_rows(*, kind: ExportKind, filters: Mapping[str, Any], principal: User | ApiKey) -> int:
    """Return how many rows an export would hold now."""
    return rows_of(kind, clean_filters(kind, filters, principal), principal).count()


def filter_label(kind: str, name: str) -> str:
    """Return what the filter is called where it asks for rows of this kind.

    Two teams of an event may differ, so the label says which one.
    """
    return str(_("Counts for team")) if is_by_credited_team(kind, name) else str(FILTERS.get(name, name))


def is_by_credited_team(kind: str, name: str) -> bool:
    """Return whether the filter asks for the team that did the work, whichever sees the row now."""
    return name == "team" and SOURCES[kind].paths.get(name, "").endswith("credited_team")


def described_filters(kind: str, filters: Mapping[str, str]) -> str:
    """Return the filters as people read them: `Counts for team: east-1, from: 1 November 2026`."""
    words = ((name, _day(value) if name in {"from", "to"} else value) for name, value in filters.items())
    return listed(labelled(filter_label(kind, name), value) for name, value in words)


def _day(value: str) -> str:
    return formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")


def _error_of(source: ExportSource, name: str, value: Any, principal: Principal) -> str:
    if name in {"from", "to"}:
        return "" if _is_day(value) else _("Write a day like 2026-01-31.")
    if name in source.choices:
        known = source.choices[name].values
        return "" if value in known else _("Unknown. Known are: %(known)s") % {"known": listed(known)}
    try:
        is_known = choices_of(name, principal).filter(**{_CODES[name]: value}).exists()
    except (ValidationError, ValueError, TypeError, DataError):
        is_known = False
    return "" if is_known else _("Not found, or not within data you may see.")


def _is_day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value).isoformat() == value)
    except (ValueError, TypeError):
        return False


def _narrow(source: ExportSource, name: str) -> Callable[[QuerySet[Any], str], QuerySet[Any]]:
    if name in {"from", "to"}:
        return lambda rows, value: _within(
            rows, source, "gte" if name == "from" else "lte", date.fromisoformat(value)
        )
    path = source.paths[name]
    if name == "team":
        return lambda rows, value: rows.filter(
            **{f"{path}__in": team_subtree(Team.objects.values_list("pk", flat=True).get(code=value))}
        )
    if path == "link_state":
        return lambda rows, value: rows.annotate(link_state=link_state()).filter(link_state=value)
    if name in source.choices:
        return lambda rows, value: rows.filter(**{path: value})
    return lambda rows, value: rows.filter(**{f"{path}__{_CODES[name]}": value})


def _within(rows: QuerySet[Any], source: ExportSource, lookup: str, day: date) -> QuerySet[Any]:
    """Keep the rows whose day, by their team's clock where it is a moment, is not before or after `day`."""
    if source.counted_on is None and not source.zone:
        return rows.filter(**{f"{source.day}__{lookup}": day})
    dated: QuerySet[Any] = rows.alias(local_day=source.counted_on or local_day(source.day, source.zone))
    return dated.filter(**{f"local_day__{lookup}": day})
