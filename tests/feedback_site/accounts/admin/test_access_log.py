"""The access log's page: who did what, in words, within scope, and nothing to change."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import translation

from feedback_site.accounts.admin.access_log import kind_in_words
from feedback_site.accounts.enums import AccountAccess, Grant
from feedback_site.accounts.models import AccessLogEntry, User
from feedback_site.accounts.services import create_api_key, record_access
from feedback_site.customers.enums import CustomerAccess
from feedback_site.dashboards.enums import ExportAccess

LIST = reverse("admin:accounts_accesslogentry_changelist")


@pytest.fixture
def entries(staff, organisation, noon):
    key, _clear = create_api_key(name="warehouse", grants=list(Grant))
    record = {"subject_kind": "responses", "details": {"rows": 42}, "at": noon}
    return [
        record_access(
            actor=staff.ellen, action=AccountAccess.EXPORTED, team_id=organisation.east_1.pk, **record
        ),
        record_access(actor=key, action=ExportAccess.EXPORT_DOWNLOADED, **record),
        record_access(
            actor=staff.wei, action=CustomerAccess.CONTACT_REVEALED, team_id=organisation.west_1.pk, **record
        ),
    ]


def test_the_list_names_people_and_keys(entries, staff, client):
    client.force_login(staff.quinn)

    page = client.get(LIST).content.decode()

    assert "ellen" in page
    assert "API key warehouse" in page
    assert "rows exported" in page


@pytest.mark.parametrize(
    ("query", "found"), [("actor=user:{ellen}", [0]), ("action__exact=downloaded", [1]), ("", [2, 1, 0])]
)
def test_it_is_filtered_by_actor_and_action(query, found, entries, staff, client):
    client.force_login(staff.quinn)

    listing = client.get(f"{LIST}?{query.format(ellen=staff.ellen.pk)}").context["cl"].queryset

    assert [entry.pk for entry in listing] == [entries[index].pk for index in found]


def test_who_sees_a_subtree_sees_its_entries_and_their_actors_only(entries, staff, client):
    staff.ada.user_permissions.set(Permission.objects.filter(codename="view_accesslogentry"))
    client.force_login(User.objects.get(pk=staff.ada.pk))

    page = client.get(LIST)

    assert [entry.pk for entry in page.context["cl"].queryset] == [entries[0].pk]
    assert "warehouse" not in page.content.decode()
    assert "wei" not in page.content.decode().split("result_list")[-1]


@pytest.mark.parametrize("who", ["ellen", "max"])
def test_others_may_not_look(who, entries, staff, client):
    client.force_login(getattr(staff, who))

    assert client.get(LIST).status_code == 403


def test_no_colleague_adds_changes_or_deletes(entries, staff, client):
    staff.root.is_superuser = True
    staff.root.save()
    client.force_login(staff.root)
    page = reverse("admin:accounts_accesslogentry_change", args=[entries[0].pk])

    answers = [
        client.get(reverse("admin:accounts_accesslogentry_add")).status_code,
        client.post(page, {"actor": "user:0"}).status_code,
        client.post(reverse("admin:accounts_accesslogentry_delete", args=[entries[0].pk])).status_code,
    ]

    assert answers == [403, 403, 403]
    assert client.get(page).status_code == 200
    assert AccessLogEntry.objects.count() == 3


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("invitation", "邀请"),
        ("serviceevent", "服务事件"),
        ("service_events", "服务事件"),
        ("responses", "答卷"),
        ("of_old", "of_old"),
    ],
)
def test_kinds_of_rows_are_named_in_the_readers_language(kind, words):
    with translation.override("zh-hans"):
        assert kind_in_words(kind) == words
