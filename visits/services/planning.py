"""Plans return visits: each cause gets one visit, once; causes about the same case share it."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction

from feedback_site.common.locks import Lock, is_alone
from feedback_site.service_events.enums import CalendarPurpose
from feedback_site.service_events.rules.calendar import WorkingTimes
from feedback_site.service_events.selectors.calendar import working_times_around
from surveys.selectors.survey_rules import TeamTree, team_tree
from visits.models import ReturnVisit, VisitSource
from visits.selectors.causes import Cause, Look, causes
from visits.selectors.plans import reaches_of_plans


@transaction.atomic
def plan_visits(*, at: datetime, limit: int = 200, everything: bool = False) -> int:
    """Give up to `limit` sources their visit and return how many got one; 0 while another run is at work.

    Looks at rows recorded within two days, with `everything` at those of the last two weeks.
    The database keeps a source from asking twice and a case from having two open visits; a
    source of a case that has one joins it, and the first source stays the trigger.
    """
    if not is_alone(Lock.VISIT_PLANS):
        return 0
    return give_visits(found=causes(reaches_of_plans(), Look(at, everything, limit)), at=at)


@transaction.atomic
def give_visits(*, found: Sequence[Cause], at: datetime) -> int:
    """Give each cause its visit, or add it to the open visit of its case.

    Returns how many have a visit now.
    """
    if not found:
        return 0
    visits = _open_visits({cause.case_id for cause in found})
    _make_visits([cause for cause in found if cause.case_id not in visits], at)
    visits = _open_visits({cause.case_id for cause in found})
    sources = [
        VisitSource(visit=visits[cause.case_id], kind=cause.kind, source_id=cause.source_id, added_at=at)
        for cause in found
        if cause.case_id in visits
    ]
    VisitSource.objects.bulk_create(sources, ignore_conflicts=True)
    return len(sources)


def _open_visits(case_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, ReturnVisit]:
    """Lock the cases' open visits, so that none is concluded before its new source is on record."""
    rows = (
        ReturnVisit.objects.open().filter(case_id__in=case_ids).select_for_update(no_key=True).order_by("pk")
    )
    return {visit.case_id: visit for visit in rows}


def _make_visits(wanted: Iterable[Cause], at: datetime) -> None:
    first_of_case: dict[uuid.UUID, Cause] = {}
    for cause in wanted:
        first_of_case.setdefault(cause.case_id, cause)
    if not first_of_case:
        return
    times, teams = working_times_around(at), team_tree()
    # One order for all writers, so that two of them never wait for each other.
    made = [_visit(cause, times, teams, at) for _case_id, cause in sorted(first_of_case.items())]
    ReturnVisit.objects.bulk_create(made, ignore_conflicts=True)


def _visit(cause: Cause, times: WorkingTimes, teams: TeamTree, at: datetime) -> ReturnVisit:
    zone = teams.zones[cause.team_id]
    work = times.of(cause.team_id, CalendarPurpose.VISITS)
    calls = times.of(cause.team_id, CalendarPurpose.CALLS)
    due_from = calls.next_working_time(work.add_hours(cause.since, cause.plan.wait_hours, zone), zone)
    return ReturnVisit(
        plan=cause.plan,
        trigger=cause.kind,
        case_id=cause.case_id,
        service_event_id=cause.service_event_id,
        customer_id=cause.customer_id,
        team_id=cause.team_id,
        credited_team_id=cause.credited_team_id,
        agent_id=cause.agent_id,
        mode=cause.plan.mode,
        planned_at=at,
        due_from=due_from,
        due_at=work.add_hours(due_from, cause.plan.window_hours, zone),
        max_attempts=cause.plan.max_attempts,
        next_attempt_at=due_from,
    )
