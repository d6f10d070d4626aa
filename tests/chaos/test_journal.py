import json

from tests.chaos.journal import FAIL, INVOKE, OK, UNKNOWN, Journal, longest, operations, recoveries


def entries(journal, *kinds, op="op"):
    for kind in kinds:
        journal.write(
            kind, op, **({"link": "l"} if kind == INVOKE else {"status": 503} if kind == UNKNOWN else {})
        )


def test_an_operation_ends_with_what_was_said_last(tmp_path):
    journal = Journal(tmp_path, "writer")

    entries(journal, INVOKE, UNKNOWN, INVOKE, OK)
    entries(journal, INVOKE, FAIL, op="refused")
    entries(journal, INVOKE, UNKNOWN, INVOKE, op="open")
    journal.close()

    found = operations([journal])
    assert [(one.op, one.ended, one.unknowns) for one in found] == [
        ("op", OK, 1),
        ("refused", FAIL, 0),
        ("open", UNKNOWN, 1),
    ]
    assert found[0].statuses == {503}
    assert journal.acknowledged == 1


def test_every_line_is_on_disk_at_once(tmp_path):
    journal = Journal(tmp_path, "writer")

    entries(journal, INVOKE, UNKNOWN)

    lines = (tmp_path / "writer.jsonl").read_text(encoding="utf-8").splitlines()
    journal.close()
    assert [json.loads(line)[1] for line in lines] == [INVOKE, UNKNOWN]


def test_recovery_counts_only_what_was_asked_after_the_fault(tmp_path):
    journal = Journal(tmp_path, "writer")
    entries(journal, INVOKE, op="before")
    fault = journal.entries[-1].at + 1e-9
    entries(journal, OK, op="before")
    entries(journal, INVOKE, OK, op="after")
    journal.close()
    asked, answered = journal.entries[-2:]

    assert recoveries([journal], [fault]) == [answered.at - fault]
    assert recoveries([journal], [answered.at]) == [float("inf")]
    assert longest([journal]) >= answered.at - asked.at
