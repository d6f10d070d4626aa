from feedback_site.accounts.enums import Role
from feedback_site.accounts.models import Team, User
from feedback_site.service_events.models import Agent


def _agents(organisation):
    Agent.objects.create(source="crm", code="A1", team=organisation.east_1)
    Agent.objects.create(source="crm", code="B1", team=organisation.west_1)


def _codes(principal):
    return sorted(Agent.objects.for_user(principal).values_list("code", flat=True))


def test_a_service_team_sees_its_own_team_only(organisation, staff):
    _agents(organisation)

    assert _codes(staff.ellen) == ["A1"]
    assert _codes(staff.wei) == ["B1"]


def test_a_region_sees_the_teams_below_it(organisation, staff):
    _agents(organisation)

    assert _codes(staff.ada) == ["A1"]


def test_quality_management_sees_all_and_management_no_single_rows(organisation, staff):
    _agents(organisation)

    assert _codes(staff.quinn) == ["A1", "B1"]
    assert _codes(staff.max) == []


def test_an_assessor_without_assignments_sees_nothing(organisation, staff):
    _agents(organisation)

    assert _codes(staff.vera) == []


def test_teams_and_colleagues_are_scoped_alike(organisation, staff):
    assert sorted(Team.objects.for_user(staff.ada).values_list("code", flat=True)) == ["east", "east-1"]
    assert sorted(User.objects.for_user(staff.ada).values_list("username", flat=True)) == ["ada", "ellen"]


def test_scope_costs_one_query(organisation, staff, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(Agent.objects.for_user(staff.ada))


def test_each_role_is_one_group_with_its_permissions(staff):
    assert [group.name for group in staff.ellen.groups.all()] == [Role.SERVICE_TEAM]
    assert staff.ellen.has_perm("surveys.view_response")
    assert not staff.ellen.has_perm("surveys.change_survey")
    assert staff.ada.has_perm("surveys.change_survey")
    assert not staff.max.has_perm("surveys.view_response")
    assert staff.max.has_perm("evaluations.view_evaluationrecord")
