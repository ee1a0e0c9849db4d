"""Flow of units: computed by a job, read by the team first, never before a practice asks."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from django.conf import LazySettings
from django.test import Client

from tests import world
from tests.evidence.flow_world import figure, opened, teams, unit, works_in
from tests.evidence.trail_world import bring, current, issue, write
from vertebra.accounts.models import AuditEntry
from vertebra.evidence.actions.flow import NoReason, OpenAlready, close_flow, map_places, open_flow
from vertebra.evidence.actions.trail import say_what_statuses_mean
from vertebra.evidence.jobs import is_flow_due
from vertebra.evidence.models import FlowFigure, FlowRun, TrailVersion, WorkPlace
from vertebra.evidence.queries.flow import FlowOf
from vertebra.evidence.trail import places, tables
from vertebra.evidence.trail.columns import MOMENT
from vertebra.practices.frames import opened as looked_at

pytestmark = pytest.mark.django_db
LATER = world.NOW + dt.timedelta(days=15)


@pytest.fixture(autouse=True)
def data(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    settings.FIXED_NOW = world.NOW


def test_places_are_found_and_figures_follow_the_mapping(tmp_path: Path) -> None:
    ines = world.ines()
    held = teams(tmp_path, ines)
    assert set(WorkPlace.objects.values_list("way", "value", "count")) >= {
        ("project", "SHOP", 200),
        ("component", "Till", 520),
    }
    assert not FlowFigure.objects.exists()
    opened(ines, held["tribe"])
    assert is_flow_due()
    figure()
    assert not is_flow_due()
    rows = FlowFigure.objects.filter(kind="", grain="month", area=None, finished__isnull=False)
    assert set(rows.values_list("unit", flat=True)) == {held["tribe"].pk, held["SHOP"].pk, held["PAY"].pk}
    one = rows.filter(unit=held["SHOP"]).order_by("starts_on")[0]
    assert (one.lead_50, one.cycle_50, one.doing) == (48, 24, 24 * (one.finished or 0))
    assert one.starts_on.weekday() == 0
    assert one.handed == 2


def test_nothing_is_computed_before_somebody_asks(tmp_path: Path) -> None:
    held = teams(tmp_path, world.ines())
    figure()
    assert FlowRun.objects.get().until is not None
    assert not FlowFigure.objects.exists()
    assert FlowOf(world.lea(), world.NOW).units == set()
    assert held["SHOP"].pk


def test_only_what_is_asked_for_is_computed(tmp_path: Path) -> None:
    ines = world.ines()
    held = teams(tmp_path, ines)
    opening = opened(ines, held["SHOP"])
    figure()
    assert set(FlowFigure.objects.values_list("unit", flat=True)) == {held["SHOP"].pk}
    close_flow(actor=ines, opening=opening, now=world.NOW)
    assert not FlowFigure.objects.exists()


def test_a_team_sees_its_own_figures_two_weeks_before_anyone_outside(tmp_path: Path) -> None:
    ines, karim = world.ines(), world.karim()
    held = teams(tmp_path, ines)
    opened(ines, None)
    figure()
    works_in(karim, held["SHOP"])
    shop, pay, tribe = held["SHOP"].pk, held["PAY"].pk, held["tribe"].pk
    now = FlowOf(karim, world.NOW)
    assert now.read(shop) and not now.read(pay)
    assert not now.read(tribe), "beside one's own, the tribe would tell of the others"
    assert not any(FlowOf(ines, world.NOW).read(one) for one in (shop, pay, tribe))
    later = FlowOf(ines, LATER)
    assert later.read(shop) and later.read(pay) and later.read(tribe)


def test_the_two_weeks_begin_when_a_period_is_first_computed(tmp_path: Path) -> None:
    ines = world.ines()
    held = teams(tmp_path, ines)
    opened(ines, None)
    figure()
    place = WorkPlace.objects.get(way="component", value="Till")
    area = None
    map_places(actor=ines, places=[place], unit=unit("Elsewhere"), area=area, now=world.NOW)
    map_places(actor=ines, places=[place], unit=None, area=area, now=world.NOW)
    say_what_statuses_mean(actor=ines, source=current().source, meanings={"Open": "waiting"}, now=world.NOW)
    first = set(FlowFigure.objects.values_list("first_at", flat=True))
    figure()
    assert set(FlowFigure.objects.values_list("first_at", flat=True)) == first
    assert FlowOf(ines, LATER).read(held["SHOP"].pk)


def test_a_small_team_reads_what_is_around_it_and_is_told_so(tmp_path: Path) -> None:
    ines = world.ines()
    held = teams(tmp_path, ines)
    opened(ines, None)
    figure()
    shown = FlowOf(ines, LATER).read(held["ZIP"].pk)
    assert shown and all(one.around and one.around.name == "Commerce" for one in shown)


def test_a_status_that_means_waiting_takes_its_time_from_the_work(tmp_path: Path) -> None:
    ines = world.ines()
    held = teams(tmp_path, ines)
    opened(ines, None)
    say_what_statuses_mean(
        actor=ines, source=current().source, meanings={"In Progress": "waiting"}, now=world.NOW
    )
    figure()
    row = FlowFigure.objects.filter(unit=held["SHOP"], kind="", finished__isnull=False)[0]
    assert (row.doing, row.waiting) == (0, 24 * (row.finished or 0))


def test_flow_is_asked_for_with_a_reason_and_once(tmp_path: Path) -> None:
    ines = world.ines()
    opened(ines, None)
    with pytest.raises(OpenAlready):
        opened(ines, None)
    with pytest.raises(NoReason):
        open_flow(actor=ines, unit=None, kind="practice", object_id=2, why="  ", now=world.NOW)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.object_name) == ("look_at_flow", "the whole company")


def test_places_that_nothing_names_any_more_go_unless_somebody_mapped_them(tmp_path: Path) -> None:
    ines = world.ines()
    bring(
        write(
            tmp_path / "a.jsonl", [issue(n, components=[{"name": "Old"}], labels=["old"]) for n in range(6)]
        )
    )
    figure()
    old = WorkPlace.objects.get(way="component", value="Old")
    map_places(actor=ines, places=[old], unit=unit("Somebody"), area=None, now=world.NOW)
    later = [issue(n, steps=6, components=[{"name": "New"}], labels=["new"]) for n in range(6)]
    bring(write(tmp_path / "b.jsonl", later))
    figure()
    held = {(one.way, one.value): one.count for one in WorkPlace.objects.all()}
    assert held == {
        ("project", "SHOP"): 6, ("component", "Old"): None, ("component", "New"): 6, ("label", "new"): 6,
    }  # fmt: skip


def test_the_flow_of_a_unit_has_no_page_before_it_is_asked_for(client: Client, tmp_path: Path) -> None:
    lea, ines = world.english(world.lea()), world.english(world.ines())
    held = teams(tmp_path, ines)
    client.force_login(lea)
    shown = client.get("/evidence/flow/").content.decode()
    assert "Nobody has asked for this yet" in shown and "/evidence/trail/places/" not in shown
    assert client.get(f"/evidence/flow/{held['SHOP'].pk}/").status_code == 404
    client.force_login(ines)
    shown = client.get("/evidence/flow/").content.decode()
    assert "Nobody has asked for this yet" in shown and "/evidence/trail/places/" in shown
    assert client.get(f"/evidence/flow/{held['SHOP'].pk}/").status_code == 404


@pytest.mark.parametrize("ask", ["time", "long", "waits", "back", "carried"])
def test_a_page_answers_each_question(
    client: Client, tmp_path: Path, settings: LazySettings, ask: str
) -> None:
    ines = world.english(world.ines())
    held = teams(tmp_path, ines)
    opened(ines, None)
    figure()
    address = f"/evidence/flow/{held['SHOP'].pk}/?ask={ask}"
    client.force_login(ines)
    assert "the team’s own until" in client.get(address).content.decode()
    settings.FIXED_NOW = LATER
    shown = client.get(address)
    told = {
        "time": "all of the time between beginning and end counts as work", "long": "half of them within 24 hours",
        "waits": "do not tell", "back": "0% of what was finished had been opened again", "carried": "do not tell",
    }  # fmt: skip
    assert shown.status_code == 200
    assert told[ask] in shown.content.decode()
    is_told = ask in {"time", "long", "back"}
    assert bool(re.search(r"<b>\w+ \d{4}\.</b>", shown.content.decode())) == is_told
    assert ("nothing can be told" in shown.content.decode()) == (not is_told)
    assert "Commerce" in client.get("/evidence/flow/").content.decode()
    around = client.get(f"/evidence/flow/{held['ZIP'].pk}/?ask={ask}").content.decode()
    assert "these are those of Commerce" in around
    exported = b"".join(client.get(f"{address}&format=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "SHOP" in exported and "PAY" not in exported


def test_pages_of_flow_show_nobody(client: Client, tmp_path: Path, settings: LazySettings) -> None:
    ines = world.ines()
    held = teams(tmp_path, ines)
    opened(ines, None)
    figure()
    settings.FIXED_NOW = LATER
    client.force_login(ines)
    for ask in ("time", "long", "back"):
        shown = client.get(f"/evidence/flow/{held['SHOP'].pk}/?ask={ask}").content.decode()
        assert "dev-" not in shown and "zoe" not in shown


def leave(project: str) -> None:
    """The work items of a project are deleted in their tool; the stored file is of before anybody asked about this."""
    version = current()
    (path,) = places.paths_of(version.source_id, version.files, "items")
    whole = pq.read_table(path).drop_columns(["gone_at"])
    pq.write_table(whole, path)
    assert opened_table(version).count().execute() == whole.num_rows
    is_gone = pc.equal(whole["project"], project)
    gone = pc.if_else(is_gone, pa.scalar(world.NOW, MOMENT), pa.scalar(None, MOMENT))
    pq.write_table(whole.append_column("gone_at", gone), path)


def opened_table(version: TrailVersion, name: str = "items") -> Any:
    return tables.opened(ibis.duckdb.connect(), [version], name)


def test_what_was_deleted_in_its_tool_counts_nowhere(tmp_path: Path) -> None:
    ines = world.ines()
    held = teams(tmp_path, ines)
    opened(ines, None)
    leave("SHOP")
    version = current()
    assert opened_table(version).filter(ibis._.project == "SHOP").count().execute() == 0
    assert opened_table(version).count().execute() == 320
    assert opened_table(version, "changes").item.nunique().execute() == 320
    assert opened_table(version, "links").item.nunique().execute() == 320
    figure()
    assert FlowFigure.objects.filter(unit=held["PAY"]).exists()
    assert not FlowFigure.objects.filter(unit=held["SHOP"]).exists()
    with looked_at(version) as past:
        assert past.tables.items.count().execute() == 320
        assert len(past.histories.items) == 320
