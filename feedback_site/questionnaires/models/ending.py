"""End pages by outcome, and the conditions under which questions are asked and end pages shown."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.models import OwnedQuerySet
from feedback_site.common.constraints import one_of
from feedback_site.common.texts import TextsField
from feedback_site.questionnaires.enums import ConditionJoin, ConditionOperator, ConditionSource, EventFact
from feedback_site.questionnaires.models.question import Question
from feedback_site.questionnaires.models.questionnaire import Questionnaire


class EndPageQuerySet(OwnedQuerySet["EndPage"]):
    team_lookup = "questionnaire__team_id"


@pghistory.track()
class EndPage(models.Model):
    """What a customer reads after the answers, instead of the thanks.

    The first whose conditions hold is shown.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name=_("questionnaire"), on_delete=models.CASCADE, related_name="end_pages"
    )
    key = models.SlugField(_("ID"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text = TextsField(_("text"), max_length=300, blank=True)
    redirect_url = models.URLField(
        _("leads to"),
        max_length=300,
        blank=True,
        help_text=_("Only web addresses that the company allows. Leave empty to end on this page."),
    )
    condition_join = models.CharField(
        _("shown when"), max_length=3, choices=ConditionJoin, default=ConditionJoin.ALL
    )

    objects = EndPageQuerySet.as_manager()

    class Meta:
        verbose_name = _("end page")
        verbose_name_plural = _("end pages")
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "key"], name="%(class)s_key_is_used_once"),
            one_of("condition_join", ConditionJoin, name="joins_its_conditions"),
        ]

    def __str__(self) -> str:
        return self.key


class ConditionQuerySet(OwnedQuerySet["Condition"]):
    team_lookup = "questionnaire__team_id"


@pghistory.track()
class Condition(models.Model):
    """One test of an earlier answer, or of a fact of the event, on which a question or an end page depends.

    `value` is kept as typed: what it is compared with follows
    from the subject's type when the questionnaire is compiled.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name=_("questionnaire"), on_delete=models.CASCADE, related_name="conditions"
    )
    question = models.ForeignKey(
        Question,
        verbose_name=_("question"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="conditions",
    )
    end_page = models.ForeignKey(
        EndPage,
        verbose_name=_("end page"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="conditions",
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    source = models.CharField(
        pgettext_lazy("condition", "when the question"),
        max_length=10,
        choices=ConditionSource,
        default=ConditionSource.ANSWER,
    )
    subject = models.ForeignKey(
        Question,
        verbose_name=_("earlier question"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    fact = models.CharField(_("fact of the event"), max_length=20, choices=EventFact, blank=True)
    operator = models.CharField(
        _("comparison"), max_length=12, choices=ConditionOperator, default=ConditionOperator.EQUALS
    )
    value = models.CharField(
        _("value"), max_length=120, blank=True, help_text=_("A score, or the ID of an option.")
    )

    objects = ConditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        constraints = [
            models.CheckConstraint(
                condition=Q(question__isnull=False, end_page__isnull=True)
                | Q(question__isnull=True, end_page__isnull=False),
                name="%(class)s_belongs_to_a_question_or_an_end_page",
            ),
            models.CheckConstraint(
                condition=Q(source=ConditionSource.ANSWER, subject__isnull=False, fact="")
                | Q(source=ConditionSource.EVENT, subject__isnull=True, fact__in=EventFact.values),
                name="%(class)s_names_what_it_depends_on",
            ),
            one_of("operator", ConditionOperator, name="has_a_known_operator"),
        ]

    def __str__(self) -> str:
        return f"{self.subject or self.fact} {self.operator} {self.value}".strip()
