"""What one attempt brought, and what follows from it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.doorbell import ring
from feedback_site.common.exceptions import DomainError
from feedback_site.common.masking import mask_words
from feedback_site.common.task_table import MEASURE_VISITS
from feedback_site.customers.services import keep_masked, names_of
from feedback_site.questionnaires.services.questionnaires import draw_set
from feedback_site.service_events.enums import CalendarPurpose
from feedback_site.service_events.selectors.calendar import working_times_around
from surveys.enums import ResponseMode
from surveys.services.invitations.interviewing import start_interview, submit_interview
from visits.enums import RETRIED, VERDICTS, VisitAttemptOutcome, VisitOutcome, VisitStatus
from visits.models import ReturnVisit, VisitAttempt
from visits.selectors.scripts import script_of
from visits.services.calling import refuse_colleague_concerned, refuse_unless_due, refuse_unless_free
from visits.services.escalating import escalate_case, verify_case
from visits.services.locking import lock_visit
from visits.services.words import ATTEMPT_WORDS

Script = Mapping[str, Sequence[str]]
# A person who asks to be called later means soon; the calendar that is read reaches further.
CALL_WITHIN = timedelta(days=30)


@transaction.atomic
def record_attempt(
    *,
    visit: ReturnVisit,
    by: User,
    outcome: VisitAttemptOutcome,
    note: str = "",
    script: Script | None = None,
    call_at: datetime | None = None,
    at: datetime,
) -> VisitAttempt:
    """Record one attempt with all that follows from it, in one transaction, and return it.

    A verdict needs the script's answers (question key -> values); *call later* needs `call_at`
    while attempts are left. Raises `ConflictError` when the visit is closed, too early or in
    another caller's hands, `DomainError` for the colleague concerned, for a slot outside
    the hours for calls (`extra["next_possible_at"]`) and for wrong answers (`extra["errors"]`).
    """
    visit = lock_visit(visit.pk)
    refuse_unless_due(visit, at=at)
    refuse_unless_free(visit, by=by, at=at)
    refuse_colleague_concerned(visit, by)
    next_attempt_at = _next_attempt(visit, outcome, call_at, at)
    if outcome.value in VERDICTS:
        _store_answers(visit, script, at)
    names = names_of(visit.customer)
    attempt = VisitAttempt.objects.create(
        visit=visit,
        number=visit.attempts_made + 1,
        made_by=by,
        made_at=at,
        outcome=outcome,
        note=mask_words(note.strip(), names),
        next_attempt_at=next_attempt_at,
    )
    keep_masked(kind=ATTEMPT_WORDS, subject_id=attempt.pk, texts={"note": note.strip()}, names=names, at=at)
    _apply(visit, attempt)
    if visit.outcome == VisitOutcome.VERIFIED_RESOLVED:
        verify_case(visit=visit, at=at)
    elif visit.outcome == VisitOutcome.NOT_RESOLVED:
        escalate_case(visit=visit, at=at)
    if visit.outcome in VERDICTS:
        ring(MEASURE_VISITS)
    return attempt


def _next_attempt(
    visit: ReturnVisit, outcome: VisitAttemptOutcome, call_at: datetime | None, at: datetime
) -> datetime | None:
    """Return when the customer is tried again; none when this attempt ends the visit."""
    if outcome not in RETRIED or visit.attempts_made + 1 >= visit.max_attempts:
        return None
    times, zone = working_times_around(at), visit.team.zone
    calls = times.of(visit.team_id, CalendarPurpose.CALLS)
    if outcome == VisitAttemptOutcome.NO_ANSWER:
        work = times.of(visit.team_id, CalendarPurpose.VISITS)
        return calls.next_working_time(work.add_hours(at, visit.plan.retry_hours, zone), zone)
    if call_at is None:
        raise DomainError(_("Please say when the customer wants to be called."), {"field": "call_at"})
    if not at < call_at <= at + CALL_WITHIN:
        raise DomainError(
            _("Please choose a time within the next %(days)s days.") % {"days": CALL_WITHIN.days},
            {"field": "call_at"},
        )
    if not calls.is_working_time(call_at, zone):
        possible = calls.next_working_time(call_at, zone)
        raise DomainError(
            _("Customers are not called at that time. The next possible time is %(time)s.")
            % {"time": f"{possible:%Y-%m-%d %H:%M}"},
            {"field": "call_at", "next_possible_at": possible},
        )
    return call_at


def _store_answers(visit: ReturnVisit, script: Script | None, at: datetime) -> None:
    """Store what the customer said as a response of its own: their own score stays as they gave it."""
    version = script_of(visit)
    if version is None:
        raise DomainError(_("The call script of this visit is not published yet."))
    if script is None:
        raise DomainError(
            _("Please fill in the call script: this result needs the customer's answers."),
            {"field": "script"},
        )
    visit.invitation = start_interview(
        customer=visit.customer,
        version=version,
        team_id=visit.team_id,
        credited_team_id=visit.credited_team_id,
        service_event=visit.service_event,
        language=visit.customer.language,
        at=at,
        question_set=draw_set(version_id=version.pk, seed=visit.pk),
    )
    submit_interview(invitation=visit.invitation, fields=script, mode=ResponseMode(visit.mode), at=at)


def _apply(visit: ReturnVisit, attempt: VisitAttempt) -> None:
    visit.attempts_made = attempt.number
    visit.next_attempt_at = attempt.next_attempt_at
    visit.held_by = visit.held_until = None
    if attempt.next_attempt_at is None:
        visit.status, visit.closed_at = VisitStatus.CLOSED, attempt.made_at
        visit.outcome = (
            VisitOutcome.UNREACHED if attempt.outcome in RETRIED else VisitOutcome(attempt.outcome)
        )
    visit.save()
