"""Release notes as real projects publish them: thirteen of Kubernetes, two French changelogs, one without days."""

import datetime as dt
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import world
from tests.roadmap.undertaken import browser
from vertebra.accounts.models import User
from vertebra.connectors.changelogs import read_changelog, read_changelogs
from vertebra.connectors.recipe import load_recipe, run
from vertebra.kit.files.labels import message, remedy
from vertebra.org.importing.actions import import_organisation
from vertebra.org.models import Area, AreaVersion, Unit
from vertebra.releases.importing.actions import import_releases
from vertebra.releases.importing.commands import run_command
from vertebra.releases.importing.plan import plan_import
from vertebra.releases.models import Audience, Brief, Release, ReleaseAudience
from vertebra.releases.queries.audiences import people_on, reached_by_release
from vertebra.sources.models import ImportRun

pytestmark = pytest.mark.django_db
NOW, TODAY = world.NOW, world.TODAY
# A heading with a version or a number in brackets, and behind it perhaps a day.
HEADING = re.compile(r"^#{1,2} \[(\d[^\]]*)\][^\n]*$", re.MULTILINE)
ISO, SLASHED = re.compile(r"(\d{4})-(\d\d)-(\d\d)"), re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
WITHOUT_DAYS = b"# Journal\n\n## 1.1\n\n- Une page de plus.\n\n## 1.0\n\n- La premi\xc3\xa8re.\n"


def headings(path: Path) -> Counter[tuple[str, dt.date | None]]:
    """Every version of a changelog with its day, counted without the reader that is tested."""
    return Counter(
        (line[1].casefold(), day_in(line[0].partition("]")[2]))
        for line in HEADING.finditer(path.read_text(encoding="utf-8"))
    )


def day_in(text: str) -> dt.date | None:
    if iso := ISO.search(text):
        return dt.date(*map(int, iso.groups()))
    other = SLASHED.search(text)
    return dt.date(int(other[3]), int(other[2]), int(other[1])) if other else None


def brought(files: list[Path], name: str) -> None:
    found = read_changelogs(files)
    import_releases(actor=None, records=found.releases, source=name, problems=found.problems, now=NOW)


def published(path: Path) -> list[dict[str, Any]]:
    """The notes of a file that are for everybody."""
    return [note for note in json.loads(path.read_text()).values() if not note.get("do_not_publish")]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "file"), [("Itou", "itou-CHANGELOG.md"), ("Trackdéchets", "trackdechets-Changelog.md")]
)
class TestFrench:
    def test_every_heading_is_a_release_on_its_day(self, real_data: Path, name: str, file: str) -> None:
        path = real_data / "french-changelogs" / file
        wanted = headings(path)
        assert wanted.total() == {"Itou": 27, "Trackdéchets": 126}[name]
        brought([path], name)
        rows = Release.objects.filter(source__name=name)
        assert Counter((row.version.casefold(), row.released_on) for row in rows) == wanted
        assert {(row.language, row.state) for row in rows} == {("fr", "released")}

    def test_each_trade_reads_in_french_what_concerns_it(self, real_data: Path, name: str, file: str) -> None:
        brought([real_data / "french-changelogs" / file], name)
        briefs = Brief.objects.filter(release__source__name=name)
        assert set(briefs.values_list("language", flat=True)) == {"fr"}
        trades = Counter(briefs.values_list("trade", flat=True))
        assert trades["everyone"] > 20 and trades["support"] > 5
        assert not briefs.filter(body="").exists()

    def test_the_same_file_again_brings_nothing_new(self, real_data: Path, name: str, file: str) -> None:
        path = real_data / "french-changelogs" / file
        brought([path], name)
        before = (Release.objects.count(), Brief.objects.count())
        found = read_changelogs([path])
        again = import_releases(
            actor=None, records=found.releases, source=name, problems=found.problems, now=NOW
        )
        assert again.entry is None
        assert {effect for effect, count in again.plan.counts["release"].items() if count} == {"unchanged"}
        assert (Release.objects.count(), Brief.objects.count()) == before


