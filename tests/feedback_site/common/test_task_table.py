"""One table knows every task, and no other module writes a task's name."""

import ast
from pathlib import Path

import pytest

from config.celery import app
from feedback_site.common.task_table import TASKS

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ("config", "feedback_site", "surveys", "nps", "visits", "benchmarks")


def literal_names(text):
    """Yield the lines on which a module writes a task's name, or leaves it to Celery to make one."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and node.value in TASKS:
            yield node.lineno
        for decorator in getattr(node, "decorator_list", []):
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if ast.unparse(called).rpartition(".")[2] in {"shared_task", "task"}:
                names = [key.value for key in getattr(decorator, "keywords", []) if key.arg == "name"]
                if not names or isinstance(names[0], ast.Constant):
                    yield decorator.lineno


def test_no_module_but_the_table_writes_a_tasks_name():
    paths = [path for source in SOURCES for path in (ROOT / source).rglob("*.py")]
    found = {str(path.relative_to(ROOT)) for path in paths if any(literal_names(path.read_text()))}

    assert found == {"feedback_site/common/task_table.py"}


@pytest.mark.parametrize(
    "text",
    [
        'ring("surveys.decide_events")',
        '@shared_task(name="surveys.new")\ndef sweep(): ...',
        "@shared_task(acks_late=True)\ndef sweep(): ...",
        "@shared_task\ndef sweep(): ...",
        "@app.task\ndef sweep(): ...",
    ],
)
def test_that_the_walk_sees_a_name(text):
    assert list(literal_names(text))


def test_the_table_names_the_tasks_that_the_workers_know():
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if not name.startswith(("celery.", "tests."))}

    assert ours == set(TASKS)


def test_each_task_waits_in_its_queue_and_has_its_runs():
    schedule = app.conf.beat_schedule
    runs = [(run, name) for name, task in TASKS.items() for run in task.runs]

    assert len(schedule) == len(runs)
    for run, name in runs:
        entry = schedule[run.title]
        assert (entry["task"], entry["schedule"]) == (name, run.schedule)
        assert entry.get("options", {}).get("expires") == run.expires
        assert entry.get("kwargs", {}) == ({"everything": True} if run.is_of_everything else {})
    for name, task in TASKS.items():
        assert app.amqp.router.route({}, name)["queue"].name == task.queue


def test_a_run_is_given_up_only_when_the_next_one_has_come():
    frequent = [run for task in TASKS.values() for run in task.runs if isinstance(run.schedule, float)]

    assert [run for run in frequent if not run.schedule <= (run.expires or 0) <= 2 * run.schedule] == []
