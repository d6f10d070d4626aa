"""Responses as they were given, and those not counted yet."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.exporting import ScopedExportMixin
from feedback_site.accounts.admin.list_filters import DayTimeRangeFilter
from feedback_site.accounts.models import Organisation
from feedback_site.common.languages import reader_language
from feedback_site.customers.admin.words import SealedWordsMixin
from feedback_site.questionnaires.document import Document
from feedback_site.questionnaires.questions import Statistics, compile_question
from surveys.models import PendingTally, Response, ResponseSource
from surveys.resources import ResponseResource
from surveys.services.responses.fees import compare_fee
from surveys.services.responses.words import RESPONSE_WORDS

GOOD, MIXED, BAD = "good", "mixed", "bad"
SCORE_COLOURS = {GOOD: "success", MIXED: "warning", BAD: "danger"}
GOOD_FROM, MIXED_FROM = 4, 3
PROMOTER_FROM, PASSIVE_FROM = 9, 7


@admin.register(Response)
class ResponseAdmin(SealedWordsMixin, ScopedExportMixin, ReadOnlyModelAdmin):
    resource_classes = [ResponseResource]
    words_kind = RESPONSE_WORDS
    actions_detail = ("open_words",)
    list_display = (
        "shown_event",
        "score",
        "recommendation",
        "team",
        "shown_survey",
        "mode",
        "given_on_site",
        "submitted_at",
        "language",
    )
    list_filter = (
        "satisfaction",
        "invitation__purpose",
        "invitation__origin",
        "mode",
        "on_site__is_confirmed",
        "on_site__is_counted",
        "language",
        "invitation__survey",
        "invitation__credited_team",
        ("submitted_at", DayTimeRangeFilter),
    )
    list_filter_submit = True
    list_select_related = (
        "invitation__service_event",
        "invitation__credited_team",
        "invitation__survey",
        "invitation__kind",
        "source",
        "on_site",
    )
    ordering = ("-submitted_at", "-pk")
    search_fields = ("invitation__service_event__external_id",)
    search_help_text = _("Ticket number.")
    fields = (
        "shown_event",
        ("team", "agent"),
        ("purpose", "shown_survey"),
        ("score", "recommendation"),
        "answered",
        "fee_check",
        "given_files",
        ("submitted_at", "language"),
        ("mode", "filled_in_by"),
        ("given_on_site", "shown_by"),
        ("question_set", "shown_source"),
    )
    technical_fields = ("question_set",)
    readonly_fields = (
        "shown_event",
        "team",
        "agent",
        "purpose",
        "shown_survey",
        "score",
        "recommendation",
        "answered",
        "fee_check",
        "given_files",
        "filled_in_by",
        "given_on_site",
        "shown_by",
        "question_set",
        "shown_source",
    )

    @display(description=_("service event"), header=True)
    def shown_event(self, response: Response) -> tuple[str, str]:
        """The event answered about, above its kind."""
        invitation = response.invitation
        event = invitation.service_event
        return (str(event) if event else str(invitation.pk)), invitation.kind.name if invitation.kind else ""

    @display(description=_("satisfaction"), ordering="satisfaction", label=SCORE_COLOURS)
    def score(self, response: Response) -> tuple[str, str] | None:
        """Stars out of five, green from four."""
        if response.satisfaction is None:
            return None
        return colour_of(response.satisfaction, GOOD_FROM, MIXED_FROM), f"★ {response.satisfaction}"

    @display(description=_("recommendation"), ordering="nps", label=SCORE_COLOURS)
    def recommendation(self, response: Response) -> tuple[str, str] | None:
        """0-10, green for promoters."""
        return (
            None
            if response.nps is None
            else (colour_of(response.nps, PROMOTER_FROM, PASSIVE_FROM), str(response.nps))
        )

    @display(description=_("counts for team"))
    def team(self, response: Response) -> str:
        """Whose work it was."""
        return str(response.invitation.credited_team)

    @display(description=_("agent"))
    def agent(self, response: Response) -> str:
        """Who served."""
        return str(response.invitation.agent or "–")

    @display(description=_("survey rule"))
    def shown_survey(self, response: Response) -> str:
        """The rule that asked, else the purpose."""
        return str(response.invitation.survey or response.invitation.get_purpose_display())

    @display(description=pgettext_lazy("response", "survey type"))
    def purpose(self, response: Response) -> str:
        """What the customer was asked for."""
        return response.invitation.get_purpose_display()

    @display(description=_("question rotation group"))
    def question_set(self, response: Response) -> str:
        """The set of questions that was drawn for this customer."""
        return response.invitation.question_set or "–"

    @display(description=_("filled in by"))
    def filled_in_by(self, response: Response) -> str:
        """The member of staff who asked, or copied what was handed in.

        A dash where the customer answered, or where a return visit says who.
        """
        interview = getattr(response, "interview", None)
        return (
            str(interview.interviewer.get_full_name() or interview.interviewer.get_username())
            if interview
            else "–"
        )

    @display(
        description=_("answered on site"),
        label={
            "confirmed": "success",
            "unconfirmed": "warning",
            "beside": "info",
            "beside_unconfirmed": "warning",
        },
    )
    def given_on_site(self, response: Response) -> tuple[str, Any] | None:
        """Whether it was given to a code that staff showed, and counted.

        The customer's phone has confirmed it.
        """
        mark = getattr(response, "on_site", None)
        if mark is None:
            return None
        if mark.is_confirmed:
            return (
                ("confirmed", _("confirmed, counted"))
                if mark.is_counted
                else ("beside", _("confirmed, not counted"))
            )
        return (
            ("unconfirmed", _("unconfirmed, counted"))
            if mark.is_counted
            else ("beside_unconfirmed", _("unconfirmed, not counted"))
        )

    @display(description=_("code shown by"))
    def shown_by(self, response: Response) -> str:
        """The member of staff who showed the code."""
        mark = getattr(response, "on_site", None)
        return str(mark.link.shown_by.get_full_name() or mark.link.shown_by.get_username()) if mark else "–"

    @display(description=_("collected elsewhere"))
    def shown_source(self, response: Response) -> str:
        """The system that collected the answer and its number there; a dash: it was given on our own page."""
        source = getattr(response, "source", None)
        return str(source) if source else "–"

    @display(description=_("answers"))
    def answered(self, response: Response) -> SafeString:
        """Each question as the customer read it, and the answer."""
        return list_answers(answers_in_words(response))

    @display(description=_("fee check"))
    def fee_check(self, response: Response) -> str:
        """What comparing the fee with the ticket found, also that there was nothing to compare with.

        A dash: no fee was asked.
        """
        event = response.invitation.service_event
        compared = compare_fee(
            version_id=response.invitation.version_id,
            answers=response.answers,
            attributes=event.attributes if event else None,
            organisation=Organisation.objects.current(),
        )
        if compared is None:
            return "–"
        figures = [f"{figure:,.2f}" for figure in (compared.paid, compared.charged) if figure is not None]
        return f"{compared.found.label} ({' / '.join(figures)})"

    @display(description=_("files and signatures"))
    def given_files(self, response: Response) -> SafeString | str:
        """What the customer gave beside words, each leading to where it can be opened on record."""
        files = response.invitation.files.submitted().without_content().order_by("question_key", "pk")
        links = (
            (
                reverse("admin:surveys_responsefile_change", args=[file.pk]),
                file.question_key,
                file.file.get_content_type_display(),
            )
            for file in files
        )
        return (
            format_html_join(
                mark_safe("<br>"),
                '<a class="text-primary-600 dark:text-primary-500 underline" href="{}">{} · {}</a>',
                links,
            )
            or "–"
        )


def answers_in_words(response: Response) -> Iterator[tuple[str, str]]:
    """Yield what was asked and answered, as `in_words` does."""
    return in_words(response.invitation.version.content, response.answers)


def in_words(document: Document, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield question text and answer in the reader's language, in the order of the questionnaire.

    Unanswered questions show a dash.
    """
    language = reader_language().value
    for question in document.questions:
        compiled = compile_question(question)
        if compiled.statistics is not Statistics.NONE:
            yield question.text[language], compiled.in_words(answers, language=language) or "–"


