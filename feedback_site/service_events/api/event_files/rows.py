"""One row of a file into the body that the API takes, so that both ways in have the same rules."""

from typing import Any

from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.common.table_files import FileRow
from feedback_site.service_events.api.event_files.contacts import made_up_consent, made_up_customer
from feedback_site.service_events.api.event_files.mapping import LATER, EventMapping
from feedback_site.service_events.api.event_files.wording import RowWords
from feedback_site.service_events.api.fields import MomentField
from feedback_site.service_events.api.serializers import ServiceEventInput

TIME_FIELDS = {
    name for name, field in ServiceEventInput().fields.items() if isinstance(field, MomentField)
} | LATER


def body_of_row(
    row: FileRow, mapping: EventMapping, words: RowWords
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Return the body for `ServiceEventInput` and what is wrong beyond its rules, by field."""
    body: dict[str, Any] = {}
    wrong = mapping.refusals_of(row)
    for name, value in mapping.values_of(row).items():
        _put(body, name, words.read(name, value))
        refusal = words.refusal(name, value)
        if refusal:
            wrong.setdefault(name, [refusal])
    wrong |= _complete(body, row, mapping)
    if mapping.contacts.make_up:
        _make_up_contacts(body, mapping)
    for name in TIME_FIELDS & body.keys():
        try:
            body[name] = mapping.with_zone(body[name])
        except DomainError as error:
            wrong[name] = [str(error.message)]
    return body, wrong


def _put(body: dict[str, Any], name: str, value: str) -> None:
    group, _dot, inner = name.partition(".")
    if inner:
        body.setdefault(group, {})[inner] = value
    else:
        body[name] = value


def _complete(body: dict[str, Any], row: FileRow, mapping: EventMapping) -> dict[str, list[str]]:
    rule = mapping.completion
    if rule is None or row.cells.get(rule.column, "").strip() not in rule.equals:
        return {}
    moment = row.cells.get(rule.at, "").strip()
    if not moment:
        return {
            "completed_at": [
                _("The row is completed, but column %(name)s does not say when.") % {"name": rule.at}
            ]
        }
    body["completed_at"] = moment
    return {}


def _make_up_contacts(body: dict[str, Any], mapping: EventMapping) -> None:
    customer = body.setdefault("customer", {})
    number = str(customer.get("external_id", ""))
    if not number:
        return
    body["customer"] = made_up_customer(number) | customer
    body["consent"] = made_up_consent(mapping.contacts, number) | body.get("consent", {})
