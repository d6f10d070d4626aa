"""Questions of a draft, and the options of a choice."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import OwnedQuerySet
from feedback_site.common.constraints import one_of
from surveys.enums import Metric, QuestionType
from surveys.models.questionnaire import Questionnaire


class QuestionQuerySet(OwnedQuerySet["Question"]):
    team_lookup = "questionnaire__team_id"


@pghistory.track()
class Question(models.Model):
    """One question of a draft. `key` stays the same over versions: answers are stored under it."""

    questionnaire = models.ForeignKey(Questionnaire, verbose_name=_("questionnaire"), on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(_("key"), max_length=40, help_text=_("Answers are stored under this word; keep it when the wording changes."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    type = models.CharField(_("type"), max_length=10, choices=QuestionType)
    metric = models.CharField(
        _("counts as"),
        max_length=15,
        choices=Metric,
        default=Metric.NONE,
        help_text=_("A rating may count as satisfaction, a 0-10 question as recommendation."),
    )
    text_en = models.CharField(_("question (English)"), max_length=300)
    text_zh_hans = models.CharField(_("question (Chinese)"), max_length=300)
    help_en = models.CharField(_("help (English)"), max_length=300, blank=True)
    help_zh_hans = models.CharField(_("help (Chinese)"), max_length=300, blank=True)
    low_label_en = models.CharField(_("lowest means (English)"), max_length=40, blank=True)
    low_label_zh_hans = models.CharField(_("lowest means (Chinese)"), max_length=40, blank=True)
    high_label_en = models.CharField(_("highest means (English)"), max_length=40, blank=True)
    high_label_zh_hans = models.CharField(_("highest means (Chinese)"), max_length=40, blank=True)
    is_required = models.BooleanField(_("required"), default=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "key"], name="%(class)s_key_is_used_once"),
            models.UniqueConstraint(
                fields=["questionnaire", "metric"], condition=~Q(metric=Metric.NONE), name="%(class)s_counts_once_per_metric"
            ),
            one_of("type", QuestionType, name="has_a_known_type"),
            one_of("metric", Metric, name="has_a_known_metric"),
            models.CheckConstraint(
                condition=Q(metric=Metric.NONE)
                | Q(metric=Metric.SATISFACTION, type=QuestionType.RATING)
                | Q(metric=Metric.NPS, type=QuestionType.NPS),
                name="%(class)s_metric_fits_its_type",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class QuestionOptionQuerySet(OwnedQuerySet["QuestionOption"]):
    team_lookup = "question__questionnaire__team_id"


@pghistory.track()
class QuestionOption(models.Model):
    """One option of a single choice."""

    question = models.ForeignKey(Question, verbose_name=_("question"), on_delete=models.CASCADE, related_name="options")
    key = models.SlugField(_("key"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text_en = models.CharField(_("option (English)"), max_length=120)
    text_zh_hans = models.CharField(_("option (Chinese)"), max_length=120)

    objects = QuestionOptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        constraints = [models.UniqueConstraint(fields=["question", "key"], name="%(class)s_key_is_used_once")]

    def __str__(self) -> str:
        return self.key
