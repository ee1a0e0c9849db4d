"""The history of work items: stored once, the newer supersedes, nobody is named, nothing is half there."""

import datetime as dt
import json
import os
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests import world
from tests.evidence import trail_world as items
from tests.evidence.trail_world import bring, current, issue, name, rows, told_by_name, write
from vertebra.accounts.models import AuditEntry, User
from vertebra.connectors.faults import Trouble
from vertebra.evidence.actions.trail import SourceGone, publish_trail
from vertebra.evidence.importing import jobs
from vertebra.evidence.importing import trail as importing
from vertebra.evidence.models import TrailVersion
from vertebra.evidence.personal import HOLDING
from vertebra.evidence.trail import merging, places, pseudonyms, staging
from vertebra.evidence.trail.staged import MOST_PARTS, MovedOn
from vertebra.evidence.trail.telling import LEAST, parts_of, tell
from vertebra.kit.personal import Subject
from vertebra.org.models import Person
from vertebra.sources.actions import erase_source
from vertebra.sources.models import ImportRun, Source
from vertebra.web.targets import TARGETS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "issues.jsonl", (issue(number) for number in range(40)))


def test_items_changes_ties_and_counts_are_stored(file: Path) -> None:
    found = bring(file)
    assert found.counts["trail_items"] == {"created": 40, "changed": 0, "unchanged": 0, "closed": 0}
    version = current()
    assert version.counts == {"items": 40, "changes": 240, "links": 40, "sprints": 0, "comments": 80}
    assert version.earliest_at == dt.datetime(2025, 1, 6, 9, tzinfo=dt.UTC)
    assert version.latest_at == dt.datetime(2025, 1, 11, 0, tzinfo=dt.UTC)
    assert version.parts["statuses"] == [
        {"name": "Open", "category": "todo", "count": 40},
        # None is there now: what they mean is to be said all the same.
        {"name": "Done", "category": "", "count": 0},
        {"name": "In Progress", "category": "", "count": 0},
    ]
    assert [part["name"] for part in version.parts["kinds"]] == ["Story", "Bug"]
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.particulars["summary"]["trail_changes"]["created"]) == ("import", 240)


def test_reading_only_what_was_added_tells_the_same_as_reading_all(tmp_path: Path) -> None:
    for steps, numbers in ((1, range(9)), (2, range(4, 12)), (3, range(2)), (3, range(12))):
        bring(write(tmp_path / "a.jsonl", (issue(number, steps=steps) for number in numbers)))
        version = current()
        files = {table: places.paths_of(version.source_id, version.files, table) for table in places.TABLES}
        assert version.parts == tell(files, tmp_path).parts
    assert [part["name"] for part in version.parts["statuses"]] == ["Open", "Done", "In Progress"]


def test_statuses_that_older_versions_did_not_keep_are_read_from_all_changes(tmp_path: Path) -> None:
    bring(write(tmp_path / "a.jsonl", [issue(0)]))
    TrailVersion.objects.update(parts={})
    bring(write(tmp_path / "b.jsonl", [issue(1, steps=1)]))
    assert [part["name"] for part in current().parts["statuses"]] == ["In Progress", "Open", "Done"]


def test_nobody_is_named_anywhere(file: Path, data: Path) -> None:
    bring(file)
    kept = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    told = repr([rows(table) for table in places.TABLES])
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM evidence_trailversion")
        told += repr(cursor.fetchall())
    told += repr(list(AuditEntry.objects.values_list()))
    for number, who in enumerate(items.PEOPLE):
        for word in (who, name(number), f"{who}@example.org", "secret"):
            assert word.encode() not in kept and word not in told
    assert len({row[0] for row in rows("changes", columns="author")}) == 5


def test_two_sources_know_the_same_person_by_other_pseudonyms(file: Path) -> None:
    bring(file)
    bring(file, source="Other")
    mine, theirs = ({row[0] for row in rows("changes", one, "author")} for one in ("Tracker", "Other"))
    assert len(mine) == len(theirs) == 5
    assert not mine & theirs


def test_a_rare_part_is_told_without_a_count(tmp_path: Path) -> None:
    few = [issue(n, project="RARE") for n in (20, 21)]
    bring(
        write(
            tmp_path / "a.jsonl",
            [*(issue(n) for n in range(6)), *few, *(issue(n, project="ODD") for n in range(30, 33))],
        )
    )
    assert current().parts["projects"] == [
        {"name": "SHOP", "category": "", "count": 6}, {"name": "ODD", "category": "", "count": None},
        {"name": "RARE", "category": "", "count": None},
    ]  # fmt: skip


