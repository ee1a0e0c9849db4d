"""The queue inside one process: order, retries, whose job it is, what is due by itself."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from vertebra.kit import clock
from vertebra.kit.jobs import Permanent, WorkerDied, cron, enqueue_once, heartbeats, job, queue, state
from vertebra.kit.jobs.worker import Worker
from vertebra.kit.models import CronTick, Heartbeat, Scheduled

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
ran: list[Any] = []


@job(words="Note")
def note(word: str) -> str:
    ran.append(word)
    return word


@job(words="Break", attempts=3)
def break_down() -> None:
    raise RuntimeError("the reason")


@job(words="Break for good")
def break_for_good() -> None:
    raise Permanent("never")


@job(words="Nothing")
def nothing() -> None:
    ran.append("nothing")


@pytest.fixture(autouse=True)
def forget() -> None:
    ran.clear()


@pytest.fixture
def worker() -> Worker:
    made = Worker([])
    made.beat = heartbeats.enter()
    return made


def work(worker: Worker) -> int:
    """Run what is due, and count it."""
    count = 0
    while (claimed := queue.claim(worker.beat.worker_id)) is not None:
        worker.run_job(claimed)
        count += 1
    return count


def only_job() -> queue.Job:
    return DBTaskResult.objects.get()


def test_a_job_runs_with_what_was_queued(worker: Worker) -> None:
    note.enqueue("bonjour")
    assert work(worker) == 1
    assert ran == ["bonjour"]
    assert only_job().return_value == "bonjour"


def test_a_job_queued_in_a_change_that_fails_never_runs(worker: Worker) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        note.enqueue("never")
        raise RuntimeError
    assert work(worker) == 0


def test_what_is_more_urgent_runs_first(worker: Worker) -> None:
    note.enqueue("later")
    note.using(priority=10).enqueue("first")
    work(worker)
    assert ran == ["first", "later"]


def test_a_job_for_later_waits_for_its_hour(worker: Worker) -> None:
    note.using(run_after=clock.machine() + dt.timedelta(hours=1)).enqueue("later")
    assert work(worker) == 0
    DBTaskResult.objects.update(run_after=clock.machine())
    assert work(worker) == 1


def test_a_failing_job_is_tried_again_with_longer_waits_then_fails(worker: Worker) -> None:
    break_down.enqueue()
    waits = []
    for _attempt in range(2):
        before = clock.machine()
        assert work(worker) == 1
        row = only_job()
        assert row.status == "READY"
        waits.append(round((row.run_after - before).total_seconds()))
        DBTaskResult.objects.update(run_after=clock.machine())
    assert work(worker) == 1
    row = only_job()
    assert waits == [10, 60]
    assert (row.status, row.exception_class_path) == ("FAILED", "builtins.RuntimeError")
    assert "the reason" in row.traceback


def test_what_cannot_succeed_is_not_tried_again(worker: Worker) -> None:
    break_for_good.enqueue()
    work(worker)
    assert only_job().status == "FAILED"


def test_a_failed_job_can_be_started_again_with_all_its_attempts(worker: Worker) -> None:
    break_for_good.enqueue()
    work(worker)
    row = queue.start_again(only_job().pk)
    assert (row.status, row.worker_ids, row.traceback) == ("READY", [], "")
    with pytest.raises(queue.NotFailed):
        queue.start_again(row.pk)


def test_the_outcome_of_a_worker_that_lost_its_job_does_not_count(worker: Worker) -> None:
    note.enqueue("slow")
    claimed = queue.claim(worker.beat.worker_id)
    assert claimed is not None
    DBTaskResult.objects.update(status="READY")
    assert queue.claim("another") is not None
    for too_late in (
        lambda: queue.finish(claimed, "late"),
        lambda: queue.fail(claimed, RuntimeError()),
        lambda: queue.give_back(claimed),
    ):
        with pytest.raises(queue.NotOurs):
            too_late()
    assert only_job().status == "RUNNING"


def test_only_the_jobs_of_dead_workers_are_given_back(worker: Worker) -> None:
    note.enqueue("held by the living")
    note.enqueue("held by the dead")
    queue.claim(worker.beat.worker_id)
    silent = Heartbeat.objects.create(
        worker_id="elsewhere",
        host="elsewhere",
        process="",
        started_at=clock.machine() - dt.timedelta(hours=1),
        seen_at=clock.machine(),
    )
    queue.claim(silent.worker_id)
    assert queue.reap() == 0
    Heartbeat.objects.filter(pk=silent.pk).update(seen_at=clock.machine() - dt.timedelta(minutes=2))
    assert queue.reap() == 1
    assert DBTaskResult.objects.get(status="READY").worker_ids == ["elsewhere"]


def test_a_job_that_outlives_no_worker_fails() -> None:
    break_down.enqueue()
    DBTaskResult.objects.update(status="RUNNING", worker_ids=["a", "b", "c"])
    assert queue.reap() == 1
    assert only_job().exception_class_path == f"{WorkerDied.__module__}.WorkerDied"


def test_a_worker_of_this_machine_is_known_by_its_process(worker: Worker) -> None:
    now = clock.machine()
    assert heartbeats.is_alive(worker.beat, now + dt.timedelta(hours=1)) == bool(worker.beat.process)
    worker.beat.process = "1:1"
    assert not heartbeats.is_alive(worker.beat, now)


def test_the_same_waiting_job_is_not_queued_twice(worker: Worker) -> None:
    enqueue_once(nothing.module_path)
    enqueue_once(nothing.module_path)
    assert work(worker) == 1
    enqueue_once(nothing.module_path)
    assert work(worker) == 1


def test_a_job_that_no_longer_exists_fails_by_its_name(worker: Worker) -> None:
    note.enqueue("x")
    DBTaskResult.objects.update(task_path="tests.kit.test_jobs.gone")
    work(worker)
    row = only_job()
    assert row.status == "READY"
    assert "ImportError" in row.exception_class_path or "ModuleNotFound" in row.exception_class_path


ENTRY = cron.Entry("nothing", "0 6 * * *", nothing)


def set_due(moment: dt.datetime) -> None:
    Scheduled.objects.filter(name="nothing").update(next_at=moment)


def test_what_runs_by_itself_is_due_in_the_companys_time_zone() -> None:
    cron.write_down([ENTRY])
    next_at = Scheduled.objects.get().next_at
    assert next_at.astimezone(dt.UTC).hour in {4, 5}
    assert next_at > clock.machine()


def test_what_was_missed_starts_once(worker: Worker) -> None:
    cron.write_down([ENTRY])
    set_due(clock.machine() - dt.timedelta(days=10))
    assert cron.tick([ENTRY]) == 1
    assert cron.tick([ENTRY]) == 0
    assert Scheduled.objects.get().next_at > clock.machine()
    assert work(worker) == 1
    assert CronTick.objects.get().job_id == only_job().pk


def test_a_due_moment_seen_twice_starts_once() -> None:
    cron.write_down([ENTRY])
    due = clock.machine() - dt.timedelta(minutes=1)
    for _time in range(2):
        set_due(due)
        cron.tick([ENTRY])
    assert DBTaskResult.objects.count() == 1


def test_what_has_nothing_to_do_queues_nothing() -> None:
    idle = cron.Entry("nothing", "* * * * *", nothing, only_if=lambda: False)
    cron.write_down([idle])
    set_due(clock.machine() - dt.timedelta(minutes=1))
    assert cron.tick([idle]) == 0
    assert not DBTaskResult.objects.exists()
    assert Scheduled.objects.get().next_at > clock.machine()


def test_what_left_the_schedule_is_forgotten() -> None:
    cron.write_down([ENTRY])
    cron.write_down([])
    assert not Scheduled.objects.exists()


def test_the_state_counts_what_runs_waits_and_failed(worker: Worker) -> None:
    now = clock.machine()
    note.enqueue("due")
    note.using(run_after=now + dt.timedelta(hours=1)).enqueue("later")
    break_for_good.using(priority=50).enqueue()
    claimed = queue.claim(worker.beat.worker_id)
    assert claimed is not None
    worker.run_job(claimed)
    note.using(priority=50).enqueue("running")
    queue.claim(worker.beat.worker_id)
    assert state.counts(clock.machine()) == {"running": 1, "due": 1, "later": 1, "failed": 1}
    assert state.workers(now).alive == 1
    assert 0 <= state.oldest_due_seconds(clock.machine()) < 60


def test_a_job_unknown_to_the_queue_cannot_be_started_again() -> None:
    with pytest.raises(DBTaskResult.DoesNotExist):
        queue.start_again(uuid.uuid4())
