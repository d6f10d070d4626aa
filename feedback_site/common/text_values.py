"""Texts that people write, as `{language: text}`: the value, known to columns and to forms."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from feedback_site.common.languages import Language, organisation_languages, reader_language


class Texts(dict[str, str]):
    """One text in the languages it is written in; a language without a text has no entry.

    As a string it is the text for the active language.
    """

    def __init__(self, written: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        super().__init__({code: text.strip() for code, text in dict(written).items() if text.strip()})

    def __str__(self) -> str:
        return self.in_language(reader_language())

    def in_language(self, language: str) -> str:
        """Return the text for readers of `language`: else the organisation's, else any, else an empty one."""
        return self.get(language) or self._in_another()

    def in_every_language(self) -> dict[str, str]:
        """Return a text for each language that there is, empty where none is written."""
        return {code: self.get(code, "") for code in sorted(Language.values)}

    def with_changes(self, written: Mapping[str, str]) -> "Texts":
        """Return these texts with those of some languages replaced; an empty one takes a text away."""
        return Texts({**self, **written})

    def _in_another(self) -> str:
        return next((self[code] for code in (*organisation_languages(), *self) if code in self), "")


def texts_in(value: Any) -> Any:
    """Return texts where texts are stated, anything else as it is."""
    is_written = isinstance(value, Mapping) and all(isinstance(text, str) for text in value.values())
    return Texts(value) if is_written else value


def refuse_texts(texts: Mapping[str, str], *, most: int | None, messages: Mapping[str, Any]) -> None:
    """Raise ValidationError that names each unknown language, and each in which the text is too long."""
    errors = []
    for code, text in texts.items():
        if code not in Language.values:
            errors.append(ValidationError(messages["unknown"], code="unknown", params={"language": code}))
        elif most is not None and len(text) > most:
            facts = {"language": Language(code).label, "most": most, "count": len(text), "code": code}
            errors.append(ValidationError(messages["too_long"], code="too_long", params=facts))
    if errors:
        raise ValidationError(errors)
