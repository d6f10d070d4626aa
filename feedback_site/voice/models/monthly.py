"""The suggestion of the month."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet
from feedback_site.common.texts import TextsField
from feedback_site.voice.enums import EntryKind
from feedback_site.voice.models.entry import VoiceEntry


class MonthlySuggestionQuerySet(ScopedQuerySet["MonthlySuggestion"]):
    team_lookup = "entry__team_id"


@pghistory.track()
class MonthlySuggestion(models.Model):
    """The best suggestion of one month, in staff's own words.

    The customer's words are quoted only where they agreed to it.
    """

    month = models.DateField(_("month"), unique=True, help_text=_("Any day of the month."))
    entry = models.OneToOneField(
        VoiceEntry,
        verbose_name=_("suggestion"),
        on_delete=models.PROTECT,
        limit_choices_to={"kind": EntryKind.SUGGESTION},
        related_name="monthly",
    )
    title = TextsField(_("title"), max_length=120)
    text = TextsField(_("text"), max_length=1000)
    is_quoted = models.BooleanField(
        _("quote the writer"),
        default=False,
        help_text=_("Shows what the customer wrote below your own words. Only where they agreed."),
    )

    objects = MonthlySuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion of the month")
        verbose_name_plural = _("suggestions of the month")
        constraints = [
            models.CheckConstraint(condition=models.Q(month__day=1), name="%(class)s_month_is_its_first_day"),
        ]

    def __str__(self) -> str:
        return str(self.title)
