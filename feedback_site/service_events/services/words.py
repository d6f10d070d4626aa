"""What systems and staff write freely about an event: stored masked, sealed where masking changed it.

The name of an attribute says what its value is: digits under
`order_no` are an order's, under `mobile` a person's.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from feedback_site.common.masking import mask_words
from feedback_site.customers.models import Customer, SealedText
from feedback_site.customers.services import NewSealedText, keep_sealed, names_of, seal_text, texts_as_written
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from feedback_site.service_events.rules.events import AMOUNT

EVENT_WORDS, TRANSITION_WORDS = "service_event", "event_transition"
ATTRIBUTES, DETAILS, PRODUCT_LINE, PRODUCT_LINE_SENT = (
    "attributes",
    "details",
    "product_line",
    "body.product_line",
)

_LONGEST_FIELD = SealedText._meta.get_field("field").max_length or 0  # noqa: SLF001 - Django's documented API
_A_NUMBER = " (number)"
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\-./]+")
_IS_CODE = re.compile(
    r"(?:^|\W)(?:id|code|ref|key|uuid|guid|sku|seq|sn|order|ticket|invoice|serial|model|version|superseded "
    r"by)$",
    re.IGNORECASE,
)
_IS_NUMBER = re.compile(r"(?:^|\W)(?:no|nr|num|number)$|[号码]$", re.IGNORECASE)
_TO_CALL = re.compile(r"phone|mobile|tel|cell|contact|fax|whats|电话|手机|联系|座机|传真", re.IGNORECASE)
_OF_A_PERSON = re.compile(
    r"wechat|weixin|(?<![a-z])(?:vx|qq|ssn)(?![a-z])|customer|client|member|user|caller|identity|national|passport|licen[cs]e|plate|card|account"
    r"|^id (?:no|nr|num|number)$|微信|扣扣|客户|顾客|会员|用户|身份|证件"
    r"|驾驶|行驶|护照|通行|车牌|牌照|卡号|[账帐]号|银行",
    re.IGNORECASE,
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_BARE_CODE = re.compile(r"[A-Za-z0-9][\w#/.-]*", re.ASCII)
_AN_AMOUNT = re.compile(r"-?\d+(?:\.\d+)?")

# A JSON object that others wrote: what stands under which name is theirs to say.
Facts = Mapping[str, Any]
Change = Callable[[str, str, str | int], Any]


def mask_facts(
    facts: Facts, *, names: Collection[str] = (), prefix: str
) -> tuple[Facts, list[NewSealedText]]:
    """Return free facts as they are stored and, sealed, the values that masking changed.

    `prefix` begins the names of their fields.
    """
    sealed: list[NewSealedText] = []

    def mask(field: str, label: str, value: str | int) -> Any:
        shown = _masked(label, str(value), names)
        if shown == str(value):
            return value
        sealed.append(seal_text(name=field if isinstance(value, str) else field + _A_NUMBER, text=str(value)))
        return shown

    return _each(facts, prefix, "", mask), sealed


def as_written(facts: Facts, written: Mapping[str, str], *, prefix: str) -> Facts:
    """Return stored facts as they were sent; `written` are their sealed values by field."""

    def restore(field: str, _label: str, value: str | int) -> Any:
        number = written.get(field + _A_NUMBER)
        return int(number) if number is not None else written.get(field, value)

    restored: Facts = _each(facts, prefix, "", restore) if written else dict(facts)
    return restored


def mask_event(event: ServiceEvent, names: Collection[str] | None = None) -> list[NewSealedText]:
    """Mask what an event says freely, before it is saved, and return sealed what that changed.

    With `names` None, the names are those of its customer.
    """
    if not (event.attributes or event.product_line or event.body.get(PRODUCT_LINE)):
        return []
    names = names_of(event.customer) if names is None else names
    attributes, sealed = mask_facts(event.attributes, names=names, prefix=ATTRIBUTES)
    line, more = mask_facts({PRODUCT_LINE: event.product_line}, names=names, prefix="")
    # The body holds the same attributes: one look and one seal serve both.
    is_same = event.body.get(ATTRIBUTES) == event.attributes
    free = (PRODUCT_LINE,) if is_same else (ATTRIBUTES, PRODUCT_LINE)
    said = {name: event.body[name] for name in free if name in event.body}
    body, of_body = mask_facts(said, names=names, prefix="")
    event.body = {**event.body, **body, **({ATTRIBUTES: attributes} if is_same else {})}
    event.attributes, event.product_line = attributes, line[PRODUCT_LINE]
    kept = {new.field: new for new in [*of_body, *sealed] if new.field != PRODUCT_LINE}
    if body.get(PRODUCT_LINE) != said.get(PRODUCT_LINE):
        kept[PRODUCT_LINE_SENT] = seal_text(name=PRODUCT_LINE_SENT, text=said[PRODUCT_LINE])
    return [*kept.values(), *more]


def event_as_written(event: ServiceEvent) -> tuple[Facts, str]:
    """Return the body as it was sent and the product line as it was stated last.

    They are compared with what is sent again.
    """
    written = texts_as_written(kind=EVENT_WORDS, subject_ids=[event.pk]).get(str(event.pk), {})
    body = as_written(event.body, written, prefix="")
    if PRODUCT_LINE in event.body:
        body = {**body, PRODUCT_LINE: written.get(PRODUCT_LINE_SENT, event.body[PRODUCT_LINE])}
    return body, written.get(PRODUCT_LINE, event.product_line)


def details_as_written(transition: ServiceEventTransition) -> Facts:
    """Return the details of a later change as they were sent."""
    written = texts_as_written(kind=TRANSITION_WORDS, subject_ids=[transition.pk]).get(str(transition.pk), {})
    return as_written(transition.details, written, prefix=DETAILS)


def mask_corrected(event: ServiceEvent, facts: Facts, *, at: datetime) -> Facts:
    """Return corrected facts as they are stored.

    The sealed text of a product line that is stated again is deleted.
    """
    if PRODUCT_LINE not in facts:
        return dict(facts)
    masked, sealed = mask_facts(
        {PRODUCT_LINE: facts[PRODUCT_LINE] or ""}, names=names_of(event.customer), prefix=""
    )
    SealedText.objects.filter(subject_kind=EVENT_WORDS, subject_id=str(event.pk), field=PRODUCT_LINE).delete()
    keep_sealed(kind=EVENT_WORDS, texts=[(event.pk, new) for new in sealed], at=at)
    return {**facts, **masked}


def mask_said(facts: Facts, customer: Customer) -> Facts:
    """Return facts masked, to be told to staff; nothing is kept of them."""
    return mask_facts(facts, names=names_of(customer), prefix="")[0]


def holds_personal_data(facts: Facts) -> bool:
    """Whether facts hold what masking would change, names aside."""
    return mask_facts(facts, prefix="")[0] != facts


def keep_event_words(texts: Iterable[tuple[ServiceEvent, Iterable[NewSealedText]]], *, at: datetime) -> None:
    """Store what was sealed of many events."""
    rows = [(event.pk, new) for event, sealed in texts for new in sealed]
    if rows:
        keep_sealed(kind=EVENT_WORDS, texts=rows, at=at)


def _each(value: Any, path: str, label: str, change: Change) -> Any:
    """Return a copy of plain JSON with every text and whole number changed.

    A value in a list is called as the list is.
    """
    if isinstance(value, Mapping):
        return {name: _each(item, _joined(path, name), str(name), change) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_each(item, _joined(path, str(number)), label, change) for number, item in enumerate(value)]
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return change(_field(path), label, value)
    return value


def _joined(path: str, name: str) -> str:
    name = str(name).replace("\\", "\\\\").replace(".", "\\.")
    return f"{path}.{name}" if path else name


def _field(path: str) -> str:
    """Return the name of a sealed field: its path.

    A hash stands for a path that is too long for a column.
    """
    most = _LONGEST_FIELD - len(_A_NUMBER)
    return path if len(path) <= most else f"{path[: most - 33]}~{sha256(path.encode()).hexdigest()[:32]}"


def _masked(label: str, text: str, names: Collection[str]) -> str:
    words = " ".join(part for part in _HUMP.split(label) if part)
    is_amount = label == AMOUNT and _AN_AMOUNT.fullmatch(text.strip())
    if is_amount or _UUID.fullmatch(text) or (_BARE_CODE.fullmatch(text) and _numbers_a_thing(words)):
        return text
    lead = f"{words}: "
    shown = mask_words(lead + text, names)
    # What a value is called may be masked with it; then the value is looked at alone.
    return shown.removeprefix(lead) if shown.startswith(lead) else mask_words(text, names)


def _numbers_a_thing(words: str) -> bool:
    if _OF_A_PERSON.search(words):
        return False
    return bool(_IS_CODE.search(words) or (_IS_NUMBER.search(words) and not _TO_CALL.search(words)))
