"""The page on which staff complete, cancel, reopen and correct an event."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError

from feedback_site.accounts.models import Team, User
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.service_events.admin.transition_forms import TransitionForm
from feedback_site.service_events.api.serializers import TransitionInput
from feedback_site.service_events.api.transitions import append_transition
from feedback_site.service_events.enums import EventStatus, TransitionType
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.rules.events import why_not_now
from feedback_site.service_events.selectors.events import load_references

# What the page says before anything is recorded; superseding
# names another event, which only service systems do.
WORDS: dict[TransitionType, tuple[Promise, Promise]] = {
    TransitionType.COMPLETED: (
        _("Complete"),
        _("The customer is then asked about the service, where a survey rule says so."),
    ),
    TransitionType.CANCELLED: (
        _("Cancel"),
        _("The customer is then not asked; what was not sent yet is taken back. Answers stay."),
    ),
    TransitionType.REOPENED: (
        _("Reopen"),
        _("The service event is then not completed until it is completed again."),
    ),
    TransitionType.CORRECTED: (
        _("Correct"),
        _("Only what you fill in is changed. Who did the work, and when it ended, stays as it is."),
    ),
}

# "Cancel" alone beside "Back" would leave open what is cancelled.
_BUTTONS = {TransitionType.CANCELLED: _("Cancel the service event")}


def may_say_later(user: Any) -> bool:
    """Return whether `user` may say what happened to an event later."""
    return isinstance(user, User) and user.has_perm("service_events.add_serviceeventtransition")


def later_page(
    request: HttpRequest, event: ServiceEvent, kind: TransitionType, context: dict[str, Any]
) -> HttpResponse:
    """Ask when it happened and what is known of it; record it when that is sent."""
    user = staff_of(request, "service_events.add_serviceeventtransition")
    at = database_now()
    teams = Team.objects.without_tree_fields().for_user(user).filter(is_active=True)
    # Times on the page are those of the team's clocks.
    with timezone.override(event.team.zone):
        form = TransitionForm(kind=kind, event=event, teams=teams, at=at, data=request.POST or None)
        if request.method == "POST" and form.is_valid() and _record(form, event, user, at):
            messages.success(request, _("Recorded: %(what)s.") % {"what": kind.label})
            return redirect("admin:service_events_serviceevent_change", event.pk)
        title, meaning = WORDS[kind]
        shown = {
            "title": title,
            "button": _BUTTONS.get(kind, title),
            "meaning": meaning,
            "form": form,
            "event": event,
            "zone": event.team.zone.key,
        }
        return TemplateResponse(
            request,
            "service_events/later.html",
            {**context, **shown, "why_not": why_not_now(EventStatus(event.status), kind)},
        ).render()


def _record(form: TransitionForm, event: ServiceEvent, user: User, at: datetime) -> bool:
    serializer = TransitionInput(
        data=form.body(), context={"at": at, "references": load_references(principal=user)}
    )
    try:
        serializer.is_valid(raise_exception=True)
        append_transition(
            serializer, event=event, visible=ServiceEvent.objects.for_user(user), at=at, by=user
        )
    except ValidationError as error:
        _tell(form, error.detail if isinstance(error.detail, dict) else {"": error.detail})
    except DomainError as error:
        _tell(form, error.extra.get("fields") or {"": [error.message]})
    return not form.errors


def _tell(form: TransitionForm, errors: dict[str, Any]) -> None:
    for name, sentences in errors.items():
        form.add_error(name if name in form.fields else None, [str(sentence) for sentence in sentences])
