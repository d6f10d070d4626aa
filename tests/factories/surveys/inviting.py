"""One customer asked at once, with an invitation as every sweep prepares it."""

from datetime import datetime
from typing import Any

from feedback_site.questionnaires.models import QuestionnaireVersion
from surveys.models import Invitation
from surveys.services.invitations.inviting import prepare_invitation, schedule_from_now


def invite_customer(
    *, version: QuestionnaireVersion, credited_team_id: int, at: datetime, **facts: Any
) -> Invitation:
    """Save an invitation that the next `queue_invitations` hands to delivery."""
    schedule = schedule_from_now(credited_team_id, at)
    invitation = prepare_invitation(
        version_id=version.pk, credited_team_id=credited_team_id, schedule=schedule, **facts
    )
    invitation.save(force_insert=True)
    return invitation
