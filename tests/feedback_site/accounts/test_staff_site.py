"""What stands beside every staff page."""

import pytest
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.urls import resolve, reverse
from django.utils import translation

from feedback_site.accounts.staff_site import StaffSite

pytestmark = pytest.mark.django_db
PAGES = {
    "questionnaires.view_questionnaire": "admin:questionnaires_questionnaire_changelist",
    "accounts.view_user": "admin:accounts_user_changelist",
    "surveys.view_responsetally": "dashboards:response-rates",
    "visits.change_returnvisit": "admin:visits_returnvisit_work",
}


@pytest.fixture
def ask(rf):
    def ask(user, page="admin:questionnaires_questionnaire_changelist"):
        request = rf.get(reverse(page))
        request.user, request.resolver_match = user, resolve(request.path)
        return request

    return ask


def menu_of(request):
    groups = admin.site.each_context(request)["sidebar_navigation"]
    return {item["link"]: item for group in groups for item in group["items"]}


@pytest.mark.parametrize("who", ["ellen", "ada", "max", "root"])
def test_the_menu_holds_what_a_member_of_staff_may_open(ask, staff, who):
    user = getattr(staff, who)
    menu = menu_of(ask(user))

    assert {page: reverse(page) in menu for page in PAGES.values()} == {
        page: user.has_perm(needed) for needed, page in PAGES.items()
    }
    assert reverse("admin:index") in menu
    assert all(item["has_permission"] for item in menu.values())


def test_the_menu_is_in_the_readers_language_and_marks_the_page(ask, staff):
    with translation.override("zh-hans"):
        menu = menu_of(ask(staff.root))

    assert menu[reverse("admin:questionnaires_questionnaire_changelist")]["title"] == "问卷"
    assert [link for link, item in menu.items() if item["active"]] == [
        reverse("admin:questionnaires_questionnaire_changelist")
    ]


def test_applications_are_listed_for_pages_that_show_them_only(ask, staff, monkeypatch, client):
    asked = []
    listed = AdminSite.get_app_list
    monkeypatch.setattr(
        AdminSite, "get_app_list", lambda *site_and_request: asked.append(1) or listed(*site_and_request)
    )
    client.force_login(staff.root)

    assert client.get(reverse("admin:questionnaires_questionnaire_changelist")).status_code == 200
    assert asked == []
    assert len(StaffSite().get_app_list(ask(staff.root))) == 0  # a site of its own has no pages
    assert list(admin.site.get_app_list(ask(staff.ada))) == listed(admin.site, ask(staff.ada))
    assert "surveys" in {app["app_label"] for app in admin.site.get_app_list(ask(staff.ada))}
