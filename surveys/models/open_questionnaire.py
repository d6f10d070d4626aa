"""Open questionnaires: a person who has the code may answer.

Their answers, and every figure of them, stand apart from those of invitations.
"""

from typing import Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet, Team
from feedback_site.common.constraints import in_order, one_of, within
from feedback_site.common.headings import dated
from feedback_site.common.ids import uuid7
from feedback_site.common.languages import Language
from feedback_site.questionnaires.models.questionnaire import Questionnaire, QuestionnaireVersion
from surveys.rules.codes import CODE_PATTERN


class OpenQuestionnaireQuerySet(ScopedQuerySet["OpenQuestionnaire"]):
    def not_closed(self) -> Self:
        """Those that staff have not closed; their period may be to come, or over."""
        return self.filter(closed_at__isnull=True)


@pghistory.track()
class OpenQuestionnaire(models.Model):
    """One code on a card, a counter or a receipt; it shows the newest published version.

    No customer is invited, so there is no rate.
    """

    code = models.CharField(_("code"), max_length=8, unique=True, editable=False)
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The team this place belongs to. It reads the answers."),
    )
    questionnaire = models.ForeignKey(
        Questionnaire,
        verbose_name=_("questionnaire"),
        on_delete=models.PROTECT,
        related_name="open_questionnaires",
    )
    label = models.CharField(
        _("place of the code"),
        max_length=120,
        help_text=_("Where the code is shown, such as “Front desk Beijing East”."),
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=Language,
        default=Language.CHINESE,
        help_text=_("Used when the browser's language is not available here."),
    )
    asks_ticket_number = models.BooleanField(
        _("asks for the ticket number"),
        default=False,
        help_text=_("Customers may enter the ticket number, but do not have to."),
    )
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(pgettext_lazy("open questionnaire", "planned end"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), editable=False)
    closed_at = models.DateTimeField(
        pgettext_lazy("open questionnaire", "stopped on"), null=True, blank=True, editable=False
    )

    objects = OpenQuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = _("open questionnaire")
        verbose_name_plural = _("open questionnaires")
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=f"^{CODE_PATTERN}$"), name="%(class)s_code_is_eight_clear_characters"
            ),
            models.CheckConstraint(condition=~Q(label=""), name="%(class)s_says_where_it_is"),
            one_of("language", Language, name="is_in_a_known_language"),
            in_order("starts_at", "ends_at", name="ends_after_it_starts"),
            in_order("created_at", "closed_at", name="is_closed_after_it_was_made"),
        ]

    def __str__(self) -> str:
        return self.label


class OpenResponseQuerySet(ScopedQuerySet["OpenResponse"]):
    team_lookup = "open_questionnaire__team_id"


class OpenResponse(models.Model):
    """Answers by a person who was not invited: a fact, in no tally, rate or score.

    `submission_key` stands for one form handed out, which counts once.
    `device_mark` is a keyed hash that changes each day and tells nothing but
    that two answers came from one device; of those the first is no duplicate.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    open_questionnaire = models.ForeignKey(
        OpenQuestionnaire,
        verbose_name=_("open questionnaire"),
        on_delete=models.PROTECT,
        related_name="responses",
    )
    version = models.ForeignKey(
        QuestionnaireVersion,
        verbose_name=_("questionnaire version"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    question_set = models.CharField(_("question rotation group"), max_length=20, blank=True)
    submission_key = models.BinaryField(max_length=32, unique=True, editable=False)
    answers = models.JSONField(_("answers"))
    answers_hash = models.BinaryField(max_length=32, editable=False)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True)
    nps = models.PositiveSmallIntegerField(_("recommendation"), null=True)
    ces = models.PositiveSmallIntegerField(_("effort"), null=True)
    off_path = models.JSONField(_("answers skipped by conditions"), null=True)
    ticket_number = models.CharField(_("ticket number"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language)
    device_mark = models.BinaryField(max_length=32, null=True, editable=False)
    is_duplicate = models.BooleanField(
        _("duplicate"),
        default=False,
        help_text=_("The same device had answered here before on that day: perhaps the same person."),
    )
    submitted_at = models.DateTimeField(_("submitted at"))

    objects = OpenResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("open response")
        verbose_name_plural = _("open responses")
        indexes = [
            models.Index(fields=["open_questionnaire", "-submitted_at"], name="open_response_newest_first")
        ]
        constraints = [
            within("satisfaction", 1, 5, name="satisfaction_is_1_to_5"),
            within("nps", 0, 10, name="nps_is_0_to_10"),
            within("ces", 1, 7, name="ces_is_1_to_7"),
            one_of("language", Language, name="is_in_a_known_language"),
            models.CheckConstraint(
                condition=Q(is_duplicate=False) | Q(device_mark__isnull=False),
                name="%(class)s_duplicate_is_of_a_device",
            ),
            models.UniqueConstraint(
                fields=["open_questionnaire", "device_mark"],
                condition=Q(is_duplicate=False),
                name="%(class)s_is_first_of_a_device_once",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="facts_are_only_added", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return dated(gettext("Open response"), self.submitted_at)
