"""Every advisory lock is taken by `feedback_site.common.locks`, by its name."""

from pathlib import Path

from feedback_site.common.locks import Lock
from surveys.models.survey import Survey

_ROOT = Path(__file__).resolve().parents[2]
_APPS = ("config", "feedback_site", "surveys", "nps", "visits")
# A trigger of PostgreSQL cannot call Python; its number comes from the names all the same.
_TRIGGERS = {"surveys/models/survey.py"}


def test_no_module_writes_the_statement_of_a_lock_itself():
    sources = {path for app in _APPS for path in (_ROOT / app).rglob("*.py")}
    sources -= {path for path in sources if "migrations" in path.parts}

    found = {
        path.relative_to(_ROOT).as_posix()
        for path in sources
        if "_advisory_" in path.read_text(encoding="utf-8")
    }

    assert found == {"feedback_site/common/locks.py", *_TRIGGERS}


def test_the_trigger_takes_the_lock_by_its_number():
    functions = [trigger.func or "" for trigger in Survey._meta.triggers]

    assert sum(f"pg_advisory_xact_lock({Lock.SURVEY_ORDER.value})" in func for func in functions) == 1
