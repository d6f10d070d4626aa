import json
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from feedback_site.evaluations.services.schemes import load_after_sales_scheme
from feedback_site.questionnaires.models import Questionnaire, QuestionnaireVersion
from feedback_site.questionnaires.services.exchange.library import library
from feedback_site.questionnaires.services.publishing import publish_questionnaire
from tests.factories.questionnaires.definitions import definition_of
from tests.factories.questionnaires.workbooks import workbook

pytestmark = pytest.mark.django_db

IMPORT = reverse("admin:questionnaires_questionnaire_import_questionnaire")
LIBRARY = reverse("admin:questionnaires_questionnaire_add_from_library")
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def draft(questionnaire, organisation) -> Questionnaire:
    """The questionnaire of Ada's own region."""
    questionnaire.team = organisation.east
    questionnaire.save()
    return questionnaire


@pytest.fixture
def ada(client, staff):
    client.force_login(staff.ada)
    return client


@pytest.fixture
def upload(ada, organisation):
    """Send Ada's file and return the page that comes back."""

    def upload(data, name="form.json"):
        content = data if isinstance(data, bytes) else json.dumps(data).encode()
        return ada.post(
            IMPORT, {"file": SimpleUploadedFile(name, content), "team": organisation.east.pk}, headers=ENGLISH
        )

    return upload


@pytest.fixture
def confirm(ada, organisation):
    """Say go for a definition under a slug."""

    def confirm(definition, slug, **more):
        data = {"definition": json.dumps(definition), "slug": slug, "team": organisation.east.pk, **more}
        return ada.post(IMPORT, data, headers=ENGLISH)

    return confirm


def told(response):
    return [str(message) for message in response.context["messages"]]


def test_a_file_is_looked_at_first_and_changes_nothing(upload, draft):
    definition = definition_of(draft)
    definition["slug"] = "second"
    del definition["questions"][1]["options"][0]

    page = upload(definition)

    text = page.content.decode()
    assert "Checked: nothing has been changed yet" in text
    assert "您满意吗？" in text
    assert "a choice needs at least two options." in text
    assert json.loads(page.context["form"]["definition"].value()) == definition
    assert list(Questionnaire.objects.all()) == [draft]


def test_saying_go_makes_the_draft_and_leads_to_it(confirm, draft, organisation):
    definition = definition_of(draft)

    response = confirm(definition, "second")

    made = Questionnaire.objects.get(slug="second")
    assert response["Location"] == reverse("admin:questionnaires_questionnaire_change", args=[made.pk])
    assert made.team == organisation.east
    assert definition_of(made) == {**definition, "slug": "second"}


def test_a_draft_is_replaced_only_when_that_was_asked_for(confirm, draft, noon):
    publish_questionnaire(questionnaire=draft, by=None, at=noon)
    definition = {**definition_of(draft), "questions": []}

    refused = confirm(definition, draft.slug)
    replaced = confirm(definition, draft.slug, replace="on")

    assert "There is a questionnaire “after-service” already." in refused.content.decode()
    assert refused.context["may_replace"]
    assert replaced.status_code == 302
    assert draft.questions.count() == 0
    assert QuestionnaireVersion.objects.get().questionnaire == draft


def test_staff_do_not_replace_what_they_may_not_change(confirm, questionnaire):
    response = confirm({**definition_of(questionnaire), "questions": []}, questionnaire.slug, replace="on")

    assert "There is a questionnaire “after-service” already." in response.content.decode()
    assert not response.context["may_replace"]
    assert questionnaire.questions.count() == 2


def test_staff_do_not_import_for_a_team_out_of_sight(confirm, draft, organisation):
    response = confirm(definition_of(draft), "second", team=organisation.west.pk)

    assert response.context["form"].errors["team"]
    assert not Questionnaire.objects.filter(slug="second").exists()


def test_every_problem_is_shown_by_its_place(upload, draft):
    definition = definition_of(draft)
    definition["questions"][1]["options"][1]["text"]["en"] = 5
    definition["surprise"] = True

    text = upload(definition).content.decode()

    assert "This file cannot be imported" in text
    assert "<code>questions[1].options[1].text.en</code> this must be a text." in text
    assert "<code>surprise</code> this field is unknown." in text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"nothing", "This is not a JSON file in UTF-8"),
        (b"PK\x03\x04", "This workbook cannot be read"),
        (b"", "The submitted file is empty."),
    ],
    ids=["text", "broken", "empty"],
)
def test_a_file_of_another_kind_is_refused_at_its_field(upload, data, sentence):
    page = upload(data)

    assert page.status_code == 200
    assert sentence in str(page.context["form"].errors["file"])


def test_an_xlsform_is_shown_with_what_has_no_counterpart(upload, confirm):
    page = upload(
        workbook(survey="type | name | label\ntext | why | Why?\ngeopoint | place | Where?").getvalue(),
        "my.xlsx",
    )

    assert "survey, row 3: places on a map cannot be asked here." in page.content.decode()
    confirm(json.loads(page.context["form"]["definition"].value()), "my")
    assert Questionnaire.objects.get(slug="my").questions.get().key == "why"


def test_what_was_tampered_with_on_its_way_is_refused(ada, confirm, organisation):
    broken = ada.post(
        IMPORT, {"definition": "{", "slug": "x", "team": organisation.east.pk}, headers=ENGLISH, follow=True
    )
    unsound = confirm({"slug": 5}, "x")

    assert told(broken) == ["The questionnaire was changed on its way. Please choose the file again."]
    assert "This file cannot be imported" in unsound.content.decode()
    assert not Questionnaire.objects.exists()


def test_a_questionnaire_is_taken_from_the_library_for_ones_own_team(ada, organisation):
    load_after_sales_scheme()
    page = ada.get(LIBRARY, headers=ENGLISH)

    added = ada.post(LIBRARY, {"slug": "nps-reason", "team": organisation.east.pk}, headers=ENGLISH)
    again = ada.post(LIBRARY, {"slug": "nps-reason", "team": organisation.east.pk}, headers=ENGLISH)

    assert all(entry.name in page.content.decode() for entry in library())
    assert Questionnaire.objects.get().slug == "nps-reason-east"
    assert added.status_code == 302
    assert told(again)[-1] == "There is a questionnaire “nps-reason-east” already."


def test_the_library_for_all_is_for_those_who_see_all(client, ada, staff):
    ada.post(LIBRARY, {"slug": "nps-reason", "team": ""})
    assert not Questionnaire.objects.exists()

    client.force_login(staff.quinn)
    client.post(LIBRARY, {"slug": "nps-reason", "team": ""})

    assert Questionnaire.objects.get().team is None


def test_the_draft_is_downloaded_as_it_can_be_imported(ada, draft):
    response = ada.get(reverse("admin:questionnaires_questionnaire_download_definition", args=[draft.pk]))

    assert response["Content-Disposition"] == "attachment; filename*=UTF-8''after-service.json"
    assert json.load(BytesIO(response.content)) == definition_of(draft)


def test_service_teams_neither_import_nor_download(client, staff, draft):
    client.force_login(staff.ellen)
    pages = [
        IMPORT,
        LIBRARY,
        reverse("admin:questionnaires_questionnaire_download_definition", args=[draft.pk]),
    ]

    assert [client.get(page).status_code for page in pages] == [403, 403, 403]
