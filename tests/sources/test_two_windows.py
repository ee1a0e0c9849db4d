"""The same import open in two windows: whoever comes second is told, and overwrites nothing."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from tests import world
from tests.sources.test_import_pages import PEOPLE, UNITS, apply, page, upload, walk
from vertebra.accounts.models import User
from vertebra.org.importing import jobs
from vertebra.org.importing.target import ORGANISATION
from vertebra.sources import drafts, uploads
from vertebra.sources.labels import ImportState
from vertebra.sources.models import ImportRun
from vertebra.sources.target import Preview

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines(client: Client) -> User:
    user = world.ines()
    client.force_login(user)
    return user


def look_while(run: ImportRun, user: User, what: Callable[[ImportRun], object]) -> None:
    """Look at the import while something happens to it in another window."""

    def preview(mine: ImportRun, files: list[Path], now: dt.datetime) -> Preview:
        found = ORGANISATION.preview(mine, files, now)
        what(ImportRun.objects.get(pk=mine.pk))
        return found

    target = dataclasses.replace(ORGANISATION, preview=preview)
    drafts.look(actor=user, run=run, target=target, now=world.NOW)


def drafted(client: Client) -> ImportRun:
    run = upload(client, ("unites.csv", UNITS))
    client.post(f"/imports/{run.pk}/format/", {"way": "table:unit"})
    client.post(
        f"/imports/{run.pk}/columns/", client.get(f"/imports/{run.pk}/columns/").context["form"].initial
    )
    return ImportRun.objects.get(pk=run.pk)


@pytest.mark.parametrize("state", [ImportState.RUNNING, ImportState.APPLIED])
def test_an_import_that_is_applied_meanwhile_stays_so(client: Client, ines: User, state: ImportState) -> None:
    run = drafted(client)
    with pytest.raises(drafts.NotADraft):
        look_while(run, ines, lambda one: ImportRun.objects.filter(pk=one.pk).update(state=state))
    run.refresh_from_db()
    assert (run.state, run.summary) == (state, {})
    assert uploads.read_changes(run, kind="", effect="", start=0, count=9) == ([], False)


def test_what_was_asked_otherwise_meanwhile_is_not_shown_as_asked(client: Client, ines: User) -> None:
    run = drafted(client)

    def ask(one: ImportRun) -> None:
        drafts.prepare(actor=ines, run=one, options={"on": "2026-12-24"}, now=world.NOW)

    with pytest.raises(drafts.NotADraft):
        look_while(run, ines, ask)
    run.refresh_from_db()
    assert run.state == ImportState.UPLOADED
    assert run.options["on"] == "2026-12-24"


def test_what_breaks_in_one_window_does_not_fail_what_another_applied(client: Client, ines: User) -> None:
    run = drafted(client)

    def break_off(one: ImportRun) -> None:
        ImportRun.objects.filter(pk=one.pk).update(state=ImportState.APPLIED)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        look_while(run, ines, break_off)
    run.refresh_from_db()
    assert run.state == ImportState.APPLIED


@pytest.mark.parametrize("step", ["format", "columns", "preview"])
def test_a_step_of_an_import_that_was_just_applied_says_so(
    client: Client, ines: User, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = walk(client, "people.csv", PEOPLE, "table:person")
    fields = {
        "format": {"way": "table:person"},
        "columns": client.get(f"/imports/{run.pk}/columns/").context["form"].initial,
        "preview": {"on": "2026-11-02"},
    }[step]
    monkeypatch.setattr(drafts, "claim", lambda *_, **__: False)
    answer = client.post(f"/imports/{run.pk}/{step}/", fields)
    assert (answer.status_code, answer["Location"]) == (302, f"/imports/{run.pk}/")
    assert [one.level_tag for one in get_messages(answer.wsgi_request)] == ["error"]


def test_applying_twice_says_that_nothing_more_was_applied(client: Client, ines: User) -> None:
    run = apply(client, walk(client, "people.csv", PEOPLE, "table:person"))
    assert page(client, f"/imports/{run.pk}/")
    answer = client.post(f"/imports/{run.pk}/apply/")
    assert [one.level_tag for one in get_messages(answer.wsgi_request)] == ["info"]


def test_a_job_that_comes_too_late_leaves_the_import_as_it_is(
    client: Client, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = drafted(client)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.PLANNING)

    def preview(mine: ImportRun, files: list[Path], now: dt.datetime) -> Preview:
        ImportRun.objects.filter(pk=mine.pk).update(state=ImportState.APPLIED)
        return Preview({}, [])

    late = dataclasses.replace(ORGANISATION, preview=preview)
    monkeypatch.setattr(jobs, "ORGANISATION", late)
    assert jobs.look_at_import.func(run.pk)
    run.refresh_from_db()
    assert run.state == ImportState.APPLIED
