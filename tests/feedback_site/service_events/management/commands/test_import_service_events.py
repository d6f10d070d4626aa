import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from openpyxl import Workbook

from feedback_site.accounts.models import Team
from feedback_site.customers.models import Customer
from feedback_site.customers.services import consenting_customer_ids, contacts_of
from feedback_site.service_events.models import (
    ServiceChannel,
    ServiceEvent,
    ServiceEventTransition,
    ServiceKind,
)
from feedback_site.service_events.services.importing import running

HEADINGS = (
    "source,external_id,kind,channel,team,customer.external_id,customer.phone,opened_at,completed_at,"
    "consent.survey,attributes.product"
)
ROW = (
    "crm,{number},after_sales_repair,phone,east-1,C-{number},13812345678,2026-01-05T09:00:00+08:00,"
    "2026-01-05T10:00:00+08:00,1,fridge"
)


@pytest.fixture
def run(organisation, tmp_path):
    """Import a file of these lines and return what the command prints."""

    def run(*lines, mapping=None, name="events.csv", encoding="utf-8", **options):
        file = tmp_path / name
        file.write_text("\n".join(lines) + "\n", encoding)
        if mapping is not None:
            options["mapping"] = tmp_path / "mapping.json"
            options["mapping"].write_text(json.dumps(mapping), "utf-8")
        return import_events(file, **options)

    return run


def import_events(file, **options):
    printed = StringIO()
    with translation.override("en"):
        call_command("import_service_events", file, stdout=printed, **options)
    return printed.getvalue().splitlines()


def counts(read, imported, completed, repeated, listed):
    """The last two lines that the command prints."""
    return [
        f"completed among the imported: {completed}",
        f"read {read}, imported {imported}, repeated {repeated}, listed {listed}",
    ]


def test_a_file_whose_headings_are_the_fields_needs_no_mapping(run):
    printed = run(HEADINGS, ROW.format(number=1), ROW.format(number=2))

    assert printed == counts(2, 2, 2, 0, 0)
    event = ServiceEvent.objects.get(external_id="1")
    assert (event.attributes, event.is_replayed, event.team.code) == ({"product": "fridge"}, False, "east-1")
    assert contacts_of([event.customer])[event.customer_id].phone == "+8613812345678"


def test_a_second_run_repeats_nothing(run):
    run(HEADINGS, ROW.format(number=1))

    assert run(HEADINGS, ROW.format(number=1)) == counts(1, 0, 0, 1, 0)
    assert ServiceEventTransition.objects.count() == 1


def test_rows_that_cannot_be_imported_are_listed_with_line_and_reason(run, tmp_path):
    report = tmp_path / "report.csv"
    good = ROW.format(number=1)

    printed = run(
        HEADINGS,
        good,
        good.replace("after_sales_repair", "gardening").replace("13812345678", "12"),
        '"crm","over\ntwo lines",after_sales_repair,phone,east-1,C,,2026-01-05T09:00:00+08:00,,,',
        good + ",one too many",
        good.replace("fridge", "oven"),
        good.replace("crm,1", "crm,7").replace("2026-01-05T09:00:00+08:00", "2026-01-05T09:00:00"),
        report=report,
    )

    listed = [
        (
            "line 3: kind: Unknown. Known are: after_sales_repair, complaint_handling; "
            "customer.phone: This is not a phone number that can be called."
        ),
        "line 6: The row has 12 cells where the headings are 11.",
        (
            "line 7: This service event is on record with other content. Correct the row, or, where the "
            "record is wrong, "
            "correct the service event. What differs: attributes."
        ),
        "line 8: opened_at: This time has no offset; write it like 2026-01-31T09:30:00+08:00.",
    ]
    assert printed == [*listed, *counts(6, 2, 1, 0, 4)]
    assert report.read_text("utf-8-sig").splitlines()[0] == "line,reason"
    assert len(report.read_text("utf-8-sig").splitlines()) == 5


def test_a_dry_run_says_the_same_and_changes_nothing(run):
    mapping = {"create_missing": {"teams": {"parent": {"code": "service"}}, "kinds": True}}
    lines = [
        HEADINGS,
        ROW.format(number=1).replace("east-1", "North"),
        ROW.format(number=2).replace("phone", "fax"),
    ]

    printed = run(*lines, mapping=mapping, dry_run=True)

    assert printed[-3:] == ["dry run: nothing was changed", *counts(2, 1, 1, 0, 1)]
    assert (
        ServiceEvent.objects.count(),
        Customer.objects.count(),
        Team.objects.filter(code="north").count(),
    ) == (0, 0, 0)


