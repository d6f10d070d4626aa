"""One visit: its page, and recording what an attempt brought."""

import uuid
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from feedback_site.accounts.models import User
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from visits.enums import VERDICTS, VisitAttemptOutcome
from visits.forms import AttemptForm
from visits.models import Escalation, ReturnVisit, VisitAttempt
from visits.services.concluding import record_attempt
from visits.views.access import caller_of, visit_of
from visits.views.page import TypedVisit, Wrong, show_visit


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def record(request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
    """Show the visit, or record an attempt; a GET changes nothing."""
    caller, at = caller_of(request), database_now()
    visit = visit_of(caller, object_id)
    if request.method != "POST":
        return show_visit(request, visit, at=at)
    typed = TypedVisit.of(request)
    with timezone.override(visit.team.zone):
        form = AttemptForm(request.POST, is_last=visit.attempts_made + 1 >= visit.max_attempts)
        is_valid = form.is_valid()
    if not is_valid:
        wrong = Wrong(fields={name: str(errors[0]) for name, errors in form.errors.items()})
        return show_visit(request, visit, at=at, typed=typed, wrong=wrong, status=422)
    try:
        attempt = _record(visit, caller, form, typed, at)
    except DomainError as error:
        return show_visit(
            request,
            visit_of(caller, object_id),
            at=at,
            typed=typed,
            wrong=_wrong_of(error),
            status=error.status_code,
        )
    messages.success(request, what_follows(attempt, visit_of(caller, object_id)))
    return redirect("admin:visits_returnvisit_work")


def _record(
    visit: ReturnVisit, caller: User, form: AttemptForm, typed: TypedVisit, at: datetime
) -> VisitAttempt:
    data = form.cleaned_data
    outcome = VisitAttemptOutcome(data["outcome"])
    return record_attempt(
        visit=visit,
        by=caller,
        outcome=outcome,
        note=data["note"],
        script=typed.script if outcome.value in VERDICTS else None,
        call_at=data["call_at"] if outcome is VisitAttemptOutcome.CALL_LATER else None,
        at=at,
    )


def _wrong_of(error: DomainError) -> Wrong:
    answers, name = error.extra.get("errors"), error.extra.get("field")
    if answers:
        return Wrong(script=answers)
    return (
        Wrong(fields={name: str(error.message)})
        if name in AttemptForm.base_fields
        else Wrong(whole=str(error.message))
    )


def what_follows(attempt: VisitAttempt, visit: ReturnVisit) -> str:
    """Say in a sentence what happens next."""
    with timezone.override(visit.team.zone):
        if attempt.next_attempt_at is not None:
            return _("Recorded. The next attempt may be made from %(time)s.") % {
                "time": _written(attempt.next_attempt_at)
            }
        if attempt.outcome == VisitAttemptOutcome.VERIFIED_RESOLVED:
            return _("Recorded: the customer says the problem is solved. The visit has ended.")
        if attempt.outcome == VisitAttemptOutcome.NOT_RESOLVED:
            return _escalated(visit)
        return _("Recorded. The visit has ended: %(outcome)s.") % {"outcome": visit.get_outcome_display()}


def _escalated(visit: ReturnVisit) -> str:
    escalation = Escalation.objects.open().filter(case_id=visit.case_id).select_related("owner").first()
    if escalation is None:
        return _("Recorded: not resolved. The visit has ended.")
    facts = {"time": _written(escalation.deadline_at)}
    if escalation.owner is None:
        return _escalated_to_the_team(visit) % facts
    facts["owner"] = escalation.owner.get_full_name() or escalation.owner.get_username()
    if visit.service_event is None:
        return _("Recorded: not resolved. Escalated to %(owner)s, to be solved by %(time)s.") % facts
    return (
        _(
            "Recorded: not resolved. The service event was reopened and escalated to %(owner)s, to be solved "
            "by %(time)s."
        )
        % facts
    )


def _escalated_to_the_team(visit: ReturnVisit) -> str:
    if visit.service_event is None:
        return _("Recorded: not resolved. Escalated; not assigned yet. To be solved by %(time)s.")
    return _(
        "Recorded: not resolved. The service event was reopened and escalated; not assigned yet. To be "
        "solved by %(time)s."
    )


def _written(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
