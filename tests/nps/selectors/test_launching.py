import math
from datetime import date

import pytest
from django.utils import translation

from nps.enums import ClosingCause, Exclusion
from nps.models import Programme
from nps.rules import smallest_change
from nps.selectors.launching import launch_figures
from nps.services.drawing import draw_sample, request_draw
from nps.services.fielding import close_campaign, launch_campaign
from tests.factories.questionnaires.documents import QUESTIONS, publish

pytestmark = pytest.mark.django_db


def test_the_launch_page_says_who_can_be_asked_and_what_it_takes(field_work, organisation):
    field_work.serve_many(90)
    field_work.serve_many(30, channel=organisation.on_site)
    field_work.serve_many(3, consent=None)
    field_work.serve(phone="", channel=organisation.on_site)
    Programme.objects.update(target_completes=20)

    figures = launch_figures(field_work.drawn())

    assert (figures.frame, figures.contactable) == (124, 120)
    assert figures.excluded == {Exclusion.NO_CONSENT: 3, Exclusion.NO_CONTACT: 1}
    assert (figures.wanted, figures.needed, figures.expected_completes) == (20, 80, 20)
    rows = {
        row.label: (
            row.frame,
            row.contactable,
            row.excluded,
            row.allocated,
            row.needed,
            row.expected_completes,
        )
        for row in figures.strata
    }
    assert rows == {
        "New · Phone": (93, 90, {Exclusion.NO_CONSENT: 3}, 15, 60, 15),
        "New · On site": (31, 30, {Exclusion.NO_CONTACT: 1}, 5, 20, 5),
    }
    assert (figures.warnings, figures.obstacles) == ([], [])


def test_margin_and_smallest_change_rest_on_an_assumption_before_the_first_campaign(field_work):
    field_work.serve_many(80)
    Programme.objects.update(target_completes=20)

    figures = launch_figures(field_work.drawn())

    assert (figures.assumption.promoters, figures.assumption.detractors, figures.assumption.campaign) == (
        0.4,
        0.2,
        None,
    )
    assert figures.margin == pytest.approx(100 * 1.96 * math.sqrt((0.6 - 0.2**2) / 20), abs=0.01)
    assert figures.smallest_change == smallest_change(20, promoters=0.4, detractors=0.2)


def test_after_a_campaign_they_rest_on_what_it_found(field_work, staff, noon):
    field_work.serve_many(60)
    last = field_work.earlier(date(2026, 7, 1))
    field_work.serve_many(60)
    Programme.objects.update(target_completes=30, cap_days=0)
    request_draw(campaign=last, at=noon)
    launch_campaign(campaign=draw_sample(campaign_id=last.pk, at=noon), by=staff.quinn, at=noon)
    field_work.run()
    field_work.answer_all(last, *[10] * 18, *[8] * 9, *[0] * 9)
    close_campaign(campaign=last, cause=ClosingCause.STAFF, by=staff.quinn, at=noon)

    figures = launch_figures(field_work.drawn())

    assert (figures.assumption.promoters, figures.assumption.detractors) == (0.5, 0.25)
    assert figures.assumption.campaign == last


def test_warnings_name_strata_that_cannot_be_reached_and_targets_that_cannot_be_met(field_work, organisation):
    field_work.serve_many(20)
    field_work.serve_many(4, channel=organisation.on_site, consent=None)
    field_work.serve_many(4, segment=None)

    figures = launch_figures(field_work.drawn())

    assert figures.warnings == [
        "No customer in the group “New · On site” can be invited.",
        "The expected response rate gives 6 responses; the target is 10.",
        "Fewer than 2 responses are expected in: no segment · Phone.",
    ]
    assert figures.obstacles == []
    assert next(row for row in figures.strata if row.label == "New · On site").needed == 0


def test_an_empty_frame_has_zeros_and_an_obstacle(field_work):
    figures = launch_figures(field_work.drawn())

    assert (
        figures.frame,
        figures.needed,
        figures.expected_completes,
        figures.margin,
        figures.smallest_change,
    ) == (0, 0, 0, None, None)
    assert figures.obstacles == [
        "No customer was served in the period of this campaign, so there is no one to invite."
    ]


def test_what_is_not_drawn_yet_says_so(field_work):
    assert launch_figures(field_work.prepared()).obstacles == [
        "Only a campaign whose sample is drawn can be launched."
    ]


def test_a_questionnaire_without_recommendation_is_an_obstacle(field_work):
    publish([question for question in QUESTIONS if question["metric"] != "nps"])
    field_work.serve()

    assert launch_figures(field_work.drawn()).obstacles == [
        "The questionnaire has no question that counts as recommendation."
    ]


def test_strata_are_named_in_the_language_of_the_reader(field_work):
    field_work.serve()

    with translation.override("zh-hans"):
        assert launch_figures(field_work.drawn()).strata[0].label == "新客户 · 电话"


def test_the_page_takes_a_fixed_number_of_queries(field_work, organisation, django_assert_max_num_queries):
    field_work.serve_many(3)
    field_work.serve_many(3, channel=organisation.on_site)
    campaign = field_work.drawn()

    with django_assert_max_num_queries(4):
        launch_figures(campaign)
