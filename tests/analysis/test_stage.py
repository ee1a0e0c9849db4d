"""The stage of a function follows from how its effort is shared, by a written rule."""

import pytest

from vertebra.analysis.stage import missing_for_centre, stage_of


@pytest.mark.parametrize(
    ("shares", "skills", "stage"),
    [
        ((50, 30, 20), ["expert", "analyst"], "fire_fighter"),
        ((49, 31, 20), [], "task_force"),
        ((25, 35, 40), ["expert", "analyst"], "centre"),
        ((25, 35, 40), ["expert", "our own trade"], "task_force"),
        ((26, 34, 40), ["expert", "analyst"], "task_force"),
        ((25, 36, 39), ["expert", "analyst"], "task_force"),
        ((0, 0, 100), ["project_manager", "programme_manager"], "centre"),
    ],
)
def test_the_stage_of_a_share_of_effort(shares: tuple[int, int, int], skills: list[str], stage: str) -> None:
    assert stage_of(*shares, skills) == stage


def test_shares_that_do_not_make_the_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="100"):
        stage_of(50, 50, 50, [])


def test_what_stands_between_a_field_and_a_centre_is_named() -> None:
    assert missing_for_centre(40, 20, ["expert"]) == ("urgencies", "standards", "skills")
    assert missing_for_centre(10, 60, ["expert", "analyst"]) == ()
