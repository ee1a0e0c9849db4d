"""Changelogs become releases: ours, those of others, broken ones, and the real ones counted by hand."""

import datetime as dt
import time
from pathlib import Path

import pytest

from vertebra.connectors.changelogs import Found, read_changelog, read_changelogs
from vertebra.connectors.release_notes import ReleaseRecord, kind_of, links_in
from vertebra.kit.files.problems import Code

KEPT = """# Changelog

All notable changes. Nothing here is a release: 1.0.0.

## [Unreleased]

### Added
- Sail in the dark.

## [2.0.0] - 2026-03-31 [YANKED]
A word before all sections, about [the storm](https://example.org/storm).

### Removed
* Oars.
  They were heavy.
* Lifeboats, see [the reasons][why].

### Security

The anchor is locked.

## [1.9.1] - 2026-02-29
### Fixed
1. A leak.

    Found by the crew.
2. Another leak:
   - in the hull
   - in the deck

## 1.9.0 (Anchor) - 3 février 2026
- No section here.
-
```
## 1.8.9 - 2020-01-01
```

[2.0.0]: https://example.org/compare/1.9.1...2.0.0
[why]: https://example.org/why
"""


def _read(text: str | bytes, name: str = "CHANGELOG.md") -> Found:
    return read_changelog(text.encode() if isinstance(text, str) else text, name)


def _told(found: Found) -> dict[Code, dict[str, str | int]]:
    return {problem.code: dict(problem.particulars) for problem in found.problems}


def _names(found: Found) -> list[str]:
    return [release.name for release in found.releases]


@pytest.fixture
def kept() -> dict[str, ReleaseRecord]:
    return {release.name: release for release in _read(KEPT).releases}


def test_each_heading_of_a_version_is_a_release_and_nothing_else_is(kept: dict[str, ReleaseRecord]) -> None:
    assert list(kept) == ["Unreleased", "2.0.0", "1.9.1", "1.9.0"]


def test_what_is_to_come_is_planned_and_what_was_taken_back_is_withdrawn(
    kept: dict[str, ReleaseRecord],
) -> None:
    states = {name: (release.state, release.on) for name, release in kept.items()}
    assert states["Unreleased"] == ("planned", None)
    assert states["2.0.0"] == ("withdrawn", dt.date(2026, 3, 31))
    assert states["1.9.0"] == ("released", dt.date(2026, 2, 3))


def test_sections_hold_their_items_with_what_belongs_to_each(kept: dict[str, ReleaseRecord]) -> None:
    removed, security = kept["2.0.0"].sections
    assert (removed.kind, [item.text for item in removed.items]) == (
        "removed",
        ["Oars.\n  They were heavy.", "Lifeboats, see [the reasons][why]."],
    )
    assert (security.kind, security.items[0].text) == ("security", "The anchor is locked.")
    leaks = kept["1.9.1"].sections[0].items
    assert [item.text.partition("\n")[0] for item in leaks] == ["A leak.", "Another leak:"]
    assert "in the deck" in leaks[1].text
    assert [len(section.items) for section in kept["1.9.0"].sections] == [1]


def test_the_title_behind_a_version_is_kept(kept: dict[str, ReleaseRecord]) -> None:
    assert kept["1.9.0"].title == "Anchor"


def test_links_of_references_are_found_and_stay_in_the_body(kept: dict[str, ReleaseRecord]) -> None:
    release = kept["2.0.0"]
    assert release.url == "https://example.org/compare/1.9.1...2.0.0"
    assert release.links == ("https://example.org/storm", "https://example.org/why")
    assert "[why]: https://example.org/why" in release.body
    assert "compare" not in release.body


def test_a_day_that_is_none_is_told_and_its_release_is_taken_without_one(
    kept: dict[str, ReleaseRecord],
) -> None:
    found = _read(KEPT)
    assert kept["1.9.1"].on is None
    assert [(problem.code, problem.line) for problem in found.problems] == [
        (Code.DAY_LEFT_OUT, 22),
        (Code.DAYS_MISSING, 22),
    ]
    assert _told(found)[Code.DAY_LEFT_OUT] == {"value": "2026-02-29", "name": "1.9.1"}
    assert not any(problem.is_blocking for problem in found.problems)


def test_a_changelog_without_days_says_so_once_and_loses_nothing() -> None:
    found = _read("## 1.1\n- b\n## 1.0\n- a\n")
    assert _names(found) == ["1.1", "1.0"]
    assert _told(found) == {Code.DAYS_MISSING: {"count": 2, "total": 2}}


