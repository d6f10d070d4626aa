import gzip
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from feedback_site.questionnaires.document import read_document
from feedback_site.questionnaires.models import QuestionnaireVersion
from feedback_site.questionnaires.pages.holes import cut, join, mark
from feedback_site.questionnaires.services.piping import Known, fill
from feedback_site.questionnaires.services.publishing import find_faults
from feedback_site.service_events.models import Agent, ServiceEvent
from surveys.models import Response
from surveys.pages.interviews import interview_form
from surveys.services.invitations.messages import title_of
from tests.factories.questionnaires.documents import both, compile_by_hand, document_of, publish, question
from tests.factories.surveys.links import INVITED_AT, invite, send

pytestmark = pytest.mark.django_db

WORK = both(
    "How was your {event.kind} on {event.completed_on} by {event.agent|our colleague}?",
    "{event.agent|我们的师傅}{event.completed_on}的{event.kind}怎么样？",
)
ASKED = [
    question("overall", "rating", WORK, required=True, page=1),
    question(
        "why",
        "short_text",
        both("You said {answer.overall}. Why?", "您选了{answer.overall}，为什么？"),
        page=2,
    ),
]
TIMES = {"completed_at": datetime(2026, 5, 3, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))}


@pytest.fixture
def event(record, organisation) -> ServiceEvent:
    event = record(product_line="<b>空调</b>")
    Agent.objects.filter(pk=event.agent_id).update(display_name="王师傅 <&>")
    ServiceEvent.objects.filter(pk=event.pk).update(**TIMES)
    return event


@pytest.fixture
def link(organisation, event):
    return invite(organisation, publish(ASKED), service_event=event)


def legend(page) -> str:
    return re.search(r"<legend>(.*?)(?: <small|\s*</legend>)", page.content.decode()).group(1)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "How was your After-sales repair on May 3, 2026 by 王师傅 &lt;&amp;&gt;?"),
        ("zh", "王师傅 &lt;&amp;&gt;2026年5月3日的售后报修怎么样？"),
    ],
)
def test_facts_of_the_event_are_said_escaped_in_the_customers_language(
    client, link, organisation, language, says
):
    page = client.get(f"{link.address}?lang={language}")

    assert legend(page) == says.replace("After-sales repair", organisation.repair.names["en"])


def test_the_page_is_the_same_when_it_is_squeezed(client, link):
    plain, squeezed = (
        client.get(link.address, headers={"accept-encoding": accepted}).content for accepted in ("", "gzip")
    )

    assert gzip.decompress(squeezed) == plain


def test_what_is_unknown_reads_naturally(client, organisation):
    page = client.get(invite(organisation, publish(ASKED)).address)

    assert legend(page) == "How was your service on that day by our colleague?"


def test_an_earlier_answer_is_repeated_on_a_later_page_and_again_when_it_is_refused(client, link):
    send(client, link.address, {".page": "1", "overall": "4"})

    for page in (client.get(link.address), send(client, link.address, {".page": "2", "why": "字" * 201})):
        assert "You said 4. Why?" in page.content.decode()


def test_one_page_is_compiled_for_all_customers(client, link, organisation, event):
    first = client.get(link.address).content
    Agent.objects.filter(pk=event.agent_id).update(display_name="李师傅")
    second = client.get(link.address).content

    assert first != second
    assert first.replace("王师傅 &lt;&amp;&gt;".encode(), "李师傅".encode()) == second


def test_an_author_cannot_smuggle_marks_in_and_a_customers_braces_stay_words():
    known = Known("en")

    assert (
        join(cut(mark("a\ue000event.agent|x\ue001b {event.agent|<i>}").encode()), known)
        == b"aevent.agent|xb <i>"
    )
    assert fill("{event.agent|unknown} and {whatever}", known) == "unknown and …"


def test_a_customers_words_are_not_filled_in_a_second_time(client, organisation):
    asked = [ASKED[0] | {"type": "short_text", "text": both("Your words?", "您说？")}, ASKED[1]]
    link = invite(organisation, publish(asked))
    send(client, link.address, {".page": "1", "overall": "{event.agent|hacked} <script>alert(1)</script>"})

    page = client.get(link.address).content.decode()

    assert "You said {event.agent|hacked} &lt;script&gt;alert(1)&lt;/script&gt;. Why?" in page


