"""Unfinished answers: saved as each page is left, until they are sent or the link ends."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.models import ScopedQuerySet
from feedback_site.common.constraints import one_of
from feedback_site.common.headings import dated
from surveys.enums import DraftState, ResponseMode
from surveys.models.invitation import Invitation


class ResponseDraftQuerySet(ScopedQuerySet["ResponseDraft"]):
    team_lookup = "invitation__team_id"


class ResponseDraft(models.Model):
    """What was answered so far on one link.

    `seconds` is the time spent by page number, as the customer's browser measured it.

    `state` is settled when the link has ended: how much of what
    had to be answered was. `mode` is that of the screen left last.
    """

    invitation = models.OneToOneField(
        Invitation,
        verbose_name=_("invitation"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="draft",
    )
    answers = models.JSONField(_("answers"), default=dict)
    page = models.PositiveSmallIntegerField(_("page"), default=1)
    seconds = models.JSONField(_("seconds by page"), default=dict)
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=DraftState, default=DraftState.OPEN)
    saved_at = models.DateTimeField(_("saved at"))
    mode = models.CharField(
        pgettext_lazy("response", "how it was filled in"),
        max_length=10,
        choices=ResponseMode,
        default=ResponseMode.WEB,
    )

    objects = ResponseDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("unfinished response")
        verbose_name_plural = _("unfinished responses")
        indexes = [
            models.Index(fields=["saved_at"], condition=Q(state=DraftState.OPEN), name="draft_open_by_save")
        ]
        constraints = [
            one_of("state", DraftState, name="has_a_known_state"),
            one_of("mode", ResponseMode, name="has_a_known_mode"),
        ]

    def __str__(self) -> str:
        return dated(self.get_state_display(), self.saved_at)
