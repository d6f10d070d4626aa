from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from feedback_site.questionnaires.models import Questionnaire
from tests.factories.questionnaires.workbooks import workbook

pytestmark = pytest.mark.django_db

FORM = "type | name | label\ntext | why | Why?\ngeopoint | place | Where?"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command on this form in an English terminal and return what it prints."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    file = tmp_path / "my form.xlsx"
    file.write_bytes(workbook(survey=FORM).getvalue())

    def run(*arguments, **options):
        out = StringIO()
        call_command("import_xlsform", *(arguments or [file]), stdout=out, **options)
        return out.getvalue().splitlines()

    return run


def test_a_form_becomes_a_draft_of_the_team_once_it_was_looked_at(run, organisation):
    looked = run(dry_run=True)
    made = run(team="east-1", slug="whys")

    assert looked == [
        "survey, row 2: the Chinese text is missing; the other one stands in its place.",
        "survey, row 3: places on a map cannot be asked here.",
        "settings: the form states no title; the name of its file stands there.",
        "mapped 1, listed 3",
        "dry run: nothing was changed",
    ]
    assert made[-1] == "draft whys"
    draft = Questionnaire.objects.get()
    assert draft.team == organisation.east_1
    assert draft.title["en"] == "my form"
    with pytest.raises(CommandError, match="whys"):
        run(slug="whys")


def test_a_folder_is_tried_file_by_file_and_nothing_is_written(run, tmp_path):
    (tmp_path / "broken.xls").write_bytes(b"nothing")

    assert run(table=tmp_path)[2:] == [
        "| broken.xls | 0 | 0 | This is not an Excel workbook (.xlsx or .xls). |",
        "| my form.xlsx | 1 | 3 |  |",
    ]
    assert not Questionnaire.objects.exists()


def test_what_is_missing_is_said(run, tmp_path):
    with pytest.raises(CommandError, match="--table"):
        call_command("import_xlsform")
    with pytest.raises(CommandError, match="no team nowhere"):
        run(team="nowhere")
