"""Forms of the organisation's staff pages."""

from itertools import permutations
from typing import Any

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm
from django.utils.translation import gettext_lazy as _
from unfold.forms import UserChangeForm
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from feedback_site.accounts.enums import SUBTREE_ROLES, Grant
from feedback_site.accounts.models import ApiKey, Organisation, Team, User
from feedback_site.common.languages import Language


class RoleFields(forms.ModelForm):
    """Refuses a team role without a team, at the field and before the database does."""

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; the team is asked for where the role sees a subtree."""
        cleaned = super().clean() or {}
        if cleaned.get("role") in SUBTREE_ROLES and cleaned.get("team") is None:
            self.add_error("team", _("This role sees its own team and the teams below it: choose a team."))
        return cleaned


class StaffCreationForm(RoleFields, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("username", "role", "team", "language")


class StaffForm(RoleFields, UserChangeForm):
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
        return value if isinstance(value, str) else ",".join(value)

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
    """The settings of the company."""

    languages = LanguagesField(
        label=_("languages"),
        help_text=_(
            "What staff write for customers and colleagues is written in these languages; one of them is "
            "enough. Where a text is missing, it is shown in the first. Texts in a language that is taken "
            "out are kept, and shown again when it comes back."
        ),
    )

    class Meta:
        model = Organisation
        fields = "__all__"  # noqa: DJ007 - the ModelAdmin names the fields


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
