"""Import, library and download on the pages of questionnaires."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from feedback_site.accounts.admin import OwnedModelAdmin
from feedback_site.accounts.models import Team, User
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.exceptions import DomainError
from feedback_site.questionnaires.admin.exchange.forms import ConfirmForm, OwnerForm, UploadForm, as_field
from feedback_site.questionnaires.admin.exchange.uploads import Checked, check_upload, examine
from feedback_site.questionnaires.document import Json
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.services.drafts import read_draft
from feedback_site.questionnaires.services.exchange import (
    import_definition,
    slug_is_taken,
    write_definition,
)
from feedback_site.questionnaires.services.exchange.library import add_from_library, library
from feedback_site.questionnaires.services.exchange.reading import MOST_BYTES

if TYPE_CHECKING:
    # The mixin stands before OwnedModelAdmin and uses its scope.
    _Base = OwnedModelAdmin
else:
    _Base = object

_LIST = "admin:questionnaires_questionnaire_changelist"
_PAGE = "admin:questionnaires_questionnaire_change"


class ExchangesQuestionnaires(_Base):
    """Stands before the ModelAdmin of questionnaires, which names these actions among its own."""

    @action(description=_("Import"), url_path="import", icon="upload_file", permissions=["add"])
    def import_questionnaire(self, request: HttpRequest) -> HttpResponse:
        """Look at a file, show what would come of it, and make the draft when that was confirmed."""
        user = staff_of(request)
        if "definition" in request.POST:
            return self._confirm(request, user)
        form = UploadForm(user=user, data=request.POST or None, files=request.FILES or None)
        if request.method == "POST" and form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                checked = check_upload(upload.file, name=upload.name)
            except DomainError as error:
                form.add_error("file", str(error.message))
            else:
                return self._show_checked(request, user, checked, team=form.cleaned_data["team"])
        return self._exchange_page(request, "import", title=_("Import a questionnaire"), form=form)

    @action(description=_("Library"), url_path="library", icon="local_library", permissions=["add"])
    def add_from_library(self, request: HttpRequest) -> HttpResponse:
        """Show the library, and make a draft of what was chosen of it."""
        user = staff_of(request)
        form = OwnerForm(user=user, data=request.POST or None)
        if request.method == "POST" and "slug" in request.POST and form.is_valid():
            try:
                questionnaire = add_from_library(slug=request.POST["slug"], team=form.cleaned_data["team"])
            except DomainError as error:
                messages.error(request, str(error.message))
            else:
                messages.success(
                    request, _("The questionnaire is a draft now. Edit it as you need it, then publish it.")
                )
                return redirect(_PAGE, questionnaire.pk)
        known = dict(self.get_queryset(request).values_list("slug", "pk"))
        entries = [
            {
                "entry": entry,
                "asked": [one for one in entry.document.questions if QUESTION_CLASSES[one.type].asks],
                "pk": known.get(entry.slug),
            }
            for entry in library()
        ]
        return self._exchange_page(
            request, "library", title=_("Library of questionnaires"), form=form, entries=entries
        )

    @action(description=_("Download"), url_path="definition", icon="download", permissions=["view"])
    def download_definition(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Hand over the draft as a file that can be imported elsewhere."""
        questionnaire = self.row_or_404(request, object_id)
        data = write_definition(read_draft(questionnaire))
        name = quote(f"{questionnaire.slug}.json")
        return HttpResponse(
            data,
            content_type="application/json",
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
        )

    def _confirm(self, request: HttpRequest, user: User) -> HttpResponse:
        form = ConfirmForm(user=user, data=request.POST)
        if form.is_valid():
            definition = {**form.cleaned_data["definition"], "slug": form.cleaned_data["slug"]}
            try:
                questionnaire = self._import(user, definition, form)
            except DomainError as error:
                form.add_error("slug", str(error.message))
            else:
                messages.success(
                    request, _("The questionnaire is a draft now. Edit it as you need it, then publish it.")
                )
                return redirect(_PAGE, questionnaire.pk)
        if "definition" in form.errors:
            messages.error(request, " ".join(str(error) for error in form.errors["definition"]))
            return redirect("admin:questionnaires_questionnaire_import_questionnaire")
        return self._checked_page(request, form, examine(form.cleaned_data["definition"]))

    def _import(self, user: User, definition: Json, form: ConfirmForm) -> Questionnaire:
        """Make the draft, or replace the one of this name where that was asked for and the reader may."""
        replaces = (
            Questionnaire.objects.changeable_by(user).filter(slug=definition["slug"]).first()
            if form.cleaned_data["replace"]
            else None
        )
        if replaces is not None and not user.has_perm("questionnaires.change_questionnaire"):
            raise slug_is_taken(definition["slug"])
        return import_definition(definition=definition, team=form.cleaned_data["team"], replaces=replaces)

    def _show_checked(
        self, request: HttpRequest, user: User, checked: Checked, *, team: Team | None
    ) -> HttpResponse:
        text = as_field(checked.document) if checked.document else ""
        slug = checked.document.slug if checked.document else ""
        form = ConfirmForm(user=user, initial={"team": team, "slug": slug, "definition": text})
        if len(text.encode()) > MOST_BYTES:
            refusal = _("This questionnaire is too large for this page.")
            checked = Checked(listed=checked.listed, refusal=refusal)
        return self._checked_page(request, form, checked)

    def _checked_page(self, request: HttpRequest, form: ConfirmForm, checked: Checked) -> HttpResponse:
        slug = form["slug"].value() or ""
        changeable = Questionnaire.objects.changeable_by(staff_of(request)).filter(slug=slug)
        return self._exchange_page(
            request,
            "import_checked",
            title=_("Import a questionnaire"),
            form=form,
            checked=checked,
            may_replace=changeable.exists(),
        )

    def _exchange_page(self, request: HttpRequest, name: str, **context: Any) -> TemplateResponse:
        common = {**self.admin_site.each_context(request), "opts": self.opts, "list_address": reverse(_LIST)}
        template = f"admin/questionnaires/questionnaire/{name}.html"
        return TemplateResponse(request, template, {**common, **context})
