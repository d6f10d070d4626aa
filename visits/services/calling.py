"""Having a customer on the line: one caller at a time."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.customers.enums import Purpose
from surveys.services.invitations.askable import load_askable
from visits.enums import VisitStatus
from visits.models import ReturnVisit
from visits.services.locking import lock_visit

# How long a caller has the customer on the line to themselves; they may ask for ten more minutes.
HOLD = timedelta(minutes=10)


@transaction.atomic
def hold_visit(*, visit: ReturnVisit, by: User, at: datetime) -> ReturnVisit:
    """Take the visit for ten minutes, or for ten more, and return it.

    Raises `ConflictError` while another caller has the customer on the line (`extra`
    names who and until when), when the visit is closed or too early, `DomainError`
    for the colleague concerned and for a customer who has withdrawn consent.
    """
    free = Q(held_by__isnull=True) | Q(held_until__lte=at) | Q(held_by=by)
    due = ReturnVisit.objects.due(at=at).filter(free, pk=visit.pk)
    is_taken = due.update(held_by=by, held_until=at + HOLD, updated_at=at)
    visit = lock_visit(visit.pk)
    refuse_unless_due(visit, at=at)
    if not is_taken:
        refuse_unless_free(visit, by=by, at=at)
    refuse_colleague_concerned(visit, by)
    refuse_without_consent(visit, at=at)
    return visit


@transaction.atomic
def release_visit(*, visit: ReturnVisit, by: User, at: datetime) -> ReturnVisit:
    """Give the visit back; releasing what one does not hold changes nothing."""
    ReturnVisit.objects.filter(pk=visit.pk, held_by=by).update(held_by=None, held_until=None, updated_at=at)
    return lock_visit(visit.pk)


def refuse_unless_due(visit: ReturnVisit, *, at: datetime) -> None:
    """Raise `ConflictError` for a visit that is closed, or whose next attempt is not due yet."""
    if visit.status == VisitStatus.CLOSED:
        raise ConflictError(
            _("This return visit has ended: %(outcome)s.") % {"outcome": visit.get_outcome_display()},
            {"outcome": visit.outcome},
        )
    if visit.next_attempt_at is not None and visit.next_attempt_at > at:
        when = visit.next_attempt_at.astimezone(visit.team.zone)
        raise ConflictError(
            _("Too early: the next attempt may be made from %(time)s.") % {"time": f"{when:%Y-%m-%d %H:%M}"},
            {"next_attempt_at": visit.next_attempt_at},
        )


def refuse_unless_free(visit: ReturnVisit, *, by: User, at: datetime) -> None:
    """Raise `ConflictError` while another caller has the customer on the line."""
    if visit.held_by is None or visit.held_until is None or visit.held_by == by or visit.held_until <= at:
        return
    until = visit.held_until.astimezone(visit.team.zone)
    name = visit.held_by.get_full_name() or visit.held_by.get_username()
    raise ConflictError(
        _("%(name)s is in contact with this customer until %(time)s.")
        % {"name": name, "time": f"{until:%H:%M}"},
        {"held_by": name, "held_until": visit.held_until},
    )


def refuse_colleague_concerned(visit: ReturnVisit, by: User) -> None:
    """Raise `DomainError` for the colleague whose work the visit is about."""
    if visit.agent is not None and visit.agent.user_id == by.pk:
        raise DomainError(_("This visit is about your own work: a colleague must make it."))


def refuse_without_consent(visit: ReturnVisit, *, at: datetime) -> None:
    """Raise `DomainError` where the customer does not allow return visits any more."""
    askable = load_askable(customers=[visit.customer], purpose=Purpose.VISIT)
    if askable.may_be_asked(visit.customer_id, channels=None, moment=at).obstacle is not None:
        raise DomainError(_("The customer does not agree to return visits any more."))
