"""What customers write freely is stored masked, and sealed where that changed it.

No contact stands in clear in any table.
"""

import hashlib
import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from feedback_site.common.sealing import seal
from feedback_site.customers.models import Customer, SealedText
from feedback_site.customers.services import texts_as_written
from feedback_site.questionnaires.questions.contact import ContactGiven
from surveys.models import Invitation, Response, ResponseDraft
from surveys.services.drafts.saving import read_draft
from surveys.services.responses.answering import AnsweredForm, Outcome, Receipt, Submission, submit_responses
from surveys.services.responses.hashing import hash_answers
from surveys.services.responses.importing import ElsewhereAnswer, record_elsewhere
from tests.factories.questionnaires.documents import both, publish, question
from tests.factories.surveys.links import INVITED_AT, invite

AT = INVITED_AT + timedelta(days=1)
SAID = "我是王小明，请打 138 0000 0104 或 ann@example.com，订单 20261130001"
SHOWN = "我是***，请打 *** 或 ***，订单 20261130001"


def submission(link, comment=SAID, **more):
    answers = {"overall": 4, "comment": comment}
    fields = {
        "invitation_id": link.invitation.pk,
        "answers": answers,
        "satisfaction": 4,
        "nps": None,
        "language": "en",
    }
    return Submission(**{**fields, "words": frozenset({"comment"}), **more})


def as_form(link, **more):
    form = AnsweredForm(bytes(link.invitation.token_hash), link.invitation.version_id, "")
    return submission(link, invitation_id=None, form=form, **more)


@pytest.fixture
def known(make_link):
    """A link whose customer is 王小明."""
    link = make_link()
    customer = Customer(source="crm", external_id="c1", name_mask="王**")
    customer.name_sealed = seal(value="王小明", table="customers_customer", column="name", row_id=customer.pk)
    customer.save(force_insert=True)
    Invitation.objects.filter(pk=link.invitation.pk).update(customer=customer)
    return link


@pytest.mark.django_db
@pytest.mark.parametrize("named", [submission, as_form], ids=["by id", "by form"])
def test_words_are_stored_masked_and_sealed_in_the_statement_that_stores_the_answers(
    known, named, django_assert_num_queries
):
    with django_assert_num_queries(2):
        (receipt,) = submit_responses([named(known)], at=AT)

    assert receipt.outcome is Outcome.ACCEPTED
    assert Response.objects.get().answers == {"overall": 4, "comment": SHOWN}
    assert texts_as_written(kind="response", subject_ids=[known.invitation.pk]) == {
        str(known.invitation.pk): {"answers.comment": SAID}
    }


@pytest.mark.django_db
@pytest.mark.parametrize("comment", ["师傅很专业", "请打 138 0000 0104", "小明说好"])
def test_words_that_cannot_hold_the_customers_name_take_one_statement(
    known, comment, django_assert_num_queries
):
    with django_assert_num_queries(1):
        submit_responses([as_form(known, comment=comment)], at=AT)

    assert SealedText.objects.count() == comment.count("138")


@pytest.mark.django_db
def test_the_same_words_again_are_the_same_answer_and_others_under_the_same_mask_are_not(known):
    submit_responses([submission(known)], at=AT)

    again = submit_responses(
        [submission(known), as_form(known), submission(known, SAID.replace("0104", "0105"))], at=AT
    )

    assert [receipt.outcome for receipt in again] == [Outcome.REPEATED, Outcome.REPEATED, Outcome.DIFFERENT]
    assert SealedText.objects.count() == 1


@pytest.mark.django_db
def test_of_two_in_one_batch_the_first_counts_whichever_holds_the_name(known):
    receipts = submit_responses([submission(known), submission(known, "好"), submission(known)], at=AT)

    assert [receipt.outcome for receipt in receipts] == [
        Outcome.ACCEPTED,
        Outcome.DIFFERENT,
        Outcome.REPEATED,
    ]


@pytest.mark.django_db
def test_no_reader_finds_what_a_mask_covers_by_trying_the_hash(known, settings):
    submit_responses([submission(known)], at=AT)
    stored = bytes(Response.objects.get().answers_hash)

    settings.BLIND_INDEX_KEYS = ["another"]
    guesses = [hash_answers({"overall": 4, "comment": SAID})]
    settings.BLIND_INDEX_KEYS = ["another", "a-third"]

    assert stored not in guesses


@pytest.mark.django_db
def test_answers_taken_off_the_path_and_a_name_given_in_the_form_are_masked_too(make_link):
    link = make_link()
    off = {"why": "Ann Lee, ann@example.com", "other.other": "打13800000104", "when": "2026-11-30"}
    words = frozenset({"why", "other.other", "comment"})
    contact = {"c": ContactGiven(name="Ann Lee")}

    submit_responses([submission(link, "Lee again", off_path=off, words=words, asides=contact)], at=AT)

    stored = Response.objects.get()
    assert stored.answers["comment"] == "*** again"
    assert stored.off_path == {"why": "***, ***", "other.other": "打***", "when": "2026-11-30"}
    assert set(SealedText.objects.values_list("field", flat=True)) == {
        "answers.comment",
        "off_path.why",
        "off_path.other.other",
    }