@pytest.mark.parametrize(
    ("place", "text", "named"),
    [
        ("title", "For {event.name}", "{event.name}"),
        ("title", "For {answer.overall}", "{answer.overall}"),
        ("overall", "{answer.why}?", "{answer.why}"),
        ("overall", "{agent}?", "{agent}"),
        ("why", "{answer.nothing|x}?", "{answer.nothing}"),
        ("thanks", "{answer.nothing}", "{answer.nothing}"),
    ],
)
def test_what_cannot_be_filled_in_is_refused_at_publishing(place, text, named):
    document = document_of([dict(one) for one in ASKED])
    if place in document:
        document[place] = both(text, "好")
    else:
        next(one for one in document["questions"] if one["key"] == place)["text"] = both(text, "好")

    assert [
        fault
        for _key, fault in find_faults(read_document(document))
        if f"“{named}” cannot be filled in" in fault
    ]
    assert not [
        fault for _key, fault in find_faults(read_document(document_of(ASKED))) if "filled in" in fault
    ]


def test_an_interview_says_the_facts_too(link, event):
    html = interview_form(version_id=link.invitation.version_id, language="zh-hans", event_id=event.pk)

    assert "王师傅 &lt;&amp;&gt;2026年5月3日的" in html


class TestEndPages:
    ENDS = [
        {
            "key": "sorry",
            "text": both("We will call you about {answer.overall}.", "我们会联系您。"),
            "redirect": "https://help.example.com/sorry",
            "condition": {
                "join": "all",
                "tests": [{"of": "answer", "name": "overall", "operator": "at_most", "compared": 3}],
            },
        },
        {
            "key": "praise",
            "text": both("Tell a friend!", "告诉朋友吧！"),
            "redirect": "https://evil.example.net/",
        },
    ]

    @pytest.fixture
    def ended(self, organisation, settings):
        settings.REDIRECT_HOSTS = ["help.example.com"]
        version = publish(ASKED[:1])
        document = {**document_of(ASKED[:1]), "end_pages": self.ENDS}
        version = QuestionnaireVersion.objects.create(
            questionnaire=version.questionnaire, number=2, document=document, published_at=INVITED_AT
        )
        return invite(organisation, version)

    def test_the_first_that_fits_is_shown_with_a_button_that_leads_on(self, client, ended):
        sent = send(client, ended.address, {"overall": "2"}).content.decode()
        opened = client.get(ended.address).content.decode()

        for page in (sent, opened):
            assert "We will call you about 2." in page
            assert (
                '<a class="go" href="https://help.example.com/sorry" rel="noopener noreferrer">Continue</a>'
                in page
            )
        assert Response.objects.count() == 1

    def test_an_address_that_is_no_longer_allowed_is_not_offered(self, client, ended):
        page = send(client, ended.address, {"overall": "5"}).content.decode()

        assert "Tell a friend!" in page
        assert "evil.example" not in page


class TestScoresInTheAddress:
    REASON = {
        "join": "all",
        "tests": [{"of": "answer", "name": "overall", "operator": "at_most", "compared": 3}],
    }
    REST = [
        question(
            "reasons",
            "multiple",
            both("What went wrong?", "哪里不好？"),
            condition=REASON,
            options=[
                {"key": "late", "text": both("Late", "晚")},
                {"key": "rude", "text": both("Rude", "态度差")},
            ],
        ),
        question("comment", "text", both("Anything else?", "还有吗？")),
    ]

    def test_one_button_confirms_with_the_reasons_at_hand_and_the_rest_folded_away(
        self, client, organisation
    ):
        link = invite(
            organisation,
            publish([question("overall", "rating", both("How?", "如何？"), required=True), *self.REST]),
        )

        page = client.get(f"{link.address}?score=2").content.decode()
        before, folded = page.split("<details>", 1)

        assert 'value="2" id="a-overall"' in before or 'name="overall" value="2" checked' in before
        assert ('id="c-reasons"' in before, 'id="c-comment"' in before, 'id="c-comment"' in folded) == (
            True,
            False,
            True,
        )
        assert re.findall(r'<button type="submit">(.*?)</button>', page) == ["Confirm"]
        assert not Response.objects.exists()

    def test_nothing_is_folded_away_that_has_to_be_answered(self, client, organisation):
        asked = [
            question("overall", "rating", both("How?", "如何？"), required=True),
            {**self.REST[1], "required": True},
        ]
        page = client.get(f"{invite(organisation, publish(asked)).address}?score=2").content.decode()

        assert "<details>" not in page
        assert re.findall(r'<button type="submit">(.*?)</button>', page) == ["Send my answers"]


