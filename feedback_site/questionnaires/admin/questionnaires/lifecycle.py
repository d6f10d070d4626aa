"""A questionnaire's life beside its draft: copied, archived, taken back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.questionnaires.admin.questionnaires.base import QuestionnairePages
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.services.copying import duplicate_questionnaire
from feedback_site.questionnaires.services.retiring import archive_questionnaire, restore_questionnaire


class LifecycleMixin(QuestionnairePages):
    """The actions `add_question`, `duplicate`, `archive` and `restore`."""

    def has_duplicate_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A person who may add questionnaires copies those that they read."""
        return self.has_add_permission(request) and self.has_view_permission(request)

    def has_archive_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Offer it for those in use."""
        return self._is_archived(request, obj) is False

    def has_restore_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Offer it for archived ones."""
        return self._is_archived(request, obj) is True

    @action(description=_("Add a question"), url_path="add-question", icon="add", permissions=["change"])
    def add_question(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the form of a new question of this questionnaire."""
        questionnaire = self.found(request, object_id, to_change=True)
        return HttpResponseRedirect(
            f"{reverse('admin:questionnaires_question_add')}?questionnaire={questionnaire.pk}"
        )

    @action(description=_("Duplicate"), url_path="duplicate", icon="content_copy", permissions=["duplicate"])
    def duplicate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, then copy the draft into a new questionnaire of the reader's own team."""
        questionnaire = self.found(request, object_id, to_change=False)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            text = _(
                "The whole draft is copied, with options, conditions and end pages. Nothing is published by "
                "it."
            )
            return self.confirm(
                request,
                questionnaire,
                title=_("Duplicate the questionnaire"),
                text=text,
                button=_("Duplicate"),
            )
        user = staff_of(request)
        team = questionnaire.team if user.data_scope is DataScope.ALL else user.team
        try:
            copy = duplicate_questionnaire(questionnaire=questionnaire, team=team)
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(self.page_of(questionnaire))
        messages.success(request, _("This is the copy. Give it its own name and code."))
        return HttpResponseRedirect(self.page_of(copy))

    @action(description=_("Archive"), url_path="archive", icon="archive", permissions=["archive"])
    def archive(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, then take the questionnaire out of lists and choices."""
        questionnaire = self.found(request, object_id, to_change=True)
        if request.method != "POST":
            text = _(
                "It no longer appears in lists and choices. Responses, versions and links already sent are "
                "not "
                "affected. You can restore it at any time."
            )
            return self.confirm(
                request, questionnaire, title=_("Archive the questionnaire"), text=text, button=_("Archive")
            )
        try:
            archive_questionnaire(questionnaire=questionnaire, by=staff_of(request), at=database_now())
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The questionnaire is archived."))
        return HttpResponseRedirect(self.page_of(questionnaire))

    @action(
        description=_("Restore from the archive"),
        url_path="restore",
        icon="unarchive",
        permissions=["restore"],
    )
    def restore(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, then take it back."""
        questionnaire = self.found(request, object_id, to_change=True)
        if request.method != "POST":
            text = _("It can be chosen again.")
            return self.confirm(
                request, questionnaire, title=_("Restore the questionnaire"), text=text, button=_("Restore")
            )
        restore_questionnaire(questionnaire=questionnaire)
        messages.success(request, _("The questionnaire is restored."))
        return HttpResponseRedirect(self.page_of(questionnaire))

    def _is_archived(self, request: HttpRequest, obj: Any) -> bool | None:
        """Return the state of a questionnaire that the reader may change, None where they may not."""
        key = obj.pk if isinstance(obj, Questionnaire) else obj
        if key is None or not self.has_change_permission(request, key):
            return None
        return Questionnaire.objects.filter(pk=key, archived_at__isnull=False).exists()
