from datetime import timedelta

import pytest

from feedback_site.common.exceptions import ConflictError
from feedback_site.questionnaires.services.retiring import archive_questionnaire
from nps.models import Programme
from visits.models import VisitPlan

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(questionnaire):
    return VisitPlan.objects.create(
        slug="plan",
        names={"en": "Call back", "zh-hans": "回访"},
        trigger="detractor",
        questionnaire=questionnaire,
        is_active=False,
    )


def test_what_asks_with_it_is_named_to_those_who_may_see_it(questionnaire, survey, plan, staff, noon):
    VisitPlan.objects.update(is_active=True)
    Programme.objects.create(
        slug="all", names={"en": "Everybody", "zh-hans": "所有人"}, questionnaire=questionnaire
    )

    with pytest.raises(ConflictError) as seen_by_all:
        archive_questionnaire(questionnaire=questionnaire, by=staff.quinn, at=noon)
    with pytest.raises(ConflictError) as seen_by_ada:
        archive_questionnaire(questionnaire=questionnaire, by=staff.ada, at=noon)

    assert seen_by_all.value.extra["uses"] == [
        "survey rule “After a service”",
        "NPS programme “Everybody”",
        "visit plan “Call back”",
    ]
    assert seen_by_ada.value.extra["uses"] == [
        "survey rule “After a service”",
        "something of another team",
        "visit plan “Call back”",
    ]


def test_what_has_ended_or_rests_does_not_hold_it(questionnaire, survey, plan, staff, noon):
    survey.ends_at = noon - timedelta(days=1)
    survey.save()

    archived = archive_questionnaire(questionnaire=questionnaire, by=staff.quinn, at=noon)

    assert archived.archived_at == noon
    assert (
        archive_questionnaire(questionnaire=archived, by=staff.quinn, at=noon + timedelta(days=1)).archived_at
        == noon
    )
