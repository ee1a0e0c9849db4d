"""Roadmaps of other tools: read by recipe or from a table, with their history and slips; twice changes nothing."""

import datetime as dt
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from tests import world
from tests.org.company import person, unit
from vertebra.accounts.audit import undo
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, Link, SearchEntry, User
from vertebra.connectors.recipe import load_recipe, run
from vertebra.org.models import Unit
from vertebra.roadmap.actions.initiatives import archive_initiative, change_initiative, restore_initiative
from vertebra.roadmap.importing.actions import HasErrors, Outcome, TooMuchToArchive, import_roadmap
from vertebra.roadmap.importing.tables import recipe_for
from vertebra.roadmap.importing.target import guess, ways
from vertebra.roadmap.models import Initiative, Revision
from vertebra.roadmap.queries.standing import revisions_on

pytestmark = pytest.mark.django_db
REAL = Path(os.environ.get("VERTEBRA_REAL_DATA", "/nowhere")) / "kubernetes"
KEP = """title: {title}
kep-number: {number}
owning-sig: sig-node
participating-sigs: [sig-auth]
status: {status}
creation-date: 2023-01-10
see-also: [/keps/sig-node/12-second]
stage: alpha
latest-milestone: "{target}"
milestone: {{alpha: "{target}", beta: ""}}
"""


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = world.NOW
    cache.clear()


@pytest.fixture
def ines() -> User:
    return world.ines()


def teams() -> None:
    for name in ("sig-node", "sig-auth"):
        made = unit(name.removeprefix("sig-").title())
        Unit.objects.filter(pk=made.pk).update(external_id=name)


def enhancement(folder: Path, name: str, **given: str) -> None:
    told = {"title": name.title(), "number": name.split("-")[0], "status": "implementable", "target": "v1.30"}
    path = folder / "keps" / "sig-node" / name / "kep.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(KEP.format(**(told | given)))


def history(folder: Path, *lines: tuple[str, str, str, dict[str, Any]]) -> None:
    told = [
        {
            "path": f"keps/sig-node/{name}/kep.yaml", "commit": f"{number:040}", "date": date, "change": "M",
            "title": name.title(), "status": "implementable", "stage": "alpha", "latest-milestone": target,
            "milestone": {"alpha": target}, **more,
        }
        for number, (name, date, target, more) in enumerate(lines)
    ]  # fmt: skip
    (folder / "kep_history.jsonl").write_text("".join(json.dumps(one) + "\n" for one in told))


def bring(folder: Path, actor: User | None = None, now: dt.datetime = world.NOW, **given: Any) -> Outcome:
    extract = run(load_recipe("kubernetes-enhancements"), [folder])
    return import_roadmap(
        actor=actor, records=extract.records, source="keps", now=now, problems=extract.problems, **given
    )


def test_units_stage_ties_and_slips_come_with_an_enhancement(tmp_path: Path) -> None:
    teams()
    enhancement(tmp_path, "11-first")
    enhancement(tmp_path, "12-second", status="implemented")
    history(
        tmp_path,
        ("9-older-name", "2023-02-01T10:00:00+01:00", "v1.28", {}),
        (
            "11-first",
            "2023-09-01T10:00:00+02:00",
            "v1.29",
            {"renamed_from": "keps/sig-node/9-older-name/kep.yaml"},
        ),
        ("11-first", "2024-01-15T10:00:00+01:00", "v1.30", {}),
        ("99-gone", "2024-01-15T10:00:00+01:00", "v1.30", {}),
    )
    (tmp_path / "releases.csv").write_text(
        "version,date\nv1.28,2023-08-15\nv1.29,2023-12-13\nv1.30,2024-04-17\n"
    )
    outcome = bring(tmp_path)
    assert outcome.plan.left_out["revision"] == 1
    row = Initiative.objects.get(external_id="11-first")
    assert (row.state, row.stage, row.target, row.due_on) == (
        "started",
        "alpha",
        "v1.30",
        dt.date(2024, 4, 17),
    )
    assert (row.slip_count, row.slip_steps, row.slip_days) == (2, 2, 120 + 126)
    assert row.owner_unit and row.owner_unit.external_id == "sig-node"
    assert [one.of_unit.external_id for one in row.involvements.all() if one.of_unit] == ["sig-auth"]
    other = Initiative.objects.get(external_id="12-second")
    assert Link.objects.filter(from_id=row.pk, to_id=other.pk, relation="relates").exists()
    assert (other.state, other.closed_at) == ("closed", world.NOW)
    then = revisions_on(dt.date(2023, 10, 1)).get(initiative=row)
    assert (then.target, then.due_on) == ("v1.29", dt.date(2023, 12, 13))
    assert SearchEntry.objects.filter(kind=Kind.INITIATIVE).count() == 2


