"""A canary in every text column of every scoped row, put there by introspection.

A new column is covered as soon as it exists.
"""

import json
import re
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from feedback_site.accounts.models import OwnedQuerySet, ScopedQuerySet, SignInFailure, Team, User
from feedback_site.common.texts import TextsField
from feedback_site.dashboards.models import Export
from feedback_site.evaluations.enums import SubjectKind
from feedback_site.evaluations.models import OfSubject, RecordLine
from feedback_site.voice.models import MonthlySuggestion, PublishedChange

# Texts that mean something to the product: with another word in them the row would be another row, or none.
MEANING = {
    "accounts.accesslogentry.actor": "who it was, by id",
    "accounts.accesslogentry.subject_kind": "the name of a table",
    "accounts.apikey.prefix": "by which the key is found",
    "accounts.team.time_zone": "a zone",
    "accounts.user.password": "a hash, never shown",
    "accounts.user.phone_mask": "digits and asterisks only",
    "customers.customer.phone_mask": "digits and asterisks only",
    "dashboards.export.file_name": "the file's place on disk",
    "dashboards.export.teams": "the keys of the teams in the file",
    "delivery.message.subject_kind": "the name of a builder",
    "nps.campaign.result": "figures, and only of a closed campaign",
    "nps.programme.time_zone": "a zone",
    "voice.voiceentry.consent_version": "the version of the words agreed to",
    "voice.voiceentry.reference": "drawn from an alphabet of its own",
    "surveys.responsedraft.language": "the code of a language",
    "surveys.openquestionnaire.code": "drawn from an alphabet of its own",
    "questionnaires.questionnaireversion.document": "compiled, holds the word in its title",
}

_KINDS: dict[type, str] = {
    Team: "Team",
    User: "Staff",
    SignInFailure: "Staff",
    Export: "Export",
    MonthlySuggestion: "Published",
    PublishedChange: "Published",
}


def is_text(field: Any) -> bool:
    """Whether a column holds free text: no list of choices, no reference."""
    if field.choices or field.is_relation:
        return False
    if isinstance(field, ArrayField):
        return is_text(field.base_field)
    kinds = models.CharField | models.TextField | models.JSONField | TextsField
    return isinstance(field, kinds) and not isinstance(field, models.UUIDField)


def label_of(row: Any, field: Any) -> str:
    """What a column is called in `MEANING`."""
    return f"{row._meta.label_lower}.{field.name}"


def kind_of(row: Any) -> str:
    """Which kind of canary a row carries."""
    rows = type(row)._default_manager.all()
    if is_of_an_agent(row):
        return "Case"
    if type(row) in _KINDS:
        return _KINDS[type(row)]
    is_aggregate = isinstance(rows, ScopedQuerySet) and rows.is_aggregate
    if isinstance(rows, OwnedQuerySet):
        return "Rule" if is_aggregate else "Script"
    return "Figure" if is_aggregate else "Case"


def is_of_an_agent(row: Any) -> bool:
    """Whether a figure is a colleague's: what one person did is no figure of many."""
    about = row.record if isinstance(row, RecordLine) and row.record_id else row
    return isinstance(about, OfSubject) and about.subject_kind == SubjectKind.AGENT


def put_canary(row: Any, canary: str, *, instead_of: str) -> None:
    """Write `canary` into every text column of a row that lacks it.

    The caller stills the triggers that keep facts from changing.
    """
    changes = {}
    for field in row._meta.concrete_fields:
        if is_text(field) and label_of(row, field) not in MEANING and row.pk != getattr(row, field.attname):
            value = _marked(field, getattr(row, field.attname), canary, instead_of)
            if value != getattr(row, field.attname):
                changes[field.attname] = value
    if changes:
        type(row)._base_manager.filter(pk=row.pk).update(**changes)


def lacking(row: Any, canary: str) -> list[str]:
    """Return the text columns of a row, as it stands in the database, in which the canary is missing."""
    stored = type(row)._base_manager.get(pk=row.pk)
    texts = [field for field in stored._meta.concrete_fields if is_text(field)]
    columns = {label_of(row, field): field for field in texts if label_of(row, field) not in MEANING}
    return [
        label
        for label, field in columns.items()
        if canary not in json.dumps(getattr(stored, field.attname), default=str)
    ]


def _marked(field: Any, value: Any, canary: str, instead_of: str) -> Any:
    if isinstance(field, TextsField):
        written = {code: _instead(text, instead_of, canary) for code, text in (value or {"en": ""}).items()}
        return {
            code: text if canary in text else f"{canary} {text}"[: field.max_length]
            for code, text in written.items()
        }
    if isinstance(field, models.JSONField | ArrayField):
        text = json.loads(_instead(json.dumps(value), instead_of, canary)) if value else value
        if canary in json.dumps(text):
            return text
        return [*text, canary] if isinstance(text, list) else {**(text or {}), "note": canary}
    text = _instead(value or "", instead_of, canary)
    if canary in text:
        return text
    if isinstance(field, models.EmailField):
        return f"{canary}@staff.example"
    return f"{canary}{'-' if isinstance(field, models.SlugField) else ' '}{text}".strip(" -")[
        : field.max_length
    ]


def _instead(text: str, old: str, new: str) -> str:
    """Slugs say the same word in small letters."""
    return re.sub(re.escape(old), new, text, flags=re.IGNORECASE)
