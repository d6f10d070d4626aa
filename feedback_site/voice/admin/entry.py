"""Complaints, suggestions and praise: what waits for staff, until when, and the steps they can take."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action
from unfold.enums import ActionVariant

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.exporting import ScopedExportMixin
from feedback_site.accounts.selectors import organisation_settings
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.customers.admin.words import SealedWordsMixin
from feedback_site.customers.services import REVEALING
from feedback_site.voice.admin.steps import PASS_ON, STEPS, form_of
from feedback_site.voice.enums import FINAL_STATES, EntryKind, EntryState
from feedback_site.voice.models import VoiceEntry, running_clock
from feedback_site.voice.resources import VoiceEntryResource
from feedback_site.voice.selectors.sheets import due_sentence, entry_sheet, steps_open_to
from feedback_site.voice.services.words import ENTRY_WORDS

WORKING = "voice.change_voiceentry"
LISTED_CHARACTERS = 70
_KIND_COLOURS = {
    EntryKind.COMPLAINT.value: "danger",
    EntryKind.SUGGESTION.value: "info",
    EntryKind.PRAISE.value: "success",
}
_STATE_COLOURS = {
    EntryState.RECEIVED.value: "warning",
    EntryState.ACCEPTED.value: "info",
    EntryState.IN_WORK.value: "info",
    EntryState.UNDER_REVIEW.value: "info",
    EntryState.ADOPTED.value: "success",
    EntryState.DECLINED.value: "default",
    EntryState.CLOSED.value: "success",
}
_DUE_COLOURS = {"due": "default", "overdue": "danger"}


class WaitingFilter(admin.SimpleListFilter):
    """What waits for staff, and what has waited for too long."""

    title = _("waiting")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Offer both."""
        return [("overdue", _("Overdue")), ("unfinished", _("Not finished"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep what waits."""
        if self.value() == "overdue":
            return queryset.filter(due_at__lt=database_now())
        return queryset.exclude(state__in=FINAL_STATES) if self.value() == "unfinished" else queryset


@admin.register(VoiceEntry)
class VoiceEntryAdmin(SealedWordsMixin, ScopedExportMixin, ReadOnlyModelAdmin):
    resource_classes = [VoiceEntryResource]
    words_kind = ENTRY_WORDS
    list_display = ("shown_entry", "shown_kind", "shown_state", "shown_due", "team", "received_at")
    list_filter = (WaitingFilter, "state", "kind", "team")
    list_select_related = ("team",)
    list_before_template = "voice/list_head.html"
    search_fields = ("reference", "ticket_number")
    search_help_text = _("The number that the customer was given, or the ticket number.")
    # What waits for staff comes first, and of that what is due first.
    ordering = (
        Case(When(state__in=FINAL_STATES, then=Value(1)), default=Value(0)),
        running_clock().asc(nulls_last=True),
        "-received_at",
        "-pk",
    )
    change_form_template = "voice/entry.html"
    actions_detail = (
        "accept",
        "close",
        "review",
        "decide",
        "answer",
        "note",
        "hand_over",
        "mark_complex",
        "open_words",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the entries within scope with the end of the clock that runs."""
        return super().get_queryset(request).annotate(due_at=running_clock())

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the list below the way to the page that customers use."""
        above = {"public_address": f"{settings.PUBLIC_BASE_URL}/voice/", "clocks": organisation_settings()}
        return super().changelist_view(request, {**above, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the entry as a sheet."""
        entry = self.entry_to_read(request, object_id)
        context = {
            "title": f"{entry.get_kind_display()} {entry.reference}",
            "subtitle": None,
            **self._sheet(request, entry),
        }
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """Offer what can be done with the entry as it stands."""
        entry = self.get_object(request, str(object_id))
        offered = super().get_actions_detail(request, object_id)
        names = [*steps_open_to(entry, database_now()), "open_words"] if entry else []
        return [entry for entry in offered if entry.path.replace("-", "_") in names]

    # A method, not the permission's name: Unfold's system check looks
    # names up in the database, which `migrate` has yet to make.
    def has_work_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the reader may work on entries."""
        return bool(request.user.has_perm(WORKING))

    @action(
        description=_("Accept"),
        url_path="accept",
        permissions=["work"],
        icon="assignment_turned_in",
        variant=ActionVariant.PRIMARY,
    )
    def accept(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Accept a complaint."""
        return self._take(request, object_id, "accept")

    @action(
        description=pgettext_lazy("case", "Close"),
        url_path="close",
        permissions=["work"],
        icon="task_alt",
        variant=ActionVariant.PRIMARY,
    )
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Close a complaint, or pass praise on."""
        return self._take(request, object_id, "close")

    @action(
        description=_("Take under review"),
        url_path="review",
        permissions=["work"],
        icon="find_in_page",
        variant=ActionVariant.PRIMARY,
    )
    def review(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take a suggestion under review."""
        return self._take(request, object_id, "review")

    @action(description=_("Adopt or decline"), url_path="decide", permissions=["work"], icon="gavel")
    def decide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Adopt or decline a suggestion."""
        return self._take(request, object_id, "decide")

    @action(description=_("Reply to the customer"), url_path="answer", permissions=["work"], icon="reply")
    def answer(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Answer the customer."""
        return self._take(request, object_id, "answer")

    @action(description=_("Note"), url_path="note", permissions=["work"], icon="edit_note")
    def note(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Write a note for colleagues."""
        return self._take(request, object_id, "note")

    @action(description=_("Hand over"), url_path="hand-over", permissions=["work"], icon="move_up")
    def hand_over(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give the entry to another team."""
        return self._take(request, object_id, "hand_over")

    @action(
        description=_("Mark as complex"), url_path="mark-complex", permissions=["work"], icon="account_tree"
    )
    def mark_complex(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """State that a complaint takes longer."""
        return self._take(request, object_id, "mark_complex")

    def entry_to_read(self, request: HttpRequest, object_id: str) -> VoiceEntry:
        """Return the entry if it is within the reader's scope; what is outside does not exist for them."""
        entry: VoiceEntry = self.row_or_404(request, object_id)
        if not self.has_view_permission(request, entry):
            raise PermissionDenied
        return entry

    def _take(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        entry = self.entry_to_read(request, object_id)
        user = staff_of(request)
        if not self.has_work_permission(request):
            raise PermissionDenied
        step = PASS_ON if name == "close" and entry.kind == EntryKind.PRAISE else STEPS[name]
        form = form_of(
            step, name=name, entry=entry, user=user, data=request.POST if request.method == "POST" else None
        )
        if form.is_valid():
            try:
                step.run(entry=entry, by=user, **form.cleaned_data, at=database_now())
            except DomainError as error:
                messages.error(request, str(error.message))
            else:
                messages.success(request, step.done)
            return self._back(request, entry)
        context = {
            **self.admin_site.each_context(request),
            "title": step.heading,
            "opts": self.opts,
            "original": entry,
            "step": step,
        }
        page = {**context, **self._sheet(request, entry), "form": form}
        return TemplateResponse(request, "voice/step.html", page, status=422 if form.is_bound else 200)

    def _back(self, request: HttpRequest, entry: VoiceEntry) -> HttpResponse:
        """Go back to the entry, or to the list where it is out of the reader's sight now."""
        if self.get_queryset(request).filter(pk=entry.pk).exists():
            return redirect("admin:voice_voiceentry_change", entry.pk)
        return redirect("admin:voice_voiceentry_changelist")

    def _sheet(self, request: HttpRequest, entry: VoiceEntry) -> dict[str, Any]:
        user = staff_of(request)
        sheet = entry_sheet(entry=entry, user=user, at=database_now())
        may_open = user.has_perm(REVEALING)
        return {
            "sheet": sheet,
            "entry": entry,
            "may_reveal": sheet.has_contact and may_open,
            "may_open_words": may_open,
        }

    @display(description=_("what was written"), header=True, ordering="reference")
    def shown_entry(self, entry: VoiceEntry) -> tuple[str, str]:
        """The beginning of the text, masked, over the number."""
        return Truncator(entry.text).chars(LISTED_CHARACTERS), entry.reference

    @display(description=_("kind"), ordering="kind", label=_KIND_COLOURS)
    def shown_kind(self, entry: VoiceEntry) -> tuple[str, Any]:
        """Complaint, suggestion or praise."""
        return entry.kind, entry.get_kind_display()

    @display(description=_("state"), ordering="state", label=_STATE_COLOURS)
    def shown_state(self, entry: VoiceEntry) -> tuple[str, Any]:
        """The entry's state, as a label."""
        return entry.state, entry.state_in_words()

    @display(description=pgettext_lazy("clock", "due"), ordering="due_at", label=_DUE_COLOURS)
    def shown_due(self, entry: Any) -> tuple[str, str] | None:
        """How long there is left; nothing where no clock runs."""
        if entry.due_at is None:
            return None
        at = database_now()
        return "overdue" if entry.due_at < at else "due", due_sentence(entry.due_at, at)