def test_the_same_files_again_change_nothing(tmp_path: Path) -> None:
    teams()
    enhancement(tmp_path, "11-first")
    history(tmp_path, ("11-first", "2024-01-15T10:00:00+01:00", "v1.29", {}))
    bring(tmp_path)
    entries, revisions = AuditEntry.objects.count(), Revision.objects.count()
    again = bring(tmp_path, now=world.NOW + dt.timedelta(days=1))
    assert (again.entry, AuditEntry.objects.count(), Revision.objects.count()) == (None, entries, revisions)


def test_what_its_tool_tells_anew_changes_and_what_a_hand_wrote_stays(tmp_path: Path, ines: User) -> None:
    teams()
    enhancement(tmp_path, "11-first")
    bring(tmp_path)
    row = Initiative.objects.get()
    change_initiative(actor=ines, initiative=row, changes={"title": "Our own words"}, now=world.NOW)
    enhancement(tmp_path, "11-first", target="v1.32")
    bring(tmp_path, now=world.NOW + dt.timedelta(days=40))
    row.refresh_from_db()
    assert (row.title, row.target, row.slip_count, row.slip_steps) == ("Our own words", "v1.32", 1, 2)
    enhancement(tmp_path, "11-first", target="v1.32", title="Their new words")
    bring(tmp_path, now=world.NOW + dt.timedelta(days=41))
    row.refresh_from_db()
    assert row.title == "Their new words"


def test_a_malformed_file_stops_everything_and_says_where(tmp_path: Path) -> None:
    enhancement(tmp_path, "11-first")
    broken = tmp_path / "keps" / "sig-node" / "13-broken" / "kep.yaml"
    broken.parent.mkdir()
    broken.write_text("title: Broken\nstatus: [implementable\nstage: beta\n")
    with pytest.raises(HasErrors) as stopped:
        bring(tmp_path)
    [trouble] = stopped.value.plan.troubles
    assert trouble.file.endswith("13-broken/kep.yaml") and trouble.line == 3
    assert trouble.what and trouble.remedy
    assert not Initiative.objects.exists()


def test_an_import_is_undone_as_a_whole(tmp_path: Path, ines: User) -> None:
    teams()
    enhancement(tmp_path, "11-first")
    enhancement(tmp_path, "12-second")
    outcome = bring(tmp_path, ines)
    assert outcome.entry is not None
    undo(actor=ines, entry=outcome.entry, now=world.NOW)
    assert not Initiative.objects.exists() and not Revision.objects.exists()
    assert not Link.objects.filter(from_kind=Kind.INITIATIVE).exists()


def test_a_full_import_archives_what_is_gone_once_the_number_is_said(tmp_path: Path) -> None:
    for number in range(11, 14):
        enhancement(tmp_path, f"{number}-kep")
    bring(tmp_path)
    (tmp_path / "keps" / "sig-node" / "13-kep" / "kep.yaml").unlink()
    with pytest.raises(TooMuchToArchive):
        bring(tmp_path, is_full=True)
    bring(tmp_path, is_full=True, confirmed_closing=1)
    gone = Initiative.objects.get(external_id="13-kep")
    assert gone.archived_at == world.NOW
    enhancement(tmp_path, "13-kep")
    bring(tmp_path, now=world.NOW + dt.timedelta(days=1))
    gone.refresh_from_db()
    assert gone.archived_at is None