def test_replayed_rows_are_marked(run):
    run(HEADINGS, ROW.format(number=1), replay=True)

    assert ServiceEvent.objects.get().is_replayed


def test_a_mapping_reads_the_columns_of_another_system(run):
    mapping = {
        "columns": {
            "external_id": "no",
            "customer.external_id": "no",
            "opened_at": "made",
            "team": "area",
            "kind": "type",
        },
        "constants": {"source": "field", "channel": "on_site"},
        "time_zone": "Europe/Amsterdam",
        "time_formats": ["%d.%m.%Y %H:%M", "%d.%m.%Y"],
        "values": {"kind": {"fix": "after_sales_repair"}},
        "completion": {"column": "state", "equals": ["done"], "at": "ended"},
    }

    printed = run(
        "no,made,area,type,state,ended",
        "1,03.07.2026,east-1,fix,done,03.07.2026 12:30",
        "2,03.01.2026,east-1,fix,failed,03.01.2026 12:30",
        "3,03.01.2026,east-1,fix,done,",
        mapping=mapping,
    )

    first, second = ServiceEvent.objects.order_by("external_id")
    assert printed == [
        "line 4: completed_at: The row is completed, but column ended does not say when.",
        *counts(3, 2, 1, 0, 1),
    ]
    assert (first.opened_at.isoformat(), first.completed_at.isoformat()) == (
        "2026-07-02T22:00:00+00:00",
        "2026-07-03T10:30:00+00:00",
    )
    assert (second.opened_at.isoformat(), second.status) == ("2026-01-02T23:00:00+00:00", "open")


def test_missing_references_are_made_only_when_the_mapping_says_so(run):
    line = (
        ROW.format(number=1)
        .replace("east-1", "T-Noord+Zuid")
        .replace("phone", "Video Call")
        .replace("after_sales_repair", "Moving")
    )

    assert run(HEADINGS, line)[-1].endswith("listed 1")
    parent = {"code": "service", "name_en": "Service", "name_zh_hans": "服务", "kind": "region"}
    printed = run(
        HEADINGS,
        line,
        mapping={
            "create_missing": {
                "teams": {"parent": parent},
                "kinds": True,
                "channels": {"Video Call": {"name_zh_hans": "视频"}},
            }
        },
    )

    team = ServiceEvent.objects.get().team
    assert printed[-2:] == counts(1, 1, 1, 0, 0)
    assert (team.code, team.names["en"], team.parent.code, team.parent.names["zh-hans"]) == (
        "t-noordzuid",
        "T-Noord+Zuid",
        "service",
        "服务",
    )
    assert ServiceKind.objects.filter(slug="moving").exists()
    assert ServiceChannel.objects.filter(
        slug="video-call", names={"en": "Video Call", "zh-hans": "视频"}
    ).exists()


def test_made_up_contacts_are_the_same_every_time_and_reach_no_person(run):
    mapping = {"contacts": {"make_up": True, "consent": {"survey": 0.5}}}
    lines = [
        HEADINGS,
        *[
            ROW.format(number=number).replace("13812345678", "").replace(",1,fridge", ",,")
            for number in range(200)
        ],
    ]

    first = run(*lines, mapping=mapping)
    again = run(*lines, mapping=mapping)

    customers = list(Customer.objects.all())
    contacts = contacts_of(customers).values()
    willing = consenting_customer_ids(customer_ids=[customer.id for customer in customers], purpose="survey")
    assert first[-2:] == counts(200, 200, 200, 0, 0)
    assert again[-2:] == counts(200, 0, 0, 200, 0)
    assert all(
        contact.phone.startswith("+8612") and contact.email.endswith("@example.com") for contact in contacts
    )
    assert len({contact.phone for contact in contacts}) == 200
    assert 80 < len(willing) < 120


def test_chunks_are_committed_one_by_one(run, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 2)

    printed = run(HEADINGS, *[ROW.format(number=number) for number in range(5)])

    assert printed == counts(5, 5, 5, 0, 0)


