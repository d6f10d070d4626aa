"""What is measured of agents, channels, kinds and the whole company is counted again by `verify`."""

import pytest

from feedback_site.common.clock import database_now
from feedback_site.conservation.running import run_checks
from feedback_site.evaluations.enums import PeriodKind, SubjectKind
from feedback_site.evaluations.models import Indicator, Measurement
from feedback_site.evaluations.services import measure_case_log
from feedback_site.service_events.models import Agent, ServiceEvent
from surveys.services.tallies.measuring import measure_answers
from surveys.services.tallies.rated_subjects import Rated
from tests.factories.conservation.tampering import red_checks, tamper
from tests.factories.conservation.world import COMPLETED, World

pytestmark = pytest.mark.django_db
CASES, ANSWERS = "subjects_equal_cases", "subjects_equal_responses"
PAIRS = len(SubjectKind) * len(PeriodKind)


@pytest.fixture
def _asked(db):
    """Everything is measured that can be."""
    Indicator.objects.filter(slug__in=["resolution_rate", "customer_satisfaction"]).update(
        more_subject_kinds=SubjectKind.values, more_period_kinds=PeriodKind.values
    )


@pytest.fixture
def rated(world, _asked):
    """Two ratings of one agent, 5 and 2."""
    organisation = world.organisation
    one = Rated(
        organisation.east_1.pk,
        COMPLETED.date(),
        world.agent.pk,
        organisation.phone.pk,
        organisation.repair.pk,
    )
    measure_answers(rated=[one], fed={}, at=COMPLETED)


@pytest.fixture
def served(organisation, _asked):
    """Two service events of one agent, one of them not resolved."""
    world = World(organisation)
    for name in ("resolved", "not resolved"):
        world.event(name).transitions.create(type="completed", at=COMPLETED, recorded_at=COMPLETED)
        ServiceEvent.objects.filter(external_id=name).update(is_resolved=name == "resolved")
    measure_case_log(at=database_now(), everything=True)
    # Changes of the last minutes are left to the next run.
    ServiceEvent.objects.update(updated_at=COMPLETED)


def found(slug):
    results = {result.check.slug: result for result in run_checks()}
    return [fault.key for fault in results[slug].faults]


@pytest.mark.parametrize(("slug", "given"), [(ANSWERS, "rated"), (CASES, "served")])
def test_honest_figures_pass_and_a_wrong_one_of_every_subject_and_period_is_named(request, slug, given):
    request.getfixturevalue(given)
    figures = Measurement.objects.filter(n=2, source="survey" if given == "rated" else "case_log")
    assert figures.values("subject_kind", "period_kind").distinct().count() == PAIRS
    assert found(slug) == []

    for change in ("n = n + 1", "value = value - 0.5"):
        for kind in SubjectKind:
            # A team's months and quarters have a check of their own.
            about = f"subject_kind = '{kind}' AND period_kind IN ('half_year', 'week')"
            tamper(f"UPDATE evaluations_measurement SET {change} WHERE n = 2 AND {about}")  # noqa: S608 - constant text
            keys = found(slug)
            assert keys
            assert {key.split()[0] for key in keys} == {kind}
            undo = change.translate(str.maketrans("+-", "-+"))
            tamper(f"UPDATE evaluations_measurement SET {undo} WHERE {about}")  # noqa: S608 - constant text


@pytest.mark.parametrize(("slug", "given"), [(ANSWERS, "rated"), (CASES, "served")])
def test_a_run_over_what_was_touched_lately_finds_it_too(request, slug, given):
    request.getfixturevalue(given)
    tamper("UPDATE evaluations_measurement SET n = n + 1 WHERE n = 2 AND period_kind = 'week'")

    # That both runs find the same is compared there.
    assert len(red_checks()[slug]) == Measurement.objects.filter(n=3).count() > len(SubjectKind)


def test_a_figure_of_the_wrong_agent_is_named(organisation, rated):
    other = Agent.objects.create(source="crm", code="B2", team=organisation.east_1)
    tamper(f"UPDATE evaluations_measurement SET agent_id = {other.pk} WHERE agent_id IS NOT NULL")  # noqa: S608 - an id

    assert {key.split()[4] for key in found(ANSWERS)} == {str(other.pk)}


@pytest.mark.parametrize(("slug", "given"), [(ANSWERS, "rated"), (CASES, "served")])
def test_a_figure_of_an_agent_within_another_team_is_named(request, organisation, slug, given):
    request.getfixturevalue(given)
    tamper(f"UPDATE evaluations_measurement SET team_id = {organisation.east.pk} WHERE agent_id IS NOT NULL")  # noqa: S608 - an id

    assert {key.split()[2] for key in found(slug)} == {str(organisation.east.pk)}


def test_what_is_not_asked_for_any_more_is_not_counted_again(rated):
    Indicator.objects.update(more_subject_kinds=[], more_period_kinds=[])
    tamper("UPDATE evaluations_measurement SET n = 7 WHERE subject_kind <> 'team'")

    assert found(ANSWERS) == []
