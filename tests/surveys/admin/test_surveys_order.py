"""The order of survey rules on the staff pages.

One place each, moved within one's own rules, and what never gets a turn says so.
"""

import pytest
from django.test import Client
from django.urls import reverse

from feedback_site.common.exceptions import ConflictError
from surveys.models import Survey
from surveys.services.surveys import reorder_surveys

pytestmark = pytest.mark.django_db
LIST = "admin:surveys_survey_changelist"


@pytest.fixture
def rules(questionnaire, published, organisation):
    """Shared, then one of the west, then one of the east, which asks about repairs alone."""
    made = {
        name: Survey.objects.create(slug=name, name=name.title(), questionnaire=questionnaire, team=team)
        for name, team in [("shared", None), ("west", organisation.west), ("east", organisation.east)]
    }
    made["east"].kinds.add(organisation.repair)
    return made


def order() -> list[str]:
    return list(Survey.objects.order_by("position").values_list("slug", flat=True))


def page(user, language="en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


def test_new_rules_come_last(rules):
    assert list(Survey.objects.order_by("pk").values_list("position", flat=True)) == [1, 2, 3]


def test_a_rule_that_is_saved_again_keeps_its_place(rules):
    rules["west"].save()  # it does not know yet which place it got

    assert order() == ["shared", "west", "east"]


def test_a_region_moves_its_own_rules_only(rules, staff):
    assert reorder_surveys(wanted=[rules["east"].pk, rules["shared"].pk], by=staff.ada) > 0
    assert order() == ["east", "shared", "west"]

    with pytest.raises(ConflictError):
        reorder_surveys(wanted=[rules["west"].pk, rules["shared"].pk], by=staff.ada)
    assert order() == ["east", "shared", "west"]
    assert sorted(Survey.objects.values_list("position", flat=True)) == [1, 2, 3]


def test_who_sees_all_moves_all(rules, staff):
    reorder_surveys(wanted=[rules[name].pk for name in ("west", "east", "shared")], by=staff.root)

    assert order() == ["west", "east", "shared"]


def posted(rules, names) -> dict[str, str]:
    rows = {f"form-{place}-id": str(rules[name].pk) for place, name in enumerate(names)}
    rows |= {f"form-{place}-position": str(place) for place in range(len(names))}
    return rows | {"form-TOTAL_FORMS": str(len(names)), "form-INITIAL_FORMS": str(len(names)), "_save": "1"}


def test_the_list_takes_the_order_that_was_dragged_or_typed(rules, staff):
    client = page(staff.root)
    assert 'data-ordering-field="position"' in client.get(reverse(LIST)).content.decode()

    answer = client.post(reverse(LIST), posted(rules, ["east", "west", "shared"]), follow=True)

    assert order() == ["east", "west", "shared"]
    assert "The new order is saved." in answer.content.decode()


def test_a_region_is_told_where_it_moved_what_is_not_its_own(rules, staff, organisation, questionnaire):
    rules["other"] = Survey.objects.create(slug="other", name="Other", questionnaire=questionnaire)

    answer = page(staff.ada).post(reverse(LIST), posted(rules, ["other", "shared", "east"]), follow=True)

    assert "Rules of other owners keep their order" in answer.content.decode()
    assert order() == ["shared", "west", "east", "other"]


def test_who_may_not_change_rules_orders_none(rules, staff):
    assert page(staff.max).post(reverse(LIST), posted(rules, ["east", "west", "shared"])).status_code == 403
    assert order() == ["shared", "west", "east"]


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Never asks because of"), ("zh-hans", "被哪些规则挡住")]
)
def test_a_rule_that_never_gets_a_turn_says_which_one_takes_its_events(rules, staff, language, heading):
    client = page(staff.ada, language)
    listing = client.get(reverse(LIST))
    shadows = {row.slug: row.shadow for row in listing.context["cl"].result_list}
    single = client.get(reverse("admin:surveys_survey_change", args=[rules["east"].pk])).content.decode()

    assert shadows == {"shared": [], "east": ["Shared"]}
    assert heading.lower() in listing.content.decode().lower()
    assert "“Shared”" in listing.content.decode()
    assert heading.lower() in single.lower()
    assert "“Shared”" in single

    reorder_surveys(wanted=[rules["east"].pk, rules["shared"].pk], by=staff.root)

    assert not any(row.shadow for row in client.get(reverse(LIST)).context["cl"].result_list)


def test_the_page_of_a_rule_names_no_rule_that_its_reader_may_not_see(rules, staff, organisation):
    """Together the regions take all of what the shared rule asks about."""
    rules["east"].kinds.clear()
    reorder_surveys(wanted=[rules[name].pk for name in ("west", "east", "shared")], by=staff.root)
    address = reverse("admin:surveys_survey_change", args=[rules["shared"].pk])

    of_the_region, of_all = (page(user).get(address).content.decode() for user in (staff.ada, staff.root))

    assert "“a rule of another team”" in of_the_region
    assert "“East”" in of_the_region
    assert "“West”" not in of_the_region
    assert "“West”" in of_all
