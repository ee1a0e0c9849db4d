"""Work done outside requests: `@job` declares it, `.enqueue()` queues it in the caller's transaction."""

import datetime as dt
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django_tasks import task
from django_tasks.base import Task

P = ParamSpec("P")
T = TypeVar("T")
WAITS = (10, 60, 300, 1800)
DEFAULT_ATTEMPTS = 5


class Permanent(Exception):
    """Trying again would not help: the job fails at once."""


class WorkerDied(Exception):
    """What ran the job stopped in the middle of it: the worker, too many times, or the copy of it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What people call a job, how many times it is tried, and whether a copy of the worker runs it."""

    words: str | Promise
    attempts: int = DEFAULT_ATTEMPTS
    is_apart: bool = False

    def wait_after(self, attempt: int) -> dt.timedelta:
        """How long to wait after that many attempts: longer each time."""
        return dt.timedelta(seconds=WAITS[min(attempt, len(WAITS)) - 1])


_policies: dict[str, Policy] = {}
current_job: ContextVar[uuid.UUID | None] = ContextVar("current_job", default=None)


def job(
    *, words: str | Promise, attempts: int = DEFAULT_ATTEMPTS, priority: int = 0, apart: bool = False
) -> Callable[[Callable[P, T]], Task[P, T]]:
    """Declare a function as a job; it may run more than once, so the same call twice must do no harm.

    One that loads libraries for files or figures, or goes through the whole organisation, runs apart: what it takes of
    memory goes with it.
    """

    def declare(function: Callable[P, T]) -> Task[P, T]:
        made: Task[P, T] = task(priority=priority)(function)
        _policies[made.module_path] = Policy(words, attempts, apart)
        return made

    return declare


def policy_of(path: str) -> Policy:
    """The policy of a job known by its path; a job that no longer exists goes by its path."""
    if path not in _policies:
        try:
            import_string(path)
        except ImportError:
            return Policy(path.rsplit(".", 1)[-1])
    return _policies.get(path) or Policy(path.rsplit(".", 1)[-1].replace("_", " "))


def enqueue_once(path: str) -> None:
    """Queue the job of that path, called without arguments, unless the same one already waits."""
    from django_tasks_db.models import DBTaskResult

    declared: Task[[], Any] = import_string(path)
    if not DBTaskResult.objects.ready().filter(task_path=declared.module_path).exists():
        declared.enqueue()
