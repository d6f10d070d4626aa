"""What people wrote, as they wrote it, where the product shows it masked.

There is one sealed row for each text in which masking changed something.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback_site.common.ids import uuid7


class SealedText(models.Model):
    """A text in clear beside its masked copy.

    `subject_kind` and `subject_id` name the row that holds the copy, without a key to an upper app.

    `field` is the text's name within that row. The seal binds the content to this row's own id.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject_kind = models.CharField(_("kind of subject"), max_length=20)
    subject_id = models.CharField(_("subject"), max_length=40)
    field = models.CharField(_("field"), max_length=100)
    content_sealed = models.BinaryField(editable=False)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("sealed text")
        verbose_name_plural = _("sealed texts")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "field"], name="%(class)s_is_kept_once_per_field"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id}: {self.field}"