@pytest.mark.parametrize(
    ("heading", "name", "on"),
    [
        ("# [2026.05.1] 05/06/2026", "2026.05.1", dt.date(2026, 6, 5)),
        ("## [17] - 2021-04-23", "17", dt.date(2021, 4, 23)),
        ("## v1.2.3 (2020-01-02)", "1.2.3", dt.date(2020, 1, 2)),
        ("## [1.2.3](https://example.org/x) (2020-01-02)", "1.2.3", dt.date(2020, 1, 2)),
        ("## Version 4 du 1er mai 2021", "4", dt.date(2021, 5, 1)),
        ("### Release 3.0-rc.1: May 4, 2021", "3.0-rc.1", dt.date(2021, 5, 4)),
        ("## 1.0.0+20130313144700 / 2021-05-04", "1.0.0+20130313144700", dt.date(2021, 5, 4)),
        ("## :rocket: **1.4.0** — 4 August 2021", "1.4.0", dt.date(2021, 8, 4)),
        ("1.2.0 (2021-05-04)\n------------------", "1.2.0", dt.date(2021, 5, 4)),
        ("## [2022.06.2] ~27/06/2022", "2022.06.2", dt.date(2022, 6, 27)),
        ("## 2021-05-04", "2021-05-04", dt.date(2021, 5, 4)),
        ("## 4 mai 2021", "2021-05-04", dt.date(2021, 5, 4)),
        ('<a name="1.4"></a>\n## 1.4', "1.4", None),
    ],
)
def test_headings_are_read_as_people_write_them(heading: str, name: str, on: dt.date | None) -> None:
    release = _read(f"{heading}\n\n- a thing\n").releases[0]
    assert (release.name, release.on, release.item_count) == (name, on, 1)


@pytest.mark.parametrize(
    "heading",
    [
        "## 2 new things",
        "## 3D view",
        "## 1.x is over",
        "## Upgrade from 1.2 to 1.3",
        "## Contents",
        "## 404",
    ],
)
def test_other_headings_begin_no_release(heading: str) -> None:
    assert _names(_read(f"## 5.0\n{heading}\n- a\n")) == ["5.0"]
    assert _told(_read(f"{heading}\n- a\n"))[Code.NO_RELEASE] == {} or heading.startswith("## Upgrade")


def test_a_version_two_levels_below_the_first_release_is_a_part_of_it() -> None:
    found = _read("# 2.0\n## 1.9\n- a\n### 1.8.2\n- b\n")
    assert _names(found) == ["2.0", "1.9"]
    assert [section.title for section in found.releases[1].sections] == ["", "1.8.2"]


def test_a_product_s_name_before_versions_is_taken_where_nothing_else_is() -> None:
    found = _read(
        "# News\n\n## Red Boat 2.1 (2021-05-04)\n- a\n### Since Red Boat 2.0\n- b\n## Red Boat 2.0\n- c\n"
    )
    assert _names(found) == ["2.1", "2.0"]


def test_american_days_are_read_as_such_when_only_that_makes_sense() -> None:
    found = _read("## 1.1 (04/05/2021)\n- b\n## 1.0 (03/31/2021)\n- a\n")
    assert [release.on for release in found.releases] == [dt.date(2021, 4, 5), dt.date(2021, 3, 31)]


def test_comments_hide_what_they_hold_and_an_open_one_hides_nothing() -> None:
    found = _read("## 1.1\n<!--\n## 9.9\n- template\n-->\n- b\n<!-- never closed\n## 1.0\n- a\n")
    assert _names(found) == ["1.1", "1.0"]


def test_a_name_used_twice_in_a_file_stays_two_releases_of_which_the_older_keeps_it() -> None:
    twice = "## [1.1] - 2021-05-04\n- b\n## [1.1] - 2021-05-01\n- a\n"
    assert [release.external_id for release in _read(twice).releases] == ["1.1#2", "1.1"]
    thrice = f"## [1.1] - 2021-06-01\n- c\n{twice}"
    assert [release.external_id for release in _read(thrice).releases] == ["1.1#3", "1.1#2", "1.1"]


def test_a_release_in_two_files_is_taken_from_the_first_and_told(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("## [1.1] - 2021-05-04\n- a\n")
    (tmp_path / "b.md").write_text("## [1.1] - 2021-05-04\n- a\n## [1.0] - 2021-05-01\n- b\n")
    found = read_changelogs([tmp_path / "b.md", tmp_path / "a.md"])
    assert [(one.name, one.origin.file) for one in found.releases] == [("1.1", "a.md"), ("1.0", "b.md")]
    assert _told(found)[Code.RELEASE_TWICE] == {"name": "1.1", "other_file": "a.md", "other_line": 1}


def test_the_same_bytes_give_the_same_records() -> None:
    assert _read(KEPT).releases == _read(KEPT).releases


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_any_encoding_gives_the_same_letters(encoding: str) -> None:
    said = "L’équipe a été prévenue à temps : c’est là que tout se décide, où qu’elle soit, même très loin."
    text = f"## [1.0] - 2021-05-04\r\n\r\n### Ajouté\r\n- {said}\r\n- Réglé : le délai, l’accès aux congés, le reçu.\r\n"
    section = _read(text.encode(encoding)).releases[0].sections[0]
    assert (section.title, section.items[0].text) == ("Ajouté", said)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.FILE_EMPTY),
        (b" \n\t\n", Code.FILE_EMPTY),
        (b"## 1.0\n\x00\x01\x02 - a\n", Code.NUL_BYTES),
        ("## 1.0\n- à é".encode()[:-1], Code.TRUNCATED),
        (b"Nothing that is a release.\n", Code.NO_RELEASE),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(data: bytes, code: Code) -> None:
    found = _read(data)
    assert (found.releases, [problem.code for problem in found.problems]) == ([], [code])


