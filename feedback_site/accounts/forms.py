"""Forms of the organisation's staff pages."""

from itertools import permutations
from typing import Any

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from unfold.forms import UserChangeForm
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from feedback_site.accounts.enums import SUBTREE_ROLES, ExternalIdProvider, Grant
from feedback_site.accounts.models import ApiKey, Organisation, Team, User, UserExternalId
from feedback_site.accounts.rules import may_be_external_id
from feedback_site.accounts.services import StaffContacts
from feedback_site.accounts.services.logos import MOST_UPLOADED, DrawnLogo, draw_logo
from feedback_site.common.exceptions import DomainError
from feedback_site.common.languages import Language
from feedback_site.common.sealing import normalise_phone

# The field that asks for the id of each provider.
EXTERNAL_ID_FIELDS = {ExternalIdProvider.WECOM: "wecom_id"}


class RoleFields(forms.ModelForm):
    """Refuses a team role without a team, at the field and before the database does."""

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; the team is asked for where the role sees a subtree."""
        cleaned = super().clean() or {}
        if cleaned.get("role") in SUBTREE_ROLES and cleaned.get("team") is None:
            self.add_error("team", _("This role sees its own team and the teams below it: choose a team."))
        return cleaned


class StaffContactsForm(forms.ModelForm):
    """Asks for the phone and the external ids of a member of staff; the phone on record is never shown."""

    phone = forms.CharField(
        label=_("new phone"),
        required=False,
        max_length=40,
        help_text=_(
            "Leave empty to keep the phone on record. It is kept sealed: pages show its last two digits."
        ),
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    removes_phone = forms.BooleanField(
        label=_("remove the phone on record"), required=False, widget=UnfoldBooleanSwitchWidget
    )
    wecom_id = forms.CharField(
        label=_("WeCom account"),
        required=False,
        max_length=64,
        help_text=_("The account by which WeCom knows this person, as the directory of WeCom shows it."),
        widget=UnfoldAdminTextInputWidget(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )

    class Meta:
        model = User
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dict(self.instance.external_ids.values_list("provider", "value"))
        for provider, name in EXTERNAL_ID_FIELDS.items():
            self.initial[name] = known.get(provider.value, "")

    def clean_phone(self) -> str:
        """Return the phone as it is stored."""
        try:
            return normalise_phone(self.cleaned_data["phone"]) if self.cleaned_data["phone"] else ""
        except DomainError as error:
            raise forms.ValidationError(str(error.message)) from error

    def clean_wecom_id(self) -> str:
        """Return the account, unless another member of staff has it."""
        return self._external_id(ExternalIdProvider.WECOM)

    def contacts(self) -> StaffContacts:
        """Return what the form states; a new phone goes before the removal of the old one."""
        kept = "" if self.cleaned_data["removes_phone"] else None
        ids = {provider: self.cleaned_data[name] for provider, name in EXTERNAL_ID_FIELDS.items()}
        return StaffContacts(phone=self.cleaned_data["phone"] or kept, external_ids=ids)

    def _external_id(self, provider: ExternalIdProvider) -> str:
        value: str = self.cleaned_data[EXTERNAL_ID_FIELDS[provider]]
        names = {"provider": provider.label}
        if value and not may_be_external_id(provider, value):
            raise forms.ValidationError(_("This is not an account of %(provider)s."), params=names)
        others = UserExternalId.objects.exclude(user=self.instance)
        if value and others.filter(provider=provider, value__iexact=value).exists():
            raise forms.ValidationError(
                _("Another member of staff has this account of %(provider)s."), params=names
            )
        return value


class StaffCreationForm(RoleFields, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "role", "team", "language")


class StaffForm(StaffContactsForm, RoleFields, UserChangeForm):
    """Shows that there is a password, never its hash, and takes none: that has a page of its own."""

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "role", "team", "language", "is_active")


class TeamForm(forms.ModelForm):
    """Refuses to hang a team below itself."""

    class Meta:
        model = Team
        fields = ("names", "code", "kind", "parent", "time_zone", "sources", "is_active")

    def clean_parent(self) -> Team | None:
        """Return the parent, unless it is this team or lies below it."""
        parent: Team | None = self.cleaned_data["parent"]
        if (
            parent
            and self.instance.pk
            and Team.objects.within(self.instance.pk).filter(pk=parent.pk).exists()
        ):
            raise forms.ValidationError(_("A team cannot belong to itself or to a team below it."))
        return parent


class LanguagesField(forms.TypedChoiceField):
    """The languages of the organisation in their order, chosen as one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=_language_orders,
            coerce=lambda chosen: chosen.split(","),
            widget=UnfoldAdminSelectWidget,
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        """Return the choice that stands for a list."""
        return value if isinstance(value, str) else ",".join(value or [])

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether another choice was made."""
        return bool(self.prepare_value(initial or []) != data)


def _language_orders() -> list[tuple[str, str]]:
    orders = [order for count in range(1, len(Language) + 1) for order in permutations(Language, count)]
    return [
        (",".join(one.value for one in order), " → ".join(str(one.label) for one in order))
        for order in orders
    ]


class OrganisationForm(forms.ModelForm):
    """The settings of the company; of a file with a logo, `drawn_logo` is what will be kept."""

    languages = LanguagesField(
        label=_("Languages"),
        help_text=_(
            "What staff write for customers and colleagues is written in these languages; one of them is "
            "enough. Where a text is missing, it is shown in the first. Texts in a language that is taken "
            "out are kept, and shown again when it comes back."
        ),
    )
    logo_file = forms.FileField(
        label=_("new logo"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".png,.jpg,.jpeg,.webp"}),
        help_text=_("At the top of all pages: PNG, JPEG or WebP. Pages show it 32 pixels high."),
    )
    removes_logo = forms.BooleanField(
        label=_("show no logo"), required=False, widget=UnfoldBooleanSwitchWidget
    )
    drawn_logo: DrawnLogo | None = None

    class Meta:
        model = Organisation
        fields = "__all__"  # noqa: DJ007 - the ModelAdmin names the fields

    def clean_colour(self) -> str:
        """Return the colour in small letters, as it is stored."""
        return str(self.cleaned_data["colour"]).lower()

    def clean_logo_file(self) -> None:
        """Draw the picture again."""
        file: UploadedFile | None = self.cleaned_data["logo_file"]
        if file is None:
            return
        try:
            self.drawn_logo = draw_logo(content=file.read(MOST_UPLOADED + 1))
        except DomainError as error:
            raise forms.ValidationError(str(error.message)) from error

    def clean(self) -> dict[str, Any]:
        """Take the logo away where that is asked for."""
        cleaned = super().clean() or {}
        if cleaned.get("removes_logo"):
            self.instance.logo = None
        return cleaned


class ApiKeyForm(forms.ModelForm):
    grants = forms.MultipleChoiceField(
        label=_("Grants"), choices=Grant.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = ApiKey
        fields = ("name", "grants", "team", "sources", "expires_at")


def _code_widget(**attrs: str) -> UnfoldAdminTextInputWidget:
    return UnfoldAdminTextInputWidget(
        attrs={"autocomplete": "one-time-code", "autofocus": True, "maxlength": "24", **attrs}
    )


class CodeForm(forms.Form):
    """Asks for a code of the authenticator app."""

    code = forms.CharField(
        label=_("Code of the app"),
        max_length=24,
        help_text=_("The six digits that your authenticator app shows now."),
        widget=_code_widget(inputmode="numeric"),
    )


class RecoveryCodeForm(forms.Form):
    """Asks for one of the recovery codes, whose letters no numeric keyboard has."""

    code = forms.CharField(
        label=_("Recovery code"),
        max_length=24,
        help_text=_("Each recovery code can be used once."),
        widget=_code_widget(autocapitalize="none", spellcheck="false", autocomplete="off"),
    )


class EnrolForm(CodeForm):
    """Asks for the first code; `secret` travels signed, so that nothing is kept before the code is right."""

    secret = forms.CharField(widget=forms.HiddenInput, max_length=400)
