import pytest
from django.db import IntegrityError, connection

from feedback_site.accounts.models import ApiKey, Team, User, team_subtree


def test_a_team_is_not_its_own_parent(organisation):
    organisation.east.parent = organisation.east

    with pytest.raises(IntegrityError, match="team_is_not_its_own_parent"):
        organisation.east.save()


def test_a_team_has_a_known_kind(db):
    with pytest.raises(IntegrityError, match="team_has_a_known_kind"):
        Team.objects.create(code="x", kind="circus", names={"en": "X", "zh-hans": "X"})


def test_a_member_of_a_team_role_has_a_team(db):
    with pytest.raises(IntegrityError, match="user_of_a_team_role_has_a_team"):
        User.objects.create(username="newcomer", role="service_team")


def test_a_member_of_staff_has_a_known_role(organisation):
    with pytest.raises(IntegrityError, match="user_has_a_known_role"):
        User.objects.create(username="newcomer", role="wizard", team=organisation.east)


def test_an_api_key_has_known_grants(db):
    with pytest.raises(IntegrityError, match="apikey_has_known_grants"):
        ApiKey.objects.create(name="x", prefix="x", secret_hash=b"x", grants=["everything"])


def test_an_api_key_grants_something(db):
    with pytest.raises(IntegrityError, match="apikey_grants_something"):
        ApiKey.objects.create(name="x", prefix="x", secret_hash=b"x", grants=[])


def test_a_cycle_forced_into_the_tree_ends_the_walk(organisation):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_team SET parent_id = %s WHERE id = %s",
            [organisation.east_1.pk, organisation.east.pk],
        )

    with connection.cursor() as cursor:
        # The tree's own ordering would walk for ever here, so this asks the scope's subquery alone.
        subtree = team_subtree(organisation.east.pk)
        cursor.execute(
            f"SELECT code FROM accounts_team WHERE id IN {subtree.sql} ORDER BY code",  # noqa: S608 - a constant
            subtree.params,
        )
        codes = [code for (code,) in cursor.fetchall()]

    assert codes == ["east", "east-1"]