def test_a_workbook_is_read_like_a_text_file(organisation, tmp_path):
    sheet = Workbook()
    sheet.active.append(
        [
            "source",
            "external_id",
            "kind",
            "channel",
            "team",
            "customer.external_id",
            "customer.phone",
            "opened_at",
            "handovers",
        ]
    )
    sheet.active.append(
        [
            "crm",
            17,
            "after_sales_repair",
            "phone",
            "east-1",
            "C-17",
            13812345678,
            "2026-01-05T09:00:00+08:00",
            2.0,
        ]
    )
    sheet.active.append([])
    sheet.active.append(
        ["crm", 18, "after_sales_repair", "phone", "east-1", "C-18", None, "2026-01-05T09:00:00+08:00"]
    )
    sheet.active.append(
        ["crm", 19, "gardening", "phone", "east-1", "C-19", None, "2026-01-05T09:00:00+08:00"]
    )
    sheet.save(tmp_path / "events.xlsx")

    printed = import_events(tmp_path / "events.xlsx")

    event = ServiceEvent.objects.get(external_id="17")
    assert printed == [
        "line 5: kind: Unknown. Known are: after_sales_repair, complaint_handling",
        *counts(3, 2, 0, 0, 1),
    ]
    assert (event.handovers, event.customer.phone_mask) == (2, "****78")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_are_found_out(run, encoding, delimiter):
    lines = [
        line.replace(",", delimiter) for line in (HEADINGS, ROW.format(number=1).replace("fridge", "冰箱"))
    ]

    printed = run(*lines, encoding=encoding)

    assert printed == counts(1, 1, 1, 0, 0)
    assert ServiceEvent.objects.get().attributes == {"product": "冰箱"}


def test_an_encoding_that_the_mapping_states_is_taken_at_its_word(run):
    printed = run(
        HEADINGS,
        ROW.format(number=1).replace("fridge", "冰箱"),
        encoding="utf-8",
        mapping={"encoding": "ascii"},
    )

    assert printed == [
        "line 2: Column 11 (attributes.product) is not written in ASCII.",
        *counts(1, 0, 0, 0, 1),
    ]


def test_a_row_in_another_encoding_is_listed_with_its_column_and_the_others_imported(organisation, tmp_path):
    good = [ROW.format(number=number).replace("fridge", "冰箱").encode() for number in (1, 2)]
    bad = ROW.format(number=3).replace("fridge", "冰箱").encode("gb18030")
    (tmp_path / "events.csv").write_bytes(b"\n".join([HEADINGS.encode(), good[0], bad, good[1]]))

    printed = import_events(tmp_path / "events.csv")

    assert printed == [
        "line 3: Column 11 (attributes.product) is not written in UTF-8.",
        *counts(3, 2, 2, 0, 1),
    ]


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"columns": {"colour": "x"}}, "The mapping names unknown fields: colour."),
        ({"constants": {"customer.age": "x"}}, "The mapping names unknown fields: customer.age."),
        ({"columns": {"source": "absent"}}, "The file has no column absent."),
        ({"time_zone": "Mars/Base"}, "There is no time zone Mars/Base."),
        ({"completion": {"column": "a"}}, "The mapping is wrong at completion: "),
        ({"colour": 1}, "The mapping is wrong at mapping: "),
        ({"create_missing": {"planets": True}}, "The mapping has an unknown entry: create_missing.planets."),
        (
            {"create_missing": {"teams": {"parent": {}}}},
            "The mapping is wrong at create_missing.teams.parent: ",
        ),
        ([], "The mapping is wrong at mapping: "),
    ],
)
def test_a_wrong_mapping_is_refused_by_name(run, mapping, sentence):
    with pytest.raises(CommandError) as caught:
        run(HEADINGS, ROW.format(number=1), mapping=mapping)

    assert str(caught.value).startswith(sentence)
    assert ServiceEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [([""], "The file has no headings."), (["a,b,a", "1,2,3"], "The file has these headings twice: a.")],
)
def test_a_file_without_clear_headings_is_refused(run, lines, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(*lines)


def test_a_workbook_that_is_none_is_refused(run):
    with pytest.raises(CommandError, match="This is not a workbook"):
        run("not a workbook", name="events.xlsx")


def test_a_missing_file_is_refused(organisation, tmp_path):
    with pytest.raises(CommandError):
        call_command("import_service_events", tmp_path / "absent.csv")