@pytest.mark.real_data
class TestKubernetes:
    @pytest.fixture
    def notes(self, real_data: Path) -> list[Path]:
        """The thirteen files, and the organisation whose teams they name."""
        extract = run(load_recipe("kubernetes"), [real_data / "kubernetes" / "sigs.yaml"])
        import_organisation(
            actor=None, records=extract.records, source="Kubernetes", on=TODAY, now=NOW, problems=extract.problems
        )  # fmt: skip
        files = sorted((real_data / "kubernetes" / "release-notes").glob("*.json"))
        assert len(files) == 13
        return files

    def test_each_file_is_a_release_that_holds_every_published_note(self, notes: list[Path]) -> None:
        found = read_changelogs(notes)
        held = {one.name: one.item_count for one in found.releases}
        assert held == {path.stem: len(published(path)) for path in notes}
        told = {path.name: sum(1 for _ in json.loads(path.read_text())) - held[path.stem] for path in notes}
        left_out = {
            one.file: one.particulars["count"] for one in found.problems if one.code == "notes_left_out"
        }
        assert left_out == {name: count for name, count in told.items() if count}

    def test_each_goes_to_the_teams_that_its_notes_name(self, notes: list[Path]) -> None:
        brought(notes, "Notes")
        known = dict(Unit.objects.exclude(external_id="").values_list("external_id", "pk"))
        for path in notes:
            named = {sig for note in published(path) for sig in note.get("sigs", ())}
            wanted = {known[key] for sig in named if (key := f"sig-{sig}") in known}
            release = Release.objects.get(source__name="Notes", version=path.stem)
            rules = [row.audience.rules["any"][0]["units"] for row in release.audiences.all()]
            assert {unit for units in rules for unit in units} == wanted
            assert people_on(TODAY).filter(reached_by_release(release, TODAY)).exists()
        assert Audience.objects.count() == len({str(row.rules) for row in Audience.objects.all()})

    def test_its_area_is_the_one_that_most_notes_name_of_those_known(self, notes: list[Path]) -> None:
        brought(notes, "Notes")
        names: dict[str, set[int]] = {}
        for key, name in AreaVersion.objects.as_of(TODAY).values_list("area_id", "name"):
            names.setdefault(name.casefold(), set()).add(key)
        for key, outside in Area.objects.exclude(external_id="").values_list("pk", "external_id"):
            names.setdefault(outside.casefold(), set()).add(key)
        areas = {name: next(iter(keys)) for name, keys in names.items() if len(keys) == 1}
        for path in notes:
            named = Counter(
                areas[area] for note in published(path) for area in note.get("areas", ()) if area in areas
            )
            release = Release.objects.get(source__name="Notes", version=path.stem)
            most = max(named.values(), default=0)
            assert named.get(release.area_id or 0, 0) == most

    def test_everyone_support_and_engineering_read_their_own_part(self, notes: list[Path]) -> None:
        brought(notes, "Notes")
        trades = Counter(Brief.objects.values_list("trade", flat=True))
        assert trades == {"everyone": 13, "support": 13, "engineering": 13}
        assert set(Brief.objects.values_list("language", flat=True)) == {"en"}
        first = Release.objects.get(version="1.20")
        bugs = [note for note in published(notes[0]) if note.get("kinds") == ["bug"]]
        told = first.briefs.get(trade="support").body
        assert bugs and all(note["text"].split("\n")[0].strip() in told for note in bugs[:20])

    def test_all_thirteen_twice_bring_nothing_new(self, notes: list[Path]) -> None:
        brought(notes, "Notes")
        before = (Release.objects.count(), Brief.objects.count(), ReleaseAudience.objects.count())
        found = read_changelogs(notes)
        plan = plan_import(found.releases, source="Notes", now=NOW, problems=found.problems)
        assert not plan.writes and not plan.is_blocked
        brought(notes, "Notes")
        assert (Release.objects.count(), Brief.objects.count(), ReleaseAudience.objects.count()) == before

    def test_they_are_seen_on_screen_before_anything_is_written(
        self, notes: list[Path], ines: User, settings: Any, tmp_path: Path
    ) -> None:
        settings.MEDIA_ROOT = tmp_path
        client = browser(ines)
        uploads = [SimpleUploadedFile(path.name, path.read_bytes()) for path in notes[:3]]
        made = client.post(
            reverse("sources:import-create") + "?target=releases", {"source": "Notes", "uploads": uploads}
        )
        assert made.status_code == 302
        drafted = ImportRun.objects.latest("pk")
        client.post(reverse("sources:import-format", args=(drafted.pk,)), {"way": "changelog"})
        page = client.get(reverse("sources:import-preview", args=(drafted.pk,)))
        assert page.status_code == 200 and "Notes 1.20" in page.content.decode()
        assert not Release.objects.exists()
        client.post(reverse("sources:import-apply", args=(drafted.pk,)))
        assert Release.objects.filter(source__name="Notes").count() == 3


def test_a_changelog_without_days_says_in_which_file_from_which_line_and_what_to_do() -> None:
    found = read_changelog(WITHOUT_DAYS, "JOURNAL.md")
    (problem,) = found.problems
    assert (problem.file, problem.line) == ("JOURNAL.md", 3)
    assert message(problem).startswith("2 of 2 releases have no day")
    assert "Write the day behind the version" in remedy(problem)
    outcome = import_releases(
        actor=None, records=found.releases, source="Journal", problems=found.problems, now=NOW
    )
    assert [(row.state, row.released_on) for row in Release.objects.all()] == [("released", None)] * 2
    (trouble,) = outcome.plan.troubles
    assert trouble.as_json({})["line"] == 3


def test_the_terminal_says_so_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "JOURNAL.md"
    file.write_bytes(WITHOUT_DAYS)
    run_command(sources=[file], source="")
    said = capsys.readouterr()
    assert "JOURNAL.md:3 2 of 2 releases have no day" in said.out + said.err


def test_a_file_without_any_release_is_refused_with_its_remedy(tmp_path: Path) -> None:
    file = tmp_path / "LISEZMOI.md"
    file.write_text("# Bonjour\n\nRien ici n'est une version.\n", encoding="utf-8")
    assert run_command(sources=[file], source="") == 2
    (problem,) = read_changelog(file, file.name).problems
    assert (problem.file, problem.code) == ("LISEZMOI.md", "no_release")
    assert "## [1.4.0] - 2026-03-31" in remedy(problem)
    assert not Release.objects.exists()
