"""Forms of problems and of the actions against them."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import User
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.improvements.enums import ProblemStatus, ProofKind
from feedback_site.improvements.models import ImprovementAction, Problem
from feedback_site.improvements.services import check_action


def _name(user: Any) -> str:
    return f"{user.get_full_name() or user.get_username()} · {user.get_role_display()}"


def _shorten_texts(form: "forms.ModelForm[Any]") -> None:
    """Leave room for the actions below: a cause takes a line or two."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 3


def _offer_colleagues(form: "forms.ModelForm[Any]") -> None:
    """Name colleagues by name and role, and leave out those who have gone, except the one on record."""
    if "owner" not in form.fields:
        return
    field = cast("forms.ModelChoiceField[User]", form.fields["owner"])
    known = form.instance.owner_id
    assert field.queryset is not None  # noqa: S101 - a model form's foreign key has rows to choose from
    field.queryset = field.queryset.filter(is_active=True) | field.queryset.filter(pk=known)
    field.label_from_instance = _name  # type: ignore[assignment]


class ProblemForm(forms.ModelForm):
    """The row of the problem analysis."""

    class Meta:
        model = Problem
        fields = ("team", "theme", "manifestation", "indicator", "root_cause", "direction", "owner", "due_at")
        labels = {"due_at": _("Due by")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _shorten_texts(self)
        _offer_colleagues(self)


class ActionForm(forms.ModelForm):
    """A measure, who takes it by when, and what will prove that it worked."""

    class Meta:
        model = ImprovementAction
        fields = (
            "problem",
            "measure",
            "owner",
            "due_on",
            "resources",
            "proof_kind",
            "standard_indicator",
            "standard_value",
        )
        labels = {"measure": _("What is done")}
        help_texts = {
            "proof_kind": _(
                "A return visit asks the customer of the service event; a later measurement uses whole later "
                "periods."
            ),
            "standard_value": _(
                "In the indicator's unit: the action counts as verified at this figure or better."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _shorten_texts(self)
        _offer_colleagues(self)
        if "problem" in self.fields:
            field = cast("forms.ModelChoiceField[Problem]", self.fields["problem"])
            assert field.queryset is not None  # noqa: S101 - a model form's foreign key has rows to choose from
            field.queryset = (
                field.queryset.filter(status=ProblemStatus.OPEN)
                .select_related("team", "indicator")
                .order_by("-opened_at")
            )
            field.label_from_instance = _title  # type: ignore[assignment]

    def clean(self) -> dict[str, Any]:
        """Refuse what nothing could prove, in the service's words, beside the field concerned."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("proof_kind") == ProofKind.VISIT:
            cleaned["standard_indicator"] = cleaned["standard_value"] = (
                None  # hidden in the form, and left from the other choice
            )
        problem = cleaned.get("problem") or (self.instance.problem if self.instance.problem_id else None)
        if self.errors or problem is None or not {"due_on", "proof_kind"} <= cleaned.keys():
            return cleaned
        try:
            check_action(
                problem=problem,
                proof_kind=cleaned["proof_kind"],
                standard_indicator=cleaned.get("standard_indicator"),
                standard_value=cleaned.get("standard_value"),
                due_on=cleaned["due_on"],
                known_due_on=self.initial.get("due_on") if self.instance.problem_id else None,
                at=database_now(),
            )
        except DomainError as error:
            self.add_error(error.extra["field"], str(error.message))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the standard to the service, whose sentences say more than a constraint's name."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's own, left out of its stubs
        return excluded | {"proof_kind", "standard_indicator", "standard_value"}


def _title(problem: Any) -> str:
    parts = [
        str(problem.team),
        problem.indicator.name if problem.indicator else problem.get_theme_display(),
        str(problem),
    ]
    return " · ".join(parts)
