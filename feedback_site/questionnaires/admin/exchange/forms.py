"""The forms around a definition that comes in."""

import json
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models import Team, User
from feedback_site.common.exceptions import DomainError
from feedback_site.common.table_files import UPLOAD
from feedback_site.questionnaires.document import Document, Json, write_document
from feedback_site.questionnaires.services.exchange import read_definition
from feedback_site.questionnaires.services.exchange.reading import MOST_BYTES


class OwnerForm(forms.Form):
    """Whose the questionnaire will be."""

    team: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(
        Team.objects.none(),
        label=pgettext_lazy("questionnaire", "Owner team"),
        required=False,
        empty_label=_("shared with the whole company"),
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *, user: User, data: Any = None, files: Any = None, initial: Any = None) -> None:
        super().__init__(data, files, initial={"team": user.team_id, **(initial or {})})
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = Team.objects.without_tree_fields().for_user(user).order_by("code")
        if user.data_scope is not DataScope.ALL:
            field.required, field.empty_label = True, None


class UploadForm(OwnerForm):
    """A file that holds a questionnaire."""

    file = forms.FileField(
        label=_("File"), widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".json,.xlsx,.xls"})
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before anything looks at it."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > UPLOAD.size:
            raise forms.ValidationError(
                _("The file is larger than %(size)d MB.") % {"size": UPLOAD.size // 1_000_000}
            )
        return file


class ConfirmForm(OwnerForm):
    """The questionnaire that was looked at, what it will be called, and whether it may replace a draft."""

    definition = forms.CharField(widget=forms.HiddenInput, max_length=MOST_BYTES, strip=False)
    slug = forms.SlugField(
        label=_("Code"),
        max_length=60,
        help_text=_("Name of the questionnaire in web addresses and files."),
        widget=UnfoldAdminTextInputWidget,
    )
    replace = forms.BooleanField(
        label=_("Replace the draft"),
        required=False,
        help_text=_("The draft of this name becomes what is in the file; its published versions stay."),
        widget=UnfoldBooleanSwitchWidget,
    )

    def clean_definition(self) -> Json:
        """Return the definition; whether it is sound is seen when it is imported."""
        try:
            definition = read_definition(self.cleaned_data["definition"].encode())
        except (DomainError, UnicodeEncodeError):
            definition = None
        if not isinstance(definition, dict):
            raise forms.ValidationError(
                _("The questionnaire was changed on its way. Please choose the file again.")
            )
        return definition


def as_field(document: Document) -> str:
    """Return a document as the value of a field."""
    return json.dumps(write_document(document), ensure_ascii=False, separators=(",", ":"))
