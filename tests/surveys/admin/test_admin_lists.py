from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback_site.evaluations.models import Indicator
from feedback_site.questionnaires.models import Question, Questionnaire
from surveys.enums import FollowUpReason, ResponseMode
from surveys.models import IndicatorTally, Invitation, LinkVisit, ResponseSource, Survey
from surveys.services.decisions.deciding import decide_events
from surveys.services.follow_ups.following_up import NewFollowUp, request_follow_ups
from surveys.services.links.tokens import token_of
from surveys.services.responses.answering import Submission, submit_responses
from surveys.services.responses.importing import ElsewhereAnswer, record_elsewhere
from surveys.services.tallies.tallying import consume_tallies

pytestmark = pytest.mark.django_db

FACTS = [
    "eventdecision",
    "invitation",
    "response",
    "linkvisit",
    "responsetally",
    "agenttally",
    "indicatortally",
    "pendingtally",
]
FACTS += ["followuprequest", "questionnaireversion", "responsesource"]
DRAFTS = ["questionnaire", "question", "survey"]


@pytest.fixture
def root(client, staff):
    staff.root.is_superuser = True
    staff.root.save()
    client.force_login(staff.root)
    return client


@pytest.fixture
def answered(cast, noon):
    """A maker of answered events: each is counted, and then one more waits to be counted."""

    def make(count):
        for number in range(count):
            cast.record(agent=f"A{number}", completed_at=noon - timedelta(hours=number + 1, days=number))
        cast.survey.age_limit_hours = 1000
        cast.survey.save()
        decide_events(at=noon)
        invitations = list(Invitation.objects.filter(answered_at__isnull=True))
        LinkVisit.objects.bulk_create(
            LinkVisit(invitation=invitation, first_at=noon, last_at=noon) for invitation in invitations
        )
        submit_responses(
            [Submission(row.pk, {"overall": 4, "praise": "tone"}, 4, None, "zh-hans") for row in invitations],
            at=noon,
        )
        request_follow_ups(
            requests=[NewFollowUp(row.pk, FollowUpReason.LOW_SCORE, 4) for row in invitations], at=noon
        )
        indicators = iter(Indicator.objects.exclude(pk__in=IndicatorTally.objects.values("indicator")))
        IndicatorTally.objects.bulk_create(
            IndicatorTally(
                day=row.belongs_on, team_id=row.team_id, indicator=next(indicators), value=4, count=1
            )
            for row in invitations
        )
        ResponseSource.objects.bulk_create(
            ResponseSource(response_id=row.pk, system="paper", external_id=str(row.pk), recorded_at=noon)
            for row in invitations
        )
        return invitations

    return make


def app_of(model):
    return "questionnaires" if model in {"questionnaire", "question", "questionnaireversion"} else "surveys"


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    return len(queries)


@pytest.mark.parametrize("model", FACTS)
def test_a_list_costs_the_same_with_one_and_three_rows(root, answered, questionnaire, noon, model):
    address = reverse(f"admin:{app_of(model)}_{model}_changelist")
    answered(1)
    if "tally" in model and model != "pendingtally":
        consume_tallies(at=noon)
    root.get(address)
    one = queries_of(root, address)
    answered(2)
    if "tally" in model and model != "pendingtally":
        consume_tallies(at=noon)

    assert queries_of(root, address) == one


@pytest.mark.parametrize("model", DRAFTS)
def test_a_list_of_drafts_costs_the_same_with_one_and_three_rows(root, cast, questionnaire, model):
    address = reverse(f"admin:{app_of(model)}_{model}_changelist")
    Question.objects.filter(key="praise").delete()
    root.get(address)
    one = queries_of(root, address)
    for number in range(2):
        draft = Questionnaire.objects.create(
            slug=f"q{number}",
            names={"en": "Q", "zh-hans": "问"},
            title={"en": "T", "zh-hans": "题"},
            thanks={"en": "T", "zh-hans": "谢"},
        )
        Question.objects.create(questionnaire=draft, key="k", type="text", text={"en": "?", "zh-hans": "？"})
        cast.survey.pk, cast.survey.slug, cast.survey.questionnaire = None, f"s{number}", draft
        cast.survey.save()

    # The filter by questionnaire lists its choices in one query whatever their number.
    assert queries_of(root, address) == one


@pytest.mark.parametrize("model", FACTS)
def test_facts_can_be_read_and_not_changed(root, answered, noon, model):
    answered(1)
    if "tally" in model and model != "pendingtally":
        consume_tallies(at=noon)
    admin_list = root.get(reverse(f"admin:{app_of(model)}_{model}_changelist"))
    (row,) = admin_list.context["cl"].result_list[:1]
    page = reverse(f"admin:{app_of(model)}_{model}_change", args=[row.pk])

    assert root.get(page).status_code == 200
    assert root.post(page, {}).status_code == 403
    assert root.get(reverse(f"admin:{app_of(model)}_{model}_delete", args=[row.pk])).status_code == 403
    assert root.get(reverse(f"admin:{app_of(model)}_{model}_add")).status_code == 403


def test_no_page_shows_a_token(root, answered):
    (invitation,) = answered(1)
    token = token_of(invitation)

    pages = [
        root.get(reverse("admin:surveys_invitation_changelist")),
        root.get(reverse("admin:surveys_invitation_change", args=[invitation.pk])),
        root.get(reverse("admin:surveys_response_change", args=[invitation.pk])),
    ]

    assert not any(token in page.content.decode() for page in pages)


