"""Columns of texts that people write, as `{language: text}`, and things with a name."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Func, Transform
from django.db.models.functions import Coalesce
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

from feedback_site.common.languages import Language, organisation_languages, reader_language
from feedback_site.common.text_values import Texts, refuse_texts, texts_in

if TYPE_CHECKING:
    _Field = models.Field["Mapping[str, str]", "Texts"]
else:
    _Field = models.Field


class _TextsAttribute(DeferredAttribute):
    """Makes `Texts` of what is assigned."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = texts_in(value)


class TextsField(_Field):
    """A column of texts: a JSON object of languages and texts that are not empty, at most `max_length` each.

    The database checks that too. `blank` means that no language is needed, otherwise one is. Look-ups go
    by language: `names__en__icontains`.
    """

    description = _("Texts by language")
    default_error_messages = {
        "blank": _("Write this in at least one language."),
        "no_texts": _("Texts are written by language: {language: text}."),
        "unknown": _("Unknown language: %(language)s."),
        "too_long": _("%(language)s: at most %(most)d characters; these are %(count)d."),
    }
    descriptor_class = _TextsAttribute

    def __init__(
        self,
        verbose_name: Any = None,
        *,
        max_length: int,
        languages: Iterable[str] = tuple(Language.values),
        **options: Any,
    ) -> None:
        self.languages = tuple(languages)
        options.setdefault("default", dict)
        super().__init__(verbose_name, max_length=max_length, **options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """State the languages, so that a new one makes a migration: the check in the database names them."""
        name, path, arguments, options = super().deconstruct()
        return name, path, list(arguments), {**options, "languages": list(self.languages)}

    def db_type(self, connection: Any) -> str:
        """Return the type of the column."""
        del connection
        return "jsonb"

    def db_check(self, connection: Any) -> str:
        """State what the column holds."""
        column = connection.ops.quote_name(self.column)
        known = " || ".join(f'@.key == "{code}"' for code in self.languages)
        written = '@.value.type() == "string" && @.value like_regex "[^ ]"'
        path = f'strict $.type() == "object" && !exists($.keyvalue() ? (!({written}) || !({known})))'
        lengths = [
            f"coalesce(char_length({column} ->> '{code}'), 0) <= {self.max_length}" for code in self.languages
        ]
        needed = [] if self.blank else [f"{column} <> '{{}}'::jsonb"]
        return " AND ".join([f"jsonb_path_match({column}, '{path}')", *lengths, *needed])

    def get_transform(self, lookup_name: str) -> Any:
        """Look texts up by language."""
        if lookup_name in self.languages:
            return lambda *arguments, **options: InLanguage(lookup_name, *arguments, **options)
        return super().get_transform(lookup_name)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Texts | None:
        """Read a value."""
        del expression, connection
        return None if value is None else Texts(json.loads(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Write a value."""
        del prepared
        texts = texts_in(value)
        return connection.ops.adapt_json_value(texts, None) if isinstance(texts, Mapping) else value

    def to_python(self, value: Any) -> Texts:
        """Return texts of what was assigned, or refuse it."""
        texts = texts_in(value)
        if not isinstance(texts, Texts):
            raise ValidationError(self.error_messages["no_texts"], code="no_texts")
        return texts

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Refuse unknown languages and texts that are too long."""
        super().validate(value, model_instance)
        refuse_texts(value, most=self.max_length, messages=self.error_messages)

    def value_to_string(self, obj: models.Model) -> Any:
        """Return what serialisers write."""
        return dict(self.value_from_object(obj))

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        """Change the languages that a form has shown; texts in others stay."""
        setattr(instance, self.attname, getattr(instance, self.attname).with_changes(data))

    def formfield(self, **options: Any) -> Any:
        """Return a field with an input for each language of the organisation."""
        from feedback_site.common.text_forms import TextsFormField  # noqa: PLC0415 - widgets need ready apps

        shown = {"form_class": TextsFormField, "max_length": self.max_length, "initial": Texts()}
        return super().formfield(**{**shown, "show_hidden_initial": False, **options})


def searched(column: str) -> tuple[str, ...]:
    """Return the look-ups by which a staff list searches texts."""
    return tuple(f"{column}__{language.value}" for language in Language)


class InLanguage(Transform):
    """The text of a column in one language, null where it is not written."""

    output_field = models.TextField()

    def __init__(self, language: str, *columns: Any, **extra: Any) -> None:
        super().__init__(*columns, **extra)
        self.language = language

    def as_sql(self, compiler: Any, connection: Any, *_more: Any, **_context: Any) -> Any:
        """Write the statement."""
        del connection
        column, parameters = compiler.compile(self.lhs)
        return f"({column} ->> %s)", (*parameters, self.language)


class InReadersLanguage(Func):
    """The text of a column that the reader sees, for lists to be ordered by."""

    def resolve_expression(self, *arguments: Any, **options: Any) -> Any:
        """Look at the languages only when the statement is made."""
        (column,) = self.get_source_expressions()
        wanted = (reader_language(), *organisation_languages(), *Language)
        texts = (InLanguage(language.value, column) for language in dict.fromkeys(wanted))
        return Coalesce(*texts).resolve_expression(*arguments, **options)


class Named(models.Model):
    """Something with a name; `name` is the one for the reader."""

    names = TextsField(_("name"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the reader."""
        return str(self.names)
