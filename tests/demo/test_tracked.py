"""The three years of the teams' tracker: sound, the same each time, and what teams do differently is seen in it."""

import datetime as dt
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median

import duckdb
import pytest
from django.conf import LazySettings

from vertebra.accounts import demo_sign_in
from vertebra.accounts.models import AuditEntry
from vertebra.connectors.trail import PEOPLE, Item
from vertebra.demo import content
from vertebra.demo.fixture import DAY
from vertebra.demo.habits import boards
from vertebra.demo.load import Summary
from vertebra.demo.rows import at
from vertebra.demo.tickets import CRITERIA_FIELD
from vertebra.demo.tracked import figure_as_it_went, track
from vertebra.demo.tracker import Project, projects
from vertebra.demo.workdays import HOURS, Workdays, easter
from vertebra.evidence.models import FlowFigure, Incident, StatusMeaning, TrailVersion
from vertebra.evidence.trail import places
from vertebra.org.models import Person, UnitVersion
from vertebra.sources.models import ImportRun, Source

pytestmark = pytest.mark.django_db
NOW = at(DAY, 9)
SMALL = pytest.mark.parametrize("loaded", ["small"], indirect=True)
LARGE = pytest.mark.parametrize("loaded", ["scale-up"], indirect=True)
WORKED = Workdays(dt.date(2023, 11, 2), dt.date(2026, 12, 31))


@pytest.fixture(autouse=True)
def data(settings: LazySettings, tmp_path: Path) -> Path:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    return Path(settings.DATA)


def everything(made: list[Project]) -> list[Item]:
    return [item for project in made for item in project.items()]


def stored(table: str, columns: str = "*") -> list[tuple[object, ...]]:
    version = TrailVersion.objects.get(superseded_at=None)
    paths = places.paths_of(version.source_id, version.files, table)
    found = duckdb.sql(f"SELECT {columns} FROM read_parquet({[str(path) for path in paths]})")
    return found.fetchall()


@pytest.mark.parametrize(
    ("year", "sunday"), [(2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2027, (3, 28)), (2038, (4, 25))]
)
def test_easter_falls_where_it_falls(year: int, sunday: tuple[int, int]) -> None:
    assert easter(year) == dt.date(year, *sunday)


def test_work_is_done_in_the_hours_of_work() -> None:
    days = Workdays(dt.date(2026, 4, 27), dt.date(2026, 5, 31))
    assert days.day(4 * HOURS) == dt.date(2026, 5, 4)  # the first of May is nobody's
    moments = [days.moment(hours / 4) for hours in range(200)]
    assert moments == sorted(moments)
    clocks = [days.moment(hours / 4).astimezone(at(DAY).tzinfo).time() for hours in range(int(4 * 5 * HOURS))]
    assert all(dt.time(9, 30) <= clock < dt.time(18) and not dt.time(12, 30) <= clock < dt.time(14) for clock in clocks)  # fmt: skip
    assert days.hours_to(dt.date(2026, 5, 4)) == 4 * HOURS


@SMALL
def test_the_small_company_has_the_work_of_its_teams(loaded: Summary) -> None:
    count = track(NOW)
    source, version = Source.objects.get(), TrailVersion.objects.get()
    assert source.is_demo
    assert source.name == content.tracker()["source"]
    assert 2_000 <= count <= 9_000
    assert version.counts["changes"] > 4 * count
    assert version.counts["sprints"] > 20
    assert version.earliest_at is not None
    assert (NOW - version.earliest_at).days > 1_000
    assert version.latest_at is not None
    assert version.latest_at <= NOW
    placed = {project.key: project.unit_id for project in projects(DAY)}
    teams = set(UnitVersion.objects.as_of(DAY).filter(kind__slug="team").values_list("unit_id", flat=True))
    assert {part["name"] for part in version.parts["projects"]} == placed.keys()
    assert set(placed.values()) >= teams
    assert ImportRun.objects.get().source == source


@SMALL
def test_nobody_is_named_in_what_is_kept(loaded: Summary) -> None:
    track(NOW)
    told = repr(stored("items")) + repr(stored("changes"))
    for email, name in Person.objects.values_list("email", "name"):
        assert not email or email not in told
        assert name not in told
    people = stored("changes", "DISTINCT author")
    assert len(people) > 20
    assert all(len(str(one)) in (0, 32) for (one,) in people)


@SMALL
def test_what_the_demo_brings_in_closes_no_door(loaded: Summary) -> None:
    track(NOW)
    assert AuditEntry.objects.filter(verb="import", particulars__is_demo=True, kind="source").exists()
    assert not demo_sign_in.has_anything_real()


@SMALL
def test_every_status_means_what_it_means(loaded: Summary) -> None:
    track(NOW)
    said = dict(StatusMeaning.objects.values_list("status", "category"))
    for part in TrailVersion.objects.get().parts["statuses"]:
        known = {board.category(part["name"]) for board in boards() if part["name"] in board.statuses}
        assert known == {said.get(part["name"], part["category"])}, part


@SMALL
def test_work_waits_where_teams_have_a_word_for_it(loaded: Summary) -> None:
    track(NOW)
    waits = set(StatusMeaning.objects.filter(category="waiting").values_list("status", flat=True))
    assert waits >= {"En attente", "À relire"}
    figure_as_it_went(NOW)
    whole = FlowFigure.objects.filter(kind="", area=None, grain="month", finished__isnull=False)
    shares = [
        row.waiting / (row.doing + row.waiting) for row in whole if row.doing and row.waiting is not None
    ]
    assert shares
    assert 0.05 < median(shares) < 0.9


