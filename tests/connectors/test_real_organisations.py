"""The two real organisations, down to the figures that were counted by hand."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.connectors.following import kind, target
from vertebra.connectors.recipe import Extract, load_recipe, run
from vertebra.connectors.records import Ref
from vertebra.kit.files.problems import Code

pytestmark = pytest.mark.real_data


@pytest.fixture
def kubernetes(real_data: Path) -> Extract:
    """The community groups of Kubernetes."""
    return run(load_recipe("kubernetes"), [real_data / "kubernetes" / "sigs.yaml"])


@pytest.fixture
def gitlab(real_data: Path) -> Extract:
    """The product organisation of GitLab."""
    return run(load_recipe("gitlab"), [real_data / "gitlab-org" / "data"])


def test_kubernetes_has_its_groups_and_subprojects(kubernetes: Extract) -> None:
    assert kubernetes.problems == []
    assert kubernetes.unknowns == []
    kinds = Counter(unit.values["kind"] for unit in kind(kubernetes, "unit"))
    assert kinds == {"special-interest-group": 24, "working-group": 8, "committee": 3, "community": 1}
    kind_of = {unit.external_id: unit.values["kind"] for unit in kind(kubernetes, "unit")}
    assert len(kind(kubernetes, "area")) == 220
    owners = [target(kubernetes, one, "unit") for one in kind(kubernetes, "ownership")]
    assert Counter(kind_of[owner or ""] for owner in owners) == {
        "special-interest-group": 218,
        "committee": 2,
    }


def test_kubernetes_leads_are_mandates_of_people_who_are_told_once(kubernetes: Extract) -> None:
    mandates = kind(kubernetes, "mandate")
    titles = Counter(one.values["title"] for one in mandates)
    assert titles["Chair"] > 60
    assert titles["Tech lead"] > 40
    assert all(target(kubernetes, one, "person") for one in mandates)
    units = {target(kubernetes, one, "unit") for one in mandates if one.values["title"] == "Chair"}
    assert len(units) == 35
    handles = [person.values["handle"] for person in kind(kubernetes, "person")]
    assert len(handles) == len(set(handles))


def test_gitlab_has_its_teams_categories_and_people(gitlab: Extract) -> None:
    assert [one.code for one in gitlab.problems] == [Code.FILES_PASSED_OVER], "other files of that folder"
    kinds = Counter(unit.values["kind"] for unit in kind(gitlab, "unit"))
    assert (kinds["team"], kinds["stage"], kinds["section"], kinds["company"]) == (60, 20, 10, 1)
    parents = {unit.external_id: target(gitlab, unit, "parent") for unit in kind(gitlab, "unit")}
    for team in (unit for unit in kind(gitlab, "unit") if unit.values["kind"] == "team"):
        stage = parents[team.external_id]
        assert (stage or "").startswith("stage/")
        assert (parents[stage or ""] or "").startswith("section/")
    assert len(kind(gitlab, "area")) == 139
    assert len(kind(gitlab, "person")) == 1336
    owned = Counter(target(gitlab, one, "area") for one in kind(gitlab, "ownership"))
    assert len([area for area in kind(gitlab, "area") if area.external_id not in owned]) == 4
    assert sorted(area or "" for area, count in owned.items() if count == 2) == ["gitaly", "runner_saas"]


def test_gitlab_shows_managers_who_are_in_nobodys_file(gitlab: Extract) -> None:
    managers = [unknown for unknown in gitlab.unknowns if unknown.field == "manager"]
    assert (len(managers), len({unknown.ref.text for unknown in managers})) == (451, 140)
    assert all(unknown.record.origin.line for unknown in managers)


def test_gitlab_shows_teams_whose_product_manager_is_not_published(gitlab: Extract) -> None:
    teams = {unit.external_id for unit in kind(gitlab, "unit") if unit.values["kind"] == "team"}
    seats: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for mandate in kind(gitlab, "mandate"):
        unit, person = target(gitlab, mandate, "unit"), mandate.values["person"]
        if mandate.values["role"] == "product_manager" and unit in teams and isinstance(person, Ref):
            seats[unit].append((person.text, target(gitlab, mandate, "person")))
    assert sorted(teams - set(seats)) == ["group/5-min-app", "group/moble_devops"]
    assert sum(all(person is None for _, person in held) for held in seats.values()) == 31
    names = {str(person.values["name"]) for person in kind(gitlab, "person")}
    naive = [team for team, held in seats.items() if not any(text in names for text, _ in held)]
    acting = [team for team, held in seats.items() if any("(" in text for text, _ in held)]
    # With the two teams that name nobody: 38 by naive comparison.
    assert len(naive) == 36
    assert len(acting) == 9


def test_names_that_two_people_bear_lead_to_nobody(gitlab: Extract) -> None:
    names = Counter(person.values["name"] for person in kind(gitlab, "person"))
    assert sum(count > 1 for count in names.values()) == 4
    for unknown in gitlab.unknowns:
        assert (unknown.reason == "ambiguous") == (len(unknown.candidates) > 1)


def test_the_same_files_give_the_same_records(real_data: Path, gitlab: Extract) -> None:
    again = run(load_recipe("gitlab"), [real_data / "gitlab-org"])
    assert [(record.kind, record.external_id, record.values) for record in again.records] == [
        (record.kind, record.external_id, record.values) for record in gitlab.records
    ]
