"""Open answers: facts by a person who had a code, apart from responses."""

from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.exporting import ScopedExportMixin
from feedback_site.accounts.admin.list_filters import DayTimeRangeFilter
from feedback_site.customers.admin.words import SealedWordsMixin
from surveys.admin.responses import (
    GOOD_FROM,
    MIXED_FROM,
    PASSIVE_FROM,
    PROMOTER_FROM,
    SCORE_COLOURS,
    colour_of,
    in_words,
    list_answers,
)
from surveys.models import OpenResponse
from surveys.resources import OpenResponseResource
from surveys.services.responses.words import OPEN_WORDS


@admin.register(OpenResponse)
class OpenResponseAdmin(SealedWordsMixin, ScopedExportMixin, ReadOnlyModelAdmin):
    resource_classes = [OpenResponseResource]
    words_kind = OPEN_WORDS
    actions_detail = ("open_words",)
    list_display = (
        "shown_place",
        "score",
        "recommendation",
        "shown_ticket",
        "shown_duplicate",
        "submitted_at",
        "language",
    )
    list_filter = (
        "open_questionnaire",
        "is_duplicate",
        "satisfaction",
        "language",
        ("submitted_at", DayTimeRangeFilter),
    )
    list_filter_submit = True
    list_select_related = ("open_questionnaire__team",)
    ordering = ("-submitted_at", "-pk")
    search_fields = ("ticket_number", "open_questionnaire__code")
    search_help_text = _("The ticket number that the customer named, or the code.")
    fields = (
        "open_questionnaire",
        ("score", "recommendation"),
        "answered",
        ("shown_ticket", "shown_duplicate"),
        ("submitted_at", "language"),
        ("version", "shown_set"),
    )
    technical_fields = ("shown_set",)
    readonly_fields = ("score", "recommendation", "answered", "shown_ticket", "shown_duplicate", "shown_set")

    @display(description=_("place of the code"), header=True)
    def shown_place(self, response: OpenResponse) -> tuple[str, str]:
        """Where the code was, above whose place it is."""
        return response.open_questionnaire.label, response.open_questionnaire.team.name

    @display(description=_("satisfaction"), ordering="satisfaction", label=SCORE_COLOURS)
    def score(self, response: OpenResponse) -> tuple[str, str] | None:
        """Stars out of five, green from four."""
        if response.satisfaction is None:
            return None
        return colour_of(response.satisfaction, GOOD_FROM, MIXED_FROM), f"★ {response.satisfaction}"

    @display(description=_("recommendation"), ordering="nps", label=SCORE_COLOURS)
    def recommendation(self, response: OpenResponse) -> tuple[str, str] | None:
        """0-10, green for promoters."""
        return (
            None
            if response.nps is None
            else (colour_of(response.nps, PROMOTER_FROM, PASSIVE_FROM), str(response.nps))
        )

    @display(description=_("ticket number"), ordering="ticket_number")
    def shown_ticket(self, response: OpenResponse) -> str:
        """As the customer typed it: no one has checked it."""
        return response.ticket_number or "–"

    @display(description=_("device"), ordering="is_duplicate", label={"again": "warning"})
    def shown_duplicate(self, response: OpenResponse) -> tuple[str, Any] | None:
        """Whether the same device had answered here before on that day."""
        return ("again", _("same device again")) if response.is_duplicate else None

    @display(description=_("question rotation group"))
    def shown_set(self, response: OpenResponse) -> str:
        """The set of questions that was drawn."""
        return response.question_set or "–"

    @display(description=_("answers"))
    def answered(self, response: OpenResponse) -> SafeString:
        """Each question as the customer read it, and the answer."""
        return list_answers(in_words(response.version.content, response.answers))
