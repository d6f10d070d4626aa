"""Questions of a draft, and the options of a choice."""

from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import OwnedQuerySet
from feedback_site.common.constraints import one_of
from feedback_site.common.texts import TextsField
from feedback_site.evaluations.models import Indicator
from feedback_site.questionnaires.enums import ConditionJoin, Metric, OptionRole
from feedback_site.questionnaires.models.questionnaire import Questionnaire
from feedback_site.questionnaires.questions import type_choices


class QuestionTypeField(models.CharField):  # type: ignore[type-arg] # Django has no type arguments at run time
    """The name of a question type; which ones there are, is no matter of the schema."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"choices": type_choices, **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """Return a plain column, so that a new type needs no migration."""
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        return str(name), "django.db.models.CharField", args, kwargs


class QuestionQuerySet(OwnedQuerySet["Question"]):
    team_lookup = "questionnaire__team_id"


@pghistory.track()
class Question(models.Model):
    """One question of a draft. `key` stays the same over versions: answers are stored under it."""

    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name=_("questionnaire"), on_delete=models.CASCADE, related_name="questions"
    )
    key = models.SlugField(
        _("ID"),
        max_length=40,
        help_text=_("Answers are stored under this ID. Do not change it when you edit the wording."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    type = QuestionTypeField(_("type"), max_length=30)
    settings = models.JSONField(
        _("settings"), default=dict, blank=True, help_text=_("What only this type of question has.")
    )
    page = models.PositiveSmallIntegerField(
        _("page"), default=1, help_text=_("Questions of one page are shown together.")
    )
    question_set = models.SlugField(
        _("question rotation group"),
        max_length=20,
        blank=True,
        help_text=_("Each customer gets one group, chosen at random. Leave empty to ask every customer."),
    )
    condition_join = models.CharField(
        _("asked when"), max_length=3, choices=ConditionJoin, default=ConditionJoin.ALL
    )
    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("indicator"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_(
            "Answers count toward the indicator only if its source is “Survey”. For other indicators this "
            "only "
            "says what the question is about."
        ),
    )
    metric = models.CharField(
        _("counts as"),
        max_length=15,
        choices=Metric,
        default=Metric.NONE,
        help_text=_(
            "A rating of five points may count as satisfaction, a 0-10 question as recommendation, a 1-7 "
            "question as effort."
        ),
    )
    text = TextsField(_("question"), max_length=300, blank=True)
    help = TextsField(_("help"), max_length=300, blank=True)
    low_label = TextsField(_("lowest means"), max_length=40, blank=True)
    high_label = TextsField(_("highest means"), max_length=40, blank=True)
    is_required = models.BooleanField(_("required"), default=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "key"], name="%(class)s_key_is_used_once"),
            models.UniqueConstraint(
                fields=["questionnaire", "metric"],
                condition=~Q(metric=Metric.NONE),
                name="%(class)s_counts_once_per_metric",
            ),
            models.CheckConstraint(
                condition=Q(type__regex=r"^[a-z][a-z0-9_]*$"), name="%(class)s_type_is_a_name"
            ),
            one_of("metric", Metric, name="has_a_known_metric"),
            one_of("condition_join", ConditionJoin, name="joins_its_conditions"),
            models.CheckConstraint(condition=Q(page__gte=1), name="%(class)s_pages_count_from_1"),
        ]

    def __str__(self) -> str:
        return self.key


class QuestionOptionQuerySet(OwnedQuerySet["QuestionOption"]):
    team_lookup = "question__questionnaire__team_id"


@pghistory.track()
class QuestionOption(models.Model):
    """One option of a choice, or one row of a matrix."""

    question = models.ForeignKey(
        Question, verbose_name=_("question"), on_delete=models.CASCADE, related_name="options"
    )
    key = models.SlugField(_("ID"), max_length=40)
    role = models.CharField(_("role"), max_length=6, choices=OptionRole, default=OptionRole.OPTION)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text = TextsField(_("option"), max_length=120, blank=True)
    is_exclusive = models.BooleanField(
        _("exclusive"), default=False, help_text=_("Such as “none of these”: no other goes with it.")
    )
    asks_text = models.BooleanField(
        _("asks for details"), default=False, help_text=_("Such as “other”: the customer may say what.")
    )
    fulfils = models.BooleanField(
        _("meets the indicator"),
        null=True,
        blank=True,
        help_text=_(
            "Whether this option meets the question's indicator. “Unknown” leaves the answer out of the "
            "percentage."
        ),
    )

    objects = QuestionOptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        constraints = [
            models.UniqueConstraint(fields=["question", "role", "key"], name="%(class)s_key_is_used_once"),
            one_of("role", OptionRole, name="has_a_known_role"),
        ]

    def __str__(self) -> str:
        return self.key
