import json
import math
import random
from collections import Counter
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum
from openpyxl import Workbook

from feedback_site.common.table_files import importing
from feedback_site.conservation.ledger import read_ledger
from feedback_site.conservation.running import run_checks
from feedback_site.questionnaires.models import Question
from feedback_site.questionnaires.services.publishing import publish_questionnaire
from feedback_site.statistics.net_promoter import net_promoter_score
from surveys.models import FollowUpRequest, Invitation, Response, ResponseSource, ResponseTally
from surveys.services.tallies.tallying import consume_tallies

pytestmark = pytest.mark.django_db

FIELD_SERVICE = Path("docs/mappings/field_service_nps.json")
HEADINGS = "source,external_id,event.source,event.external_id,answered_at,answers.overall,answers.praise"
ROW = "paper,{number},crm,{event},2026-11-20T11:00:00+08:00,{score},tone"


@pytest.fixture
def run(survey, tmp_path, monkeypatch):
    """Import a file of these lines in an English terminal and return what the command prints."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run(*lines, mapping=None, name="answers.csv", **options):
        file = tmp_path / name
        if lines:
            file.write_text("\n".join(lines) + "\n", "utf-8")
        if isinstance(mapping, dict):
            options["mapping"] = tmp_path / "mapping.json"
            options["mapping"].write_text(json.dumps(mapping), "utf-8")
        elif mapping:
            options["mapping"] = mapping
        printed = StringIO()
        call_command("import_responses", file, stdout=printed, **{"survey": survey.slug} | options)
        return printed.getvalue().splitlines()

    return run


def row(number, event, score=4):
    return ROW.format(number=number, event=event.external_id, score=score)


def test_every_row_is_imported_or_listed_with_its_line_and_reason(run, record, tmp_path):
    first, second, third = record(), record(), record()
    report = tmp_path / "report.csv"

    printed = run(
        HEADINGS,
        row(1, first),
        row(2, second, "5.0"),
        row(1, third),
        row(3, third, 11),
        row(4, third) + ",one too many",
        row(2, second, "5.0"),
        row(5, third).replace("+08:00", ""),
        row(6, third).replace("2026", "2126"),
        row("", third),
        ROW.format(number=7, event="absent", score=1),
        row(8, third).replace(f",crm,{third.external_id}", ",,"),
        report=report,
    )

    assert printed == [
        "line 4: Response paper/1 is on record with other content.",
        "line 5: overall: Please choose a number from 1 to 5.",
        "line 6: The row has 8 cells where the headings are 7.",
        "line 7: This response is in the file twice.",
        "line 8: answered_at: This time has no offset; write it like 2026-01-31T09:30:00+08:00.",
        "line 9: answered_at: This time is in the future.",
        "line 10: external_id: This field is required.",
        "line 11: There is no service event crm/absent.",
        "line 12: Neither an event nor a customer is named.",
        "read 11, imported 2, repeated 0, listed 9",
    ]
    assert len(report.read_text("utf-8-sig").splitlines()) == 10
    assert dict(ResponseSource.objects.values_list("external_id", "response__satisfaction")) == {
        "1": 4,
        "2": 5,
    }


def test_a_second_run_says_repeated_and_takes_nothing_in_twice(run, record):
    lines = [HEADINGS, *[row(number, record()) for number in range(3)]]
    run(*lines)

    assert run(*lines) == ["read 3, imported 0, repeated 3, listed 0"]
    assert Response.objects.count() == 3


def test_a_dry_run_says_the_same_and_changes_nothing(run, record):
    event = record()

    printed = run(HEADINGS, row(1, event), row(2, event), dry_run=True)

    assert printed == [
        "line 3: This service event already has a response: the first one counts.",
        "dry run: nothing was changed",
        "read 2, imported 1, repeated 0, listed 1",
    ]
    assert not Invitation.objects.exists()


def test_chunks_are_committed_one_by_one_and_doubles_are_found_across_them(run, record, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK", 2)
    events = [record() for _ in range(5)]

    printed = run(
        HEADINGS,
        *[row(number, event) for number, event in enumerate(events)],
        row(0, events[0]),
        row(1, events[4]),
    )

    assert printed == [
        "line 7: This response is in the file twice.",
        "line 8: Response paper/1 is on record with other content.",
        "read 7, imported 5, repeated 0, listed 2",
    ]


def test_a_mapping_reads_the_columns_of_another_system_and_names_the_mode(run, record):
    event = record(person="C-9")
    mapping = {
        "columns": {
            "external_id": "no",
            "customer.external_id": "client",
            "answered_at": "when",
            "answers.overall": "mark",
            "answers.praise": "good",
        },
        "constants": {"source": "crm", "mode": "phone", "language": "en"},
        "time_zone": "Asia/Shanghai",
        "time_formats": ["%d.%m.%Y %H:%M"],
        "values": {"answers.overall": {"A": "5", "B": "4"}, "answers.praise": {"quick": "speed"}},
    }

    printed = run("no,client,when,mark,good", "1,C-9,19.11.2026 23:30,A,quick", mapping=mapping)

    response = Response.objects.get()
    assert printed == ["read 1, imported 1, repeated 0, listed 0"]
    assert (response.answers, response.mode, response.language) == (
        {"overall": 5, "praise": "speed"},
        "phone",
        "en",
    )
    assert response.submitted_at.isoformat() == "2026-11-19T15:30:00+00:00"
    assert (response.invitation.customer_id, response.invitation.belongs_on.isoformat()) == (
        event.customer_id,
        "2026-11-19",
    )


def test_a_workbook_is_read_like_a_text_file(run, record, tmp_path):
    event = record()
    sheet = Workbook()
    sheet.active.append(
        ["source", "external_id", "event.source", "event.external_id", "answered_at", "answers.overall"]
    )
    sheet.active.append(["paper", 17, "crm", event.external_id, "2026-11-20T11:00:00+08:00", 5.0])
    sheet.active.append(["paper", 18, "crm", "absent", "2026-11-20T11:00:00+08:00", 5])
    sheet.save(tmp_path / "answers.xlsx")

    printed = run(name="answers.xlsx")

    assert printed == [
        "line 3: There is no service event crm/absent.",
        "read 2, imported 1, repeated 0, listed 1",
    ]
    assert ResponseSource.objects.get().external_id == "17"


def test_reasons_are_in_the_language_of_the_terminal(run, record, monkeypatch):
    event = record()
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    printed = run(HEADINGS, row(1, event, 9), ROW.format(number=2, event="absent", score=1))

    assert printed[:2] == ["line 2: overall：请选择 1 到 5 之间的数字。", "line 3: 没有服务事件 crm/absent。"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"survey": "other"}, "There is no survey rule other. Known are: after-service"),
        (
            {"mapping": {"columns": {"score": "x"}}},
            "The mapping names unknown fields: score. Known are: answered_at, ",
        ),
        ({"mapping": {"completion": {}}}, "The mapping is wrong at mapping: "),
        ({"mapping": {"columns": {"answers.overall": "absent"}}}, "The file has no column absent."),
    ],
)
def test_what_the_command_cannot_work_with_is_refused_by_name(run, record, options, sentence):
    with pytest.raises(CommandError) as caught:
        run(HEADINGS, row(1, record()), **options)

    assert str(caught.value).startswith(sentence)


def test_a_file_of_recommendations_gives_the_score_that_anybody_computes(run, questionnaire, record, noon):
    """The shape of a field-service company's file.

    Scores as "5.0", local times, two scores of 11, one number used twice.
    """
    Question.objects.create(
        questionnaire=questionnaire,
        key="recommend",
        position=3,
        type="nps",
        metric="nps",
        text={"en": "Recommend?", "zh-hans": "推荐？"},
    )
    publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)
    chance = random.Random(20221004)  # noqa: S311 - a file of made-up scores
    events = [
        record(
            source="field_service", is_replayed=True, completed_at=noon - timedelta(days=chance.randrange(40))
        )
        for _ in range(60)
    ]
    scores = [chance.choice([0, 3, 5, 6, 7, 8, 9, 9, 10]) for _ in events]
    lines = [
        f"r{place},{event.external_id},2026-11-{place % 19 + 1:02d} 19:50:52,{score}.0"
        for place, (event, score) in enumerate(zip(events, scores, strict=True))
    ]
    lines[10] = lines[10].rsplit(",", 1)[0] + ",11.0"
    lines[20] = lines[20].rsplit(",", 1)[0] + ",11.0"
    lines[31] = lines[31].replace("r31,", "r30,")
    counted = [score for place, score in enumerate(scores) if place not in {10, 20, 31}]

    printed = run("response_id,serviceappointment_id,submitted_at,nps", *lines, mapping=FIELD_SERVICE)

    consume_tallies(at=noon)
    tallied = Counter(
        dict(ResponseTally.objects.filter(measure="nps").values_list("value").annotate(total=Sum("count")))
    )
    score = net_promoter_score([tallied[value] for value in range(11)])
    low, high = adjusted_wald(counted)
    assert printed == [
        "line 12: recommend: Please choose a number from 0 to 10.",
        "line 22: recommend: Please choose a number from 0 to 10.",
        "line 33: Response field_service_nps/r30 is on record with other content.",
        "read 60, imported 57, repeated 0, listed 3",
    ]
    assert (score.n, score.nps) == (
        57,
        pytest.approx(100 * sum((value > 8) - (value < 7) for value in counted) / 57),
    )
    assert (score.adjusted.low, score.adjusted.high) == (pytest.approx(low), pytest.approx(high))
    assert (
        Response.objects.get(source__external_id="r0").submitted_at.isoformat() == "2026-11-01T18:50:52+00:00"
    )
    assert not FollowUpRequest.objects.exists()
    assert read_ledger().states["answered"] == 57
    assert all(result.is_ok for result in run_checks())


def adjusted_wald(scores):
    """Adjusted Wald (Rocks 2016), from the answers themselves.

    Three more are added, 3/4 of them promoter, 3/4 detractor, 3/2 passive.
    """
    weighted = [(1, 0.75), (0, 1.5), (-1, 0.75), *[((score >= 9) - (score <= 6), 1) for score in scores]]
    total = sum(weight for _value, weight in weighted)
    mean = sum(value * weight for value, weight in weighted) / total
    variance = sum(weight * (value - mean) ** 2 for value, weight in weighted) / total
    margin = 1.959963984540054 * math.sqrt(variance / total)
    return 100 * (mean - margin), 100 * (mean + margin)
