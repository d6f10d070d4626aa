"""Forms of indicators, schemes and measurements made by hand."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminDecimalFieldWidget

from feedback_site.common.exceptions import DomainError
from feedback_site.evaluations.enums import TIMED_UNITS, Direction, PeriodKind, SubjectKind
from feedback_site.evaluations.models import EvaluationScheme, Indicator, Measurement, SchemeItem
from feedback_site.evaluations.rules import Subject, period_start, weights_add_up
from feedback_site.evaluations.rules.after_sales import OF_EVERY_SUBJECT
from feedback_site.evaluations.rules.subjects import KEYS, KEYS_ALLOWED, KEYS_NEEDED
from feedback_site.evaluations.selectors.indicators import indicators_by_hand
from feedback_site.evaluations.services.measurements import Figure, check_figure

if TYPE_CHECKING:
    _FormSet = forms.BaseInlineFormSet[SchemeItem, EvaluationScheme, forms.ModelForm[SchemeItem]]
else:
    _FormSet = forms.BaseInlineFormSet  # takes no arguments at run time

_STEPS = ((5, "points_5"), (4, "points_4"), (3, "points_3"), (2, "points_2"))


class MeasurementForm(forms.ModelForm):
    """A figure from outside: value, cases, and an interval where known.

    What it is about stays as it was made: other subjects and periods are other figures.
    """

    class Meta:
        model = Measurement
        fields = (
            "indicator",
            "subject_kind",
            *KEYS,
            "period_kind",
            "period_start",
            "value",
            "n",
            "low",
            "high",
        )
        labels = {
            "period_start": _("Any day of the period"),
            "n": _("Sample size"),
            "low": _("95% confidence interval from"),
            "high": _("95% confidence interval to"),
        }
        help_texts = {
            "value": _("In the indicator's unit: a rate as 0-100. Leave empty where there is no data."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "value" in self.fields:
            self.fields["value"].required = False
        if "indicator" in self.fields:
            cast(
                "forms.ModelChoiceField[Indicator]", self.fields["indicator"]
            ).queryset = indicators_by_hand()
        if "period_kind" in self.fields:
            self.initial["period_kind"] = self.initial.get("period_kind") or PeriodKind.MONTH

    def clean(self) -> dict[str, Any]:
        """Refuse a subject that lacks something, and contradicting figures in the service's words."""
        cleaned = super().clean() or {}
        self._clean_subject(cleaned)
        figure = self.figure()
        if figure is not None:
            try:
                check_figure(figure)
            except DomainError as error:
                raise forms.ValidationError(str(error.message)) from error
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the figures to the service, whose sentences say more than a constraint's name."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's own, left out of its stubs
        return excluded | {"subject_kind", "period_kind", "period_start", "value", "n", "low", "high"}

    def _clean_subject(self, cleaned: dict[str, Any]) -> None:
        kind = cleaned.get("subject_kind")
        if not kind:
            return
        for key in KEYS:
            is_given = cleaned.get(key) is not None
            if key in KEYS_NEEDED[kind] and not is_given and key not in self.errors:
                self.add_error(key, _("This subject needs it."))
            elif is_given and key not in KEYS_NEEDED[kind] | KEYS_ALLOWED[kind]:
                self.add_error(key, _("This subject has none."))

    def figure(self) -> Figure | None:
        """Return what was entered, None while a field is wrong."""
        data, instance = self.cleaned_data, self.instance
        if self.errors:
            return None
        if "subject_kind" in self.fields:
            ids = [data[key].pk if data[key] else None for key in KEYS]
            indicator, subject = data["indicator"], Subject(data["subject_kind"], *ids)
            kind, day = data["period_kind"], data["period_start"]
        else:
            indicator, subject = instance.indicator, instance.subject
            kind, day = instance.period
        return Figure(
            indicator=indicator,
            subject=subject,
            period_kind=kind,
            period_start=period_start(kind, day),
            value=data["value"],
            n=data["n"],
            low=data["low"],
            high=data["high"],
            source=indicator.source,
        )


