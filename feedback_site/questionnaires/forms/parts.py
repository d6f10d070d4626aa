"""Rows of the tables in a questionnaire's and a question's page: questions, options, end pages."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminURLInputWidget

from feedback_site.common.listing import listed
from feedback_site.questionnaires.enums import OptionRole
from feedback_site.questionnaires.forms.words import need_texts, propose_keys
from feedback_site.questionnaires.models import EndPage, Question, QuestionOption
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.selectors.published_keys import published_keys
from feedback_site.questionnaires.services.drafting import (
    complete_end_page,
    complete_option,
    complete_question,
    count_as_usual,
)
from feedback_site.questionnaires.services.publishing import is_allowed_redirect


class _RowForm(forms.ModelForm):
    """A row whose key and position may be left open and whose text may wait for its second language."""

    published: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        need_texts(self, "text")
        propose_keys(self, is_published=bool(self.instance.pk) and self.instance.key in self.published)
        for field in self.fields.values():
            # Heads of columns are no labels to a screen reader.
            field.widget.attrs.setdefault("aria-label", capfirst(field.label or ""))
        if "position" in self.fields:
            self.fields["position"].required = False

    def clean(self) -> dict[str, Any]:
        """Let a position that is left open stay what it was."""
        data = super().clean() or self.cleaned_data
        if "position" in self.fields and data.get("position") is None:
            data["position"] = self.instance.position or 0
        return data


class QuestionRowForm(_RowForm):
    """A question in its questionnaire's page; the rest of it is on its own page."""

    class Meta:
        model = Question
        fields = "__all__"  # noqa: DJ007 - the inline names the fields

    def clean(self) -> dict[str, Any]:
        """Keep a question from a type that cannot count as what it counts as."""
        data = super().clean()
        kind = data.get("type")
        if kind and self.instance.pk and not QUESTION_CLASSES[kind].may_count_as(self.instance.metric):
            self.add_error(
                "type",
                _("This type of question cannot count as %(metric)s.")
                % {"metric": self.instance.get_metric_display()},
            )
        return data


class OptionForm(_RowForm):
    class Meta:
        model = QuestionOption
        fields = "__all__"  # noqa: DJ007 - the inline names the fields


class EndPageForm(_RowForm):
    redirect_url = forms.URLField(
        label=gettext_lazy("leads to"),
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy(
            "Only web addresses that the company allows. Leave empty to end on this page."
        ),
        widget=UnfoldAdminURLInputWidget,
    )

    class Meta:
        model = EndPage
        fields = "__all__"  # noqa: DJ007 - the inline and the ModelAdmin name the fields

    def clean_redirect_url(self) -> str:
        """Allow only addresses that the organisation allows."""
        address: str = self.cleaned_data["redirect_url"]
        if address and not is_allowed_redirect(address):
            message = _("This web address is not allowed. Allowed are: %(hosts)s")
            raise forms.ValidationError(message % {"hosts": listed(settings.REDIRECT_HOSTS) or "–"})
        return address


class _RowFormSet(PaginationInlineFormSet):
    """Rows with keys of their own."""

    def clean(self) -> None:
        """Refuse two rows of one key."""
        super().clean()
        cleaned = [form for form in self.forms if hasattr(form, "cleaned_data")]
        kept = [form for form in cleaned if not form.cleaned_data.get("DELETE")]
        keys = Counter(form.cleaned_data.get("key") or "" for form in kept)
        for form in kept:
            key = form.cleaned_data.get("key")
            if key and keys[key] > 1:
                form.add_error("key", _("Two rows have this ID."))

    def save_new(self, form: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Fill in what was left open, row by row, so that each sees the ones before."""
        setattr(form.instance, self.fk.name, self.instance)
        self.complete(form.instance)
        return super().save_new(form, commit=commit)

    def complete(self, row: Any) -> None:
        """Fill in what was left open."""
        raise NotImplementedError


class QuestionFormSet(_RowFormSet):
    def complete(self, row: Question) -> None:
        """Give a question its key, its position and what its type usually counts as."""
        complete_question(row)
        count_as_usual(row)


class OptionFormSet(_RowFormSet):
    """Options, or rows, by `role`."""

    role: ClassVar[OptionRole] = OptionRole.OPTION

    def complete(self, row: QuestionOption) -> None:
        """Give an option its role, its key and its position."""
        row.role = self.role
        complete_option(row)


class EndPageFormSet(_RowFormSet):
    def complete(self, row: EndPage) -> None:
        """Give an end page its key and its position."""
        complete_end_page(row)


def keys_of_options(question: Question) -> frozenset[str]:
    """Return the published keys of a question's options and rows."""
    published: Mapping[str, frozenset[str]] = published_keys(question.questionnaire_id)
    return published.get(question.key, frozenset())
