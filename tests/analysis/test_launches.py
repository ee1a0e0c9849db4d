"""Stages of launches compared: usual days, spread, and the one that costs most beyond its plan."""

from vertebra.analysis.launches import StageTime, Verdict, compare


def lived(launch: int, stage: str, taken: int, planned: int = 30, is_over: bool = True) -> StageTime:
    return StageTime(launch, stage, planned, taken, is_over)


def test_one_launch_says_nothing() -> None:
    assert compare([]).verdict == Verdict.TOO_FEW
    assert compare([lived(1, "Adapt", 90)]).verdict == Verdict.TOO_FEW


def test_the_stage_that_costs_most_beyond_its_plan_is_named() -> None:
    found = compare(
        [
            lived(1, "Adapt", 80, 70),
            lived(1, "Contract", 60),
            lived(2, "Adapt", 78, 70),
            lived(2, "Contract", 50),
        ]
    )
    assert found.verdict == Verdict.COSTLY and found.costliest
    stage = found.costliest
    assert (stage.name, stage.taken, stage.planned, stage.beyond) == ("Contract", 55, 30, 25)
    assert (stage.shortest, stage.longest, stage.total_beyond) == (50, 60, 50)
    assert [one.name for one in found.stages] == ["Adapt", "Contract"]


def test_stages_within_their_plan_are_worth_no_initiative() -> None:
    assert compare([lived(1, "Adapt", 31), lived(2, "Adapt", 28)]).verdict == Verdict.AS_PLANNED


def test_a_stage_under_way_counts_only_once_it_is_late() -> None:
    early = compare([lived(1, "Adapt", 30), lived(2, "Adapt", 10, is_over=False)])
    assert early.stages[0].launches == 1
    late = compare([lived(1, "Adapt", 30), lived(2, "Adapt", 50, is_over=False)])
    assert late.stages[0].launches == 2 and late.stages[0].longest == 50
