"""The team that new entries go to."""

from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team
from feedback_site.common.exceptions import DomainError
from feedback_site.voice.models import VoiceDesk
from feedback_site.voice.models.desk import THE_DESK


class NoTeamTakesInError(DomainError):
    """No team takes in what customers write: the site is not set up yet."""

    status_code = 503


def set_desk(*, team: Team) -> VoiceDesk:
    """State which team takes in new entries."""
    return VoiceDesk.objects.update_or_create(pk=THE_DESK, defaults={"team": team})[0]


def desk_team() -> Team:
    """Return the team of the desk; until staff have named one, the topmost team.

    Raises NoTeamTakesInError without any.
    """
    desk = VoiceDesk.objects.select_related("team").first()
    if desk is not None:
        return desk.team
    top: Team | None = (
        Team.objects.without_tree_fields().filter(parent__isnull=True, is_active=True).order_by("pk").first()
    )
    if top is None:
        raise NoTeamTakesInError(
            _(
                "We cannot take messages yet, so yours was not saved. Please copy your text and reach us "
                "another way, or try again later."
            )
        )
    return top
