"""Responses: facts that are never updated."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet, Team, User
from feedback_site.common.constraints import one_of, within
from feedback_site.common.headings import dated
from feedback_site.common.languages import Language
from surveys.enums import ResponseMode
from surveys.models.invitation import Invitation


class ResponseQuerySet(ScopedQuerySet["Response"]):
    team_lookup = "invitation__team_id"


class Response(models.Model):
    """The answers to one invitation. The invitation is the primary key: one counted answer per invitation.

    `answers` is keyed by question key; what is counted is promoted to typed columns. `off_path` holds
    what was answered before another answer took the question out of the way: kept, never counted.
    """

    invitation = models.OneToOneField(
        Invitation,
        verbose_name=_("invitation"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="response",
    )
    answers = models.JSONField(_("answers"))
    answers_hash = models.BinaryField(max_length=32, editable=False)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True)
    nps = models.PositiveSmallIntegerField(_("recommendation"), null=True)
    ces = models.PositiveSmallIntegerField(_("effort"), null=True)
    off_path = models.JSONField(_("answers skipped by conditions"), null=True)
    language = models.CharField(_("language"), max_length=10, choices=Language)
    mode = models.CharField(
        pgettext_lazy("response", "how it was filled in"),
        max_length=10,
        choices=ResponseMode,
        default=ResponseMode.WEB,
    )
    submitted_at = models.DateTimeField(_("submitted at"))

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        indexes = [models.Index(fields=["-submitted_at"], name="response_newest_first")]
        constraints = [
            within("satisfaction", 1, 5, name="satisfaction_is_1_to_5"),
            within("nps", 0, 10, name="nps_is_0_to_10"),
            within("ces", 1, 7, name="ces_is_1_to_7"),
            one_of("mode", ResponseMode, name="has_a_known_mode"),
        ]
        triggers = [
            pgtrigger.Protect(name="facts_are_only_added", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return dated(gettext("Response"), self.submitted_at)


class PendingTallyQuerySet(ScopedQuerySet["PendingTally"]):
    team_lookup = "response__invitation__team_id"


class PendingTally(models.Model):
    """A response not yet counted.

    It is written with the response in one statement, deleted with its counts in one transaction.
    """

    response = models.OneToOneField(Response, on_delete=models.PROTECT, primary_key=True, related_name="+")

    objects = PendingTallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("pending tally")
        verbose_name_plural = _("pending tallies")

    def __str__(self) -> str:
        return str(self.response_id)


class ResponseInterviewQuerySet(ScopedQuerySet["ResponseInterview"]):
    team_lookup = "response__invitation__team_id"


class ResponseInterview(models.Model):
    """Who filled in the questionnaire of a survey's invitation for the customer.

    Without such a row customers answered themselves.
    """

    response = models.OneToOneField(
        Response,
        verbose_name=_("response"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="interview",
    )
    interviewer = models.ForeignKey(
        User, verbose_name=_("filled in by"), on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = ResponseInterviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire filled in for a customer")
        verbose_name_plural = _("questionnaires filled in for customers")
        triggers = [
            pgtrigger.Protect(name="facts_are_only_added", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return dated(gettext("Filled in for a customer"), self.recorded_at)


class ResponseSourceQuerySet(ScopedQuerySet["ResponseSource"]):
    team_lookup = "response__invitation__team_id"


class ResponseSource(models.Model):
    """Where an answer that was collected elsewhere comes from: its number there is taken in once.

    A number is known within `intake_team`: another team
    neither finds out that it was given nor takes it away.
    """

    response = models.OneToOneField(
        Response,
        verbose_name=_("response"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="source",
    )
    system = models.CharField(_("system"), max_length=40)
    external_id = models.CharField(_("response number"), max_length=80)
    intake_team = models.ForeignKey(
        Team,
        verbose_name=_("known within"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text=_(
            "The team whose system or file brought in this number; empty: a system of the whole company."
        ),
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = ResponseSourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source of a response")
        verbose_name_plural = _("sources of responses")
        constraints = [
            models.UniqueConstraint(
                fields=["system", "external_id", "intake_team"],
                nulls_distinct=False,
                name="%(class)s_is_taken_in_once",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="facts_are_only_added", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.system} · {self.external_id}"
