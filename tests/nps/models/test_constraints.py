"""Every rule that the database holds is broken once."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from nps.enums import ClosingCause
from nps.models import Campaign, CampaignMember, CampaignStratum, CampaignWave, Programme
from nps.services.fielding import close_campaign
from nps.services.running import run_campaigns
from tests.factories.common.constraints import breaks, copy, update

pytestmark = pytest.mark.django_db


def is_refused():
    return pytest.raises(ProgrammingError, match=r"Cannot (update|delete) rows")


def frozen():
    return pytest.raises(IntegrityError, match="the frame of a launched campaign is frozen")


@pytest.fixture
def drawn(field_work) -> Campaign:
    """One customer who can be asked, and one who cannot."""
    field_work.serve()
    field_work.serve(consent=None)
    return field_work.drawn()


@pytest.fixture
def running(field_work, staff) -> Campaign:
    field_work.serve()
    campaign = field_work.launched(staff.quinn)
    run_campaigns(at=field_work.noon)
    return campaign


@pytest.fixture
def closed(running, noon, staff) -> Campaign:
    return close_campaign(campaign=running, cause=ClosingCause.STAFF, by=staff.quinn, at=noon)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("programme_has_known_delivery_channels", {"delivery_channels": ["pigeon"]}),
        ("programme_has_known_delivery_channels", {"delivery_channels": []}),
        ("programme_figures_are_positive", {"target_completes": 0}),
        ("programme_figures_are_positive", {"frame_days": 0}),
        ("programme_figures_are_positive", {"wave_days": 0}),
        ("programme_figures_are_positive", {"field_days": 0}),
        ("programme_response_is_a_share", {"expected_response_percent": 0}),
        ("programme_response_is_a_share", {"expected_response_percent": 101}),
    ],
)
def test_programmes(field_work, name, changes):
    with breaks(name):
        update(Programme, **changes)


def test_a_slug_names_one_programme(field_work):
    with breaks("nps_programme_slug"):
        copy(field_work.programme)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("campaign_has_a_known_status", {"status": "asleep"}),
        ("campaign_starts_with_its_quarter", {"quarter_start": date(2026, 10, 2)}),
        ("campaign_starts_with_its_quarter", {"quarter_start": date(2026, 11, 1)}),
        ("campaign_drawn_knows_its_frame", {"frame_at": None}),
        ("campaign_drawn_knows_its_frame", {"frame_from": None}),
        ("campaign_drawn_knows_its_frame", {"drawn_at": None}),
        ("campaign_drawn_knows_its_frame", {"version": None}),
        ("campaign_launched_states_when", {"status": "running"}),
        ("campaign_closed_has_a_result", {"result": {}}),
        ("campaign_closed_has_a_result", {"closing_cause": "target_reached"}),
    ],
)
def test_campaigns(drawn, name, changes):
    with breaks(name):
        update(Campaign, **changes)


def test_a_frame_has_a_length(drawn, noon):
    with breaks("campaign_frame_has_a_length"):
        update(Campaign, frame_from=noon + timedelta(days=1))


def test_a_launched_campaign_states_when_it_was_launched_and_when_it_ends(drawn, noon):
    with breaks("campaign_launched_states_when"):
        update(Campaign, status="running", launched_at=noon)
    with breaks("campaign_launched_states_when"):
        update(Campaign, launched_at=noon, field_ends_at=noon)


def test_a_campaign_ends_with_its_field_or_by_a_person(running, noon):
    whole = {"status": "closed", "closed_at": noon, "result": {}}
    with breaks("campaign_is_over_when_its_field_is"):
        update(Campaign, **whole, closing_cause="time_over")
    with breaks("campaign_closed_by_staff_knows_by_whom"):
        update(Campaign, **whole, closing_cause="staff")


def test_a_closed_campaign_states_why_when_and_what_came_of_it(running, noon):
    whole = {"status": "closed", "closed_at": noon, "closing_cause": "frame_exhausted", "result": {}}
    for name, missing in (
        ("closed_at", None),
        ("closing_cause", ""),
        ("closing_cause", "whim"),
        ("result", None),
    ):
        with breaks("campaign_closed_has_a_result"):
            update(Campaign, **(whole | {name: missing}))


def test_a_quarter_has_one_campaign_of_a_programme(drawn):
    with breaks("campaign_is_prepared_once_a_quarter"):
        copy(Campaign.objects.get(), id=None)


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 1},
        {"quarter_start": date(2026, 7, 1)},
        {"target_completes": 1},
        {"minimum_per_stratum": 1},
        {"expected_response_percent": 1},
        {"cap_days": 1},
    ],
)
def test_what_the_sample_depends_on_is_immutable_once_launched(running, changes):
    with is_refused():
        update(Campaign, **changes)


@pytest.mark.parametrize("name", ["frame_from", "frame_at", "launched_at"])
def test_moments_of_the_sample_are_immutable_once_launched(running, noon, name):
    with is_refused():
        update(Campaign, **{name: noon - timedelta(days=40)})


def test_references_of_the_sample_are_immutable_once_launched(running, organisation):
    for changes in ({"team": organisation.east}, {"version": None}):
        with is_refused():
            update(Campaign, **changes)


def test_a_launched_campaign_is_not_deleted(running):
    with is_refused(), transaction.atomic():
        Campaign.objects.filter(pk=running.pk)._raw_delete("default")


@pytest.mark.parametrize(
    "changes",
    [{"result": {}}, {"status": "running"}, {"closing_cause": "time_over"}, {"field_ends_at": None}],
)
def test_a_closed_campaign_is_frozen(closed, changes):
    with is_refused():
        update(Campaign, **changes)


@pytest.mark.parametrize(
    "figures", [{"contactable": 3}, {"frame": 1, "contactable": 1, "needed": 2}, {"allocated": 5}]
)
def test_a_stratum_asks_no_more_than_there_are(drawn, figures):
    counts = {"frame": 2, "contactable": 2, "allocated": 0, "needed": 0} | figures
    with breaks("campaignstratum_asks_no_more_than_there_are"), transaction.atomic():
        CampaignStratum.objects.create(campaign=drawn, **counts)


def test_a_stratum_is_one_cell_with_empty_ones_alike(drawn):
    CampaignStratum.objects.create(campaign=drawn, frame=0, contactable=0, allocated=0, needed=0)

    with breaks("campaignstratum_is_one_cell"), transaction.atomic():
        CampaignStratum.objects.create(campaign=drawn, frame=0, contactable=0, allocated=0, needed=0)


@pytest.mark.parametrize("changes", [{"frame": 5}, {"contactable": 1}, {"segment": None}, {"channel": None}])
def test_the_counts_of_a_stratum_are_facts(drawn, changes):
    CampaignStratum.objects.update(allocated=0, needed=0)
    before = {name: CampaignStratum.objects.values_list(name, flat=True).get() for name in changes}
    changes = {name: 0 if before[name] == value else value for name, value in changes.items()}
    with is_refused():
        update(CampaignStratum, **changes)


@pytest.mark.parametrize(
    "changes",
    [{"random_number": 1}, {"position": 7}, {"exclusion": "no_contact", "position": None}],
)
def test_the_draw_is_a_fact(drawn, changes):
    with is_refused(), transaction.atomic():
        drawn.members.filter(exclusion="").update(**changes)


def test_the_references_of_a_member_are_facts(field_work, drawn):
    other = field_work.serve()
    member = drawn.members.get(exclusion="")
    other_stratum = CampaignStratum.objects.create(
        campaign=drawn, frame=0, contactable=0, allocated=0, needed=0
    )
    for changes in ({"customer": other}, {"service_event": other.events.get()}, {"stratum": other_stratum}):
        with is_refused(), transaction.atomic():
            CampaignMember.objects.filter(pk=member.pk).update(**changes)


@pytest.fixture
def spare(field_work, drawn) -> SimpleNamespace:
    """What a further member needs."""
    customer = field_work.serve()
    facts = {
        "campaign": drawn,
        "stratum": drawn.strata.get(),
        "customer": customer,
        "service_event": customer.events.get(),
        "team": field_work.organisation.east_1,
        "random_number": 1,
        "position": 2,
    }
    return SimpleNamespace(facts=facts)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("campaignmember_position_is_used_once", {"position": 1}),
        ("campaignmember_is_excluded_or_has_a_position", {"position": None}),
        ("campaignmember_is_excluded_or_has_a_position", {"position": 0}),
        ("campaignmember_is_excluded_or_has_a_position", {"exclusion": "no_consent"}),
        ("campaignmember_is_excluded_or_has_a_position", {"exclusion": "whim", "position": None}),
        (
            "campaignmember_is_excluded_or_has_a_position",
            {"exclusion": "no_consent", "position": None, "wave": 1},
        ),
        ("campaignmember_is_dropped_for_a_known_reason", {"dropped": "whim", "wave": 1}),
        ("campaignmember_of_a_wave_is_invited_or_dropped", {"dropped": "no_consent"}),
    ],
)
def test_members(spare, name, changes):
    with breaks(name), transaction.atomic():
        CampaignMember.objects.create(**(spare.facts | changes))


def test_a_customer_is_in_a_frame_once(spare, drawn):
    with breaks("campaignmember_is_in_a_frame_once"), transaction.atomic():
        CampaignMember.objects.create(
            **(spare.facts | {"customer": drawn.members.get(exclusion="").customer})
        )


def test_an_invited_member_is_of_a_wave_and_not_dropped(running):
    run_campaigns(at=running.launched_at)
    assert running.members.filter(invitation__isnull=False).count() == 1
    for changes in ({"wave": None}, {"dropped": "no_consent"}):
        with breaks("campaignmember_of_a_wave_is_invited_or_dropped"):
            update(CampaignMember, **changes)


def test_an_invitation_is_of_one_member(field_work, staff, noon):
    field_work.serve_many(2)
    campaign = field_work.launched(staff.quinn)
    field_work.run()

    first, second = campaign.members.all()
    with breaks("invitation_id"), transaction.atomic():
        CampaignMember.objects.filter(pk=first.pk).update(invitation=second.invitation_id)


def test_the_frame_of_a_launched_campaign_gets_no_more_and_is_kept(field_work, running):
    member, stratum = running.members.get(), running.strata.get()
    with frozen():
        copy(CampaignMember.objects.get(), customer=field_work.serve(), position=2, wave=None)
    with frozen():
        copy(CampaignStratum.objects.get(), segment=None)
    with frozen(), transaction.atomic():
        CampaignMember.objects.filter(pk=member.pk)._raw_delete("default")
    with frozen(), transaction.atomic():
        CampaignMember.objects.all().delete()
    with frozen(), transaction.atomic():
        CampaignStratum.objects.filter(pk=stratum.pk)._raw_delete("default")
    assert CampaignMember.objects.count() == 1


def test_waves(running, noon):
    with breaks("campaignwave_number_is_used_once"), transaction.atomic():
        CampaignWave.objects.create(campaign=running, number=1, planned=1, started_at=noon, finished_at=noon)
    with breaks("campaignwave_runs_alone"), transaction.atomic():
        CampaignWave.objects.create(campaign=running, number=2, planned=1, started_at=noon)
    with breaks("campaignwave_counts_from_one"), transaction.atomic():
        CampaignWave.objects.create(campaign=running, number=0, planned=1, started_at=noon, finished_at=noon)
