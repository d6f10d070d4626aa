"""Filters of staff lists: related rows within scope, teams with the teams below them, whole days."""

from typing import Any

from django.contrib.admin import (
    BooleanFieldListFilter,
    FieldListFilter,
    RelatedFieldListFilter,
    SimpleListFilter,
)
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from unfold.contrib.filters.admin import RangeDateFilter, RangeDateTimeFilter

from feedback_site.accounts.admin.scope import scoped
from feedback_site.accounts.models import Team, team_subtree
from feedback_site.common.days import Span, day_span, written_day, written_span

Faults = dict[str, str]
_YES_OR_NO = {"0", "1", "True", "False"}


def said(error: ValidationError) -> str:
    """Return what an error says, in one line."""
    return " ".join(error.messages)


class ScopedRelatedFilter(RelatedFieldListFilter):
    """Offers rows that the reader may see; a team stands for itself and the teams below it."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """List the related rows within scope, named as they name themselves."""
        rows = scoped(field.remote_field.model._default_manager.all(), request.user)  # noqa: SLF001 - Django's documented API
        ordering = self.field_admin_ordering(field, request, model_admin)
        return [(row.pk, str(row)) for row in (rows.order_by(*ordering) if ordering else rows)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """Keep the rows of the chosen ones."""
        chosen = self.used_parameters.get(self.lookup_kwarg)
        if chosen is None or self.field.related_model is not Team:
            return super().queryset(request, queryset)
        return queryset.filter(in_subtrees(self.field_path, chosen))


FieldListFilter.register(lambda field: bool(field.remote_field), ScopedRelatedFilter, take_priority=True)


def in_subtrees(path: str, keys: Any) -> Q:
    """Return the condition that the team at `path` is one of those with these keys, or below it."""
    condition = Q()
    for key in keys:
        condition |= Q(**{f"{path}__in": team_subtree(int(key))})
    return condition


class _Range:
    """What both ranges share: the first moment of the first day to the last moment of the last."""

    field_path: str
    used_parameters: dict[str, Any]

    def span(self, end: str) -> Span | None:
        """Return what was written at one end."""
        raise NotImplementedError

    def name_of(self, end: str) -> str:
        """Return the parameter that an error at one end is told at."""
        raise NotImplementedError

    def faults(self) -> Faults:
        """Return what cannot be read, by parameter."""
        found, spans = {}, {}
        for end in ("from", "to"):
            try:
                spans[end] = self.span(end)
            except ValidationError as error:
                found[self.name_of(end)] = said(error)
        first, last = spans.get("from"), spans.get("to")
        if first and last and last.after <= first.first:
            found[self.name_of("to")] = _("The period ends before it begins.")
        return found

    def written(self, parameter: str) -> str:
        """Return one part as it was written."""
        value = self.used_parameters.get(parameter) or ""
        return str(value[-1] if isinstance(value, list) else value)


class DayTimeRangeFilter(_Range, RangeDateTimeFilter):
    """Moments between two days or times; a day without a time is meant as a whole."""

    def span(self, end: str) -> Span | None:
        """Return the day or minute of one end."""
        day, clock = (self.written(f"{self.field_path}_{end}_{part}") for part in (0, 1))
        if not day.strip() and clock.strip():
            raise ValidationError(_("Choose a date for this time."))
        return written_span(day, clock, zone=timezone.get_current_timezone()) if day.strip() else None

    def name_of(self, end: str) -> str:
        """Return the parameter of the day."""
        return f"{self.field_path}_{end}_0"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep what lies between."""
        del request
        first, last = self.span("from"), self.span("to")
        bounds: dict[str, Any] = {f"{self.field_path}__gte": first.first} if first else {}
        if last:
            bounds[f"{self.field_path}__lt"] = last.after
        return queryset.filter(**bounds)


class DayRangeFilter(_Range, RangeDateFilter):
    """Days between two days, both included."""

    def span(self, end: str) -> Span | None:
        """Return the day of one end."""
        text = self.written(self.name_of(end))
        return day_span(written_day(text), zone=timezone.get_current_timezone()) if text.strip() else None

    def name_of(self, end: str) -> str:
        """Return the parameter of the day."""
        return f"{self.field_path}_{end}"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep what lies between."""
        del request
        spans = {"gte": self.span("from"), "lte": self.span("to")}
        return queryset.filter(
            **{f"{self.field_path}__{how}": span.first.date() for how, span in spans.items() if span}
        )


def faults_of(spec: Any, request: HttpRequest, rows: QuerySet[Any]) -> Faults:
    """Return the values of a filter that are none of its choices, or none of its kind, by parameter."""
    if isinstance(spec, _Range):
        return spec.faults()
    choices = _choices_of(spec)
    if choices is not None:
        name, given, known = choices
        return (
            {name: _("There is no such choice.")} if any(str(value) not in known for value in given) else {}
        )
    try:
        spec.queryset(request, rows)
    except (IncorrectLookupParameters, ValidationError, ValueError, TypeError):
        return dict.fromkeys(spec.used_parameters, _("There is no such value."))
    return {}


def _choices_of(spec: Any) -> tuple[str, list[Any], set[str]] | None:
    """Return a filter's parameter, what was given for it and what may be; None where any value may be."""
    if isinstance(spec, SimpleListFilter):
        given = spec.value()
        return (
            str(spec.parameter_name),
            [] if given is None else [given],
            {str(key) for key, _label in spec.lookup_choices},
        )
    known = _known_of(spec)
    name = getattr(spec, "lookup_kwarg", "")
    return (
        None
        if known is None or name not in spec.used_parameters
        else (name, spec.used_parameters[name], known)
    )


def _known_of(spec: Any) -> set[str] | None:
    if isinstance(spec, RelatedFieldListFilter):
        return {str(key) for key, _label in spec.lookup_choices}
    if isinstance(spec, BooleanFieldListFilter):
        return _YES_OR_NO
    return {str(key) for key, _label in spec.field.flatchoices} or None


__all__ = [
    "DayRangeFilter",
    "DayTimeRangeFilter",
    "Faults",
    "ScopedRelatedFilter",
    "faults_of",
    "in_subtrees",
    "said",
]
