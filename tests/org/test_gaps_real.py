"""GitLab's real files, as published in November 2022, show the real gaps of that organisation."""

from pathlib import Path

import pytest

from tests import world
from vertebra.connectors.recipe import load_recipe, run
from vertebra.org.importing.actions import import_organisation
from vertebra.org.labels import GapRule, MandateRole, SpaceRule
from vertebra.org.models import EmptySpace, Gap, Person

pytestmark = [pytest.mark.django_db, pytest.mark.real_data]


@pytest.fixture
def gitlab(real_data: Path) -> None:
    """GitLab's stages, sections, categories and people, imported by the shipped recipe."""
    recipe = load_recipe("gitlab")
    extract = run(recipe, [real_data / "gitlab-org"])
    import_organisation(
        actor=None,
        records=extract.records,
        source=recipe.name,
        on=world.TODAY,
        now=world.NOW,
        problems=extract.problems,
    )


def open_gaps(rule: str) -> list[Gap]:
    return list(Gap.objects.filter(rule=rule, ended_on__isnull=True))


@pytest.mark.usefixtures("gitlab")
def test_the_real_gaps_of_gitlab_are_found_with_their_evidence() -> None:
    unknown = open_gaps(GapRule.TEAM_PM_UNKNOWN)
    assert len(unknown) == 31
    assert len({gap.unit_id for gap in unknown}) == 31
    named = [str(name) for gap in unknown for name in gap.evidence["names"]]
    assert len([name for name in named if "(" in name]) == 4
    known = set(Person.objects.values_list("name", flat=True))
    assert not known & {name.partition(" (")[0] for name in named}
    nobody = {gap.subject for gap in open_gaps(GapRule.TEAM_WITHOUT_PM)}
    assert nobody == {"Mobile DevOps", "Five Minute Production App"}
    managers = open_gaps(GapRule.MANAGER_UNKNOWN)
    assert (len(managers), sum(gap.people_count for gap in managers)) == (140, 451)
    assert max(managers, key=lambda gap: gap.people_count).subject == "hmason"
    assert {gap.role for gap in unknown} == {MandateRole.PRODUCT_MANAGER}


@pytest.mark.usefixtures("gitlab")
def test_what_several_groups_of_gitlab_say_they_own_lies_between_them() -> None:
    spaces = {space.evidence["subject"]["name"]: space for space in EmptySpace.objects.all()}
    assert set(spaces) == {"Gitaly", "GitLab Runner SaaS"}
    assert {space.rule for space in spaces.values()} == {SpaceRule.TWO_OWN}
    between = [one["name"] for one in spaces["GitLab Runner SaaS"].evidence["neighbours"]]
    assert between == ["Runner", "Runner SaaS"]
