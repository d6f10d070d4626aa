"""What stands in a list's address is read strictly: what cannot be read is named, never passed over."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import build_q_object_from_lookup_parameters, get_fields_from_path
from django.contrib.admin.views.main import ChangeListSearchForm
from django.core.exceptions import FieldDoesNotExist, FieldError, ValidationError
from django.db.models import DateTimeField, IntegerField, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from unfold.views import ChangeList

from feedback_site.accounts.admin.list_filters import Faults, faults_of, in_subtrees, said
from feedback_site.accounts.models import Team
from feedback_site.common.days import day_span
from feedback_site.common.listing import listed

PAGE, SEARCH = "p", "q"
# What the list itself understands, beside its filters: search,
# order, page, pop-ups, and what Django notes for the way back.
_ITS_OWN = {"o", PAGE, "e", "all", "_popup", "_to_field", "_facets", "_changelist_filters"}
LONGEST = 4000
_MOST_NAMED = 5
_LONGEST_NAMED = 200
_HOW = re.compile(r"__(exact|in|isnull|gte?|lte?|year|month|day)$")
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
# How a comparison with a day reads as comparisons with its first moment and with the first one after it.
_BOUNDS = {
    "gte": {"gte": "first"},
    "gt": {"gte": "after"},
    "lt": {"lt": "first"},
    "lte": {"lt": "after"},
    "exact": {"gte": "first", "lt": "after"},
}
_UNREADABLE = (FieldError, FieldDoesNotExist, ValidationError, ValueError, TypeError, OverflowError)


class WrongParametersError(Exception):
    """Parameters that cannot be read, with the reason of each."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(listed(faults))
        self.faults = faults

    def tell(self, request: HttpRequest) -> None:
        """Name each on the page."""
        for name, reason in list(self.faults.items())[:_MOST_NAMED]:
            shown = name.replace("\0", "\N{REPLACEMENT CHARACTER}")[:_LONGEST_NAMED]
            text = _("“%(parameter)s” was left out of this list's filters: %(reason)s") % {
                "parameter": shown,
                "reason": reason,
            }
            messages.error(request, text)


def without(request: HttpRequest, names: Mapping[str, Any]) -> HttpRequest:
    """Return the request without these parameters."""
    kept = request.GET.copy()
    for name in names:
        kept.pop(name, None)
    request.GET = kept  # type: ignore[assignment]  # its stub asks for the immutable kind
    request.META["QUERY_STRING"] = kept.urlencode()
    return request


