"""Questionnaires as staff edit them, and the frozen versions that customers answer."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import OwnedQuerySet, Team
from feedback_site.common.constraints import one_of
from feedback_site.common.languages import Language
from feedback_site.common.texts import Named, TextsField
from feedback_site.questionnaires.document import Document, read_document
from feedback_site.questionnaires.enums import Layout


class QuestionnaireQuerySet(OwnedQuerySet["Questionnaire"]):
    """Questionnaires by the team that owns them; one without an owner is shared."""


@pghistory.track()
class Questionnaire(Named):
    """The draft: rows that staff edit. `name` is what staff call it; the customer reads the title."""

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    # A draft may be unfinished: its form and publishing ask for what it cannot do without.
    title = TextsField(_("title"), max_length=120, blank=True)
    intro = TextsField(_("introduction"), max_length=300, blank=True)
    thanks = TextsField(_("thanks"), max_length=300, blank=True)
    privacy = TextsField(_("privacy notice"), max_length=500, blank=True)
    hotline = models.CharField(
        _("service hotline"), max_length=40, blank=True, help_text=_("Shown to the customer to call instead.")
    )
    layout = models.CharField(_("layout"), max_length=10, choices=Layout, default=Layout.PAGES)
    default_language = models.CharField(
        _("default language"), max_length=10, choices=Language, default=Language.CHINESE
    )
    team = models.ForeignKey(
        Team,
        verbose_name=pgettext_lazy("questionnaire", "owner team"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_(
            "This team and the teams above it can change it; the teams below can use it. Leave empty to "
            "share it with the whole company."
        ),
    )
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        constraints = [
            one_of("default_language", Language, name="has_a_known_default_language"),
            one_of("layout", Layout, name="has_a_known_layout"),
        ]


class QuestionnaireVersionQuerySet(OwnedQuerySet["QuestionnaireVersion"]):
    team_lookup = "questionnaire__team_id"


class QuestionnaireVersion(models.Model):
    """One published state of a questionnaire: a frozen JSON document, see `services.publishing`."""

    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name=_("questionnaire"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("number"))
    document = models.JSONField(_("document"))
    breaks = models.JSONField(
        _("figures not comparable"),
        default=list,
        blank=True,
        help_text=_(
            "Questions whose wording or scale changed: figures before and after may not be comparable."
        ),
    )
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = QuestionnaireVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="%(class)s_number_is_used_once")
        ]
        triggers = [
            pgtrigger.Protect(name="published_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return gettext("%(name)s, version %(number)d") % {
            "name": self.document.get("slug", ""),
            "number": self.number,
        }

    @cached_property
    def content(self) -> Document:
        """What it says, read from its JSON."""
        return read_document(self.document)
