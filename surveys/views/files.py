"""Opening a customer's file, for staff: the answer to one POST is the file, and no address ever is."""

import uuid

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from feedback_site.accounts.enums import AccessReason
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.customers.forms import RevealForm
from feedback_site.customers.services import REVEALING
from surveys.models import ResponseFile
from surveys.services.files import OpenedFile, open_response_file

# Whatever a file holds, it is never a page of this site.
_ALONE = "default-src 'none'; sandbox"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("opened")
def file_page(request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
    """Ask for the reason; given one, put the look on record and send the file this once."""
    user = staff_of(request, REVEALING)
    file = ResponseFile.objects.for_user(user).submitted().without_content().filter(pk=object_id).first()
    if file is None:
        raise Http404
    form = RevealForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, file, form, status=400 if form.is_bound else 200)
    reason, note = AccessReason(form.cleaned_data["reason"]), form.cleaned_data["note"]
    try:
        opened = open_response_file(file_id=file.pk, by=user, reason=reason, note=note, at=database_now())
    except DomainError as error:
        form.add_error("note" if error.extra.get("field") == "note" else None, str(error.message))
        return _page(request, file, form, status=error.status_code)
    return _download(opened)


def _download(opened: OpenedFile) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{opened.name}"',
        "Content-Security-Policy": _ALONE,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(opened.content, content_type=opened.content_type, headers=headers)


def _page(request: HttpRequest, file: ResponseFile, form: RevealForm, *, status: int = 200) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Open a file uploaded by a customer"),
        "opts": ResponseFile._meta,  # noqa: SLF001 - Django's documented API
        "file": file,
        "form": form,
    }
    return TemplateResponse(request, "surveys/open_file.html", context, status=status)
