"""How the customer can be reached: sealed into `customers`, never among the answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback_site.common.exceptions import DomainError
from feedback_site.common.sealing import normalise_email, normalise_phone
from feedback_site.questionnaires.document import QuestionContent
from feedback_site.questionnaires.questions.base import (
    Answer,
    CompiledQuestion,
    Fields,
    Schema,
    Statistics,
    read_words,
)
from feedback_site.questionnaires.questions.cells import Cells, FieldsOfCells, refuse_parts
from feedback_site.questionnaires.questions.invalid import InvalidAnswer
from feedback_site.questionnaires.questions.settings import Setting, SettingKind

PARTS = ("name", "phone", "email")
MOST_CHARACTERS = 120
GIVEN = "given"


@dataclass(frozen=True, slots=True)
class ContactGiven:
    """What a customer said about being reached; a part is empty where it was not given."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


class ContactQuestion(CompiledQuestion):
    """Name, phone and email, as far as `settings["parts"]` asks for them.

    Stored is only that something was given.
    """

    name = "contact"
    label = gettext_lazy("Contact")
    order = 130
    only_at_the_end = True
    template = "questionnaires/questions/contact.html"
    statistics = Statistics.SHARES
    known_settings: ClassVar[Mapping[str, Schema]] = {
        "parts": {"type": "array", "maxItems": len(PARTS), "items": {"enum": list(PARTS)}}
    }
    seconds = 15
    settings_fields = (
        Setting(
            "parts",
            gettext_lazy("asks for"),
            SettingKind.SEVERAL,
            default=list(PARTS),
            choices=tuple(
                zip(PARTS, (gettext_lazy("Name"), gettext_lazy("Phone"), gettext_lazy("Email")), strict=True)
            ),
        ),
    )

    @classmethod
    def faults(cls, content: QuestionContent) -> Iterator[str]:
        """At least one known part, and not the name alone: no one is reached by it."""
        parts = content.settings.get("parts", list(PARTS))
        if not set(parts) <= set(PARTS) or not set(parts) & {"phone", "email"}:
            yield _("a contact asks for a phone number or an email address.")

    @property
    def parts(self) -> list[str]:
        """What is asked for, in order."""
        wanted = self.settings.get("parts", PARTS)
        return [part for part in PARTS if part in wanted]

    def read(self, fields: Fields) -> dict[str, Answer]:
        """Read whether a contact was given."""
        given = self.read_aside(fields)
        if given is None and self.is_required:
            raise InvalidAnswer(_("Please answer this question."))
        return {} if given is None else {self.key: GIVEN}

    def read_aside(self, fields: Fields) -> ContactGiven | None:
        """Return the contact, normalised. Raises InvalidAnswer."""
        typed = {part: self.one_value(fields, f"{self.key}.{part}") or "" for part in self.parts}
        if not any(typed.values()):
            return None
        if not typed.get("phone") and not typed.get("email"):
            raise InvalidAnswer(
                _("Please leave a phone number or an email address, so that we can reach you.")
            )
        try:
            return ContactGiven(
                name=" ".join(read_words(typed.get("name", ""), most=MOST_CHARACTERS).split()),
                phone=normalise_phone(typed["phone"]) if typed.get("phone") else "",
                email=normalise_email(typed["email"]) if typed.get("email") else "",
            )
        except DomainError as error:
            raise InvalidAnswer(str(error)) from error

    def fields_of(self, answers: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return nothing: what was sealed is not shown again."""
        return {}

    def fields_of_cells(self, cells: Cells) -> FieldsOfCells:
        """Read a cell for each part, or one with a phone number or an email address."""
        refuse_parts(self.key, cells, known=self.parts)
        whole = [value for value in cells.get(self.key, ()) if value.strip()]
        fields = {name: list(values) for name, values in cells.items() if name != self.key}
        for value in whole:
            fields.setdefault(f"{self.key}.{'email' if '@' in value else 'phone'}", []).append(value)
        return fields

    def in_words(self, answers: Mapping[str, Any], *, language: str) -> str:
        """Return that something was given."""
        return _("given") if self.key in answers else ""

    def context(self, *, language: str, values: Fields, error: str) -> dict[str, Any]:
        """Return a field for each part."""
        kinds = {
            "name": ("text", "name", _("Your name")),
            "phone": ("tel", "tel", _("Phone")),
            "email": ("email", "email", _("Email")),
        }
        parts = [
            {
                "name": f"{self.key}.{part}",
                "value": next(iter(values.get(f"{self.key}.{part}", ())), ""),
                **_input(*kinds[part]),
            }
            for part in self.parts
        ]
        return {
            **super().context(language=language, values=values, error=error),
            "parts": parts,
            "max_length": MOST_CHARACTERS,
        }


def _input(kind: str, autocomplete: str, label: str) -> dict[str, str]:
    return {"type": kind, "autocomplete": autocomplete, "label": label}
