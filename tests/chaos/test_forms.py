"""What the bug planted in forms must turn red: small, so that a run of planted bugs can afford it.

Tests/isolation asks every page.
"""

from django.contrib import admin
from django.contrib.auth.models import Permission
from django.forms import ModelChoiceField
from django.test import RequestFactory

from feedback_site.accounts.models import User
from tests.factories.cases import ask, write_case


def offered(user, rows):
    """Which of `rows` any form of the staff pages offers as a choice."""
    request = RequestFactory().get("/")
    request.user = user
    forms = [
        model_admin.get_form(request)
        for model_admin in admin.site._registry.values()
        if model_admin.has_add_permission(request)
    ]
    fields = [
        field for form in forms for field in form.base_fields.values() if isinstance(field, ModelChoiceField)
    ]
    return {str(row) for field in fields for row in rows if _offers(field.queryset, row)}


def _offers(choices, row):
    return isinstance(row, choices.model) and choices.contains(row)


def test_forms_offer_the_rows_of_ones_own_team_and_no_others(organisation, staff):
    asked = ask(organisation)
    own = write_case(organisation=organisation, asked=asked, team=organisation.east_1, canary="Ostwind")
    others = write_case(organisation=organisation, asked=asked, team=organisation.west_1, canary="Westwind")

    staff.ellen.user_permissions.set(Permission.objects.all())
    ellen = User.objects.get(pk=staff.ellen.pk)

    assert offered(ellen, [organisation.east_1, *own.rows]) != set()
    assert offered(ellen, [organisation.west_1, *others.rows]) == set()
