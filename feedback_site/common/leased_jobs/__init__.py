"""Jobs that one worker at a time holds under a lease: an export, an import. How a new kind is added.

1. its model inherits `LeasedJob` and has a `status` whose choices include those of `JobStatus`;
2. a subclass of `JobKind` names the model, a number of `common.locks`, the task and the sentences;
3. services ask with `queue` and stop with `cancel`; `run_next` hands the next job to a function that
   keeps the lease by a `Heartbeat` or, in every chunk, by `lock_held` and `renew`, and closes with `end`;
4. `common.task_table` has the name and the tick of the task, which calls that service while it returns 1.
"""

from feedback_site.common.leased_jobs.heartbeat import Heartbeat
from feedback_site.common.leased_jobs.kinds import JobKind
from feedback_site.common.leased_jobs.models import LEASE, RENEWED, UNFINISHED, JobStatus, LeasedJob

__all__ = ["LEASE", "RENEWED", "UNFINISHED", "Heartbeat", "JobKind", "JobStatus", "LeasedJob"]
