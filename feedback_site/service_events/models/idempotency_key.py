from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ApiKey, ScopedQuerySet


class IdempotencyKeyQuerySet(ScopedQuerySet["IdempotencyKey"]):
    team_lookup = "api_key__team_id"


class IdempotencyKey(models.Model):
    """A request that a system named, so that sending it again is recognised. Kept for a day."""

    api_key = models.ForeignKey(ApiKey, verbose_name=_("API key"), on_delete=models.CASCADE, related_name="+")
    value = models.CharField(_("value"), max_length=255)
    request_hash = models.BinaryField(max_length=32, editable=False)
    response_status = models.PositiveSmallIntegerField(_("answered with"), null=True)
    created_at = models.DateTimeField(_("created at"))

    objects = IdempotencyKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [
            models.UniqueConstraint(fields=["api_key", "value"], name="%(class)s_names_one_request")
        ]

    def __str__(self) -> str:
        return self.value
