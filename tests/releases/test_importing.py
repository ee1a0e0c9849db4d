"""Releases of changelogs and trackers: brought once, changed where their source changes, routed, undone as one."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.urls import reverse

from tests import world
from tests.org.company import area, unit
from tests.roadmap.undertaken import browser
from vertebra.accounts import audit
from vertebra.accounts.models import User
from vertebra.connectors.changelogs import read_changelog
from vertebra.connectors.records import Origin
from vertebra.connectors.release_notes import NoteItem, NoteSection, ReleaseRecord
from vertebra.releases.actions.releases import change_release
from vertebra.releases.actions.states import check_release
from vertebra.releases.importing.actions import import_releases
from vertebra.releases.importing.routing import language_of, text_for
from vertebra.releases.importing.target import take
from vertebra.releases.models import Audience, Brief, Release, ReleaseAudience
from vertebra.releases.queries.audiences import reached_by_release
from vertebra.releases.queries.releases import dated, releases
from vertebra.sources.models import ImportRun, Source

pytestmark = pytest.mark.django_db
NOW, TODAY = world.NOW, world.TODAY
CHANGELOG = b"""# Journal

## [2.0] - 2026-10-01

### Breaking
- Les anciens exports ne s'ouvrent plus.

### Ajout\xc3\xa9
- Une page pour les factures.
- La recherche est plus rapide.

### Corrig\xc3\xa9
- Le total est juste.

## [1.9]

