"""The administration page of jobs, as an administrator and as others."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries

from tests.world import account, ada, ines
from vertebra.accounts.jobs import clear_sessions, deliver_messages
from vertebra.accounts.labels import Role
from vertebra.accounts.models import AuditEntry
from vertebra.kit import clock
from vertebra.kit.jobs import cron, heartbeats, queue
from vertebra.kit.models import JobProgress
from vertebra.schedule import SCHEDULE

pytestmark = pytest.mark.django_db
PAGE = "/administration/jobs/"


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(ada())
    return client


def failed_job() -> queue.Job:
    deliver_messages.enqueue()
    job = DBTaskResult.objects.get(task_path=deliver_messages.module_path)
    try:
        raise RuntimeError("the mail server said <no>")
    except RuntimeError as error:
        job.set_failed(error)
    return job


def test_the_page_says_what_runs_failed_and_comes(
    admin: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    failed_job()
    clear_sessions.enqueue()
    beat = heartbeats.enter()
    running = queue.claim(beat.worker_id)
    assert running is not None
    JobProgress.objects.create(job_id=running.pk, done=3, total=9, updated_at=clock.machine())
    cron.write_down(SCHEDULE)
    with django_assert_max_num_queries(12):
        page = admin.get(PAGE).content.decode()
    assert "1 job" in page or "1 travail" in page or "<b>1" in page
    assert 'value="3" max="9"' in page
    assert "10 3 * * *" in page
    assert "vertebra worker" not in page


def test_a_silent_worker_is_said_with_the_remedy(admin: Client) -> None:
    assert "vertebra worker" in admin.get(PAGE).content.decode()
    beat = heartbeats.enter()
    heartbeats.leave(beat)
    assert "vertebra worker" in admin.get(f"{PAGE}pulse/").content.decode()


def test_why_a_job_failed_is_shown_escaped_to_administrators_alone(admin: Client) -> None:
    job = failed_job()
    page = admin.get(f"{PAGE}{job.pk}/").content.decode()
    assert "RuntimeError" in page
    assert "said &lt;no&gt;" in page
    for user in (ines(), account("Reader Nobody", Role.READER)):
        other = Client()
        other.force_login(user)
        assert other.get(f"{PAGE}{job.pk}/").status_code == 403
        assert other.get(PAGE).status_code == 403
        assert other.post(f"{PAGE}{job.pk}/retry/").status_code == 403


def test_a_failed_job_starts_again_once_and_it_is_written_down(admin: Client) -> None:
    job = failed_job()
    assert admin.get(f"{PAGE}{job.pk}/retry/").status_code == 405
    admin.post(f"{PAGE}{job.pk}/retry/")
    assert DBTaskResult.objects.get(pk=job.pk).status == "READY"
    entry = AuditEntry.objects.get(verb="retry")
    assert entry.particulars["job"] == str(job.pk)
    admin.post(f"{PAGE}{job.pk}/retry/")
    admin.post(f"{PAGE}{uuid.uuid4()}/retry/")
    assert AuditEntry.objects.filter(verb="retry").count() == 1


@pytest.mark.parametrize(
    ("state", "count"), [("failed", 1), ("due", 2), ("later", 1), ("done", 0), ("running", 0)]
)
def test_jobs_are_filtered_by_state(admin: Client, state: str, count: int) -> None:
    failed_job()
    clear_sessions.enqueue()
    clear_sessions.enqueue()
    clear_sessions.using(run_after=clock.machine() + dt.timedelta(hours=1)).enqueue()
    found = admin.get(PAGE, {"state": state}).context["listing"]
    assert found.total == count


def test_every_job_is_on_one_page_only(admin: Client) -> None:
    for _number in range(120):
        clear_sessions.enqueue()
    # The same moment for many, to the microsecond: the worst case for a cursor.
    DBTaskResult.objects.update(enqueued_at=clock.machine())
    seen: list[str] = []
    address = PAGE
    while address:
        listing = admin.get(address).context["listing"]
        seen += [str(row.pk) for row in listing.rows]
        address = listing.next_url
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("cursor", ["x", "WyJhIiwgMV0", "W251bGwsIDFd", "WyIyMDI2LTAxLTAxIiwgImEiXQ"])
def test_a_broken_cursor_is_ignored(admin: Client, cursor: str) -> None:
    clear_sessions.enqueue()
    assert admin.get(PAGE, {"after": cursor}).status_code == 200


def test_the_list_is_exported(admin: Client) -> None:
    failed_job()
    answer = admin.get(PAGE, {"format": "csv"})
    assert b"1" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]
