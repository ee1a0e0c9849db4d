"""The real changelogs, counted by hand: two French ones and thirteen releases of Kubernetes."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from vertebra.connectors.changelogs import read_changelog, read_changelogs
from vertebra.kit.files.problems import Code

pytestmark = pytest.mark.real_data


def test_the_french_changelogs_come_out_whole(real_data: Path) -> None:
    """Counted by hand in the files: headings of releases, and lines that begin an item."""
    folder = real_data / "french-changelogs"
    itou = read_changelog(folder / "itou-CHANGELOG.md", "itou.md")
    waste = read_changelog(folder / "trackdechets-Changelog.md", "waste.md")
    assert (len(itou.releases), sum(one.item_count for one in itou.releases), itou.undated) == (27, 381, 0)
    assert (len(waste.releases), sum(one.item_count for one in waste.releases), waste.undated) == (
        126,
        1174,
        1,
    )
    assert itou.problems == []
    assert [(problem.code, problem.line) for problem in waste.problems] == [
        (Code.DAY_LEFT_OUT, 1158),
        (Code.DAYS_MISSING, 1158),
    ]


def test_a_french_release_reads_as_its_authors_wrote_it(real_data: Path) -> None:
    folder = real_data / "french-changelogs"
    first = read_changelog(folder / "itou-CHANGELOG.md", "itou.md").releases[0]
    assert (first.name, first.on) == ("17", dt.date(2021, 4, 23))
    assert [(one.title, one.kind, len(one.items)) for one in first.sections] == [
        ("Ajouté", "added", 4),
        ("Modifié", "changed", 9),
        ("Supprimé", "removed", 1),
    ]
    releases = {
        one.external_id: one for one in read_changelog(folder / "trackdechets-Changelog.md", "w.md").releases
    }
    assert releases["2022.06.2"].on == dt.date(2022, 6, 27)
    assert releases["2019.11.1"].item_count == 8
    assert "stateDiagram" not in releases["2022.06.2"].body
    assert "```mermaid" in releases["2022.06.2"].body
    november = [(one.title, one.kind, len(one.items)) for one in releases["2020.11.1"].sections]
    assert november[0] == ("Breaking changes", "breaking", 2)
    assert sum(key.endswith("#2") for key in releases) == 3


def test_thirteen_kubernetes_releases_are_routed_to_teams(real_data: Path) -> None:
    found = read_changelogs((real_data / "kubernetes" / "release-notes").glob("*.json"))
    counts = {one.name: one.item_count for one in found.releases}
    assert len(counts) == 13
    assert sum(counts.values()) == 3_707
    assert (counts["1.20"], counts["1.27"]) == (302, 325)
    left_out = Counter(
        {one.file: int(one.particulars["count"]) for one in found.problems if one.code == Code.NOTES_LEFT_OUT}
    )
    assert (left_out.total(), left_out["1.27.json"]) == (258, 75)
    for release in found.releases:
        items = [item for section in release.sections for item in section.items]
        assert {"node", "api-machinery", "network"} <= set(release.teams)
        assert sum(not item.teams for item in items) <= 1