### Corrig\xc3\xa9
- Une faute dans le courriel.
"""


def told(name: str = "2.0", state: Any = "planned", on: dt.date | None = None, **given: Any) -> ReleaseRecord:
    """What a tracker says of a release."""
    values: dict[str, Any] = {
        "external_id": name, "name": name, "title": f"App {name}", "sections": (), "body": "", "links": (),
        "origin": Origin("tracker", 1, ""), "state": state, "on": on,
    }  # fmt: skip
    return ReleaseRecord(**{**values, **given})


def later(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def brought(*records: ReleaseRecord, actor: User | None = None) -> dict[str, int]:
    source, _made = Source.objects.get_or_create(name="Tracker", defaults={"made_at": NOW})
    found = take(actor, source, records, NOW)
    return {effect: count for effect, count in found.items() if count}


class TestChangelog:
    def test_it_becomes_releases_and_briefs_in_its_language(self, ines: User) -> None:
        found = read_changelog(CHANGELOG, "CHANGELOG.md")
        import_releases(actor=ines, records=found.releases, source="App", problems=found.problems, now=NOW)
        new = Release.objects.get(version="2.0")
        assert (new.state, new.released_on, new.language, new.tier.slug, new.title) == (
            "released", dt.date(2026, 10, 1), "fr", "standard", "App 2.0",
        )  # fmt: skip
        assert set(new.briefs.values_list("trade", flat=True)) == {"everyone", "support", "engineering"}
        everyone = new.briefs.get(trade="everyone").body
        assert "Une page pour les factures." in everyone and "Le total est juste." not in everyone
        assert "Le total est juste." in new.briefs.get(trade="support").body
        old = Release.objects.get(version="1.9")
        assert (old.state, old.released_on, old.tier.slug) == ("released", None, "minor")
        assert list(old.briefs.values_list("trade", flat=True)) == ["support"]
        assert [row.version for row in dated(releases()).order_by(F("on").desc())] == ["2.0", "1.9"]

    def test_the_same_twice_changes_nothing_and_one_undoing_takes_all_of_it_back(self, ines: User) -> None:
        found = read_changelog(CHANGELOG, "CHANGELOG.md")
        first = import_releases(actor=ines, records=found.releases, source="App", now=NOW)
        second = import_releases(actor=ines, records=found.releases, source="App", now=NOW)
        assert second.entry is None and second.plan.counts["release"]["unchanged"] == 2
        assert first.entry is not None
        audit.undo(actor=ines, entry=first.entry, now=NOW)
        assert not Release.objects.exists() and not Brief.objects.exists()

    def test_it_is_read_on_screen_after_a_look(self, ines: User, settings: Any, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path
        client = browser(ines)
        upload = SimpleUploadedFile("CHANGELOG.md", CHANGELOG)
        url = reverse("sources:import-create") + "?target=releases"
        created = client.post(url, {"source": "App", "uploads": upload})
        assert created.status_code == 302, created.content[:3000]
        run = ImportRun.objects.get()
        client.post(reverse("sources:import-format", args=(run.pk,)), {"way": "changelog"})
        page = client.get(reverse("sources:import-preview", args=(run.pk,))).content.decode()
        assert "App 2.0" in page
        client.post(reverse("sources:import-apply", args=(run.pk,)))
        run.refresh_from_db()
        assert (run.state, Release.objects.count()) == ("applied", 2)


class TestTracker:
    def test_a_day_that_moves_there_moves_here_and_stays_readable(self) -> None:
        assert brought(told(on=later(10))) == {"created": 1}
        assert brought(told(on=later(10))) == {"unchanged": 1}
        assert brought(told(on=later(20))) == {"changed": 1}
        row = Release.objects.get()
        assert row.planned_on == later(20)
        assert [(move.was_on, move.now_on) for move in row.moves.all()] == [(later(10), later(20))]

    def test_it_comes_out_and_is_withdrawn_there(self) -> None:
        brought(told(on=later(10)))
        brought(told(state="released", on=TODAY))
        row = Release.objects.get()
        assert (row.state, row.released_on, row.released_at, row.planned_on) == ("released", TODAY, NOW, None)
        brought(told(state="withdrawn"))
        row.refresh_from_db()
        assert row.state == "withdrawn" and "Tracker" in row.withdrawn_reason

    def test_what_was_written_by_hand_stays_until_the_tracker_says_something_else(self, ines: User) -> None:
        brought(told(on=later(10)))
        row = Release.objects.get()
        change_release(actor=ines, release=row, changes={"title": "Our words"}, now=NOW)
        check_release(actor=ines, release=row, now=NOW)
        brought(told(on=later(12)))
        row.refresh_from_db()
        assert (row.title, row.state, row.planned_on) == ("Our words", "checking", later(12))
        brought(told(on=later(12), title="Their new words"))
        row.refresh_from_db()
        assert row.title == "Their new words"

    def test_a_tracker_that_forgets_the_day_takes_none_away(self) -> None:
        brought(told(on=later(10)))
        brought(told(on=None))
        assert Release.objects.get().planned_on == later(10)


class TestRouting:
    def test_teams_become_audiences_once_and_the_area_most_named_is_its_area(self, ines: User) -> None:
        network, storage = unit("SIG Network"), unit("SIG Storage")
        proxy, disks = area("kube-proxy"), area("Disks")
        items = (
            NoteItem("a", teams=("network",), areas=("kube-proxy",)),
            NoteItem("b", teams=("network", "storage"), areas=("kube-proxy", "disks")),
            NoteItem("c", teams=("nobody-knows",), areas=("unheard",)),
        )
        section = NoteSection("added", "Added", items)
        result = import_releases(
            actor=ines,
            records=[told("1", sections=(section,)), told("2", sections=(section,))],
            source="K",
            now=NOW,
        )
        rows = list(Release.objects.order_by("version"))
        assert [row.area for row in rows] == [proxy, proxy]
        assert disks not in [row.area for row in rows]
        rules = [{"any": [{"units": [one.pk]}], "except": []} for one in (network, storage)]
        assert sorted(Audience.objects.values_list("name", "rules")) == sorted(
            zip(("SIG Network", "SIG Storage"), rules, strict=True)
        )
        assert ReleaseAudience.objects.count() == 4
        assert [(one["text"], one["count"]) for one in result.plan.unknowns] == [("nobody-knows", 2)]
        assert reached_by_release(rows[0], TODAY)

    def test_each_trade_reads_what_concerns_it_and_what_it_must_do(self) -> None:
        sections = [
            NoteSection("internal", "Inside", (NoteItem("Cleaned."),)),
            NoteSection(
                "added", "New", (NoteItem("A page."), NoteItem("Turn it on.", is_action_required=True))
            ),
        ]
        assert text_for("everyone", sections) == "## New\n\n- A page.\n- Turn it on."
        assert text_for("support", sections) == "## New\n\n- Turn it on."
        assert text_for("engineering", sections) == "## Inside\n\n- Cleaned.\n\n## New\n\n- Turn it on."

    @pytest.mark.parametrize(
        ("body", "language"),
        [
            ("Ajout de la page des factures pour les agences", "fr"),
            ("The page of the invoices is now faster for agencies", "en"),
            ("", "de"),
        ],
    )
    def test_the_language_is_that_of_the_text(self, body: str, language: str) -> None:
        assert language_of([told(body=body)], "de") == language
