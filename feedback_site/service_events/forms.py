"""The form that takes a file of service events."""

import json
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from feedback_site.accounts.models import Team, User
from feedback_site.common.table_files import UPLOAD
from feedback_site.common.zones import company_zone_name

_LARGEST_MAPPING = 100_000


class EventImportForm(forms.Form):
    """A file and how it is read. `mapping()` returns what the import is asked for with."""

    file = forms.FileField(
        label=_("File"), widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.txt,.tsv,.xlsx"})
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=40,
        required=False,
        help_text=_("Where the file has no column of its own that says which system the numbers are from."),
        widget=UnfoldAdminTextInputWidget,
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Of times that state no offset, such as those of Excel."),
        widget=UnfoldAdminSelectWidget,
    )
    is_replayed = forms.BooleanField(
        label=_("Historical data"),
        required=False,
        help_text=_("Historical data: service events count on their own days, and no messages are sent."),
        widget=UnfoldBooleanSwitchWidget,
    )
    mapping_file = forms.FileField(
        label=_("Mapping"),
        required=False,
        help_text=_("A JSON file, where the columns are called otherwise."),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".json"}),
    )

    def __init__(self, *, user: User, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        zones = list(
            dict.fromkeys(
                [
                    str(user.team.zone) if user.team else company_zone_name(),
                    company_zone_name(),
                    *_zones_of_teams(user),
                ]
            )
        )
        zone = self.fields["time_zone"]
        assert isinstance(zone, forms.ChoiceField)  # noqa: S101 - declared above
        zone.choices = [(name, name) for name in zones]
        zone.initial = zones[0]

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before anything looks at it."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > UPLOAD.size:
            raise forms.ValidationError(
                _("The file is larger than %(size)d MB. Split it into smaller files.")
                % {"size": UPLOAD.size // 1_000_000}
            )
        return file

    def clean_mapping_file(self) -> dict[str, Any]:
        """Return what the mapping file holds; whether it fits is seen with the file."""
        file: UploadedFile | None = self.cleaned_data.get("mapping_file")
        if file is None:
            return {}
        try:
            data = json.loads(file.read(_LARGEST_MAPPING).decode("utf-8-sig"))
        except (ValueError, RecursionError):
            raise forms.ValidationError(_("This is not a JSON file of at most 100 kB.")) from None
        if not isinstance(data, dict):
            raise forms.ValidationError(_("This is not a JSON file of at most 100 kB."))
        return data

    def mapping(self) -> dict[str, Any]:
        """Return the mapping, completed by what the form says."""
        mapping: dict[str, Any] = dict(self.cleaned_data["mapping_file"])
        mapping.setdefault("time_zone", self.cleaned_data["time_zone"])
        constants = mapping.get("constants", {})
        if self.cleaned_data["source"] and isinstance(constants, dict):
            mapping["constants"] = {"source": self.cleaned_data["source"], **constants}
        return mapping


def _zones_of_teams(user: User) -> list[str]:
    teams = Team.objects.without_tree_fields().for_user(user)
    return [
        str(ZoneInfo(name))
        for name in teams.order_by("time_zone").values_list("time_zone", flat=True).distinct()
    ]