def test_what_somebody_archived_stays_archived_whatever_its_tool_tells(tmp_path: Path, ines: User) -> None:
    enhancement(tmp_path, "11-kep")
    bring(tmp_path)
    row = Initiative.objects.get()
    archive_initiative(actor=ines, initiative=row, now=world.NOW + dt.timedelta(hours=1))
    assert bring(tmp_path, now=world.NOW + dt.timedelta(days=1)).entry is None
    enhancement(tmp_path, "11-kep", target="v1.31", title="Another")
    bring(tmp_path, now=world.NOW + dt.timedelta(days=2), is_full=True)
    row.refresh_from_db()
    assert row.archived_at == world.NOW + dt.timedelta(hours=1)
    assert not Revision.objects.filter(until_at=None).exists()
    # Brought back by hand, it is told of again.
    restore_initiative(actor=ines, initiative=row, now=world.NOW + dt.timedelta(days=3))
    bring(tmp_path, now=world.NOW + dt.timedelta(days=4))
    assert Initiative.objects.get(archived_at=None).title == "Another"


TABLE = (
    "Clé;Titre;Statut;Équipe;Responsable;Échéance;Type\n"
    "A-1;Carte virtuelle;En cours;Paiement;lea@field.example;31/03/2027;Produit\n"
    "A-2;Plafonds;Terminé;Paiement;;;Lancement\n"
    "A-3;Sans équipe;;Inconnue;;;\n"
)


def table(folder: Path, columns: dict[str, str] | None = None) -> Outcome:
    path = folder / "feuille.csv"
    path.write_text(TABLE)
    assert guess([path]) == "table:initiative"
    assert next(way.code for way in ways([path])) == "table:initiative"
    recipe = recipe_for(columns) if columns else load_recipe("roadmap-table")
    extract = run(recipe, [path])
    return import_roadmap(
        actor=None, records=extract.records, source="table", now=world.NOW, problems=extract.problems
    )


def test_a_french_table_is_read_by_its_headings(tmp_path: Path) -> None:
    unit("Paiement")
    lea = person("Lea Roux", email="lea@field.example")
    outcome = table(tmp_path)
    first, second, third = Initiative.objects.order_by("external_id")
    assert (first.title, first.state, first.lead, first.due_on) == (
        "Carte virtuelle", "started", lea, dt.date(2027, 3, 31),
    )  # fmt: skip
    # The law holds for what comes from elsewhere: it says why nothing was measured.
    assert (second.kind, second.state, second.outcome) == ("launch", "closed", "cannot_tell")
    assert second.no_baseline_reason and second.outcome_reason
    assert (third.state, third.owner_unit) == ("idea", None)
    assert [one["text"] for one in outcome.plan.unknowns] == ["Inconnue"]


def test_columns_are_mapped_by_hand(tmp_path: Path) -> None:
    table(tmp_path, {"title": "Clé", "stage": "Statut"})
    assert Initiative.objects.get(title="A-1").stage == "En cours"
    assert set(Initiative.objects.values_list("title", flat=True)) == {"A-1", "A-2", "A-3"}


@pytest.mark.real_data
def test_the_real_enhancements_and_their_slips(capsys: pytest.CaptureFixture[str]) -> None:
    if not REAL.is_dir():
        pytest.skip("SKIPPED LOUDLY: set VERTEBRA_REAL_DATA to the folder of real data")
    sources = [REAL / "keps", *REAL.glob("kep_history*.jsonl")]
    begun = time.perf_counter()
    for _ in range(2):
        extract = run(load_recipe("kubernetes-enhancements"), sources)
        outcome = import_roadmap(
            actor=None, records=extract.records, source="keps", now=world.NOW, problems=extract.problems
        )
        if outcome.entry:
            took = time.perf_counter() - begun
    with capsys.disabled():
        print(f"\n531 enhancements and their history in {took:.1f} s")
    assert outcome.entry is None
    # Every kep.yaml but the template; every revision but those of what is no longer there.
    assert Initiative.objects.count() == 531
    assert Revision.objects.exclude(external_id="").count() == 2211
    most = Initiative.objects.order_by("-slip_count")[0]
    assert (most.title, most.slip_count) == ("In-place Update of Pod Resources", 12)
    assert Initiative.objects.filter(slip_count__gt=0).count() == 179
    assert took < 10