# What is not filled in never leaves the house.


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("By {agent}?", "By …?"),
        ("By {}?", "By …?"),
        ("By {event.unknown}?", "By …?"),
        ("By {event agent}?", "By …?"),
        ("由｛event.agent｝服务？", "由…服务？"),
        ("By {event.agent|our colleague}?", "By our colleague?"),
        ("{ event.agent }", "our colleague"),
    ],
)
@pytest.mark.parametrize("pages", [1, 2], ids=["plain", "of several pages"])
def test_a_hole_that_an_old_version_holds_reads_neutrally(client, organisation, text, read, pages):
    """Such a version was published before publishing refused it."""
    asked = [
        question("overall", "rating", both(text, text), page=1),
        question("more", "text", both("More?", "还有吗？"), page=pages),
    ]
    known = Known("en")

    page = client.get(invite(organisation, publish(asked)).address).content.decode()

    assert legend_of(page) == read
    assert fill(text, known) == read
    assert join(cut(mark(text).encode()), known).decode() == read


def legend_of(page: str) -> str:
    return re.search(r"<legend>(.*?)(?: <small|\s*</legend>)", page).group(1)


@pytest.mark.parametrize(
    "text",
    ["{agent}", "By {event.agent", "event.agent}", "{{event.agent}}", "｛event.agent｝", "{event.unknown}"],
)
def test_publishing_refuses_braces_that_are_not_filled_in_wherever_customers_read(text):
    asked = question(
        "overall", "rating", both("How?", "怎样？"), required=True, metric="satisfaction", page=1
    )
    assert list(find_faults(read_document(document_of([asked])))) == []
    option = [{"key": "yes", "text": both(text, "是")}, {"key": "no", "text": both("No", "否")}]
    places = {
        "text": [{**asked, "text": both(text, "怎样？")}],
        "help": [{**asked, "help": both("", text)}],
        "low label": [{**asked, "low_label": both(text, "差")}],
        "high label": [{**asked, "high_label": both("Good", text)}],
        "option": [asked, question("why", "choice", both("Why?", "为什么？"), options=option, page=1)],
    }
    for place, questions in places.items():
        assert list(find_faults(read_document(document_of(questions)))), place
    for name in ("title", "intro", "thanks", "privacy"):
        assert list(find_faults(read_document({**document_of([asked]), name: both(text, text)}))), name


@pytest.mark.parametrize("name", ["low_label", "high_label"])
def test_a_pipe_where_nothing_is_filled_in_is_refused(name):
    asked = question(
        "overall",
        "rating",
        both("How?", "怎样？"),
        required=True,
        page=1,
        **{name: both("{event.agent}", "好")},
    )

    assert [sentence for _key, sentence in find_faults(read_document(document_of([asked])))] == [
        "Question “overall”: “{event.agent}” is not filled in here: write it without braces."
    ]


@pytest.mark.parametrize(
    ("title", "subject"), [("Your {event.kind}", "Your After-Sales Repair"), ("Hello {name}", "Hello …")]
)
def test_the_subject_of_a_letter_is_filled_in_like_the_page(organisation, event, title, subject):
    version = publish(ASKED)
    invitation = invite(organisation, version, service_event=event).invitation

    said = title_of(invitation, compile_by_hand(version.pk, ASKED, title=both(title, title)))

    assert said == subject.replace("After-Sales Repair", organisation.repair.names["en"])
