"""Which sealed files belong to which answers."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet
from feedback_site.common.headings import dated
from feedback_site.customers.models import SealedFile
from surveys.models.invitation import Invitation


class ResponseFileQuerySet(ScopedQuerySet["ResponseFile"]):
    team_lookup = "invitation__team_id"

    def submitted(self) -> Self:
        """Those that belong to a response; the others were not sent to us yet."""
        return self.filter(submitted_at__isnull=False)

    def without_content(self) -> Self:
        """The rows with what is known of each file, but for the megabytes that it holds."""
        return self.select_related("file").defer("file__content_sealed")


class ResponseFile(models.Model):
    """A file, or a signature, that a customer gave to a question. The answer names it by its fingerprint.

    It is kept as soon as it arrives, so that it is not lost over a mistake elsewhere in the form, and
    `submitted_at` is set with the response. What never was submitted is swept away after the link's end.
    """

    file = models.OneToOneField(
        SealedFile, verbose_name=_("file"), on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    invitation = models.ForeignKey(
        Invitation, verbose_name=_("invitation"), on_delete=models.PROTECT, related_name="files"
    )
    question_key = models.CharField(_("question"), max_length=40)
    fingerprint = models.CharField(_("fingerprint"), max_length=32)
    arrived_at = models.DateTimeField(pgettext_lazy("file", "uploaded on"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True)

    objects = ResponseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a response")
        verbose_name_plural = _("files of responses")
        indexes = [
            models.Index(
                fields=["arrived_at"],
                condition=Q(submitted_at__isnull=True),
                name="responsefile_not_submitted",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "question_key", "fingerprint"], name="%(class)s_is_kept_once"
            ),
        ]

    def __str__(self) -> str:
        return dated(gettext("File"), self.arrived_at)
