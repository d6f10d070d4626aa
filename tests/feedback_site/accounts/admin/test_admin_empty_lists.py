"""What an empty list says: never to do what its reader may not."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def page(client, user, model, **query):
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client.get(reverse(f"admin:{model}_changelist"), query).content.decode()


def test_where_rows_come_by_themselves_staff_are_not_asked_to_add_one(client, staff):
    shown = page(client, staff.ada, "surveys_responsefile")

    assert "What happens is listed by itself." in shown
    assert "/responsefile/add/" not in shown


def test_staff_who_may_add_the_first_row_are_offered_to(client, staff):
    shown = page(client, staff.ada, "questionnaires_questionnaire")

    assert "There is nothing here yet." in shown
    assert f'href="{reverse("admin:questionnaires_questionnaire_add")}"' in shown


def test_a_search_without_a_match_says_so_and_can_be_taken_back(client, staff):
    shown = page(client, staff.ada, "questionnaires_questionnaire", q="nothing like it")

    assert "Nothing matches what is searched or filtered for." in shown
    assert "Reset filters" in shown
