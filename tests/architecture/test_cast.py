"""The cast is written in a few statements: as the services would write it."""

from django.forms.models import model_to_dict

from feedback_site.accounts.models import User
from feedback_site.accounts.services import assign_role

OWN = {"id", "username", "email", "password", "date_joined"}


def facts(user):
    stored = User.objects.get(pk=user.pk)
    return {name: value for name, value in model_to_dict(stored).items() if name not in OWN}


def test_every_member_of_staff_is_as_assigning_their_role_makes_them(staff):
    members = vars(staff)
    assert len(members) == 7

    for name, member in members.items():
        twin = User(username=f"{name}-2", email=f"{name}-2@staff.example", language="en")
        twin.set_password("correct horse battery")
        assign_role(user=twin, role=member.role, team=member.team)

        assert facts(member) == facts(twin)
        assert len(facts(twin)["groups"]) == 1
        assert member.check_password("correct horse battery")
        assert member.get_all_permissions() == twin.get_all_permissions()
