"""The other indicators, as call centre and spot checks report them, and the records that follow.

Those of past months are mostly published.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from feedback_site.accounts.models import User
from feedback_site.demo.months import HistoryMonth, quarter_of
from feedback_site.demo.organisation import DemoOrganisation
from feedback_site.demo.profiles import REGIONS, TeamProfile
from feedback_site.evaluations.enums import MeasurementSource, PeriodKind, RecordStatus
from feedback_site.evaluations.models import EvaluationRecord, Indicator
from feedback_site.evaluations.rules import Subject
from feedback_site.evaluations.services import (
    Figure,
    measure_case_log,
    pool_quarters,
    publish_record,
    record_measurements,
    refresh_records,
    review_record,
)
from feedback_site.statistics.proportions import wilson_interval

LEFT_CALCULATED = "west-2"
_CONFIDENCE, _WHOLE = 0.95, 100
_MEASURED = (
    ("phone_answer_rate", "phone_answered", MeasurementSource.CALL_CENTRE),
    ("triage_accuracy", "triage_right", MeasurementSource.SPOT_CHECK),
    ("standard_procedure", "procedure_followed", MeasurementSource.SPOT_CHECK),
)


def load_records(*, months: Sequence[HistoryMonth], organisation: DemoOrganisation, at: datetime) -> None:
    """Measure what no service event tells, and calculate all records."""
    record_measurements(figures=list(_figures(months, organisation)), at=at)
    # Every month and, pooled from their months, the quarters.
    measure_case_log(at=at, everything=True)
    team_ids = [team.pk for team in organisation.teams.values()]
    subjects = [Subject.team(team_id) for team_id in team_ids]
    for month in months:
        pool_quarters(subjects=subjects, day=month.start_on, at=at)
        for kind in (PeriodKind.MONTH, PeriodKind.QUARTER):
            refresh_records(team_ids=team_ids, month=month.start_on, period_kind=kind, at=at)


def publish_past_records(
    *, months: Sequence[HistoryMonth], reviewer: User, publisher: User, at: datetime
) -> None:
    """Publish the records of past months and quarters, except one team's last month.

    Return visits may still change the last month: records that
    were published before them would wait as second revisions.
    """
    for record in _finished(months).exclude(team__code=LEFT_CALCULATED, period_start=months[-2].start_on):
        publish_record(record=review_record(record=record, by=reviewer, at=at), by=publisher, at=at)


def _finished(months: Sequence[HistoryMonth]) -> QuerySet[EvaluationRecord]:
    """Records of months and quarters that are over."""
    now = months[-1].start_on
    over = Q(period_kind=PeriodKind.MONTH, period_start__lt=now) | Q(
        period_kind=PeriodKind.QUARTER, period_start__lt=quarter_of(now)
    )
    return EvaluationRecord.objects.filter(over, status=RecordStatus.CALCULATED)


def _figures(months: Sequence[HistoryMonth], organisation: DemoOrganisation) -> Iterator[Figure]:
    indicators = {indicator.slug: indicator for indicator in Indicator.objects.all()}
    for index, month in enumerate(months):
        for slug, attribute, source in _MEASURED:
            for code, (hits, cases) in _counts(attribute, gain=index):
                interval = wilson_interval(hits, cases, _CONFIDENCE).scaled(_WHOLE)
                yield Figure(
                    indicator=indicators[slug],
                    subject=Subject.team(organisation.teams[code].pk),
                    period_kind=PeriodKind.MONTH,
                    period_start=month.start_on,
                    value=hits / cases * _WHOLE,
                    n=cases,
                    low=interval.low,
                    high=interval.high,
                    source=source,
                )


def _counts(attribute: str, *, gain: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield (hits, cases) of every team, and of every region the sum; `gain` more hits each month."""
    for region in REGIONS:
        counts = {team.code: _gained(team, attribute, gain) for team in region.teams}
        yield from counts.items()
        yield (
            region.code,
            (sum(hits for hits, _cases in counts.values()), sum(cases for _hits, cases in counts.values())),
        )


def _gained(team: TeamProfile, attribute: str, gain: int) -> tuple[int, int]:
    hits, cases = getattr(team, attribute)
    return min(hits + gain, cases), cases