@pytest.mark.django_db
def test_what_no_question_could_read_of_an_answer_from_elsewhere_is_masked(organisation):
    unless_good = {
        "join": "all",
        "tests": [{"of": "answer", "name": "overall", "operator": "at_most", "compared": 2}],
    }
    overall = question("overall", "rating", both("Satisfied?", "满意吗？"), metric="satisfaction")
    when = question("when", "date", both("When?", "何时？"), condition=unless_good)
    link = invite(organisation, publish([overall, when]))
    given = {"overall": ["5"], "when": ["打 138 0000 0104"]}

    (taken,) = record_elsewhere(
        survey=None,
        answers=[ElsewhereAnswer(fields=given, answered_at=AT, invitation_id=link.invitation.pk)],
        at=AT,
    )

    assert taken.off_path == ("when",)
    assert Response.objects.get().off_path == {"when": "打 ***"}
    kept = texts_as_written(kind="response", subject_ids=[link.invitation.pk])
    assert kept == {str(link.invitation.pk): {"off_path.when": "打 138 0000 0104"}}


@pytest.mark.django_db
def test_a_name_that_cannot_be_opened_keeps_no_answer_from_being_stored(known):
    Customer.objects.update(name_sealed=b"broken")

    (receipt,) = submit_responses([submission(known)], at=AT)

    assert receipt.outcome is Outcome.ACCEPTED
    assert Response.objects.get().answers["comment"] == SHOWN.replace("***", "王小明", 1)


@pytest.mark.django_db
def test_each_word_of_a_latin_name_is_looked_for(known):
    customer = Customer.objects.get(external_id="c1")
    customer.name_sealed = seal(
        value="Ann Lee", table="customers_customer", column="name", row_id=customer.pk
    )
    customer.name_mask = "A**"
    customer.save()

    submit_responses([submission(known, "Lee定")], at=AT)

    assert Response.objects.get().answers["comment"] == "***定"


@pytest.mark.django_db
def test_a_mask_that_shows_no_letter_hides_no_name_from_the_search(known):
    Customer.objects.update(name_mask="***")

    submit_responses([submission(known)], at=AT)

    assert Response.objects.get().answers["comment"] == SHOWN


def write_as_before(known, answers, **more):
    """Write an answer as it was written before words were masked: in clear, with an open hash."""
    digest = hashlib.sha256(
        json.dumps(answers, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).digest()
    return Response.objects.create(
        invitation=known.invitation,
        answers=answers,
        answers_hash=digest,
        language="en",
        submitted_at=AT,
        **more,
    )


@pytest.mark.django_db
def test_answers_from_before_are_masked_by_a_command_that_may_run_again(known):
    answers = {"overall": 4, "comment": SAID}
    write_as_before(known, answers, off_path={"comment": "ann@example.com", "when": "打13800000104"})
    Invitation.objects.filter(pk=known.invitation.pk).update(answered_at=AT)
    ResponseDraft.objects.create(
        invitation=known.invitation, answers={"comment": SAID}, language="en", saved_at=AT, state="sent"
    )

    call_command("mask_words", stdout=(told := io.StringIO()))
    first = list(Response.objects.values("answers", "off_path", "answers_hash", "submitted_at"))
    call_command("mask_words", stdout=io.StringIO())

    assert "response: 1 looked at, 1 masked" in told.getvalue()
    assert first[0]["answers"] == {"overall": 4, "comment": SHOWN}
    assert first[0]["off_path"] == {"comment": "***", "when": "打***"}
    assert list(Response.objects.values("answers", "off_path", "answers_hash", "submitted_at")) == first
    assert (
        texts_as_written(kind="response", subject_ids=[known.invitation.pk])[str(known.invitation.pk)][
            "answers.comment"
        ]
        == SAID
    )
    assert read_draft(known.invitation.pk).answers == {"comment": SAID}
    assert ResponseDraft.objects.get().answers == {"comment": SHOWN}
    assert bytes(first[0]["answers_hash"]) == hash_answers(answers)


@pytest.mark.django_db
def test_the_same_answers_again_get_the_first_receipt_before_and_after_old_words_are_masked(known):
    write_as_before(known, {"overall": 4, "comment": SAID})
    Invitation.objects.filter(pk=known.invitation.pk).update(answered_at=AT)

    before = submit_responses([submission(known)], at=AT)
    call_command("mask_words", stdout=io.StringIO())

    assert submit_responses([submission(known)], at=AT) == before == [Receipt(Outcome.REPEATED, AT)]


@pytest.mark.django_db
def test_no_contact_stands_in_clear_in_any_table(known, client):
    submit_responses([submission(known)], at=AT)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = "
            "'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            query = f'SELECT count(*) FROM "{table}" t WHERE t::text ~ %s'  # noqa: S608 - a name from the catalogue
            cursor.execute(query, ["138 ?0000 ?0104|ann@example|王小明"])
            found += [table] * cursor.fetchone()[0]

    assert "surveys_response" in tables
    assert found == []