class IndicatorForm(forms.ModelForm):
    """An indicator.

    The rubric of a timed one is four limits; a value beyond the last one earns one point.
    """

    points_5 = forms.DecimalField(
        label=_("5 points up to"), required=False, min_value=0, widget=UnfoldAdminDecimalFieldWidget
    )
    points_4 = forms.DecimalField(
        label=_("4 points up to"), required=False, min_value=0, widget=UnfoldAdminDecimalFieldWidget
    )
    points_3 = forms.DecimalField(
        label=_("3 points up to"), required=False, min_value=0, widget=UnfoldAdminDecimalFieldWidget
    )
    points_2 = forms.DecimalField(
        label=_("2 points up to"), required=False, min_value=0, widget=UnfoldAdminDecimalFieldWidget
    )

    more_subject_kinds = forms.MultipleChoiceField(
        label=_("Measured for teams and also for"),
        required=False,
        choices=[choice for choice in SubjectKind.choices if choice[0] != SubjectKind.TEAM],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_(
            "For agents, channels and service types within each team. Management sees no figures of agents."
        ),
    )
    more_period_kinds = forms.MultipleChoiceField(
        label=_("Measured by month and quarter and also by"),
        required=False,
        choices=[
            choice for choice in PeriodKind.choices if choice[0] not in {PeriodKind.MONTH, PeriodKind.QUARTER}
        ],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Earlier service events follow in the next night, earlier ratings with the next answer."),
    )

    class Meta:
        model = Indicator
        fields = (
            "names",
            "slug",
            "dimension",
            "source",
            "unit",
            "direction",
            "baseline",
            "target",
            "more_subject_kinds",
            "more_period_kinds",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = {points: limit for limit, points in self.instance.rubric}
        for points, name in _STEPS:
            if name in self.fields:
                self.fields[name].initial = limits.get(points)

    def clean(self) -> dict[str, Any]:
        """Refuse a target worse than the baseline, and a timed indicator without a whole rubric."""
        cleaned = super().clean() or {}
        self._clean_target(cleaned)
        self._clean_kinds(cleaned)
        limits: list[Any] = [cleaned.get(name) for _points, name in _STEPS]
        # The unit of an indicator in use cannot be changed, so no field holds it.
        if cleaned.get("unit", self.instance.unit) not in TIMED_UNITS:
            self.instance.rubric = []
        elif None in limits or limits != sorted(limits):
            self.add_error(
                "points_5", _("A timed indicator needs all four limits, each above the one before.")
            )
        else:
            self.instance.rubric = [[float(cleaned[name]), points] for points, name in _STEPS] + [[None, 1]]
        return cleaned

    def _clean_kinds(self, cleaned: dict[str, Any]) -> None:
        """Refuse what nothing would measure."""
        if (cleaned.get("slug") or self.instance.slug) in OF_EVERY_SUBJECT:
            return
        for name in ("more_subject_kinds", "more_period_kinds"):
            if cleaned.get(name):
                self.add_error(
                    name,
                    _("Only first response time, resolution rate and customer satisfaction are measured so."),
                )

    def _clean_target(self, cleaned: dict[str, Any]) -> None:
        baseline, target = cleaned.get("baseline"), cleaned.get("target")
        if baseline is None or target is None:
            return
        is_worse = target > baseline if cleaned.get("direction") == Direction.LOWER else target < baseline
        if is_worse:
            self.add_error("target", _("The target must not be worse than the baseline."))


class EvaluationSchemeForm(forms.ModelForm):
    """A scheme: what it evaluates, by which periods."""

    period_kinds = forms.MultipleChoiceField(
        label=_("By"), choices=PeriodKind.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = EvaluationScheme
        fields = (
            "names",
            "slug",
            "least_weight_covered",
            "subject_kind",
            "period_kinds",
            "is_active",
        )


class SchemeItemFormSet(_FormSet):
    """The weights of a scheme: together 100."""

    def clean(self) -> None:
        """Refuse weights that do not make a whole."""
        super().clean()
        rows = [form.cleaned_data for form in self.forms if form.is_valid()]
        kept = [row for row in rows if not row.get("DELETE")]
        weights = [row["weight"] for row in kept if "weight" in row]
        if any(self.errors) or weights_add_up(weights):
            return
        total = f"{sum(weights, Decimal(0)).normalize():f}"
        raise forms.ValidationError(
            _("The weights must add up to 100%%; now they add up to %(total)s%%.") % {"total": total}
        )