def list_answers(rows: Iterator[tuple[str, str]]) -> SafeString:
    """Return questions and answers as a list."""
    items = format_html_join(
        "", '<dt class="font-medium">{}</dt><dd class="mb-3 ps-4 whitespace-pre-wrap">{}</dd>', list(rows)
    )
    return format_html("<dl>{}</dl>", items)


def colour_of(score: int, good_from: int, mixed_from: int) -> str:
    """Return whether a score is good, mixed or bad."""
    if score >= good_from:
        return GOOD
    return MIXED if score >= mixed_from else BAD


@admin.register(PendingTally)
class PendingTallyAdmin(ReadOnlyModelAdmin):
    list_display = ("response", "submitted_at")
    list_select_related = ("response",)
    ordering = ("-pk",)

    @display(description=_("submitted at"))
    def submitted_at(self, pending: PendingTally) -> Any:
        """When the answer came in; it is counted within seconds."""
        return pending.response.submitted_at


@admin.register(ResponseSource)
class ResponseSourceAdmin(ReadOnlyModelAdmin):
    list_display = ("shown_number", "shown_event", "shown_mode", "answered_at", "recorded_at")
    list_filter = (
        "system",
        "response__mode",
        "response__invitation__origin",
        ("recorded_at", DayTimeRangeFilter),
    )
    list_filter_submit = True
    list_select_related = ("response__invitation__service_event", "response__invitation__credited_team")
    ordering = ("-recorded_at", "-pk")
    search_fields = ("external_id", "response__invitation__service_event__external_id")
    search_help_text = _("Number of the response, or ticket number.")
    fields = (
        "shown_number",
        "response",
        "shown_event",
        ("shown_mode", "origin"),
        ("answered_at", "recorded_at"),
    )
    readonly_fields = ("shown_number", "shown_event", "shown_mode", "origin", "answered_at")

    @display(description=_("answer"), header=True)
    def shown_number(self, source: ResponseSource) -> tuple[str, str]:
        """The number of the answer above the system that collected it."""
        return source.external_id, source.system

    @display(description=_("service event"), header=True)
    def shown_event(self, source: ResponseSource) -> tuple[str, str]:
        """The event answered about (a dash: the customer answered about none) above the credited team."""
        invitation = source.response.invitation
        return str(invitation.service_event or "–"), str(invitation.credited_team)

    @display(description=pgettext_lazy("response", "how it was filled in"))
    def shown_mode(self, source: ResponseSource) -> str:
        """How the customer answered."""
        return source.response.get_mode_display()

    @display(description=pgettext_lazy("response", "collection channel"))
    def origin(self, source: ResponseSource) -> str:
        """Whether we had asked ourselves."""
        return source.response.invitation.get_origin_display()

    @display(description=_("answered at"), ordering="response__submitted_at")
    def answered_at(self, source: ResponseSource) -> Any:
        """When the customer answered."""
        return source.response.submitted_at
