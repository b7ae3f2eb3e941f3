"""Simulations as processes outside the pages, with their state on disk.

Whoever submits a job may end, and so may the server: the job goes on, and everybody who opens the folder
sees it. Nothing heavy is imported here, since the process of a job begins with this package.
"""

from ui.jobs.job import Job
from ui.jobs.sample import SAMPLE, ensure_sample
from ui.jobs.spec import JobError, JobSpec
from ui.jobs.store import JobStore
from ui.jobs.supervisor import Supervisor, supervisor

__all__ = [
    "SAMPLE",
    "Job",
    "JobError",
    "JobSpec",
    "JobStore",
    "Supervisor",
    "ensure_sample",
    "supervisor",
]
