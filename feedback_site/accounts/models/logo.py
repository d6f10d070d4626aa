"""The company's logo: in the database, so that every process and every back-up has it."""

from django.db import models
from django.db.models import F, Func, IntegerField, Value
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.enums import PictureKind
from feedback_site.common.constraints import one_of

MOST_LOGO_BYTES = 200_000


class CompanyLogo(models.Model):
    """One picture, drawn by us, under the digest of its content: what an address shows never changes."""

    digest = models.CharField(_("digest"), max_length=32, primary_key=True)
    content = models.BinaryField(_("content"))
    kind = models.CharField(_("kind"), max_length=10, choices=PictureKind)
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")
        constraints = [
            one_of("kind", PictureKind, name="is_a_known_kind_of_picture"),
            models.CheckConstraint(
                condition=LessThanOrEqual(
                    Func(F("content"), function="octet_length", output_field=IntegerField()),
                    Value(MOST_LOGO_BYTES),
                ),
                name="%(class)s_is_small",
            ),
        ]

    def __str__(self) -> str:
        return self.digest
