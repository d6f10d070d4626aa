"""What staff say of an event later: the forms of its page."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from feedback_site.accounts.models import Team
from feedback_site.service_events.enums import Area, Complexity, Level, Priority, TransitionType
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.rules.events import COMPLETION_FACTS, CORRECTABLE_FACTS
from feedback_site.service_events.services.corrections import SENT_AS

_UNKNOWN = ("", "–")
_FLAG = (_UNKNOWN, ("true", _("Yes")), ("false", _("No")))
_CHOICES: dict[str, Any] = {
    "is_resolved": _FLAG,
    "is_complaint": _FLAG,
    "is_in_warranty": _FLAG,
    "priority": (_UNKNOWN, *Priority.choices),
    "level": (_UNKNOWN, *Level.choices),
    "complexity": (_UNKNOWN, *Complexity.choices),
    "area": (_UNKNOWN, *Area.choices),
}
_TIMES = ("first_response_at", "eta_told_at", "arrived_at")
_FACTS = {TransitionType.COMPLETED: COMPLETION_FACTS, TransitionType.CORRECTED: CORRECTABLE_FACTS}


class TransitionForm(forms.Form):
    """When something happened, and the facts that come with it; what stays empty is not said."""

    def __init__(
        self, *, kind: TransitionType, event: ServiceEvent, teams: Any, at: datetime, data: Any = None
    ) -> None:
        super().__init__(data)
        self.kind = kind
        self.fields["at"] = _time(_("When"), is_required=True)
        self.fields["at"].initial = timezone.localtime(at, event.team.zone).strftime("%Y-%m-%dT%H:%M")
        for name in sorted(_FACTS.get(kind, frozenset())):
            self.fields[SENT_AS.get(name, name)] = _field(name, teams)

    def body(self) -> dict[str, Any]:
        """Return what was filled in as the API takes it."""
        return {
            "type": self.kind.value,
            **{name: _said(value) for name, value in self.cleaned_data.items() if value not in (None, "")},
        }


def _said(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.code if isinstance(value, Team) else value


def _field(name: str, teams: Any) -> forms.Field:
    label = str(getattr(ServiceEvent._meta.get_field(name), "verbose_name", name))  # noqa: SLF001 - Django's documented API
    if name in _TIMES:
        return _time(label)
    if name in _CHOICES:
        return forms.ChoiceField(
            label=label, choices=_CHOICES[name], required=False, widget=UnfoldAdminSelectWidget
        )
    if name == "team":
        return forms.ModelChoiceField(teams, label=label, required=False, widget=UnfoldAdminSelectWidget)
    if name == "handovers":
        return forms.IntegerField(
            label=label,
            required=False,
            min_value=0,
            widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
        )
    return forms.CharField(label=label, required=False, max_length=80, widget=UnfoldAdminTextInputWidget)


def _time(label: Any, *, is_required: bool = False) -> forms.Field:
    return forms.DateTimeField(
        label=label,
        required=is_required,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "datetime-local", "step": "1"}),
    )
