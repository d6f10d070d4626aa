"""Files and signatures of responses: what there is.

What they show is opened on a page of its own, on record.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.list_filters import DayTimeRangeFilter
from feedback_site.customers.services import REVEALING
from surveys.models import ResponseFile
from surveys.models.file import ResponseFileQuerySet
from surveys.views.files import file_page


@admin.register(ResponseFile)
class ResponseFileAdmin(ReadOnlyModelAdmin):
    list_display = ("shown_event", "question_key", "shown_kind", "size", "team", "submitted_at")
    list_filter = ("invitation__survey", "invitation__credited_team", ("submitted_at", DayTimeRangeFilter))
    list_filter_submit = True
    list_select_related = (
        "file",
        "invitation__service_event",
        "invitation__credited_team",
        "invitation__kind",
    )
    ordering = ("-submitted_at", "-pk")
    search_fields = ("invitation__service_event__external_id",)
    search_help_text = _("Ticket number.")
    fields = ("shown_event", ("question_key", "shown_kind"), ("size", "team"), ("arrived_at", "submitted_at"))
    readonly_fields = ("shown_event", "shown_kind", "size", "team")
    actions_detail = ("open_file",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the files of responses, without what they hold.

        Staff never see a file that was not submitted.
        """
        rows: ResponseFileQuerySet = super().get_queryset(request)  # type: ignore[assignment]  # the manager's own
        return rows.submitted().without_content()

    def get_urls(self) -> list[URLPattern]:
        """Add the page that opens a file."""
        page = self.admin_site.admin_view(file_page)
        return [path("<uuid:object_id>/open/", page, name="surveys_responsefile_open"), *super().get_urls()]

    def has_reveal_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the reader sees personal data, for a reason and on record."""
        return bool(request.user.has_perm(REVEALING))

    @action(description=_("Open the file"), url_path="open-file", permissions=["reveal"], icon="visibility")
    def open_file(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that asks for the reason."""
        return redirect("admin:surveys_responsefile_open", self.row_or_404(request, object_id).pk)

    @display(description=_("service event"), header=True)
    def shown_event(self, file: ResponseFile) -> tuple[str, str]:
        """The event answered about, above its kind."""
        invitation = file.invitation
        event = invitation.service_event
        return (str(event) if event else str(invitation.pk)), invitation.kind.name if invitation.kind else ""

    @display(description=_("kind"))
    def shown_kind(self, file: ResponseFile) -> str:
        """What it is."""
        return file.file.get_content_type_display()

    @display(description=_("size"))
    def size(self, file: ResponseFile) -> str:
        """How large it is in clear."""
        return filesizeformat(file.file.size)

    @display(description=_("counts for team"))
    def team(self, file: ResponseFile) -> str:
        """Whose work it was."""
        return str(file.invitation.credited_team)