def test_script_is_never_a_link_and_never_a_title() -> None:
    evil = (
        "## [1.0](javascript:alert(1)) - <script>alert(1)</script>\n"
        "### <img src=x onerror=alert(1)> Added\n- [go](javascript:alert(1)) <script>x</script>\n"
        "- [data](data:text/html;base64,PHM+) and https://example.org/ok\n"
    )
    release = _read(evil).releases[0]
    assert release.url == ""
    assert release.links == ("https://example.org/ok",)
    assert "<" not in release.title + release.sections[0].title


def test_links_end_where_sentences_do() -> None:
    assert links_in("(see https://a.org/x_(y)), https://b.org/z. <https://c.org>") == (
        "https://a.org/x_(y)",
        "https://b.org/z",
        "https://c.org",
    )


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Ajouté", "added"),
        (":rocket: Nouvelles fonctionnalités", "added"),
        ("🐛 Bug Fixes", "fixed"),
        (":boom: Breaking Change", "breaking"),
        ("BREAKING CHANGES", "breaking"),
        (":house: Interne", "internal"),
        ("Sécurité", "security"),
        ("Obsolète", "deprecated"),
        ("Performance Improvements", "changed"),
        ("Thanks", "other"),
        ("Remove added sugar", "removed"),
    ],
)
def test_sections_are_of_the_kind_that_their_title_says(title: str, kind: str) -> None:
    assert kind_of(title) == kind


STRANGE = [
    "- a thing that changed, with some words\n",
    "## [1.0.0] - 2021-05-04\n- a\n",
    "<!-- ",
    "<!--\n",
    "[",
    "![](",
    "`" * 40 + "\n",
    "**a",
    "# " * 20 + "\n",
    "[a]: b\n",
    "    - deep\n",
    "https://a.org/(",
    "1.1.1.1.1.1-",
]


@pytest.mark.parametrize("unit", STRANGE)
def test_any_megabyte_is_read_within_seconds(unit: str) -> None:
    _timed(unit, 1_000_000, 4)


@pytest.mark.deep
@pytest.mark.parametrize("unit", STRANGE)
def test_any_ten_megabytes_are_read_within_a_minute(unit: str) -> None:
    _timed(unit, 10_000_000, 40)


def _timed(unit: str, size: int, seconds: float) -> None:
    text = "## [2.0] - 2021-05-04\n" + unit * (size // len(unit)) + "\n"
    began = time.process_time()
    found = _read(text)
    assert time.process_time() - began < seconds
    assert found.releases[0].name == "2.0"


def test_a_body_that_is_too_long_is_cut_and_says_so() -> None:
    release = _read("## [2.0] - 2021-05-04\n" + "- words\n" * 40_000).releases[0]
    assert release.is_cut
    assert len(release.body) == 100_000
    assert release.item_count == 5_000


NOTES = """{
 "12": {"text": "Locks the anchor.", "kinds": ["bug", "feature"], "sigs": ["deck", "hull"], "areas": ["anchor"],
        "pr_url": "https://example.org/12", "author": "someone", "action_required": true},
 "13": {"text": "Nobody needs to know.", "kinds": ["bug"], "sigs": ["deck"], "do_not_publish": true},
 "14": {"text": "Two\\nlines.", "kinds": []}
}"""


def test_notes_of_json_become_one_release_with_their_teams_and_areas() -> None:
    found = _read(NOTES, "notes-1.26.json")
    release = found.releases[0]
    assert (release.name, release.on, release.teams, release.areas) == (
        "1.26", None, ("deck", "hull"), ("anchor",),
    )  # fmt: skip
    assert [(section.kind, section.title) for section in release.sections] == [
        ("added", "Feature"), ("other", "Other"),
    ]  # fmt: skip
    item = release.sections[0].items[0]
    assert (item.text, item.links, item.is_action_required) == (
        "Locks the anchor.", ("https://example.org/12",), True,
    )  # fmt: skip
    assert "someone" not in repr(release)
    assert _told(found)[Code.NOTES_LEFT_OUT] == {"count": 1}


@pytest.mark.parametrize("text", ["[]", "{}", "3", '{"a": 1}', '[{"text": ""}]', "[" * 100_000])
def test_json_that_holds_no_notes_is_refused(text: str) -> None:
    found = _read(text, "1.26.json")
    assert (found.releases, len(found.problems)) == ([], 1)
