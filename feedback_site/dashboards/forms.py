"""The filters of figures as the address states them, for pages and API alike."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback_site.common.listing import listed
from feedback_site.dashboards.enums import Breakdown, PeriodPreset
from feedback_site.dashboards.rules import FIRST_DAY, LAST_DAY, MOST_DAYS, days_of
from feedback_site.dashboards.selectors.filters import FigureChoices, FigureFilter

_MOST_LISTED = 30
_ROWS = {
    "team": gettext_lazy("Team"),
    "survey": gettext_lazy("Survey rule"),
    "channel": gettext_lazy("Service channel"),
    "kind": gettext_lazy("Service type"),
    "segment": gettext_lazy("Customer segment"),
}


class KnownChoiceField(forms.ChoiceField):
    """A choice that, where it is unknown, names those that are known."""

    def validate(self, value: Any) -> None:
        """Refuse what is not offered, with what is."""
        if value and not self.valid_value(value):
            known = [str(key) for key, _label in cast("Iterable[tuple[str, str]]", self.choices) if key]
            raise forms.ValidationError(
                _("Unknown. Known are: %(known)s") % {"known": listed(known[:_MOST_LISTED]) or "-"}
            )


class DayField(forms.DateField):
    """A day of the years that have records, written 2026-01-31."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(
            attrs={"type": "date", "min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()},
            format="%Y-%m-%d",
        )
        super().__init__(input_formats=["%Y-%m-%d"], widget=widget, required=False, **options)

    def clean(self, value: Any) -> date | None:
        """Refuse days before and after the years that have records."""
        day: date | None = super().clean(value)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(_("This day is out of range."))
        return day


class FigureForm(forms.Form):
    """Reads an address. Whatever is wrong is named, and falls back to its default: the page never fails."""

    def __init__(self, data: Mapping[str, Any], *, choices: FigureChoices, today: date) -> None:
        super().__init__(_stating_the_period(data))
        self.choices, self.today = choices, today
        self.fields["period"] = KnownChoiceField(
            choices=PeriodPreset.choices, required=False, label=_("Period")
        )
        self.fields["from"] = DayField(label=_("First day"))
        self.fields["to"] = DayField(label=_("Last day"))
        for name, label in _ROWS.items():
            offered = [("", _("All")), *((_word(row), str(row)) for row in self._rows(name))]
            self.fields[name] = KnownChoiceField(choices=offered, required=False, label=label)
        self.fields["by"] = KnownChoiceField(
            choices=Breakdown.choices, required=False, label=_("Break down by")
        )
        self.is_custom = False
        self.is_valid()

    def clean(self) -> dict[str, Any]:
        """Refuse periods that end before they begin or are longer than a year."""
        found = self.cleaned_data
        self.is_custom = found.get("period") == PeriodPreset.CUSTOM
        if self.is_custom and not {"from", "to"} & set(self.errors):
            self._check_days(found.get("from"), found.get("to"))
        return found

    @property
    def figure_filter(self) -> FigureFilter:
        """What is to be counted."""
        first, last = self._days()
        chosen = {f"{name}_id": self._chosen(name) for name in _ROWS}
        return FigureFilter(from_on=first, to_on=last, **chosen)

    @property
    def by(self) -> Breakdown:
        """What figures are taken apart by."""
        return Breakdown(self.cleaned_data.get("by") or Breakdown.TEAM)

    @property
    def kept(self) -> QueryDict:
        """The address's valid part, for links to go on with."""
        kept = QueryDict(mutable=True)
        for name, value in self.cleaned_data.items():
            is_day = name in {"from", "to"}
            if value and (not is_day or self.is_custom):
                kept[name] = value.isoformat() if is_day else value
        return kept

    @property
    def problems(self) -> list[str]:
        """Whatever is wrong, each in one sentence."""
        return [
            _("%(field)s: %(error)s (the default is shown instead)")
            % {"field": self.fields[name].label, "error": error}
            for name, errors in self.errors.items()
            for error in errors
        ]

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the period is chosen."""
        return any(self.cleaned_data.get(name) for name in _ROWS)

    def _check_days(self, first: date | None, last: date | None) -> None:
        last = last or max(self.today, first or self.today)
        if first is None:
            self.add_error("from", _("State the first day."))
        elif first > last:
            self.add_error("to", _("The last day is before the first."))
        elif (last - first).days >= MOST_DAYS:
            self.add_error("to", _("A period has at most %(days)d days.") % {"days": MOST_DAYS})

    def _days(self) -> tuple[date, date]:
        if not self.is_custom:
            return days_of(
                PeriodPreset(self.cleaned_data.get("period") or PeriodPreset.THIS_MONTH), today=self.today
            )
        if {"from", "to"} & set(self.errors):
            return days_of(PeriodPreset.THIS_MONTH, today=self.today)
        first: date = self.cleaned_data["from"]
        return first, self.cleaned_data["to"] or max(self.today, first)

    def _chosen(self, name: str) -> int | None:
        word = self.cleaned_data.get(name)
        if not word:
            return None
        return next((row.pk for row in self._rows(name) if _word(row) == word), None)

    def _rows(self, name: str) -> Sequence[Any]:
        rows: Sequence[Any] = getattr(self.choices, f"{name}s")
        return rows


def _stating_the_period(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the address's words; days without a period are a period of one's own."""
    stated = {name: data[name] for name in data}
    has_day = any(stated.get(name) for name in ("from", "to"))
    return {**stated, "period": PeriodPreset.CUSTOM.value} if has_day and not stated.get("period") else stated


def _word(row: Any) -> str:
    """Return the word that addresses use for a row."""
    return str(getattr(row, "code", None) or row.slug)
