"""Work items on screen: brought in step by step by jobs, told as counts of a source, for those who import alone."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import world
from tests.evidence.test_trail_command import LOG
from tests.evidence.trail_world import PEOPLE, bring, current, issue, name, rows, write
from vertebra.accounts.audit import undo
from vertebra.accounts.models import AuditEntry, User
from vertebra.evidence.forms.trail import field_of
from vertebra.evidence.importing import jobs
from vertebra.evidence.models import StatusMeaning, TrailVersion
from vertebra.sources.labels import ImportState
from vertebra.sources.models import ImportRun

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"
    settings.MEDIA_ROOT = settings.DATA / "uploads"
    settings.DATA.mkdir()


@pytest.fixture
def ines(client: Client) -> User:
    user = world.english(world.ines())
    client.force_login(user)
    return user


def upload(client: Client, file: str, held: bytes, source: str = "Desk") -> ImportRun:
    given = {"uploads": [SimpleUploadedFile(file, held)], "source": source}
    answer = client.post("/imports/new/?target=trail", given)
    assert answer.status_code == 302, answer.content.decode()
    return ImportRun.objects.latest("pk")


def meaning(status: str, category: str) -> dict[str, str]:
    """What is posted of one status, by its name: other statuses may have come before it meanwhile."""
    return {field_of({"name": status}): category}


def walked(client: Client, run: ImportRun) -> ImportRun:
    """Look and apply, as the worker does."""
    assert client.get(f"/imports/{run.pk}/preview/").status_code == 302
    jobs.look_at_trail.call(run.pk)
    run.refresh_from_db()
    assert run.state == ImportState.PLANNED, run.summary
    client.post(f"/imports/{run.pk}/apply/")
    run.refresh_from_db()
    assert run.state == ImportState.RUNNING
    jobs.apply_trail.call(run.pk)
    run.refresh_from_db()
    return run


def test_an_event_log_is_recognised_guessed_looked_at_and_brought_in(client: Client, ines: User) -> None:
    run = upload(client, "log.csv", LOG.encode())
    form = client.get(f"/imports/{run.pk}/format/").context["form"]
    assert form.initial["way"] == "table:events"
    client.post(f"/imports/{run.pk}/format/", {"way": "table:events"})
    guessed = client.get(f"/imports/{run.pk}/columns/").context["form"].initial
    assert guessed == {
        "case": "Case ID",
        "at": "Timestamp",
        "status": "Status",
        "resource": "Resource",
        "more": [],
    }
    client.post(f"/imports/{run.pk}/columns/", guessed)
    run = walked(client, run)
    assert run.state == ImportState.APPLIED
    assert current("Desk").counts == {"items": 6, "changes": 18, "links": 0, "sprints": 0, "comments": 0}
    shown = client.get(f"/imports/{run.pk}/").content.decode()
    assert "24 changes" in shown
    assert "Undo this import" not in shown
    again = upload(client, "log.csv", LOG.encode())
    client.post(f"/imports/{again.pk}/format/", {"way": "table:events"})
    client.post(f"/imports/{again.pk}/columns/", guessed)
    assert walked(client, again).entry is None
    assert TrailVersion.objects.count() == 1


def test_other_columns_of_an_event_log_are_kept_as_fields(client: Client, ines: User) -> None:
    log = (
        "Case ID,Timestamp,Status,ST Level\n1,2026-01-05 09:00,Open,L1\n1,2026-01-05 10:00,Open,L2\n"
        "1,2026-01-05 11:00,Done,L2\n"
    )
    run = upload(client, "log.csv", log.encode())
    client.post(f"/imports/{run.pk}/format/", {"way": "table:events"})
    chosen = {"case": "Case ID", "at": "Timestamp", "status": "Status", "more": ["ST Level", "Status"]}
    client.post(f"/imports/{run.pk}/columns/", chosen)
    run.refresh_from_db()
    assert run.mapping["columns"] == {
        "case": "Case ID",
        "at": "Timestamp",
        "status": "Status",
        "st_level": "ST Level",
    }
    # What was chosen is ticked when one comes back.
    assert client.get(f"/imports/{run.pk}/columns/").context["form"].initial["more"] == ["ST Level"]
    assert walked(client, run).state == ImportState.APPLIED
    assert ("st_level", "L1", "L2") in rows("changes", "Desk", "field, before, after")


def test_no_column_of_people_is_offered_and_no_column_takes_the_place_of_another(
    client: Client, ines: User
) -> None:
    log = (
        "Case ID,Timestamp,Sub Status,Status,Status!,Zone,Author,Owner First Name\n"
        "1,2026-01-05 09:00,Open,a,b,North,Zoe,Yann\n1,2026-01-05 10:00,Done,c,d,South,Zoe,Yann\n"
    )
    run = upload(client, "log.csv", log.encode())
    client.post(f"/imports/{run.pk}/format/", {"way": "table:events"})
    offered = client.get(f"/imports/{run.pk}/columns/").context["form"].fields["more"].choices
    assert not {"Author", "Owner First Name"} & {value for value, _label in offered}
    chosen = {
        "case": "Case ID",
        "at": "Timestamp",
        "status": "Sub Status",
        "more": ["Status", "Status!", "Zone"],
    }
    client.post(f"/imports/{run.pk}/columns/", chosen)
    run.refresh_from_db()
    kept = {name: value for name, value in run.mapping["columns"].items() if name not in {"case", "at"}}
    assert kept == {"status": "Sub Status", "status_2": "Status", "status_3": "Status!", "zone_2": "Zone"}
    assert walked(client, run).state == ImportState.APPLIED
    changed = {field for (field,) in rows("changes", "Desk", "field")}
    assert {"status", "status_2", "status_3", "zone_2"} <= changed
    assert "Zoe" not in str(rows("changes", "Desk")) + str(rows("items", "Desk"))


def test_the_preview_tells_the_first_ones_without_people(client: Client, ines: User, tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [issue(n) for n in range(30)])
    run = upload(client, "a.jsonl", file.read_bytes())
    client.post(f"/imports/{run.pk}/format/", {"way": "jira"})
    client.get(f"/imports/{run.pk}/preview/")
    jobs.look_at_trail.call(run.pk)
    shown = client.get(f"/imports/{run.pk}/preview/").content.decode()
    assert "The first ones" in shown and "SHOP-19" in shown and "SHOP-20" not in shown
    assert not [one for number, one in enumerate(PEOPLE) if one in shown or name(number) in shown]
    assert not TrailVersion.objects.exists()


def test_what_cannot_be_read_is_said_and_nothing_changes(client: Client, ines: User) -> None:
    run = upload(client, "a.json", b'{"issues": [{"id": ')
    client.post(f"/imports/{run.pk}/format/", {"way": "jira"})
    client.get(f"/imports/{run.pk}/preview/")
    jobs.look_at_trail.call(run.pk)
    run.refresh_from_db()
    assert run.state == ImportState.REFUSED
    assert "a.json" in client.get(f"/imports/{run.pk}/preview/").content.decode()
    refused = client.post(
        "/imports/new/?target=trail", {"uploads": [SimpleUploadedFile("a.exe", b"x")], "source": "x"}
    )
    assert "cannot be read here" in refused.content.decode()


def test_the_page_tells_of_the_source_and_keeps_what_statuses_mean(
    client: Client, ines: User, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.jsonl", [*(issue(n) for n in range(6)), issue(9, steps=4)])
    bring(file)
    version = current()
    address = f"/evidence/trail/{version.source_id}/"
    shown = client.get(address).content.decode()
    assert "7 work items" in shown and "44 changes" in shown and "kept back" in shown
    assert not [one for one in PEOPLE if one in shown]
    assert "Tracker" in client.get("/evidence/trail/").content.decode()
    assert client.post(f"{address}statuses/", meaning("Open", "doing")).status_code == 302
    assert StatusMeaning.objects.get().category == "doing"
    assert 'value="doing" selected' in client.get(address).content.decode()
    assert client.post(f"{address}statuses/", meaning("Open", "never")).status_code == 422
    undo(actor=ines, entry=AuditEntry.objects.latest("pk"), now=world.NOW)
    assert not StatusMeaning.objects.exists()
    source = client.get(f"/imports/sources/{version.source_id}/").content.decode()
    assert address in source


@pytest.mark.parametrize("who", [world.lea, world.karim])
def test_nobody_else_opens_it(client: Client, tmp_path: Path, who: Callable[[], User]) -> None:
    bring(write(tmp_path / "a.jsonl", [issue(1)]))
    client.force_login(who())
    number = current().source_id
    for address in ("/evidence/trail/", f"/evidence/trail/{number}/", "/imports/new/?target=trail"):
        assert client.get(address).status_code in (403, 404)
    assert client.post(f"/evidence/trail/{number}/statuses/", meaning("Open", "done")).status_code in (
        403,
        404,
    )


def test_it_speaks_french(client: Client, tmp_path: Path) -> None:
    user = world.ines()
    user.language = "fr"
    user.save(update_fields=["language"])
    client.force_login(user)
    assert "Aucun élément de travail pour l’instant" in client.get("/evidence/trail/").content.decode()
    bring(write(tmp_path / "a.jsonl", [issue(n) for n in range(6)]))
    shown = client.get(f"/evidence/trail/{current().source_id}/").content.decode()
    assert "6 éléments de travail" in shown and "non montré" in shown
    assert "comme le dit l’outil" in shown


def test_what_reads_columns_is_never_loaded_where_pages_are_made() -> None:
    program = """
import sys, django
django.setup()
from pathlib import Path
import vertebra.schedule, vertebra.evidence.pages.trail
from vertebra.web.targets import TARGETS
TARGETS["trail"].ways([]), TARGETS["trail"].guess([Path("/dev/null")]), TARGETS["trail"].tables()
print([name for name in ("duckdb", "pyarrow", "pandas", "numpy", "ibis") if name in sys.modules])
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "vertebra.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == "[]"
