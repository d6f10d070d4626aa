"""Evaluation records: one subject, one period, one scheme, one grade that can be defended."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from feedback_site.common.constraints import one_of, within
from feedback_site.common.ids import uuid7
from feedback_site.evaluations.enums import Grade, RecordStatus
from feedback_site.evaluations.models.indicator import Indicator
from feedback_site.evaluations.models.scheme import EvaluationScheme
from feedback_site.evaluations.models.subject import OfSubject, SubjectQuerySet
from feedback_site.evaluations.rules import period_in_words

_OF_ONE_PERIOD = (
    "scheme",
    "subject_kind",
    "team",
    "agent",
    "channel",
    "kind",
    "period_kind",
    "period_start",
)


class EvaluationRecordQuerySet(SubjectQuerySet["EvaluationRecord"]):
    """Records by subject."""


class EvaluationRecord(OfSubject):
    """The weighted score and grade of a subject in a period.

    A published one is frozen: late answers make a new revision.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scheme = models.ForeignKey(
        EvaluationScheme, verbose_name=_("scheme"), on_delete=models.PROTECT, related_name="records"
    )
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    status = models.CharField(_("status"), max_length=10, choices=RecordStatus, default=RecordStatus.DRAFT)
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=1, null=True, blank=True)
    grade = models.CharField(_("grade"), max_length=12, choices=Grade, blank=True)
    weight_covered = models.DecimalField(_("weight with data (%)"), max_digits=5, decimal_places=2, default=0)
    calculated_at = models.DateTimeField(_("calculated at"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    is_by_one_person = models.BooleanField(
        _("reviewed and published by one person"), default=False, editable=False
    )

    objects = EvaluationRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation record")
        verbose_name_plural = _("evaluation records")
        constraints = [
            *OfSubject.Meta.constraints,
            models.UniqueConstraint(
                fields=[*_OF_ONE_PERIOD, "revision"],
                nulls_distinct=False,
                name="%(class)s_is_stated_once_per_revision",
            ),
            models.UniqueConstraint(
                fields=_OF_ONE_PERIOD,
                condition=~Q(status=RecordStatus.PUBLISHED),
                nulls_distinct=False,
                name="%(class)s_has_one_unpublished_revision",
            ),
            one_of("status", RecordStatus, name="has_a_known_status"),
            models.CheckConstraint(
                condition=Q(grade="") | Q(grade__in=Grade.values), name="%(class)s_has_a_known_grade"
            ),
            models.CheckConstraint(
                condition=Q(grade="") | Q(score__isnull=False), name="%(class)s_grade_rests_on_a_score"
            ),
            within("score", 0, 100, name="score_is_of_100"),
            models.CheckConstraint(
                condition=~Q(status=RecordStatus.PUBLISHED)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="%(class)s_published_states_who_and_when",
            ),
            # One person is enough only where the organisation's
            # settings said so at the time, which is on the record then.
            models.CheckConstraint(
                condition=~Q(status=RecordStatus.PUBLISHED)
                | Q(is_by_one_person=True)
                | (Q(reviewed_by__isnull=False) & ~Q(reviewed_by=F("published_by"))),
                name="%(class)s_published_by_another_person",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_is_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status=RecordStatus.PUBLISHED.value),
            )
        ]

    def __str__(self) -> str:
        return gettext("%(period)s, revision %(number)d") % {
            "period": period_in_words(self.period_kind, self.period_start),
            "number": self.revision,
        }


class RecordLineQuerySet(SubjectQuerySet["RecordLine"]):
    team_lookup = "record__team_id"
    subject_lookup = "record__"


class RecordLine(models.Model):
    """One indicator within a record: what was measured, what it weighs, what it earned (0-100).

    A null score means no data.
    """

    record = models.ForeignKey(
        EvaluationRecord, verbose_name=_("evaluation record"), on_delete=models.CASCADE, related_name="lines"
    )
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="+"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    weight = models.DecimalField(_("weight (%)"), max_digits=5, decimal_places=2)
    value = models.DecimalField(
        pgettext_lazy("indicator", "result"), max_digits=12, decimal_places=4, null=True
    )
    n = models.PositiveIntegerField(_("n"), default=0)
    low = models.DecimalField(_("low"), max_digits=12, decimal_places=4, null=True)
    high = models.DecimalField(_("high"), max_digits=12, decimal_places=4, null=True)
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=3, null=True)
    source = models.CharField(_("source"), max_length=20, blank=True)

    objects = RecordLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        constraints = [
            models.UniqueConstraint(
                fields=["record", "indicator"], name="%(class)s_states_an_indicator_once"
            ),
            within("score", 0, 100, name="score_is_of_100"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=(
                    "IF EXISTS (SELECT 1 FROM evaluations_evaluationrecord "
                    "WHERE id IN (NEW.record_id, OLD.record_id) AND status = 'published') "
                    "THEN RAISE EXCEPTION 'a published evaluation record is frozen' USING ERRCODE = "
                    "'restrict_violation'; END IF;"
                    "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
                ),
            )
        ]

    def __str__(self) -> str:
        return gettext("Indicator score")
