"""The records to calculate: which ones, all their revisions under lock, their lines and what is measured."""

from collections.abc import Collection, Mapping
from functools import reduce
from operator import or_

from django.db.models import Q

from feedback_site.evaluations.models import (
    EvaluationRecord,
    EvaluationScheme,
    Measurement,
    RecordLine,
    condition_of,
)
from feedback_site.evaluations.rules import Period, Subject

RecordKey = tuple[int, Subject, Period]  # by the scheme's id
SubjectPeriod = tuple[Subject, Period]


def wanted_records(
    schemes: Collection[EvaluationScheme], subjects: Mapping[Period, Collection[Subject]]
) -> set[RecordKey]:
    """Return the records that the schemes have for these subjects and periods."""
    return {
        (scheme.pk, subject, period)
        for scheme in schemes
        for period, about in subjects.items()
        for subject in about
        if scheme.evaluates(subject.subject_kind, period.kind)
    }


def locked_history(wanted: set[RecordKey]) -> dict[RecordKey, list[EvaluationRecord]]:
    """Lock all revisions of these records, from first to last, in one order for all writers.

    Makes the first revisions that are missing.
    """
    found = EvaluationRecord.objects.filter(
        _of(wanted), scheme_id__in={scheme_id for scheme_id, _subject, _period in wanted}
    )
    rows = found.values_list("scheme_id", "period_kind", "period_start", *Subject._fields)
    missing = wanted - {
        (scheme_id, Subject(*subject), Period(kind, start)) for scheme_id, kind, start, *subject in rows
    }
    if missing:
        EvaluationRecord.objects.bulk_create(
            [
                EvaluationRecord(
                    scheme_id=scheme_id,
                    **subject._asdict(),
                    period_kind=period.kind,
                    period_start=period.start,
                )
                for scheme_id, subject, period in sorted(missing, key=_order)
            ],
            ignore_conflicts=True,
        )
    history: dict[RecordKey, list[EvaluationRecord]] = {}
    ordered = found.order_by("scheme_id", *Subject._fields, "period_kind", "period_start", "revision")
    for record in ordered.select_for_update():
        if _key(record) in wanted:
            history.setdefault(_key(record), []).append(record)
    return history


def _of(wanted: Collection[RecordKey]) -> Q:
    """Return what rows of these subjects and periods have in common; few others have it too."""
    by_period: dict[Period, set[Subject]] = {}
    for _scheme, subject, period in wanted:
        by_period.setdefault(period, set()).add(subject)
    return reduce(
        or_,
        (
            Q(condition_of(subjects), period_kind=period.kind, period_start=period.start)
            for period, subjects in by_period.items()
        ),
    )


def _key(record: EvaluationRecord) -> RecordKey:
    return record.scheme_id, record.subject, record.period


def _order(key: RecordKey) -> tuple[object, ...]:
    scheme_id, subject, period = key
    return scheme_id, subject.order, period


def lines_of(history: dict[RecordKey, list[EvaluationRecord]]) -> dict[object, list[RecordLine]]:
    """Return the lines of all revisions by record, in their order."""
    lines: dict[object, list[RecordLine]] = {}
    records = [record.pk for revisions in history.values() for record in revisions]
    for line in (
        RecordLine.objects.filter(record_id__in=records)
        .select_related("indicator")
        .order_by("position", "pk")
    ):
        lines.setdefault(line.record_id, []).append(line)
    return lines


def measured_now(wanted: Collection[RecordKey]) -> dict[SubjectPeriod, dict[int, Measurement]]:
    """Return what is measured of the wanted records' subjects and periods, by indicator."""
    measured: dict[SubjectPeriod, dict[int, Measurement]] = {}
    for row in Measurement.objects.filter(_of(wanted)):
        measured.setdefault((row.subject, row.period), {})[row.indicator_id] = row
    return measured
