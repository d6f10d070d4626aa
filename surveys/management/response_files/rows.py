"""One row of a file into an answer collected elsewhere."""

from datetime import datetime
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from feedback_site.common.exceptions import DomainError
from feedback_site.common.languages import Language
from feedback_site.common.listing import in_sequence
from feedback_site.common.table_files import FileRow
from feedback_site.service_events.api.fields import MomentField, StrictSerializer
from surveys.enums import ResponseMode
from surveys.management.response_files.mapping import ResponseMapping
from surveys.services.responses.importing import ElsewhereAnswer, Key


class KeyInput(StrictSerializer):
    """An event or a customer by its number in its system."""

    source = serializers.CharField(max_length=40)  # type: ignore[assignment]  # DRF takes declared fields off the class
    external_id = serializers.CharField(max_length=80)


class AnswerRow(StrictSerializer):
    """What one row says. Times carry their zone: the row's own, or that of the mapping."""

    source = serializers.CharField(max_length=40)  # type: ignore[assignment]  # DRF takes declared fields off the class
    external_id = serializers.CharField(max_length=80)
    answered_at = MomentField()
    mode = serializers.ChoiceField(choices=ResponseMode.choices, default=ResponseMode.IMPORTED.value)
    language = serializers.ChoiceField(choices=Language.choices, default="")
    event = KeyInput(required=False)
    customer = KeyInput(required=False)
    answers = serializers.DictField(child=serializers.CharField(), default=dict)


def answer_of_row(row: FileRow, mapping: ResponseMapping, *, at: datetime) -> ElsewhereAnswer | str:
    """Return the answer, or what is wrong with the row."""
    body, wrong = _body(row, mapping)
    serializer = AnswerRow(data=body, context={"at": at})
    try:
        serializer.is_valid(raise_exception=True)
    except ValidationError as error:
        errors: dict[str, Any] = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        return in_sequence(mapping.sentences_for({**errors, **wrong}))
    if wrong:
        return in_sequence(mapping.sentences_for(wrong))
    said = serializer.validated_data
    return ElsewhereAnswer(
        system=said["source"],
        external_id=said["external_id"],
        fields={key: [value] for key, value in said["answers"].items()},
        answered_at=said["answered_at"],
        event_key=_key(said.get("event")),
        customer_key=_key(said.get("customer")),
        mode=ResponseMode(said["mode"]),
        language=said["language"],
    )


def _body(row: FileRow, mapping: ResponseMapping) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Return what the row says and what is wrong with its cells, by field."""
    body: dict[str, Any] = {}
    wrong = mapping.refusals_of(row)
    for name, value in mapping.values_of(row).items():
        group, _dot, inner = name.partition(".")
        if inner:
            body.setdefault(group, {})[inner] = value
        else:
            body[name] = value
    for target in ("event", "customer"):
        # A system without a number names no one; a number without a system is one of the file's own.
        if target in body and "external_id" not in body[target]:
            del body[target]
        elif target in body:
            body[target].setdefault("source", body.get("source", ""))
    if "answered_at" in body:
        try:
            body["answered_at"] = mapping.with_zone(body["answered_at"])
        except DomainError as error:
            wrong["answered_at"] = [str(error.message)]
    return body, wrong


def _key(said: dict[str, str] | None) -> Key | None:
    return (said["source"], said["external_id"]) if said else None