@SMALL
def test_made_twice_it_is_made_once(loaded: Summary) -> None:
    assert track(NOW) > 0
    assert track(NOW) == 0
    assert TrailVersion.objects.count() == 1


@SMALL
def test_the_same_day_gives_the_same_history(loaded: Summary) -> None:
    assert everything(projects(DAY)) == everything(projects(DAY))


@SMALL
def test_what_happened_is_sound(loaded: Summary) -> None:
    seen: set[str] = set()
    for item in everything(projects(DAY)):
        assert item.key not in seen
        seen.add(item.key)
        assert item.created_at <= item.updated_at <= NOW
        moments = [change.at for change in item.changes]
        assert moments == sorted(moments)
        assert all(item.created_at <= moment <= NOW for moment in moments), item.key
        held: dict[str, str] = {}
        for change in item.changes:
            if change.field in held and change.field != "Link":
                assert change.before == held[change.field], (item.key, change)
            held[change.field] = change.after
            assert change.author
        assert held.get("status", item.status) == item.status
        assert held.get("assignee", "") == item.assignee
        assert (item.resolved_at is not None) == bool(item.resolution)
        assert [one.name for one in item.sprints] == [
            name for name in held.get("Sprint", "").split(", ") if name
        ]


@SMALL
def test_nobody_works_on_days_off_but_for_incidents(loaded: Summary) -> None:
    worked = set(WORKED.days)
    for item in everything(projects(DAY)):
        if item.kind != "Incident":
            assert {change.at.astimezone(NOW.tzinfo).date() for change in item.changes} <= worked


@SMALL
def test_incidents_are_mended_by_teams(loaded: Summary) -> None:
    found = [item for item in everything(projects(DAY)) if item.kind == "Incident"]
    assert {item.fields["incident"] for item in found} == {
        str(pk) for pk in Incident.objects.values_list("pk", flat=True)
    }
    keys = {item.key for item in found}
    caused = [item for item in everything(projects(DAY)) if any(tie.other in keys for tie in item.ties)]
    assert len(caused) >= len(found)


@LARGE
def test_one_practice_spread_and_one_was_given_up(loaded: Summary) -> None:
    made = projects(DAY)
    items = everything(made)
    assert 30_000 <= len(items) <= 120_000
    assert sum(len(item.changes) for item in items) > 5 * len(items)
    stories = defaultdict(list)
    sorted_soon = defaultdict(list)
    for item in items:
        quarter = (item.created_at.year, (item.created_at.month - 1) // 3)
        if item.kind == "Story":
            stories[quarter].append(any(change.field == CRITERIA_FIELD for change in item.changes))
        elif item.kind == "Bug":
            first = next((change.at for change in item.changes if change.field == "priority"), NOW)
            sorted_soon[quarter].append((first - item.created_at).days < 8)
    shares = [sum(stories[one]) / len(stories[one]) for one in sorted(stories)]
    assert shares[0] < 0.12
    assert shares[-2] > 0.5
    soon = [sum(sorted_soon[one]) / len(sorted_soon[one]) for one in sorted(sorted_soon)]
    assert max(soon[3:7]) > soon[-2] + 0.25
    took_up = [project.habits.checked_from for project in made if project.habits.checked_from]
    assert len(set(took_up)) > 6
    assert len(took_up) < len(made)


@LARGE
def test_teams_have_habits_of_their_own(loaded: Summary) -> None:
    took: dict[str, list[float]] = defaultdict(list)
    estimated: dict[str, list[bool]] = defaultdict(list)
    for item in everything(projects(DAY)):
        started = next((change.at for change in item.changes if change.field == "assignee"), None)
        estimated[item.project].append(item.points is not None)
        if item.resolved_at and started and item.kind == "Story":
            took[item.project].append((item.resolved_at - started).total_seconds() / 86_400)
    usual = sorted(median(days) for days in took.values() if len(days) > 30)
    assert usual[-1] > 3 * usual[0]
    shares = [sum(one) / len(one) for one in estimated.values()]
    assert min(shares) == 0
    assert max(shares) > 0.8


@SMALL
def test_people_work_while_they_are_here(loaded: Summary) -> None:
    there = {
        who: (joined, left) for who, joined, left in Person.objects.values_list("email", "joined_on", "left_on")
    }  # fmt: skip
    early, total = 0, 0
    for item in everything(projects(DAY)):
        for change in item.changes:
            if change.field in PEOPLE and change.after in there:
                joined, left = there[change.after]
                total += 1
                early += bool(joined and change.at.date() < joined - dt.timedelta(days=7))
                early += bool(left and change.at.date() > left + dt.timedelta(days=40))
    assert total > 1_000
    assert early < total / 50


def test_the_rules_know_nothing_of_what_is_looked_for() -> None:
    rules = ("habits", "tickets", "tracker", "workdays")
    looked = "import sys, django; django.setup(); before = set(sys.modules)\n" + "".join(
        f"import vertebra.demo.{name}\n" for name in rules
    )
    looked += "print([one for one in set(sys.modules) - before if 'analysis' in one or 'duckdb' in one])"
    done = subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
