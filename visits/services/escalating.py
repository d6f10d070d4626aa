"""What a verdict does to the case.

A repair that did not hold gets an owner and a deadline, one that holds is proved.
"""

from collections import Counter
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.accounts.selectors import organisation_settings
from feedback_site.common.doorbell import ring
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.common.masking import mask_words
from feedback_site.common.task_table import MEASURE_VISITS
from feedback_site.customers.services import keep_masked, names_of
from feedback_site.improvements.enums import ProblemSource
from feedback_site.improvements.services import open_problem, prove_by_visit
from feedback_site.service_events.enums import CalendarPurpose, EventStatus, TransitionType
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.selectors.calendar import working_times_around
from feedback_site.service_events.services import record_transition
from visits.enums import EscalationStatus, VisitTrigger
from visits.models import Escalation, ReturnVisit
from visits.selectors.callers import Callers
from visits.services.words import ESCALATION_WORDS

_LONGEST_NOTE = 300


def escalate_case(*, visit: ReturnVisit, at: datetime) -> Escalation:
    """Reopen the visit's event and open a problem; return the case's escalation.

    The escalation gives the case an owner and a deadline.

    An escalation that is open already stays, its deadline
    too. Call within the transaction that closes the visit.
    """
    if visit.service_event is not None:
        _reopen(visit.service_event, visit, at)
    _prove(visit, is_good=False, at=at)
    escalation = Escalation.objects.open().filter(case_id=visit.case_id).first()
    return escalation or _open_escalation(visit, at)


def verify_case(*, visit: ReturnVisit, at: datetime) -> int:
    """Close the case's open escalation as verified; return how many actions are proved by it."""
    standing = Escalation.objects.open().filter(case_id=visit.case_id)
    standing.update(status=EscalationStatus.VERIFIED, closed_at=at)
    return _prove(visit, is_good=True, at=at)


@transaction.atomic
def close_escalation(*, escalation: Escalation, by: User, note: str, at: datetime) -> Escalation:
    """Close an escalation without proof and return it: the case counts as not verified.

    Raises `DomainError` without a note, `ConflictError` when it is closed already.
    """
    if not note.strip():
        raise DomainError(
            _("Please say why the escalation is closed without verification."), {"field": "note"}
        )
    standing = Escalation.objects.open().filter(pk=escalation.pk)
    names = names_of(escalation.visit.customer)
    masked = mask_words(note.strip(), names)[:_LONGEST_NOTE]
    closed = standing.update(status=EscalationStatus.CLOSED, closed_at=at, closed_by=by, closing_note=masked)
    escalation.refresh_from_db()
    if not closed:
        raise ConflictError(
            _("This escalation is closed already: %(status)s.") % {"status": escalation.get_status_display()}
        )
    keep_masked(
        kind=ESCALATION_WORDS,
        subject_id=escalation.pk,
        texts={"closing_note": note.strip()},
        names=names,
        at=at,
    )
    ring(MEASURE_VISITS)
    return escalation


def _reopen(event: ServiceEvent, visit: ReturnVisit, at: datetime) -> None:
    """Reopen the event unless a person has done so.

    The event is looked at under its lock, so that no person reopens it in between.
    """
    event = ServiceEvent.objects.select_for_update(no_key=True, of=("self",)).get(pk=event.pk)
    if event.status != EventStatus.COMPLETED:
        return
    record_transition(
        event=event,
        type=TransitionType.REOPENED,
        # A system whose clock runs ahead may have completed it "later" than now.
        happened_at=max(at, event.completed_at or at),
        details={"reason": "return_visit", "visit": str(visit.pk)},
        at=at,
    )


def _open_escalation(visit: ReturnVisit, at: datetime) -> Escalation:
    owner = _owner(visit)
    work = working_times_around(at).of(visit.team_id, CalendarPurpose.DEADLINES)
    deadline_at = work.add_workdays(at, organisation_settings().repair_within_days, visit.team.zone)
    # What is stored is read by all colleagues: it is written in the site's language, not the caller's.
    with translation.override(settings.LANGUAGE_CODE):
        manifestation = _("A return visit found service event %(case)s not resolved.") % {
            "case": visit.service_event or visit.customer.shown_number
        }
    escalation = Escalation(
        visit=visit,
        case_id=visit.case_id,
        team=visit.team,
        owner=owner,
        opened_at=at,
        deadline_at=deadline_at,
    )
    escalation.problem = open_problem(
        team=visit.team,
        source=ProblemSource.ESCALATION,
        source_id=escalation.pk,
        manifestation=manifestation,
        service_event=visit.service_event,
        owner=owner,
        due_at=deadline_at,
        at=at,
    )
    escalation.save(force_insert=True)
    return escalation


def _owner(visit: ReturnVisit) -> User | None:
    """Return who has the fewest open escalations in the team and those above it, or None.

    The colleague concerned is left out.
    """
    candidates = Callers.read().for_visit(
        team_id=visit.team_id, without=[visit.agent.user_id if visit.agent else None]
    )
    rows = (
        Escalation.objects.open()
        .filter(owner__isnull=False)
        .values_list("owner_id")
        .annotate(total=Count("pk"))
    )
    load = Counter(dict(rows))
    return min(candidates, key=lambda user: load[user.pk], default=None)


def _prove(visit: ReturnVisit, *, is_good: bool, at: datetime) -> int:
    actions = visit.sources.filter(kind=VisitTrigger.IMPROVEMENT).values_list("source_id", flat=True)
    return prove_by_visit(
        action_ids=list(actions),
        service_event_id=visit.service_event_id,
        visit_id=visit.pk,
        is_good=is_good,
        at=at,
    )
