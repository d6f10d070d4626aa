"""Open questionnaires: codes to print, and how many answered."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from unfold.decorators import action
from unfold.enums import ActionVariant

from feedback_site.accounts.admin.display import display
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.common.languages import Language
from feedback_site.common.public_pages import brand
from feedback_site.improvements.admin.base import ServiceModelAdmin
from surveys.enums import OpenState
from surveys.forms import OpenQuestionnaireForm
from surveys.models import OpenQuestionnaire
from surveys.pages.qr_codes import draw_qr, qr_file
from surveys.selectors.open_questionnaires import state_of
from surveys.services.open_questionnaires.opening import (
    address_of,
    close_open_questionnaire,
    reopen_open_questionnaire,
    save_open_questionnaire,
)

_COLOURS = {
    OpenState.OPEN: "success",
    OpenState.TO_COME: "info",
    OpenState.OVER: "warning",
    OpenState.CLOSED: "default",
}
_FILE_TYPES = {"svg": "image/svg+xml", "png": "image/png"}
# Not every browser knows A6 by name.
CARD_SIZES = {"a4": "210mm 297mm", "a6": "105mm 148mm"}
# Of the card's width, in hundredths: what an address may take, and a character of it at most.
_ADDRESS_WIDTH, _LARGEST_CHARACTER, _SMALLEST_CHARACTER = 80, 3.9, 2.4


@admin.register(OpenQuestionnaire)
class OpenQuestionnaireAdmin(ServiceModelAdmin):
    form = OpenQuestionnaireForm
    list_display = ("shown_place", "shown_code", "shown_state", "team", "open_answers", "same_device")
    list_filter = ("team", "questionnaire", "language")
    list_select_related = ("team", "questionnaire")
    search_fields = ("label", "code")
    search_help_text = _("Place or code.")
    ordering = ("label", "pk")
    readonly_fields = ("shown_address", "shown_state", "counted", "created_at", "closed_at")
    actions_detail = ("card", "qr_svg", "qr_png", "close", "reopen")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OpenQuestionnaire]:
        """Return those within scope with the number of their answers.

        And the moment that they are looked at.
        """
        again = Count("responses", filter=Q(responses__is_duplicate=True))
        return (
            super().get_queryset(request).annotate(answers_now=Count("responses"), again_now=again, at=Now())
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the address and the count of one that there is."""
        asked = (
            (None, {"fields": ("label", ("team", "questionnaire"), ("language", "asks_ticket_number"))}),
            (
                _("When it takes answers"),
                {
                    "fields": ("starts_at", "ends_at"),
                    "description": _("Leave empty: from now on, until you stop it."),
                },
            ),
        )
        if obj is None:
            return asked
        return (
            (None, {"fields": ("shown_address", "shown_state", "counted", ("created_at", "closed_at"))}),
            *asked,
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Fix what answers are read by: another questionnaire or team is another place."""
        return (*self.readonly_fields, *(("team", "questionnaire") if obj else ()))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Offer the reader's own team."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        return {"team": staff_of(request).team_id, **initial}

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """Offer closing or opening again, as it stands."""
        opened = self.get_object(request, str(object_id))
        if opened is None:
            return []
        hidden = "reopen" if opened.closed_at is None else "close"
        return [offer for offer in super().get_actions_detail(request, object_id) if offer.path != hidden]

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save by the service."""
        if isinstance(obj, OpenQuestionnaire):
            save_open_questionnaire(opened=obj, at=database_now())

    @action(
        description=_("Card to print"),
        url_path="card",
        icon="print",
        permissions=["look"],
        variant=ActionVariant.PRIMARY,
    )
    def card(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show a card of A4 or A6."""
        opened, size = self._row(request, object_id), request.GET.get("size", "")
        size = size if size in CARD_SIZES else next(iter(CARD_SIZES))
        address = address_of(opened)
        sides = [
            _side(opened, language)
            for language in sorted(Language.values, key=lambda code: code != opened.language)
        ]
        context = {
            "opened": opened,
            "sides": sides,
            "sizes": CARD_SIZES,
            "size": size,
            "page_size": CARD_SIZES[size],
            "colour": brand().colour,
            "qr": draw_qr(address, title=address),
            **_spelled(address),
        }
        return TemplateResponse(request, "surveys/card.html", context)

    @action(description=_("QR (SVG)"), url_path="qr-svg", icon="qr_code", permissions=["look"])
    def qr_svg(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Hand over the code for print."""
        return _file(self._row(request, object_id), "svg")

    @action(description=_("QR (PNG)"), url_path="qr-png", icon="image", permissions=["look"])
    def qr_png(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Hand over the code for documents."""
        return _file(self._row(request, object_id), "png")

    @action(
        description=_("Stop taking answers"),
        url_path="close",
        icon="block",
        permissions=["work"],
        variant=ActionVariant.WARNING,
    )
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, then take no more answers."""
        return self._step(request, object_id, is_closing=True)

    @action(description=_("Open again"), url_path="reopen", icon="play_arrow", permissions=["work"])
    def reopen(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, then take answers again."""
        return self._step(request, object_id, is_closing=False)

    # A method, not the permission's name: Unfold's system check looks
    # names up in the database, which `migrate` has yet to make.
    def has_look_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the reader may see codes."""
        return self.has_view_permission(request)

    def _row(self, request: HttpRequest, object_id: str) -> OpenQuestionnaire:
        opened: OpenQuestionnaire = self.row_or_404(request, object_id)
        if not self.has_look_permission(request):
            raise PermissionDenied
        return opened

    def _step(self, request: HttpRequest, object_id: str, *, is_closing: bool) -> HttpResponse:
        opened = self.row_to_change(request, object_id)
        if request.method != "POST":
            context = {
                **self.admin_site.each_context(request),
                "title": opened.label,
                "opts": self.opts,
                "original": opened,
            }
            return TemplateResponse(
                request, "admin/surveys/openquestionnaire/step.html", {**context, "is_closing": is_closing}
            )
        try:
            if is_closing:
                close_open_questionnaire(opened=opened, at=database_now())
            else:
                reopen_open_questionnaire(opened=opened)
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(
                request,
                _("It has stopped taking answers.") if is_closing else _("It is taking answers again."),
            )
        return redirect("admin:surveys_openquestionnaire_change", opened.pk)

    @display(description=_("place of the code"), header=True, ordering="label")
    def shown_place(self, opened: OpenQuestionnaire) -> tuple[str, str]:
        """Where the code is, above what it asks."""
        return opened.label, opened.questionnaire.name

    @display(description=_("code"))
    def shown_code(self, opened: OpenQuestionnaire) -> SafeString:
        """The code, which opens the page for customers."""
        return format_html(
            '<a href="{}" target="_blank" rel="noopener" class="font-mono">{}</a>',
            address_of(opened),
            opened.code,
        )

    @display(description=pgettext_lazy("web", "web address"))
    def shown_address(self, opened: OpenQuestionnaire) -> SafeString:
        """What the QR code says."""
        address = address_of(opened)
        return format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', address, address)

    @display(description=_("state"), label=_COLOURS)
    def shown_state(self, opened: Any) -> tuple[str, Any]:
        """Whether it takes answers now."""
        state = state_of(
            starts_at=opened.starts_at, ends_at=opened.ends_at, closed_at=opened.closed_at, at=opened.at
        )
        return state, state.label

    @display(description=_("open responses (no response rate)"), ordering="answers_now")
    def open_answers(self, opened: Any) -> SafeString:
        """How many answered, and the way to them; no one was asked, so there is no rate."""
        rows = f"{reverse('admin:surveys_openresponse_changelist')}?open_questionnaire__id__exact={opened.pk}"
        return format_html('<a href="{}">{}</a>', rows, opened.answers_now)

    @display(description=_("same device again"), ordering="again_now")
    def same_device(self, opened: Any) -> int:
        """How many came from a device that had answered before on that day."""
        return int(opened.again_now)

    @display(description=_("open responses"))
    def counted(self, opened: Any) -> str:
        """The count in words."""
        text = ngettext(
            "Open response: %(count)d (no response rate), of these %(again)d from a device that had already "
            "answered here on that day.",
            "Open responses: %(count)d (no response rate), of these %(again)d from a device that had already "
            "answered here on that day.",
            opened.answers_now,
        )
        return text % {"count": opened.answers_now, "again": opened.again_now}


def _side(opened: OpenQuestionnaire, language: str) -> dict[str, Any]:
    """Return what the card says in one language."""
    with translation.override(language):
        return {
            "language": "zh-Hans" if language == Language.CHINESE else language,
            "title": opened.questionnaire.title.in_language(language),
            "plea": str(_("Scan the code with your phone and tell us. You need no account and no name.")),
            "type": str(_("Or type this web address:")),
        }


def _spelled(address: str) -> dict[str, Any]:
    """Return the address in letters, as the printed page shows it below the code.

    It comes in two parts, between which a line may break, with the size at which it fits in one line.
    """
    host, _slash, rest = address.partition("//")[2].removesuffix("/").partition("/")
    fitting = _ADDRESS_WIDTH / (0.62 * (len(host) + len(rest) + 1))
    return {
        "host": host,
        "rest": f"/{rest}",
        "characters": f"{min(_LARGEST_CHARACTER, max(_SMALLEST_CHARACTER, fitting)):.2f}",
    }


def _file(opened: OpenQuestionnaire, kind: str) -> HttpResponse:
    name = f'attachment; filename="qr-{opened.code}.{kind}"'
    return HttpResponse(
        qr_file(address_of(opened), kind=kind),
        content_type=_FILE_TYPES[kind],
        headers={"Content-Disposition": name},
    )