def test_a_response_reads_as_questions_and_answers(root, answered):
    (invitation,) = answered(1)

    page = root.get(
        reverse("admin:surveys_response_change", args=[invitation.pk]), headers={"accept-language": "en"}
    ).content.decode()

    assert ">How satisfied are you?</dt>" in page
    assert ">Tone</dd>" in page
    assert "★ 4" in page


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, "open"),
        ({"answered_at": timedelta(0)}, "answered"),
        ({"expires_at": timedelta(minutes=1)}, "expired"),
        ({"voided_at": timedelta(0), "void_reason": "reopened"}, "voided"),
    ],
)
def test_invitations_are_found_by_the_state_of_their_links(root, cast, noon, change, state):
    cast.record()
    decide_events(at=noon)
    long_ahead = noon + timedelta(days=36500)
    Invitation.objects.update(expires_at=long_ahead)
    Invitation.objects.update(
        **{name: noon + value if isinstance(value, timedelta) else value for name, value in change.items()}
    )
    if state == "expired":
        Invitation.objects.update(
            invited_at=noon - timedelta(days=800), expires_at=noon - timedelta(days=790)
        )
    address = reverse("admin:surveys_invitation_changelist")

    found = {
        other: root.get(address, {"state": other}).context["cl"].result_count
        for other in ("open", "answered", "expired", "voided")
    }

    assert found == {**dict.fromkeys(found, 0), state: 1}


def test_decisions_are_found_by_their_outcome(root, cast, noon):
    cast.record()
    cast.record(consent={})
    decide_events(at=noon)
    address = reverse("admin:surveys_eventdecision_changelist")

    found = {
        outcome: root.get(address, {"outcome": outcome}).context["cl"].result_count
        for outcome in ("invited", "no_consent", "too_old")
    }

    assert found == {"invited": 1, "no_consent": 1, "too_old": 0}


@pytest.fixture
def on_paper(cast, noon):
    """An answer on paper about an event that no one was asked about."""
    event = cast.record()
    answer = ElsewhereAnswer(
        system="paper",
        external_id="sheet-7",
        event_key=(event.source, event.external_id),
        fields={"overall": ["2"]},
        answered_at=noon,
        mode=ResponseMode.PAPER,
    )
    record_elsewhere(survey=cast.survey, answers=[answer], at=noon)
    return Invitation.objects.get()


def test_a_response_says_how_and_where_it_was_given(root, on_paper):
    page = root.get(
        reverse("admin:surveys_response_change", args=[on_paper.pk]), headers={"accept-language": "en"}
    ).content.decode()

    assert "paper · sheet-7" in page
    assert "questionnaire after a service" in page
    assert ">paper<" in page.replace("\n", "").replace(" ", "")


def test_responses_and_invitations_are_found_by_purpose_and_origin(root, on_paper):
    found = {}
    for model, prefix in (("response", "invitation__"), ("invitation", "")):
        address = reverse(f"admin:{app_of(model)}_{model}_changelist")
        for name, value in (
            ("purpose", "survey"),
            ("purpose", "visit"),
            ("origin", "imported"),
            ("origin", "sent"),
        ):
            found[model, value] = (
                root.get(address, {f"{prefix}{name}__exact": value}).context["cl"].result_count
            )

    assert found == {
        (model, value): count
        for model in ("response", "invitation")
        for value, count in (("survey", 1), ("visit", 0), ("imported", 1), ("sent", 0))
    }


def test_an_event_answered_elsewhere_is_decided_in_these_words(root, on_paper):
    address = reverse("admin:surveys_eventdecision_changelist")

    found = {
        outcome: root.get(address, {"outcome": outcome}) for outcome in ("invited", "elsewhere", "no_consent")
    }

    assert {outcome: page.context["cl"].result_count for outcome, page in found.items()} == {
        "invited": 0,
        "elsewhere": 1,
        "no_consent": 0,
    }
    assert "answered elsewhere" in found["elsewhere"].content.decode()


def test_staff_set_up_to_which_score_a_colleague_goes_back(root, survey):
    address = reverse("admin:surveys_survey_change", args=[survey.pk])
    page = root.get(address, headers={"accept-language": "en"})
    form = {
        name: value for name, value in page.context["adminform"].form.initial.items() if value is not None
    }
    form |= {"kinds": [], "channels": [], "follow_up_at_most": 3}

    wrong = root.post(address, form | {"follow_up_at_most": 5})
    saved = root.post(address, form)

    assert (
        "A satisfaction of this many points or fewer schedules a return visit. 0: never."
        in page.content.decode()
    )
    assert (wrong.status_code, saved.status_code) == (200, 302)
    assert Survey.objects.get().follow_up_at_most == 3


@pytest.mark.parametrize(
    ("lookup", "is_allowed"),
    [
        ("credited_team__id__exact", True),
        ("belongs_on_from", True),
        ("state", True),
        ("purpose__exact", True),
        ("credited_team__members__password__startswith", False),
        ("customer__external_id", False),
        ("token_hash", False),
        ("survey__name__startswith", False),
    ],
)
def test_lists_are_filtered_by_what_they_offer_only(lookup, is_allowed):
    assert site.get_model_admin(Invitation).lookup_allowed(lookup, "1") is is_allowed


def test_a_range_of_days_is_kept(root, cast, noon):
    cast.record()
    decide_events(at=noon)
    address = reverse("admin:surveys_invitation_changelist")

    found = [
        root.get(address, {"belongs_on_from": day}).context["cl"].result_count
        for day in ("2026-11-20", "2026-11-21")
    ]

    assert found == [1, 0]
