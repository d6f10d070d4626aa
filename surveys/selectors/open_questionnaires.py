"""What a code leads to: one statement."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Now

from feedback_site.questionnaires.models import QuestionnaireVersion
from surveys.enums import OpenState
from surveys.models import OpenQuestionnaire
from surveys.rules.codes import CODE_PATTERN

_is_code = re.compile(CODE_PATTERN).fullmatch


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """An open questionnaire as it was when a page looked it up.

    `at` is that moment by the database's clock, `version_id` its newest version then.
    """

    pk: int
    code: str
    version_id: int
    language: str
    asks_ticket_number: bool
    starts_at: datetime | None
    ends_at: datetime | None
    closed_at: datetime | None
    zone: ZoneInfo
    at: datetime

    @property
    def state(self) -> OpenState:
        """Whether it takes answers."""
        return state_of(starts_at=self.starts_at, ends_at=self.ends_at, closed_at=self.closed_at, at=self.at)


def state_of(
    *, starts_at: datetime | None, ends_at: datetime | None, closed_at: datetime | None, at: datetime
) -> OpenState:
    """Return whether answers are taken at a moment."""
    if closed_at is not None:
        return OpenState.CLOSED
    if starts_at is not None and at < starts_at:
        return OpenState.TO_COME
    return OpenState.OVER if ends_at is not None and ends_at <= at else OpenState.OPEN


def find_place(code: str) -> OpenPlace | None:
    """Look a code up, large or small letters; None when no one made it."""
    typed = code.lower()
    if not _is_code(typed):
        return None
    versions = QuestionnaireVersion.objects.filter(questionnaire_id=OuterRef("questionnaire_id")).order_by(
        "-number"
    )
    rows = OpenQuestionnaire.objects.filter(code=typed).annotate(
        version_id=Subquery(versions.values("pk")[:1]), at=Now()
    )
    columns = (
        "pk",
        "code",
        "version_id",
        "language",
        "asks_ticket_number",
        "starts_at",
        "ends_at",
        "closed_at",
        "team__time_zone",
        "at",
    )
    found = rows.values(*columns).first()
    return OpenPlace(zone=ZoneInfo(found.pop("team__time_zone")), **found) if found else None
