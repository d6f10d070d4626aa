from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback_site.common.texts import Named


class ServiceKind(Named):
    """A kind of service: after-sales repair, complaint handling, ..."""

    slug = models.SlugField(_("code"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("service type")
        verbose_name_plural = _("service types")


class ServiceChannel(Named):
    """Where the customer was served: phone, chat, on site, shop."""

    slug = models.SlugField(_("code"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("service channel")
        verbose_name_plural = _("service channels")
