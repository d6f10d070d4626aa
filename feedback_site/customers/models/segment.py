from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback_site.common.texts import Named


class Segment(Named):
    """A kind of customer (new, existing, high-value): samples are checked for covering each."""

    slug = models.SlugField(_("code"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("customer segment")
        verbose_name_plural = _("customer segments")
