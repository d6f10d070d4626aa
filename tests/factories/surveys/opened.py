"""Open questionnaires, and forms of theirs as they were handed out."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from feedback_site.common.clock import database_now
from feedback_site.common.public_forms import make_stamp
from feedback_site.questionnaires.models import QuestionnaireVersion
from surveys.models import OpenQuestionnaire
from surveys.rules.codes import new_code

MADE_AT = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)


def open_at(organisation: SimpleNamespace, version: QuestionnaireVersion, **more: Any) -> OpenQuestionnaire:
    """Open a questionnaire at a place of east-1; `more` overrides its fields."""
    fields = {
        "team": organisation.east_1,
        "label": "Front desk",
        "code": new_code(),
        "created_at": MADE_AT,
        **more,
    }
    return OpenQuestionnaire.objects.create(questionnaire=version.questionnaire, **fields)


def stamped(place: OpenQuestionnaire, *, age: timedelta = timedelta(minutes=1)) -> dict[str, str]:
    """Return the hidden fields of a form that was handed out so long ago."""
    version = place.questionnaire.versions.order_by("-number").first()
    assert version is not None
    stamp = make_stamp(purpose=f"open {place.code} {version.pk}", at=database_now() - age)
    return {"stamp": stamp, "open.version": str(version.pk)}
