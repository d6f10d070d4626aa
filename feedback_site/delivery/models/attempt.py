import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.models import ScopedQuerySet
from feedback_site.common.constraints import one_of
from feedback_site.common.headings import dated
from feedback_site.common.ids import uuid7
from feedback_site.delivery.enums import AttemptOutcome
from feedback_site.delivery.models.message import Message


class MessageAttemptQuerySet(ScopedQuerySet["MessageAttempt"]):
    team_lookup = "message__team_id"


class MessageAttempt(models.Model):
    """One try at handing a message to its channel; rows are only added."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(
        Message, verbose_name=_("message"), on_delete=models.PROTECT, related_name="attempts"
    )
    lease_id = models.UUIDField(editable=False)
    attempted_at = models.DateTimeField(_("attempted at"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=AttemptOutcome)
    code = models.CharField(
        pgettext_lazy("sending attempt", "reply code"),
        max_length=60,
        blank=True,
        help_text=_("Reply of the mail server or the SMS provider."),
    )
    provider_id = models.CharField(_("gateway's number"), max_length=120, blank=True)

    objects = MessageAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("message", "sending attempt")
        verbose_name_plural = pgettext_lazy("message", "sending attempts")
        constraints = [
            models.UniqueConstraint(
                fields=["message", "lease_id"], name="%(class)s_is_recorded_once_per_lease"
            ),
            one_of("outcome", AttemptOutcome, name="has_a_known_outcome"),
        ]
        triggers = [
            pgtrigger.Protect(name="facts_are_only_added", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return dated(self.get_outcome_display(), self.attempted_at)