@given(st.lists(st.integers(1, 40), min_size=2, max_size=120))
def test_no_small_part_is_what_is_missing_to_the_total(counts: list[int]) -> None:
    rows = [(str(place), "", count) for place, count in enumerate(sorted(counts, reverse=True))]
    parts = parts_of(rows)
    told = [part["count"] for part in parts if part["count"] is not None]
    assert min(told, default=LEAST) >= LEAST
    assert [part["name"] for part in parts] == [name for name, _category, _count in rows[:MOST_PARTS]]
    if len(told) < len(counts) and told:
        assert sum(counts) - sum(told) >= LEAST
        assert len(counts) - len(told) > 1 or min(counts) >= LEAST


def test_what_is_known_makes_no_version(file: Path, tmp_path: Path) -> None:
    bring(file)
    told = importing.Told([file], "jira")
    assert importing.is_known(told, "Tracker")
    assert not importing.is_known(told, "Other")
    assert not importing.is_known(importing.Told([file], "jira", {"points": "customfield_1"}), "Tracker")
    again = bring(write(tmp_path / "other.jsonl", [issue(n) for n in reversed(range(40))]))
    assert again.version is None
    assert again.counts["trail_items"]["unchanged"] == 40
    assert TrailVersion.objects.count() == AuditEntry.objects.count() == 1


def test_a_newer_state_supersedes_and_changes_are_kept_once(file: Path, tmp_path: Path) -> None:
    bring(file)
    first = current()
    later = [issue(n, steps=5) for n in range(10)] + [issue(n) for n in range(40, 45)]
    found = bring(write(tmp_path / "later.jsonl", later))
    assert found.counts["trail_items"] == {"created": 5, "changed": 10, "unchanged": 0, "closed": 0}
    assert found.counts["trail_changes"]["created"] == 10 * 4 + 5 * 6
    assert found.counts["trail_changes"]["unchanged"] == 10 * 6
    assert len(rows("items")) == 45
    assert ("SHOP-3", "Done") in rows("items", columns="key, status")
    assert current().number == 2
    first.refresh_from_db()
    assert first.superseded_at == items.NOW
    assert first.files["changes"][0] in current().files["changes"]


def test_an_older_state_changes_nothing_but_what_it_alone_knows(tmp_path: Path) -> None:
    bring(write(tmp_path / "new.jsonl", [issue(1, steps=5)]))
    found = bring(write(tmp_path / "old.jsonl", [issue(1, steps=2, summary="As it was")]))
    assert found.version is None
    assert rows("items", columns="title") == [("Work item 1",)]


def test_in_whatever_order_files_come_the_end_is_the_same(tmp_path: Path) -> None:
    parts = [[issue(n, steps=s) for n in range(s, 30 + s)] for s in (2, 4, 6)]
    paths = [write(tmp_path / f"{number}.jsonl", part) for number, part in enumerate(parts)]
    for path in paths:
        bring(path, source="One")
    for path in reversed(paths):
        bring(path, source="Two")
    bring(*paths, source="All")
    assert told_by_name("One") == told_by_name("Two") == told_by_name("All")


def test_many_imports_are_read_from_few_files(tmp_path: Path) -> None:
    for steps in range(1, merging.MOST_FILES + 4):
        bring(write(tmp_path / f"{steps}.jsonl", [issue(1, steps=steps)]))
    assert len(current().files["changes"]) <= merging.MOST_FILES
    assert len(rows("changes")) == 2 * (merging.MOST_FILES + 3)


