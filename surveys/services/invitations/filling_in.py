"""Lets staff fill in the questionnaire of an invitation for its customer.

The customer is on the phone, on site, or hands in paper. Staff need a permission and see only customers
within their scope, and it is put on record. It is the customer's own invitation, so the first answer counts,
no matter who gave it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.accounts.services import record_access
from feedback_site.common.exceptions import ConflictError, DomainError, NotFoundError
from feedback_site.customers.enums import Purpose
from feedback_site.customers.services import refusing_customer_ids
from surveys.enums import InvitationOrigin, ResponseMode, SurveyAccess
from surveys.models import Invitation, ResponseInterview
from surveys.rules import Facts, may_be_asked
from surveys.services.drafts.saving import mark_sent
from surveys.services.invitations.interviewing import submit_interview
from surveys.services.responses.answering import Outcome, Receipt

FILLING_IN = "surveys.fill_in"


@transaction.atomic
def fill_in_for_customer(
    *, invitation: Invitation, by: User, fields: Mapping[str, Sequence[str]], mode: ResponseMode, at: datetime
) -> Receipt:
    """Store the answers as if the customer had sent them, and who filled them in.

    The same again changes nothing. Raises `DomainError` with `extra["errors"]` (question key -> sentence),
    and what `refuse_to_fill_in` does.
    """
    known = _known(invitation, by)
    if known.answered_at is None:
        _refuse_unwilling(known, at)
    try:
        receipt = submit_interview(invitation=known, fields=fields, mode=mode, at=at)
    except DomainError:
        # That nothing more is taken comes before what is wrong with it.
        refuse_to_fill_in(invitation=invitation, by=by, at=at)
        raise
    if receipt.outcome is Outcome.ACCEPTED:
        ResponseInterview.objects.create(response_id=invitation.pk, interviewer=by, recorded_at=at)
        record_access(
            actor=by,
            action=SurveyAccess.ANSWERS_FILLED_IN,
            subject_kind="invitation",
            subject_id=str(invitation.pk),
            team_id=invitation.team_id,
            details={"mode": mode.value},
            at=at,
        )
        mark_sent(invitation.pk)
    return receipt


def refuse_to_fill_in(*, invitation: Invitation, by: User, at: datetime) -> None:
    """Refuse unless `by` may fill in the invitation, as it stands now, at `at`.

    Raises `NotFoundError`, `DomainError` or `ConflictError`.
    """
    known = _known(invitation, by)
    if known.answered_at:
        raise ConflictError(_answered(known, by))
    if known.voided_at:
        raise ConflictError(_("This invitation was cancelled, so its questionnaire takes no answers."))
    if known.expires_at <= at:
        raise ConflictError(
            _("The time for answering has ended, so this questionnaire takes no more answers.")
        )
    _refuse_unwilling(known, at)


def _refuse_unwilling(known: Invitation, at: datetime) -> None:
    """Raise `ConflictError` where the customer said no to questionnaires; no address is needed here."""
    customers = [known.customer] if known.customer is not None else []
    unwilling = refusing_customer_ids(customers=customers, purpose=Purpose.SURVEY)
    facts = Facts(has_consent=known.customer_id not in unwilling)
    if may_be_asked(facts, moment=at).obstacle is not None:
        raise ConflictError(
            _(
                "The customer has said no to questionnaires after a service. If they have changed their "
                "mind, first record on the customer's page what they allow."
            )
        )


def _known(invitation: Invitation, by: User) -> Invitation:
    """Return the invitation as it is on record, if it is one that `by` fills in."""
    known = (
        Invitation.objects.for_user(by).select_related("agent", "customer").filter(pk=invitation.pk).first()
    )
    if known is None:
        raise NotFoundError(_("Invitation not found."))
    if not by.has_perm(FILLING_IN):
        raise DomainError(_("Your role does not fill in questionnaires for customers."))
    if known.purpose != Purpose.SURVEY or known.origin != InvitationOrigin.SENT:
        raise ConflictError(_("Only the questionnaire of an invitation after a service is filled in here."))
    if known.agent is not None and known.agent.user_id == by.pk:
        raise DomainError(_("This is about your own work: a colleague must ask."))
    return known


def _answered(known: Invitation, by: User) -> str:
    interview = ResponseInterview.objects.filter(pk=known.pk).first()
    if interview is None:
        return _("The customer has answered already. The first answer counts.")
    if interview.interviewer_id == by.pk:
        return _("You have filled this in already. The first answer counts.")
    return _("A colleague has filled this in already. The first answer counts.")