class _SearchForm(ChangeListSearchForm):
    """Takes any text: what is wrong with it is said once, with the other parameters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[SEARCH].validators = []


class CheckedChangeList(ChangeList):
    """The rows of a list page."""

    search_form_class = _SearchForm

    def get_filters(self, request: HttpRequest) -> Any:
        """Return the filters, after a look at every parameter."""
        _raise(self._misnamed(request) or self._outside_pages(request))
        try:
            specs, has_filters, rest, has_duplicates, is_filtered = super().get_filters(request)
        except (
            IncorrectLookupParameters,
            ValueError,
            OverflowError,
        ):  # the last two: of the calendar's last year
            _raise(self._faults_of_hierarchy(request))
            raise
        faults: Faults = {}
        for spec in specs:
            faults |= faults_of(spec, request, self.root_queryset)
        self._conditions = self._read(rest, faults)
        _raise(faults)
        return specs, has_filters, {}, has_duplicates, is_filtered

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """Return the rows that the filters and the other lookups of the address keep."""
        rows = super().get_queryset(request, exclude_parameters)
        return rows.filter(self._conditions)

    def get_results(self, request: HttpRequest) -> None:
        """Find the page."""
        try:
            super().get_results(request)
        except IncorrectLookupParameters:
            _raise({PAGE: _("There is no such page.")})
            raise
        if self.page_num > 1 and not self.multi_page:  # Django shows the first one then
            _raise({PAGE: _("There is no such page.")})

    def _misnamed(self, request: HttpRequest) -> Faults:
        """Return parameters that no filter of this list has, and texts that cannot be looked for."""
        faults: Faults = {}
        for name, values in request.GET.lists():
            if any("\0" in text for text in (name, *values)):
                faults[name] = _("It holds a character that no text can hold (NUL).")
            elif any(len(value) > LONGEST for value in values):
                faults[name] = _("It is longer than %(most)d characters.") % {"most": LONGEST}
            elif name not in _ITS_OWN and not self._is_known(name, request):
                faults[name] = (
                    _("This list has no search.") if name == SEARCH else _("This list has no such filter.")
                )
        return faults

    def _is_known(self, name: str, request: HttpRequest) -> bool:
        if name == SEARCH:
            return self.model_admin.takes_a_search(request)
        return all(
            self.model_admin.lookup_allowed(name, value, request) for value in request.GET.getlist(name)
        )

    def _outside_pages(self, request: HttpRequest) -> Faults:
        page = request.GET.get(PAGE, "1")
        return {} if page.isdecimal() and int(page) > 0 else {PAGE: _("There is no such page.")}

    def _faults_of_hierarchy(self, request: HttpRequest) -> Faults:
        """Return the parameters of the drill-down by date: Django found no such day."""
        if not self.date_hierarchy:
            return {}
        start = f"{self.date_hierarchy}__"
        names = [name for name in request.GET if name.startswith(start)]
        return dict.fromkeys(names, _("There is no such date."))

    def _read(self, rest: Mapping[str, Any], faults: Faults) -> Q:
        """Return what the lookups ask that no filter took, and note those that cannot be asked."""
        conditions = Q()
        for lookup, values in rest.items():
            try:
                condition = self._condition(lookup, values)
                self.root_queryset.filter(condition)
            except _UNREADABLE as error:
                faults[lookup] = _reason(error)
            else:
                conditions &= condition
        return conditions

    def _condition(self, lookup: str, values: Any) -> Q:
        path, how = _HOW.sub("", lookup), (_HOW.search(lookup) or [None, "exact"])[1]
        path = path.removesuffix("__id").removesuffix("__pk")
        fields = [] if path in {"pk", "id"} else get_fields_from_path(self.model, path)
        last = fields[-1] if fields else None
        if last is not None and getattr(last, "related_model", None) is Team and how in {"exact", "in"}:
            _refuse_unknown(last, str(how), values)
            return in_subtrees(path, [key for value in values for key in (value if how == "in" else [value])])
        if isinstance(last, DateTimeField) and how in _BOUNDS and all(map(_is_day, values)):
            return _whole_days(path, str(how), values)
        _refuse_unknown(last or self.lookup_opts.pk, str(how), values)
        return build_q_object_from_lookup_parameters({lookup: values})


def _is_day(value: Any) -> bool:
    """Return whether the address holds a day here.

    Django has already made two moments of a day that was chosen in the drill-down by date.
    """
    return isinstance(value, str) and _DAY.fullmatch(value) is not None


def _whole_days(path: str, how: str, values: list[str]) -> Q:
    """Return a comparison with days: until a day means to its end, after a day means from the next one on."""
    condition = Q()
    for value in values:
        span = day_span(date.fromisoformat(value), zone=timezone.get_current_timezone())
        condition |= Q(**{f"{path}__{bound}": getattr(span, end) for bound, end in _BOUNDS[how].items()})
    return condition


def _refuse_unknown(field: Any, how: str, values: list[Any]) -> None:
    """Refuse values that are none of the field's choices, and numbers that no column holds.

    The database would fail on them.
    """
    column = getattr(field, "target_field", field)
    known = {str(key) for key, _label in getattr(column, "flatchoices", ())}
    given = [key for value in values for key in (value if how == "in" else [value])]
    if known and how in {"exact", "in"} and not known.issuperset(map(str, given)):
        raise ValidationError(_("There is no such choice."))
    if isinstance(column, IntegerField) and how != "isnull":
        for value in given:
            column.run_validators(column.to_python(value))


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return said(error)
    is_no_field = isinstance(error, FieldDoesNotExist | FieldError)
    return _("This list has no such filter.") if is_no_field else _("There is no such value.")


def _raise(faults: Faults) -> None:
    if faults:
        raise WrongParametersError(faults)
