"""What the pages of problems and actions share."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from feedback_site.accounts.admin import ScopedModelAdmin
from feedback_site.common.exceptions import DomainError
from feedback_site.improvements.enums import ActionStatus, ProblemStatus

# Every value needs a colour: Unfold shows the bare value of those without.
STATUS_COLOURS = {
    "overdue": "danger",
    ProblemStatus.OPEN.value: "warning",
    ProblemStatus.CLOSED.value: "default",
    "proved_problem": "success",
    ActionStatus.PLANNED.value: "default",
    ActionStatus.DONE.value: "info",
    ActionStatus.PROVED.value: "success",
    ActionStatus.FAILED.value: "danger",
}


class ServiceModelAdmin(ScopedModelAdmin):
    """Forms that save by services: what a service refuses is said on the page, and nothing is saved."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Show or save the form; another person may have been faster."""
        try:
            response: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            messages.error(request, str(error.message))
            return redirect(request.get_full_path())
        return response

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted: a problem is closed, an action proved or failed."""
        return False

    def row_to_change(self, request: HttpRequest, object_id: str) -> Any:
        """Return the row if it is within the reader's scope and theirs to change; others do not exist."""
        row = self.row_or_404(request, object_id)
        if not self.has_work_permission(request):
            raise PermissionDenied
        return row

    # A method, not the permission's name: Unfold's system check looks
    # names up in the database, which `migrate` has yet to make.
    def has_work_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the reader may change rows like this one, closed ones included."""
        return bool(request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}"))
