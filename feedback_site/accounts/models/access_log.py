"""Who read personal data or took rows away, when and why.

Entries are only added, and each seals the one before.
"""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.models.scope import ScopedQuerySet
from feedback_site.accounts.models.team import Team
from feedback_site.accounts.rules import ACTION_FORMAT, access_action_choices


class AccessLogEntryQuerySet(ScopedQuerySet["AccessLogEntry"]):
    """Entries by the team whose data was read; entries about several teams are for those who see all."""


class AccessLogEntry(models.Model):
    """One access to personal data.

    `entry_hash` is HMAC-SHA256, under the log's key `key_id`, over the entry and the hash of the one
    before.

    A missing or changed row breaks the chain, and who has no key cannot make another.

    `actor` is `user:<id>` or `api_key:<id>`; `details` holds ids, counts and filters, never personal data.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("at"))
    actor = models.CharField(_("who"), max_length=40)
    action = models.CharField(_("action"), max_length=20, choices=access_action_choices)
    subject_kind = models.CharField(pgettext_lazy("access log", "subject"), max_length=40)
    subject_id = models.CharField(_("which"), max_length=64, blank=True)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    details = models.JSONField(_("details"), default=dict, blank=True)
    previous_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    entry_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    key_id = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = AccessLogEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("access log entry")
        verbose_name_plural = _("access log")
        constraints = [
            models.CheckConstraint(
                condition=Q(action__regex=ACTION_FORMAT), name="%(class)s_action_is_a_word"
            )
        ]
        # The limits on looks at contacts and on searches count an actor's latest.
        indexes = [models.Index(fields=["actor", "action", "-at"], name="accesslog_latest_of_action")]
        triggers = [
            pgtrigger.Protect(name="facts_are_only_added", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.actor} · {self.get_action_display()}"


class AccessLogHead(models.Model):
    """Where the chain ends: one row, sealed with the log's key, so that entries cannot be taken off its end.

    `anchors` are the lines written outside the database so far, `anchor_seal` is the last one's seal.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    entries = models.PositiveBigIntegerField(editable=False)
    last_id = models.PositiveBigIntegerField(editable=False)
    head_hash = models.BinaryField(max_length=32, editable=False)
    anchors = models.PositiveIntegerField(editable=False)
    anchor_seal = models.BinaryField(max_length=32, editable=False)
    key_id = models.PositiveSmallIntegerField(editable=False)
    seal = models.BinaryField(max_length=32, editable=False)

    class Meta:
        verbose_name = _("head of the access log")
        verbose_name_plural = _("head of the access log")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="%(class)s_is_one_row")]

    def __str__(self) -> str:
        return str(self.entries)
