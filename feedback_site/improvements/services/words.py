"""What staff write about a problem and against it: stored masked, and sealed where masking changed it."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse

from feedback_site.accounts.models import User
from feedback_site.customers.services import keep_masked, names_of
from feedback_site.customers.services.old_words import RowsOfWords
from feedback_site.customers.services.word_subjects import WordSubject, row_key
from feedback_site.improvements.models import ImprovementAction, Problem
from feedback_site.service_events.models import ServiceEvent

PROBLEM_WORDS, ACTION_WORDS = "problem", "improvement_action"

OLD_PROBLEMS = RowsOfWords(
    kind=PROBLEM_WORDS,
    rows=lambda: Problem.objects.select_related("service_event__customer").select_for_update(
        of=("self",), no_key=True
    ),
    fields=("manifestation", "root_cause", "direction"),
    customer=lambda problem: problem.service_event.customer if problem.service_event else None,
    keeps_hotlines=True,
)
OLD_ACTIONS = RowsOfWords(
    kind=ACTION_WORDS,
    rows=lambda: ImprovementAction.objects.select_related(
        "problem__service_event__customer"
    ).select_for_update(of=("self",), no_key=True),
    fields=("measure", "resources"),
    customer=lambda action: action.problem.service_event.customer if action.problem.service_event else None,
    keeps_hotlines=True,
)

# What the two said before they were changed. It is not opened: the row itself says what was written last.
OLD_HISTORY = (
    RowsOfWords(
        kind=f"{PROBLEM_WORDS}_history",
        rows=lambda: Problem.pgh_event_model.objects.select_related("pgh_obj__service_event__customer"),  # type: ignore[attr-defined]  # pghistory's
        fields=OLD_PROBLEMS.fields,
        customer=lambda row: OLD_PROBLEMS.customer(row.pgh_obj) if row.pgh_obj else None,
        keeps_hotlines=True,
    ),
    RowsOfWords(
        kind="action_history",
        rows=lambda: ImprovementAction.pgh_event_model.objects.select_related(  # type: ignore[attr-defined]  # pghistory's
            "pgh_obj__problem__service_event__customer"
        ),
        fields=OLD_ACTIONS.fields,
        customer=lambda row: OLD_ACTIONS.customer(row.pgh_obj) if row.pgh_obj else None,
        keeps_hotlines=True,
    ),
)


def mask_written(
    *,
    kind: str,
    subject_id: object,
    written: Mapping[str, str],
    known: Mapping[str, str],
    event: ServiceEvent | None,
    at: datetime,
) -> dict[str, str]:
    """Return the texts as they are stored; what is as it was `known` stays, with what is kept of it."""
    changed = {name: text for name, text in written.items() if text != known.get(name)}
    names = names_of(event.customer) if event else []
    masked = keep_masked(
        kind=kind, subject_id=subject_id, texts=changed, names=names, keeps_hotlines=True, at=at
    )
    return {**written, **masked}


def find_problem(by: User, subject_id: str) -> WordSubject | None:
    """Return a problem that `by` may read."""
    row = Problem.objects.for_user(by).filter(pk=row_key(subject_id)).first()
    return (
        _subject(row, "problem", row.pk)
        if row is not None and by.has_perm("improvements.view_problem")
        else None
    )


def find_action(by: User, subject_id: str) -> WordSubject | None:
    """Return an action that `by` may read."""
    row = (
        ImprovementAction.objects.for_user(by)
        .filter(pk=row_key(subject_id))
        .select_related("problem")
        .first()
    )
    may_read = row is not None and by.has_perm("improvements.view_improvementaction")
    return _subject(row.problem, "improvementaction", row.pk) if row is not None and may_read else None


def _subject(problem: Problem, model: str, pk: object) -> WordSubject:
    labels = {
        field.name: str(field.verbose_name)
        for shown in (Problem, ImprovementAction)
        for field in shown._meta.fields  # noqa: SLF001 - Django's documented API
    }
    address = reverse(f"admin:improvements_{model}_change", args=[pk])
    return WordSubject(problem.team_id, str(problem), address, lambda name: labels.get(name, name))
