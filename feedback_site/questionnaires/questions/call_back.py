"""A wish to be called: a phone number and a time of day, which becomes a request for a return visit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from feedback_site.common.exceptions import DomainError
from feedback_site.common.sealing import normalise_phone
from feedback_site.questionnaires.enums import CallBackSlot
from feedback_site.questionnaires.questions.base import Answer, CompiledQuestion, Fields, Statistics
from feedback_site.questionnaires.questions.cells import (
    Cells,
    FieldsOfCells,
    in_both,
    keys_by_word,
    refuse_parts,
    word_of,
)
from feedback_site.questionnaires.questions.invalid import InvalidAnswer


@dataclass(frozen=True, slots=True)
class CallBackWanted:
    """Whom to call, and when."""

    slot: str
    phone: str = field(repr=False)


class CallBackQuestion(CompiledQuestion):
    """Stored is the time of day; the number is sealed into `customers`."""

    name = "call_back"
    label = gettext_lazy("Call-back request")
    order = 150
    only_at_the_end = True
    template = "questionnaires/questions/call_back.html"
    statistics = Statistics.SHARES
    seconds = 10
    option_keys = frozenset(CallBackSlot.values)

    def read(self, fields: Fields) -> dict[str, Answer]:
        """Read the time of day."""
        wanted = self.read_aside(fields)
        if wanted is None and self.is_required:
            raise InvalidAnswer(_("Please answer this question."))
        return {} if wanted is None else {self.key: wanted.slot}

    def read_aside(self, fields: Fields) -> CallBackWanted | None:
        """Return whom to call. Raises InvalidAnswer."""
        slot, phone = self.one_value(fields, f"{self.key}.slot"), self.one_value(fields, f"{self.key}.phone")
        if slot is None and phone is None:
            return None
        if phone is None:
            raise InvalidAnswer(_("Please enter the phone number we should call."))
        if slot is not None and slot not in CallBackSlot.values:
            raise InvalidAnswer(_("Please choose one of the options."))
        try:
            return CallBackWanted(slot or CallBackSlot.ANY.value, normalise_phone(phone))
        except DomainError as error:
            raise InvalidAnswer(str(error)) from error

    def fields_of(self, answers: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return the time of day; the number is not shown again."""
        return {f"{self.key}.slot": [answers[self.key]]} if self.key in answers else {}

    def fields_of_cells(self, cells: Cells) -> FieldsOfCells:
        """Read the time of day by its key or its label; a cell of the question itself is the number."""
        refuse_parts(self.key, cells, known=("slot", "phone"))
        slots = keys_by_word((one.value, in_both(partial(str, one.label))) for one in CallBackSlot)
        slot, phone = f"{self.key}.slot", f"{self.key}.phone"
        fields = {
            name: [slots.get(word_of(value), value) if name == slot else value for value in values]
            for name, values in cells.items()
        }
        whole = fields.pop(self.key, [])
        return {**fields, phone: [*fields.get(phone, []), *whole]} if whole else fields

    def in_words(self, answers: Mapping[str, Any], *, language: str) -> str:
        """Return the time of day."""
        if self.key not in answers:
            return ""
        with override(language):
            return str(CallBackSlot(answers[self.key]).label)

    def context(self, *, language: str, values: Fields, error: str) -> dict[str, Any]:
        """Return the number and the times of day."""
        chosen = next(iter(values.get(f"{self.key}.slot", ())), "")
        slots = [{"key": key, "text": text, "is_chosen": key == chosen} for key, text in CallBackSlot.choices]
        phone = next(iter(values.get(f"{self.key}.phone", ())), "")
        return {
            **super().context(language=language, values=values, error=error),
            "slots": slots,
            "phone": phone,
        }
