"""Files of customers, sealed: photos, documents and signatures, told apart by the app that keeps them."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback_site.common.constraints import one_of
from feedback_site.common.ids import uuid7
from feedback_site.customers.enums import FileType


class SealedFile(models.Model):
    """One file, bound by its seal to this row; `size` is that of the content in clear.

    The app that stores the file knows whose it is and who may see it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    content_type = models.CharField(_("content type"), max_length=20, choices=FileType)
    size = models.PositiveIntegerField(_("size"))
    content_sealed = models.BinaryField(editable=False)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("sealed file")
        verbose_name_plural = _("sealed files")
        constraints = [one_of("content_type", FileType, name="has_a_known_type")]
        triggers = [pgtrigger.Protect(name="facts_are_only_added", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return str(self.pk)
