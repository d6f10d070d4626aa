"""A made-up kind of job, from the request to its end."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection, models
from django.test.utils import isolate_apps

from feedback_site.common.clock import clock_from
from feedback_site.common.exceptions import ConflictError, DomainError, LeaseLostError
from feedback_site.common.leased_jobs import LEASE, UNFINISHED, JobKind, JobStatus, LeasedJob
from feedback_site.common.locks import Lock

pytestmark = pytest.mark.django_db

with isolate_apps("feedback_site.common"):

    class Errand(LeasedJob):
        status = models.CharField(
            max_length=10, choices=[(status.value, "") for status in JobStatus], default=JobStatus.QUEUED
        )
        steps = models.PositiveIntegerField(default=0)

        class Meta:
            app_label = "common"

        @property
        def progress_words(self):
            return {"step": self.steps}

    class Wordless(LeasedJob):
        status = models.CharField(max_length=10, choices=[("queued", "")])

        class Meta:
            app_label = "common"


class Errands(JobKind[Errand]):
    model = Errand
    lock = Lock.EXPORTS
    task = "common.run_errands"
    given_up = "Given up at step %(step)d."
    broken = "Broken at step %(step)d."
    lost = "Lost."
    has_ended = "Ended."
    interruptions = (OperationalError,)

    def on_end(self, job, *, at):
        Errand.objects.filter(pk=job.pk).update(language="zh-hans")


class FreshErrands(Errands):
    """Begins at the first step each time."""

    set_back = {"steps": 0}


ERRANDS = Errands()


@pytest.fixture(autouse=True)
def table(db):
    with connection.schema_editor() as editor:
        editor.create_model(Errand)


@pytest.fixture
def errand(noon):
    return ERRANDS.queue(at=noon, language="en")


def run(work, at, kind=ERRANDS):
    return kind.run_next(work, at=at, clock=clock_from(at))


def test_the_one_that_waits_longest_runs_and_no_other_meanwhile(errand, noon):
    second = ERRANDS.queue(at=noon - timedelta(seconds=1), language="en")

    claimed = ERRANDS.claim(at=noon)

    assert (claimed, claimed.status, claimed.claimed_until) == (second, JobStatus.RUNNING, noon + LEASE)
    assert ERRANDS.claim(at=noon + LEASE) is None
    ERRANDS.end(claimed, status=JobStatus.DONE, at=noon, steps=3)
    assert (claimed.status, claimed.steps, claimed.finished_at) == (JobStatus.DONE, 3, noon)
    assert (claimed.lease_id, claimed.claimed_until, claimed.language) == (None, None, "zh-hans")
    assert ERRANDS.claim(at=noon) == errand


@pytest.mark.parametrize("kind", [ERRANDS, FreshErrands()])
def test_a_worker_that_comes_back_late_can_write_nothing(kind, errand, noon):
    late = kind.claim(at=noon)
    Errand.objects.update(steps=2)

    now = kind.claim(at=noon + 2 * LEASE)

    for write in (
        lambda: kind.lock_held(late),
        lambda: kind.end(late, status=JobStatus.DONE, at=noon),
    ):
        with pytest.raises(LeaseLostError, match="Lost"):
            write()
    kind.fail(late, "late", at=noon)
    kind.put_back(late)
    assert kind.lock_held(now).attempts == 2
    resumed = (2, noon) if kind is ERRANDS else (0, noon + 2 * LEASE)
    assert (now.steps, now.started_at) == resumed


def test_work_that_is_safe_is_no_failed_attempt_and_a_job_put_back_goes_on(errand, noon):
    for number in range(5):
        held = ERRANDS.claim(at=noon)
        held.renew(at=noon + number * LEASE)
        held.save()
        ERRANDS.put_back(held)

    errand.refresh_from_db()
    assert (errand.status, errand.attempts, errand.is_unfinished) == (JobStatus.QUEUED, 0, True)


def test_after_three_leases_without_an_end_it_is_given_up(errand, noon):
    Errand.objects.update(steps=7)
    claimed = [ERRANDS.claim(at=noon + number * 2 * LEASE) for number in range(4)]

    errand.refresh_from_db()
    assert claimed == [errand, errand, errand, None]
    assert (errand.status, errand.error, errand.is_unfinished) == ("failed", "Given up at step 7.", False)
    assert errand.language == "zh-hans"  # what belongs to every end was done


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (DomainError("Too many."), JobStatus.FAILED, "Too many."),
        (DomainError("x" * 600), JobStatus.FAILED, "x" * 500),
        (ValueError("secret"), JobStatus.FAILED, "Broken at step 0."),
        (OperationalError("away"), JobStatus.RUNNING, ""),
        (LeaseLostError("Lost."), JobStatus.RUNNING, ""),
    ],
)
def test_how_an_error_ends_it(error, status, sentence, errand, noon):
    def work(_job, _clock):
        raise error

    assert run(work, noon) == 1
    errand.refresh_from_db()
    assert (errand.status, errand.error) == (status, sentence)


@pytest.mark.parametrize("status", JobStatus)
def test_what_is_unfinished_can_be_cancelled_and_the_worker_finds_out(status, errand, noon):
    def work(job, clock):
        Errand.objects.update(status=status)
        if status in {*UNFINISHED, JobStatus.CANCELLED}:
            assert ERRANDS.cancel(Errand.objects.get(), at=clock()).status == JobStatus.CANCELLED
        else:
            with pytest.raises(ConflictError, match="Ended"):
                ERRANDS.cancel(Errand.objects.get(), at=clock())
        ERRANDS.lock_held(job)

    assert (run(work, noon), run(work, noon)) == (1, 0)
    errand.refresh_from_db()
    assert errand.error == ""


def test_a_kind_that_lacks_a_status_is_refused():
    assert Errand.check() == []
    assert [fault.id for fault in Wordless.check()] == ["feedback_site.E002"]
