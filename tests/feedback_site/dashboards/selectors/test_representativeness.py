"""Who was heard against who was served: every customer once, counted again from the rows."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback_site.accounts.models import Organisation
from feedback_site.accounts.selectors import remember_organisation
from feedback_site.dashboards.enums import Finding
from feedback_site.dashboards.selectors.filters import FigureFilter
from feedback_site.dashboards.selectors.representativeness import representativeness
from feedback_site.statistics.distributions import chi_square_upper_tail
from tests.factories.cases import NOON
from tests.factories.dashboards.world import INVITED

NOVEMBER = FigureFilter(from_on=date(2026, 11, 1), to_on=date(2026, 11, 30))


def people_of(world):
    """What each customer was in November.

    Last case, invited, heard, complained within 90 days before its end.
    """
    found = {}
    for item in sorted(world.fates, key=lambda item: (item.day, item.event.pk)):
        if NOVEMBER.from_on <= item.day <= NOVEMBER.to_on:
            person = found.setdefault(
                item.customer.pk, {"invited": False, "heard": False, "complained": False}
            )
            person["last"] = item
            person["invited"] |= item.fate in INVITED
            person["heard"] |= item.fate == "submitted"
    for item in world.fates:
        opened_on = (item.event.opened_at + timedelta(hours=8)).date()
        if item.is_complaint and item.customer.pk in found and opened_on <= NOVEMBER.to_on:
            found[item.customer.pk]["complained"] = True
    return list(found.values())


def table_of(sample, dimension):
    (composition,) = [found for found in sample.compositions if found.dimension == dimension]
    return {row.group.slug: (row.population, row.invited, row.respondents) for row in composition.categories}


def expected_table(people, key):
    groups = {key(person) for person in people}
    return {
        group: tuple(
            sum(key(person) == group and is_in(person) for person in people)
            for is_in in (bool, _is_invited, _is_heard)
        )
        for group in groups
    }


def _is_invited(person):
    return person["invited"]


def _is_heard(person):
    return person["heard"]


KEYS = {
    "segment": lambda person: person["last"].segment.slug if person["last"].segment else "",
    "kind": lambda person: person["last"].kind.slug,
    "channel": lambda person: person["last"].channel.slug,
    "complaint": lambda person: "complainant" if person["complained"] else "other",
}


@pytest.mark.parametrize("dimension", KEYS)
def test_every_composition_equals_a_count_of_the_rows(world, staff, dimension):
    world.scatter(160)

    sample = representativeness(NOVEMBER, staff.quinn)

    assert table_of(sample, dimension) == expected_table(people_of(world), KEYS[dimension])


def test_every_composition_adds_up_to_the_customers(world, staff):
    world.scatter(160)
    people = people_of(world)

    sample = representativeness(NOVEMBER, staff.quinn)

    whole = (len(people), sum(map(_is_invited, people)), sum(map(_is_heard, people)))
    assert (sample.population, sample.invited_count, sample.respondent_count) == whole
    for composition in sample.compositions:
        rows = composition.categories
        sums = [sum(getattr(row, name) for row in rows) for name in ("population", "invited", "respondents")]
        assert tuple(sums) == whole
        assert sum(row.respondent_gap for row in rows) == pytest.approx(0)


def test_gaps_are_percentage_points_from_those_served(world, staff, organisation):
    world.serve("submitted", 30, segment=organisation.new)
    world.serve("sent", 30, segment=organisation.existing)
    world.serve("submitted", 10, segment=organisation.existing)
    world.serve("no_consent", 30, segment=organisation.existing)

    sample = representativeness(NOVEMBER, staff.quinn)

    new, existing = next(found for found in sample.compositions if found.dimension == "segment").categories
    assert (
        new.population_share.percent,
        new.invited_share.percent,
        new.respondent_share.percent,
    ) == pytest.approx((30, 300 / 7, 75))
    assert (new.respondent_gap, existing.respondent_gap) == pytest.approx((45, -45))
    assert new.invited_gap == pytest.approx(300 / 7 - 30)


def test_chance_is_tested_where_the_approximation_holds(world, staff, organisation):
    world.serve("submitted", 30, segment=organisation.new)
    world.serve("submitted", 10, segment=organisation.existing)
    world.serve("sent", 60, segment=organisation.existing)

    sample = representativeness(NOVEMBER, staff.quinn)

    (segments,) = [found for found in sample.compositions if found.dimension == "segment"]
    chi2 = (30 - 12) ** 2 / 12 + (10 - 28) ** 2 / 28
    assert segments.test.chi2 == pytest.approx(chi2)
    assert segments.test.p_value == pytest.approx(chi_square_upper_tail(chi2, 1))
    assert segments.differs


def test_chance_is_not_tested_on_small_groups_or_a_single_one(world, staff, organisation):
    world.serve("submitted", 40, segment=organisation.new)
    world.serve("submitted", 4, segment=organisation.existing)

    tests = {
        found.dimension.value: found.test for found in representativeness(NOVEMBER, staff.quinn).compositions
    }

    assert tests == dict.fromkeys(("segment", "kind", "channel", "complaint"))


def test_a_group_without_an_answer_is_named(world, staff, organisation):
    world.serve("submitted", 40, segment=organisation.new)
    world.serve("sent", 10, segment=organisation.high_value)
    world.serve("sent", 9, segment=organisation.existing)

    (segments,) = [
        found
        for found in representativeness(NOVEMBER, staff.quinn).compositions
        if found.dimension == "segment"
    ]

    assert segments.uncovered == ["High-value"]
    rows = {row.group.slug: row for row in segments.categories}
    assert (
        rows["existing"].population,
        rows["existing"].respondents,
        rows["existing"].population_share.percent,
    ) == (9, None, None)


def findings_of(sample):
    return [criterion.finding.value for criterion in sample.criteria]


def test_a_sample_that_meets_every_criterion_speaks_for_all(world, staff, organisation):
    for segment in (organisation.new, organisation.existing, organisation.high_value):
        world.serve("submitted", 9, segment=segment)
        world.serve("submitted", 4, segment=segment, is_complaint=True)
        world.serve("sent", 5, segment=segment)

    sample = representativeness(NOVEMBER, staff.quinn)

    assert findings_of(sample) == ["yes"] * 6
    assert sample.verdict.finding is Finding.YES


def test_five_percent_of_customers_are_enough_exactly(world, staff):
    world.serve("submitted", 5)
    world.serve("sent", 95)

    assert findings_of(representativeness(NOVEMBER, staff.quinn))[0] == "yes"


def test_fewer_than_five_percent_need_thirty_percent_of_the_complainants(world, staff):
    world.serve("submitted", 3, is_complaint=True)
    world.serve("sent", 7, is_complaint=True)
    world.serve("sent", 60)

    assert findings_of(representativeness(NOVEMBER, staff.quinn))[0] == "yes"

    world.serve("sent", 1, is_complaint=True)
    assert findings_of(representativeness(NOVEMBER, staff.quinn))[0] == "no"


def test_only_the_satisfied_speak_for_no_other_customers(world, staff):
    world.serve("submitted", 40)
    world.serve("sent", 10, is_complaint=True)

    sample = representativeness(NOVEMBER, staff.quinn)

    assert findings_of(sample)[-1] == "no"
    assert sample.verdict.finding is Finding.NO


@pytest.mark.parametrize(("complainants", "finding"), [(9, "no_data"), (10, "yes")])
def test_a_handful_of_complainants_says_nothing(world, staff, complainants, finding):
    world.serve("submitted", 40)
    world.serve("submitted", complainants, is_complaint=True)

    assert findings_of(representativeness(NOVEMBER, staff.quinn))[-1] == finding


def test_complaints_count_for_ninety_days_before_the_end(world, staff):
    long_ago, recent = datetime(2026, 9, 1, 4, 0, tzinfo=UTC), datetime(2026, 9, 2, 4, 0, tzinfo=UTC)
    for opened_at in (long_ago, recent):
        for _ in range(10):
            customer = world.customer()
            world.serve("submitted", customer=customer)
            world.serve(
                "undecided",
                customer=customer,
                is_complaint=True,
                status="open",
                at=opened_at,
                opened_at=opened_at,
                completed_at=None,
            )

    table = table_of(representativeness(NOVEMBER, staff.quinn), "complaint")

    assert table == {"complainant": (10, 10, 10), "other": (10, 10, 10)}


def test_a_withdrawn_complaint_makes_no_complainant(world, staff):
    customer = world.customer()
    world.serve("submitted", 6, customer=customer)
    world.serve("undecided", 1, customer=customer, is_complaint=True, status="cancelled")

    assert "complainant" not in table_of(representativeness(NOVEMBER, staff.quinn), "complaint")


def test_complainants_who_were_not_served_in_the_period_count_too(world, staff):
    world.serve("submitted", 3, is_complaint=True)
    world.serve("sent", 97)
    world.serve("undecided", 7, is_complaint=True, status="open", completed_at=None)

    first = representativeness(NOVEMBER, staff.quinn).criteria[0]

    assert (first.finding, first.basis) == (
        Finding.YES,
        "customers: 3 of 100 (3.0%); complainants: 3 of 10 (30.0%)",
    )


def test_another_teams_complaints_are_not_counted_here(world, staff, organisation):
    customer = world.customer()
    world.serve("submitted", 5, customer=customer)
    world.serve("submitted", 10)
    world.serve("sent", 5, customer=customer, team=organisation.west_1, is_complaint=True)

    table = table_of(representativeness(NOVEMBER, staff.ellen), "complaint")

    assert table == {"other": (11, 11, 11)}


def test_enough_answers_is_what_the_company_set(world, staff):
    world.serve("submitted", 12)
    remember_organisation(Organisation(least_answers=12))
    enough = representativeness(NOVEMBER, staff.quinn).criteria[1]
    remember_organisation(Organisation(least_answers=13))
    too_few = representativeness(NOVEMBER, staff.quinn).criteria[1]

    assert (enough.finding, too_few.finding, too_few.basis) == (Finding.YES, Finding.NO, "12 answered")


@pytest.mark.parametrize(
    ("goals", "finding"),
    [
        ({"sample_customers_percent": 3}, Finding.YES),
        ({"sample_customers_percent": 4}, Finding.NO),
        ({"sample_customers_percent": 4, "sample_complainants_percent": 25}, Finding.YES),
        ({"sample_customers_percent": 4, "sample_complainants_percent": 26}, Finding.NO),
        (
            {"sample_customers_percent": 4, "sample_complainants_percent": 25, "complainant_days": 1},
            Finding.NO,
        ),
    ],
)
def test_the_shares_that_are_enough_are_what_the_company_set(world, staff, goals, finding):
    world.serve("submitted", 3, is_complaint=True)
    world.serve("sent", 9, is_complaint=True)
    world.serve("sent", 88)
    remember_organisation(Organisation(**{"sample_complainants_percent": 50} | goals))

    first = representativeness(NOVEMBER, staff.quinn).criteria[0]

    assert first.finding is finding
    assert f"from at least {goals['sample_customers_percent']}% of" in first.sentence


def test_a_customer_counts_once_however_often_served(world, staff, organisation):
    customer = world.customer()
    world.serve("submitted", 8, customer=customer, at=NOON - timedelta(days=1))
    world.serve("no_consent", 1, customer=customer, channel=organisation.on_site)
    world.serve("submitted", 10, channel=organisation.on_site)

    table = table_of(representativeness(NOVEMBER, staff.quinn), "channel")

    assert table == {"on_site": (11, 11, 11)}


@pytest.mark.parametrize(("n", "population"), [(4, None), (5, 5), (9, 9)])
def test_a_handful_of_customers_is_counted_at_most(world, staff, n, population):
    world.serve("submitted", n)

    sample = representativeness(NOVEMBER, staff.quinn)

    assert (sample.population, sample.respondent_count, sample.respondents.percent) == (
        population,
        None,
        None,
    )
    assert set(findings_of(sample)) == {"no_data"}
    assert sample.verdict.finding is Finding.NO_DATA
    assert all(row.respondent_gap is None for found in sample.compositions for row in found.categories)


def test_no_customer_served_is_no_data(world, staff):
    sample = representativeness(NOVEMBER, staff.quinn)

    assert (sample.is_empty, sample.verdict.finding, Counter(findings_of(sample))) == (
        True,
        Finding.NO_DATA,
        {"no_data": 6},
    )


def test_each_reader_compares_their_own_customers(world, staff):
    world.scatter(200)
    november = [item for item in world.fates if item.day.month == 11]
    west = {item.customer.pk for item in november if item.team.code == "west-1"}

    assert representativeness(NOVEMBER, staff.wei).population == len(west)
    assert representativeness(NOVEMBER, staff.max).population == len(people_of(world))
    assert representativeness(NOVEMBER, staff.vera).is_empty


def test_more_customers_take_no_more_queries(world, staff):
    found = []
    for times in (3, 60):
        world.scatter(times, seed=times)
        with CaptureQueriesContext(connection) as queries:
            representativeness(NOVEMBER, staff.ada)
        found.append(len(queries))

    assert found == [6, 6]
