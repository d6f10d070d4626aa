import sys

import pytest

from feedback_site.embedded.processes import wait_until
from feedback_site.operations.supervisor import ProcessSpec
from tests.chaos.supervisor import Supervisor, is_alive, is_frozen

PARENT = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("The child runs.", flush=True)
time.sleep(60)
"""


@pytest.fixture
def supervisor(tmp_path):
    supervisor = Supervisor(tmp_path)
    supervisor.start(ProcessSpec("family", [sys.executable, "-c", PARENT]))
    # Not as soon as there is a child: one that is stopped before its program is
    # loaded keeps its parent inside vfork, where nothing can stop the parent.
    assert wait_until(lambda: "The child runs." in (tmp_path / "family.log").read_text(), seconds=10)
    yield supervisor
    supervisor.stop_all()


def test_what_is_killed_dies_with_its_workers_and_is_started_again(supervisor):
    (worker,) = supervisor.workers_of("family")

    leader = supervisor.kill("family")

    assert wait_until(lambda: not is_alive(leader) and not is_alive(worker), seconds=5)
    assert wait_until(
        lambda: len(supervisor.pids("family")) == 2 and is_alive(supervisor.pids("family")[-1]), seconds=5
    )


def test_what_is_frozen_stands_still_with_its_workers_until_it_is_thawed(supervisor):
    (worker,) = supervisor.workers_of("family")

    leader = supervisor.freeze("family")
    assert wait_until(lambda: is_frozen(leader) and is_frozen(worker), seconds=5)
    supervisor.thaw("family")

    assert wait_until(lambda: not is_frozen(leader) and not is_frozen(worker), seconds=5)
    assert supervisor.pids("family") == [leader]


def test_what_is_stopped_stays_away(supervisor):
    leader = supervisor.pids("family")[-1]

    supervisor.stop("family")

    assert not is_alive(leader)