def test_the_same_thing_twice_at_one_moment_is_told_twice(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    line = "1,2026-01-05T10:00:00,Queued\n"
    log.write_text("Case ID,Timestamp,Status\n" + line * 2 + "1,2026-01-06T10:00:00,Done\n")
    bring(log, form="events")
    assert current().counts["changes"] == 3
    log.write_text(
        "Case ID,Timestamp,Status\n" + line * 2 + "1,2026-01-06T10:00:00,Done\n2,2026-01-06T10:00:00,Done\n"
    )
    assert bring(log, form="events").counts["trail_changes"]["created"] == 1


def test_an_import_that_breaks_leaves_nothing(file: Path, tmp_path: Path, data: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"issues": [' + json.dumps(issue(1)) + ', {"id": "2", ')
    with pytest.raises(Trouble):
        bring(broken)
    assert not Source.objects.exists()
    assert not [path for path in data.rglob("*") if path.is_file()]


def test_another_import_meanwhile_is_merged_with(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = publish_trail, list[int]()

    def publish(**given: object) -> object:
        if not calls:
            calls.append(1)
            bring(write(tmp_path / "other.jsonl", [issue(100)]))
        return real(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "publish_trail", publish)
    bring(file)
    assert len(rows("items")) == 41
    assert [one.number for one in TrailVersion.objects.order_by("number")] == [1, 2]


def test_an_import_that_is_always_overtaken_gives_up(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def publish(**given: object) -> None:
        raise MovedOn

    monkeypatch.setattr(importing, "publish_trail", publish)
    with pytest.raises(MovedOn):
        bring(file)


def test_an_erasure_meanwhile_is_taken_into_account(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(file)
    source = Source.objects.get()
    real, calls = merging.merge, list[int]()

    def merge(*given: object) -> object:
        if not calls:
            calls.append(1)
            pseudonyms.forget(source, ["Zoe-Quist"])
            assert importing.forget_people(actor=None, source=source, now=items.NOW)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(staging, "merge", merge)
    bring(write(tmp_path / "later.jsonl", [issue(n, steps=5) for n in range(4)]))
    assert len({row[0] for row in rows("changes", columns="author")} - {""}) == 4
    assert ("SHOP-3", "Done") in rows("items", columns="key, status")


def test_a_source_removed_meanwhile_does_not_come_back(file: Path) -> None:
    source = Source.objects.create(name="Tracker", made_at=items.NOW)
    run = ImportRun.objects.create(source=source, target="trail", made_at=items.NOW)
    ImportRun.objects.filter(pk=run.pk).delete()
    source.delete()
    told = importing.Told([file], "jira")
    with pytest.raises(SourceGone):
        importing.bring_in(
            actor=None, told=told, source="Tracker", run=run, now=items.NOW, progress=lambda count: None
        )
    assert not Source.objects.exists()


def test_removing_the_source_removes_the_files(
    file: Path, data: Path, django_capture_on_commit_callbacks: object
) -> None:
    bring(file)
    bring(file, source="Other")
    source = Source.objects.get(name="Tracker")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        erase_source(
            actor=world.ada(), source=source, typed="Tracker", targets=TARGETS.values(), now=items.NOW
        )
    assert not places.folder_of(source.pk).exists()
    assert TrailVersion.objects.get().source.name == "Other"
    assert len(rows("items", "Other")) == 40


def test_an_erased_person_is_in_no_file_and_does_not_come_back(
    file: Path, tmp_path: Path, data: Path
) -> None:
    bring(file)
    bring(write(tmp_path / "later.jsonl", [issue(n, steps=5) for n in range(4)]))
    old = set(data.rglob("*.parquet"))
    person = Person.objects.create(
        name="Zoe Quist",
        name_folded="zoe quist",
        handle="Zoe-Quist",
        email="z@example.org",
        created_at=items.NOW,
    )
    HOLDING.erase(Subject(person.pk, None, person.name, person.email, "Somebody 1"), items.NOW)
    before = {row[0] for row in rows("changes", columns="author")}
    assert jobs.forget_in_trails.call() == 1
    after = {row[0] for row in rows("changes", columns="author")}
    assert (len(before - after), len(after - {""})) == (1, 4)
    assert (before - after).isdisjoint(set(sum(rows("items", columns="reporter, assignee"), ())))
    assert (before - after).isdisjoint(set(sum(rows("changes", columns="before, after"), ())))
    assert not [path for path in old if path.exists() and path.name in ("items.parquet", "changes.parquet")]
    bring(write(tmp_path / "again.jsonl", [issue(n, steps=6) for n in range(4)]))
    assert {row[0] for row in rows("changes", columns="author")} == after
    assert jobs.forget_in_trails.call() == 0


def test_an_account_is_found_by_its_own_address_too(file: Path) -> None:
    bring(file)
    user = User.objects.create(email="zoe-quist@example.org", name="Zoe Quist", created_at=items.NOW)
    person = Person.objects.create(
        name="Zoe Q.", name_folded="zoe q.", email="z@example.org", user=user, created_at=items.NOW
    )
    source = Source.objects.get()
    HOLDING.erase(Subject(person.pk, user.pk, person.name, person.email, "Somebody 1"), items.NOW)
    key = pseudonyms.key_of(source)
    assert key is not None
    assert pseudonyms.pseudonym(key, user.email) in pseudonyms.forgotten_of(source)


def test_accents_are_the_same_however_they_are_stored() -> None:
    assert pseudonyms.pseudonym(b"k", "Élodie Noël") == pseudonyms.pseudonym(b"k", "e\u0301lodie NOE\u0308L")
    assert pseudonyms.pseudonym(b"k", "Élodie") != pseudonyms.pseudonym(b"k", "Elodie")


def test_what_nobody_points_to_is_swept_after_a_day(file: Path, tmp_path: Path, data: Path) -> None:
    bring(file)
    bring(write(tmp_path / "later.jsonl", [issue(n, steps=5) for n in range(9)]))
    TrailVersion.objects.filter(number=1).update(superseded_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    left = data / "staging" / "killed"
    left.mkdir(parents=True)
    (left / "changes.parquet").write_bytes(b"half")
    needed = {name for names in current().files.values() for name in names}
    assert jobs.sweep_trails.call() == 0
    for path in (*data.rglob("*"), left):
        os.utime(path, (1, 1))
    assert jobs.sweep_trails.call() == 2  # the items of the first version, and what was killed
    home = places.folder_of(current().source_id)
    assert {path.relative_to(home).as_posix() for path in home.rglob("*.parquet")} == needed
    assert not left.exists()
