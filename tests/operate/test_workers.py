"""Workers as processes: killed, stopped, several at once."""

import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.operate.instances import Instance, until


def queue(instance: Instance, job: str, *arguments: object, times: int = 1) -> None:
    calls = "".join(
        f"sample_jobs.{job}.enqueue({', '.join(repr(a).replace('NUMBER', str(n)) for a in arguments)})\n"
        for n in range(times)
    )
    instance.python(f"from tests.operate import sample_jobs\n{calls}")


def jobs(instance: Instance, path: str = "sample_jobs") -> list[dict[str, Any]]:
    """The jobs of an instance on that path: the schedule may start others of its own at any minute."""
    found: list[dict[str, Any]] = instance.python(
        "import json\nfrom django_tasks_db.models import DBTaskResult\n"
        "print(json.dumps([{'path': j.task_path, 'state': j.status, 'workers': j.worker_ids, 'error': "
        f"j.exception_class_path}} for j in DBTaskResult.objects.filter(task_path__contains={path!r})]))"
    )
    return found


def marks(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def has_seen(file: Path, count: int) -> bool:
    return len(set(marks(file))) >= count


def kill(process: Any) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


@pytest.mark.postgres
@pytest.mark.parametrize("job", ["sleep", "sleep_apart"])
def test_a_job_whose_worker_is_killed_is_done_by_the_next(
    instance: Instance, tmp_path: Path, job: str
) -> None:
    file = tmp_path / "marks"
    queue(instance, job, str(file), 1.0)
    first = instance.start("worker")
    until(lambda: "start" in marks(file))
    kill(first)
    assert instance.run("worker", "--once").returncode == 0
    assert marks(file) == ["start", "start", "end"]
    (done,) = jobs(instance)
    assert done["state"] == "SUCCESSFUL"
    assert len(done["workers"]) == 2


@pytest.mark.deep
def test_killing_workers_again_and_again_loses_nothing_and_does_nothing_twice(
    instance: Instance, tmp_path: Path
) -> None:
    file = tmp_path / "marks"
    queue(instance, "tell_once", str(file), "key-NUMBER", times=12)
    for seen in (2, 5, 9):
        worker = instance.start("worker")
        until(partial(has_seen, file, seen))
        kill(worker)
    assert instance.run("worker", "--once").returncode == 0
    assert {job["state"] for job in jobs(instance)} == {"SUCCESSFUL"}
    assert len(jobs(instance)) == 12
    assert len(marks(file)) > 12, "no kill fell into a job: the test shows nothing"
    keys = instance.python(
        "import json\nfrom vertebra.accounts.models import Message\n"
        "print(json.dumps(sorted(Message.objects.values_list('key', flat=True))))"
    )
    assert keys == sorted(f"key-{number}" for number in range(12))


@pytest.mark.parametrize("job", ["sleep", "sleep_apart"])
def test_a_worker_told_to_stop_ends_its_job_first(instance: Instance, tmp_path: Path, job: str) -> None:
    file = tmp_path / "marks"
    queue(instance, job, str(file), 1.0, times=2)
    worker = instance.start("worker")
    until(lambda: "start" in marks(file))
    worker.terminate()
    assert worker.wait(10) == 0
    assert marks(file) == ["start", "end"]
    assert sorted(one["state"] for one in jobs(instance)) == ["READY", "SUCCESSFUL"]


@pytest.mark.parametrize("job", ["sleep", "sleep_apart"])
def test_a_worker_told_twice_gives_its_job_back(instance: Instance, tmp_path: Path, job: str) -> None:
    file = tmp_path / "marks"
    queue(instance, job, str(file), 60)
    worker = instance.start("worker")
    until(lambda: "start" in marks(file))
    worker.send_signal(signal.SIGINT)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    (given_back,) = jobs(instance)
    assert (given_back["state"], given_back["workers"]) == ("READY", [])
    assert "Traceback" not in instance.log()


def test_a_job_that_kills_its_workers_fails_instead_of_killing_them_all(
    instance: Instance, tmp_path: Path
) -> None:
    file = tmp_path / "marks"
    queue(instance, "kill_the_worker", str(file))
    for _attempt in range(3):
        instance.run("worker", "--once")
    assert marks(file) == ["start", "start"]
    (job,) = jobs(instance)
    assert (job["state"], job["error"]) == ("FAILED", "vertebra.kit.jobs.WorkerDied")


@pytest.mark.postgres
def test_a_job_that_kills_the_copy_that_runs_it_leaves_the_worker_alive(
    instance: Instance, tmp_path: Path
) -> None:
    file = tmp_path / "marks"
    queue(instance, "kill_the_copy", str(file))
    queue(instance, "break_apart")
    queue(instance, "sleep", str(file), 0.01)
    assert instance.run("worker", "--once").returncode == 0
    assert marks(file) == ["start", "start", "end"]
    found = {job["path"].rpartition(".")[2]: (job["state"], job["error"]) for job in jobs(instance)}
    # The first is tried once more in a while; what is wrong of the second is told as of any other.
    assert found == {
        "kill_the_copy": ("READY", "vertebra.kit.jobs.WorkerDied"),
        "break_apart": ("FAILED", "builtins.ValueError"),
        "sleep": ("SUCCESSFUL", ""),
    }


@pytest.mark.postgres
def test_several_workers_run_each_job_and_each_due_moment_once(instance: Instance, tmp_path: Path) -> None:
    file = tmp_path / "marks"
    queue(instance, "sleep", str(file), 0.01, times=40)
    instance.python(
        "from vertebra.schedule import SCHEDULE\nfrom vertebra.kit.jobs import cron\n"
        "from vertebra.kit.models import Scheduled\nimport datetime as dt\n"
        "cron.write_down(SCHEDULE)\n"
        "Scheduled.objects.filter(name='forget-old-jobs').update(next_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))"
    )
    workers = [instance.start("worker", "--once") for _number in range(4)]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0, 0]
    (due,) = jobs(instance, "forget_old_jobs")
    found = [due, *jobs(instance)]
    assert {job["state"] for job in found} == {"SUCCESSFUL"}
    assert {len(job["workers"]) for job in found} == {1}
    assert marks(file).count("end") == 40
    assert "locked" not in instance.log()


def test_a_long_job_says_how_far_it_is(instance: Instance, tmp_path: Path) -> None:
    file = tmp_path / "marks"
    queue(instance, "count", str(file), 4)
    assert instance.run("worker", "--once").returncode == 0
    said = instance.python(
        "import json\nfrom vertebra.kit.models import JobProgress\n"
        "print(json.dumps(list(JobProgress.objects.values('done', 'total', 'words'))))"
    )
    assert len(said) == 1
    assert said[0]["total"] == 4
    assert said[0]["words"] == "counting"
    assert said[0]["done"] >= 1
